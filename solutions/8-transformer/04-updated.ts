import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 8.4. updated
 *
 * Forward:
 *   updated = p after a step of AdamW: m and v are moved on by G first, t counts this step, and the decay is 0.01
 *
 * Given:
 *   p, G, m, v [rows, columns]
 *   t, learningRate []
 *
 * Return: updated [rows, columns]
 *
 * @see [the lesson](README.md#4-updated-decay-that-the-averages-do-not-see)
 */
export function updated({ p, G, m, v, t, learningRate }: Given<"updated">): Tensor {
  // solution
  const rate = learningRate.item();
  const mean = m.mul(0.9).add(G.mul(0.1));
  const square = v.mul(0.999).add(G.pow(2).mul(0.001));
  const root = square.div(1 - 0.999 ** t.item()).sqrt();
  const step = mean.div(1 - 0.9 ** t.item()).div(root.add(1e-8));
  return p.mul(1 - rate * 0.01).sub(step.mul(rate));
  // end of solution
}
