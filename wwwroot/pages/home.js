// @ts-check
import { computed, signal } from "@preact/signals";
import { render } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Area } from "../components/home/area.js";
import { Blank } from "../components/home/blank.js";
import { Boundary, PageBoundary } from "../components/boundary.js";
import { groupLabels, Chips } from "../components/home/chips.js";
import { Icon } from "../components/icon.js";
import { ProblemNotice } from "../components/notice.js";
import { ScoreBoard } from "../components/home/scoreBoard.js";
import { number } from "../format.js";
import { html } from "../html.js";
import { domainOf, kindOf, nameOf, searchText } from "../kinds.js";
import { connection } from "../live/live.js";
import { allCells, loaded, structure } from "../live/store.js";

/** @typedef {import("../live/store.js").Cell} Cell */

export const title = () => "Home";

/** @param {HTMLElement} root */
export const mount = (root) => render(html`<${PageBoundary}><${Home} /><//>`, root);

/** @param {HTMLElement} root */
export const unmount = (root) => render(null, root);

/** The text in the filter box. It is kept while other pages are shown. */
const query = signal("");
/** The selected group of the chips. @type {import("@preact/signals").Signal<string | null>} */
const group = signal(null);

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** The selected entities. This depends only on names and places, not on states. */
const found = computed(() => {
  structure.value;
  const terms = query.value.toLowerCase().split(/\s+/).filter(Boolean);
  const cells = [];
  for (const cell of allCells()) {
    const entity = cell.entity.peek();
    if (group.value !== null && kindOf(entity).group !== group.value) continue;
    const text = searchText(entity);
    if (terms.every((term) => text.includes(term))) cells.push(cell);
  }
  return cells;
});

const matches = computed(() => found.value.filter((cell) => domainOf(cell.id) === "match"));

/** The other entities by area, sorted by name. Entities without an area come last. */
const areas = computed(() => {
  /** @type {Map<string, Cell[]>} */
  const byArea = new Map();
  for (const cell of found.value) {
    if (domainOf(cell.id) === "match") continue;
    const area = cell.entity.peek().area ?? "";
    const cells = byArea.get(area);
    if (cells) cells.push(cell);
    else byArea.set(area, [cell]);
  }
  return [...byArea]
    .sort(([a], [b]) => Number(a === "") - Number(b === "") || collator.compare(a, b))
    .map(([area, cells]) => ({ area, cells: sorted(cells) }));
});

/** Sorts by kind, then by name. @param {Cell[]} cells */
function sorted(cells) {
  const keyed = cells.map((cell) => {
    const entity = cell.entity.peek();
    return { cell, order: kindOf(entity).order, name: nameOf(entity) };
  });
  keyed.sort((a, b) => a.order - b.order || collator.compare(a.name, b.name) || collator.compare(a.cell.id, b.cell.id));
  return keyed.map(({ cell }) => cell);
}

function Home() {
  if (!loaded.value) return html`<${Loading} />`;
  structure.value;
  if (allCells()[Symbol.iterator]().next().done) return html`<${Blank} />`;
  return html`
    <header class="page-head">
      <h1>Home</h1>
      <${Filter} />
    </header>
    <${Boundary} plain=${null}><${Chips} group=${group} /><//>
    ${found.value.length === 0 && html`<${NothingFound} />`}
    <div class="areas">
      ${matches.value.length > 0 &&
      html`<${Boundary} about=${matches.value} plain=${null}><${ScoreBoard} cells=${matches.value} whole=${group.value === "matches"} /><//>`}
      ${areas.value.map(({ area, cells }) => html`<${Area} key=${area} name=${area || "Other"} cells=${cells} />`)}
    </div>
  `;
}

/** The outline of the page while it loads, or the reason if it cannot load. */
function Loading() {
  const { problem } = connection.value;
  return html`
    <header class="page-head"><h1>Home</h1></header>
    ${problem && html`<${ProblemNotice} problem=${problem} />`}
    <div class="tiles skeleton" aria-busy="true" aria-label="Loading">
      ${Array.from({ length: 12 }, (_, i) => html`<span key=${i} class="tile"></span>`)}
    </div>
  `;
}

function Filter() {
  /** @type {import("preact").RefObject<HTMLInputElement>} */
  const input = useRef(null);
  // This runs together with the box, not a frame later, because a user may press the key as soon as the box is visible.
  useLayoutEffect(() => {
    /** @param {KeyboardEvent} event */
    const focus = (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener("keydown", focus);
    return () => removeEventListener("keydown", focus);
  }, []);
  const clear = () => {
    query.value = "";
    input.current?.focus();
  };
  return html`
    <search class="filter">
      <${Icon} name="search" size=${18} />
      <input
        ref=${input}
        type="search"
        aria-label="Filter by name, area or id"
        placeholder="Filter"
        autocomplete="off"
        spellcheck=${false}
        value=${query.value}
        onInput=${(/** @type {InputEvent & {currentTarget: HTMLInputElement}} */ e) => (query.value = e.currentTarget.value)}
        onKeyDown=${(/** @type {KeyboardEvent} */ e) => e.key === "Escape" && (query.value = "")}
      />
      ${query.value === ""
        ? html`<kbd aria-hidden="true">/</kbd>`
        : html`<button class="icon-button" aria-label="Clear the filter" onClick=${clear}><${Icon} name="close" size=${16} /></button>`}
    </search>
    <span class="visually-hidden" role="status">${query.value === "" ? "" : `${number(found.value.length)} found`}</span>
  `;
}

function NothingFound() {
  const what = group.value === null ? "" : ` in ${groupLabels.get(group.value) ?? group.value}`;
  const reset = () => {
    query.value = "";
    group.value = null;
  };
  return html`
    <div class="blank">
      <${Icon} name="search" size=${36} />
      <h2>Nothing found</h2>
      <p>No entity${what} has “${query.value}” in its name, area, class or id.</p>
      <button class="button" onClick=${reset}>Show all</button>
    </div>
  `;
}
