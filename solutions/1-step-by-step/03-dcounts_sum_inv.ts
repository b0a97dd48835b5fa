import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 3. dcounts_sum_inv
 *
 * Forward:
 *   probs = counts * counts_sum_inv
 *
 * Given:
 *   counts_sum_inv [n, 1]
 *   counts, probs, dprobs [n, vocab]
 *
 * Return: dcounts_sum_inv [n, 1]
 *
 * @see [the lesson](README.md#3-dcounts_sum_inv)
 */
export function dcounts_sum_inv({ counts_sum_inv, counts, probs, dprobs }: Given<"dcounts_sum_inv">): Tensor {
  // solution
  return counts.mul(dprobs).sum(1, keepdim);
  // end of solution
}
