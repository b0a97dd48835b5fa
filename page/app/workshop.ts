import { fetchedJson } from "../fetched.ts";
import type { Workshop } from "../workshop/mount.ts";
import type { Remembered } from "../workshop/state.ts";
import type { PartTexts } from "../workshop/texts.ts";
import type { Site, StepDigest } from "../site.ts";
import { startGrader } from "./grader.ts";
import { addStyle } from "./style.ts";
import { markOf, type State } from "./state.ts";

declare const SITE: Pick<Site, "texts" | "workshopStyle">;

/** Loads the workshop below a step's result: its views, and its texts by part. */
export class WorkshopRoom {
  readonly #remembered: Remembered;
  readonly #parts = new Map<number, Promise<PartTexts>>();
  #workshop: Promise<Workshop> | undefined;

  constructor(remembered: Remembered) {
    this.#remembered = remembered;
  }

  /** @throws Error if it cannot be loaded */
  async show(container: HTMLElement, step: StepDigest, stateNow: () => State): Promise<void> {
    this.#workshop ??= this.#load();
    if (!this.#parts.has(step.part)) this.#parts.set(step.part, fetchedJson<PartTexts>(SITE.texts[step.part]!));
    try {
      const [workshop, part] = await Promise.all([this.#workshop, this.#parts.get(step.part)!]);
      if (!container.isConnected) return;
      const state = stateNow();
      const graded = state.graded.get(step.id);
      workshop.show(container, {
        step,
        files: state.texts,
        result: graded?.text === state.texts[step.file] ? graded?.result : undefined,
        passed: new Set(state.course.steps.filter((one) => markOf(state, one) === "passed").map(({ id }) => id)),
        part,
      });
    } catch (error) {
      // the next time it is tried again
      this.#workshop = undefined;
      this.#parts.delete(step.part);
      throw error;
    }
  }

  async #load(): Promise<Workshop> {
    const [{ Workshop }] = await Promise.all([import("../workshop/mount.ts"), addStyle(SITE.workshopStyle)]);
    return new Workshop({ startCoach: startGrader, remembered: this.#remembered });
  }
}
