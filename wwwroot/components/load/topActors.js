// @ts-check
import { since } from "../../clock.js";
import { age, ago, number, words } from "../../format.js";
import { html } from "../../html.js";
import { Icon } from "../icon.js";

/**
 * @typedef {import("../../api.js").TopActor} TopActor
 * @typedef {import("../../api.js").TopBy} TopBy
 */

/** @type {Record<TopBy, string>} */
const labels = { busy: "Busy", messages: "Messages", mailbox: "Waiting", restarts: "Restarts" };
const orders = /** @type {TopBy[]} */ (Object.keys(labels));

/** Actors below a part of the server can be stopped. The parts themselves can only be restarted here. @param {string} path */
const isWork = (path) => /^\/user\/[^/]+\/./.test(path);

/** @param {string} path */
const isOurs = (path) => /^\/user\/./.test(path);

/**
 * The actors with the highest values of a measure, among all actors.
 * @param {{actors: TopActor[], by: TopBy, onOrder: (by: TopBy) => void, onAct: (action: "restart" | "stop", path: string) => void}} props
 */
export const TopActors = ({ actors, by, onOrder, onAct }) => html`
  <section class="panel" aria-labelledby="top">
    <h2 id="top">Top actors</h2>
    <div class="orders" role="group" aria-label="Order by">
      ${orders.map((order) => html`<button key=${order} class="button" data-small aria-pressed=${by === order} onClick=${() => onOrder(order)}>${labels[order]}</button>`)}
    </div>
    ${actors.length === 0 && html`<p class="none">Looking for a second …</p>`}
    <ul class="top">${actors.map((actor) => html`<${TopRow} key=${actor.path} actor=${actor} onAct=${onAct} />`)}</ul>
  </section>
`;

/** @param {{actor: TopActor, onAct: (action: "restart" | "stop", path: string) => void}} props */
function TopRow({ actor, onAct }) {
  const { seconds, busyMs, messages } = actor.recent;
  const share = seconds > 0 ? Math.min(1, busyMs / (seconds * 1000)) : null;
  return html`
    <li class="top-row" data-path=${actor.path}>
      <span class="top-name"><b>${actor.path}</b> <small>${actor.type}</small></span>
      <span class="actor-facts">
        ${share !== null && html`<span class="top-share"><meter min="0" max="1" value=${share}></meter>${number(share * 100, share < 0.1 ? 1 : 0)} % busy</span>`}
        ${seconds > 0 && html`<span>${number(messages / seconds, 0)} messages/s</span>`}
        ${actor.mailbox > 0 && html`<span>${number(actor.mailbox)} waiting</span>`}
        ${actor.restarts > 0 && html`<span class="badge" data-tone="caution">${number(actor.restarts)} ${actor.restarts === 1 ? "restart" : "restarts"}</span>`}
        ${actor.since && since(actor.since) >= 1000 && html`<span>${words(actor.message ?? actor.status)} for ${age(since(actor.since))}</span>`}
      </span>
      <span class="top-acts">
        ${isOurs(actor.path) && html`<button class="button" data-small aria-label=${`Restart ${actor.path}`} onClick=${() => onAct("restart", actor.path)}><${Icon} name="restart" size=${15} />Restart</button>`}
        ${isWork(actor.path) && html`<button class="button" data-small aria-label=${`Stop ${actor.path}`} onClick=${() => onAct("stop", actor.path)}><${Icon} name="stop" size=${15} />Stop</button>`}
      </span>
      ${actor.lastFailure &&
      html`<p class="actor-failure">${actor.lastFailure.type}: ${actor.lastFailure.reason} <time datetime=${actor.lastFailure.time}>${ago(since(actor.lastFailure.time))}</time></p>`}
    </li>
  `;
}
