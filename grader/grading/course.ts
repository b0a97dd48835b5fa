import type { Tensor } from "#tensor";
import type { Measured } from "../autograd/measured.ts";
import type { Step } from "../course/steps.ts";
import type { Batch, Named } from "../model/backward.ts";
import type { Sizes } from "../model/lines.ts";
import type { TrainingRun } from "../model/training.ts";

/**
 * All that this floor imports of course/: grading takes a course as a value, and goes on asking for the engine of a course
 * here alone, until that has a floor of its own below this one.
 */
export { caseFromBatch, exampleCase, float32Reference, makeBatches, makeCase } from "../course/cases.ts";
export type { Case, RandomBatch } from "../course/cases.ts";
export { gradientOf, isInChain } from "../course/steps.ts";
export type { FunctionStep, Step, TrainStep } from "../course/steps.ts";
export { drawRate, drawTrainingProbes, drawTrainingStart } from "../course/training-cases.ts";
export type { TrainingStart } from "../course/training-cases.ts";
export type { TrainingRun } from "../model/training.ts";

/** What a tree is graded against. */
export interface Course {
  /** Names what functions are graded against, and what training loops learn from: with another, results are others. */
  setting: { lecture: string; training: string };
  /** All steps, in the course's order: the chain goes through those that are not asked for, too. */
  steps: readonly Step[];
  /** The lecture's own batch; asked for once per grading, and only where a function is graded. */
  lecture: () => LectureBatch;
  /** The training run that a training loop is graded on, from its start; asked for only where one is graded. */
  training: () => TrainingRun;
}

/** The lecture's own batch with float32 values and gradients, by tensor name. */
export interface LectureBatch {
  sizes: Sizes;
  batch: Batch;
  values: Readonly<Named<Tensor>>;
  gradients: Readonly<Named<Tensor>>;
  /** The gradients in float64, with the magnitudes of the whole backward pass; computed when first asked for. */
  truths: () => Readonly<Named<Measured>>;
}
