import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 0.5. dw
 *
 * Forward:
 *   weighted = w * feature
 *   guess = weighted + bias
 *   miss = guess - goal
 *   cost = miss ** 2
 *
 * Given:
 *   w, feature, weighted, bias, guess, goal, miss, cost, dcost [rows, columns]
 *
 * Return: dw [rows, columns]
 *
 * @see [the lesson](README.md#5-dw-a-chain-of-four-lines)
 */
export function dw({ w, feature, weighted, bias, guess, goal, miss, cost, dcost }: Given<"dw">): Tensor {
  // solution
  return miss.mul(2).mul(dcost).mul(feature);
  // end of solution
}
