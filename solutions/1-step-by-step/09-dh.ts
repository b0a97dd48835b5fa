import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 9. dh
 *
 * Forward:
 *   logits = h @ W2 + b2
 *
 * Given:
 *   h [n, hidden]
 *   W2 [hidden, vocab]
 *   b2 [vocab]
 *   logits, dlogits [n, vocab]
 *
 * Return: dh [n, hidden]
 *
 * @see [the lesson](README.md#9-dh)
 */
export function dh({ h, W2, b2, logits, dlogits }: Given<"dh">): Tensor {
  // solution
  return dlogits.matmul(W2.T);
  // end of solution
}
