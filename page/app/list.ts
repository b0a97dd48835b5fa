import { html, nothing, type TemplateResult } from "lit-html";
import type { CourseDigest, PartDigest, StepDigest } from "../site.ts";
import { hashOf } from "./route.ts";
import { markOf, passedCount, type Mark, type State } from "./state.ts";

const signs: Readonly<Record<Mark, string>> = { passed: "●", failed: "◐", changed: "◔", open: "○" };
const words: Readonly<Record<Mark, string>> = {
  passed: "passed",
  failed: "not passed",
  changed: "changed since it was graded",
  open: "not started",
};

/** A step's mark, with its word for who cannot see it. */
export function markView(mark: Mark): TemplateResult {
  return html`<span class="mark ${mark}" aria-hidden="true">${signs[mark]}</span
    ><span class="unseen">${words[mark]}</span>`;
}

/** The parts with their steps, each with its mark; the part of the open step is unfolded. */
export function listView(state: State): TemplateResult {
  const open = openStep(state);
  const { parts, beyond } = state.course;
  return html`<div class="steps">${parts.map((part) => partView(state, part, open))}${beyond.map(beyondView)}</div>`;
}

/** The step that is shown. */
export function openStep({ route, course }: Pick<State, "route" | "course">): StepDigest | undefined {
  return route.view === "step" ? course.steps.find(({ id }) => id === route.id) : undefined;
}

/** A part that is loaded when it is asked for: its lesson. */
function beyondView({ title, folder }: PartDigest): TemplateResult {
  return html`<a class="beyond" href=${hashOf({ view: "read", file: `${folder}/README.md` })}
    ><span>${title}</span><span class="count">optional</span></a
  >`;
}

function partView(
  state: State,
  { number, title, folder }: CourseDigest["parts"][number],
  open: StepDigest | undefined,
): TemplateResult {
  const steps = state.course.steps.filter(({ part }) => part === number);
  const isUnfolded = open ? open.part === number : false;
  return html`<details aria-label=${title} ?open=${isUnfolded}>
    <summary><span>${title}</span><span class="count">${passedCount(state, steps)} of ${steps.length}</span></summary>
    <ol>
      <li class="lesson-link"><a href=${hashOf({ view: "read", file: `${folder}/README.md` })}>the whole lesson</a></li>
      ${steps.map(
        (step) =>
          html`<li>
            <a href=${hashOf({ view: "step", id: step.id })} aria-current=${step === open ? "page" : nothing}>
              ${markView(markOf(state, step))}<span class="label">${step.label}</span><code>${step.id}</code>
            </a>
          </li>`,
      )}
    </ol>
  </details>`;
}
