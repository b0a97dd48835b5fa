import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.28. dV
 *
 * Forward:
 *   out = weights @ V
 *
 * Given:
 *   V, out, dout [sequences, time, width]
 *   weights [sequences, time, time]
 *
 * Return: dV [sequences, time, width]
 *
 * @see [the lesson](README.md#attention)
 */
export function dV({ V, weights, out, dout }: Given<"attention-dV">): Tensor {
  throw todo("attention-dV");
}
