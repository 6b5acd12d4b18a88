// @ts-check
import { useSignal } from "@preact/signals";
import { html } from "../../html.js";
import { Icon } from "../icon.js";

/** A command to copy into a terminal. @param {{text: string}} props */
export function Command({ text }) {
  const copied = useSignal(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    copied.value = true;
    setTimeout(() => (copied.value = false), 2000);
  };
  return html`
    <div class="command">
      <pre><code>${text}</code></pre>
      <button class="icon-button" aria-label=${copied.value ? "Copied" : "Copy the command"} title="Copy" onClick=${copy}>
        <${Icon} name=${copied.value ? "check" : "copy"} size=${18} />
      </button>
    </div>
  `;
}
