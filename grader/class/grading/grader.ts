import { gradeSteps } from "../../grading/grade.ts";
import { oncePer } from "../../network/once.ts";
import { readNames } from "../../runner/data.ts";
import { courseOf } from "../../runner/grade.ts";
import { treeHost } from "../../runner/host.ts";
import { freshStore, usualStore } from "../../runner/store.ts";
import { memoryTree, type TreeTexts } from "../../runner/tree.ts";
import type { StepResult } from "../../verdict/result.ts";
import type { GradingSettings } from "./settings.ts";
import { sharedStore } from "./shared-store.ts";

/** Grades one tree after another. */
export interface Grader {
  /**
   * @returns a result for each selected step
   * @throws RunnerError if nothing can be run here
   */
  grade(texts: TreeTexts): Promise<StepResult[]>;
  /** Ends what is running. */
  close(): void;
}

/**
 * A grader in this process. What all trees have in common is computed once: the lecture's batch, the results of steps
 * that several have in the same words, and the random cases if there is a seed for all.
 *
 * @throws NamesError if the names cannot be read
 */
export function graderHere({ steps, names, seed, box, isFresh }: GradingSettings): Grader {
  const course = courseOf(readNames(names), "ours", seed);
  const made = new Map<string, unknown>();
  const share = <X>(name: string, make: () => X): X => {
    if (!made.has(name)) made.set(name, make());
    return made.get(name) as X;
  };
  const whole = { ...course, lecture: oncePer(course.lecture), share };
  const asked = course.steps.filter(({ id }) => steps.includes(id));
  const shared = sharedStore(usualStore());
  const store = isFresh ? freshStore(shared) : shared;
  return {
    grade: (texts) => gradeSteps(treeHost(memoryTree(texts), { box, store }), whole, asked),
    close() {},
  };
}
