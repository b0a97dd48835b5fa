import { html, nothing, type TemplateResult } from "lit-html";
import type { Actions } from "./actions.ts";
import { hashOf } from "./route.ts";
import { markView } from "./list.ts";
import { markOf, nextOpen, passedCount, requiredSteps, type State } from "./state.ts";

/** The first page: what this is, where to go on, and every part with its steps. */
export function homeView(state: State, actions: Actions): TemplateResult {
  const next = nextOpen(state);
  const isBegun = passedCount(state) > 0;
  const { route } = state;
  return html`<article class="home">
    ${route.view === "step" ? html`<p class="problem" role="alert">There is no step <code>${route.id}</code>: here are all.</p>` : nothing}
    <h1>Backpropagation, by hand</h1>
    <p class="lead">
      Write the backward pass of a small neural network, one tensor at a time, in TypeScript. Every answer is graded
      here, in your browser, against reference gradients; a wrong one is told what it looks like.
    </p>
    <p>
      ${
        next
          ? html`<a class="button primary" href=${hashOf({ view: "step", id: next.id })}>
              ${isBegun ? "Go on with" : "Begin with"} ${next.label} <code>${next.id}</code>
            </a>`
          : html`<strong>All ${requiredSteps(state).length} steps passed.</strong>`
      }
      <button type="button" @click=${() => actions.gradeAll()} aria-disabled=${state.grading ? "true" : nothing}>
        Grade all steps
      </button>
      ${state.grading ? gradingView(state.grading, actions) : nothing}
    </p>
    ${state.problem === undefined ? nothing : html`<p class="problem" role="alert">${state.problem}</p>`}
    <div class="parts">
      ${state.course.parts.map(({ number, title, folder }) => {
        const steps = state.course.steps.filter(({ part }) => part === number);
        return html`<section>
          <h2><a href=${hashOf({ view: "read", file: `${folder}/README.md` })}>${title}</a></h2>
          <p class="quiet">
            ${passedCount(state, steps)} of ${steps.length} passed${steps[0]?.isOptional ? ", optional" : nothing}
          </p>
          <ol>
            ${steps.map(
              (step) =>
                html`<li>
                  <a href=${hashOf({ view: "step", id: step.id })}>
                    ${markView(markOf(state, step))}<code>${step.id}</code>
                  </a>
                </li>`,
            )}
          </ol>
        </section>`;
      })}
      ${state.course.beyond.map(
        ({ title, folder }) =>
          html`<section>
            <h2><a href=${hashOf({ view: "read", file: `${folder}/README.md` })}>${title}</a></h2>
            <p class="quiet">optional</p>
          </section>`,
      )}
    </div>
    ${state.work.problem === undefined ? html`<p class="quiet">What you write is kept in this browser only.</p>` : nothing}
  </article>`;
}

function gradingView({ ids, asked }: NonNullable<State["grading"]>, actions: Actions): TemplateResult {
  return html`<span class="grading">
    <progress value=${asked} max=${ids.length} aria-label="graded steps"></progress>
    <button type="button" @click=${() => actions.stop()}>Stop</button>
  </span>`;
}
