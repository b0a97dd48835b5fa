import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.32. dQ
 *
 * Forward:
 *   scores = Q @ K.transpose(1, 2) * width ** -0.5
 *
 * Given:
 *   Q, K [sequences, time, width]
 *   scores, dscores [sequences, time, time]
 *
 * Return: dQ [sequences, time, width]
 *
 * @see [the lesson](README.md#attention)
 */
export function dQ({ Q, K, scores, dscores }: Given<"attention-dQ">): Tensor {
  // solution
  return dscores.matmul(K).mul(K.size(2) ** -0.5);
  // end of solution
}
