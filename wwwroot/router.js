// @ts-check
// Addresses after the # do not need the server, so any page can be reloaded, linked and bookmarked.
import { signal } from "@preact/signals";

/**
 * @typedef {object} Page
 * @property {(parameters: Record<string, string>) => string} title
 * @property {(root: HTMLElement, parameters: Record<string, string>) => void} mount
 * @property {(root: HTMLElement) => void} unmount
 *
 * @typedef {{pattern: RegExp, page: Page}} Route
 */

/** The part of the address after #. */
export const path = signal("/");

/** @param {string} id */
export const entityHref = (id) => `#/entities/${encodeURIComponent(id)}`;

/** Decodes a text of `encodeURIComponent`; returns the text itself if it is not valid. @param {string} text */
export function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Shows the page of the address, and the next one whenever it changes.
 * @param {HTMLElement} root the parent of the pages
 * @param {Route[]} routes the first that matches wins
 */
export function startRouter(root, routes) {
  /** @type {Page | null} */
  let shown = null;
  /** The scroll position of each page when it was left. @type {Map<string, number>} */
  const scrolled = new Map();
  history.scrollRestoration = "manual";

  const show = () => {
    const left = path.peek();
    // An address that does not begin with #/ is a place within the page, for example of the skip link.
    const address = location.hash.startsWith("#/") ? location.hash.slice(1) : shown === null ? "/" : left;
    if (shown !== null && address === left) return;
    if (shown !== null) {
      scrolled.set(left, scrollY);
      shown.unmount(root);
    }
    path.value = address;
    const route = routes.find(({ pattern }) => pattern.test(address));
    if (route === undefined) throw new Error(`no route for ${address}`);
    const groups = route.pattern.exec(address)?.groups ?? {};
    const parameters = Object.fromEntries(Object.entries(groups).map(([key, text]) => [key, decode(text)]));
    const first = shown === null;
    shown = route.page;
    document.title = `${shown.title(parameters)} · AllInOne`;
    shown.mount(root, parameters);
    scrollTo(0, scrolled.get(address) ?? 0);
    // This takes the users of a keyboard or a screen reader to the new page too.
    if (!first) root.focus({ preventScroll: true });
  };

  // The server returns this page for any path: `/entities/light.hall` means the same as `/#/entities/light.hall`.
  if (location.pathname !== "/") history.replaceState(null, "", `/#${location.pathname}`);
  addEventListener("hashchange", show);
  show();
}
