import type { NamedLadder } from "../../grader/report/ladder/ladders.ts";
import { addStyle } from "./style.ts";
import type { LadderAnswer } from "../../grader/report/ladder/panels.ts";
import { mountLadder, type MountedLadder } from "../ladder/mount.ts";
import type { Site } from "../site.ts";
import type { Grader } from "./grader.ts";
import { markOf, type State } from "./state.ts";

declare const SITE: Pick<Site, "ladderStyle">;

/** Keeps what is mounted of ladders, and gets them their numbers. */
export class LadderRoom {
  readonly #grader: Grader;
  readonly #work: (step: string) => void;
  /** By the step that was asked for. */
  readonly #ladders = new Map<string, NamedLadder | undefined>();
  /** By step: the numbers of an answer, and the text that gave them. */
  readonly #answers = new Map<string, { text: string; answer: LadderAnswer | undefined }>();
  #mounted: { container: HTMLElement; shown: MountedLadder; id: string } | undefined;
  #last: Promise<void> = Promise.resolve();
  /** The step whose line was opened because it was asked for. */
  #opened: string | undefined;

  constructor(grader: Grader, work: (step: string) => void) {
    this.#grader = grader;
    this.#work = work;
  }

  /**
   * Shows the ladder that a step is on, and asks for the numbers of the answers that it has none of yet.
   *
   * @param isAsked whether the step itself is asked for: its line is opened
   * @throws GraderError if it cannot be made
   */
  show(container: HTMLElement, state: State, step: string, isAsked: boolean): Promise<void> {
    // one at a time: a ladder is mounted once
    const shown = this.#last.then(() => this.#show(container, state, step, isAsked));
    this.#last = shown.catch(() => {});
    return shown;
  }

  async #show(container: HTMLElement, state: State, step: string, isAsked: boolean): Promise<void> {
    if (!this.#ladders.has(step)) this.#ladders.set(step, await this.#grader.ladder(step));
    const found = this.#ladders.get(step);
    if (!found) return void container.replaceChildren("This step has no lines to show.");
    if (this.#mounted?.container !== container || this.#mounted.id !== found.id) {
      await addStyle(SITE.ladderStyle);
      const shown = mountLadder(container, {
        follow: (tensor, place) => this.#grader.follow(found.id, tensor, place),
        work: this.#work,
      });
      this.#mounted = { container, shown, id: found.id };
    }
    const { shown } = this.#mounted;
    this.#draw(shown, found, state);
    const rung = found.ladder.rungs.find(({ steps }) => steps.some(({ id }) => id === step));
    if (isAsked && rung && this.#opened !== step) shown.open(rung.name);
    this.#opened = isAsked ? step : undefined;
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
    if (lacking.length === 0) return false;
    const results = await this.#grader.grade({
      files: state.texts,
      steps: lacking.map(({ id }) => id),
      keepGradients: true,
    });
    for (const { id, file, answer } of results) this.#answers.set(id, { text: state.texts[file] ?? "", answer });
    return true;
  }
}
