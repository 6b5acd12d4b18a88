// @ts-check
import { useSignal } from "@preact/signals";
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { Problem, getEntity } from "../api.js";
import { PageBoundary } from "../components/boundary.js";
import { Chart } from "../components/charts/chart.js";
import { Icon } from "../components/icon.js";
import { ProblemNotice } from "../components/notice.js";
import { Age, Away, flashOf } from "../components/home/tile.js";
import { fullMoment, instant, moment, number, value, words } from "../format.js";
import { html } from "../html.js";
import { kindOf, nameOf, reading, readingOf } from "../kinds.js";
import { comparable, follow } from "../live/recent.js";
import { cellOf, loaded, structure } from "../live/store.js";

/**
 * @typedef {import("../api.js").Entity} Entity
 * @typedef {import("../live/recent.js").Change} Change
 * @typedef {import("../live/recent.js").Recent} Recent
 */

/** Changes in the list; the curve shows more. */
const LISTED = 30;
/** A state with more characters is shown in smaller letters. */
const LONG = 24;

/** @type {Recent | null} */
let recent = null;

/** @param {Record<string, string>} parameters */
export const title = ({ id }) => id;

/**
 * @param {HTMLElement} root
 * @param {Record<string, string>} parameters
 */
export function mount(root, { id }) {
  recent = follow(id);
  render(html`<${PageBoundary} key=${id}><${EntityPage} id=${id} recent=${recent} /><//>`, root);
}

/** @param {HTMLElement} root */
export function unmount(root) {
  recent?.end();
  render(null, root);
}

/** @param {{id: string, recent: Recent}} props */
function EntityPage({ id, recent }) {
  structure.value;
  const cell = cellOf(id);
  if (cell === undefined) return loaded.value ? html`<${Missing} id=${id} />` : null;
  const entity = cell.entity.value;
  const changes = recent.changes.value;
  return html`
    <${Head} entity=${entity} />
    <div class="entity">
      <section class="panel now" data-tone=${kindOf(entity).tone} aria-label="State">
        <${Now} entity=${entity} flash=${flashOf(cell.flashes.value)} />
        ${changes && html`<${Chart} entity=${entity} changes=${changes} />`}
      </section>
      <div class="side">
        <section class="panel" aria-labelledby="attributes">
          <h2 id="attributes">Attributes</h2>
          <${Table} rows=${Object.entries(entity.attributes).map(([key, v]) => [key, words(key), textOf(v)])} none="It has no attributes." />
        </section>
        <section class="panel" aria-labelledby="details">
          <h2 id="details">Details</h2>
          <${Table} rows=${details(entity)} />
        </section>
      </div>
      <section class="panel changes" aria-labelledby="changes">
        <h2 id="changes">Last changes</h2>
        ${recent.problem.value && html`<${ProblemNotice} problem=${recent.problem.value} />`}
        <${Changes} entity=${entity} changes=${changes} />
      </section>
    </div>
  `;
}

/** @param {{entity: Entity}} props */
const Head = ({ entity }) => html`
  <header class="entity-head" data-tone=${kindOf(entity).tone}>
    <a class="icon-button" href="#/" aria-label="Back to the home page"><${Icon} name="back" /></a>
    <span class="entity-icon"><${Icon} name=${kindOf(entity).icon} size=${26} /></span>
    <div>
      <h1>${nameOf(entity)}</h1>
      <p>${entity.area && html`<span>${entity.area}</span>`}<code>${entity.id}</code></p>
    </div>
  </header>
`;

/** @param {{entity: Entity, flash: string | undefined}} props */
function Now({ entity, flash }) {
  const { value, unit, time } = reading(entity);
  return html`
    <p class="now-state" data-testid="state" data-flash=${flash} data-long=${value.length > LONG ? "" : undefined}>${time ? html`<${Away} time=${time} />` : value}${unit && html`<small>${unit}</small>`}</p>
    <p class="now-age">Changed <${Age} key=${entity.changed} time=${entity.changed} sentence=${true} /></p>
  `;
}

/** @typedef {import("preact").ComponentChildren} Text */

/** The text of an attribute. A time is shown in local time. @param {import("../api.js").Json} v @returns {Text} */
const textOf = (v) => (instant(v) ? html`<${Moment} time=${String(v)} />` : value(v));

/** @param {{time: string}} props */
const Moment = ({ time }) => html`<time datetime=${time} title=${`${fullMoment(time)} (${time})`}>${moment(time)}</time>`;

/** @param {{rows: [key: string, label: string, text: Text][], none?: string}} props */
const Table = ({ rows, none = "" }) =>
  rows.length === 0
    ? html`<p class="none">${none}</p>`
    : html`<dl class="table">${rows.map(([key, label, text]) => html`<div key=${key}><dt>${label}</dt><dd>${text}</dd></div>`)}</dl>`;

/** @param {Entity} entity @returns {[string, string, Text][]} */
function details(entity) {
  /** @type {[string, Text][]} */
  const rows = [
    ["Id", entity.id],
    ["Area", entity.area],
    ["Class", entity.class],
    ["Unit", entity.unit],
    ["Version", number(entity.version)],
    ["State changed", html`<${Moment} time=${entity.changed} />`],
    ["Last updated", html`<${Moment} time=${entity.updated} />`],
    ["Available", entity.available ? "Yes" : "No"],
    ["Virtual", entity.virtual ? "Yes, it has no device" : null],
  ];
  return rows.flatMap(([key, text]) => (text === null ? [] : [[key, key, text]]));
}

/** @param {{entity: Entity, changes: Change[] | null}} props */
function Changes({ entity, changes }) {
  if (changes === null) return html`<p class="none">Reading history …</p>`;
  if (changes.length === 0) return html`<p class="none">Nothing is on record yet.</p>`;
  const first = Math.max(0, changes.length - LISTED);
  const rows = changes.slice(first).map((change, i) => ({ change, before: changes[first + i - 1] }));
  return html`
    <ol class="change-list">
      ${rows.reverse().map(({ change, before }) => html`<${Row} key=${`${change.version}:${change.time}`} entity=${entity} change=${change} before=${before} />`)}
    </ol>
  `;
}

/** @param {{entity: Entity, change: Change, before: Change | undefined}} props */
function Row({ entity, change, before }) {
  const { value, unit, active, time } = change.was ? reading(change.was) : readingOf(entity, change.state);
  const step = before && comparable(change, before) ? Number(change.state) - Number(before.state) : null;
  return html`
    <li data-active=${active ? "" : undefined}>
      <${Moment} time=${new Date(change.time).toISOString()} />
      <span class="change-step">${step !== null && Number.isFinite(step) && `${step < 0 ? "−" : "+"}${number(Math.abs(step), kindOf(change.was ?? entity).digits)}`}</span>
      <b>${time ? html`<${Moment} time=${time} />` : value}${unit && html` <small>${unit}</small>`}</b>
    </li>
  `;
}

/** The page of an entity that is not in the list. The server gives the reason. @param {{id: string}} props */
function Missing({ id }) {
  const problem = useSignal(/** @type {Problem | null} */ (null));
  useEffect(() => {
    const end = new AbortController();
    getEntity(id, end.signal).catch((error) => end.signal.aborted || (problem.value = Problem.from(error)));
    return () => end.abort();
  }, [id]);
  if (problem.value === null) return null;
  return html`
    <div class="blank">
      <${Icon} name="search" size=${44} />
      <h1>${problem.value.title}</h1>
      <p>${problem.value.detail || html`There is no entity <code>${id}</code>.`}</p>
      <a class="button" data-primary href="#/">To the home page</a>
    </div>
  `;
}
