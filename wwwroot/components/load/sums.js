// @ts-check
import { signal } from "@preact/signals";
import { Problem, sum } from "../../api.js";
import { since } from "../../clock.js";
import { age, number } from "../../format.js";
import { html } from "../../html.js";

const SHOWN = 6;
/** The maximum number of calculations at a time. Each holds one of the six connections that a browser opens to one server for all its pages. */
const MOST_AT_ONCE = 3;

/** @typedef {{id: number, n: number, asked: string, outcome: string | null, tone: string}} Asked */

/** The calculations of the user. They stay while another page is open, because an endless one still waits for its answer. */
const asked = signal(/** @type {Asked[]} */ ([]));
let ids = 0;
let running = 0;

/** @param {number} id @param {string} outcome @param {string} tone */
function settle(id, outcome, tone) {
  asked.value = asked.value.map((one) => (one.id === id ? { ...one, outcome, tone } : one));
}

/** @param {number} n */
async function ask(n) {
  const id = ++ids;
  asked.value = [{ id, n, asked: new Date().toISOString(), outcome: null, tone: "caution" }, ...asked.value].slice(0, SHOWN);
  if (running >= MOST_AT_ONCE) return settle(id, `${MOST_AT_ONCE} calculations run already. Wait for one, or stop one under Top actors.`, "bad");
  running++;
  try {
    settle(id, number((await sum(n)).sum), "good");
  } catch (error) {
    const problem = Problem.from(error);
    settle(id, problem.detail || problem.title, "bad");
  } finally {
    running--;
  }
}

/** One calculation for each request, in a separate actor: 13 crashes, a negative number never ends, and others are not affected. */
export const Sums = () => html`
  <section class="panel sums" aria-labelledby="sums">
    <h2 id="sums">Calculate</h2>
    <p class="none">1 + 2 + … + n, each by an actor of its own. 13 crashes; a negative number never ends.</p>
    <form onSubmit=${(/** @type {SubmitEvent & {currentTarget: HTMLFormElement}} */ event) => {
      event.preventDefault();
      const field = /** @type {HTMLInputElement} */ (event.currentTarget.elements.namedItem("n"));
      if (Number.isInteger(field.valueAsNumber)) void ask(field.valueAsNumber);
    }}>
      <label class="field"><span>n</span><input name="n" type="number" max="1000000000" step="1" required defaultValue="100" /></label>
      <button class="button" data-primary>Calculate</button>
      ${[100, 13, -1].map((n) => html`<button key=${n} type="button" class="button" data-small onClick=${() => void ask(n)}>${number(n)}</button>`)}
    </form>
    <ul class="sum-list" aria-live="polite">
      ${asked.value.map(
        (one) => html`
          <li key=${one.id} data-n=${one.n}>
            <span>${number(one.n)}</span>
            <b data-tone=${one.tone}>${one.outcome ?? `runs${since(one.asked) < 3000 ? "" : ` for ${age(since(one.asked))}`} …`}</b>
          </li>
        `,
      )}
    </ul>
  </section>
`;
