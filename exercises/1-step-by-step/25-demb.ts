import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 25. demb
 *
 * Forward:
 *   embcat = emb.view(n, block*embd)
 *
 * Given:
 *   emb [n, block, embd]
 *   embcat, dembcat [n, block*embd]
 *
 * Return: demb [n, block, embd]
 *
 * @see [the lesson](README.md#25-demb)
 */
export function demb({ emb, embcat, dembcat }: Given<"demb">): Tensor {
  throw todo("demb");
}
