// @ts-check
import { since } from "../../clock.js";
import { ago, bytes, number } from "../../format.js";
import { html } from "../../html.js";

/**
 * @typedef {import("../../api.js").Feed} Feed
 * @typedef {import("../../api.js").FeedConnection} FeedConnection
 */

/** The feeds: their clients, the amount of data, and the errors. @param {{feeds: Feed[]}} props */
export const Feeds = ({ feeds }) => html`
  <section class="panel" aria-labelledby="feeds">
    <h2 id="feeds">Feeds</h2>
    ${feeds.map(
      (feed) => html`
        <div key=${feed.name} class="feed">
          <p class="feed-head"><b>${feed.name.toUpperCase()}</b> <small>listens on ${feed.listen} · ${sinceTheStart(feed.totals)}</small></p>
          ${feed.listenProblem && html`<p class="feed-error">No new connections: ${feed.listenProblem}</p>`}
          ${feed.connections.length === 0
            ? html`<p class="none">Nobody is connected.</p>`
            : html`<ul class="feed-list">${feed.connections.map((c) => html`<${Connection} key=${c.id} connection=${c} />`)}</ul>`}
        </div>
      `,
    )}
  </section>
`;

/** @param {Feed["totals"]} totals */
function sinceTheStart({ accepted, events, rejected }) {
  const parts = [`${number(accepted)} ${accepted === 1 ? "connection" : "connections"}`, `${number(events)} events`];
  if (rejected > 0) parts.push(`${number(rejected)} rejected`);
  return `${parts.join(", ")} since the start`;
}

/** @param {{connection: FeedConnection}} props */
const Connection = ({ connection: c }) => html`
  <li>
    <p class="feed-head"><b>${c.peer}</b> <small>connected ${ago(since(c.since))}${c.status === "open" ? "" : `, ${c.status}`}</small></p>
    <p class="counters">
      <span><b>${number(c.events)}</b> events</span>
      <span><b>${number(c.elements)}</b> elements</span>
      <span><b>${number(c.committed)}</b> committed</span>
      <span><b>${bytes(c.bytes)}</b> received</span>
      <span class=${c.rejected > 0 ? "wrong" : undefined}><b>${number(c.rejected)}</b> rejected</span>
    </p>
    ${c.lastError && html`<p class="feed-error">${c.lastError}</p>`}
  </li>
`;
