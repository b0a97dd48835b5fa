import type { Tensor } from "#tensor";
import type { Named } from "../network/named.ts";
import { Generator } from "../network/random.ts";
import { smallInstance } from "./instance.ts";
import type { FunctionStep, TrainStep } from "./step.ts";
import type { TrainingQuestion } from "./training.ts";

/** Of the start that a training step is tried with: any seed would do, but always the same. */
const SEED = 1;

/** What a step's function is called with if somebody tries it out: the small numbers of its second hint. */
export function smallGiven(step: FunctionStep): Named<Tensor> {
  return smallInstance(step).given;
}

/** The same for a training step, whose hint has numbers for the update alone: a first step with small sizes. */
export function smallTraining({ training }: TrainStep): TrainingQuestion {
  const { parameters, steps } = training.drawStart(new Generator(SEED), 0);
  return { ...steps[0]!, parameters };
}
