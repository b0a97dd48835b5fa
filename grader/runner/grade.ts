import type { Step } from "../kit/step.ts";
import { dojo, steps } from "../course/steps.ts";
import type { Course } from "../grading/course.ts";
import { gradeSteps } from "../grading/grade.ts";
import { lectureBatch, type Reference } from "../grading/lecture.ts";
import type { Dataset } from "../course/makemore/dataset.ts";
import { trainingRun } from "../course/makemore/run.ts";
import type { StepResult } from "../verdict/result.ts";
import type { Box } from "./box.ts";
import { readTorch } from "./data.ts";
import { nodeHost } from "./host.ts";
import { exercisesFolder } from "./project.ts";

export interface GradeOptions {
  /** The folder to grade: exercises/, solutions/, or another of the same shape. */
  root: string;
  steps: readonly Step[];
  /** What part 4 trains on; needed only when a training loop is graded. */
  dataset: () => Dataset;
  reference: Reference;
  /** What the tree's code runs in; "plain" by default. */
  box?: Box;
  /** Whether types are checked, see typeNotes; by default if the folder is the learner's own exercises/. */
  checkTypes?: boolean;
  /** Whether results include the gradients on the lecture's batch; not by default. */
  keepGradients?: boolean;
}

/**
 * Grades steps of a tree on this machine, see gradeSteps.
 *
 * @returns a result per step, in the order asked for
 * @throws RunnerError if no process can be started, NamesError if the names cannot be learned from
 */
export function gradeTree({
  root,
  steps: asked,
  dataset,
  reference,
  box = "plain",
  checkTypes = root === exercisesFolder,
  keepGradients = false,
}: GradeOptions): Promise<StepResult[]> {
  return gradeSteps(nodeHost(root, box, checkTypes), courseOf(dataset, reference), asked, keepGradients);
}

/** The course, with the data in this project's folder. */
export function courseOf(dataset: () => Dataset, reference: Reference): Course {
  return {
    identity: reference,
    steps,
    lecture: () => lectureBatch(dojo.reference, readTorch(dojo.reference.file).tensors, reference),
    training: () => trainingRun(dataset()),
  };
}
