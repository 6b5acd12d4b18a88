// @ts-check
// The only module that uses HTTP. All other modules get values or a Problem.
import { observe } from "./clock.js";
import { leavingSignal } from "./presence.js";

/**
 * @typedef {string | number | boolean | null | object} Json
 *
 * @typedef {object} Entity
 * @property {string} id             `domain.object_id`
 * @property {Json} state
 * @property {Record<string, Json>} attributes
 * @property {string | null} name
 * @property {string | null} area
 * @property {string | null} unit
 * @property {string | null} class
 * @property {boolean} virtual
 * @property {boolean} available
 * @property {number} version        grows with each change of this entity
 * @property {string} changed        last change of the state, RFC 3339
 * @property {string} updated        last change of anything
 *
 * @typedef {object} LiveEvent
 * @property {number} seq
 * @property {string} time
 * @property {string} topic
 * @property {string} type
 * @property {Entity | null} data
 *
 * @typedef {object} EventPage
 * @property {LiveEvent[]} events
 * @property {number} next           the cursor for the next request
 * @property {boolean} reset         the cursor could not be served without a gap
 *
 * @typedef {object} FeedConnection
 * @property {number} id
 * @property {string} peer
 * @property {string} since
 * @property {number} bytes
 * @property {number} events
 * @property {number} elements
 * @property {number} rejected
 * @property {number} committed
 * @property {string} status         open, waiting (not read, because too much waits for its commit) or ending
 * @property {string | null} lastError
 *
 * @typedef {object} Feed
 * @property {string} name
 * @property {string} listen         address:port
 * @property {string | null} listenProblem  why no new connections are accepted
 * @property {{accepted: number, refused: number, events: number, elements: number, rejected: number}} totals  since the start
 * @property {FeedConnection[]} connections
 *
 * @typedef {object} Writer
 * @property {string} file           its name without ".db"
 * @property {boolean} ready
 * @property {string | null} reason  why it does not work
 * @property {{rows: number, transactions: number, rowsPerTransaction: number, commitP50Ms: number, commitP99Ms: number, queueRows: number,
 *   queueBytes: number, refused: number, logBytes: number, lastError: string | null}} figures  rows per transaction and times of the last 1,024 commits
 *
 * @typedef {object} System
 * @property {string} version
 * @property {number} uptime         seconds
 * @property {number} cpu            share of all cores in use, 0 to 1
 * @property {{workingSet: number, managed: number}} memory  bytes
 * @property {Scheduler} scheduler
 * @property {number} entities
 * @property {{head: number, total: number}} events  `total` since the start
 * @property {Writer[]} writers      one for each database file
 * @property {Feed[]} feeds
 *
 * @typedef {object} HeldUp          a message that has run for so long that its thread was replaced
 * @property {string} path
 * @property {string} type
 * @property {string | null} message the class of the message
 * @property {string} since
 * @property {number} cpuMs          processor time that it has used
 * @property {string} state          blocked, burning or demoted
 * @property {boolean} abandoned     whether its actor was stopped or restarted, and abandoned
 *
 * @typedef {object} Scheduler
 * @property {number} workers
 * @property {number} threads
 * @property {number} maxThreads
 * @property {number} queued         actors that wait for a worker
 * @property {HeldUp[]} heldUp
 *
 * @typedef {Scheduler & {maxWorkers: number}} SchedulerSetting  with the maximum number of workers
 *
 * @typedef {object} Load
 * @property {number} workers
 * @property {number[]} successesPerSecond  samples of 100 ms, oldest first, at most 600
 * @property {number[]} cpu          share of all cores in the same samples, 0 to 1
 *
 * @typedef {"busy" | "mailbox" | "messages" | "restarts"} TopBy
 *
 * @typedef {Actor & {recent: {seconds: number, busyMs: number, messages: number}}} TopActor
 *
 * @typedef {object} Actor
 * @property {string} path
 * @property {string} type
 * @property {string} status         idle, busy, waiting, suspended, restarting, stopping or starting
 * @property {number} mailbox        messages that wait
 * @property {number} messages       messages handled, over all restarts
 * @property {number} busyMs
 * @property {number} restarts
 * @property {number} children
 * @property {{time: string, type: string, reason: string, message: string | null} | null} lastFailure
 * @property {string | null} message the class of the current message
 * @property {string | null} since   when it took the current message
 * @property {Record<string, number>} [detail] further figures of the actor
 */

const LATE = "The server did not answer in time";
const AWAY = "The server cannot be reached";

/** A request that did not succeed; `status` is 0 if no answer came. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} title
   * @param {string} [detail]
   */
  constructor(status, title, detail) {
    super(detail ? `${title}: ${detail}` : title);
    this.name = "Problem";
    this.status = status;
    this.title = title;
    this.detail = detail ?? "";
  }

  /** Whether the server, or a proxy in front of it, was reached but did not answer in time. */
  get isLate() {
    return this.title === LATE;
  }

  static late = () => new Problem(0, LATE);
  static away = () => new Problem(0, AWAY);

  /** @param {unknown} error */
  static from(error) {
    if (error instanceof Problem) return error;
    const aborted = error instanceof DOMException && error.name === "TimeoutError";
    return aborted ? Problem.late() : Problem.away();
  }
}

/** @param {Response} response */
async function problemOf(response) {
  const fallback = response.statusText || `The server answered ${response.status}`;
  if (!(response.headers.get("content-type") ?? "").includes("json")) return new Problem(response.status, fallback);
  const body = await response.json().catch(() => ({}));
  return new Problem(response.status, body.title || fallback, body.detail);
}

/**
 * @param {string} path below /api
 * @param {{method?: string, query?: Record<string, string | number | undefined>, body?: object, signal?: AbortSignal, seconds?: number}} [options]
 * @returns {Promise<any>}
 */
async function call(path, { method = "GET", query = {}, body, signal, seconds = 10 } = {}) {
  const url = new URL(`/api${path}`, location.origin);
  for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, String(value));
  const limit = AbortSignal.timeout(seconds * 1000);
  try {
    const response = await fetch(url, {
      method,
      headers: body ? { accept: "application/json", "content-type": "application/json" } : { accept: "application/json" },
      body: body && JSON.stringify(body),
      cache: "no-store",
      signal: AbortSignal.any([leavingSignal(), limit, ...(signal ? [signal] : [])]),
    });
    observe(response.headers.get("date"));
    if (!response.ok) throw await problemOf(response);
    return response.status === 204 || response.headers.get("content-length") === "0" ? null : await response.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw Problem.from(error);
  }
}

/** @param {string} id */
const entityPath = (id) => `/entities/${encodeURIComponent(id)}`;

/**
 * Reads all entities, page by page.
 * @param {AbortSignal} [signal]
 * @returns {Promise<Entity[]>}
 */
export async function listEntities(signal) {
  const all = [];
  let cursor;
  do {
    const page = await call("/entities", { query: { limit: 1000, cursor }, signal, seconds: 20 });
    all.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return all;
}

/**
 * @param {string} id
 * @param {AbortSignal} [signal]
 * @returns {Promise<Entity>}
 */
export const getEntity = (id, signal) => call(entityPath(id), { signal });

/**
 * The history of an entity, oldest first.
 * @param {string} id
 * @param {{from?: string, to?: string, limit?: number, cursor?: string}} query
 * @param {AbortSignal} [signal]
 * @returns {Promise<{items: any[], next: string | null}>}
 */
export const getHistory = (id, query, signal) => call(`${entityPath(id)}/history`, { query, signal, seconds: 20 });

/**
 * The long poll. It answers at once if there are events after `since`, otherwise with the next event, or empty after `timeout` seconds.
 * @param {{since: number | "now", timeout: number, topic: string, limit?: number, signal?: AbortSignal}} question
 * @returns {Promise<EventPage>}
 */
export const pollEvents = ({ since, timeout, topic, limit = 500, signal }) =>
  call("/events", { query: { since, timeout, topic, limit }, signal, seconds: timeout + 5 });

/** @param {string} path below /api */
export function openSocket(path) {
  const url = new URL(`/api${path}`, location.origin);
  url.protocol = url.protocol.replace("http", "ws");
  return new WebSocket(url);
}

/**
 * @param {AbortSignal} [signal]
 * @returns {Promise<System>}
 */
export const getSystem = (signal) => call("/system", { signal });

/**
 * @param {{path: string, depth: number, limit?: number, cursor?: string}} query
 * @param {AbortSignal} [signal]
 * @returns {Promise<{items: Actor[], next: string | null}>}
 */
export const listActors = (query, signal) => call("/system/actors", { query, signal });

/** @param {string} path */
export const restartActor = (path) => call("/system/actors/restart", { method: "POST", query: { path } });

/** @param {string} path */
export const stopActor = (path) => call("/system/actors/stop", { method: "POST", query: { path } });

/**
 * The actors with the highest values. Busy time and messages are measured over `seconds`, so the answer takes this time.
 * @param {{by: TopBy, seconds: number, limit: number}} query
 * @param {AbortSignal} [signal]
 * @returns {Promise<{items: TopActor[]}>}
 */
export const topActors = (query, signal) => call("/system/actors/top", { query, signal, seconds: query.seconds + 10 });

/**
 * @param {AbortSignal} [signal]
 * @returns {Promise<Load>}
 */
export const getLoad = (signal) => call("/system/load", { signal });

/**
 * Sets the number of workers. The answer comes when this many workers exist.
 * @param {number} workers
 * @returns {Promise<Load>}
 */
export const setLoad = (workers) => call("/system/load", { method: "PUT", body: { workers }, seconds: 40 });

/**
 * @param {AbortSignal} [signal]
 * @returns {Promise<SchedulerSetting>}
 */
export const getScheduler = (signal) => call("/system/scheduler", { signal });

/**
 * @param {number} workers  the number of actors that run at the same time
 * @returns {Promise<SchedulerSetting>}
 */
export const setScheduler = (workers) => call("/system/scheduler", { method: "PUT", body: { workers } });

/**
 * Calculates 1 + 2 + … + n in a separate actor. It may take for ever.
 * @param {number} n
 * @returns {Promise<{sum: number}>}
 */
export const sum = (n) => call("/system/sum", { method: "POST", body: { n }, seconds: 600 });
