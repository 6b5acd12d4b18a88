// @ts-check
import { html } from "../html.js";
import { Icon } from "./icon.js";

/**
 * The problem of a failed request, in the server's words if it gave some.
 * @param {{problem: import("../api.js").Problem, retry?: () => void}} props
 */
export const ProblemNotice = ({ problem, retry }) => html`
  <div class="notice" role="alert">
    <${Icon} name="alert" />
    <div>
      <strong>${problem.title}</strong>
      ${problem.detail && html`<p>${problem.detail}</p>`}
      ${retry && html`<p><button class="link-button" onClick=${retry}>Try again</button></p>`}
    </div>
  </div>
`;
