import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 8. dlogits
 *
 * Forward:
 *   logit_maxes = logits.max(1, keepdim).values
 *   norm_logits = logits - logit_maxes
 *
 * Given:
 *   logits, norm_logits, dnorm_logits [n, vocab]
 *   logit_maxes, dlogit_maxes [n, 1]
 *   Yb [n]
 *
 * Return: dlogits [n, vocab]
 *
 * @see [the lesson](README.md#8-dlogits)
 */
export function dlogits({
  logits,
  logit_maxes,
  dlogit_maxes,
  norm_logits,
  dnorm_logits,
  Yb,
}: Given<"dlogits">): Tensor {
  throw todo("dlogits");
}
