import { Generator } from "../network/random.ts";
import type { TrainStep } from "./step.ts";
import type { TrainingQuestion } from "./training.ts";

/** Of the start that a training step is tried with: any seed would do, but always the same. */
const SEED = 1;

/**
 * What a training step is called with if somebody tries it out. Its hint has numbers for the update alone, so this is a first
 * step with small sizes.
 */
export function smallTraining({ training }: TrainStep): TrainingQuestion {
  const { parameters, steps } = training.drawStart(new Generator(SEED), 0);
  return { ...steps[0]!, parameters };
}
