// @ts-check
import { html } from "../../html.js";

const WIDTH = 1200;
const HEIGHT = 200;
/** The number of samples in a minute. If there are fewer, they are at the right. */
const SLOTS = 600;

const SMOOTHED = 5;

/** The smallest round number that is not below a value. @param {number} value */
export function roundUp(value) {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  return /** @type {number} */ ([1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((step) => step * magnitude >= value)) * magnitude;
}

/** Replaces each sample by the mean of the last half second, because single samples flicker. @param {number[]} values */
export const smooth = (values) => values.map((_, i) => mean(values.slice(Math.max(0, i + 1 - SMOOTHED), i + 1)));

/** @param {number[]} values */
const mean = (values) => (values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length);

/**
 * The last minute as a curve that moves to the left, with its scale and the last value.
 * @param {{title: string, values: number[], top: number, text: (value: number) => string, tone: string}} props
 */
export function RollingChart({ title, values, top, text, tone }) {
  const shown = values.slice(-SLOTS);
  const x = (/** @type {number} */ i) => (((SLOTS - shown.length + i) / (SLOTS - 1)) * WIDTH).toFixed(1);
  const y = (/** @type {number} */ value) => (HEIGHT - (Math.min(value, top) / top) * (HEIGHT - 4) - 1).toFixed(1);
  const line = shown.map((value, i) => `${x(i)},${y(value)}`).join(" ");
  const last = mean(shown.slice(-SMOOTHED));
  return html`
    <section class="panel rolling" data-tone=${tone} aria-label=${title}>
      <h2>${title}</h2>
      <p class="rolling-now" data-testid="now">${text(last)}</p>
      <figure class="chart">
        <div class="chart-scale" aria-hidden="true"><span>${text(top)}</span><span>${text(0)}</span></div>
        <div class="chart-plot">
          <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${`${title} over the last minute, now ${text(last)}`}>
            ${shown.length > 1 &&
            html`<polygon class="fill" points=${`${x(0)},${HEIGHT} ${line} ${WIDTH},${HEIGHT}`} /><polyline class="line" points=${line} />`}
          </svg>
        </div>
        <figcaption><span>1 min ago</span><span>now</span></figcaption>
      </figure>
    </section>
  `;
}
