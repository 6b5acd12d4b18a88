// @ts-check
import { useSignal } from "@preact/signals";
import { number } from "../format.js";
import { html } from "../html.js";

const PRESETS = [0, 1_000, 10_000, 50_000, 100_000];
const SLIDER_MAX = 100_000;

/**
 * How many workers there are, and how many there shall be: by slider, by number, or by one of a few.
 * @param {{count: number, busy: boolean, onSet: (workers: number) => Promise<void>}} props
 */
export function Workers({ count, busy, onSet }) {
  /** What is being chosen; null: what there is. */
  const chosen = useSignal(/** @type {number | null} */ (null));
  const value = chosen.value ?? count;
  const choose = (/** @type {Event & {currentTarget: HTMLInputElement}} */ event) => (chosen.value = event.currentTarget.valueAsNumber);
  const set = async (/** @type {number} */ workers) => {
    chosen.value = workers;
    await onSet(workers);
    if (chosen.peek() === workers) chosen.value = null;
  };
  return html`
    <section class="panel workers" aria-labelledby="workers">
      <h2 id="workers">Workers</h2>
      <p class="workers-now"><b data-testid="workers">${number(count)}</b> ${count === 1 ? "actor does" : "actors do"} a small job once a second${busy ? " …" : ""}</p>
      <input type="range" min="0" max=${SLIDER_MAX} step="1000" value=${Math.min(value, SLIDER_MAX)} aria-label="Number of workers"
        onInput=${choose} onChange=${(/** @type {Event & {currentTarget: HTMLInputElement}} */ event) => set(event.currentTarget.valueAsNumber)} />
      <form class="workers-set" onSubmit=${(/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        if (Number.isInteger(value)) set(value);
      }}>
        <div class="presets" role="group" aria-label="Number of workers">
          ${PRESETS.map((preset) => html`<button key=${preset} type="button" class="button" data-small aria-pressed=${count === preset} onClick=${() => set(preset)}>${number(preset)}</button>`)}
        </div>
        <label class="field"><span class="visually-hidden">Workers</span><input type="number" inputmode="numeric" min="0" max="1000000" step="1" required value=${value} onInput=${choose} /></label>
        <button class="button" data-primary>Set</button>
      </form>
    </section>
  `;
}
