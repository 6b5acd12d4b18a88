// @ts-check
import { batch, signal } from "@preact/signals";
import { render } from "preact";
import { Problem, getSystem, listActors, restartActor } from "../api.js";
import { ActorTree } from "../components/system/actorTree.js";
import { PageBoundary } from "../components/boundary.js";
import { Confirm } from "../components/dialog.js";
import { Feeds } from "../components/system/feeds.js";
import { Figures, remember } from "../components/system/figures.js";
import { ProblemNotice } from "../components/notice.js";
import { Writers } from "../components/system/writers.js";
import { html } from "../html.js";

/** @typedef {import("../components/system/actorTree.js").Branch} Branch */

const ROOT = "/user";
const REFRESH_MS = 2000;
const CHILDREN_SHOWN = 100;
/** Actors with at most this many children are open at first. Thousands of entities are not. */
const OPENED_UP_TO = 12;

const system = signal(/** @type {import("../api.js").System | null} */ (null));
const branches = signal(/** @type {Map<string, Branch>} */ (new Map()));
const open = signal(/** @type {Set<string>} */ (new Set([ROOT])));
/** The actors that the user has opened or closed; they stay so. @type {Set<string>} */
const chosen = new Set();
const problem = signal(/** @type {Problem | null} */ (null));
const asked = signal(/** @type {string | null} */ (null));
/** The result of the last restart. */
const said = signal("");

/** @type {AbortController | null} */
let mounted = null;

export const title = () => "System";

/** @param {HTMLElement} root */
export function mount(root) {
  mounted = new AbortController();
  said.value = "";
  render(html`<${PageBoundary}><${SystemPage} /><//>`, root);
  void keepFresh(mounted.signal);
}

/** @param {HTMLElement} root */
export function unmount(root) {
  mounted?.abort();
  render(null, root);
}

/** Reads the page repeatedly while it is visible. A hidden page waits. @param {AbortSignal} ended */
async function keepFresh(ended) {
  while (!ended.aborted) {
    if (!document.hidden) await refresh(ended);
    await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
  }
}

/** @param {AbortSignal} ended */
async function refresh(ended) {
  try {
    const [figures, found] = await Promise.all([getSystem(ended), readTree(ended)]);
    batch(() => {
      remember(figures);
      system.value = figures;
      branches.value = found;
      problem.value = null;
    });
  } catch (error) {
    if (!ended.aborted) problem.value = Problem.from(error);
  }
}

/**
 * Reads only the opened actors, one level at a time.
 * @param {AbortSignal} ended
 * @returns {Promise<Map<string, Branch>>}
 */
async function readTree(ended) {
  /** @type {Map<string, Branch>} */
  const found = new Map();
  let level = [ROOT];
  while (level.length > 0) {
    const read = await Promise.all(level.map((path) => readBranch(path, ended)));
    level.forEach((path, i) => found.set(path, read[i]));
    const below = read.flatMap((branch) => branch.actors).filter((actor) => actor.children > 0);
    for (const { path, children } of below) if (!chosen.has(path)) children <= OPENED_UP_TO ? open.peek().add(path) : open.peek().delete(path);
    level = below.map((actor) => actor.path).filter((path) => open.peek().has(path));
  }
  return found;
}

/** @param {string} path @param {AbortSignal} ended @returns {Promise<Branch>} */
async function readBranch(path, ended) {
  try {
    const { items, next } = await listActors({ path, depth: 1, limit: CHILDREN_SHOWN }, ended);
    const actors = items.filter((actor) => actor.path.slice(0, actor.path.lastIndexOf("/")) === path);
    return { actors, more: next !== null };
  } catch (error) {
    // The actor may have stopped since its parent was read.
    if (error instanceof Problem && error.status === 404) return { actors: [], more: false };
    throw error;
  }
}

/** @param {string} path */
function toggle(path) {
  const next = new Set(open.peek());
  chosen.add(path);
  if (!next.delete(path)) next.add(path);
  open.value = next;
  if (next.has(path) && mounted) void refresh(mounted.signal);
}

/** @param {boolean} yes */
async function answer(yes) {
  const path = asked.peek();
  asked.value = null;
  if (!yes || path === null) return;
  try {
    await restartActor(path);
    said.value = `A restart of ${path} was requested.`;
  } catch (error) {
    said.value = Problem.from(error).message;
  }
  if (mounted) void refresh(mounted.signal);
}

function SystemPage() {
  return html`
    <header class="page-head"><h1>System</h1></header>
    ${problem.value && html`<${ProblemNotice} problem=${problem.value} />`}
    ${system.value && html`<${Figures} system=${system.value} /><${Feeds} feeds=${system.value.feeds} /><${Writers} writers=${system.value.writers} />`}
    ${system.value === null && !problem.value && html`<p class="none">Reading the system …</p>`}
    ${system.value &&
    html`<section class="panel" aria-labelledby="tree">
      <h2 id="tree">Supervision tree</h2>
      <p class="said" role="status">${said.value}</p>
      <${ActorTree} path=${ROOT} branches=${branches.value} open=${open.value} onToggle=${toggle} onRestart=${(/** @type {string} */ path) => (asked.value = path)} top=${true} />
    </section>`}
    ${asked.value !== null &&
    html`
      <${Confirm}
        title=${`Restart ${asked.value}?`}
        text="It stops between two messages and starts again from where its state is kept. What waits for it is not lost."
        action="Restart"
        onAnswer=${answer}
      />
    `}
  `;
}
