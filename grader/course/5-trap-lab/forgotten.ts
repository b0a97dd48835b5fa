import { keepdim, ones, zeros, zerosLike } from "#tensor";
import { line } from "../makemore/lines.ts";
import { added, build, each, sumBackwards, throughColumns } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { lineFrom, writtenRoom } from "../rooms.ts";
import { experiment } from "./forgotten-experiment.ts";
import { inWords } from "../../network/line.ts";

export const forgotten = writtenRoom({
  id: "forgotten",
  title: "one branch of a fan-out",
  tensor: "forgotten",
  asks: "value",
  given: ["dbndiff"],
  before: [lineFrom(makemore, "bnmeani"), lineFrom(makemore, "bndiff")],
  runs: [
    [
      inWords(
        line(
          "forgotten",
          ["dbndiff"],
          "dhprebn - dbndiff, where dhprebn has both branches",
          ["n", "hidden"],
          ({ dbndiff }) =>
            dbndiff
              .sum(0, keepdim)
              .mul(-1 / dbndiff.shape[0]!)
              .expand(...dbndiff.shape),
        ),
      ),
    ],
  ],

  idea: "A tensor that is used in two lines has two gradients; look for its name before you write one.",

  hints: {
    ask:
      "hprebn appears on the right-hand side of two forward lines. One of them passes dbndiff back to it, unchanged. " +
      "Which is the other, and how many rows does the gradient of its output have?",
    rule:
      "These are two steps of the backward pass, 20 and 21 of part 1. bnmeani is subtracted from every row, so the " +
      "gradients of the rows add up, with the sign flipped. And bnmeani is a mean: each of the n entries of a column " +
      "gets 1/n of its gradient, the same for all. A check: add the answer to dbndiff, and every column sums to zero.",
    numbers: {
      dbndiff: [
        [3, -2],
        [0, -2],
        [3, 1],
      ],
    },
    worked: "forgotten[1, 0] = -({dbndiff 0 0} + {dbndiff 1 0} + {dbndiff 2 0}) / 3",
    piece:
      "Three things: the mean of the upstream gradient for each neuron, over dimension 0, which stays with length 1; " +
      "the sign, flipped; and n copies of the resulting row, which expand makes if you pass it the shape to reach. " +
      "dbndiff itself is not added: that is the branch nobody forgot. npm run lab -- forgotten shows how little of " +
      "this a network's loss reveals.",
  },

  mistakes: [
    {
      id: "sign",
      idea: "the sign of the subtraction is left out",
      sentence: "the sign is flipped: bnmeani is subtracted, so the gradient that goes back through it is negated",
      look: "Let one entry of bnmeani grow by 0.1. Do the entries of bndiff rise or fall?",
      answer: ({ dbndiff }) => dbndiff.mean(0, keepdim).expand([...dbndiff.shape]),
    },
    {
      id: "mean-forgotten",
      idea: "each row gets the whole gradient of bnmeani",
      sentence: "each row gets the whole gradient of bnmeani: a row of hprebn is only one part in n of the mean",
      look: "In a batch of 3, let one entry of hprebn grow by 0.3. How far does the mean move?",
      answer: ({ dbndiff }) =>
        dbndiff
          .sum(0, keepdim)
          .neg()
          .expand([...dbndiff.shape]),
    },
    {
      id: "not-spread",
      idea: "the row is returned once, without copies",
      sentence:
        "the values are right, but in a single row: every row of hprebn goes into the mean, so every row gets them",
      look: "The answer has n rows, like dbndiff. expand copies a single row; it takes the shape to reach.",
      answer: ({ dbndiff }) => dbndiff.mean(0, keepdim).neg(),
    },
    {
      id: "all-of-it",
      idea: "dhprebn is returned, not what is missing from it",
      sentence:
        "this is dhprebn with both branches: the direct one is already there, and the task asks for the other alone",
      look: "Read the last forward line: dbndiff is subtracted from dhprebn. Which of your terms is that?",
      answer: ({ dbndiff }) => dbndiff.sub(dbndiff.mean(0, keepdim)),
    },
    {
      id: "n-minus-one",
      idea: "the variance's divisor is used for the mean",
      sentence: "the sum is divided by n - 1, like the variance's; the mean divides by n",
      look:
        "Read the line of bnmeani: what is the sum divided by? The line that divides by n - 1 is another one, that " +
        "of bnvar.",
      answer: ({ dbndiff }) =>
        dbndiff
          .sum(0, keepdim)
          .div(1 - dbndiff.size(0))
          .expand([...dbndiff.shape]),
    },
    {
      id: "across",
      idea: "the mean runs across the neurons",
      sentence:
        "the mean runs across each example's neurons; bnmeani is a mean over the batch, for each neuron separately",
      look: `${looks.dimensions} Which of them does the sum in the line of bnmeani run over?`,
      answer: ({ dbndiff }) =>
        dbndiff
          .mean(1, keepdim)
          .neg()
          .expand([...dbndiff.shape]),
    },
    {
      id: "mean-of-all",
      idea: "the mean runs over everything",
      sentence: "every value is the same: each neuron has its own mean",
      look: "mean takes the dimension to run over as its argument. Is there one mean, or one for each neuron?",
      answer: ({ dbndiff }) =>
        dbndiff
          .mean()
          .neg()
          .expand([...dbndiff.shape]),
    },
    {
      id: "zeros",
      idea: "nothing is assumed to be missing",
      sentence: "every value is zero, as if hprebn went into bndiff alone",
      look:
        "In a batch of 3, let one entry of hprebn grow by 0.3. The mean grows by 0.1, and each row of bndiff falls " +
        "by that. What is the gradient along this branch?",
      answer: ({ dbndiff }) => zerosLike(dbndiff),
    },
  ],

  alsoRight: [
    {
      code: "return onesLike(dbndiff).mul(dbndiff.sum(0, keepdim)).div(-dbndiff.size(0));",
      why: "Steps 20 and 21 as they were written: a sum down the batch, a copy for every row, and the factor -1/n.",
    },
  ],

  forms: [
    ({ dbndiff }) =>
      dbndiff
        .mean(0, keepdim)
        .neg()
        .expand([...dbndiff.shape]),
    ({ dbndiff }) => zerosLike(dbndiff).sub(dbndiff.sum(0, keepdim).div(dbndiff.size(0))),
    ({ dbndiff }) => dbndiff.sub(dbndiff.mean(0, keepdim)).sub(dbndiff),
    ({ dbndiff }) => ones(dbndiff.size(0), dbndiff.size(0)).matmul(dbndiff).div(-dbndiff.size(0)),
    ({ dbndiff }) => {
      const n = dbndiff.size(0);
      const sums = build([dbndiff.size(1)], (j) => sumBackwards(n, (i) => dbndiff.get(i, j)));
      return build([...dbndiff.shape], (_, j) => -sums.get(j) / n);
    },
    ({ dbndiff }) => {
      const sums = added(zeros(1, dbndiff.size(1)), dbndiff, (_, j) => [0, j]);
      return each(zerosLike(dbndiff), (i, j, d) => d.set(i, j, -sums.get(0, j) / dbndiff.size(0)));
    },
    ({ dbndiff }) => throughColumns(dbndiff, dbndiff.size(0), () => -1 / dbndiff.size(0)),
    ({ dbndiff }) => dbndiff.add(dbndiff.sum(0, keepdim).neg().div(dbndiff.size(0))).sub(dbndiff),
  ],

  experiment,
});
