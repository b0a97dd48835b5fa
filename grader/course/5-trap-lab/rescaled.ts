import { keepdim, zeros, zerosLike } from "#tensor";
import type { Operations } from "../../autograd/operations.ts";
import { line } from "../makemore/lines.ts";
import { added, build, each, eye, productBy, reader, sum, sumForwards } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { experiment } from "./rescaled-experiment.ts";
import { inWords } from "../../network/line.ts";

const DOUBLED =
  "Double embcat, and each neuron varies twice as much with the same W1. The answer is to become half as large.";

export const rescaled = writtenRoom({
  id: "rescaled",
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

  hints: {
    ask:
      "Each column of W1 is divided by one number. Which shape do these numbers have, to stand beside [block*embd, " +
      "hidden]? And are they made of the weights, or of what the weights make of the batch?",
    rule:
      "One neuron is one column. What it gives for the examples is its column of wide; how far that varies is its " +
      "standard deviation: the root of the squared distances from the mean, summed and divided by n - 1. Weights smaller " +
      "by that factor give a column that varies by 1. Below, the second neuron gives 8, 2 and -4: 6, 0 and 6 away " +
      "from its mean.",
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
      "Three steps: a matrix product of the two given tensors, embcat on the left; one standard deviation for each of " +
      "its columns; and W1 divided by that, which broadcasting does. var gives a variance with n - 1 in it, and takes " +
      "the dimension and keepdim as sum does; its root is still to be taken. A check: print the variance of embcat times " +
      "your answer, down the batch. It is 1 everywhere.",
  },

  mistakes: [
    {
      id: "by-variance",
      idea: "the variance is taken for the standard deviation",
      sentence:
        "each column is divided by its variance: what varies by the square root of that comes out too small, or too large",
      look: "Take a neuron that gives 8, 2 and -4: its variance is 36. How far does it vary, by 36 or by 6?",
      answer: ({ embcat, W1 }) => W1.div(embcat.matmul(W1).var(0, keepdim)),
    },
    {
      id: "biased",
      idea: "the variance is divided by n",
      sentence: "the variance in it is divided by n, and n - 1 is asked for",
      look: "Take a neuron that gives 8, 2 and -4. The squared distances from 2 sum to 72: by what is that divided?",
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
        "1e-5 is added to the variance, as batch normalisation does: here the columns are divided by the standard deviation itself",
      look: "Read the line in the comment: is anything added before the root is taken?",
      answer: ({ embcat, W1 }) => W1.div(embcat.matmul(W1).var(0, keepdim).add(1e-5).sqrt()),
    },
    {
      id: "by-everything",
      idea: "one standard deviation is taken for all neurons",
      sentence: "all of W1 is divided by one number: each neuron has a standard deviation of its own",
      look: `${looks.dimensions} var takes the one to run over: how many numbers does it give, for how many neurons?`,
      answer: ({ embcat, W1 }) => W1.div(embcat.matmul(W1).view(-1).var(0).sqrt()),
    },
    {
      id: "of-weights",
      idea: "the weights' own standard deviation is used",
      sentence:
        "each column is divided by the standard deviation of its weights; it is what the neuron makes of the batch that is to vary by 1",
      look: `${DOUBLED} Does yours?`,
      answer: ({ W1 }) => W1.div(W1.var(0, keepdim).sqrt()),
    },
    {
      id: "multiplied",
      idea: "the columns are multiplied, not divided",
      sentence: "each column is multiplied by its standard deviation: what varies much varies more",
      look: "A neuron that varies by 6 is to vary by 1. Are its weights to become larger, or smaller?",
      answer: ({ embcat, W1 }) => W1.mul(embcat.matmul(W1).var(0, keepdim).sqrt()),
    },
    {
      id: "not-centred",
      idea: "the mean is not subtracted",
      sentence: "the squares are those of the numbers themselves: a variance is about the distance from the mean",
      look:
        "Add 100 to all that a neuron gives: it varies as far as before. What becomes of your squares? var takes the mean " +
        "off first.",
      answer: ({ embcat, W1 }) => {
        const squares = embcat.matmul(W1).pow(2).sum(0, keepdim);
        return W1.div(squares.div(embcat.size(0) - 1).sqrt());
      },
    },
    {
      id: "by-fan-in",
      idea: "the usual scale of initial weights is used",
      sentence:
        "all weights are scaled by 5/3 over the root of the fan-in, which suits fresh random numbers; these are to be scaled by what they do to this batch",
      look: `${DOUBLED} Does yours? It is wide that has to be measured.`,
      answer: ({ W1 }) => W1.mul(5 / 3 / Math.sqrt(W1.size(0))),
    },
    {
      id: "result-for-weights",
      idea: "the preactivations are rescaled, not the weights",
      sentence:
        "these are the neurons' preactivations, rescaled: W1 is asked for, so that they come out like this by themselves",
      look:
        "Compare the shapes: wide is [n, hidden], and the answer is [block*embd, hidden], as W1 is. What divides a column " +
        "of wide can divide that of W1.",
      answer: ({ embcat, W1 }) => embcat.matmul(W1).div(embcat.matmul(W1).var(0, keepdim).sqrt()),
    },
    {
      id: "across",
      idea: "the standard deviation runs along the neurons",
      sentence:
        "the standard deviation of each example's neurons is taken: it is a neuron that is to vary by 1, over the batch",
      look: `${looks.dimensions} How far a neuron varies is one number for each column.`,
      answer: ({ embcat, W1 }) => W1.div(embcat.matmul(W1).var(1, keepdim).sqrt()),
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
    // the mean taken of the inputs, before the product
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
