import { todo, type Given } from "#course";
import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";

/**
 * 7.41. dlogits
 *
 * Forward:
 *   probs = softmax(logits, 2)
 *   logprobs = log(probs)
 *   loss = -mean of logprobs[b, t, Yb[b, t]]
 *
 * Given:
 *   logits [sequences, time, vocab]
 *   Yb [sequences, time]
 *
 * Return: dlogits [sequences, time, vocab]
 *
 * @see [the lesson](README.md#embeddings-with-tied-weights)
 */
export function dlogits({ logits, Yb }: Given<"tied-dlogits">): Tensor {
  // solution
  return logits
    .softmax(2)
    .sub(oneHot(Yb, logits.size(2)))
    .div(Yb.numel());
  // end of solution
}
