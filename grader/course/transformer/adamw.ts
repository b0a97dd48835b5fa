import type { Tensor } from "#tensor";
import type { Operations } from "../../autograd/operations.ts";
import type { Named } from "../../network/named.ts";
import { parameterNames, type ParameterName, type Parameters } from "./lines.ts";

/** AdamW's settings, which are PyTorch's own, and the largest norm that the gradients may have together. */
export const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.01, most: 1 } as const;

/** The names of what AdamW keeps: averages of the gradients and of their squares, and how many steps it has taken. */
export const keptNames: readonly string[] = [
  ...parameterNames.map((name) => `m.${name}`),
  ...parameterNames.map((name) => `v.${name}`),
  "t",
];

/** What all gradients are multiplied by, shape []: at most 1, so that their common norm is at most `most`. */
export function clippingFactor<X extends Operations<X>>(gradients: readonly X[], most: number | X): X {
  const squares = gradients.map((gradient) => gradient.pow(2).sum()).reduce((sum, square) => sum.add(square));
  const norm = squares.pow(0.5);
  const factor = typeof most === "number" ? norm.pow(-1).mul(most) : most.div(norm);
  return factor.each((x) => Math.min(x, 1));
}

/**
 * Parameters and averages after one step of AdamW with clipped gradients, in any arithmetic.
 *
 * Loshchilov and Hutter, Decoupled weight decay regularization, 2019, algorithm 2; with PyTorch's order of operations.
 */
export function adamw<X extends Operations<X>>(
  before: Readonly<Named<X>>,
  gradients: Readonly<Named<X>>,
  learningRate: number,
): Named<X> {
  return stepOf(before, clipped(gradients), learningRate);
}

/** Gradients that have a common norm of at most 1. */
export function clipped<X extends Operations<X>>(gradients: Readonly<Named<X>>): Named<X> {
  const factor = clippingFactor(Object.values(gradients), settings.most);
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, gradient.mul(factor)]));
}

/**
 * A step of AdamW with gradients as they are.
 *
 * @param others settings other than the usual ones
 */
export function stepOf<X extends Operations<X>>(
  before: Readonly<Named<X>>,
  gradients: Readonly<Named<X>>,
  learningRate: number,
  others: Partial<Record<keyof typeof settings, number>> = {},
): Named<X> {
  const { beta1, beta2, epsilon, decay } = { ...settings, ...others };
  const t = before["t"]!.add(1);
  const [weight1, weight2] = [t.each((count) => 1 - beta1 ** count), t.each((count) => 1 - beta2 ** count)];
  const after: Named<X> = { t };
  for (const [name, g] of Object.entries(gradients)) {
    const m = before[`m.${name}`]!.mul(beta1).add(g.mul(1 - beta1));
    const v = before[`v.${name}`]!.mul(beta2).add(g.pow(2).mul(1 - beta2));
    const step = m.div(weight1).div(v.div(weight2).pow(0.5).add(epsilon));
    after[`m.${name}`] = m;
    after[`v.${name}`] = v;
    after[name] = before[name]!.mul(1 - learningRate * decay).sub(step.mul(learningRate));
  }
  return after;
}

/** The learning rate at a step: rising over the first steps, then the same. */
export function learningRateAt(step: number): number {
  return RATE * Math.min(1, (step + 1) / RISING);
}

const RATE = 3e-3;
const RISING = 100;

/** What AdamW keeps before the first step: zeros. */
export function noAverages(parameters: Readonly<Parameters>): Named<Tensor> {
  const zerosOf = (name: string): Tensor => {
    const shape = name === "t" ? [] : parameters[name.slice(2) as ParameterName].shape;
    return parameters.bl.newZeros(shape);
  };
  return Object.fromEntries(keptNames.map((name) => [name, zerosOf(name)]));
}
