import type { Step } from "../kit/step.ts";
import { steps } from "../course/steps.ts";
import type { CourseData } from "../grading/course-data.ts";
import { gradeSteps } from "../grading/grade.ts";
import type { Store } from "../grading/host.ts";
import { drawnBatch, lectureBatch, type Reference } from "../grading/lecture.ts";
import type { StepResult } from "../verdict/result.ts";
import type { Box } from "./box.ts";
import { readTorch, type NamesFile } from "./data.ts";
import { nodeHost } from "./host.ts";
import { exercisesFolder } from "./project.ts";

/** The names that training learns from, and the hash that identifies them. */
export type Names = Pick<NamesFile, "sha256" | "dataset">;

export interface GradeOptions {
  /** The folder to grade: exercises/, solutions/, or another of the same shape. */
  root: string;
  steps: readonly Step[];
  /** What part 4 trains on; parsed only when a training loop is graded. */
  names: Names;
  reference: Reference;
  /** What the tree's code runs in; "plain" by default. */
  box?: Box;
  /** Whether types are checked, see typeNotes; by default if the folder is the learner's own exercises/. */
  checkTypes?: boolean;
  /** Whether results include the gradients on the lecture's batch; not by default. */
  keepGradients?: boolean;
  /** Keeps results, so that unchanged steps are not run again; by default everything is run. */
  store?: Store | undefined;
}

/**
 * Grades steps of a tree on this machine, see gradeSteps.
 *
 * @returns a result per step, in the order asked for
 * @throws RunnerError if no process can be started, NamesError if nothing can be learned from the names
 */
export function gradeTree({
  root,
  steps: asked,
  names,
  reference,
  box = "plain",
  checkTypes = root === exercisesFolder,
  keepGradients = false,
  store,
}: GradeOptions): Promise<StepResult[]> {
  return gradeSteps(nodeHost(root, { box, checkTypes, store }), courseOf(names, reference), asked, keepGradients);
}

/**
 * The course, with its data as it lies in this project's folder.
 *
 * @param seed see CourseData
 */
export function courseOf(names: Names, reference: Reference, seed?: string): CourseData {
  // results of other cases are other results
  const cases = seed === undefined ? "" : ` ${JSON.stringify(seed)}`;
  return {
    setting: { lecture: `${reference}${cases}`, training: `${names.sha256}${cases}` },
    seed,
    steps,
    lecture: (network) =>
      network.stored === undefined
        ? drawnBatch(network)
        : lectureBatch(network, readTorch(network.stored).tensors, reference),
    training: ({ training }) => training.runOn(names.dataset()),
  };
}
