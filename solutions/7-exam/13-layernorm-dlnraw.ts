import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.13. dlnraw
 *
 * Forward:
 *   out = lngain * lnraw + lnbias
 *
 * Given:
 *   lnraw, out, dout [n, features]
 *   lngain, lnbias [features]
 *
 * Return: dlnraw [n, features]
 *
 * @see [the lesson](README.md#layer-norm)
 */
export function dlnraw({ lnraw, lngain, lnbias, out, dout }: Given<"layernorm-dlnraw">): Tensor {
  // solution
  return lngain.mul(dout);
  // end of solution
}
