import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.11. dlngain
 *
 * Forward:
 *   out = lngain * lnraw + lnbias
 *
 * Given:
 *   lngain, lnbias [features]
 *   lnraw, out, dout [n, features]
 *
 * Return: dlngain [features]
 *
 * @see [the lesson](README.md#layer-norm)
 */
export function dlngain({ lngain, lnraw, lnbias, out, dout }: Given<"layernorm-dlngain">): Tensor {
  throw todo("layernorm-dlngain");
}
