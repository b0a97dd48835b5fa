import type { Workshop } from "../workshop/mount.ts";
import type { Remembered } from "../workshop/state.ts";
import type { CourseDigest, Site, StepDigest } from "../site.ts";
import { startGrader } from "./grader.ts";
import { addStyle } from "./style.ts";
import { markOf, type State } from "./state.ts";

declare const SITE: Pick<Site, "workshopStyle">;

/** Loads the workshop below a step's result: its views, and soon its texts. */
export class WorkshopRoom {
  readonly #course: CourseDigest;
  readonly #remembered: Remembered;
  readonly #stubs: Readonly<Record<string, string>>;
  #loading: Promise<Workshop> | undefined;

  /** @param stubs by file */
  constructor(course: CourseDigest, remembered: Remembered, stubs: Readonly<Record<string, string>>) {
    this.#course = course;
    this.#remembered = remembered;
    this.#stubs = stubs;
  }

  /** @throws Error if it cannot be loaded; the next time it is tried again */
  async show(container: HTMLElement, step: StepDigest, stateNow: () => State): Promise<void> {
    this.#loading ??= this.#load();
    this.#loading.catch(() => (this.#loading = undefined));
    const workshop = await this.#loading;
    if (!container.isConnected) return;
    const state = stateNow();
    const graded = state.graded.get(step.id);
    workshop.show(container, {
      step,
      stub: this.#stubs[step.file]!,
      files: state.texts,
      result: graded?.text === state.texts[step.file] ? graded?.result : undefined,
      ends: state.course.ends,
      passed: new Set(state.course.steps.filter((one) => markOf(state, one) === "passed").map(({ id }) => id)),
    });
  }

  async #load(): Promise<Workshop> {
    const [{ Workshop }, { keptRuns }] = await Promise.all([
      import("../workshop/mount.ts"),
      import("../store/kept-run.ts"),
      addStyle(SITE.workshopStyle),
    ]);
    const workshop = new Workshop({
      startCoach: startGrader,
      remembered: this.#remembered,
      runs: keptRuns,
      texts: async () => (await import("./texts.ts")).workshopTexts(this.#course),
    });
    // the first grade is worth more than what nobody has opened yet
    setTimeout(() => void workshop.prepare(), PREPARED_AFTER_MS);
    return workshop;
  }
}

/** When the texts are loaded, unless one is asked for sooner: in milliseconds after the tools are there. */
const PREPARED_AFTER_MS = 1000;
