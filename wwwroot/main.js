// @ts-check
// The contents page: all pages and their addresses.
import { render } from "preact";
import { TopBar } from "./components/topBar.js";
import { html } from "./html.js";
import { startLive } from "./live/live.js";
import * as entity from "./pages/entity.js";
import * as home from "./pages/home.js";
import * as load from "./pages/load.js";
import * as notFound from "./pages/notFound.js";
import * as system from "./pages/system.js";
import { startRouter } from "./router.js";

const app = /** @type {HTMLElement} */ (document.getElementById("app"));
app.replaceChildren();
render(html`<${TopBar} /><main id="main" tabindex="-1"></main>`, app);

startRouter(/** @type {HTMLElement} */ (document.getElementById("main")), [
  { pattern: /^\/$/, page: home },
  { pattern: /^\/entities\/(?<id>[^/]+)$/, page: entity },
  { pattern: /^\/load$/, page: load },
  { pattern: /^\/system$/, page: system },
  { pattern: /^(?<address>.*)$/s, page: notFound },
]);
startLive();
