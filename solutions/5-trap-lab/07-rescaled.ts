import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 5.7. rescaled
 *
 * Forward:
 *   wide = embcat @ W1
 *   rescaled = W1, each column divided by the standard deviation (with n-1, over the batch) of its column of wide
 *
 * Given:
 *   embcat [n, block*embd]
 *   W1 [block*embd, hidden]
 *
 * Return: rescaled [block*embd, hidden]
 *
 * @see [the lesson](README.md#7-rescaled-saturated-tanh)
 */
export function rescaled({ embcat, W1 }: Given<"rescaled">): Tensor {
  // solution
  const wide = embcat.matmul(W1);
  return W1.div(wide.var(0, keepdim).sqrt());
  // end of solution
}
