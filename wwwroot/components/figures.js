// @ts-check
import { html } from "../html.js";
export const keepTrails = (/** @type {any} */ _) => {};
export const Figures = (/** @type {any} */ _) => html``;
