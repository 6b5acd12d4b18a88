// @ts-check
// Sums and shares of numbers of any size, without an overflow. Pure.

/** The nearest finite number, because JSON may have larger numbers than JavaScript. @param {number} value */
const finite = (value) => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));

/** @param {number[]} values */
export const sum = (values) => values.reduce((total, value) => finite(total + value), 0);

/** @param {number[]} values */
export const mean = (values) => sum(values.map((value) => finite(value) / values.length));

/**
 * The position of a value between two others: 0 at `low`, 1 at `high`, and the middle if both are the same.
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function share(value, low, high) {
  const [from, to] = [finite(low) / 2, finite(high) / 2];
  return from === to ? 0.5 : (finite(value) / 2 - from) / (to - from);
}
