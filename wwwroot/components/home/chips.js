// @ts-check
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { number } from "../../format.js";
import { html } from "../../html.js";
import { binary, kindOf } from "../../kinds.js";
import { allCells, structure } from "../../live/store.js";
import { sum } from "../../numbers.js";
import { Icon } from "../icon.js";
import { phaseOf } from "./match.js";

/** @type {Map<string, string>} */
export const groupLabels = new Map(Object.entries({
  matches: "Matches",
  climate: "Climate",
  lights: "Lights",
  doors: "Doors",
  motion: "Motion",
  power: "Power",
  other: "Other",
}));

/** @type {Map<string, {icon: string, tone: string}>} */
const looks = new Map(Object.entries({
  matches: { icon: "ball", tone: "accent" },
  climate: { icon: "thermometer", tone: "warm" },
  lights: { icon: "bulb", tone: "light" },
  doors: { icon: "door", tone: "door" },
  motion: { icon: "motion", tone: "motion" },
  power: { icon: "bolt", tone: "power" },
  other: { icon: "chart", tone: "neutral" },
}));

/** @typedef {{group: string, count: number, active: number, total: number}} Tally */

/** The tallies of all entities, calculated at most twice a second. With a thousand entities, a calculation for each event would cost too much. */
const tallies = signal(/** @type {Tally[]} */ ([]));

function tally() {
  /** @type {Map<string, Tally>} */
  const by = new Map();
  for (const { entity } of allCells()) {
    const e = entity.peek();
    const kind = kindOf(e);
    const t = by.get(kind.group) ?? { group: kind.group, count: 0, active: 0, total: 0 };
    by.set(kind.group, t);
    t.count++;
    if (kind.group === "matches" ? phaseOf(e) !== "over" && phaseOf(e) !== "ahead" : binary(e.state)) t.active++;
    if (e.class === "power" && typeof e.state === "number") t.total = sum([t.total, e.state]);
  }
  const next = [...groupLabels.keys()].flatMap((group) => by.get(group) ?? []);
  if (JSON.stringify(next) !== JSON.stringify(tallies.peek())) tallies.value = next;
}

/** The number of a group as text: how many are on, open or live, or their power. @param {Tally} t */
function words(t) {
  if (t.group === "lights") return `${number(t.active)} on`;
  if (t.group === "doors") return `${number(t.active)} open`;
  if (t.group === "motion") return number(t.active);
  if (t.group === "matches") return `${number(t.active)} live`;
  if (t.group === "power" && t.total > 0) return t.total < 10_000 ? `${number(t.total, 0)} W` : `${number(t.total / 1000, 1)} kW`;
  return number(t.count);
}

/**
 * The groups of the existing entities. One group may be selected.
 * @param {{group: import("@preact/signals").Signal<string | null>}} props
 */
export function Chips({ group }) {
  structure.value;
  useEffect(() => {
    tally();
    const timer = setInterval(() => document.hidden || tally(), 500);
    return () => clearInterval(timer);
  }, []);
  if (tallies.value.length < 2) return null;
  return html`
    <div class="chips" role="group" aria-label="Show only">
      ${tallies.value.map(
        (t) => html`
          <button
            key=${t.group}
            class="chip"
            data-tone=${looks.get(t.group)?.tone}
            aria-pressed=${group.value === t.group}
            onClick=${() => (group.value = group.value === t.group ? null : t.group)}
          >
            <${Icon} name=${looks.get(t.group)?.icon} size=${17} />${groupLabels.get(t.group)} <strong>${words(t)}</strong>
          </button>
        `,
      )}
    </div>
  `;
}
