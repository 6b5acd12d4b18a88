// @ts-check
import { html } from "../../html.js";
import { share } from "../../numbers.js";

/**
 * Points of a curve in a box of `width` × `height`, the newest at the right.
 * @param {number[]} values
 * @param {number} width
 * @param {number} height
 */
function points(values, width, height) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const step = width / (values.length - 1);
  return values.map((v, i) => {
    const y = height - 2 - share(v, low, high) * (height - 6);
    return `${(i * step).toFixed(1)},${y.toFixed(1)}`;
  });
}

/**
 * The shape of the last values, without a scale. It is a decoration beside the number.
 * @param {{values: number[]}} props
 */
export function Spark({ values }) {
  if (values.length < 4) return null;
  const line = points(values, 100, 40);
  return html`
    <svg class="spark" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true">
      <polygon class="fill" points=${`0,40 ${line.join(" ")} 100,40`} />
      <polyline class="line" points=${line.join(" ")} />
    </svg>
  `;
}
