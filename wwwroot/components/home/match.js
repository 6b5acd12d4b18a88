// @ts-check
import { html } from "../../html.js";
import { shortNumber, value, words } from "../../format.js";
import { entityHref } from "../../router.js";
import { Boundary } from "../boundary.js";
import { PlainTile, flashOf } from "./tile.js";

/** @typedef {import("../../api.js").Entity} Entity */

/** @param {Entity} match */
function status(match) {
  const text = match.attributes.status ?? match.state;
  return typeof text === "string" ? text.toLowerCase() : "";
}

const over = new Set(["finished", "full_time", "ended", "ft"]);
const ahead = new Set(["scheduled", "upcoming", "not_started"]);
const paused = new Set(["half_time", "halftime", "ht", "paused"]);

/** @param {Entity} match @returns {"live" | "paused" | "ahead" | "over"} */
export function phaseOf(match) {
  const text = status(match);
  return over.has(text) ? "over" : ahead.has(text) ? "ahead" : paused.has(text) ? "paused" : "live";
}

/** @param {Entity} match */
const minuteOf = (match) => (typeof match.attributes.minute === "number" ? match.attributes.minute : 0);

/** The rank of a match on the board: running matches first, and of these the longest running ones. @param {Entity} match */
export function rank(match) {
  const phase = phaseOf(match);
  if (phase === "over") return 3000 - minuteOf(match);
  return phase === "ahead" ? 2000 : 1000 - minuteOf(match);
}

/** @param {Entity} match */
function clock(match) {
  const phase = phaseOf(match);
  if (phase === "over") return ["FT", "Full time"];
  if (phase === "paused") return ["HT", "Half time"];
  if (phase === "ahead") return ["–", "Not started"];
  const minute = shortNumber(minuteOf(match), 0);
  return [`${minute}′`, `Minute ${minute}`];
}

/** @param {{cell: import("../../live/store.js").Cell}} props */
export const Match = ({ cell }) => html`<${Boundary} about=${cell.entity.value} plain=${html`<${PlainTile} id=${cell.id} />`}><${Drawn} cell=${cell} /><//>`;

/** @param {{cell: import("../../live/store.js").Cell}} props */
function Drawn({ cell }) {
  const match = cell.entity.value;
  const { home, away, home_team, away_team } = match.attributes;
  const live = phaseOf(match) === "live" || phaseOf(match) === "paused";
  const [short, long] = clock(match);
  const name = match.name ?? words(match.id);
  return html`
    <a
      class="match"
      href=${entityHref(cell.id)}
      data-id=${cell.id}
      data-live=${live ? "" : undefined}
      data-flash=${flashOf(cell.flashes.value)}
    >
      <span class="match-clock"><span aria-hidden="true">${short}</span><span class="visually-hidden">${long}</span></span>
      <span class="match-teams">
        <${Team} name=${value(home_team ?? name)} goals=${home} leads=${isMore(home, away)} />
        <${Team} name=${value(away_team ?? "")} goals=${away} leads=${isMore(away, home)} />
      </span>
    </a>
  `;
}

/** @param {unknown} one @param {unknown} other */
const isMore = (one, other) => typeof one === "number" && typeof other === "number" && one > other;

/** @param {{name: string, goals: unknown, leads: boolean}} props */
const Team = ({ name, goals, leads }) => html`
  <span class="match-team" data-leads=${leads ? "" : undefined}><span>${name}</span><b>${typeof goals === "number" ? shortNumber(goals) : value(/** @type {any} */ (goals))}</b></span>
`;
