import { fusedBatchnormHints } from "./fused-batchnorm.ts";
import { fusedCrossEntropyHints } from "./fused-cross-entropy.ts";
import type { StepHints } from "./hint.ts";
import { stepByStepHints } from "./step-by-step.ts";
import { trainingLoopHints } from "./training-loop.ts";
import { trapHints } from "./trap-lab.ts";
import { warmupHints } from "./warm-ups.ts";

/** One file a part; a part is added by its file and a line here. */
const byStep: Readonly<Record<string, StepHints>> = {
  ...warmupHints,
  ...stepByStepHints,
  ...fusedCrossEntropyHints,
  ...fusedBatchnormHints,
  ...trainingLoopHints,
  ...trapHints,
};

/**
 * What the hints to a step are made of.
 *
 * @throws Error where a step has none: every step has (a test holds it)
 */
export function hintsOf(id: string): StepHints {
  const hints = byStep[id];
  if (!hints) throw new Error(`there are no hints to ${id}; they stand in grader/course/hints/`);
  return hints;
}
