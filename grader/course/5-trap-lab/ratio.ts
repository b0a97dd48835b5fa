import { keepdim, ones, onesLike, tensor, zeros, type Tensor } from "#tensor";
import { line } from "../makemore/lines.ts";
import { added, build, each, eye, sum } from "../elements.ts";
import { looks } from "../looks.ts";
import { modelLine, writtenRoom } from "../rooms.ts";
import { experiment } from "./ratio-experiment.ts";
import { inWords } from "../../network/line.ts";

const TRY_VARIANCES =
  "Put in numbers, the epsilon aside: a bndiff of 6 with a variance of 4 gives 3 in bnraw, with a variance of 1 it " +
  "gives 6. The ratio of the two is a half: what does yours give for these variances?";

export const ratio = writtenRoom({
  id: "ratio",
  tensor: "ratio",
  asks: "value",
  given: ["hprebn"],
  runs: [
    [
      modelLine("bnmeani"),
      modelLine("bndiff"),
      modelLine("bndiff2"),
      line("biased", ["bndiff2"], "1/n * bndiff2.sum(0, keepdim)", [1, "hidden"], ({ bndiff2 }) =>
        bndiff2.sum(0, keepdim).mul(1 / bndiff2.shape[0]!),
      ),
      line("unbiased", ["bndiff2"], "1/(n-1) * bndiff2.sum(0, keepdim)", [1, "hidden"], ({ bndiff2 }) =>
        bndiff2.sum(0, keepdim).mul(1 / (bndiff2.shape[0]! - 1)),
      ),
      inWords(
        line(
          "ratio",
          ["biased", "unbiased"],
          "bnraw computed with unbiased, divided by bnraw computed with biased",
          [1, "hidden"],
          ({ biased, unbiased }) => biased.add(1e-5).div(unbiased.add(1e-5)).pow(0.5),
        ),
      ),
    ],
  ],

  hints: {
    ask:
      "ratio has one row, while both results of bnraw have n. Which factor do the two results share, example by example, " +
      "so that it drops out of their quotient?",
    rule:
      "In part 1, bnraw is bndiff times (bnvar + 1e-5) to the power -0.5. Write one entry of it with unbiased in bnvar's " +
      "place, then with biased, and divide the first by the second. Below, that is done for the first example of the " +
      "second neuron. Do it for the second example: the ratio is the same.",
    numbers: {
      hprebn: [
        [1, 5],
        [2, 1],
        [3, 3],
      ],
    },
    show: ["hprebn", "bndiff", "biased", "unbiased"],
    worked:
      "ratio[0, 1] = {bndiff 0 1} * ({unbiased 0 1} + 0.00001) ** (-0.5) / ({bndiff 0 1} * ({biased 0 1} + " +
      "0.00001) ** (-0.5))",
    piece:
      "Both variances are made of one sum of squares, over dimension 0, which stays with length 1; take n from the " +
      "tensor's shape. Then three things: the epsilon, added to each; a quotient of the two; and its root. Which of them " +
      "goes on top? unbiased is the larger, and bnraw is divided by its root, so the ratio is below 1.",
  },

  mistakes: [
    {
      id: "inverted",
      idea: "the two stand the other way round",
      sentence: "the values are above 1, and the numbers come out smaller: a larger variance divides more",
      look:
        "unbiased is the larger of the two. Divided by its root, does bnraw become larger or smaller? The ratio lies on " +
        "that side of 1.",
      answer: ({ hprebn }) => overBiased(hprebn, 1e-5).pow(0.5),
    },
    {
      id: "not-rooted",
      idea: "the variances are compared, not what bnraw makes of them",
      sentence: "this is the ratio of the variances; bnraw is divided by a root of one",
      look: TRY_VARIANCES,
      answer: ({ hprebn }) => overBiased(hprebn, 1e-5).pow(-1),
    },
    {
      id: "epsilon-forgotten",
      idea: "the epsilon is left out",
      sentence:
        "every neuron gets the same factor, made of n alone: where the variance is as small as epsilon, that hides the difference",
      look:
        "Read the line of bnvar_inv in part 1: what is added to the variance, before the root? Try it with a variance of " +
        "0.00001.",
      answer: ({ hprebn }) => overBiased(hprebn, 0).pow(-0.5),
    },
    {
      id: "of-n-alone",
      idea: "the epsilon is overlooked, and so are the neurons",
      sentence:
        "this is one number, made of n alone: the epsilon makes a difference that hangs on each neuron's variance",
      look:
        "Read the line of bnvar_inv in part 1: what is added to the variance, before the root? For a variance of 0.00001 " +
        "it matters, and the answer has a number for each neuron.",
      answer: ({ hprebn }) => tensor(Math.sqrt((hprebn.size(0) - 1) / hprebn.size(0))),
    },
    {
      id: "difference",
      idea: "the difference is taken for the ratio",
      sentence: "this is the difference of the two factors: a ratio is one divided by the other",
      look: "The line asks for one result over the other. What is it where both are the same: 0, or 1?",
      answer: ({ hprebn }) => {
        const bndiff2 = hprebn.sub(hprebn.mean(0, keepdim)).pow(2).sum(0, keepdim);
        const n = hprebn.size(0);
        const [unbiased, biased] = [bndiff2.div(n - 1), bndiff2.div(n)].map((x) => x.add(1e-5).pow(-0.5));
        return unbiased!.sub(biased!);
      },
    },
    {
      id: "one",
      idea: "the two are taken to be the same",
      sentence: "every value is 1: the variances differ by a factor, and so do the results",
      look: "Take the column 1, 2, 3, whose bndiff2 sums to 2. By what is that divided in each of the two lines?",
      answer: ({ hprebn }) => onesLike(hprebn.sum(0, keepdim)),
    },
    {
      id: "one-alone",
      idea: "what bnraw is multiplied by is given, for one of the variances",
      sentence: "this is bnvar_inv by the unbiased variance: what the other variance gives is to be compared with it",
      look: "Two results are compared. One is made with unbiased, as yours is: what does the other give?",
      answer: ({ hprebn }) => hprebn.var(0, keepdim).add(1e-5).pow(-0.5),
    },
    {
      id: "squared",
      idea: "the ratio is squared where the root is to be taken",
      sentence: "the ratio of the variances is squared; bnraw is divided by a root of one",
      look: TRY_VARIANCES,
      answer: ({ hprebn }) => overBiased(hprebn, 1e-5).pow(-2),
    },
    {
      id: "by-two",
      idea: "n - 2 is used for n - 1",
      sentence: "the factor is that of n - 1 and n - 2: one of the variances is divided by n itself",
      look:
        "Read the lines of biased and unbiased: n and n - 1. If you use var, it divides by n - 1 already: which of the " +
        "two is that?",
      answer: ({ hprebn }) => {
        const bndiff2 = hprebn.sub(hprebn.mean(0, keepdim)).pow(2).sum(0, keepdim);
        const n = hprebn.size(0);
        const [less, more] = [bndiff2.div(n - 1).add(1e-5), bndiff2.div(n - 2).add(1e-5)];
        return less.div(more).sqrt();
      },
    },
    {
      id: "dropped",
      idea: "the sum drops its dimension",
      sentence: "the numbers are right, and a dimension is gone: ratio is [1, hidden], as bnvar is",
      look: looks.keepdim,
      answer: ({ hprebn }) => overBiased(hprebn, 1e-5).pow(-0.5).view(-1),
    },
  ],

  forms: [
    ({ hprebn }) => {
      const n = hprebn.size(0);
      const sum = hprebn.sub(hprebn.mean(0, keepdim)).pow(2).sum(0, keepdim);
      return sum
        .div(n)
        .add(1e-5)
        .div(sum.div(n - 1).add(1e-5))
        .sqrt();
    },
    ({ hprebn }) => {
      const unbiased = hprebn.var(0, keepdim);
      const biased = unbiased.mul((hprebn.size(0) - 1) / hprebn.size(0));
      return unbiased.add(1e-5).pow(-0.5).div(biased.add(1e-5).pow(-0.5));
    },
    ({ hprebn }) => {
      const n = hprebn.size(0);
      const bndiff = hprebn.sub(hprebn.sum(0, keepdim).mul(1 / n));
      const biased = bndiff.mul(bndiff).mean(0, keepdim);
      const unbiased = bndiff
        .mul(bndiff)
        .sum(0, keepdim)
        .mul(1 / (n - 1));
      return biased.add(1e-5).sqrt().div(unbiased.add(1e-5).sqrt());
    },
    ({ hprebn }) =>
      build([1, hprebn.size(1)], (_, j) => {
        const n = hprebn.size(0);
        const mean = sum(n, (i) => hprebn.get(i, j)) / n;
        const squares = sum(n, (i) => (hprebn.get(i, j) - mean) ** 2);
        return Math.sqrt((squares / n + 1e-5) / (squares / (n - 1) + 1e-5));
      }),
    // how the numbers of bnraw themselves compare, at the place of the largest
    ({ hprebn }) => {
      const n = hprebn.size(0);
      const bndiff = hprebn.sub(hprebn.mean(0, keepdim));
      const biased = bndiff.div(bndiff.pow(2).sum(0, keepdim).div(n).add(1e-5).sqrt());
      const unbiased = bndiff.div(hprebn.var(0, keepdim).add(1e-5).sqrt());
      return unbiased.max(0, keepdim).values.div(biased.max(0, keepdim).values);
    },
    ({ hprebn }) => {
      const n = hprebn.size(0);
      const means = added(zeros(1, hprebn.size(1)), hprebn, (_, j) => [0, j]).div(n);
      const squares = added(zeros(1, hprebn.size(1)), hprebn.sub(means).pow(2), (_, j) => [0, j]);
      return each(means, (i, j) => {
        means.set(i, j, Math.sqrt((squares.get(0, j) / n + 1e-5) / (squares.get(0, j) / (n - 1) + 1e-5)));
      });
    },
    ({ hprebn }) => {
      const n = hprebn.size(0);
      const centred = eye(n)
        .sub(1 / n)
        .matmul(hprebn);
      const squares = ones(1, n).matmul(centred.mul(centred));
      const inverse = (divisor: number): Tensor => squares.div(divisor).add(1e-5).pow(-0.5);
      return inverse(n - 1).div(inverse(n));
    },
  ],

  experiment,
});

/** The unbiased variance over the biased one, an epsilon added to each. */
function overBiased(hprebn: Tensor, epsilon: number): Tensor {
  const bndiff2 = hprebn.sub(hprebn.mean(0, keepdim)).pow(2).sum(0, keepdim);
  const n = hprebn.size(0);
  return bndiff2
    .div(n - 1)
    .add(epsilon)
    .div(bndiff2.div(n).add(epsilon));
}
