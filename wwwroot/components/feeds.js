// @ts-check
import { html } from "../html.js";
export const Feeds = (/** @type {any} */ _) => html``;
