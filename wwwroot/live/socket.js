// @ts-check
// The events after a cursor over the WebSocket, which is no HTTP request. A browser opens only six HTTP connections to one server
// for all its pages, so seven pages with a stream each would wait for each other.
import { Problem, openSocket } from "../api.js";
import { leavingSignal } from "../presence.js";

const SUBSCRIPTION = "live";
/** The time limit of the first message. If it does not come, a proxy keeps messages back. */
const BEGIN_MS = 5000;
/** After this time without a message, the server is pinged. After the same time without an answer, the connection is lost. */
const SILENCE_MS = 15_000;

/**
 * Pages of events: first an empty one, then all events since the previous page, and an empty page for each pong.
 * @param {{since: number, topic: string}} question
 * @returns {AsyncGenerator<import("../api.js").EventPage>} never ends, throws when the connection is lost or the page is left
 */
export async function* socketEvents({ since, topic }) {
  /** @type {string[]} */
  let heard = [];
  /** @type {Problem | null} */
  let lost = null;
  let wake = () => {};
  const lose = (/** @type {Problem} */ problem) => {
    lost ??= problem;
    wake();
  };

  const left = leavingSignal();
  const socket = openSocket("/events/ws");
  const close = () => socket.close();
  left.addEventListener("abort", close);
  let timer = setTimeout(() => lose(Problem.late()), BEGIN_MS);
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      socket.send(JSON.stringify({ type: "ping" }));
      timer = setTimeout(() => lose(Problem.late()), SILENCE_MS);
    }, SILENCE_MS);
  };
  socket.onopen = () => socket.send(JSON.stringify({ type: "subscribe", id: SUBSCRIPTION, topics: [topic], since }));
  socket.onmessage = ({ data }) => {
    heard.push(data);
    watch();
    wake();
  };
  socket.onclose = () => lose(Problem.away());

  try {
    let next = since;
    for (;;) {
      if (heard.length === 0 && lost === null) await new Promise((resolve) => (wake = () => resolve(undefined)));
      if (heard.length === 0 && lost !== null) throw lost;
      const messages = heard.map((text) => JSON.parse(text));
      heard = [];
      const refused = messages.find(({ type }) => type === "error");
      if (refused) throw new Problem(refused.problem.status, refused.problem.title, refused.problem.detail);
      const reset = messages.some(({ type }) => type === "reset");
      const events = messages.flatMap(({ type, event }) => (type === "event" ? [event] : []));
      next = events.at(-1)?.seq ?? next;
      yield { events: reset ? [] : events, next, reset };
    }
  } finally {
    clearTimeout(timer);
    left.removeEventListener("abort", close);
    socket.onclose = null;
    socket.close();
  }
}
