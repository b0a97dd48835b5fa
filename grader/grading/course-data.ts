import type { Step, TrainStep } from "../kit/step.ts";
import type { TrainingRun } from "../kit/training.ts";
import type { Network } from "../network/network.ts";
import type { LectureBatch } from "./lecture.ts";

/** What a tree is graded against: a course's steps, and the data that decide their verdicts. */
export interface CourseData {
  /** Identifies what functions are graded against, and what training loops learn from: results are kept for each setting. */
  setting: { lecture: string; training: string };
  /** A text that all random cases follow from, the same for every tree; by default they follow from each step's own text. */
  seed?: string | undefined;
  /** Makes what follows from a step and that text once for all trees, under a name; by default each tree has it made anew. */
  share?: (<X>(name: string, make: () => X) => X) | undefined;
  /** All steps, in the course's order: the chain also goes through those that are not asked for. */
  steps: readonly Step[];
  /** A network's own batch, the lecture's; called once per network and grading, and only if a function is graded. */
  lecture: (network: Network) => LectureBatch;
  /** The training run that a training loop is graded on, from its start; called only if one is graded. */
  training: (step: TrainStep) => TrainingRun;
}
