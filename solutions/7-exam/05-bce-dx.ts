import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.5. dx
 *
 * Forward:
 *   gate = sigmoid(x)
 *
 * Given:
 *   x, gate, dgate [n, features]
 *
 * Return: dx [n, features]
 *
 * @see [the lesson](README.md#sigmoid-and-binary-cross-entropy)
 */
export function dx({ x, gate, dgate }: Given<"bce-dx">): Tensor {
  // solution
  return gate.mul(tensor(1).sub(gate)).mul(dgate);
  // end of solution
}
