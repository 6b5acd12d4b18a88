// @ts-check
// The events after a cursor, page by page, for as long as the connection holds: a stream first (SSE), and the long poll where a
// stream does not come through, as behind a proxy that gathers answers. Whoever asks decides when to come back.
import { Problem, pollEvents, streamEvents } from "../api.js";

const POLL_SECONDS = 20;
const PAGE_LIMIT = 500;
/** How long the long poll is kept to before a stream is tried again. */
const POLL_FOR_MS = 5 * 60_000;

let pollUntil = 0;
/** A stream was refused or kept back; whether the long poll gets through shows whether that is the stream's fault. */
let suspicious = false;

/**
 * @param {{since: number, topic: string, hurry: boolean}} question `hurry`: the first answer comes at once, even if it is empty
 * @returns {AsyncGenerator<import("../api.js").EventPage>} ends when it is time to ask anew, throws when the connection is lost
 */
export async function* followEvents({ since, topic, hurry }) {
  if (suspicious || performance.now() < pollUntil) yield* poll(since, topic, hurry);
  else yield* stream(since, topic);
}

/** @param {number} since @param {string} topic */
async function* stream(since, topic) {
  let heard = false;
  try {
    for await (const page of streamEvents({ since, topic })) {
      heard = true;
      yield page;
    }
  } catch (error) {
    // A server that is away says nothing about streams.
    suspicious = !heard && error instanceof Problem && (error.isLate || error.status > 0);
    throw error;
  }
  throw new Problem(0, "The server ended the stream");
}

/** @param {number} since @param {string} topic @param {boolean} hurry */
async function* poll(since, topic, hurry) {
  let next = since;
  let timeout = hurry ? 0 : POLL_SECONDS;
  try {
    do {
      const page = await pollEvents({ since: next, timeout, topic, limit: PAGE_LIMIT });
      if (suspicious) pollUntil = performance.now() + POLL_FOR_MS;
      suspicious = false;
      timeout = POLL_SECONDS;
      next = page.next;
      yield page;
    } while (performance.now() < pollUntil);
  } finally {
    suspicious = false;
  }
}
