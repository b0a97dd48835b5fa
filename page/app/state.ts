import type { PageResult } from "../protocol.ts";
import type { CourseDigest, StepDigest } from "../site.ts";
import { markInFolder, type Work } from "../store/work.ts";
import type { TypesShown } from "../types/room.ts";
import type { Route } from "./route.ts";

/** What a step's text was when it was graded, and what came of it. */
export interface Graded {
  readonly text: string;
  readonly result: PageResult;
  /** Whether the type checker's notes are among the result's. */
  readonly hasTypes?: boolean;
}

/** Everything that the views show. */
export interface State {
  readonly course: CourseDigest;
  readonly route: Route;
  /** The learner's texts, by file. */
  readonly texts: Readonly<Record<string, string>>;
  /** By step. */
  readonly graded: ReadonlyMap<string, Graded>;
  /** The steps that are being graded, and how many of them have answered. */
  readonly grading: { readonly ids: readonly string[]; readonly asked: number } | undefined;
  /** Why nothing can be graded, or a text cannot be shown. */
  readonly problem: string | undefined;
  /** The texts of the course that have been loaded, as HTML, by file. */
  readonly lessons: ReadonlyMap<string, string>;
  /** The half of a step that a narrow page shows. */
  readonly pane: "lesson" | "code";
  readonly isListOpen: boolean;
  /** Whether the learner prefers the browser's own editor. */
  readonly isPlain: boolean;
  /** The type checker's notes; undefined if the page has none. */
  readonly types: TypesShown | undefined;
  readonly work: Work;
  /** What a screen reader is told. */
  readonly announced: string | undefined;
}

/** How a step is marked in lists: a sign, a word and a color, so that none of them must be seen alone. */
export type Mark = "passed" | "failed" | "changed" | "open";

/** @returns changed if the text is another than the one that was graded, here or by a command */
export function markOf(state: Pick<State, "graded" | "texts" | "work">, step: StepDigest): Mark {
  const { graded, texts } = state;
  const last = graded.get(step.id);
  const inFolder = last?.text === texts[step.file] ? undefined : markInFolder(state, step);
  if (inFolder) return inFolder;
  if (!last || last.result.verdict === "not-started") return "open";
  if (last.text !== texts[step.file]) return "changed";
  return last.result.passed ? "passed" : "failed";
}

/** Those of the course proper: what lies beyond the lecture is counted apart. */
export function requiredSteps({ course: { steps } }: Pick<State, "course">): readonly StepDigest[] {
  return steps.filter(({ isOptional }) => !isOptional);
}

export function passedCount(state: State, steps = requiredSteps(state)): number {
  return steps.filter((step) => markOf(state, step) === "passed").length;
}

/** The step after one, in the order in which they are worked through; undefined after the last. */
export function stepAfter({ course: { steps } }: Pick<State, "course">, id: string): StepDigest | undefined {
  return steps[steps.findIndex((step) => step.id === id) + 1];
}

/** Where to go on: the first step of the course proper that has not passed. */
export function nextOpen(state: State): StepDigest | undefined {
  return requiredSteps(state).find((step) => markOf(state, step) !== "passed");
}
