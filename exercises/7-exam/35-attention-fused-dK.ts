import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.35. dK
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
 * Return: dK [sequences, time, width]
 *
 * @see [the lesson](README.md#attention)
 */
export function dK({ Q, K, V, later, dout }: Given<"attention-fused-dK">): Tensor {
  throw todo("attention-fused-dK");
}
