// @ts-check
import { bytes, duration, number } from "../../format.js";
import { html } from "../../html.js";
import { Figure } from "./figure.js";

/** @typedef {import("../../api.js").System} System */

const TRAIL_LENGTH = 60;

/** One reading of the system, with the rate of events since the earlier readings. @typedef {{at: number, system: System, eventsPerSecond: number}} Look */

/** @type {Look[]} */
let looks = [];

/** Stores a reading, for rates and for the curves behind the figures. @param {System} system */
export function remember(system) {
  const at = performance.now();
  const last = looks.at(-1);
  const restarted = last !== undefined && system.uptime < last.system.uptime;
  if (restarted) looks = [];
  const before = looks.at(-1);
  const seconds = before ? (at - before.at) / 1000 : 0;
  const eventsPerSecond = before ? (system.events.total - before.system.events.total) / seconds : system.events.total / Math.max(1, system.uptime);
  looks = [...looks.slice(1 - TRAIL_LENGTH), { at, system, eventsPerSecond }];
}

/** @param {(look: Look) => number} pick */
const trail = (pick) => looks.map(pick);

/** The sum of a figure over all database files. @param {System} system @param {(figures: import("../../api.js").Writer["figures"]) => number} pick */
const sum = ({ writers }, pick) => writers.reduce((total, writer) => total + pick(writer.figures), 0);

/** @param {System} system */
const waiting = (system) => sum(system, (figures) => figures.queueRows);

/** The main figures of the process. @param {{system: System}} props */
export function Figures({ system }) {
  const { memory, events } = system;
  const [rows, transactions] = [sum(system, (figures) => figures.rows), sum(system, (figures) => figures.transactions)];
  const slowest = Math.max(...system.writers.map((writer) => writer.figures.commitP99Ms));
  const rate = looks.at(-1)?.eventsPerSecond ?? 0;
  return html`
    <dl class="figures">
      <${Figure} label="Uptime" value=${duration(system.uptime)} note=${`Version ${system.version}`} />
      <${Figure} label="Processor" value=${`${number(system.cpu * 100, 0)} %`} note="of all cores" trail=${trail((look) => look.system.cpu)} tone="motion" />
      <${Figure} label="Memory" value=${bytes(memory.workingSet)} note=${`${bytes(memory.managed)} managed`} trail=${trail((look) => look.system.memory.workingSet)} tone="water" />
      <${Figure} label="Entities" value=${number(system.entities)} note="one actor each" />
      <${Figure} label="Events" value=${`${number(rate, rate < 10 ? 1 : 0)} /s`} note=${`${number(events.total)} since the start`} trail=${trail((look) => look.eventsPerSecond)} tone="power" />
      <${Figure} label="Rows stored" value=${number(rows)} note=${`in ${number(transactions)} transactions since the start`} tone="warm" />
      <${Figure} label="Write queue" value=${number(waiting(system))} note=${bytes(sum(system, (figures) => figures.queueBytes))} trail=${trail((look) => waiting(look.system))} tone="warm" />
      <${Figure} label="Slowest commits" value=${`${number(slowest, 1)} ms`} note="99 % are quicker, in every file" tone="warm" />
    </dl>
  `;
}
