// @ts-check
import { computed, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { number } from "../../format.js";
import { html } from "../../html.js";
import { Match, phaseOf, rank } from "./match.js";

/** @typedef {import("../../live/store.js").Cell} Cell */

/** The number of matches that the board shows at first, so that the home below it is near. */
const SHOWN = 8;

/**
 * The matches, the running ones first. The order changes with the game.
 * @param {{cells: Cell[], whole: boolean}} props whole: shows all matches, also if the button shows fewer
 */
export function ScoreBoard({ cells, whole }) {
  const all = useSignal(false);
  const ranked = useMemo(() => computed(() => order(cells)), [cells]);
  const open = all.value || whole;
  const shown = open ? ranked.value : ranked.value.slice(0, SHOWN);
  return html`
    <section class="area" aria-labelledby="score-board" data-wide data-all=${open ? "" : undefined}>
      <header class="area-head">
        <h2 id="score-board">Matches</h2>
        <${Phases} cells=${cells} />
      </header>
      <div class="matches">${shown.map((cell) => html`<${Match} key=${cell.id} cell=${cell} />`)}</div>
      ${cells.length > SHOWN &&
      !whole &&
      html`
        <button class="link-button area-more" aria-expanded=${all.value} onClick=${() => (all.value = !all.value)}>
          ${all.value ? "Show fewer" : `Show all ${number(cells.length)}`}
        </button>
      `}
    </section>
  `;
}

/** @param {Cell[]} cells */
function order(cells) {
  return cells
    .map((cell) => ({ cell, rank: rank(cell.entity.value) }))
    .sort((a, b) => a.rank - b.rank || (a.cell.id < b.cell.id ? -1 : 1))
    .map(({ cell }) => cell);
}

/** @param {{cells: Cell[]}} props */
function Phases({ cells }) {
  const text = useMemo(() => computed(() => phases(cells)), [cells]);
  return html`<div class="facts">${text.value.split("\n").map((part) => html`<span key=${part}>${part}</span>`)}</div>`;
}

/** The numbers of matches by phase as one string, so that nothing is rendered while it stays the same. @param {Cell[]} cells */
function phases(cells) {
  const count = { live: 0, paused: 0, ahead: 0, over: 0 };
  for (const { entity } of cells) count[phaseOf(entity.value)]++;
  const parts = [`${count.live + count.paused} live`];
  if (count.ahead > 0) parts.push(`${count.ahead} to come`);
  if (count.over > 0) parts.push(`${count.over} finished`);
  return parts.join("\n");
}
