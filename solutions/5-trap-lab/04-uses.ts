import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 5.4. uses
 *
 * Forward:
 *   emb = C[Xb]
 *   uses = for each row of C, the number of contributions to its row of dC
 *
 * Given:
 *   C [vocab, embd]
 *   Xb [n, block]
 *
 * Return: uses [vocab, 1]
 *
 * @see [the lesson](README.md#4-uses-overwriting-instead-of-adding)
 */
export function uses({ C, Xb }: Given<"uses">): Tensor {
  // solution
  // one row per position of Xb: a one at the character's index, zeros elsewhere
  const positions = oneHot(Xb.view(-1), C.size(0));
  return positions.sum(0).view(-1, 1);
  // end of solution
}
