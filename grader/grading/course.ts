import type { Tensor } from "#tensor";
import type { Measured } from "../autograd/measured.ts";
import type { Step } from "../kit/step.ts";
import type { TrainingRun } from "../kit/training.ts";
import type { Indices, Named } from "../network/named.ts";
import type { Sizes } from "../network/shape.ts";

/** What a tree is graded against. */
export interface Course {
  /** Identifies what functions are graded against, and what training loops learn from: results are kept for each setting. */
  setting: { lecture: string; training: string };
  /** All steps, in the course's order: the chain also goes through those that are not asked for. */
  steps: readonly Step[];
  /** The lecture's own batch; called once per grading, and only if a function is graded. */
  lecture: () => LectureBatch;
  /** The training run that a training loop is graded on, from its start; called only if one is graded. */
  training: () => TrainingRun;
}

/** The lecture's own batch with float32 values and gradients, by tensor name. */
export interface LectureBatch {
  sizes: Sizes;
  batch: Indices;
  values: Readonly<Named<Tensor>>;
  gradients: Readonly<Named<Tensor>>;
  /** The gradients in float64, with the magnitudes of the whole backward pass; computed when first needed. */
  truths: () => Readonly<Named<Measured>>;
}
