// @ts-check
// What the page knows of the entities. One signal per entity: a change of one renders one tile.
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
/** When more than this change in a second none of them flashes: nothing would stand out, and painting it costs most. */
const FLASHES_PER_SECOND = 40;

/** @type {Map<string, Cell>} */
const cells = new Map();
/** The newest version known of each entity, rendered or not yet. @type {Map<string, number>} */
const versions = new Map();
/** What came since the last frame; null = deleted. At most one entry per entity. @type {Map<string, Entity | null>} */
const pending = new Map();
let frame = 0;

/** Grows when entities come, go, or move to another place of the page; not when a state changes. */
export const structure = signal(0);
/** False until the first snapshot is in. */
export const loaded = signal(false);

/** @param {string} id */
export const cellOf = (id) => cells.get(id);

/** @returns {Iterable<Cell>} */
export const allCells = () => cells.values();

/** Where an entity stands on the page; when this changes the page is laid out anew. @param {Entity} e */
const place = (e) => `${e.area ?? ""}\n${e.name ?? ""}\n${e.class ?? ""}\n${e.unit ?? ""}`;

/**
 * A snapshot takes the place of everything known; what is not in it is gone.
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
 * Events in the order of their numbers. One that the snapshot already holds (by version) is passed over.
 * @param {LiveEvent[]} events
 */
export function applyEvents(events) {
  for (const event of events) {
    const id = event.topic.slice("entities/".length);
    if (id.includes("/")) continue; // commands for a device are no state of it
    if (event.type === "deleted" || event.data === null) {
      versions.delete(id);
      pending.set(id, null);
    } else if (event.data.version > (versions.get(id) ?? -1)) {
      versions.set(id, event.data.version);
      pending.set(id, event.data);
    }
  }
  // A hidden page gets no frames: its changes gather here, one per entity, and show when it is looked at again.
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
 * @returns {boolean} whether the page has to be laid out anew
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
