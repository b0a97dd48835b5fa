import { keepdim, tensor, type Tensor } from "#tensor";
import type { Parameters } from "../makemore/parameters.ts";
import { rightLoop, type LoopValues } from "../makemore/loop.ts";

/** A usual strength of momentum. */
export const MOMENTUM = 0.9;

/** The probabilities of each row, [n, vocab]. */
export const probs = ({ logits }: LoopValues): Tensor => logits.softmax(1);

/** A line of the correct step. */
export const right = (name: "dlogits" | "dhprebn", values: LoopValues): Tensor => rightLoop[name](values);

/** A parameter as it is after its own step. */
export const alreadyMoved = ({ parameters, learningRate }: LoopValues, name: keyof Parameters, d: Tensor): Tensor =>
  parameters[name].sub(d.mul(learningRate));

/** The update, with one parameter's step taken once more. */
export const movedAgain =
  (name: keyof Parameters) =>
  (values: LoopValues): Parameters => {
    const moved = rightLoop.moved(values);
    return { ...moved, [name]: moved[name].sub(values.moving[name].mul(values.learningRate)) };
  };

/** The gradients with the gain's and the bias's swapped. */
export const exchanged = (gradients: Parameters): Parameters => ({
  ...gradients,
  bngain: gradients.bnbias,
  bnbias: gradients.bngain,
});

/** The fused batchnorm, with some of its parts replaced. */
export function batchnorm(
  { bngain, bnvar_inv, bnraw, dhpreact, n }: LoopValues,
  {
    gain = bngain,
    inverse = bnvar_inv,
    mean = 1,
    variance = 1,
    weights = bnraw,
    by = bnraw,
    degrees = n - 1,
    over = n,
  }: {
    gain?: Tensor | undefined;
    inverse?: Tensor;
    mean?: number;
    variance?: number;
    weights?: Tensor;
    by?: Tensor;
    degrees?: number;
    over?: number;
  },
): Tensor {
  const means = dhpreact.sum(0, keepdim).div(over).mul(mean);
  const along = weights.mul(dhpreact).sum(0, keepdim).div(degrees).mul(variance);
  return dhpreact.sub(means).sub(by.mul(along)).mul(gain).mul(inverse);
}

/** 1, to subtract from. */
export const one = tensor(1);

/** 1e-6, as written in code. */
export const short = (epsilon: number): string => epsilon.toExponential();
