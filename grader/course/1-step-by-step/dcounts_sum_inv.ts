import { keepdim, ones, tensor, zerosLike } from "#tensor";
import { added, build, eye, rowOf, sum, sumBackwards, throughRows } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dcounts_sum_inv = gradientRoom(makemore, {
  tensor: "counts_sum_inv",
  lecture: [1255],

  idea: "The backward pass of a broadcast is a sum, over the dimension that was copied.",

  hints: {
    ask:
      "The upstream gradient has a column for each character, the answer has a single one. What happened to " +
      "counts_sum_inv on its way into the product?",
    rule:
      "Each entry of counts_sum_inv multiplies every entry of its row of counts: it is copied. Each copy is a factor " +
      "of a product, and its local gradient is the other factor. The gradients of the copies add up.",
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
      "Two operations, in this order: an elementwise product that still has shape [n, vocab], then a sum along each " +
      "row. The sum is over dimension 1, and that dimension stays, with length 1.",
  },

  mistakes: [
    {
      id: "not-summed",
      idea: "the product rule without the broadcast",
      sentence:
        "the answer still has a column for each character: counts_sum_inv was copied across the row, so its gradient is summed across the row",
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
        "the upstream gradient is summed directly: in the forward line each copy is multiplied by an entry of counts",
      look: "What is counts_sum_inv multiplied by in the forward line? Each copy has its own factor.",
      answer: ({ dprobs }) => dprobs.sum(1, keepdim),
    },
    {
      id: "probs-for-counts",
      idea: "the output is used instead of the other factor",
      sentence: "the copies are weighted by probs, the product; the local gradient of a factor is the other factor",
      look: "What is counts_sum_inv multiplied by in the forward line? probs is the output.",
      answer: ({ probs, dprobs }) => probs.mul(dprobs).sum(1, keepdim),
    },
    {
      id: "own-factor",
      idea: "the factor is multiplied by itself",
      sentence: "the copies are weighted by counts_sum_inv itself; the local gradient of a factor is the other factor",
      look: looks.ownFactor("counts_sum_inv"),
      answer: ({ counts_sum_inv, dprobs }) => counts_sum_inv.mul(dprobs).sum(1, keepdim),
    },
    {
      id: "mean",
      idea: "the copies are averaged",
      sentence: "the gradients of the copies are averaged: each copy affects the loss, so they add up",
      look: looks.mean,
      answer: ({ counts, dprobs }) => counts.mul(dprobs).sum(1, keepdim).div(counts.size(1)),
    },
    {
      id: "sign",
      idea: "the sign of the inverse is applied too early",
      sentence: "the sign is flipped: this line is a plain product",
      look: looks.sign("counts_sum_inv"),
      answer: ({ counts, dprobs }) => counts.mul(dprobs).sum(1, keepdim).neg(),
    },
    {
      id: "summed-apart",
      idea: "the factors are summed before they are multiplied",
      sentence:
        "a factor is summed before the product is taken, or both are: each copy is multiplied by its own entry of counts",
      look: looks.summedApart,
      answer: ({ counts, dprobs }) => counts.sum(1, keepdim).mul(dprobs.sum(1, keepdim)),
    },
  ],

  alsoRight: [
    {
      code: "return dprobs.mul(counts).sum(1).view(-1, 1);",
      why: "The sum without keepdim, and then a view that gives the dimension back.",
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
