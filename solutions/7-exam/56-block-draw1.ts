import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.56. draw1
 *
 * Forward:
 *   norm1 = gain1 * raw1
 *
 * Given:
 *   raw1, norm1, dnorm1 [sequences, time, embd]
 *   gain1 [embd]
 *
 * Return: draw1 [sequences, time, embd]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function draw1({ raw1, gain1, norm1, dnorm1 }: Given<"block-draw1">): Tensor {
  // solution
  return gain1.mul(dnorm1);
  // end of solution
}
