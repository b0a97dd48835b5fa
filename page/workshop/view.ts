import { html, nothing, type TemplateResult } from "lit-html";
import { mistakesView, oursView } from "./answers.ts";
import { askedView } from "./asked.ts";
import { checkView } from "./check.ts";
import { hintsView } from "./hints.ts";
import { labView } from "./lab.ts";
import { quizView } from "./quiz.ts";
import { recapView } from "./recap.ts";
import { toolsOf, type Shown, type Subject, type Tool, type WorkshopActions, type WorkshopState } from "./state.ts";
import { trainingView } from "./training.ts";

const names: Readonly<Record<Tool, string>> = {
  questions: "Questions",
  hints: "Hints",
  check: "Check",
  mistakes: "Other ways to be wrong",
  ours: "Our answer",
  lab: "Experiment",
  train: "Train",
  recap: "Recap",
};

/** A row of buttons, and what the pressed one opens. */
export function workshopView(shown: Shown, state: WorkshopState, actions: WorkshopActions): TemplateResult {
  const tools = toolsOf(shown);
  const open = tools.find((tool) => tool === state.open);
  return html`<div class="tools" role="group" aria-label="help with ${shown.step.id}">
      ${tools.map(
        (tool) =>
          html`<button
            type="button"
            aria-expanded=${tool === open}
            aria-controls=${tool === open ? "tool" : nothing}
            @click=${() => actions.toggle(tool)}
          >
            ${names[tool]}
          </button>`,
      )}
    </div>
    ${
      open === undefined
        ? nothing
        : html`<section id="tool" class="tool" aria-label=${names[open]}>
            ${askedView(state.texts ?? { is: "running" }, "Loading…", (texts) =>
              toolView(open, { ...shown, texts }, state, actions),
            )}
          </section>`
    }`;
}

function toolView(tool: Tool, subject: Subject, state: WorkshopState, actions: WorkshopActions): TemplateResult {
  switch (tool) {
    case "questions":
      return quizView(subject, state, actions);
    case "hints":
      return hintsView(subject, state, actions);
    case "check":
      return checkView(state, actions);
    case "mistakes":
      return mistakesView(subject, state);
    case "ours":
      return oursView(subject);
    case "lab":
      return labView(subject, state, actions);
    case "train":
      return trainingView(subject, state, actions);
    case "recap":
      return recapView(subject);
  }
}
