// @ts-check
import { computed, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { number } from "../format.js";
import { html } from "../html.js";
import { binary, kindOf } from "../kinds.js";
import { Tile } from "./tile.js";

/** @typedef {import("../live/store.js").Cell} Cell */

/** An area shows so many tiles at first; a few more than that are shown at once as well. */
const SHOWN = 24;
const SPARE = 6;
/** From so many on an area takes the whole width of the page. */
const WIDE = 13;

/**
 * One area with its tiles, sorted already.
 * @param {{id: string, name: string, cells: Cell[]}} props
 */
export function Area({ id, name, cells }) {
  const all = useSignal(false);
  const long = cells.length > SHOWN + SPARE;
  const shown = long && !all.value ? cells.slice(0, SHOWN) : cells;
  return html`
    <section class="area" aria-labelledby=${id} data-wide=${cells.length >= WIDE ? "" : undefined} data-long=${long ? "" : undefined}>
      <header class="area-head">
        <h2 id=${id}>${name}</h2>
        <${Facts} cells=${cells} />
      </header>
      <div class="tiles">${shown.map((cell) => html`<${Tile} key=${cell.id} cell=${cell} />`)}</div>
      ${long &&
      html`
        <button class="link-button area-more" aria-expanded=${all.value} onClick=${() => (all.value = !all.value)}>
          ${all.value ? "Show fewer" : `Show all ${number(cells.length)}`}
        </button>
      `}
    </section>
  `;
}

/** What the area is like in a few words. @param {{cells: Cell[]}} props */
function Facts({ cells }) {
  const facts = useMemo(() => computed(() => factsOf(cells)), [cells]);
  return html`<div class="facts">${facts.value.split("\n").map((fact) => html`<span key=${fact}>${fact}</span>`)}</div>`;
}

/** One string, so that nothing is rendered while it stays the same. @param {Cell[]} cells */
function factsOf(cells) {
  /** @type {Record<string, number[]>} */
  const measured = {};
  /** @type {Record<string, number>} */
  const active = { lights: 0, doors: 0 };
  for (const { entity } of cells) {
    const e = entity.value;
    const { group, tone } = kindOf(e);
    if (typeof e.state === "number" && e.class !== null) (measured[e.class] ??= []).push(e.state);
    else if (group in active && tone !== "power" && binary(e.state)) active[group]++;
  }
  const { temperature, humidity, power } = measured;
  const facts = [];
  if (temperature) facts.push(`${number(mean(temperature), 1)} °C`);
  if (humidity) facts.push(`${number(mean(humidity), 0)} %`);
  if (power) facts.push(`${number(sum(power), 0)} W`);
  if (active.lights > 0) facts.push(`${active.lights} ${active.lights === 1 ? "light" : "lights"} on`);
  if (active.doors > 0) facts.push(`${active.doors} open`);
  return facts.length > 0 ? facts.join("\n") : `${number(cells.length)} ${cells.length === 1 ? "entity" : "entities"}`;
}

/** @param {number[]} values */
const sum = (values) => values.reduce((a, b) => a + b, 0);
/** @param {number[]} values */
const mean = (values) => sum(values) / values.length;
