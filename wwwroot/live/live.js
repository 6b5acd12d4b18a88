// @ts-check
// Keeps the store up to date: a snapshot, then the events after it, as long as the page is open.
import { signal } from "@preact/signals";
import { Problem, listEntities, pollEvents } from "../api.js";
import { leavingSignal, whenShown } from "../presence.js";
import { followEvents } from "./events.js";
import { applyEvents, replaceAll } from "./store.js";

/**
 * @typedef {object} Connection
 * @property {"connecting" | "live" | "reconnecting" | "offline"} status
 * @property {Problem | null} problem  why it is not live
 */

const TOPIC = "entities/*";
const PAGE_LIMIT = 500;

const FIRST_RETRY_MS = 250;
// A restarting server is back within a second or two, so the first delays are short.
// If the server stays away, the delays are longer.
const EARLY_RETRY_MS = 1000;
const LATE_RETRY_MS = 5000;
const EARLY_MS = 30_000;
const OFFLINE_AFTER_MS = 6000;

// Changes are collected between two requests, so that a busy feed costs some requests a second, not hundreds.
const GATHER_MS = 60;
const GATHER_HIDDEN_MS = 1000;

/** @type {import("@preact/signals").Signal<Connection>} */
export const connection = signal({ status: "connecting", problem: null });

/** @type {Set<(event: import("../api.js").LiveEvent) => void>} */
const listeners = new Set();

/**
 * Calls the listener with each event. The store has only the newest state.
 * @param {(event: import("../api.js").LiveEvent) => void} listener
 * @returns {() => void} removes the listener
 */
export function onEvent(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Called each time the connection is restored after a gap, because the displayed data may be old. @type {Set<() => void>} */
const resumed = new Set();

/** @param {() => void} listener @returns {() => void} removes the listener */
export function onResumed(listener) {
  resumed.add(listener);
  return () => void resumed.delete(listener);
}

/**
 * The pause before the next attempt. It grows by half each time, and has a random part so that many pages do not retry at the same time.
 * @param {number} failures the number of failed attempts in a row
 * @param {number} downMs the time since the last message of the server
 * @param {number} random 0 to 1
 */
export function retryDelay(failures, downMs, random) {
  const longest = downMs < EARLY_MS ? EARLY_RETRY_MS : LATE_RETRY_MS;
  return Math.min(longest, FIRST_RETRY_MS * 1.5 ** (failures - 1)) * (0.6 + 0.4 * random);
}

/** Ends a pause early: the network is back, or the page is visible again. */
let wake = () => {};

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });

export function startLive() {
  addEventListener("online", () => wake());
  document.addEventListener("visibilitychange", () => document.hidden || wake());
  void follow();
}

/** Never ends, never throws. */
async function follow() {
  /** @type {number | null} */
  let cursor = null;
  let failures = 0;
  let resets = 0;
  let heard = performance.now();

  for (;;) {
    const left = leavingSignal();
    try {
      if (cursor === null) {
        cursor = await snapshot();
        for (const listener of resumed) listener();
      }
      for await (const page of followEvents({ since: cursor, topic: TOPIC, hurry: connection.peek().status !== "live" })) {
        failures = 0;
        heard = performance.now();
        if (connection.peek().status !== "live") connection.value = { status: "live", problem: null };
        if (page.reset) {
          cursor = null;
          await pause(Math.min(LATE_RETRY_MS, 50 * 2 ** resets++));
          break;
        }
        resets = page.events.length > 0 ? 0 : resets;
        cursor = page.next;
        applyEvents(page.events);
        for (const event of page.events) for (const listener of listeners) listener(event);
        const behind = page.events.length >= PAGE_LIMIT;
        if (page.events.length > 0 && !behind) await pause(document.hidden ? GATHER_HIDDEN_MS : GATHER_MS);
      }
    } catch (error) {
      if (left.aborted) {
        // The page is perhaps kept in the back/forward cache. When it is shown again, it continues from its cursor.
        connection.value = { status: "reconnecting", problem: null };
        await whenShown();
        [failures, heard] = [0, performance.now()];
        continue;
      }
      failures++;
      const down = performance.now() - heard;
      const status = !navigator.onLine || down > OFFLINE_AFTER_MS ? "offline" : "reconnecting";
      connection.value = { status, problem: Problem.from(error) };
      if (!(error instanceof Problem)) console.error(error); // an error of this page, not of the connection
      await pause(retryDelay(failures, down, Math.random()));
    }
  }
}

/**
 * The cursor is read before the entities. A change between the two requests then comes again as an event, and is recognised by its
 * version. In the other order it would be lost.
 */
async function snapshot() {
  const { next } = await pollEvents({ since: "now", timeout: 0, topic: TOPIC });
  replaceAll(await listEntities());
  return next;
}
