import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.23. dx
 *
 * Forward:
 *   meansq = (x ** 2).mean(1, keepdim)
 *   rms_inv = (meansq + 1e-5) ** -0.5
 *   out = x * rms_inv * gain
 *
 * Given:
 *   x, dout [n, features]
 *   rms_inv [n, 1]
 *   gain [features]
 *
 * Return: dx [n, features]
 *
 * @see [the lesson](README.md#rms-norm)
 */
export function dx({ x, rms_inv, gain, dout }: Given<"rmsnorm-fused-dx">): Tensor {
  throw todo("rmsnorm-fused-dx");
}
