import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.20. dgain
 *
 * Forward:
 *   out = x * rms_inv * gain
 *
 * Given:
 *   gain [features]
 *   x, out, dout [n, features]
 *   rms_inv [n, 1]
 *
 * Return: dgain [features]
 *
 * @see [the lesson](README.md#rms-norm)
 */
export function dgain({ gain, x, rms_inv, out, dout }: Given<"rmsnorm-dgain">): Tensor {
  throw todo("rmsnorm-dgain");
}
