// @ts-check
import { since } from "../../clock.js";
import { age, number, words } from "../../format.js";
import { html } from "../../html.js";

const tones = new Map(Object.entries({ blocked: "caution", burning: "bad", demoted: "caution" }));

/**
 * The threads that run the actors, and the messages that block a replaced thread.
 * @param {{scheduler: import("../../api.js").Scheduler}} props
 */
export const HeldUpMessages = ({ scheduler }) => html`
  <section class="panel" aria-labelledby="held-up">
    <h2 id="held-up">Held up threads</h2>
    <p class="counters">
      <span><b>${number(scheduler.workers)}</b> ${scheduler.workers === 1 ? "scheduler" : "schedulers"}</span>
      <span><b>${number(scheduler.threads)}</b> of at most <b>${number(scheduler.maxThreads)}</b> threads</span>
      <span><b>${number(scheduler.queued)}</b> actors queued</span>
    </p>
    ${scheduler.heldUp.length === 0 && html`<p class="none">No message blocks a thread.</p>`}
    <ul class="top">
      ${scheduler.heldUp.map(
        (held) => html`
          <li key=${`${held.path} ${held.since}`} class="top-row" data-held=${held.path}>
            <span class="top-name"><b>${held.path}</b> <small>${held.type}</small></span>
            <span class="actor-facts">
              <span>${held.message ? words(held.message) : "Starting"} for ${age(since(held.since))}</span>
              <span>${number(held.cpuMs / 1000, 1)} s of processor</span>
              <span class="badge" data-tone=${tones.get(held.state) ?? "neutral"}>${words(held.state)}</span>
              ${held.abandoned && html`<span class="badge" data-tone="neutral">Abandoned</span>`}
            </span>
          </li>
        `,
      )}
    </ul>
  </section>
`;
