// @ts-check
// The events after a cursor, page by page, while the connection holds: over the WebSocket, or by the long poll if no WebSocket is
// possible (some proxies do not support it). The caller decides when to connect again.
import { Problem, pollEvents } from "../api.js";
import { socketEvents } from "./socket.js";

const POLL_SECONDS = 20;
const PAGE_LIMIT = 500;
/** The interval of the requests of a hidden page. Between them it holds none of the six connections that the pages of one server share. */
const HIDDEN_POLL_MS = 5000;
/** How long the long poll is used before a WebSocket is tried again. */
const POLL_FOR_MS = 5 * 60_000;
/** After this many refusals in a row, while the server answers, WebSockets count as impossible. One refusal may come from a restart. */
const REFUSALS = 2;

let pollUntil = 0;
let refusals = 0;

/**
 * @param {{since: number, topic: string, hurry: boolean}} question `hurry`: the first answer comes at once, even if it is empty
 * @returns {AsyncGenerator<import("../api.js").EventPage>} ends when it is time to call it again, throws when the connection is lost
 */
export async function* followEvents({ since, topic, hurry }) {
  if (performance.now() < pollUntil) yield* poll(since, topic, hurry);
  else yield* socket(since, topic);
}

/** @param {number} since @param {string} topic */
async function* socket(since, topic) {
  let heard = false;
  try {
    for await (const page of socketEvents({ since, topic })) {
      heard = true;
      refusals = 0;
      yield page;
    }
  } catch (error) {
    if (!heard && error instanceof Problem) await judge(error, topic);
    throw error;
  }
}

/** Decides after a WebSocket without a message whether WebSockets are impossible or the server is away. @param {Problem} problem @param {string} topic */
async function judge(problem, topic) {
  await pollEvents({ since: "now", timeout: 0, topic });
  refusals = problem.isLate ? REFUSALS : refusals + 1;
  if (refusals < REFUSALS) return;
  refusals = 0;
  pollUntil = performance.now() + POLL_FOR_MS;
}

/** @param {number} since @param {string} topic @param {boolean} hurry */
async function* poll(since, topic, hurry) {
  let next = since;
  let timeout = hurry ? 0 : POLL_SECONDS;
  do {
    const page = await pollEvents({ since: next, timeout, topic, limit: PAGE_LIMIT });
    next = page.next;
    yield page;
    timeout = document.hidden ? 0 : POLL_SECONDS;
    if (document.hidden) await seen(HIDDEN_POLL_MS);
  } while (performance.now() < pollUntil);
}

/** Waits until the page is visible, but not longer than this. @param {number} ms @returns {Promise<void>} */
const seen = (ms) =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    document.addEventListener("visibilitychange", done);
  });
