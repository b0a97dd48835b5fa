import type { Tensor } from "#tensor";
import type { Operations } from "../autograd/operations.ts";
import type { Binary, LookUp, Maximum, Node, Product, Reduction, Unary } from "./6-engine/types.ts";
import type { Batch } from "./makemore/lines.ts";
import type { Parameters } from "./makemore/parameters.ts";
import type { Batch as DecoderBatch, Parameters as DecoderParameters } from "./transformer/lines.ts";
import type { GivenNames } from "./given.ts";

export { NotStarted, todo } from "../grading/todo.ts";
export type { Batch, Binary, LookUp, Maximum, Node, Parameters, Product, Reduction, Unary };
export type { DecoderBatch, DecoderParameters };

/**
 * What a step is given, by the lecture's names: the tensor itself and, for each forward line that uses it, that line's
 * other inputs, its output and the gradient of its output.
 */
export type Given<Id extends keyof GivenNames> = { readonly [Name in GivenNames[Id]]: Tensor };

/**
 * The loss of the step numericalGradient: smooth except where the maximum of a row changes columns.
 *
 * @param spot [layers, slots]
 * @returns a single number, shape []
 */
export function lossOf<X extends Operations<X>>(spot: X): X {
  return spot.mul(spot).mul(spot).sum().div(3).add(spot.max(1).values.sum());
}

/** What trainStep returns: the loss before the update, and the gradient of each parameter in the parameter's shape. */
export interface TrainStepResult {
  loss: Tensor;
  gradients: Parameters;
}

/** What AdamW keeps from step to step: an average of each gradient, one of its squares, and the number of steps, shape []. */
export interface Averages {
  m: DecoderParameters;
  v: DecoderParameters;
  t: Tensor;
}

/** What the decoder's trainStep returns: the loss before the update, and each gradient as it is before clipping. */
export interface DecoderStepResult {
  loss: Tensor;
  gradients: DecoderParameters;
}
