// @ts-check
import { useSignal } from "@preact/signals";
import { number } from "../../format.js";
import { html } from "../../html.js";

/**
 * Shows the current number of something, and sets a new number by slider, by input or by preset buttons.
 * @param {{name: string, count: number, text: string, min: number, max: number, sliderMax: number, step: number, presets: number[], busy: boolean, onSet: (count: number) => Promise<void>}} props
 */
export function Amount({ name, count, text, min, max, sliderMax, step, presets, busy, onSet }) {
  /** The number that the user is choosing; null: the current number. */
  const chosen = useSignal(/** @type {number | null} */ (null));
  const value = chosen.value ?? count;
  const id = name.toLowerCase();
  const choose = (/** @type {Event & {currentTarget: HTMLInputElement}} */ event) => (chosen.value = event.currentTarget.valueAsNumber);
  const set = async (/** @type {number} */ wanted) => {
    chosen.value = wanted;
    await onSet(wanted);
    if (chosen.peek() === wanted) chosen.value = null;
  };
  return html`
    <section class="panel amount" aria-labelledby=${id}>
      <h2 id=${id}>${name}</h2>
      <p class="amount-now"><b data-testid=${id}>${number(count)}</b> ${text}${busy ? " …" : ""}</p>
      <input type="range" min=${min} max=${sliderMax} step=${step} value=${Math.min(value, sliderMax)} aria-label=${`Number of ${id}`}
        onInput=${choose} onChange=${(/** @type {Event & {currentTarget: HTMLInputElement}} */ event) => set(event.currentTarget.valueAsNumber)} />
      <form class="amount-set" onSubmit=${(/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        if (Number.isInteger(value)) set(value);
      }}>
        <div class="presets" role="group" aria-label=${`Number of ${id}`}>
          ${presets.map((preset) => html`<button key=${preset} type="button" class="button" data-small aria-pressed=${count === preset} onClick=${() => set(preset)}>${number(preset)}</button>`)}
        </div>
        <label class="field"><span class="visually-hidden">${name}</span><input type="number" inputmode="numeric" min=${min} max=${max} step="1" required value=${value} onInput=${choose} /></label>
        <button class="button" data-primary>Set</button>
      </form>
    </section>
  `;
}
