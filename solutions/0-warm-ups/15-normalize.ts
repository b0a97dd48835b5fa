import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 0.15. normalize
 *
 * Forward:
 *   P = N, each row divided by its own sum
 *
 * Given:
 *   N [vocab, vocab]
 *
 * Return: P [vocab, vocab]
 *
 * @see [the lesson](README.md#15-normalize-a-sum-that-lost-its-dimension)
 */
export function normalize({ N }: Given<"normalize">): Tensor {
  // solution
  return N.div(N.sum(1, keepdim));
  // end of solution
}
