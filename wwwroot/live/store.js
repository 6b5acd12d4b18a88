// @ts-check
// The entities as the page knows them. There is one signal per entity, so a change of one entity renders one tile.
import { batch, signal } from "@preact/signals";

/**
 * @typedef {import("../api.js").Entity} Entity
 * @typedef {import("../api.js").LiveEvent} LiveEvent
 *
 * @typedef {object} Cell
 * @property {string} id
 * @property {import("@preact/signals").Signal<Entity>} entity
 * @property {import("@preact/signals").Signal<number>} flashes  state changes that its tile shows by a flash
 * @property {number[]} trail  the last numeric states seen, all in the present unit, oldest first
 */

const TRAIL_LENGTH = 40;
/** If more entities than this change in a second, none of them flashes: no flash would be noticed, and flashes cost the most to paint. */
const FLASHES_PER_SECOND = 40;

/** @type {Map<string, Cell>} */
const cells = new Map();
/** The newest known version of each entity, rendered or not. @type {Map<string, number>} */
const versions = new Map();
/** The changes since the last frame; null = deleted. At most one entry per entity. @type {Map<string, Entity | null>} */
const pending = new Map();
let frame = 0;

/** Increases when entities are added, removed or moved to another place of the page, but not when a state changes. */
export const structure = signal(0);
/** False until the first snapshot has arrived. */
export const loaded = signal(false);

/** @param {string} id */
export const cellOf = (id) => cells.get(id);

/** @returns {Iterable<Cell>} */
export const allCells = () => cells.values();

/** The place of an entity on the page. When it changes, the page needs a new layout. @param {Entity} e */
const place = (e) => `${e.area ?? ""}\n${e.name ?? ""}\n${e.class ?? ""}\n${e.unit ?? ""}`;

/**
 * Replaces all entities by a snapshot. Entities that are not in it are removed.
 * @param {Entity[]} entities
 */
export function replaceAll(entities) {
  pending.clear();
  versions.clear();
  const ids = new Set(entities.map((e) => e.id));
  for (const id of cells.keys()) if (!ids.has(id)) pending.set(id, null);
  for (const entity of entities) {
    versions.set(entity.id, entity.version);
    pending.set(entity.id, entity);
  }
  flush();
  loaded.value = true;
}

/**
 * Applies events in the order of their numbers. Skips an event that the snapshot already contains (by version).
 * @param {LiveEvent[]} events
 */
export function applyEvents(events) {
  for (const event of events) {
    const id = event.topic.slice("entities/".length);
    if (id.includes("/")) continue; // a command for a device is not its state
    if (event.type === "deleted" || event.data === null) {
      versions.delete(id);
      pending.set(id, null);
    } else if (event.data.version > (versions.get(id) ?? -1)) {
      versions.set(id, event.data.version);
      pending.set(id, event.data);
    }
  }
  // A hidden page gets no frames. Its changes are collected here, one per entity, and are shown when the page is visible again.
  if (pending.size > 0 && frame === 0) frame = requestAnimationFrame(flush);
}

function flush() {
  cancelAnimationFrame(frame);
  frame = 0;
  batch(() => {
    let moved = false;
    for (const [id, entity] of pending) moved = (entity === null ? cells.delete(id) : put(entity)) || moved;
    pending.clear();
    if (moved) structure.value++;
  });
}

/**
 * @param {Entity} entity
 * @returns {boolean} whether the page needs a new layout
 */
function put(entity) {
  const cell = cells.get(entity.id);
  if (cell === undefined) {
    const trail = typeof entity.state === "number" ? [entity.state] : [];
    cells.set(entity.id, { id: entity.id, entity: signal(entity), flashes: signal(0), trail });
    return true;
  }
  const before = cell.entity.peek();
  if (before.version === entity.version && before.updated === entity.updated) return false;
  const moved = before.changed !== entity.changed;
  const converted = before.unit !== entity.unit;
  if (converted) cell.trail = [];
  if ((moved || converted) && typeof entity.state === "number") cell.trail = [...cell.trail.slice(1 - TRAIL_LENGTH), entity.state];
  if (moved && mayFlash()) cell.flashes.value++;
  cell.entity.value = entity;
  return place(before) !== place(entity);
}

let second = 0;
let flashes = 0;
let calm = true;

function mayFlash() {
  const now = Math.floor(performance.now() / 1000);
  if (now !== second) {
    calm = now > second + 1 || flashes <= FLASHES_PER_SECOND;
    second = now;
    flashes = 0;
  }
  return ++flashes <= FLASHES_PER_SECOND && calm;
}
