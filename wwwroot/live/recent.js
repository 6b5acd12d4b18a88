// @ts-check
// The last changes of one entity: from history when its page opens, then from the events as they come.
import { signal } from "@preact/signals";
import { Problem, getHistory } from "../api.js";
import { onEvent, onResumed } from "./live.js";

/**
 * @typedef {object} Change
 * @property {number} time
 * @property {import("../api.js").Json} state
 * @property {import("../api.js").Entity | null} [was]  the entity with this state; null if it was deleted
 * @property {number} version
 *
 * @typedef {object} Recent
 * @property {import("@preact/signals").Signal<Change[] | null>} changes  oldest first; null until history has answered
 * @property {import("@preact/signals").Signal<Problem | null>} problem
 * @property {() => void} end
 */

const KEPT = 400;
const ENOUGH = 40;
const PAGES = 4;
const MINUTE = 60_000;
/** History is read forward from a time, so the newest changes are searched in longer and longer spans, and at last in all of it. */
const SPANS = [10 * MINUTE, 3 * 60 * MINUTE, 3 * 1440 * MINUTE, null];

/** @param {any} item @returns {Change} */
const changeOf = (item) => ({ time: Date.parse(item.time), state: item.state, was: item.data, version: item.version });

/**
 * @param {string} id
 * @param {AbortSignal} signal
 */
async function newest(id, signal) {
  /** @type {Change[]} */
  let changes = [];
  for (const span of SPANS) {
    const from = span === null ? undefined : new Date(Date.now() - span).toISOString();
    changes = [];
    let cursor;
    for (let page = 0; page < PAGES; page++) {
      const { items, next } = await getHistory(id, { from, limit: 500, cursor }, signal);
      changes.push(...items.map(changeOf));
      cursor = next ?? undefined;
      if (cursor === undefined) break;
    }
    if (changes.length >= ENOUGH) break;
  }
  return changes;
}

/** @param {Change | undefined} change */
const unitOf = (change) => change?.was?.unit ?? null;

/** Whether two states are numbers with the same unit. Only then do they have a difference. @param {Change} change @param {Change | undefined} before */
export const comparable = (change, before) =>
  typeof change.state === "number" && typeof before?.state === "number" && unitOf(change) === unitOf(before);

/** The changes since the last change of the unit. @param {Change[]} changes */
export function inPresentUnit(changes) {
  const unit = unitOf(changes.at(-1));
  return changes.slice(changes.findLastIndex((change) => unitOf(change) !== unit) + 1);
}

/**
 * Keeps only changes of the state or its unit, because a change of an attribute is not a row.
 * @param {Change[]} changes
 */
function moves(changes) {
  const text = changes.map((change) => JSON.stringify([change.state, unitOf(change)]));
  return changes.filter((_, i) => i === 0 || text[i] !== text[i - 1]).slice(-KEPT);
}

/**
 * @param {string} id
 * @returns {Recent}
 */
export function follow(id) {
  const ended = new AbortController();
  const changes = signal(/** @type {Change[] | null} */ (null));
  const problem = signal(/** @type {Problem | null} */ (null));
  /** The changes since the last frame. @type {Change[]} */
  let heard = [];
  let frame = 0;

  const show = () => {
    frame = 0;
    if (changes.peek() === null) return; // history has not arrived; these changes come after it
    changes.value = moves(merge(changes.peek() ?? [], heard));
    heard = [];
  };

  const load = async () => {
    try {
      const past = await newest(id, ended.signal);
      changes.value = past;
      problem.value = null;
      show();
    } catch (error) {
      if (!ended.signal.aborted) problem.value = Problem.from(error);
    }
  };

  const deaf = onEvent((event) => {
    if (event.topic !== `entities/${id}` || event.data === null || event.type === "deleted") return;
    heard = [...heard.slice(1 - KEPT), { time: Date.parse(event.time), state: event.data.state, was: event.data, version: event.data.version }];
    if (frame === 0) frame = requestAnimationFrame(show);
  });
  const still = onResumed(load);
  void load();

  return {
    changes,
    problem,
    end() {
      ended.abort();
      deaf();
      still();
      cancelAnimationFrame(frame);
    },
  };
}

/**
 * Joins history and events, which overlap: events that are not newer than the end of history are already in it.
 * @param {Change[]} past
 * @param {Change[]} heard
 */
function merge(past, heard) {
  const last = past.at(-1);
  return [...past, ...heard.filter((change) => last === undefined || change.time > last.time || change.version > last.version)];
}
