import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.49. dres
 *
 * Forward:
 *   raw2 = (res - res.mean(2, keepdim)) * (res.var(2, unbiased=False, keepdim) + 1e-5) ** -0.5
 *   out = res + act @ W2
 *
 * Given:
 *   res, raw2, draw2, out, dout [sequences, time, embd]
 *   act [sequences, time, hidden]
 *   W2 [hidden, embd]
 *
 * Return: dres [sequences, time, embd]
 *
 * @see [the lesson](README.md#a-transformer-block)
 */
export function dres({ res, raw2, draw2, act, W2, out, dout }: Given<"block-dres">): Tensor {
  // solution
  const difference = res.sub(res.mean(2, keepdim));
  const inverse = difference.pow(2).mean(2, keepdim).add(1e-5).pow(-0.5);
  const along = raw2.mul(draw2.mul(raw2).mean(2, keepdim));
  return draw2.sub(draw2.mean(2, keepdim)).sub(along).mul(inverse).add(dout);
  // end of solution
}
