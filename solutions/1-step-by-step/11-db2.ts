import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 11. db2
 *
 * Forward:
 *   logits = h @ W2 + b2
 *
 * Given:
 *   b2 [vocab]
 *   h [n, hidden]
 *   W2 [hidden, vocab]
 *   logits, dlogits [n, vocab]
 *
 * Return: db2 [vocab]
 *
 * @see [the lesson](README.md#11-db2)
 */
export function db2({ b2, h, W2, logits, dlogits }: Given<"db2">): Tensor {
  // solution
  return dlogits.sum(0);
  // end of solution
}
