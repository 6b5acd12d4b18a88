// @ts-check
import { html } from "../../html.js";
import { Spark } from "../charts/spark.js";

/**
 * One number of the running system, with a curve of its last values behind it.
 * @param {{label: string, value: string, note?: string, trail?: number[], tone?: string}} props
 */
export const Figure = ({ label, value, note = "", trail = [], tone = "accent" }) => html`
  <div class="figure" data-tone=${tone}>
    <dt>${label}</dt>
    <dd class="figure-value">${value}</dd>
    <dd class="figure-note">${note}</dd>
    <${Spark} values=${trail} />
  </div>
`;
