import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.21. drms_inv
 *
 * Forward:
 *   out = x * rms_inv * gain
 *
 * Given:
 *   rms_inv [n, 1]
 *   x, out, dout [n, features]
 *   gain [features]
 *
 * Return: drms_inv [n, 1]
 *
 * @see [the lesson](README.md#rms-norm)
 */
export function drms_inv({ rms_inv, x, gain, out, dout }: Given<"rmsnorm-drms_inv">): Tensor {
  // solution
  return x.mul(gain).mul(dout).sum(1, keepdim);
  // end of solution
}
