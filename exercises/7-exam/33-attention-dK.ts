import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.33. dK
 *
 * Forward:
 *   scores = Q @ K.transpose(1, 2) * width ** -0.5
 *
 * Given:
 *   K, Q [sequences, time, width]
 *   scores, dscores [sequences, time, time]
 *
 * Return: dK [sequences, time, width]
 *
 * @see [the lesson](README.md#attention)
 */
export function dK({ K, Q, scores, dscores }: Given<"attention-dK">): Tensor {
  throw todo("attention-dK");
}
