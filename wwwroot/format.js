// @ts-check
// Texts of values for people.

/** @typedef {import("./api.js").Json} Json */

/** @type {Map<number, Intl.NumberFormat>} */
const formats = new Map();

/** From this number on, a number is written with a power of ten, and also if it is nearer to zero than its inverse: `1e308`, not 309 digits. */
const LONG = 1e15;

/**
 * @param {number} value
 * @param {number} [digits] the exact number of decimals; up to 3 if missing
 */
export function number(value, digits = -1) {
  const size = Math.abs(value);
  if (size >= LONG || (digits < 0 && size > 0 && size < 1 / LONG)) return powerOfTen(value);
  let format = formats.get(digits);
  if (format === undefined) {
    const fraction = digits < 0 ? { maximumFractionDigits: 3 } : { minimumFractionDigits: digits, maximumFractionDigits: digits };
    // A number that is rounded to zero has no sign: "-0.0" is no temperature.
    format = new Intl.NumberFormat(undefined, { ...fraction, signDisplay: "negative" });
    formats.set(digits, format);
  }
  return format.format(value);
}

/** @param {number} value @param {number} [precision] significant digits */
function powerOfTen(value, precision = 6) {
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  return value.toExponential(precision - 1).replace(/\.?0*e\+?/, "e");
}

/** The maximum number of characters that the narrowest tile can show. */
const TILE = 11;

/**
 * The number in at most 11 characters, because a truncated number looks like another number. If the number is too long, its fraction is
 * omitted. If it is still too long, it has a power of ten and three digits.
 * @param {number} value
 * @param {number} [digits]
 */
export function shortNumber(value, digits = -1) {
  const text = number(value, digits);
  if (text.includes("e")) return powerOfTen(value, 3);
  return [text, number(value, 0)].find((candidate) => candidate.length <= TILE) ?? powerOfTen(value, 3);
}

/** `front_door` → `Front door`. @param {string} text */
export function words(text) {
  const spaced = text.replaceAll(/[_-]+/g, " ").trim();
  return spaced === "" ? text : spaced[0].toUpperCase() + spaced.slice(1);
}

/** A JSON value as text on one line. @param {Json | undefined} value */
export function value(value) {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return value;
  return JSON.stringify(value);
}

/** An age as a text that fits on a tile. @param {number} ms */
export function age(ms) {
  const s = Math.floor(ms / 1000);
  if (s < 3) return "now";
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86_400)} d`;
}

/** An age as a text for a sentence. @param {number} ms */
export const ago = (ms) => (ms < 3000 ? "just now" : `${age(ms)} ago`);

/** A duration with its two largest units. @param {number} seconds */
export function duration(seconds) {
  /** @type {[string, number][]} */
  const units = [["d", 86_400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first < 0) return "0 s";
  const [unit, size] = units[first];
  const whole = Math.floor(seconds / size);
  const next = units[first + 1];
  const rest = next ? Math.floor((seconds - whole * size) / next[1]) : 0;
  return rest > 0 ? `${whole} ${unit} ${rest} ${next[0]}` : `${whole} ${unit}`;
}

/** @param {number} count */
export function bytes(count) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let step = 0;
  while (count >= 1000 && step < units.length - 1) {
    count /= 1000;
    step++;
  }
  return `${number(count, step > 0 && count < 100 ? 1 : 0)} ${units[step]}`;
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;

/** The text if it is a time (RFC 3339), otherwise null. @param {Json | undefined} text */
export const instant = (text) => (typeof text === "string" && rfc3339.test(text) && !Number.isNaN(Date.parse(text)) ? text : null);

/** The distance of a time as text, before or after now. @param {number} ms since then; negative before it */
export const away = (ms) => (ms < 0 && age(-ms) !== "now" ? `in ${age(-ms)}` : ago(Math.abs(ms)));

const clockTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayTime = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });
const yearTime = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
const fullTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** The time of day, with the date if it is not today, and with the year if it is not this year. @param {string | number} time */
export function moment(time) {
  const date = new Date(time);
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return clockTime.format(date);
  return (date.getFullYear() === now.getFullYear() ? dayTime : yearTime).format(date);
}

/** @param {string | number} time */
export const fullMoment = (time) => fullTime.format(new Date(time));
