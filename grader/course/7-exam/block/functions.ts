import { keepdim, type Tensor } from "#tensor";
import type { Operations } from "../../../autograd/operations.ts";

/** What a normalized row is scaled by: the inverse root of its variance plus this. */
export const EPSILON = 1e-5;
const ROOT = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** Layer norm without gain and bias, over the last dimension. */
export function normalized<X extends Operations<X>>(x: X, epsilon = EPSILON): X {
  const difference = x.sub(x.mean(2, keepdim));
  return difference.mul(difference.pow(2).mean(2, keepdim).add(epsilon).pow(-0.5));
}

/** GELU in its tanh form. */
export function gelu<X extends Operations<X>>(x: X): X {
  return x.mul(0.5).mul(x.pow(3).mul(CUBIC).add(x).mul(ROOT).tanh().add(1));
}

/** The slope of GELU. */
export function geluSlope(x: Tensor): Tensor {
  const bent = x.pow(3).mul(CUBIC).add(x).mul(ROOT).tanh();
  const inner = x
    .pow(2)
    .mul(3 * CUBIC)
    .add(1)
    .mul(ROOT);
  return bent
    .add(1)
    .mul(0.5)
    .add(x.mul(0.5).mul(bent.pow(2).neg().add(1)).mul(inner));
}

/** The inverse root of each row's variance plus epsilon, shape [sequences, time, 1]. */
export function inverseRoot(x: Tensor, epsilon = EPSILON): Tensor {
  return x.sub(x.mean(2, keepdim)).pow(2).mean(2, keepdim).add(epsilon).pow(-0.5);
}

/** The parts of the way back through layer norm, the mean's and the variance's each times a weight. */
export function throughNorm(
  x: Tensor,
  above: Tensor,
  { mean = 1, variance = 1, epsilon = EPSILON }: { mean?: number; variance?: number; epsilon?: number } = {},
): Tensor {
  const raw = normalized(x, epsilon);
  const along = raw.mul(above.mul(raw).mean(2, keepdim));
  return above.sub(above.mean(2, keepdim).mul(mean)).sub(along.mul(variance)).mul(inverseRoot(x, epsilon));
}

/** The way back through a softmax over the last dimension. */
export function throughSoftmax(weights: Tensor, above: Tensor): Tensor {
  return weights.mul(above.sub(weights.mul(above).sum(3, keepdim)));
}

/** Rows that all heads read: [sequences, time, embd] as [sequences, 1, time, embd]. */
export function forHeads<X extends Operations<X>>(x: X): X {
  const [sequences, time, embd] = x.shape as [number, number, number];
  return x.view(sequences, 1, time, embd);
}

/** The probabilities of each head, shape [sequences, heads, time, time]. */
export function attend<X extends Operations<X>>(Q: X, K: X, later: Tensor): X {
  return Q.matmul(K.transpose(2, 3))
    .mul(Q.shape[3]! ** -0.5)
    .maskedFill(later, -Infinity)
    .softmax(3);
}

/** The gradient of a matrix that all sequences share, from what each row was and the gradient of what became of it. */
export function sharedGradient(rows: Tensor, above: Tensor): Tensor {
  return rows.transpose(2, 3).matmul(above).sum(0);
}
