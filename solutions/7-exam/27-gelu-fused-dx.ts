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
  // solution
  const bent = x.pow(3).mul(0.044715).add(x).mul(0.79788456).tanh();
  const slope = x
    .pow(2)
    .mul(3 * 0.044715)
    .add(1)
    .mul(0.79788456);
  const gate = bent.add(1).mul(0.5);
  const dgate = tensor(1).sub(bent.pow(2)).mul(slope).mul(0.5);
  return gate.add(x.mul(dgate)).mul(dout);
  // end of solution
}
