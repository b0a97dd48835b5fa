import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import type { NamedLadder } from "../../grader/report/ladder/ladders.ts";
import type { LadderAnswer } from "../../grader/report/ladder/panels.ts";
import type { MountedLadder } from "../ladder/mount.ts";
import type { Site } from "../site.ts";
import type { Actions } from "./actions.ts";
import type { Grader } from "./grader.ts";
import { hashOf } from "./route.ts";
import { addStyle } from "./style.ts";
import { markOf, type State } from "./state.ts";

declare const SITE: Pick<Site, "ladderStyle">;

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

/** Keeps what is mounted of ladders, and gets them their numbers. */
export class LadderRoom {
  readonly #grader: Grader;
  readonly #work: (step: string) => void;
  /** By the step that was asked for. */
  readonly #ladders = new Map<string, NamedLadder | undefined>();
  /** By step: the numbers of an answer, and the text that gave them. */
  readonly #answers = new Map<string, { text: string; answer: LadderAnswer | undefined }>();
  #mounted: { container: HTMLElement; shown: MountedLadder; id: string } | undefined;
  #isAsking = false;

  constructor(grader: Grader, work: (step: string) => void) {
    this.#grader = grader;
    this.#work = work;
  }

  /**
   * Shows the ladder that a step is on, and asks for the numbers of the answers that it has none of yet.
   *
   * @throws GraderError if it cannot be made
   */
  async show(container: HTMLElement, state: State, step: string): Promise<void> {
    if (!this.#ladders.has(step)) this.#ladders.set(step, await this.#grader.ladder(step));
    const found = this.#ladders.get(step);
    if (!found) return void container.replaceChildren("This step has no lines to show.");
    if (this.#mounted?.container !== container || this.#mounted.id !== found.id) {
      const [{ mountLadder }] = await Promise.all([import("../ladder/mount.ts"), addStyle(SITE.ladderStyle)]);
      const shown = mountLadder(container, {
        follow: (tensor, place) => this.#grader.follow(found.id, tensor, place),
        work: this.#work,
      });
      this.#mounted = { container, shown, id: found.id };
    }
    const { shown } = this.#mounted;
    this.#draw(shown, found, state);
    if (await this.#ask(found, state)) this.#draw(shown, found, state);
  }

  #draw(shown: MountedLadder, { ladder }: NamedLadder, state: State): void {
    const results = new Map([...state.graded].map(([id, { result }]) => [id, result]));
    for (const step of state.course.steps) {
      const mark = markOf(state, step);
      if (mark === "changed" || mark === "open") results.delete(step.id);
    }
    const answers = new Map(
      [...this.#answers].flatMap(([id, { answer }]) => (answer && results.has(id) ? [[id, answer] as const] : [])),
    );
    const theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    shown.show({ ladder, results, answers, theme });
  }

  /** Gets the numbers of graded answers; false if there are none to get. */
  async #ask({ ladder }: NamedLadder, state: State): Promise<boolean> {
    const onLadder = new Set(ladder.rungs.flatMap(({ steps }) => steps.map(({ id }) => id)));
    const lacking = state.course.steps.filter((step) => {
      const mark = markOf(state, step);
      if (!onLadder.has(step.id) || (mark !== "passed" && mark !== "failed")) return false;
      return this.#answers.get(step.id)?.text !== state.texts[step.file];
    });
    if (lacking.length === 0 || this.#isAsking) return false;
    this.#isAsking = true;
    try {
      const results = await this.#grader.grade({
        files: state.texts,
        steps: lacking.map(({ id }) => id),
        keepGradients: true,
      });
      for (const { id, file, answer } of results) this.#answers.set(id, { text: state.texts[file] ?? "", answer });
      return true;
    } finally {
      this.#isAsking = false;
    }
  }
}
