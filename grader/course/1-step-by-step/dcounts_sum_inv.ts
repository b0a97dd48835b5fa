import { keepdim, ones, tensor, zerosLike } from "#tensor";
import { added, build, eye, rowOf, sum, sumBackwards, throughRows } from "../elements.ts";
import { looks } from "../looks.ts";
import { gradientRoom } from "../rooms.ts";

export const dcounts_sum_inv = gradientRoom({
  tensor: "counts_sum_inv",

  hints: {
    ask:
      "What comes from above has a column for each character, the answer has a single one. What happened to " +
      "counts_sum_inv on its way into the product?",
    rule:
      "One number of counts_sum_inv meets every entry of its row of counts: it is copied. Each copy is a factor of a " +
      "product, whose slope is the other factor. What the copies send back adds up.",
    numbers: {
      counts: [
        [1, 2, 1],
        [3, 1, 1],
      ],
      dprobs: [
        [2, -1, 4],
        [0, 5, -2],
      ],
    },
    worked:
      "dcounts_sum_inv[0, 0] = {counts 0 0} * {dprobs 0 0} + {counts 0 1} * {dprobs 0 1} + {counts 0 2} * {dprobs 0 2}",
    piece:
      "Two operations in this order: an elementwise product that still has the shape [n, vocab], then a sum along each " +
      "row. The sum is over dimension 1, and that dimension stays, with length 1.",
  },

  mistakes: [
    {
      id: "not-summed",
      idea: "the product rule without the broadcast",
      sentence:
        "the answer still has a column for each character: counts_sum_inv was copied across the row, so its gradient is summed over the row",
      look: looks.notSummed("counts_sum_inv"),
      answer: ({ counts, dprobs }) => counts.mul(dprobs),
    },
    {
      id: "keepdim",
      idea: "the sum drops its dimension",
      sentence: "the sum is over the right dimension but drops it: counts_sum_inv has shape [n, 1]",
      look: looks.keepdim,
      answer: ({ counts, dprobs }) => counts.mul(dprobs).sum(1),
    },
    {
      id: "wrong-dimension",
      idea: "the sum is over the batch",
      sentence: "the sum runs over the examples: counts_sum_inv was copied along the other dimension",
      look: looks.wrongDimension,
      answer: ({ counts, dprobs }) => counts.mul(dprobs).sum(0, keepdim),
    },
    {
      id: "counts-forgotten",
      idea: "the broadcast without the product rule",
      sentence:
        "the gradient from above is summed as it is: in the forward line each copy is multiplied by an entry of counts",
      look: "What stands beside counts_sum_inv in the forward line? Each copy is weighted by its own entry.",
      answer: ({ dprobs }) => dprobs.sum(1, keepdim),
    },
    {
      id: "probs-for-counts",
      idea: "the output is used for the other factor",
      sentence: "the copies are weighted by probs, the product; the slope is the other factor",
      look: "What stands beside counts_sum_inv in the forward line? probs is what came out.",
      answer: ({ probs, dprobs }) => probs.mul(dprobs).sum(1, keepdim),
    },
    {
      id: "own-factor",
      idea: "the factor is multiplied by itself",
      sentence: "the copies are weighted by counts_sum_inv itself; the slope of a product is the other factor",
      look: looks.ownFactor("counts_sum_inv"),
      answer: ({ counts_sum_inv, dprobs }) => counts_sum_inv.mul(dprobs).sum(1, keepdim),
    },
    {
      id: "mean",
      idea: "the copies are averaged",
      sentence: "the contributions of the copies are averaged; each of them moves the loss, so they add up",
      look: looks.mean,
      answer: ({ counts, dprobs }) => counts.mul(dprobs).sum(1, keepdim).div(counts.size(1)),
    },
    {
      id: "sign",
      idea: "the sign of the inverse comes too early",
      sentence: "the sign is flipped: this line is a plain product",
      look: looks.sign("counts_sum_inv"),
      answer: ({ counts, dprobs }) => counts.mul(dprobs).sum(1, keepdim).neg(),
    },
    {
      id: "summed-apart",
      idea: "the factors are summed before they are multiplied",
      sentence: "a factor is summed before the product is taken, or both are: each copy meets its own entry of counts",
      look: looks.summedApart,
      answer: ({ counts, dprobs }) => counts.sum(1, keepdim).mul(dprobs.sum(1, keepdim)),
    },
  ],

  forms: [
    ({ counts, dprobs }) => counts.mul(dprobs).sum(1, keepdim),
    ({ counts, dprobs }) => counts.mul(dprobs).matmul(ones(counts.size(1), 1)),
    ({ counts, dprobs }) =>
      dprobs
        .matmul(counts.T)
        .mul(eye(dprobs.size(0)))
        .sum(1, keepdim),
    ({ counts_sum_inv, probs, dprobs }) => probs.div(counts_sum_inv).mul(dprobs).sum(1, keepdim),
    ({ counts_sum_inv, probs, dprobs }) => probs.mul(dprobs).sum(1, keepdim).div(counts_sum_inv),
    ({ counts, dprobs }) =>
      build([counts.size(0), 1], (i) => sum(counts.size(1), (j) => counts.get(i, j) * dprobs.get(i, j))),
    ({ counts, dprobs }) =>
      build([counts.size(0), 1], (i) => sumBackwards(counts.size(1), (j) => counts.get(i, j) * dprobs.get(i, j))),
    ({ counts, dprobs }) => counts.mul(dprobs).mean(1, keepdim).mul(counts.size(1)),
    ({ counts, dprobs }) => dprobs.mul(counts).T.sum(0).view(-1, 1),
    ({ counts_sum_inv, counts, dprobs }) => added(zerosLike(counts_sum_inv), counts.mul(dprobs), (i) => [i, 0]),
    ({ counts, dprobs }) => throughRows(dprobs, 1, (i, k) => counts.get(i, k)),
    ({ counts, dprobs }) => {
      const [n, vocab] = [counts.size(0), counts.size(1)];
      const rows = Array.from({ length: n }, (_, i) => rowOf(counts, i).matmul(rowOf(dprobs, i).view(vocab, 1)).item());
      return tensor(rows, [n, 1]);
    },
  ],
});
