// @ts-check
import { useComputed } from "@preact/signals";
import { from, since } from "../../clock.js";
import { age, ago, away, fullMoment, shortNumber } from "../../format.js";
import { html } from "../../html.js";
import { kindOf, nameOf, reading } from "../../kinds.js";
import { entityHref } from "../../router.js";
import { Boundary } from "../boundary.js";
import { Icon } from "../icon.js";
import { Spark } from "../charts/spark.js";

/** A number with more characters is shown in smaller letters. */
const LONG = 6;

/** The name of the flash for a number of flashes. The names alternate, so that each flash starts again. @param {number} flashes */
export const flashOf = (flashes) => (flashes === 0 ? undefined : flashes % 2 === 1 ? "odd" : "even");

/**
 * One entity. It reads its own signal, so that an event renders this tile and no other.
 * @param {{cell: import("../../live/store.js").Cell}} props
 */
export const Tile = ({ cell }) => html`<${Boundary} about=${cell.entity.value} plain=${html`<${PlainTile} id=${cell.id} />`}><${Drawn} cell=${cell} /><//>`;

/** The tile of an entity that cannot be drawn. @param {{id: string}} props */
export const PlainTile = ({ id }) => html`
  <a class="tile" href=${entityHref(id)} data-id=${id} data-tone="neutral" data-words>
    <span class="tile-icon"><${Icon} name="alert" size=${18} /></span>
    <span class="tile-name">${id}</span>
    <span class="tile-state">Cannot be shown</span>
  </a>
`;

/** @param {{cell: import("../../live/store.js").Cell}} props */
function Drawn({ cell }) {
  const entity = cell.entity.value;
  const kind = kindOf(entity);
  const { value, unit, active, time } = reading(entity, shortNumber);
  const numeric = typeof entity.state === "number" && entity.available;
  return html`
    <a
      class="tile"
      href=${entityHref(cell.id)}
      data-id=${cell.id}
      data-tone=${kind.tone}
      data-active=${active ? "" : undefined}
      data-words=${numeric ? undefined : ""}
      data-long=${numeric && value.length > LONG ? "" : undefined}
      data-gone=${entity.available ? undefined : ""}
      data-flash=${flashOf(cell.flashes.value)}
    >
      <span class="tile-icon"><${Icon} name=${kind.icon} size=${18} /></span>
      <span class="tile-name">${nameOf(entity)}</span>
      <span class="tile-state">${time ? html`<${Away} time=${time} />` : value}${unit && html`<small>${unit}</small>`}</span>
      <${Age} time=${entity.changed} />
      ${numeric && html`<${Spark} values=${cell.trail} />`}
    </a>
  `;
}

/**
 * The age of a time. The clock ticks each second, but only a changed text is written.
 * @param {{time: string, sentence?: boolean}} props
 */
export function Age({ time, sentence = false }) {
  return html`<time class="tile-age" datetime=${time} title=${`${fullMoment(time)} (${time})`}><${AgeText} key=${time} time=${time} sentence=${sentence} /></time>`;
}

/** The distance of a state that is a time. @param {{time: string}} props */
export const Away = ({ time }) => html`<time datetime=${time} title=${`${fullMoment(time)} (${time})`}><${AwayText} key=${time} time=${time} /></time>`;

/** @param {{time: string}} props */
function AwayText({ time }) {
  const text = useComputed(() => away(from(time)));
  return html`${text}`;
}

/** @param {{time: string, sentence: boolean}} props */
function AgeText({ time, sentence }) {
  const text = useComputed(() => (sentence ? ago : age)(since(time)));
  return html`${text}`;
}
