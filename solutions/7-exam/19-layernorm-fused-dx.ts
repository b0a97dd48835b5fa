import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.19. dx
 *
 * Forward:
 *   lnmean = x.mean(1, keepdim)
 *   lndiff = x - lnmean
 *   lnvar = (lndiff ** 2).mean(1, keepdim)
 *   lnvar_inv = (lnvar + 1e-5) ** -0.5
 *   lnraw = lndiff * lnvar_inv
 *   out = lngain * lnraw + lnbias
 *
 * Given:
 *   lngain [features]
 *   lnvar_inv [n, 1]
 *   lnraw, dout [n, features]
 *
 * Return: dx [n, features]
 *
 * @see [the lesson](README.md#layer-norm)
 */
export function dx({ lngain, lnvar_inv, lnraw, dout }: Given<"layernorm-fused-dx">): Tensor {
  // solution
  const dlnraw = lngain.mul(dout);
  const along = dlnraw.mul(lnraw).mean(1, keepdim);
  return lnvar_inv.mul(dlnraw.sub(dlnraw.mean(1, keepdim)).sub(lnraw.mul(along)));
  // end of solution
}
