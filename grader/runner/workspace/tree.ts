import type { Step } from "../../kit/step.ts";
import {
  progressInReach,
  progressOf,
  type LastVerdicts,
  type LearnerFiles,
  type StepProgress,
} from "../../grading/progress.ts";
import { graderIdentity } from "../identity.ts";
import { hashOfTexts, inPlaceOf, readableSource, realTree } from "../source.ts";
import { stubOf } from "./stubs.ts";
import { steps } from "../../course/steps.ts";

/** Progress on every step of a tree, from its files as they are now and the last verdicts. */
export function progressIn(root: string, known: LastVerdicts): StepProgress[] {
  return progressOf(steps, filesOf(root), known, graderIdentity);
}

/** The steps that a tree is graded by: those of the course proper, and those of each part beyond it in which one is begun. */
export function stepsInReach(root: string): Step[] {
  return progressInReach(progressIn(root, new Map())).map(({ step }) => step);
}

/** A tree's files, each read once. */
function filesOf(root: string): LearnerFiles {
  const texts = new Map<string, string | undefined>();
  const tree = realTree(root);
  const textOf = (file: string): string | undefined => {
    if (!texts.has(file)) texts.set(file, readableSource(tree, file));
    return texts.get(file);
  };
  return { textOf, inPlaceOf: (file) => inPlaceOf(tree, file), hashOf: (files) => hashOfTexts(files, textOf), isStub };
}

/** Whether a text is the step's stub, whatever line endings git has given it. */
function isStub(step: Step, text: string): boolean {
  try {
    return text.replaceAll("\r\n", "\n") === stubOf(step);
  } catch {
    return false; // the solution that the stub is made from is missing; npm run check reports it
  }
}
