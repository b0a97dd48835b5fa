import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.27. dx
 *
 * Forward:
 *   inner = 0.79788456 * (x + 0.044715 * x ** 3)
 *   bent = tanh(inner)
 *   out = 0.5 * x * (1 + bent)
 *
 * Given:
 *   x, dout [n, hidden]
 *
 * Return: dx [n, hidden]
 *
 * @see [the lesson](README.md#gelu)
 */
export function dx({ x, dout }: Given<"gelu-fused-dx">): Tensor {
  throw todo("gelu-fused-dx");
}
