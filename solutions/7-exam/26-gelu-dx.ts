import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.26. dx
 *
 * Forward:
 *   inner = 0.79788456 * (x + 0.044715 * x ** 3)
 *   out = 0.5 * x * (1 + bent)
 *
 * Given:
 *   x, inner, dinner, bent, out, dout [n, hidden]
 *
 * Return: dx [n, hidden]
 *
 * @see [the lesson](README.md#gelu)
 */
export function dx({ x, inner, dinner, bent, out, dout }: Given<"gelu-dx">): Tensor {
  // solution
  const slope = x
    .pow(2)
    .mul(3 * 0.044715)
    .add(1)
    .mul(0.79788456);
  return bent.add(1).mul(0.5).mul(dout).add(slope.mul(dinner));
  // end of solution
}
