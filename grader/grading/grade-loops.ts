import type { StepResult } from "../verdict/result.ts";
import type { TrainStep } from "../kit/step.ts";
import { gradeTraining, ungradedTraining } from "./grade-training.ts";
import { caseSeed, checkTypes, sourceOf, type Grading } from "./grading.ts";
import { findStep, isRepeatable, keepStep } from "./kept-steps.ts";
import { isOpen, openSteps, watched, type OpenSteps } from "./open.ts";

/** Grades training loops, except those whose texts have not changed since their result was kept. */
export async function gradeLoops(grading: Grading, asked: readonly TrainStep[]): Promise<StepResult[]> {
  const { host, course, kept } = grading;
  const before = new Map(
    asked.map((step) => [step, findStep(kept, host.sources, step, course.setting.training, "whole")?.result]),
  );
  const open = openSteps(
    host,
    asked.filter((step) => !before.get(step)),
  );
  try {
    const checking = checkTypes(
      grading,
      asked,
      async (step) => before.get(step)?.source ?? sourceOf(await open.of(step)),
    );
    const results = await Promise.all(asked.map((step) => before.get(step) ?? gradeNow(grading, step, open)));
    const notes = await checking;
    return results.map((result) => ({ ...result, notes: notes.get(result.file) ?? [] }));
  } finally {
    open.close();
  }
}

async function gradeNow(grading: Grading, step: TrainStep, open: OpenSteps): Promise<StepResult> {
  const { host, course, kept } = grading;
  // drawn while the file is bundled, once everything else has been started
  await host.letAnswersIn();
  const training = course.training(step);
  const opened = await open.of(step);
  if (!isOpen(opened)) return ungradedTraining(step, opened);
  const asked = watched(opened);
  const graded = await gradeTraining(asked.open, training, caseSeed(grading, opened));
  const result: StepResult = { ...graded, source: sourceOf(opened) };
  if (asked.answeredAll() && isRepeatable(result, opened.bundle)) {
    keepStep(kept, opened.bundle, step, course.setting.training, "whole", () => ({ result }));
  }
  return result;
}
