import { keepdim, ones, zerosLike } from "#tensor";
import { line } from "../makemore/lines.ts";
import { build, diag, sumBackwards, throughColumns } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { lineFrom, writtenRoom } from "../rooms.ts";
import { experiment } from "./gap-experiment.ts";

/** Numbers to try a gain and a bias on. */
const TRY_GAIN = "Substitute numbers: with a gain of 2, a bias of 0.5 and a bnraw of 3, hpreact is 6.5.";

export const gap = writtenRoom({
  id: "gap",
  title: "biases at zero",
  tensor: "gap",
  asks: "value",
  given: ["bngain", "bnbias", "bnraw", "dhpreact"],
  runs: [
    [
      lineFrom(makemore, "hpreact"),
      line(
        "mistaken",
        ["hpreact", "dhpreact"],
        "(hpreact * dhpreact).sum(0, keepdim)",
        [1, "hidden"],
        ({ hpreact, dhpreact }) => hpreact.mul(dhpreact).sum(0, keepdim),
      ),
      line(
        "correct",
        ["bnraw", "dhpreact"],
        "(bnraw * dhpreact).sum(0, keepdim)",
        [1, "hidden"],
        ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim),
      ),
      line("gap", ["mistaken", "correct"], "mistaken - correct", [1, "hidden"], ({ mistaken, correct }) =>
        mistaken.sub(correct),
      ),
    ],
  ],

  idea: "Test a gradient at values that are neither zero nor one: at zero and one, different formulas agree.",

  hints: {
    ask:
      "gap has one number per neuron, while two of the given tensors have a row for each example. Which operation " +
      "reduces n rows to one, and in which forward lines of the comment does it appear?",
    rule:
      "Both gradients are the same kind of sum over the batch: of a factor times the upstream gradient. In the " +
      "correct one the factor is bnraw; in the wrong one it is hpreact, which is computed from bnraw with the gain " +
      "and the bias. Below, both sums are worked out for the first neuron.",
    numbers: {
      bngain: [[2, -2]],
      bnbias: [[0.5, 1]],
      bnraw: [
        [-1, 1],
        [0, -1],
        [1, 0],
      ],
      dhpreact: [
        [2, 3],
        [0, 1],
        [1, -1],
      ],
    },
    show: ["bngain", "bnbias", "bnraw", "dhpreact"],
    worked:
      "gap[0, 0] = ({hpreact 0 0} * {dhpreact 0 0} + {hpreact 1 0} * {dhpreact 1 0} + {hpreact 2 0} * {dhpreact 2 0}) - " +
      "({bnraw 0 0} * {dhpreact 0 0} + {bnraw 1 0} * {dhpreact 1 0} + {bnraw 2 0} * {dhpreact 2 0})",
    piece:
      "The four lines of the comment, one after the other. hpreact is not given: it is computed from the gain, bnraw " +
      "and the bias. Each gradient is an elementwise product, summed over dimension 0, which stays with length 1. At " +
      "the end, the correct one is subtracted from the wrong one. To see when the gap is zero, and when it is not: " +
      "npm run lab -- gap.",
  },

  mistakes: [
    {
      id: "sign",
      idea: "the wrong gradient is subtracted from the correct one",
      sentence:
        "the sign is flipped: this is how much too small the wrong result is, and the question is how much too large it is",
      look:
        "Which of the two is subtracted from the other in the last forward line? If mistaken is -0.5 and correct is " +
        "-1, gap is 0.5.",
      answer: ({ bngain, bnbias, bnraw, dhpreact }) =>
        bnraw.sub(bngain.mul(bnraw).add(bnbias)).mul(dhpreact).sum(0, keepdim),
    },
    {
      id: "mistaken-alone",
      idea: "the wrong gradient is returned, not its difference from the correct one",
      sentence: "this is the wrong gradient itself: the correct one should be subtracted from it",
      look: "Read the last forward line: what is subtracted from mistaken?",
      answer: ({ bngain, bnbias, bnraw, dhpreact }) => bngain.mul(bnraw).add(bnbias).mul(dhpreact).sum(0, keepdim),
    },
    {
      id: "correct-alone",
      idea: "the correct gradient is returned",
      sentence: "this is the correct dbngain: the question is how far the wrong one is from it",
      look:
        "Read the last forward line: what is correct subtracted from? Your answer does not use the gain and the bias " +
        "yet.",
      answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim),
    },
    {
      id: "gain-as-one",
      idea: "the gain is assumed to be one",
      sentence: "only the effect of the biases is there: a gain other than one makes a difference as well",
      look: `${TRY_GAIN} How much of the difference of 3.5 comes from the gain?`,
      answer: ({ bnbias, dhpreact }) => bnbias.mul(dhpreact).sum(0, keepdim),
    },
    {
      id: "bias-as-zero",
      idea: "the bias is assumed to be zero",
      sentence: "only the effect of the gains is there: a bias other than zero makes a difference as well",
      look: `${TRY_GAIN} How much of the difference of 3.5 comes from the bias?`,
      answer: ({ bngain, bnraw, dhpreact }) => bngain.sub(1).mul(bnraw).mul(dhpreact).sum(0, keepdim),
    },
    {
      id: "zero",
      idea: "the two are assumed to be the same",
      sentence: "every value is zero, as if all gains were one and all biases zero: here they are not",
      look:
        `${TRY_GAIN} Does your answer use the gain and the bias that are given? If they are 1 and 0, all gaps are ` +
        "zero: npm run lab -- gap shows that.",
      answer: ({ bngain }) => zerosLike(bngain),
    },
    {
      id: "upstream-forgotten",
      idea: "hpreact and bnraw are compared directly",
      sentence:
        "this is the difference of hpreact and bnraw, summed; in both gradients they should be multiplied by the upstream gradient first",
      look:
        "Read the lines of mistaken and correct: before the sum, each entry is multiplied by how the loss changes " +
        "with hpreact: the upstream gradient, which is given. Its name begins with d.",
      answer: ({ bngain, bnbias, bnraw }) => bngain.mul(bnraw).add(bnbias).sub(bnraw).sum(0, keepdim),
    },
    {
      id: "bias-once",
      idea: "the bias is added to the sum, not to each term",
      sentence:
        "the bias is added once, after the sum: it is part of hpreact, so it is multiplied by the upstream gradient for each example",
      look: "Read the line of hpreact, then that of mistaken: is the bias added before the multiplication, or after the sum?",
      answer: ({ bngain, bnbias, bnraw, dhpreact }) =>
        bngain.sub(1).mul(bnraw).mul(dhpreact).sum(0, keepdim).add(bnbias),
    },
    {
      id: "bias-per-example",
      idea: "the bias is summed over the batch without its upstream gradient",
      sentence:
        "the bias is added once for each example, but not multiplied by the upstream gradient: hpreact contains it, and all of hpreact is multiplied",
      look: "Read the line of mistaken: what is the bias, a part of hpreact, multiplied by before the sum?",
      answer: ({ bngain, bnbias, bnraw, dhpreact }) =>
        bngain.sub(1).mul(bnraw).mul(dhpreact).add(bnbias).sum(0, keepdim),
    },
    {
      id: "not-summed",
      idea: "the sum over the batch is left out",
      sentence: "there is one value for each example; a gain has one gradient for the whole batch",
      look:
        `Read the lines of mistaken and correct: both end in a sum. ${looks.dimensions} Which one has length 1 in the ` +
        "answer?",
      answer: ({ bngain, bnbias, bnraw, dhpreact }) => bngain.mul(bnraw).add(bnbias).sub(bnraw).mul(dhpreact),
    },
    {
      id: "mean",
      idea: "a mean is used instead of the sum",
      sentence: "the examples are averaged: both gradients should be sums over them",
      look: "Read the lines of mistaken and correct: do they contain a division by n?",
      answer: ({ bngain, bnbias, bnraw, dhpreact }) =>
        bngain.mul(bnraw).add(bnbias).sub(bnraw).mul(dhpreact).mean(0, keepdim),
    },
    {
      id: "dropped",
      idea: "the sum drops its dimension",
      sentence: "the values are right, but a dimension is missing: gap has shape [1, hidden], like bngain",
      look: looks.keepdim,
      answer: ({ bngain, bnbias, bnraw, dhpreact }) => bngain.mul(bnraw).add(bnbias).sub(bnraw).mul(dhpreact).sum(0),
    },
  ],

  alsoRight: [
    {
      code: "const dbngain = bnraw.mul(dhpreact).sum(0, keepdim);\nconst dbnbias = dhpreact.sum(0, keepdim);\nreturn bngain.sub(1).mul(dbngain).add(bnbias.mul(dbnbias));",
      why: "The lesson's last formula: two gradients that are needed anyway, each times what is zero at the usual start.",
    },
  ],

  forms: [
    ({ bngain, bnbias, bnraw, dhpreact }) => {
      const hpreact = bngain.mul(bnraw).add(bnbias);
      return hpreact.mul(dhpreact).sum(0, keepdim).sub(bnraw.mul(dhpreact).sum(0, keepdim));
    },
    ({ bngain, bnbias, bnraw, dhpreact }) => bngain.sub(1).mul(bnraw).add(bnbias).mul(dhpreact).sum(0, keepdim),
    ({ bngain, bnbias, bnraw, dhpreact }) =>
      bngain
        .sub(1)
        .mul(bnraw.mul(dhpreact).sum(0, keepdim))
        .add(bnbias.mul(dhpreact.sum(0, keepdim))),
    ({ bngain, bnbias, bnraw, dhpreact }) => diag(bngain.mul(bnraw).add(bnbias).sub(bnraw).T.matmul(dhpreact)),
    ({ bngain, bnbias, bnraw, dhpreact }) =>
      build([1, bnraw.size(1)], (_, j) =>
        sumBackwards(bnraw.size(0), (i) => {
          const hpreact = bngain.get(0, j) * bnraw.get(i, j) + bnbias.get(0, j);
          return (hpreact - bnraw.get(i, j)) * dhpreact.get(i, j);
        }),
      ),
    ({ bngain, bnbias, bnraw, dhpreact }) => {
      const gap = zerosLike(bngain);
      for (let i = 0; i < bnraw.size(0); i++)
        for (let j = 0; j < bnraw.size(1); j++) {
          const hpreact = bngain.get(0, j) * bnraw.get(i, j) + bnbias.get(0, j);
          gap.set(0, j, gap.get(0, j) + hpreact * dhpreact.get(i, j) - bnraw.get(i, j) * dhpreact.get(i, j));
        }
      return gap;
    },
    ({ bngain, bnbias, bnraw, dhpreact }) =>
      throughColumns(dhpreact, 1, (j, k) => (bngain.get(0, j) - 1) * bnraw.get(k, j) + bnbias.get(0, j)),
    ({ bngain, bnbias, bnraw, dhpreact }) =>
      ones(1, bnraw.size(0)).matmul(bnraw.mul(bngain).add(bnbias).sub(bnraw).mul(dhpreact)),
  ],

  experiment,
});
