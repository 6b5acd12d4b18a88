// @ts-check
// Addresses behind the # need nothing of the server: any page can be reloaded, linked and kept.
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

/** What `encodeURIComponent` has encoded; the text itself where it is not whole. @param {string} text */
export function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Shows the page of the address, and the next one whenever it changes.
 * @param {HTMLElement} root where pages go
 * @param {Route[]} routes the first that matches wins
 */
export function startRouter(root, routes) {
  /** @type {Page | null} */
  let shown = null;
  /** Where each page was scrolled to when it was left. @type {Map<string, number>} */
  const scrolled = new Map();
  history.scrollRestoration = "manual";

  const show = () => {
    const left = path.peek();
    // What does not begin with #/ is a place within the page, as the skip link's.
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
    // Who uses a keyboard or a screen reader is taken to the new page as well.
    if (!first) root.focus({ preventScroll: true });
  };

  // The server gives this page for any path; `/entities/light.hall` is as good as `/#/entities/light.hall`.
  if (location.pathname !== "/") history.replaceState(null, "", `/#${location.pathname}`);
  addEventListener("hashchange", show);
  show();
}
