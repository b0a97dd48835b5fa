import { keepdim, zeros, zerosLike } from "#tensor";
import type { Operations } from "../../autograd/operations.ts";
import { line } from "../makemore/lines.ts";
import { added, build, each, eye, productBy, reader, sum, sumForwards } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { experiment } from "./rescaled-experiment.ts";
import { inWords } from "../../network/line.ts";

const DOUBLED =
  "Double embcat, and with the same W1 each neuron's standard deviation doubles. The answer should become half as " +
  "large.";

export const rescaled = writtenRoom({
  id: "rescaled",
  title: "saturated tanh",
  tensor: "rescaled",
  asks: "value",
  given: ["embcat", "W1"],
  runs: [
    [
      line("wide", ["embcat", "W1"], "embcat @ W1", ["n", "hidden"], ({ embcat, W1 }) => embcat.matmul(W1)),
      inWords(
        line(
          "rescaled",
          ["wide", "W1"],
          "W1, each column divided by the standard deviation (with n-1, over the batch) of its column of wide",
          ["block*embd", "hidden"],
          ({ wide, W1 }) => W1.div(deviation(wide)),
        ),
      ),
    ],
  ],

  idea: "Every upstream gradient is multiplied by the slope, so a neuron should operate where its function is not flat.",

  hints: {
    ask:
      "Each column of W1 is divided by one number. What shape do these numbers need, to broadcast to [block*embd, " +
      "hidden]? And are they computed from the weights, or from what the weights compute from the batch?",
    rule:
      "One neuron is one column. Its outputs for the examples are its column of wide; how much they vary is their " +
      "standard deviation: the root of the squared distances from the mean, summed and divided by n - 1. Weights " +
      "smaller by that factor give a column with a standard deviation of 1. Below, the outputs of the second neuron " +
      "are 8, 2 and -4, at distances 6, 0 and 6 from their mean.",
    numbers: {
      embcat: [
        [1, 2],
        [0, 1],
        [-1, 0],
      ],
      W1: [
        [0.5, 4],
        [-0.25, 2],
      ],
    },
    sizes: { block: 1, embd: 2 },
    show: ["embcat", "W1", "wide"],
    worked: "rescaled[0, 1] = {W1 0 1} / ((6 ** 2 + 0 ** 2 + 6 ** 2) / (3 - 1)) ** 0.5",
    piece:
      "Three steps: a matrix product of the two given tensors, embcat on the left; one standard deviation for each " +
      "of its columns; and W1 divided by these, with broadcasting. var computes a variance with n - 1, and takes the " +
      "dimension and keepdim like sum; you still need its root. A check: print the variance of embcat times your " +
      "answer, down the batch. It should be 1 everywhere.",
  },

  mistakes: [
    {
      id: "by-variance",
      idea: "the variance is used instead of the standard deviation",
      sentence:
        "each column is divided by its neuron's variance: a neuron varies by the square root of that, so the result is too small or too large",
      look: "Take a neuron with outputs 8, 2 and -4: their variance is 36. How far do they vary, by 36 or by 6?",
      answer: ({ embcat, W1 }) => W1.div(embcat.matmul(W1).var(0, keepdim)),
    },
    {
      id: "biased",
      idea: "the variance is divided by n",
      sentence: "the variance is divided by n; the task asks for n - 1",
      look: "Take a neuron with outputs 8, 2 and -4. The squared distances from 2 sum to 72: what is that divided by?",
      answer: ({ embcat, W1 }) => {
        const n = embcat.size(0);
        return W1.div(
          embcat
            .matmul(W1)
            .var(0, keepdim)
            .mul((n - 1) / n)
            .sqrt(),
        );
      },
    },
    {
      id: "epsilon",
      idea: "an epsilon is added to the variance",
      sentence:
        "1e-5 is added to the variance, as in batchnorm: here the columns are divided by the standard deviation itself",
      look: "Read the line in the comment: is anything added before the root is taken?",
      answer: ({ embcat, W1 }) => W1.div(embcat.matmul(W1).var(0, keepdim).add(1e-5).sqrt()),
    },
    {
      id: "by-everything",
      idea: "one standard deviation is used for all neurons",
      sentence: "all of W1 is divided by one number: each neuron has its own standard deviation",
      look: `${looks.dimensions} var takes the one to run over: how many numbers does it return, for how many neurons?`,
      answer: ({ embcat, W1 }) => W1.div(embcat.matmul(W1).view(-1).var(0).sqrt()),
    },
    {
      id: "of-weights",
      idea: "the weights' own standard deviation is used",
      sentence:
        "each column is divided by the standard deviation of its weights; the outputs of the neuron should have a standard deviation of 1 over the batch",
      look: `${DOUBLED} Does yours?`,
      answer: ({ W1 }) => W1.div(W1.var(0, keepdim).sqrt()),
    },
    {
      id: "multiplied",
      idea: "the columns are multiplied, not divided",
      sentence:
        "each column is multiplied by its neuron's standard deviation: a neuron that varies a lot then varies even more",
      look: "A neuron with a standard deviation of 6 should have one of 1. Should its weights become larger or smaller?",
      answer: ({ embcat, W1 }) => W1.mul(embcat.matmul(W1).var(0, keepdim).sqrt()),
    },
    {
      id: "not-centred",
      idea: "the mean is not subtracted",
      sentence: "the outputs themselves are squared: a variance is computed from distances to the mean",
      look:
        "Add 100 to all outputs of a neuron: they vary as much as before. What happens to your squares? var " +
        "subtracts the mean first.",
      answer: ({ embcat, W1 }) => {
        const squares = embcat.matmul(W1).pow(2).sum(0, keepdim);
        return W1.div(squares.div(embcat.size(0) - 1).sqrt());
      },
    },
    {
      id: "by-fan-in",
      idea: "the usual scale of initial weights is used",
      sentence:
        "all weights are scaled by 5/3 over the root of the fan-in, which suits new random weights; these should be scaled by what they compute from this batch",
      look: `${DOUBLED} Does yours? What has to be measured is wide.`,
      answer: ({ W1 }) => W1.mul(5 / 3 / Math.sqrt(W1.size(0))),
    },
    {
      id: "result-for-weights",
      idea: "the preactivations are rescaled, not the weights",
      sentence:
        "these are the neurons' preactivations, rescaled: the task asks for a W1 that gives such preactivations directly",
      look:
        "Compare the shapes: wide has shape [n, hidden], and the answer has shape [block*embd, hidden], like W1. The " +
        "number that divides a column of wide can divide that of W1.",
      answer: ({ embcat, W1 }) => embcat.matmul(W1).div(embcat.matmul(W1).var(0, keepdim).sqrt()),
    },
    {
      id: "across",
      idea: "the standard deviation runs across the neurons",
      sentence:
        "the standard deviation is taken across each example's neurons: each neuron should have a standard deviation of 1 over the batch",
      look: `${looks.dimensions} The standard deviation of a neuron is one number per column.`,
      answer: ({ embcat, W1 }) => W1.div(embcat.matmul(W1).var(1, keepdim).sqrt()),
    },
  ],

  alsoRight: [
    {
      code: "const wide = embcat.matmul(W1);\nreturn W1.mul(wide.var(0, keepdim).pow(-0.5));",
      why: "A power instead of a root and a quotient, as bnvar_inv is computed in the network.",
    },
  ],

  forms: [
    ({ embcat, W1 }) => W1.div(embcat.matmul(W1).var(0, keepdim).sqrt()),
    ({ embcat, W1 }) => W1.mul(embcat.matmul(W1).var(0, keepdim).pow(-0.5)),
    ({ embcat, W1 }) => {
      const wide = embcat.matmul(W1);
      const difference = wide.sub(wide.mean(0, keepdim));
      return W1.div(
        difference
          .pow(2)
          .sum(0, keepdim)
          .mul(1 / (embcat.size(0) - 1))
          .sqrt(),
      );
    },
    // the mean subtracted from the inputs, before the product
    ({ embcat, W1 }) => {
      const difference = embcat.sub(embcat.mean(0, keepdim)).matmul(W1);
      return W1.div(
        difference
          .pow(2)
          .sum(0, keepdim)
          .div(embcat.size(0) - 1)
          .sqrt(),
      );
    },
    ({ embcat, W1 }) => {
      const [n, neurons] = [embcat.size(0), W1.size(1)];
      const [from, by] = [reader(embcat), reader(W1)];
      const deviations = Array.from({ length: neurons }, (_, j) => {
        const wide = Array.from({ length: n }, (_, i) => sum(W1.size(0), (k) => from(i, k) * by(k, j)));
        const mean = sum(n, (i) => wide[i]!) / n;
        return Math.sqrt(sum(n, (i) => (wide[i]! - mean) ** 2) / (n - 1));
      });
      return build([...W1.shape], (i, j) => W1.get(i, j) / deviations[j]!);
    },
    ({ embcat, W1 }) => {
      const n = embcat.size(0);
      const wide = productBy(sumForwards, embcat, W1);
      const means = added(zeros(1, W1.size(1)), wide, (_, j) => [0, j]).div(n);
      const squares = added(zeros(1, W1.size(1)), wide.sub(means).pow(2), (_, j) => [0, j]);
      return each(zerosLike(W1), (i, j, d) => d.set(i, j, W1.get(i, j) / Math.sqrt(squares.get(0, j) / (n - 1))));
    },
    ({ embcat, W1 }) => {
      const deviation = embcat.matmul(W1).var(0, keepdim).sqrt();
      return W1.matmul(eye(W1.size(1)).div(deviation));
    },
  ],

  experiment,
});

/** The standard deviation of each column, with n - 1. */
function deviation<X extends Operations<X>>(x: X): X {
  const n = x.shape[0]!;
  const difference = x.sub(x.sum(0, keepdim).div(n));
  return difference
    .pow(2)
    .sum(0, keepdim)
    .div(n - 1)
    .pow(0.5);
}
