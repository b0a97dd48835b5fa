import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 26. dC
 *
 * Forward:
 *   emb = C[Xb]
 *
 * Given:
 *   C [vocab, embd]
 *   Xb [n, block]
 *   emb, demb [n, block, embd]
 *
 * Return: dC [vocab, embd]
 *
 * @see [the lesson](README.md#26-dc)
 */
export function dC({ C, Xb, emb, demb }: Given<"dC">): Tensor {
  // solution
  return zerosLike(C).indexAdd(0, Xb, demb);
  // end of solution
}
