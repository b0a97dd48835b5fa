import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 6. dnorm_logits
 *
 * Forward:
 *   counts = exp(norm_logits)
 *
 * Given:
 *   norm_logits, counts, dcounts [n, vocab]
 *
 * Return: dnorm_logits [n, vocab]
 *
 * @see [the lesson](README.md#6-dnorm_logits)
 */
export function dnorm_logits({ norm_logits, counts, dcounts }: Given<"dnorm_logits">): Tensor {
  // solution
  return counts.mul(dcounts);
  // end of solution
}
