import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7. dlogit_maxes
 *
 * Forward:
 *   norm_logits = logits - logit_maxes
 *
 * Given:
 *   logit_maxes [n, 1]
 *   logits, norm_logits, dnorm_logits [n, vocab]
 *
 * Return: dlogit_maxes [n, 1]
 *
 * @see [the lesson](README.md#7-dlogit_maxes)
 */
export function dlogit_maxes({ logit_maxes, logits, norm_logits, dnorm_logits }: Given<"dlogit_maxes">): Tensor {
  throw todo("dlogit_maxes");
}
