import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.34. dQ
 *
 * Forward:
 *   scores = Q @ K.transpose(1, 2) * width ** -0.5
 *   masked = scores.masked_fill(later, -inf)
 *   weights = softmax(masked, 2)
 *   out = weights @ V
 *
 * Given:
 *   Q, K, V, dout [sequences, time, width]
 *   later [time, time]
 *
 * Return: dQ [sequences, time, width]
 *
 * @see [the lesson](README.md#attention)
 */
export function dQ({ Q, K, V, later, dout }: Given<"attention-fused-dQ">): Tensor {
  // solution
  const scale = Q.size(2) ** -0.5;
  const scores = Q.matmul(K.transpose(1, 2)).mul(scale);
  const weights = scores.maskedFill(later, -Infinity).softmax(2);
  const dweights = dout.matmul(V.transpose(1, 2));
  const dscores = weights.mul(dweights.sub(weights.mul(dweights).sum(2, keepdim)));
  return dscores.matmul(K).mul(scale);
  // end of solution
}
