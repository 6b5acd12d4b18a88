// @ts-check
// Runs before the first paint, so that a page with a chosen theme never flashes in the other one.
// A separate classic script, because the policy of the page allows no inline code.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be forbidden. Then the preference of the system decides.
  }
})();
