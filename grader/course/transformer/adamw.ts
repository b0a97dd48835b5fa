import type { Tensor } from "#tensor";
import type { Operations } from "../../autograd/operations.ts";
import type { Named } from "../../network/named.ts";

/** AdamW's settings, which are PyTorch's own, and the largest norm that the gradients may have together. */
export const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.01, most: 1 } as const;

/** What AdamW keeps from step to step: averages of the gradients and of their squares, and how many steps it has taken. */
export interface Averages<X> {
  readonly m: Readonly<Named<X>>;
  readonly v: Readonly<Named<X>>;
  readonly t: number;
}

/** Parameters and averages after a step. */
export interface Updated<X> extends Averages<X> {
  readonly parameters: Readonly<Named<X>>;
}

/** What all gradients are multiplied by, shape []: at most 1, so that their common norm is at most `most`. */
export function clippingFactor<X extends Operations<X>>(gradients: readonly X[], most: number | X): X {
  const squares = gradients.map((gradient) => gradient.pow(2).sum()).reduce((sum, square) => sum.add(square));
  const norm = squares.pow(0.5);
  const factor = typeof most === "number" ? norm.pow(-1).mul(most) : most.div(norm);
  return factor.each((x) => Math.min(x, 1));
}

/**
 * One step of AdamW with clipped gradients, in any arithmetic.
 *
 * Loshchilov and Hutter, Decoupled weight decay regularization, 2019, algorithm 2; with PyTorch's order of operations.
 */
export function adamw<X extends Operations<X>>(
  parameters: Readonly<Named<X>>,
  gradients: Readonly<Named<X>>,
  { m, v, t: before }: Averages<X>,
  learningRate: number,
): Updated<X> {
  const { beta1, beta2, epsilon, decay, most } = settings;
  const factor = clippingFactor(Object.values(gradients), most);
  const t = before + 1;
  const updated = { parameters: {} as Named<X>, m: {} as Named<X>, v: {} as Named<X>, t };
  for (const [name, gradient] of Object.entries(gradients)) {
    const g = gradient.mul(factor);
    const mean = m[name]!.mul(beta1).add(g.mul(1 - beta1));
    const square = v[name]!.mul(beta2).add(g.pow(2).mul(1 - beta2));
    const step = mean.div(1 - beta1 ** t).div(
      square
        .div(1 - beta2 ** t)
        .pow(0.5)
        .add(epsilon),
    );
    updated.m[name] = mean;
    updated.v[name] = square;
    updated.parameters[name] = parameters[name]!.mul(1 - learningRate * decay).sub(step.mul(learningRate));
  }
  return updated;
}

/** The learning rate at a step: rising over the first steps, then the same. */
export function learningRateAt(step: number): number {
  return RATE * Math.min(1, (step + 1) / RISING);
}

const RATE = 3e-3;
const RISING = 100;

/** AdamW's averages before the first step. */
export function noAverages(parameters: Readonly<Named<Tensor>>): Averages<Tensor> {
  const zeros = (): Named<Tensor> =>
    Object.fromEntries(Object.entries(parameters).map(([name, p]) => [name, p.newZeros(p.shape)]));
  return { m: zeros(), v: zeros(), t: 0 };
}
