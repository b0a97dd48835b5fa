import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.37. dWo
 *
 * Forward:
 *   out = joined @ Wo
 *
 * Given:
 *   Wo [heads*width, embd]
 *   joined [sequences, time, heads*width]
 *   out, dout [sequences, time, embd]
 *
 * Return: dWo [heads*width, embd]
 *
 * @see [the lesson](README.md#several-heads)
 */
export function dWo({ Wo, joined, out, dout }: Given<"heads-dWo">): Tensor {
  throw todo("heads-dWo");
}
