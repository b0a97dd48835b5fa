import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 2.1. dlogits
 *
 * Forward:
 *   logit_maxes = logits.max(1, keepdim).values
 *   norm_logits = logits - logit_maxes
 *   counts = exp(norm_logits)
 *   counts_sum = counts.sum(1, keepdim)
 *   counts_sum_inv = counts_sum ** -1
 *   probs = counts * counts_sum_inv
 *   logprobs = log(probs)
 *   loss = -mean of logprobs[i, Yb[i]]
 *
 * Given:
 *   logits [n, vocab]
 *   Yb [n]
 *
 * Return: dlogits [n, vocab]
 *
 * @see [the lesson](README.md)
 */
export function dlogits({ logits, Yb }: Given<"fused-dlogits">): Tensor {
  throw todo("fused-dlogits");
}
