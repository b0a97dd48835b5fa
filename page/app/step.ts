import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import type { StepDigest } from "../site.ts";
import type { Actions } from "./actions.ts";
import { sectionView } from "./lesson.ts";
import { resultView } from "./result.ts";
import { hashOf } from "./route.ts";
import type { State } from "./state.ts";
import { typesSwitch, typesView } from "./types.ts";

/** A step: its section of the lesson, the learner's text, and what grading it found. */
export function stepView(state: State, step: StepDigest, actions: Actions): TemplateResult {
  const { pane, grading, work } = state;
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    event.preventDefault();
    actions.grade(step.id);
  };
  return html`<div class="step" data-pane=${pane} @keydown=${press}>
    <h1 class="unseen">${step.label} ${step.id}</h1>
    <button type="button" class="skip" @click=${() => actions.toCode()}>Go to your code</button>
    <div class="panes" role="group" aria-label="what is shown">
      ${(["lesson", "code"] as const).map(
        (one) =>
          html`<button type="button" aria-pressed=${one === pane} @click=${() => actions.turn(one)}>
            ${one === "lesson" ? "Lesson" : "Code"}
          </button>`,
      )}
      ${gradeButton(state, step, actions)}
    </div>
    <section class="reading" aria-label="lesson" tabindex="0">
      ${step.lesson === undefined ? nothing : sectionView(state, step.lesson)}
      ${
        step.lesson === undefined
          ? nothing
          : html`<p class="quiet onwards">
              <a href=${wholeLesson(step.lesson)}>Read on in the whole lesson</a>
              ${
                step.kind === "function"
                  ? html`<a href=${hashOf({ view: "ladder", step: step.id })}>See its lines as a ladder</a>`
                  : nothing
              }
            </p>`
      }
    </section>
    <section class="working" aria-label="your code">
      <header>
        <code class="file">${step.file}</code>
        <label class="quiet choice">
          <input
            type="checkbox"
            .checked=${state.isPlain}
            @change=${(event: Event) => actions.setPlain((event.target as HTMLInputElement).checked)}
          />
          plain text
        </label>
        ${typesSwitch(state, actions)} ${gradeButton(state, step, actions)}
        ${grading ? html`<button type="button" @click=${() => actions.stop()}>Stop</button>` : nothing}
      </header>
      ${work.views?.sharedView(state, step, actions) ?? nothing}
      <div class="editor" ${ref((container) => actions.edit(container as HTMLElement | undefined, step.file))}></div>
      ${typesView(state, step, actions)}
      <section class="verdict" aria-label="result">
        <h2 class="unseen">Result</h2>
        ${state.problem === undefined ? nothing : html`<p class="problem" role="alert">${state.problem}</p>`}
        ${grading ? html`<p class="quiet">Grading…</p>` : resultView(state, step, actions)}
        <div class="workshop" ${ref(actions.mountWorkshop as (container: Element | undefined) => void)}></div>
        ${work.views?.versionsView(state, step, actions) ?? nothing}
      </section>
    </section>
  </div>`;
}

/** In a narrow page it stays beside the choice of the halves, in a wide one above the code. */
function gradeButton({ grading }: State, step: StepDigest, actions: Actions): TemplateResult {
  return html`<button
    type="button"
    class="primary"
    @click=${() => actions.grade(step.id)}
    aria-disabled=${grading ? "true" : nothing}
    aria-keyshortcuts="Control+Enter Meta+Enter"
  >
    Grade
  </button>`;
}

function wholeLesson(lesson: string): string {
  const [file, anchor] = lesson.split("#") as [string, string?];
  return hashOf({ view: "read", file, ...(anchor !== undefined && { anchor }) });
}
