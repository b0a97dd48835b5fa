import type { Tensor } from "#tensor";
import type { TrainStep } from "../kit/step.ts";
import type { TrainingQuestion } from "../kit/training.ts";
import type { Named } from "../network/named.ts";
import { parameterNamesOf } from "../network/network.ts";
import { at, nested } from "./guest.ts";

/** The arguments of a training step for a question, by the names that exercises give them. */
export function trainingArguments(
  { network, training: { optimizer } }: TrainStep,
  { parameters, batch, learningRate }: TrainingQuestion,
): { parameters: Readonly<Named<Tensor>>; batch: object; learningRate: number; [kept: string]: unknown } {
  const chosen = (names: readonly string[]): Named<Tensor> =>
    Object.fromEntries(names.map((name) => [name, parameters[name]!]));
  const own = chosen(parameterNamesOf(network));
  return {
    parameters: own,
    batch,
    learningRate,
    ...(optimizer && { [optimizer.called]: nested(chosen(optimizer.keeps)) }),
  };
}

/** The parameters after a call, and what the optimizer keeps. */
export function tensorsAfter(
  { training: { optimizer } }: TrainStep,
  { parameters, ...others }: ReturnType<typeof trainingArguments>,
): Readonly<Named<Tensor>> {
  if (!optimizer) return parameters;
  const kept = others[optimizer.called] as object;
  return { ...parameters, ...Object.fromEntries(optimizer.keeps.map((name) => [name, at(kept, name)])) };
}
