import { html, nothing, type TemplateResult } from "lit-html";
import type { Asked } from "./state.ts";

/** An answer of the coach, or that it is awaited, or why there is none. */
export function askedView<X>(asked: Asked<X>, waiting: string, view: (answer: X) => TemplateResult): TemplateResult {
  switch (asked.is) {
    case "running":
      return html`<p class="quiet">${waiting}</p>`;
    case "failed":
      return html`<p class="problem">${asked.why}</p>`;
    case "answered":
      return view(asked.answer);
  }
}

/** A button that asks the coach; while an answer is awaited it keeps the focus and does nothing. */
export function askButton(text: string, asked: Asked<unknown> | undefined, ask: () => void): TemplateResult {
  const isRunning = asked?.is === "running";
  return html`<button
    type="button"
    class="primary"
    aria-disabled=${isRunning ? "true" : nothing}
    @click=${() => isRunning || ask()}
  >
    ${text}
  </button>`;
}
