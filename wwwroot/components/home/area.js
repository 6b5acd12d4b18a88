// @ts-check
import { computed, useSignal } from "@preact/signals";
import { useId, useMemo } from "preact/hooks";
import { number } from "../../format.js";
import { html } from "../../html.js";
import { mean, sum } from "../../numbers.js";
import { Boundary } from "../boundary.js";
import { binary, kindOf } from "../../kinds.js";
import { Tile } from "./tile.js";

/** @typedef {import("../../live/store.js").Cell} Cell */

/** The number of tiles that an area shows at first. If there are only SPARE more, it shows all. */
const SHOWN = 24;
const SPARE = 6;
/** From this number of tiles, an area takes the whole width of the page. */
const WIDE = 13;

/**
 * One area with its sorted tiles.
 * @param {{name: string, cells: Cell[]}} props
 */
export function Area({ name, cells }) {
  const id = useId();
  const all = useSignal(false);
  const long = cells.length > SHOWN + SPARE;
  const shown = long && !all.value ? cells.slice(0, SHOWN) : cells;
  return html`
    <section class="area" aria-labelledby=${id} data-wide=${cells.length >= WIDE ? "" : undefined} data-long=${long ? "" : undefined}>
      <header class="area-head">
        <h2 id=${id}>${name}</h2>
        <${Boundary} about=${cells} plain=${null}><${Facts} cells=${cells} /><//>
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

/** A short summary of an area. @param {{cells: Cell[]}} props */
function Facts({ cells }) {
  const facts = useMemo(() => computed(() => factsOf(cells)), [cells]);
  return html`<div class="facts">${facts.value.split("\n").map((fact, i) => html`<span key=${i}>${fact}</span>`)}</div>`;
}

/** The summary as one string, so that nothing is rendered while it stays the same. @param {Cell[]} cells */
function factsOf(cells) {
  /** The numbers of each class that have the unit of the first one. @type {Map<string, {unit: string | null, values: number[]}>} */
  const measured = new Map();
  let [lights, doors] = [0, 0];
  for (const { entity } of cells) {
    const e = entity.value;
    if (typeof e.state === "number" && e.class !== null) {
      const known = measured.get(e.class);
      if (known === undefined) measured.set(e.class, { unit: e.unit, values: [e.state] });
      else if (known.unit === e.unit) known.values.push(e.state);
    } else if (binary(e.state)) {
      const { group } = kindOf(e);
      if (group === "lights") lights++;
      if (group === "doors") doors++;
    }
  }
  const facts = [];
  for (const { of, total, digits, unit } of MEASURED) {
    const found = measured.get(of);
    if (found) facts.push(`${number(total(found.values), digits)} ${found.unit ?? unit}`);
  }
  if (lights > 0) facts.push(`${number(lights)} ${lights === 1 ? "light" : "lights"} on`);
  if (doors > 0) facts.push(`${number(doors)} open`);
  return facts.length > 0 ? facts.join("\n") : `${number(cells.length)} ${cells.length === 1 ? "entity" : "entities"}`;
}

/** The classes of the summary. The unit is used for entities without one. */
const MEASURED = [
  { of: "temperature", total: mean, digits: 1, unit: "°C" },
  { of: "humidity", total: mean, digits: 0, unit: "%" },
  { of: "power", total: sum, digits: 0, unit: "W" },
];
