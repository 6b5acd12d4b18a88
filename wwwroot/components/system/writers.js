// @ts-check
import { bytes, number } from "../../format.js";
import { html } from "../../html.js";

/** @typedef {import("../../api.js").Writer} Writer */

/** Each database file with the figures of its writer. @param {{writers: Writer[]}} props */
export const Writers = ({ writers }) => html`
  <section class="panel" aria-labelledby="writers">
    <h2 id="writers">Database files</h2>
    <ul class="feed-list">
      ${writers.map((writer) => html`<${File} key=${writer.file} writer=${writer} />`)}
    </ul>
  </section>
`;

/** @param {{writer: Writer}} props */
const File = ({ writer: { file, ready, reason, figures } }) => html`
  <li>
    <p class="feed-head"><b>${file}.db</b> <small>${doing(ready, figures)}</small></p>
    <p class="counters">
      <span><b>${number(figures.rows)}</b> rows since the start</span>
      ${figures.transactions > 0 &&
      html`
        <span><b>${number(figures.rowsPerTransaction, 1)}</b> per transaction</span>
        <span><b>${number(figures.commitP50Ms, 1)} ms</b> each, 99 % within <b>${number(figures.commitP99Ms, 1)} ms</b></span>
        <span><b>${bytes(figures.logBytes)}</b> log</span>
      `}
      ${figures.refused > 0 && html`<span class="wrong"><b>${number(figures.refused)}</b> refused</span>`}
    </p>
    ${ready ? figures.lastError && html`<p class="feed-error">Last trouble: ${figures.lastError}</p>` : html`<p class="feed-error">${reason}</p>`}
  </li>
`;

/** @param {boolean} ready @param {Writer["figures"]} figures */
function doing(ready, { queueRows, queueBytes }) {
  const waiting = queueRows > 0 ? `${number(queueRows)} rows wait (${bytes(queueBytes)})` : "";
  return ready ? waiting || "nothing waits" : `is not written now${waiting && `, ${waiting}`}`;
}
