// @ts-check
// Runs before the first paint, so that a chosen theme never flashes the other one.
// A classic script of its own: the page's policy allows no inline code.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; the system's preference then decides.
  }
})();
