import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.11. dlngain
 *
 * Forward:
 *   out = lngain * lnraw + lnbias
 *
 * Given:
 *   lngain, lnbias [width]
 *   lnraw, out, dout [n, width]
 *
 * Return: dlngain [width]
 *
 * @see [the lesson](README.md#layer-norm)
 */
export function dlngain({ lngain, lnraw, lnbias, out, dout }: Given<"layernorm-dlngain">): Tensor {
  throw todo("layernorm-dlngain");
}
