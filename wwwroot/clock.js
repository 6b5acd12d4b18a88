// @ts-check
import { signal } from "@preact/signals";

/** The time now; stands still while nobody looks. */
const now = signal(Date.now());
/** How far the server's clock is ahead of this machine's, in ms: ages compare the server's times. */
const ahead = signal(0);

setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1000);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) now.value = Date.now();
});

/**
 * The Date header of an answer just received. It has whole seconds, and answers take a while: only a clock that
 * is truly off counts.
 * @param {string | null} date
 */
export function observe(date) {
  const skew = date === null ? 0 : Date.parse(date) - Date.now();
  ahead.value = Math.abs(skew) > 3000 ? skew : 0;
}

/** Milliseconds since a time, negative before it; renews itself each second. @param {string} time */
export const from = (time) => now.value + ahead.value - Date.parse(time);

/** The same of a server's time, which lies in the past: never negative. @param {string} time */
export const since = (time) => Math.max(0, from(time));
