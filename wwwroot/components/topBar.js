// @ts-check
import { path } from "../router.js";
import { connection } from "../live/live.js";
import { setTheme, theme } from "../theme.js";
import { html } from "../html.js";
import { Icon } from "./icon.js";

/** @param {{href: string, icon: string, label: string, current: boolean}} props */
const NavLink = ({ href, icon, label, current }) => html`
  <a class="nav-link" href=${href} aria-current=${current ? "page" : undefined}><${Icon} name=${icon} size=${18} />${label}</a>
`;

export const TopBar = () => html`
  <header class="topbar">
    <div class="topbar-inner">
      <a class="brand" href="#/" aria-label="AllInOne, home">
        <img src="/favicon.svg" alt="" width="28" height="28" /><span class="brand-name">AllInOne</span>
      </a>
      <nav aria-label="Pages">
        <${NavLink} href="#/" icon="home" label="Home" current=${path.value === "/"} />
        <${NavLink} href="#/load" icon="gauge" label="Load" current=${path.value === "/load"} />
        <${NavLink} href="#/system" icon="tree" label="System" current=${path.value.startsWith("/system")} />
      </nav>
      <${ConnectionState} />
      <${ThemeButton} />
    </div>
  </header>
`;

const statusWords = { connecting: "Connecting", live: "Live", reconnecting: "Reconnecting", offline: "Offline" };

/** Shows by word and colour whether the page is up to date. A screen reader announces each change. */
function ConnectionState() {
  const { status, problem } = connection.value;
  return html`
    <span class="connection" role="status" aria-live="polite" data-status=${status} title=${problem?.message ?? "Changes show as they happen"}>
      ${statusWords[status]}
    </span>
  `;
}

/** @type {{[theme in import("../theme.js").Theme]: {icon: string, label: string, next: import("../theme.js").Theme}}} */
const themes = {
  system: { icon: "auto", label: "Theme: as the system", next: "light" },
  light: { icon: "sun", label: "Theme: light", next: "dark" },
  dark: { icon: "moon", label: "Theme: dark", next: "system" },
};

function ThemeButton() {
  const { icon, label, next } = themes[theme.value];
  return html`
    <button class="icon-button" data-testid="theme" aria-label=${label} title=${label} onClick=${() => setTheme(next)}>
      <${Icon} name=${icon} />
    </button>
  `;
}
