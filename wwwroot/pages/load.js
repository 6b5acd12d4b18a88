// @ts-check
// The talk's demo: very many small actors, a crash, an endless calculation, and a system that does not mind.
import { signal } from "@preact/signals";
import { render } from "preact";
import { Problem, getLoad, getSystem, restartActor, setLoad, stopActor, topActors } from "../api.js";
import { PageBoundary } from "../components/boundary.js";
import { Confirm } from "../components/dialog.js";
import { HeldUpMessages } from "../components/heldUp.js";
import { ProblemNotice } from "../components/notice.js";
import { RollingChart, roundUp, smooth } from "../components/rollingChart.js";
import { Sums } from "../components/sums.js";
import { TopActors } from "../components/topActors.js";
import { Workers } from "../components/workers.js";
import { number } from "../format.js";
import { html } from "../html.js";

/** @typedef {import("../api.js").TopBy} TopBy */

const CHART_MS = 250;
const WINDOW_SECONDS = 1;
const TOP_SHOWN = 8;

const load = signal(/** @type {import("../api.js").Load | null} */ (null));
const scheduler = signal(/** @type {import("../api.js").Scheduler | null} */ (null));
const top = signal(/** @type {import("../api.js").TopActor[]} */ ([]));
const by = signal(/** @type {TopBy} */ ("busy"));
const setting = signal(false);
const problem = signal(/** @type {Problem | null} */ (null));
const asked = signal(/** @type {{action: "restart" | "stop", path: string} | null} */ (null));
/** What became of the last thing asked for. */
const said = signal("");

/** @type {AbortController | null} */
let mounted = null;

export const title = () => "Load";

/** @param {HTMLElement} root */
export function mount(root) {
  mounted = new AbortController();
  said.value = "";
  render(html`<${PageBoundary}><${LoadPage} /><//>`, root);
  void repeat(mounted.signal, CHART_MS, async (ended) => {
    load.value = await getLoad(ended);
  });
  void repeat(mounted.signal, CHART_MS, readTop);
}

/** @param {HTMLElement} root */
export function unmount(root) {
  mounted?.abort();
  render(null, root);
}

/**
 * Again and again while the page is looked at; a hidden one waits.
 * @param {AbortSignal} ended
 * @param {number} pause
 * @param {(ended: AbortSignal) => Promise<void>} look
 */
async function repeat(ended, pause, look) {
  while (!ended.aborted) {
    try {
      if (!document.hidden) {
        await look(ended);
        problem.value = null;
      }
    } catch (error) {
      if (!ended.aborted) problem.value = Problem.from(error);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** @param {AbortSignal} ended */
async function readTop(ended) {
  const order = by.peek();
  const [found, system] = await Promise.all([topActors({ by: order, seconds: WINDOW_SECONDS, limit: TOP_SHOWN }, ended), getSystem(ended)]);
  scheduler.value = system.scheduler;
  if (order === by.peek()) top.value = found.items;
}

/** @param {TopBy} order */
function orderBy(order) {
  if (order === by.peek()) return;
  by.value = order;
  top.value = [];
}

/** @param {number} workers */
async function setWorkers(workers) {
  setting.value = true;
  try {
    load.value = await setLoad(workers);
    said.value = "";
  } catch (error) {
    said.value = Problem.from(error).message;
  } finally {
    setting.value = false;
  }
}

/** @param {boolean} yes */
async function answer(yes) {
  const what = asked.peek();
  asked.value = null;
  if (!yes || what === null) return;
  try {
    await (what.action === "stop" ? stopActor : restartActor)(what.path);
    said.value = `${what.path} was told to ${what.action}.`;
  } catch (error) {
    said.value = Problem.from(error).message;
  }
}

/** Of the whole minute and of what is to be expected, so that the scale does not jump. @param {number} workers @param {number[]} rates */
const scaleOf = (workers, rates) => roundUp(Math.max(10, workers * 1.1, ...rates));

function LoadPage() {
  const seen = load.value;
  const rates = smooth(seen?.successesPerSecond ?? []);
  return html`
    <header class="page-head"><h1>Load</h1></header>
    ${problem.value && html`<${ProblemNotice} problem=${problem.value} />`}
    <p class="said" role="status">${said.value}</p>
    ${seen &&
    html`
      <${Workers} count=${seen.workers} busy=${setting.value} onSet=${setWorkers} />
      <div class="rolling-pair">
        <${RollingChart} title="Jobs per second" values=${rates} top=${scaleOf(seen.workers, rates)} text=${(/** @type {number} */ v) => number(v, 0)} tone="accent" />
        <${RollingChart} title="Processor" values=${smooth(seen.cpu)} top=${1} text=${(/** @type {number} */ v) => `${number(v * 100, 0)} %`} tone="motion" />
      </div>
    `}
    <${Sums} />
    <${TopActors} actors=${top.value} by=${by.value} onOrder=${orderBy} onAct=${(/** @type {"restart" | "stop"} */ action, /** @type {string} */ path) => (asked.value = { action, path })} />
    ${scheduler.value && html`<${HeldUpMessages} scheduler=${scheduler.value} />`}
    ${asked.value !== null && html`<${Confirm} ...${question(asked.value)} onAnswer=${answer} />`}
  `;
}

/** @param {{action: "restart" | "stop", path: string}} what */
const question = ({ action, path }) =>
  action === "stop"
    ? { title: `Stop ${path}?`, text: "It ends after its message in hand; if that does not end, it is left alone with it. What waits for it is lost.", action: "Stop" }
    : { title: `Restart ${path}?`, text: "It stops between two messages and starts again from where its state is kept. What waits for it is not lost.", action: "Restart" };
