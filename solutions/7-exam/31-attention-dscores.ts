import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.31. dscores
 *
 * Forward:
 *   masked = scores.masked_fill(later, -inf)
 *
 * Given:
 *   scores, masked, dmasked [sequences, time, time]
 *   later [time, time]
 *
 * Return: dscores [sequences, time, time]
 *
 * @see [the lesson](README.md#attention)
 */
export function dscores({ scores, later, masked, dmasked }: Given<"attention-dscores">): Tensor {
  // solution
  return dmasked.maskedFill(later, 0);
  // end of solution
}
