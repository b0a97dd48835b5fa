import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.43. dP
 *
 * Forward:
 *   x = emb + P
 *
 * Given:
 *   P [time, embd]
 *   emb, x, dx [sequences, time, embd]
 *
 * Return: dP [time, embd]
 *
 * @see [the lesson](README.md#embeddings-with-tied-weights)
 */
export function dP({ P, emb, x, dx }: Given<"tied-dP">): Tensor {
  throw todo("tied-dP");
}
