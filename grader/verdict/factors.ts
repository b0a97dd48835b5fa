import type { Sizes } from "../model/lines.ts";

/** A factor that an answer can be off by, and what it means. */
export interface Factor {
  id: string;
  /** What is seen, to stand alone or after "and besides,". */
  sentence: string;
  of: (sizes: Sizes) => number;
}

/** The factors with a meaning. The sizes of the random cases are far enough apart to tell them from each other. */
export const factors: readonly Factor[] = [
  { id: "sign", sentence: "the sign of every value is flipped", of: () => -1 },
  { id: "half", sentence: "every value is half of what it is to be", of: () => 0.5 },
  { id: "double", sentence: "every value is twice what it is to be", of: () => 2 },
  {
    id: "times-n",
    sentence: "every value is too large by the number of examples: a division by n is missing",
    of: ({ n }) => n,
  },
  {
    id: "over-n",
    sentence: "every value is too small by the number of examples: it is divided by n once too often",
    of: ({ n }) => 1 / n,
  },
  {
    id: "minus-times-n",
    sentence: "the sign is flipped and every value is too large by the number of examples",
    of: ({ n }) => -n,
  },
  {
    id: "minus-over-n",
    sentence: "the sign is flipped and every value is too small by the number of examples",
    of: ({ n }) => -1 / n,
  },
  {
    id: "times-n-1",
    sentence: "every value is too large by n - 1: the division of the variance is missing",
    of: ({ n }) => n - 1,
  },
  {
    id: "over-n-1",
    sentence: "every value is too small by n - 1: it is divided once too often",
    of: ({ n }) => 1 / (n - 1),
  },
  {
    id: "bessel",
    sentence: "every value is too small by (n-1)/n: a division by n stands where one by n - 1 is to be",
    of: ({ n }) => (n - 1) / n,
  },
  {
    id: "bessel-inverted",
    sentence: "every value is too large by n/(n-1): a division by n - 1 stands where one by n is to be",
    of: ({ n }) => n / (n - 1),
  },
  {
    id: "over-vocab",
    sentence: "every value is too small by the size of the vocabulary: a mean over the characters stands for a sum",
    of: ({ vocab }) => 1 / vocab,
  },
  {
    id: "over-hidden",
    sentence: "every value is too small by the number of neurons: a mean over the neurons stands for a sum",
    of: ({ hidden }) => 1 / hidden,
  },
  {
    id: "n-over-vocab",
    sentence: "every value is off by n over the size of the vocabulary: the division is by the wrong one of the two",
    of: ({ n, vocab }) => n / vocab,
  },
  {
    id: "n-over-hidden",
    sentence: "every value is off by n over the number of neurons: the division is by the wrong one of the two",
    of: ({ n, hidden }) => n / hidden,
  },
];
