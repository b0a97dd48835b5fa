import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import type { Actions } from "./actions.ts";
import { homeView } from "./home.ts";
import { ladderPage } from "./ladder.ts";
import { textView } from "./lesson.ts";
import { listView, openStep } from "./list.ts";
import { hashOf } from "./route.ts";
import { passedCount, requiredSteps, type State } from "./state.ts";
import { stepView } from "./step.ts";

/** The whole page: its head with the progress, the list of steps, and what is open. */
export function shellView(state: State, actions: Actions): TemplateResult {
  const steps = requiredSteps(state);
  const passed = passedCount(state);
  return html`<a class="skip" href="#main" @click=${skipToMain}>Skip to the content</a>
    <header class="head">
      <a class="brand" href=${hashOf({ view: "home" })}>Backprop Dojo</a>
      <label class="progress">
        <span>${passed} of ${steps.length} passed</span>
        <progress value=${passed} max=${steps.length}></progress>
      </label>
      <nav aria-label="texts">
        <a href=${hashOf({ view: "ladder" })}>Ladder</a>
        <a href=${hashOf({ view: "scratch" })}>Scratch</a>
        <a href=${hashOf({ view: "work" })}>Your work</a>
        <a href=${hashOf({ view: "read", file: "TENSORS.md" })}>Tensors</a>
        <a href=${hashOf({ view: "read", file: "GLOSSARY.md" })}>Glossary</a>
      </nav>
    </header>
    ${state.work.views?.noticesView(state, actions) ?? nothing}
    <div class="body">
      <nav class="aside" aria-label="steps">
        <details
          class="side"
          aria-label="steps by part"
          ?open=${state.isListOpen}
          @toggle=${(event: Event) => actions.fold(isOpen(event))}
        >
          <summary>Steps</summary>
          ${listView(state)}
        </details>
      </nav>
      <main id="main" tabindex="-1">${openView(state, actions)}</main>
    </div>
    <div class="unseen" role="status" aria-live="polite">${state.announced ?? nothing}</div>`;
}

function openView(state: State, actions: Actions): TemplateResult {
  const { route } = state;
  if (route.view === "read") return html`<article class="whole">${textView(state, route.file)}</article>`;
  if (route.view === "work") return state.work.views?.workView(state, actions) ?? html``;
  if (route.view === "ladder") return ladderPage(state, route.step, actions);
  if (route.view === "scratch") {
    return html`<div
      class="scratch-page"
      ${ref(actions.mountScratch as (container: Element | undefined) => void)}
    ></div>`;
  }
  const step = openStep(state);
  if (step) return stepView(state, step, actions);
  return homeView(state, actions);
}

function isOpen({ target }: Event): boolean {
  return (target as HTMLDetailsElement).open;
}

/** The address after # is the view's, so that this link cannot use it. */
function skipToMain(event: Event): void {
  event.preventDefault();
  document.querySelector("main")?.focus();
}
