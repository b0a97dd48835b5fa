import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 5. dcounts
 *
 * Forward:
 *   counts_sum = counts.sum(1, keepdim)
 *   probs = counts * counts_sum_inv
 *
 * Given:
 *   counts, probs, dprobs [n, vocab]
 *   counts_sum, dcounts_sum, counts_sum_inv [n, 1]
 *
 * Return: dcounts [n, vocab]
 *
 * @see [the lesson](README.md#5-dcounts)
 */
export function dcounts({ counts, counts_sum, dcounts_sum, counts_sum_inv, probs, dprobs }: Given<"dcounts">): Tensor {
  throw todo("dcounts");
}
