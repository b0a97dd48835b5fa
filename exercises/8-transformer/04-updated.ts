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
  throw todo("updated");
}
