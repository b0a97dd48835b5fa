import { keepdim, oneHot } from "#tensor";
import { Measured } from "../../autograd/measured.ts";
import type { Indices, Named } from "../../network/named.ts";

/**
 * dlogits of the whole loss as (exp(logits - lse) - onehot) / n with lse = log(sum of exp(logits)), shape [n, vocab].
 *
 * Rounding lse makes an error of its own magnitude times epsilon. An error in counts is in their sum as well and cancels;
 * this one does not: exp(logits - lse) has the magnitude p (1 + |logits - lse| + |lse|).
 */
export function dlogitsByLogSumExp({ logits }: Named<Measured>, { Yb }: Indices): Measured {
  const [n, vocab] = logits!.shape as [number, number];
  const { values: maxima } = logits!.max(1, keepdim);
  const lse = logits!.sub(maxima).exp().sum(1, keepdim).log().add(maxima).given();
  const logprobs = logits!.sub(lse).given();
  const probs = logprobs.measuredAs(logprobs.sub(lse)).exp();
  return probs.sub(Measured.from(oneHot(Yb!, vocab))).div(n);
}
