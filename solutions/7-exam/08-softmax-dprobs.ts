import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.8. dprobs
 *
 * Forward:
 *   out = probs @ V
 *
 * Given:
 *   probs [n, experts]
 *   V [experts, features]
 *   out, dout [n, features]
 *
 * Return: dprobs [n, experts]
 *
 * @see [the lesson](README.md#softmax-with-a-temperature)
 */
export function dprobs({ probs, V, out, dout }: Given<"softmax-dprobs">): Tensor {
  // solution
  return dout.matmul(V.T);
  // end of solution
}
