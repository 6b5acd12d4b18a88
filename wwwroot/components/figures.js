// @ts-check
import { bytes, duration, number } from "../format.js";
import { html } from "../html.js";
import { Figure } from "./figure.js";

/** @typedef {import("../api.js").System} System */

const TRAIL_LENGTH = 60;

/** One look at the system, with what the looks before it give. @typedef {{at: number, system: System, eventsPerSecond: number}} Look */

/** @type {Look[]} */
let looks = [];

/** Remembers a look, for rates and for the curves behind the figures. @param {System} system */
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

/** What the process is doing, in numbers. @param {{system: System}} props */
export function Figures({ system }) {
  const { memory, storage, events } = system;
  const rate = looks.at(-1)?.eventsPerSecond ?? 0;
  return html`
    <dl class="figures">
      <${Figure} label="Uptime" value=${duration(system.uptime)} note=${`Version ${system.version}`} />
      <${Figure} label="Processor" value=${`${number(system.cpu * 100, 0)} %`} note="of all cores" trail=${trail((look) => look.system.cpu)} tone="motion" />
      <${Figure} label="Memory" value=${bytes(memory.workingSet)} note=${`${bytes(memory.managed)} managed`} trail=${trail((look) => look.system.memory.workingSet)} tone="water" />
      <${Figure} label="Entities" value=${number(system.entities)} note="one actor each" />
      <${Figure} label="Events" value=${`${number(rate, rate < 10 ? 1 : 0)} /s`} note=${`${number(events.total)} since the start`} trail=${trail((look) => look.eventsPerSecond)} tone="power" />
      <${Figure}
        label="Rows per transaction"
        value=${number(storage.rowsPerTransaction, 1)}
        note=${`${number(storage.rows)} rows, ${number(storage.transactions)} commits`}
        trail=${trail((look) => look.system.storage.rowsPerTransaction)}
        tone="warm"
      />
      <${Figure} label="Commit" value=${`${number(storage.commitP50Ms, 1)} ms`} note=${`99 % within ${number(storage.commitP99Ms, 1)} ms`} tone="warm" />
      <${Figure} label="Write queue" value=${number(storage.queueRows)} note=${bytes(storage.queueBytes)} trail=${trail((look) => look.system.storage.queueRows)} tone="warm" />
    </dl>
    ${storage.lastError && html`<p class="feed-error">Storage: ${storage.lastError}</p>`}
  `;
}
