import { keepdim, ones, tensor } from "#tensor";
import { build, delta, sum, throughRows } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { softmax } from "./network.ts";

export const dtempered = gradientRoom(softmax, {
  id: "softmax-dtempered",
  tensor: "tempered",
  title: "softmax as a vector-Jacobian product",
  idea: "Backward through a softmax: from the upstream gradient subtract its mean, weighted by the probabilities, then multiply by them.",
  hints: {
    piece:
      "The Jacobian of a row has the probabilities on its diagonal, and minus their outer product everywhere. Multiply " +
      "it by the upstream gradient without writing it down: one number per row is all that connects the entries.",
  },

  mistakes: [
    {
      id: "diagonal-only",
      idea: "only the diagonal of the Jacobian is used, as if each entry were by itself",
      sentence: "only the diagonal of the Jacobian is used, p * (1 - p): each score moves all probabilities of its row",
      look: "If one score grows, its probability rises. What happens to the others, which add up to 1 with it?",
      answer: ({ probs, dprobs }) => probs.mul(tensor(1).sub(probs)).mul(dprobs),
    },
    {
      id: "all-positive",
      idea: "the Jacobian's other entries are taken as positive",
      sentence:
        "off its diagonal, the Jacobian has the products of two probabilities without their minus: a score that grows " +
        "lowers the other probabilities",
      look: "If one score grows, its probability rises. What happens to the others, which add up to 1 with it?",
      answer: ({ probs, dprobs }) => {
        const products = probs.mul(dprobs);
        return products.add(probs.mul(products.sum(1, keepdim))).sub(probs.mul(products).mul(2));
      },
    },
    {
      id: "sum-missing",
      idea: "the sum in the denominator is treated as a constant",
      sentence: "only the first term is there: the sum that every entry is divided by depends on the scores, too",
      look: "Each row of a correct answer adds up to 0. Does yours?",
      answer: ({ probs, dprobs }) => probs.mul(dprobs),
    },
    {
      id: "unweighted-mean",
      idea: "the plain mean is subtracted",
      sentence:
        "the plain mean of the upstream gradient is subtracted: the mean should be weighted by the probabilities",
      look: "Each row of a correct answer adds up to 0. Does yours?",
      answer: ({ probs, dprobs }) => probs.mul(dprobs.sub(dprobs.mean(1, keepdim))),
    },
    {
      id: "unweighted-sum",
      idea: "the plain sum is subtracted",
      sentence:
        "the plain sum of the upstream gradient is subtracted: its terms should be weighted by the probabilities",
      look: "Each row of a correct answer adds up to 0. Does yours?",
      answer: ({ probs, dprobs }) => probs.mul(dprobs.sub(dprobs.sum(1, keepdim))),
    },
    {
      id: "factor-inside",
      idea: "the second term is not multiplied by the probability",
      sentence:
        "the weighted sum is subtracted as it is: the second term has the entry's own probability as a factor, too",
      look: "Each row of a correct answer adds up to 0. Does yours?",
      answer: ({ probs, dprobs }) => probs.mul(dprobs).sub(probs.mul(dprobs).sum(1, keepdim)),
    },
    {
      id: "log-softmax",
      idea: "a log-softmax is differentiated",
      sentence: "this is the backward pass of a log-softmax: the line has no logarithm",
      look: "Which of the two functions has the probabilities as its output?",
      answer: ({ probs, dprobs }) => dprobs.sub(probs.mul(dprobs.sum(1, keepdim))),
    },
    {
      id: "down",
      idea: "the sum runs down the batch",
      sentence: "the sum runs down the batch: each row has probabilities of its own",
      look: "Along which dimension does the forward line normalize?",
      answer: ({ probs, dprobs }) => probs.mul(dprobs.sub(probs.mul(dprobs).sum(0, keepdim))),
    },
    {
      id: "sign",
      idea: "the two terms are swapped",
      sentence: "the sign is flipped: a score that grows raises its own probability",
      look: "The diagonal of the Jacobian is p * (1 - p): which sign has it?",
      answer: ({ probs, dprobs }) => probs.mul(probs.mul(dprobs).sum(1, keepdim).sub(dprobs)),
    },
    {
      id: "added",
      idea: "the two terms are added",
      sentence: "the two terms are added: a score that grows lowers the other probabilities",
      look: "Which sign has the Jacobian beside its diagonal?",
      answer: ({ probs, dprobs }) => probs.mul(dprobs.add(probs.mul(dprobs).sum(1, keepdim))),
    },
    {
      id: "upstream-forgotten",
      idea: "only a slope is returned",
      sentence: "this is p * (1 - p), without the upstream gradient",
      look: looks.upstreamForgotten,
      answer: ({ probs }) => probs.mul(tensor(1).sub(probs)),
    },
    {
      id: "mean",
      idea: "the mean is taken for the sum",
      sentence: "the products are averaged over the row: the probabilities already make it a mean, so they are summed",
      look: "Each row of a correct answer adds up to 0. Does yours?",
      answer: ({ probs, dprobs }) => probs.mul(dprobs.sub(probs.mul(dprobs).mean(1, keepdim))),
    },
  ],

  alsoRight: [
    {
      code: `const products = probs.mul(dprobs);
return products.sub(probs.mul(products.sum(1, keepdim)));`,
      why: "The products serve twice, and the difference comes last. Where a probability is nearly 1, more of it cancels.",
    },
  ],

  forms: [
    ({ probs, dprobs }) => probs.mul(dprobs.sub(probs.mul(dprobs).sum(1, keepdim))),
    ({ probs, dprobs }) => probs.mul(dprobs).sub(probs.mul(probs.mul(dprobs).sum(1, keepdim))),
    ({ probs, dprobs }) => {
      const weighted = probs.mul(dprobs);
      return weighted.sub(probs.mul(weighted.matmul(ones(probs.size(1), 1))));
    },
    ({ probs, dprobs }) =>
      throughRows(
        dprobs,
        probs.size(1),
        (row, from, to) => probs.get(row, from) * (delta(from, to) - probs.get(row, to)),
      ),
    ({ probs, dprobs }) =>
      build(
        [...probs.shape],
        (i, j) => probs.get(i, j) * sum(probs.size(1), (k) => (delta(j, k) - probs.get(i, k)) * dprobs.get(i, k)),
      ),
  ],
});
