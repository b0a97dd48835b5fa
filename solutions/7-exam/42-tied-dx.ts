import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.42. dx
 *
 * Forward:
 *   logits = x @ C.T
 *
 * Given:
 *   x [sequences, time, embd]
 *   C [vocab, embd]
 *   logits, dlogits [sequences, time, vocab]
 *
 * Return: dx [sequences, time, embd]
 *
 * @see [the lesson](README.md#embeddings-with-tied-weights)
 */
export function dx({ x, C, logits, dlogits }: Given<"tied-dx">): Tensor {
  // solution
  return dlogits.matmul(C);
  // end of solution
}
