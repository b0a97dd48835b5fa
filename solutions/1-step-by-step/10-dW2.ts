import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 10. dW2
 *
 * Forward:
 *   logits = h @ W2 + b2
 *
 * Given:
 *   W2 [hidden, vocab]
 *   h [n, hidden]
 *   b2 [vocab]
 *   logits, dlogits [n, vocab]
 *
 * Return: dW2 [hidden, vocab]
 *
 * @see [the lesson](README.md#10-dw2)
 */
export function dW2({ W2, h, b2, logits, dlogits }: Given<"dW2">): Tensor {
  // solution
  return h.T.matmul(dlogits);
  // end of solution
}
