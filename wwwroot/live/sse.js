// @ts-check
// Server-sent events as a browser reads them (WHATWG), but with the heartbeats and the ids alone visible: they tell that a
// silent stream lives, and that no proxy keeps it back, which EventSource does not show.

/**
 * @typedef {object} Block
 * @property {string} name  of the event; "message" without one
 * @property {string | null} id
 * @property {string | null} data  null for a block that is no event: a heartbeat, or an id alone
 */

/** @returns {(text: string) => Block[]} takes the stream piece by piece, gives the blocks that each piece completes */
export function blockReader() {
  let rest = "";
  /** @type {Block} */
  let block = { name: "message", id: null, data: null };

  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    const complete = [];
    for (const line of lines) {
      const colon = line.indexOf(":");
      const value = line.slice(colon + 1).replace(/^ /, "");
      const field = colon < 0 ? line : line.slice(0, colon);
      if (line === "") {
        complete.push(block);
        block = { name: "message", id: null, data: null };
      } else if (field === "event") block.name = value;
      else if (field === "id") block.id = value;
      else if (field === "data") block.data = block.data === null ? value : `${block.data}\n${value}`;
    }
    return complete;
  };
}
