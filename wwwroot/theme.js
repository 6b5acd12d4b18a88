// @ts-check
import { signal } from "@preact/signals";

/** @typedef {"system" | "light" | "dark"} Theme */

/** @returns {Theme} */
function stored() {
  const theme = document.documentElement.dataset.theme; // set by boot.js
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** The chosen theme. It is stored only in this browser. */
export const theme = signal(stored());

/** @param {Theme} chosen */
export function setTheme(chosen) {
  theme.value = chosen;
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  try {
    if (chosen === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", chosen);
  } catch {
    // Without storage, the choice lasts until the page is closed.
  }
}
