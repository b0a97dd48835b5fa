import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 8.2. squares
 *
 * Forward:
 *   squares = the running average v moved on by the squares of G, with beta2 = 0.999
 *
 * Given:
 *   v, G [rows, columns]
 *
 * Return: squares [rows, columns]
 *
 * @see [the lesson](README.md#2-squares-an-average-that-forgets)
 */
export function squares({ v, G }: Given<"squares">): Tensor {
  // solution
  return v.mul(0.999).add(G.pow(2).mul(0.001));
  // end of solution
}
