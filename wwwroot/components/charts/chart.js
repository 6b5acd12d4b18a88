// @ts-check
import { useSignal } from "@preact/signals";
import { moment } from "../../format.js";
import { html } from "../../html.js";
import { binary, kindOf, readingOf } from "../../kinds.js";
import { inPresentUnit } from "../../live/recent.js";
import { share } from "../../numbers.js";

/**
 * @typedef {import("../../api.js").Entity} Entity
 * @typedef {import("../../live/recent.js").Change} Change
 */

const WIDTH = 1000;
const HEIGHT = 220;
const PAD = 14;

/**
 * The last changes over time: a curve for numbers, bars for states that are on or off. It begins at the last change of the unit.
 * @param {{entity: Entity, changes: Change[]}} props
 */
export function Chart({ entity, changes: all }) {
  const changes = inPresentUnit(all);
  if (changes.length < 2) return null;
  if (changes.every((change) => typeof change.state === "number")) return html`<${Curve} entity=${entity} changes=${changes} />`;
  if (changes.every((change) => binary(change.state) !== null)) return html`<${Bars} entity=${entity} changes=${changes} />`;
  return null;
}

/** @param {{entity: Entity, changes: Change[]}} props */
function Curve({ entity, changes }) {
  const picked = useSignal(/** @type {number | null} */ (null));
  const values = changes.map((change) => Number(change.state));
  const low = Math.min(...values);
  const high = Math.max(...values);
  const start = changes[0].time;
  const end = endOf(changes);
  const span = Math.max(1, end - start);
  const x = (/** @type {number} */ i) => ((changes[i].time - start) / span) * WIDTH;
  const y = (/** @type {number} */ i) => HEIGHT - PAD - share(values[i], low, high) * (HEIGHT - 2 * PAD);
  const steps = kindOf(entity).steps ?? false;
  const place = (/** @type {number} */ i) => `${x(i).toFixed(1)},${y(i).toFixed(1)}`;
  const line = [
    ...values.map((_, i) => (steps && i > 0 ? `${x(i).toFixed(1)},${y(i - 1).toFixed(1)} ${place(i)}` : place(i))),
    `${WIDTH},${y(values.length - 1).toFixed(1)}`,
  ].join(" ");
  const text = (/** @type {number} */ v) => {
    const { value, unit } = readingOf(entity, v);
    return `${value}${unit && ` ${unit}`}`;
  };

  const pick = (/** @type {PointerEvent & {currentTarget: HTMLElement}} */ event) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * WIDTH;
    picked.value = nearest(changes.length, x, at);
  };
  const at = picked.value !== null && picked.value < changes.length ? picked.value : null;
  const summary = `${changes.length} values from ${text(low)} to ${text(high)}, the last ${text(values[values.length - 1])}`;
  return html`
    <figure class="chart">
      <div class="chart-scale" aria-hidden="true"><span>${text(high)}</span><span>${low === high ? "" : text(low)}</span></div>
      <div class="chart-plot" onPointerMove=${pick} onPointerLeave=${() => (picked.value = null)}>
        <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${summary}>
          <polygon class="fill" points=${`0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}`} />
          <polyline class="line" points=${line} />
          ${at !== null && html`<line class="cross" x1=${x(at)} x2=${x(at)} y1="0" y2=${HEIGHT} />`}
        </svg>
        ${at !== null &&
        html`
          <span class="chart-dot" style=${{ left: `${x(at) / 10}%`, top: `${(y(at) / HEIGHT) * 100}%` }}></span>
          <span class="chart-tip" style=${{ left: `clamp(88px, ${x(at) / 10}%, 100% - 88px)` }}>
            <b>${text(values[at])}</b> ${moment(changes[at].time)}
          </span>
        `}
      </div>
      <${Times} from=${start} to=${end} />
    </figure>
  `;
}

/**
 * The index of the point whose place is nearest to `at`; places grow with the index.
 * @param {number} count
 * @param {(i: number) => number} place
 * @param {number} at
 */
function nearest(count, place, at) {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((place(middle) + place(middle + 1)) / 2 < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {{entity: Entity, changes: Change[]}} props */
function Bars({ entity, changes }) {
  const start = changes[0].time;
  const end = endOf(changes);
  const x = (/** @type {number} */ time) => ((time - start) / Math.max(1, end - start)) * WIDTH;
  const bars = changes.flatMap((change, i) => {
    if (!binary(change.state)) return [];
    const from = x(change.time);
    return [{ from, width: Math.max(1.5, x(changes[i + 1]?.time ?? end) - from) }];
  });
  const word = readingOf(entity, true).value.toLowerCase();
  return html`
    <figure class="chart" data-bars>
      <div class="chart-plot">
        <svg viewBox=${`0 0 ${WIDTH} 40`} preserveAspectRatio="none" role="img" aria-label=${`${bars.length} times ${word}`}>
          ${bars.map(({ from, width }) => html`<rect key=${from} class="bar" x=${from} y="0" width=${width} height="40" />`)}
        </svg>
      </div>
      <${Times} from=${start} to=${end} />
    </figure>
  `;
}

/** The end of the chart: the last state is valid until now. @param {Change[]} changes */
const endOf = (changes) => Math.max(Date.now(), changes[changes.length - 1].time);

/** @param {{from: number, to: number}} props */
const Times = ({ from, to }) => html`<figcaption><span>${moment(from)}</span><span>${moment(to)}</span></figcaption>`;
