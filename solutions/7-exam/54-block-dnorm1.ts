import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.54. dnorm1
 *
 * Forward:
 *   Q = norm1.view(sequences, 1, time, embd) @ Wq
 *   K = norm1.view(sequences, 1, time, embd) @ Wk
 *   V = norm1.view(sequences, 1, time, embd) @ Wv
 *
 * Given:
 *   norm1 [sequences, time, embd]
 *   Wq, Wk, Wv [heads, embd, width]
 *   Q, dQ, K, dK, V, dV [sequences, heads, time, width]
 *
 * Return: dnorm1 [sequences, time, embd]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dnorm1({ norm1, Wq, Q, dQ, Wk, K, dK, Wv, V, dV }: Given<"block-dnorm1">): Tensor {
  // solution
  const queries = dQ.matmul(Wq.transpose(1, 2));
  const keys = dK.matmul(Wk.transpose(1, 2));
  const values = dV.matmul(Wv.transpose(1, 2));
  return queries.add(keys).add(values).sum(1);
  // end of solution
}
