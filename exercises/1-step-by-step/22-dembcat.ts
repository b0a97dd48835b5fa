import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 22. dembcat
 *
 * Forward:
 *   hprebn = embcat @ W1 + b1
 *
 * Given:
 *   embcat [n, block*embd]
 *   W1 [block*embd, hidden]
 *   b1 [hidden]
 *   hprebn, dhprebn [n, hidden]
 *
 * Return: dembcat [n, block*embd]
 *
 * @see [the lesson](README.md#22-dembcat)
 */
export function dembcat({ embcat, W1, b1, hprebn, dhprebn }: Given<"dembcat">): Tensor {
  throw todo("dembcat");
}
