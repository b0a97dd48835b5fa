import { html, type Html } from "../html.ts";
import { hasMistakes, type StepCount } from "./view.ts";

/** What several parts of the page of a class are made of. */

/** A count as a bar, out of the most that there is. */
export function bar(count: number, most: number): Html {
  return html`<svg class="length" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="rail" width="100" height="10" />
    <rect class="bar" width="${(100 * count) / Math.max(1, most)}" height="10" />
  </svg>`;
}

/** A link to what a class got wrong at a step; the text alone if that is nothing. */
export function stepLink(count: StepCount, text: string): Html {
  return hasMistakes(count) ? html`<a href="#step-${count.step.id}">${text}</a>` : html`${text}`;
}
