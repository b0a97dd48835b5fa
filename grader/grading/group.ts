import type { Tensor } from "#tensor";
import type { ShownGradient, StepResult } from "../verdict/result.ts";
import type { FunctionStep } from "../kit/step.ts";
import type { Network } from "../network/network.ts";
import type { LectureBatch } from "./lecture.ts";
import type { Grading } from "./grading.ts";

/** A function and the results of running it on its own, now or before. */
export interface Known {
  step: FunctionStep;
  result: StepResult;
  /** Whether it counts as passed in a chain. */
  passed: boolean;
  /** Its answer on the lecture's batch, of any shape. */
  answer: () => Tensor | undefined;
  /** The answer to draw; undefined if none is wanted. */
  shown?: ShownGradient | undefined;
  /** A hash of its texts; undefined if the same texts may give another result. */
  texts: string | undefined;
}

/** Functions that are graded together, including the steps of their chains. */
export interface Group extends Grading {
  /** Those asked for. */
  asked: readonly FunctionStep[];
  /** Those and the steps that their chains go through, in the course's order. */
  members: readonly FunctionStep[];
  /** Whether results include the answers to draw. */
  keepGradients: boolean;
  /** A network's own batch. */
  lecture: (network: Network) => LectureBatch;
}
