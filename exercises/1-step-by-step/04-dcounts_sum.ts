import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 4. dcounts_sum
 *
 * Forward:
 *   counts_sum_inv = counts_sum ** -1
 *
 * Given:
 *   counts_sum, counts_sum_inv, dcounts_sum_inv [n, 1]
 *
 * Return: dcounts_sum [n, 1]
 *
 * @see [the lesson](README.md#4-dcounts_sum)
 */
export function dcounts_sum({ counts_sum, counts_sum_inv, dcounts_sum_inv }: Given<"dcounts_sum">): Tensor {
  throw todo("dcounts_sum");
}
