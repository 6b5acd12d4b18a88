// @ts-check
// Whether the page is shown. A page that was left may be kept in the browser's back/forward cache. It must hold no connection there,
// because the pages of one server share six of them.

let leaving = new AbortController();
/** @type {Promise<void>} */
let shown = Promise.resolve();
let show = () => {};

addEventListener("pagehide", () => {
  shown = new Promise((resolve) => (show = resolve));
  leaving.abort(new DOMException("The page was left", "AbortError"));
});
addEventListener("pageshow", () => {
  if (!leaving.signal.aborted) return;
  leaving = new AbortController();
  show();
});

/** Aborted when the page is left. */
export const leavingSignal = () => leaving.signal;

/** Fulfilled while the page is shown, or when it is shown again. */
export const whenShown = () => shown;
