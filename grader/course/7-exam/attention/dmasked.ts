import { keepdim } from "#tensor";
import { build, delta, sum } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { attention } from "./network.ts";

export const dmasked = gradientRoom(attention, {
  id: "attention-dmasked",
  tensor: "masked",
  title: "a softmax over the positions",
  idea: "A score moves all weights of its row: what one gains, the others lose.",

  hints: {
    piece:
      "Each row of weights adds up to one. Subtract from each gradient the average of its row, weighted by the weights; " +
      "then scale it by its own weight.",
  },

  mistakes: [
    {
      id: "others-forgotten",
      idea: "the softmax is taken for a function of each element",
      sentence: "each score moves only its own weight here: it also moves all other weights of its row",
      look: "If one score of a row grows, what happens to the other weights? They still add up to one with it.",
      answer: ({ weights, dweights }) => dweights.mul(weights).mul(weights.neg().add(1)),
    },
    {
      id: "sum-forgotten",
      idea: "the softmax is taken for an exponential",
      sentence: "the sum over the row is missing: weights are not only exponentials, each is divided by their sum",
      look: "Add the same number to all scores of a row: no weight changes. So each row of the answer adds up to what?",
      answer: ({ weights, dweights }) => weights.mul(dweights),
    },
    {
      id: "weights-missing",
      idea: "the last factor is forgotten",
      sentence: "the weighted mean is subtracted, but the result is not scaled by each weight",
      look: "A score whose weight is 0 has no influence. Is its gradient 0 in your answer?",
      answer: ({ weights, dweights }) => dweights.sub(weights.mul(dweights).sum(2, keepdim)),
    },
    {
      id: "plain-sum",
      idea: "the gradients are summed without weights",
      sentence: "the gradients of the row are summed as they are: each one counts as much as its weight",
      look: "Each row of the answer adds up to zero, since the weights add up to one. Does yours?",
      answer: ({ weights, dweights }) => weights.mul(dweights.sub(dweights.sum(2, keepdim))),
    },
    {
      id: "mean",
      idea: "the mean is taken for the sum",
      sentence:
        "the products are averaged over the row: the weights already make it a mean, so the products are summed",
      look: "The weights of a row add up to one. By what does a further division make their mean too small?",
      answer: ({ weights, dweights }) => weights.mul(dweights.sub(weights.mul(dweights).mean(2, keepdim))),
    },
    {
      id: "wrong-dimension",
      idea: "the sum runs over the queries",
      sentence: "the sum runs over the queries: the softmax runs along dimension 2, and so does the sum",
      look: "Along which dimension do the weights add up to one?",
      answer: ({ weights, dweights }) => weights.mul(dweights.sub(weights.mul(dweights).sum(1, keepdim))),
    },
    {
      id: "keepdim",
      idea: "the sum drops its dimension",
      sentence: "the sum drops its dimension: subtracted from dweights, it needs shape [sequences, time, 1]",
      look: looks.keepdim,
      answer: ({ weights, dweights }) => weights.mul(dweights.sub(weights.mul(dweights).sum(2))),
    },
    {
      id: "sign",
      idea: "the difference is the wrong way round",
      sentence: "the sign is flipped",
      look: "If a score grows, its own weight grows too. With a positive gradient at that weight alone, which sign has the answer?",
      answer: ({ weights, dweights }) => weights.mul(weights.mul(dweights).sum(2, keepdim).sub(dweights)),
    },
    {
      id: "sum-added",
      idea: "the weighted mean is added",
      sentence: "the weighted mean of the row is added: what one weight gains, the others lose, so it is subtracted",
      look: "Let all gradients of a row be equal. No score can raise the loss then: is your answer zero?",
      answer: ({ weights, dweights }) => weights.mul(dweights.add(weights.mul(dweights).sum(2, keepdim))),
    },
    {
      id: "factor-inside",
      idea: "the second term is not multiplied by the weight",
      sentence: "the weighted sum is subtracted as it is: the second term has the entry's own weight as a factor, too",
      look: "A score whose weight is 0 has no influence. Is its gradient 0 in your answer?",
      answer: ({ weights, dweights }) => weights.mul(dweights).sub(weights.mul(dweights).sum(2, keepdim)),
    },
  ],

  alsoRight: [
    {
      code: `const products = weights.mul(dweights);
return products.sub(weights.mul(products.sum(2, keepdim)));`,
      why: "The products serve twice, and the difference comes last.",
    },
  ],

  forms: [
    ({ weights, dweights }) => weights.mul(dweights.sub(weights.mul(dweights).sum(2, keepdim))),
    ({ weights, dweights }) => {
      const products = weights.mul(dweights);
      return products.sub(weights.mul(products.sum(-1, keepdim)));
    },
    ({ masked, dweights }) => {
      const weights = masked.softmax(2);
      return dweights.sub(dweights.mul(weights).sum(2, keepdim)).mul(weights);
    },
    // the sum as a product of matrices, one per row
    ({ weights, dweights }) => {
      const [sequences, time] = weights.shape as [number, number, number];
      const means = weights.view(sequences * time, 1, time).matmul(dweights.view(sequences * time, time, 1));
      return weights.mul(dweights.sub(means.view(sequences, time, 1)));
    },
    // the Jacobian, row by row
    ({ weights, dweights }) =>
      build([...weights.shape], (b, i, j) =>
        sum(weights.size(2), (k) => {
          return dweights.get(b, i, k) * weights.get(b, i, k) * (delta(j, k) - weights.get(b, i, j));
        }),
      ),
  ],
});
