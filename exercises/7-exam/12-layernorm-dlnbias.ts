import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.12. dlnbias
 *
 * Forward:
 *   out = lngain * lnraw + lnbias
 *
 * Given:
 *   lnbias, lngain [features]
 *   lnraw, out, dout [n, features]
 *
 * Return: dlnbias [features]
 *
 * @see [the lesson](README.md#layer-norm)
 */
export function dlnbias({ lnbias, lngain, lnraw, out, dout }: Given<"layernorm-dlnbias">): Tensor {
  throw todo("layernorm-dlnbias");
}
