import { keepdim, ones, zerosLike } from "#tensor";
import { line } from "../makemore/lines.ts";
import { build, diag, sumBackwards, throughColumns } from "../elements.ts";
import { looks } from "../looks.ts";
import { modelLine, writtenRoom } from "../rooms.ts";
import { experiment } from "./gap-experiment.ts";

/** Numbers to try a gain and a bias on. */
const TRY_GAIN = "Put in numbers: with a gain of 2, a bias of 0.5 and 3 in bnraw, hpreact is 6.5.";

export const gap = writtenRoom({
  id: "gap",
  tensor: "gap",
  asks: "value",
  given: ["bngain", "bnbias", "bnraw", "dhpreact"],
  runs: [
    [
      modelLine("hpreact"),
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

  hints: {
    ask:
      "gap has one number for each neuron, while two of the given tensors have a row for each example. Which operation " +
      "makes one row of n, and in which forward lines of the comment does it stand?",
    rule:
      "Both gradients are the same sum over the batch: a factor, times what comes from above. For the factor the right " +
      "one has bnraw, the wrong one hpreact, which is what the gain and the bias make of bnraw. Below, for the first " +
      "neuron, both sums are worked out.",
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
      "The four lines of the comment, one after the other. hpreact is not given: it is made of the gain, bnraw and the " +
      "bias. Each gradient is a product place by place, summed over dimension 0, which stays with length 1. At the end " +
      "the right one is taken from the wrong one. To see the gap where it is zero, and where it is not: " +
      "npm run lab -- gap.",
  },

  mistakes: [
    {
      id: "sign",
      idea: "the wrong gradient is subtracted from the right one",
      sentence:
        "the sign is flipped: this is what the wrong result is short of, and it is asked by how much it is too large",
      look:
        "Which of the two is taken from the other in the last forward line? Where mistaken is -0.5 and correct is " +
        "-1, gap is 0.5.",
      answer: ({ bngain, bnbias, bnraw, dhpreact }) =>
        bnraw.sub(bngain.mul(bnraw).add(bnbias)).mul(dhpreact).sum(0, keepdim),
    },
    {
      id: "mistaken-alone",
      idea: "the wrong gradient is given, not its distance from the right one",
      sentence: "this is the wrong gradient itself: what the right one is has still to be taken from it",
      look: "Read the last forward line: what is taken from mistaken?",
      answer: ({ bngain, bnbias, bnraw, dhpreact }) => bngain.mul(bnraw).add(bnbias).mul(dhpreact).sum(0, keepdim),
    },
    {
      id: "correct-alone",
      idea: "the right gradient is given",
      sentence: "this is dbngain as it is to be, and it is asked how far the wrong one is from it",
      look:
        "Read the last forward line: from what is correct taken? The gain and the bias have no part in your answer " +
        "yet.",
      answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim),
    },
    {
      id: "gain-as-one",
      idea: "the gain is taken to be one",
      sentence: "only what the biases add is there: a gain that is not one makes a difference too",
      look: `${TRY_GAIN} How much of the 3.5 between the two comes from the gain?`,
      answer: ({ bnbias, dhpreact }) => bnbias.mul(dhpreact).sum(0, keepdim),
    },
    {
      id: "bias-as-zero",
      idea: "the bias is taken to be zero",
      sentence: "only what the gains change is there: a bias that is not zero makes a difference too",
      look: `${TRY_GAIN} How much of the 3.5 between the two comes from the bias?`,
      answer: ({ bngain, bnraw, dhpreact }) => bngain.sub(1).mul(bnraw).mul(dhpreact).sum(0, keepdim),
    },
    {
      id: "zero",
      idea: "the two are taken to be the same",
      sentence: "every value is zero, as it is where all gains are one and all biases zero: these are neither",
      look:
        `${TRY_GAIN} Does yours take the gain and the bias that are given? Where they are 1 and 0, all gaps are ` +
        "zero: npm run lab -- gap shows that.",
      answer: ({ bngain }) => zerosLike(bngain),
    },
    {
      id: "upstream-forgotten",
      idea: "hpreact and bnraw are compared by themselves",
      sentence:
        "this is the difference of hpreact and bnraw, added up; in both gradients they are multiplied by what comes from above first",
      look:
        "Read the lines of mistaken and correct: before the sum, each entry is multiplied by how the loss moves with " +
        "hpreact. That is given, and its name begins with d.",
      answer: ({ bngain, bnbias, bnraw }) => bngain.mul(bnraw).add(bnbias).sub(bnraw).sum(0, keepdim),
    },
    {
      id: "not-summed",
      idea: "the sum over the batch is left out",
      sentence: "there is one value for each example, and a gain has one gradient for the whole batch",
      look:
        `Read the lines of mistaken and correct: both end in a sum. ${looks.dimensions} Which one has length 1 in the ` +
        "answer?",
      answer: ({ bngain, bnbias, bnraw, dhpreact }) => bngain.mul(bnraw).add(bnbias).sub(bnraw).mul(dhpreact),
    },
    {
      id: "mean",
      idea: "a mean is taken for the sum",
      sentence: "the examples are averaged, and both gradients are sums over them",
      look: "Read the lines of mistaken and correct: is there a division by n in them?",
      answer: ({ bngain, bnbias, bnraw, dhpreact }) =>
        bngain.mul(bnraw).add(bnbias).sub(bnraw).mul(dhpreact).mean(0, keepdim),
    },
    {
      id: "dropped",
      idea: "the sum drops its dimension",
      sentence: "the numbers are right, and a dimension is gone: gap is [1, hidden], as bngain is",
      look: looks.keepdim,
      answer: ({ bngain, bnbias, bnraw, dhpreact }) => bngain.mul(bnraw).add(bnbias).sub(bnraw).mul(dhpreact).sum(0),
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
