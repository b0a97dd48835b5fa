import type { Tensor } from "#tensor";
import type { TrainStep } from "../../kit/step.ts";
import type { TrainingAnswer } from "../../kit/training.ts";
import { judgeTrainingStep, type Parting } from "../../verdict/training.ts";
import { largestOf } from "../behaviour.ts";
import { closeButWrong } from "../seen.ts";
import { seenOnly, type Diagnosis } from "../symptom.ts";
import type { Scene, Told } from "./scene.ts";

type Item = NonNullable<Parting["item"]>;

/**
 * Numbers whose largest error is less than this part of the largest are said to be close. Next to a gradient, a parameter
 * is large, and next to the step that it takes larger still: adding it and subtracting it again loses as much.
 */
const CLOSE: Readonly<Record<Item["kind"], number>> = { gradient: 1e-3, update: 0.05 };

/**
 * What is said of answers that agree with the correct ones as far as mistakes are told apart, but not within rounding:
 * terms that cancel lose digits, and so do approximations. Null if every step is right.
 */
export function almostRight({ network, training }: TrainStep, { runs }: Scene): Diagnosis | null {
  for (const told of runs.flat()) {
    if ("thrown" in told.answer) continue;
    const item = judgeTrainingStep(network, told.question, told.answer, training.optimizer)?.item;
    if (item) return almost([told], item);
  }
  return null;
}

/** The same of one item at every step; null if it is not close, or missing at one of them. */
export function almost(seen: readonly Told[], item: Item): Diagnosis | null {
  const parts = seen.map((told) => ("thrown" in told.answer ? Infinity : partOff(numbersOf(item, told.answer, told))));
  const most = Math.max(...parts);
  if (!(most < CLOSE[item.kind])) return null;
  const what = item.kind === "gradient" ? `the gradient of ${item.name}` : `the step that ${item.name} takes`;
  return seenOnly("almost-right", `in ${what}, ${closeButWrong(most, CLOSE[item.kind])}`);
}

interface Numbers {
  readonly yours: Tensor;
  readonly right: Tensor;
}

/** A gradient, or what a parameter moves by: as it is, and as it should be. */
function numbersOf({ kind, name }: Item, { gradients, updated }: TrainingAnswer, { question, right }: Told): Numbers {
  if (kind === "gradient") return { yours: gradients[name]!, right: right.returned[name]! };
  const before = question.parameters[name]!;
  return { yours: before.sub(updated[name]!), right: before.sub(right.moved[name]!) };
}

/** The largest difference, as a part of the largest of the correct numbers. */
function partOff({ yours, right }: Numbers): number {
  return largestOf(yours.sub(right)) / largestOf(right);
}
