// @ts-check
// The kind of an entity and the text of its state: icon, colour, words. Pure.
import { instant, number, value, words } from "./format.js";

/**
 * @typedef {import("./api.js").Entity} Entity
 * @typedef {import("./api.js").Json} Json
 *
 * @typedef {object} Reading
 * @property {string} value   the large text on the tile
 * @property {string} unit
 * @property {boolean} active on, open, detected: the tile lights up
 * @property {string} [time]  the state is this time, RFC 3339
 *
 * @typedef {object} Kind
 * @property {string} icon
 * @property {string} tone    a colour of styles/tokens.css
 * @property {number} order   within an area
 * @property {string} group   the filter it belongs to
 * @property {number} [digits]
 * @property {boolean} [steps] whether it jumps: there are no values between two values
 * @property {[on: string, off: string]} [words] for a state that is on or off
 */

/** @type {Kind} */
const alarm = { icon: "alert", tone: "bad", order: 6, group: "other", words: ["Detected", "Clear"] };
/** @type {Kind} */
const sensed = { icon: "dot", tone: "motion", order: 10, group: "other", words: ["Detected", "Clear"] };
/** @type {Kind} */
const opening = { icon: "door", tone: "door", order: 5, group: "doors", words: ["Open", "Closed"] };
/** @type {Kind} */
const presence = { icon: "home", tone: "motion", order: 6, group: "other", words: ["Home", "Away"] };
/** @type {Kind} */
const toggle = { icon: "toggle", tone: "power", order: 4, group: "other", words: ["On", "Off"] };

// The words are Home Assistant's. The tables are Maps, because their keys come from outside: any text may be asked for.

/** The kinds by domain. They do not depend on the class. @type {Map<string, Kind>} */
const byDomain = new Map(Object.entries({
  light: { icon: "bulb", tone: "light", order: 4, group: "lights", words: ["On", "Off"] },
  switch: toggle,
  fan: { ...toggle, icon: "wind" },
  input_boolean: toggle,
  lock: { icon: "lock", tone: "door", order: 5, group: "doors", words: ["Unlocked", "Locked"] },
  person: presence,
  device_tracker: presence,
  match: { icon: "ball", tone: "accent", order: 0, group: "matches" },
}));

/** The kinds by class. If the class is missing or unknown, the name of the domain is used. @type {Map<string, Kind>} */
const byClass = new Map(Object.entries({
  temperature: { icon: "thermometer", tone: "warm", order: 1, group: "climate", digits: 1 },
  humidity: { icon: "droplet", tone: "water", order: 2, group: "climate", digits: 0 },
  pressure: { icon: "gauge", tone: "water", order: 3, group: "climate", digits: 0 },
  carbon_dioxide: { icon: "wind", tone: "water", order: 3, group: "climate", digits: 0 },
  illuminance: { icon: "sun", tone: "light", order: 3, group: "climate", digits: 0 },
  motion: { icon: "motion", tone: "motion", order: 6, group: "motion", words: ["Detected", "Clear"] },
  moving: { icon: "motion", tone: "motion", order: 6, group: "motion", words: ["Moving", "Not moving"] },
  occupancy: { icon: "motion", tone: "motion", order: 6, group: "motion", words: ["Occupied", "Clear"] },
  presence,
  cover: opening,
  door: opening,
  garage: opening,
  garage_door: opening,
  gate: opening,
  opening,
  window: { ...opening, icon: "window" },
  blind: { ...opening, icon: "window" },
  shade: { ...opening, icon: "window" },
  shutter: { ...opening, icon: "window" },
  valve: { ...opening, icon: "droplet", group: "other" },
  lock: { icon: "lock", tone: "door", order: 5, group: "doors", words: ["Unlocked", "Locked"] },
  smoke: alarm,
  gas: alarm,
  carbon_monoxide: alarm,
  tamper: alarm,
  safety: { ...alarm, words: ["Unsafe", "Safe"] },
  problem: { ...alarm, words: ["Problem", "OK"] },
  moisture: { icon: "droplet", tone: "water", order: 6, group: "other", words: ["Wet", "Dry"] },
  light: { ...sensed, icon: "sun" },
  sound: sensed,
  vibration: sensed,
  heat: { ...sensed, icon: "thermometer", words: ["Hot", "Normal"] },
  cold: { ...sensed, icon: "thermometer", words: ["Cold", "Normal"] },
  connectivity: { ...sensed, words: ["Connected", "Disconnected"] },
  plug: { ...sensed, icon: "bolt", words: ["Plugged in", "Unplugged"] },
  running: { ...sensed, words: ["Running", "Not running"] },
  update: { ...sensed, words: ["Update available", "Up to date"] },
  power: { icon: "bolt", tone: "power", order: 7, group: "power", digits: 0, steps: true, words: ["Detected", "Clear"] },
  energy: { icon: "bolt", tone: "power", order: 8, group: "power", digits: 2 },
  battery: { icon: "battery", tone: "power", order: 9, group: "power", digits: 0, words: ["Low", "Normal"] },
  battery_charging: { icon: "battery", tone: "power", order: 9, group: "power", words: ["Charging", "Not charging"] },
  binary_sensor: { ...sensed, words: ["On", "Off"] },
}));

/** @type {Kind} */
const other = { icon: "chart", tone: "neutral", order: 11, group: "other" };

/** `smoke_alarm`, `door_sensor`: a domain that names a device gets the class of the property that the device senses. */
const device = /_(alarm|detector|sensor)$/;

/** @param {string} id */
export const domainOf = (id) => id.slice(0, id.indexOf("."));

/** @param {Entity} entity @returns {Kind} */
export function kindOf(entity) {
  const domain = domainOf(entity.id);
  return byDomain.get(domain) ?? byClass.get(entity.class ?? "") ?? byClass.get(domain) ?? byClass.get(domain.replace(device, "")) ?? other;
}

const on = new Set([true, "on", "open", "opening", "closing", "unlocked", "detected", "home"]);
const off = new Set([false, "off", "closed", "locked", "clear", "away", "not_home"]);
/** States that say no more than on or off. The kind has a word for them. */
const bare = new Set(["true", "false", "on", "off"]);

/** `half_time` reads better as words; `2-1` and `Łódź` are left as they are. */
const isWord = /^[a-z]+(_[a-z0-9]+)*$/;

/** Whether a state is on; null if it is neither on nor off. @param {unknown} state */
export function binary(state) {
  const known = typeof state === "string" ? state.toLowerCase() : /** @type {any} */ (state);
  return on.has(known) ? true : off.has(known) ? false : null;
}

/** @param {Entity} entity @param {typeof number} [write] how a number is written @returns {Reading} */
export const reading = (entity, write = number) =>
  entity.available ? readingOf(entity, entity.state, level(entity), write) : { value: "Unavailable", unit: "", active: false };

/**
 * The text of one state of this entity. It does not use its current attributes.
 * @param {Entity} entity
 * @param {Json} state
 * @param {string} [ifOn] the text beside the word while it is on
 * @param {typeof number} [write] how a number is written
 * @returns {Reading}
 */
export function readingOf(entity, state, ifOn = "", write = number) {
  const kind = kindOf(entity);
  const unit = entity.unit ?? "";
  if (typeof state === "number") return { value: write(state, kind.digits), unit, active: false };
  const is = binary(state);
  if (is !== null) return { value: wordOf(kind, state, is), unit: is ? ifOn : "", active: is };
  const time = instant(state);
  if (time !== null) return { value: value(state), unit: "", active: false, time };
  const text = typeof state === "string" && isWord.test(state) ? words(state) : value(state);
  return { value: text, unit: state === null ? "" : unit, active: false };
}

/** The word for a state that is on or off. A state with its own word keeps it: an open cover is "Open", not "On". @param {Kind} kind @param {Json} state @param {boolean} is */
function wordOf(kind, state, is) {
  const text = String(state).toLowerCase();
  if (bare.has(text)) return (kind.words ?? ["On", "Off"])[is ? 0 : 1];
  return text === "not_home" ? "Away" : words(text);
}

/** Home Assistant's `brightness` goes from 0 to 255. */
const FULL_BRIGHTNESS = 255;

/** The brightness of a dimmed light as text. @param {Entity} entity */
function level({ id, attributes: { brightness, brightness_pct } }) {
  if (domainOf(id) !== "light") return "";
  const percent = typeof brightness === "number" ? (brightness / FULL_BRIGHTNESS) * 100 : brightness_pct;
  if (typeof percent !== "number" || percent <= 0 || percent > 100) return "";
  return `${number(Math.max(1, percent), 0)} %`;
}

/**
 * The name without the area, which is already shown above it: "Kitchen temperature" in the kitchen becomes "Temperature".
 * @param {Entity} entity
 */
export function nameOf(entity) {
  const name = entity.name ?? words(entity.id.slice(entity.id.indexOf(".") + 1));
  const area = entity.area ?? "";
  if (area === "" || name.length <= area.length + 1 || !name.toLowerCase().startsWith(`${area.toLowerCase()} `)) return name;
  return words(name.slice(area.length + 1));
}

/** The text in which the filter searches. It does not have the state, so that tiles do not appear and disappear when states change. @param {Entity} e */
export const searchText = (e) => `${e.id}\n${e.name ?? ""}\n${e.area ?? ""}\n${e.class ?? ""}`.toLowerCase();
