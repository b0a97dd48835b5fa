import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 23. dW1
 *
 * Forward:
 *   hprebn = embcat @ W1 + b1
 *
 * Given:
 *   W1 [block*embd, hidden]
 *   embcat [n, block*embd]
 *   b1 [hidden]
 *   hprebn, dhprebn [n, hidden]
 *
 * Return: dW1 [block*embd, hidden]
 *
 * @see [the lesson](README.md#23-dw1)
 */
export function dW1({ W1, embcat, b1, hprebn, dhprebn }: Given<"dW1">): Tensor {
  // solution
  return embcat.T.matmul(dhprebn);
  // end of solution
}
