// @ts-check
import { signal } from "@preact/signals";

/** The current time. It stands still while the page is hidden. */
const now = signal(Date.now());
/** How far the server's clock is ahead of this machine's clock, in ms, because ages are calculated from the server's times. */
const ahead = signal(0);

setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1000);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) now.value = Date.now();
});

/**
 * Uses the Date header of an answer that has just arrived. The header has whole seconds, and an answer takes some time, so only
 * a larger difference between the clocks counts.
 * @param {string | null} date
 */
export function observe(date) {
  const skew = date === null ? 0 : Date.parse(date) - Date.now();
  ahead.value = Math.abs(skew) > 3000 ? skew : 0;
}

/** Milliseconds since a time, negative before it. The value is updated each second. @param {string} time */
export const from = (time) => now.value + ahead.value - Date.parse(time);

/** Milliseconds since a time of the server in the past; never negative. @param {string} time */
export const since = (time) => Math.max(0, from(time));
