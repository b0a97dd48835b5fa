import { keepdim, ones, onesLike, tensor, zeros, type Tensor } from "#tensor";
import { line } from "../makemore/lines.ts";
import { added, build, each, eye, sum } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { lineFrom, writtenRoom } from "../rooms.ts";
import { experiment } from "./ratio-experiment.ts";
import { short } from "../4-training-loop/pieces.ts";
import { inWords } from "../../network/line.ts";

const TRY_VARIANCES =
  "Substitute numbers, without epsilon: a bndiff of 6 gives a bnraw of 3 with a variance of 4, and of 6 with a " +
  "variance of 1. The ratio of the two is 1/2: what does your answer give for these variances?";

const EPSILON_LINE =
  "Read the line of bnvar_inv in part 1: what is added, and to what, before the root is taken? The two versions of bnraw " +
  "have that line each, with their own variance.";

/** What bndiff is multiplied by, from a variance: with epsilon where the forward line has it, or elsewhere. */
const inverseRoots = {
  inside: (variance: Tensor): Tensor => variance.add(1e-5).pow(-0.5),
  onRoot: (variance: Tensor): Tensor => variance.sqrt().add(1e-5).pow(-1),
  outside: (variance: Tensor): Tensor => variance.pow(-0.5).add(1e-5),
};

/**
 * Epsilon in its place for one variance, and elsewhere for the other. Outside both powers it makes no more difference than
 * rounding does, as if it were left out.
 */
const misplaced = [
  {
    id: "epsilon-outside-biased",
    idea: "epsilon is inside one power and outside the other",
    sentence:
      "epsilon is added outside the power of the biased variance; it should be inside the bracket, as for the unbiased one",
    unbiased: inverseRoots.inside,
    biased: inverseRoots.outside,
  },
  {
    id: "epsilon-outside-unbiased",
    idea: "epsilon is inside one power and outside the other",
    sentence:
      "epsilon is added outside the power of the unbiased variance; it should be inside the bracket, as for the biased one",
    unbiased: inverseRoots.outside,
    biased: inverseRoots.inside,
  },
  {
    id: "epsilon-on-root-of-biased",
    idea: "epsilon is added to one variance and to the root of the other",
    sentence:
      "epsilon is added to the root of the biased variance; it should be added before the root, as for the other",
    unbiased: inverseRoots.inside,
    biased: inverseRoots.onRoot,
  },
  {
    id: "epsilon-on-root-of-unbiased",
    idea: "epsilon is added to one variance and to the root of the other",
    sentence:
      "epsilon is added to the root of the unbiased variance; it should be added before the root, as for the other",
    unbiased: inverseRoots.onRoot,
    biased: inverseRoots.inside,
  },
] as const;

export const ratio = writtenRoom({
  id: "ratio",
  title: "two variances",
  tensor: "ratio",
  asks: "value",
  given: ["hprebn"],
  runs: [
    [
      lineFrom(makemore, "bnmeani"),
      lineFrom(makemore, "bndiff"),
      lineFrom(makemore, "bndiff2"),
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

  idea: "Training and test have to agree on the scale of the numbers, and that may take different formulas.",

  hints: {
    ask:
      "ratio has one row, while both versions of bnraw have n. Which factor do the two versions share, example by " +
      "example, so that it cancels in their quotient?",
    rule:
      "In part 1, bnraw is bndiff times (bnvar + 1e-5) to the power -0.5. Write one entry of it with unbiased as " +
      "bnvar, then with biased, and divide the first by the second. Below, this is done for the first example of the " +
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
      "Both variances come from one sum of squares, taken over dimension 0, which stays with length 1; n is in the " +
      "tensor's shape. Then three things: epsilon, added to each variance; the quotient of the two; and its root. " +
      "Which of them is the numerator? unbiased is the larger, and bnraw is divided by its root, so the ratio is " +
      "below 1.",
  },

  mistakes: [
    {
      id: "inverted",
      idea: "numerator and denominator are swapped",
      sentence: "the values are above 1, but bnraw becomes smaller: a larger variance divides it by more",
      look:
        "unbiased is the larger of the two. Divided by its root, does bnraw become larger or smaller? The ratio is " +
        "on that side of 1.",
      answer: ({ hprebn }) => overBiased(hprebn, 1e-5).pow(0.5),
    },
    {
      id: "not-rooted",
      idea: "the variances are compared, not the two versions of bnraw",
      sentence: "this is the ratio of the variances; bnraw is divided by the root of a variance",
      look: TRY_VARIANCES,
      answer: ({ hprebn }) => overBiased(hprebn, 1e-5).pow(-1),
    },
    {
      id: "epsilon-forgotten",
      idea: "epsilon is left out",
      sentence:
        "every neuron gets the same factor, computed from n alone: if the variance is as small as epsilon, epsilon hides the difference",
      look:
        "Read the line of bnvar_inv in part 1: what is added to the variance before the root is taken? Try it with a " +
        "variance of 0.00001.",
      answer: ({ hprebn }) => overBiased(hprebn, 0).pow(-0.5),
    },
    {
      id: "of-n-alone",
      idea: "epsilon is overlooked, and so are the neurons",
      sentence:
        "this is one number, computed from n alone: epsilon makes a difference that depends on each neuron's variance",
      look:
        "Read the line of bnvar_inv in part 1: what is added to the variance before the root is taken? For a " +
        "variance of 0.00001 it matters, and the answer has one number per neuron.",
      answer: ({ hprebn }) => tensor(Math.sqrt((hprebn.size(0) - 1) / hprebn.size(0))),
    },
    {
      id: "epsilon-on-roots",
      idea: "epsilon is added to the standard deviations",
      sentence: "epsilon is added to the roots of the variances; it should be added to the variances, before the root",
      look: EPSILON_LINE,
      answer: ({ hprebn }) => {
        const [biased, unbiased] = variances(hprebn);
        return biased.sqrt().add(1e-5).div(unbiased.sqrt().add(1e-5));
      },
    },
    {
      id: "epsilon-on-biased",
      idea: "epsilon is added to one variance alone",
      sentence: "epsilon is added to the biased variance alone; either of the two is bnvar in a line that adds it",
      look: EPSILON_LINE,
      answer: ({ hprebn }) => {
        const [biased, unbiased] = variances(hprebn);
        return biased.add(1e-5).div(unbiased).sqrt();
      },
    },
    {
      id: "epsilon-on-unbiased",
      idea: "epsilon is added to one variance alone",
      sentence: "epsilon is added to the unbiased variance alone; either of the two is bnvar in a line that adds it",
      look: EPSILON_LINE,
      answer: ({ hprebn }) => {
        const [biased, unbiased] = variances(hprebn);
        return biased.div(unbiased.add(1e-5)).sqrt();
      },
    },
    {
      id: "epsilon-on-root-below",
      idea: "epsilon is added where something is divided by a standard deviation",
      sentence:
        "epsilon is added to one root alone, that of the unbiased variance; it should be added to both variances, before the root",
      look: EPSILON_LINE,
      answer: ({ hprebn }) => {
        const [biased, unbiased] = variances(hprebn);
        return biased.sqrt().div(unbiased.sqrt().add(1e-5));
      },
    },
    ...misplaced.map(({ id, idea, sentence, unbiased: below, biased: above }) => ({
      id,
      idea,
      sentence,
      look: EPSILON_LINE,
      answer: ({ hprebn }: { hprebn: Tensor }) => {
        const [biased, unbiased] = variances(hprebn);
        return below(unbiased).div(above(biased));
      },
    })),
    // defaults of other libraries, 1e-5 twice, and 1e-5 subtracted
    ...[1e-3, 1e-4, 2e-5, 1e-6, 1e-8, -1e-5].map((epsilon) => ({
      id: `epsilon${epsilon < 0 ? "" : "-"}${short(epsilon)}`,
      idea: `${short(epsilon)} is added instead of 1e-5`,
      sentence: `${short(epsilon)} is added to the variances; in the line of bnvar_inv it is 1e-5, and the difference shows if a neuron barely varies`,
      look: EPSILON_LINE,
      answer: ({ hprebn }: { hprebn: Tensor }) => overBiased(hprebn, epsilon).pow(-0.5),
    })),
    {
      id: "not-centered",
      idea: "the squares are those of hprebn, not of its distance from the mean",
      sentence: "the squares are taken of hprebn itself: a variance is about the distances from the mean, bndiff",
      look: "Read the forward lines from the top: which tensor is squared, and what was subtracted to compute it?",
      answer: ({ hprebn }) => {
        const [n, squares] = [hprebn.size(0), hprebn.pow(2).sum(0, keepdim)];
        return squares
          .div(n)
          .add(1e-5)
          .div(squares.div(n - 1).add(1e-5))
          .sqrt();
      },
    },
    {
      id: "biased-not-centered",
      idea: "the biased variance is taken for the mean of the squares",
      sentence:
        "the biased variance is the mean of the squares of hprebn: it should be that of the squares of bndiff, the distances from the mean",
      look: "Read the forward lines from the top: which tensor is squared, and what was subtracted to compute it?",
      answer: ({ hprebn }) => {
        const biased = hprebn.pow(2).mean(0, keepdim);
        return biased.add(1e-5).div(hprebn.var(0, keepdim).add(1e-5)).sqrt();
      },
    },
    {
      id: "difference",
      idea: "the difference is computed instead of the ratio",
      sentence: "this is the difference of the two factors: a ratio is one divided by the other",
      look: "The line asks for one result divided by the other. What is that if both are the same: 0, or 1?",
      answer: ({ hprebn }) => {
        const bndiff2 = hprebn.sub(hprebn.mean(0, keepdim)).pow(2).sum(0, keepdim);
        const n = hprebn.size(0);
        const [unbiased, biased] = [bndiff2.div(n - 1), bndiff2.div(n)].map((x) => x.add(1e-5).pow(-0.5));
        return unbiased!.sub(biased!);
      },
    },
    {
      id: "one",
      idea: "the two are assumed to be the same",
      sentence: "every value is 1: the variances differ by a factor, and so do the results",
      look: "Take the column 1, 2, 3, whose bndiff2 sums to 2. What is that divided by in each of the two lines?",
      answer: ({ hprebn }) => onesLike(hprebn.sum(0, keepdim)),
    },
    {
      id: "one-alone",
      idea: "the factor of bnraw is returned, for one of the variances",
      sentence: "this is bnvar_inv from the unbiased variance: it should be compared with that from the other variance",
      look: "Two results are compared. One is computed with unbiased, like yours: what does the other give?",
      answer: ({ hprebn }) => hprebn.var(0, keepdim).add(1e-5).pow(-0.5),
    },
    {
      id: "squared",
      idea: "the ratio is squared, where its root should be taken",
      sentence: "the ratio of the variances is squared; bnraw is divided by the root of a variance",
      look: TRY_VARIANCES,
      answer: ({ hprebn }) => overBiased(hprebn, 1e-5).pow(-2),
    },
    {
      id: "by-two",
      idea: "n - 2 is used instead of n - 1",
      sentence: "this is the factor for n - 1 and n - 2: one of the variances should be divided by n itself",
      look:
        "Read the lines of biased and unbiased: n and n - 1. If you use var, it already divides by n - 1: which of " +
        "the two is that?",
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
      sentence: "the values are right, but a dimension is missing: ratio has shape [1, hidden], like bnvar",
      look: looks.keepdim,
      answer: ({ hprebn }) => overBiased(hprebn, 1e-5).pow(-0.5).view(-1),
    },
  ],

  alsoRight: [
    {
      code: "const n = hprebn.size(0);\nreturn hprebn.var(0, keepdim).mul((n - 1) / n).add(1e-5).div(hprebn.var(0, keepdim).add(1e-5)).sqrt();",
      why: "One variance is enough: the biased one is (n - 1)/n times the other.",
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
    // the quotient of two entries of bnraw, at the position of the largest
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

/** The biased and the unbiased variance, shape [1, hidden]. */
function variances(hprebn: Tensor): [biased: Tensor, unbiased: Tensor] {
  const bndiff2 = hprebn.sub(hprebn.mean(0, keepdim)).pow(2).sum(0, keepdim);
  const n = hprebn.size(0);
  return [bndiff2.div(n), bndiff2.div(n - 1)];
}

/** The unbiased variance divided by the biased one, with epsilon added to each. */
function overBiased(hprebn: Tensor, epsilon: number): Tensor {
  const [biased, unbiased] = variances(hprebn);
  return unbiased.add(epsilon).div(biased.add(epsilon));
}
