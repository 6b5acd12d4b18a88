// @ts-check
import { useEffect, useErrorBoundary, useRef } from "preact/hooks";
import { html } from "../html.js";
import { Icon } from "./icon.js";

/**
 * Catches an error of its children, so that the rest of the page stays. Draws them again when `about` changes.
 * @param {{about?: unknown, plain: import("preact").ComponentChild, children?: import("preact").ComponentChildren}} props
 *   about: the data of the children; plain: the replacement for them
 */
export function Boundary({ about, plain, children }) {
  const [failure, retry] = useErrorBoundary((error) => console.error(error));
  const drawn = useRef(about);
  if (failure === undefined) drawn.current = about;
  useEffect(() => {
    if (failure !== undefined && drawn.current !== about) retry();
  }, [about]);
  return failure === undefined ? children : plain;
}

/** The boundary of a whole page. @param {{children?: import("preact").ComponentChildren}} props */
export const PageBoundary = ({ children }) => html`
  <${Boundary} plain=${html`
    <div class="blank" role="alert">
      <${Icon} name="alert" size=${44} />
      <h1>This page cannot be shown</h1>
      <p>The browser's console has the error. The other pages work.</p>
    </div>
  `}>${children}<//>
`;
