// @ts-check
import htm from "htm";
import { h } from "preact";

/** Tagged templates instead of a build step: values become text or properties, never markup. */
export const html = htm.bind(h);
