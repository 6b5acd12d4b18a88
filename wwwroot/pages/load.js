// @ts-check
// The demo of the talk: very many small actors, a crash, an endless calculation, and a system that continues.
import { signal } from "@preact/signals";
import { render } from "preact";
import { Problem, getLoad, getScheduler, restartActor, setLoad, setScheduler, stopActor, topActors } from "../api.js";
import { Amount } from "../components/load/amount.js";
import { PageBoundary } from "../components/boundary.js";
import { Confirm } from "../components/dialog.js";
import { HeldUpMessages } from "../components/load/heldUp.js";
import { ProblemNotice } from "../components/notice.js";
import { RollingChart, roundUp, smooth } from "../components/charts/rollingChart.js";
import { Sums } from "../components/load/sums.js";
import { TopActors } from "../components/load/topActors.js";
import { number } from "../format.js";
import { html } from "../html.js";

/** @typedef {import("../api.js").TopBy} TopBy */

const CHART_MS = 250;
const WINDOW_SECONDS = 1;
const TOP_SHOWN = 8;
const WORKERS_MAX = 1_000_000;
const WORKERS_SLIDER_MAX = 100_000;
const WORKERS_PRESETS = [0, 1_000, 10_000, 50_000, 100_000];

const load = signal(/** @type {import("../api.js").Load | null} */ (null));
const scheduler = signal(/** @type {import("../api.js").SchedulerSetting | null} */ (null));
const top = signal(/** @type {import("../api.js").TopActor[]} */ ([]));
const by = signal(/** @type {TopBy} */ ("busy"));
const settingWorkers = signal(false);
const settingSchedulers = signal(false);
const problem = signal(/** @type {Problem | null} */ (null));
const asked = signal(/** @type {{action: "restart" | "stop", path: string} | null} */ (null));
/** The result of the last action. */
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
    [load.value, scheduler.value] = await Promise.all([getLoad(ended), getScheduler(ended)]);
  });
  void repeat(mounted.signal, CHART_MS, readTop);
}

/** @param {HTMLElement} root */
export function unmount(root) {
  mounted?.abort();
  render(null, root);
}

/**
 * Calls `look` repeatedly while the page is visible. A hidden page waits.
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
  const found = await topActors({ by: order, seconds: WINDOW_SECONDS, limit: TOP_SHOWN }, ended);
  if (order === by.peek()) top.value = found.items;
}

/** @param {TopBy} order */
function orderBy(order) {
  if (order === by.peek()) return;
  by.value = order;
  top.value = [];
}

/**
 * @param {import("@preact/signals").Signal<boolean>} busy
 * @param {() => Promise<void>} change
 */
async function set(busy, change) {
  busy.value = true;
  try {
    await change();
    said.value = "";
  } catch (error) {
    said.value = Problem.from(error).message;
  } finally {
    busy.value = false;
  }
}

/** @param {number} workers */
const setWorkers = (workers) =>
  set(settingWorkers, async () => {
    load.value = await setLoad(workers);
  });

/** @param {number} workers */
const setSchedulers = (workers) =>
  set(settingSchedulers, async () => {
    scheduler.value = await setScheduler(workers);
  });

/** The presets: one worker, and half, all and twice the cores. @param {number} max */
const schedulerPresets = (max) => [...new Set([1, Math.ceil(max / 4), Math.ceil(max / 2), max])];

/** @param {boolean} yes */
async function answer(yes) {
  const what = asked.peek();
  asked.value = null;
  if (!yes || what === null) return;
  try {
    await (what.action === "stop" ? stopActor : restartActor)(what.path);
    said.value = `A ${what.action} of ${what.path} was requested.`;
  } catch (error) {
    said.value = Problem.from(error).message;
  }
}

/** The scale for the whole minute and for the expected rate, so that it does not jump. @param {number} workers @param {number[]} rates */
const scaleOf = (workers, rates) => roundUp(Math.max(10, workers * 1.1, ...rates));

function LoadPage() {
  const [seen, threads] = [load.value, scheduler.value];
  const rates = smooth(seen?.successesPerSecond ?? []);
  return html`
    <header class="page-head"><h1>Load</h1></header>
    ${problem.value && html`<${ProblemNotice} problem=${problem.value} />`}
    <p class="said" role="status">${said.value}</p>
    ${seen &&
    html`
      <div class="pair">
        <${Amount} name="Workers" count=${seen.workers} text=${`${seen.workers === 1 ? "actor does" : "actors do"} a small job once a second`}
          min=${0} max=${WORKERS_MAX} sliderMax=${WORKERS_SLIDER_MAX} step=${1000} presets=${WORKERS_PRESETS} busy=${settingWorkers.value} onSet=${setWorkers} />
        ${threads &&
        html`<${Amount} name="Schedulers" count=${threads.workers} text=${`${threads.workers === 1 ? "thread runs" : "threads run"} the actors`}
          min=${1} max=${threads.maxWorkers} sliderMax=${threads.maxWorkers} step=${1} presets=${schedulerPresets(threads.maxWorkers)} busy=${settingSchedulers.value} onSet=${setSchedulers} />`}
      </div>
      <div class="pair">
        <${RollingChart} title="Jobs per second" values=${rates} top=${scaleOf(seen.workers, rates)} text=${(/** @type {number} */ v) => number(v, 0)} tone="accent" />
        <${RollingChart} title="Processor" values=${smooth(seen.cpu)} top=${1} text=${(/** @type {number} */ v) => `${number(v * 100, 0)} %`} tone="motion" />
      </div>
    `}
    <${Sums} />
    <${TopActors} actors=${top.value} by=${by.value} onOrder=${orderBy} onAct=${(/** @type {"restart" | "stop"} */ action, /** @type {string} */ path) => (asked.value = { action, path })} />
    ${threads && html`<${HeldUpMessages} scheduler=${threads} />`}
    ${asked.value !== null && html`<${Confirm} ...${question(asked.value)} onAnswer=${answer} />`}
  `;
}

/** @param {{action: "restart" | "stop", path: string}} what */
const question = ({ action, path }) =>
  action === "stop"
    ? { title: `Stop ${path}?`, text: "It ends after its message in hand; if that does not end, it is left alone with it. What waits for it is lost.", action: "Stop" }
    : { title: `Restart ${path}?`, text: "It stops between two messages and starts again from where its state is kept. What waits for it is not lost.", action: "Restart" };
