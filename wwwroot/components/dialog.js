// @ts-check
import { useEffect, useRef } from "preact/hooks";
import { html } from "../html.js";

/**
 * A question before an action that cannot be undone. It is the browser's own dialog, which handles focus, Escape and the rest of the page.
 * @param {{title: string, text: string, action: string, onAnswer: (yes: boolean) => void}} props
 */
export function Confirm({ title, text, action, onAnswer }) {
  /** @type {import("preact").RefObject<HTMLDialogElement>} */
  const dialog = useRef(null);
  useEffect(() => dialog.current?.showModal(), []);
  return html`
    <dialog ref=${dialog} aria-labelledby="confirm-title" onClose=${() => onAnswer(dialog.current?.returnValue === "yes")}>
      <form method="dialog">
        <h2 id="confirm-title">${title}</h2>
        <p>${text}</p>
        <div class="actions">
          <button class="button" value="no" autofocus>Cancel</button>
          <button class="button" value="yes" data-primary>${action}</button>
        </div>
      </form>
    </dialog>
  `;
}
