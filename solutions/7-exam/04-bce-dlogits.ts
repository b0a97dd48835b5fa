import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.4. dlogits
 *
 * Forward:
 *   loss = (softplus(logits) - target * logits).mean()
 *
 * Given:
 *   logits, target [n, tasks]
 *   loss []
 *
 * Return: dlogits [n, tasks]
 *
 * @see [the lesson](README.md#sigmoid-and-binary-cross-entropy)
 */
export function dlogits({ logits, target, loss }: Given<"bce-dlogits">): Tensor {
  // solution
  return logits.sigmoid().sub(target).div(logits.numel());
  // end of solution
}
