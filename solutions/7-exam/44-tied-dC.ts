import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.44. dC
 *
 * Forward:
 *   emb = C[Xb]
 *   logits = x @ C.T
 *
 * Given:
 *   C [vocab, embd]
 *   Xb [sequences, time]
 *   emb, demb, x [sequences, time, embd]
 *   logits, dlogits [sequences, time, vocab]
 *
 * Return: dC [vocab, embd]
 *
 * @see [the lesson](README.md#embeddings-with-tied-weights)
 */
export function dC({ C, Xb, emb, demb, x, logits, dlogits }: Given<"tied-dC">): Tensor {
  // solution
  const rows = x.view(-1, x.size(2));
  const asOutputLayer = dlogits.view(-1, C.size(0)).T.matmul(rows);
  return asOutputLayer.indexAdd(0, Xb, demb);
  // end of solution
}
