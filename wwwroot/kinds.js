// @ts-check
// What an entity is, and how its state reads: icon, colour, words. Pure.
import { number, value, words } from "./format.js";

/**
 * @typedef {import("./api.js").Entity} Entity
 *
 * @typedef {object} Reading
 * @property {string} value   what stands large on the tile
 * @property {string} unit
 * @property {boolean} active on, open, detected: the tile lights up
 *
 * @typedef {object} Kind
 * @property {string} icon
 * @property {string} tone    a colour of styles/tokens.css
 * @property {number} order   within an area
 * @property {string} group   the filter it belongs to
 * @property {number} [digits]
 * @property {boolean} [steps] it jumps: between two values there was none
 * @property {[on: string, off: string]} [words] for a state that is on or off
 */

/** By class, as Home Assistant names them. @type {Record<string, Kind>} */
const byClass = {
  temperature: { icon: "thermometer", tone: "warm", order: 1, group: "climate", digits: 1 },
  humidity: { icon: "droplet", tone: "water", order: 2, group: "climate", digits: 0 },
  pressure: { icon: "gauge", tone: "water", order: 3, group: "climate", digits: 0 },
  carbon_dioxide: { icon: "wind", tone: "water", order: 3, group: "climate", digits: 0 },
  illuminance: { icon: "sun", tone: "light", order: 3, group: "climate", digits: 0 },
  motion: { icon: "motion", tone: "motion", order: 6, group: "motion", words: ["Detected", "Clear"] },
  occupancy: { icon: "motion", tone: "motion", order: 6, group: "motion", words: ["Occupied", "Clear"] },
  door: { icon: "door", tone: "door", order: 5, group: "doors", words: ["Open", "Closed"] },
  garage_door: { icon: "door", tone: "door", order: 5, group: "doors", words: ["Open", "Closed"] },
  window: { icon: "window", tone: "door", order: 5, group: "doors", words: ["Open", "Closed"] },
  opening: { icon: "door", tone: "door", order: 5, group: "doors", words: ["Open", "Closed"] },
  light: { icon: "bulb", tone: "light", order: 4, group: "lights", words: ["On", "Off"] },
  power: { icon: "bolt", tone: "power", order: 7, group: "power", digits: 0, steps: true },
  energy: { icon: "bolt", tone: "power", order: 8, group: "power", digits: 2 },
  battery: { icon: "battery", tone: "power", order: 9, group: "power", digits: 0 },
};

/** By domain, where the class says nothing. @type {Record<string, Kind>} */
const byDomain = {
  light: byClass.light,
  switch: { icon: "toggle", tone: "power", order: 4, group: "lights", words: ["On", "Off"] },
  input_boolean: { icon: "toggle", tone: "power", order: 4, group: "other", words: ["On", "Off"] },
  lock: { icon: "lock", tone: "door", order: 5, group: "doors", words: ["Unlocked", "Locked"] },
  binary_sensor: { icon: "dot", tone: "motion", order: 10, group: "other", words: ["On", "Off"] },
  match: { icon: "ball", tone: "accent", order: 0, group: "matches" },
};

/** @type {Kind} */
const other = { icon: "chart", tone: "neutral", order: 11, group: "other" };

/** @param {string} id */
export const domainOf = (id) => id.slice(0, id.indexOf("."));

/** @param {Entity} entity @returns {Kind} */
export function kindOf(entity) {
  return (entity.class !== null && byClass[entity.class]) || byDomain[domainOf(entity.id)] || other;
}

const on = new Set([true, "on", "open", "unlocked", "detected", "home"]);
const off = new Set([false, "off", "closed", "locked", "clear", "away"]);

/** `half_time` reads better as words; `2-1` and `Łódź` are left as they are. */
const isWord = /^[a-z]+(_[a-z0-9]+)*$/;

/** On or off, or null where a state is neither. @param {unknown} state */
export function binary(state) {
  const known = typeof state === "string" ? state.toLowerCase() : /** @type {any} */ (state);
  return on.has(known) ? true : off.has(known) ? false : null;
}

/** @param {Entity} entity @returns {Reading} */
export const reading = (entity) =>
  entity.available ? readingOf(entity, entity.state) : { value: "Unavailable", unit: "", active: false };

/**
 * How one state of this entity reads, the present one or an older one.
 * @param {Entity} entity
 * @param {import("./api.js").Json} state
 * @returns {Reading}
 */
export function readingOf(entity, state) {
  const kind = kindOf(entity);
  if (typeof state === "number") {
    return { value: number(state, kind.digits), unit: entity.unit ?? "", active: false };
  }
  const is = binary(state);
  if (is !== null && kind.words) return { value: kind.words[is ? 0 : 1], unit: level(entity, is), active: is };
  if (is !== null) return { value: is ? "On" : "Off", unit: "", active: is };
  return { value: typeof state === "string" && isWord.test(state) ? words(state) : value(state), unit: state === null ? "" : (entity.unit ?? ""), active: false };
}

/** A dimmed light says how far. @param {Entity} entity @param {boolean} isOn */
function level(entity, isOn) {
  const { brightness } = entity.attributes;
  return isOn && typeof brightness === "number" ? `${number(brightness, 0)} %` : "";
}

/**
 * The name without the area that already stands above it: "Kitchen temperature" in the kitchen is "Temperature".
 * @param {Entity} entity
 */
export function nameOf(entity) {
  const name = entity.name ?? words(entity.id.slice(entity.id.indexOf(".") + 1));
  const area = entity.area ?? "";
  if (area === "" || name.length <= area.length + 1 || !name.toLowerCase().startsWith(`${area.toLowerCase()} `)) return name;
  return words(name.slice(area.length + 1));
}

/** What the filter box looks through; the state is left out, so that tiles do not come and go while they change. @param {Entity} e */
export const searchText = (e) => `${e.id}\n${e.name ?? ""}\n${e.area ?? ""}\n${e.class ?? ""}`.toLowerCase();
