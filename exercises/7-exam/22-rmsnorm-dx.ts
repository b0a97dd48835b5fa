import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.22. dx
 *
 * Forward:
 *   meansq = (x ** 2).mean(1, keepdim)
 *   out = x * rms_inv * gain
 *
 * Given:
 *   x, out, dout [n, features]
 *   meansq, dmeansq, rms_inv [n, 1]
 *   gain [features]
 *
 * Return: dx [n, features]
 *
 * @see [the lesson](README.md#rms-norm)
 */
export function dx({ x, meansq, dmeansq, rms_inv, gain, out, dout }: Given<"rmsnorm-dx">): Tensor {
  throw todo("rmsnorm-dx");
}
