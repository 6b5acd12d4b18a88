// @ts-check
import { render } from "preact";
import { Icon } from "../components/icon.js";
import { html } from "../html.js";

export const title = () => "Not found";

/**
 * @param {HTMLElement} root
 * @param {Record<string, string>} parameters
 */
export const mount = (root, { address = "" }) =>
  render(
    html`
      <div class="blank">
        <${Icon} name="search" size=${44} />
        <h1>There is no such page</h1>
        <p>Nothing lives at <code>${address}</code>. It may have been renamed, or the link is not whole.</p>
        <a class="button" data-primary href="#/">To the home page</a>
      </div>
    `,
    root,
  );

/** @param {HTMLElement} root */
export const unmount = (root) => render(null, root);
