import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 24. db1
 *
 * Forward:
 *   hprebn = embcat @ W1 + b1
 *
 * Given:
 *   b1 [hidden]
 *   embcat [n, block*embd]
 *   W1 [block*embd, hidden]
 *   hprebn, dhprebn [n, hidden]
 *
 * Return: db1 [hidden]
 *
 * @see [the lesson](README.md#24-db1)
 */
export function db1({ b1, embcat, W1, hprebn, dhprebn }: Given<"db1">): Tensor {
  throw todo("db1");
}
