import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import type { Actions } from "./actions.ts";
import { hashOf } from "./route.ts";
import type { State } from "./state.ts";

/** The page with a ladder: the network's, or a single step's. */
export function ladderPage(state: State, step: string | undefined, actions: Actions): TemplateResult {
  return html`<article class="ladder-page">
    <h1>${step === undefined ? "The ladder" : html`The ladder of <code>${step}</code>`}</h1>
    <p class="quiet">
      One row per line of the forward pass, from top to bottom; gradients climb the other way as your answers pass. Open
      a row for its numbers. Choose a number to see what it was computed from, and where it goes.
      ${step === undefined ? nothing : html`<a href=${hashOf({ view: "step", id: step })}>Back to the step</a>`}
    </p>
    ${state.problem === undefined ? nothing : html`<p class="problem" role="alert">${state.problem}</p>`}
    <div ${ref((container) => actions.mountLadder(container as HTMLElement | undefined))}></div>
  </article>`;
}
