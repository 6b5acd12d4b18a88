// @ts-check
import { age, ago, number, words } from "../../format.js";
import { html } from "../../html.js";
import { since } from "../../clock.js";
import { decode } from "../../router.js";
import { Icon } from "../icon.js";

/**
 * @typedef {import("../../api.js").Actor} Actor
 *
 * @typedef {object} Branch
 * @property {Actor[]} actors
 * @property {boolean} more  the server has more children than were asked for
 *
 * @typedef {object} TreeProps
 * @property {string} path                    the parent of the actors to show
 * @property {Map<string, Branch>} branches  the children known, by their parent's path
 * @property {Set<string>} open
 * @property {(path: string) => void} onToggle
 * @property {(path: string) => void} onRestart
 * @property {boolean} [top]                  whether the actors are the modules, which may all be restarted
 */

/** @param {string} path */
const nameOf = (path) => decode(path.slice(path.lastIndexOf("/") + 1));

const tones = new Map(Object.entries({ idle: "good", busy: "accent", waiting: "accent", starting: "caution", restarting: "caution", suspended: "caution", stopping: "bad" }));

/** The children of an actor, and the children of opened actors below them. @param {TreeProps} props */
export function ActorTree({ path, branches, open, onToggle, onRestart, top = false }) {
  const branch = branches.get(path);
  if (branch === undefined) return null;
  return html`
    <ul class="actors">
      ${branch.actors.map(
        (actor) => html`
          <li key=${actor.path}>
            <${ActorRow} actor=${actor} open=${open.has(actor.path)} onToggle=${onToggle} onRestart=${top ? onRestart : undefined} />
            ${open.has(actor.path) &&
            html`<${ActorTree} path=${actor.path} branches=${branches} open=${open} onToggle=${onToggle} onRestart=${onRestart} />`}
          </li>
        `,
      )}
      ${branch.more && html`<li class="actors-more">and more: the first ${number(branch.actors.length)} are shown</li>`}
    </ul>
  `;
}

/**
 * The further figures of an actor that are above zero: <code>longPolls: 3</code> becomes "3 long polls", one becomes "1 long poll".
 * @param {Actor} actor
 * @returns {[string, number][]}
 */
const details = ({ detail = {} }) => Object.entries(detail).flatMap(([name, count]) => (count > 0 ? [[named(name, count), count]] : []));

/** @param {string} name @param {number} count */
function named(name, count) {
  const spaced = name === "sse" ? "streams" : name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return count === 1 ? spaced.replace(/s$/, "") : spaced;
}

/** @param {{actor: Actor, open: boolean, onToggle: (path: string) => void, onRestart?: (path: string) => void}} props */
function ActorRow({ actor, open, onToggle, onRestart }) {
  const name = nameOf(actor.path);
  return html`
    <div class="actor" data-path=${actor.path} data-tone=${tones.get(actor.status.toLowerCase()) ?? "neutral"}>
      ${actor.children > 0
        ? html`
            <button class="actor-toggle" aria-expanded=${open} aria-label=${`Children of ${name}`} onClick=${() => onToggle(actor.path)}>
              <${Icon} name="chevron" size=${16} />
            </button>
          `
        : html`<span class="actor-toggle"></span>`}
      <span class="actor-status" title=${words(actor.status)}><span class="visually-hidden">${words(actor.status)}</span></span>
      <span class="actor-name"><b>${name}</b> <small>${actor.type}</small></span>
      <span class="actor-facts">
        ${actor.restarts > 0 && html`<span class="badge" data-tone="caution" data-restarts=${actor.restarts}>${number(actor.restarts)} ${actor.restarts === 1 ? "restart" : "restarts"}</span>`}
        ${actor.children > 0 && html`<span>${number(actor.children)} ${actor.children === 1 ? "child" : "children"}</span>`}
        ${actor.mailbox > 0 && html`<span>${number(actor.mailbox)} waiting</span>`}
        <span>${number(actor.messages)} handled</span>
        ${details(actor).map(([what, count]) => html`<span data-detail=${what}>${number(count)} ${what}</span>`)}
        ${actor.since && html`<span>busy for ${age(since(actor.since))}</span>`}
      </span>
      ${onRestart && html`<button class="button" data-small aria-label=${`Restart ${name}`} onClick=${() => onRestart(actor.path)}><${Icon} name="restart" size=${15} />Restart</button>`}
      ${actor.lastFailure &&
      html`<p class="actor-failure">${actor.lastFailure.type}: ${actor.lastFailure.reason} <time datetime=${actor.lastFailure.time}>${ago(since(actor.lastFailure.time))}</time></p>`}
    </div>
  `;
}
