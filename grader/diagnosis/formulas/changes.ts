import { ones, tensor, type Tensor } from "#tensor";
import type { Case } from "../../kit/case.ts";
import { extentsOf, type FunctionStep } from "../../kit/step.ts";
import type { Extent } from "../../network/shape.ts";
import { choicesFor, type Choice } from "../../network/words.ts";
import { position } from "../../verdict/compare.ts";
import { along } from "./along.ts";
import type { Change } from "./change.ts";

const map = (x: Tensor, f: (value: number) => number): Tensor => tensor(x.toArray().map(f), x.shape);

/** A tensor that is a factor and was forgotten. */
export const inOnes: Change = {
  id: "ones",
  words: () => "a one at every position",
  said: (name) => `${name} is missing: ones are used instead`,
  ofAnswer: "every value is one",
  of: (x) => ones(x.shape),
};

/**
 * Elementwise changes. A few of these and of those in along.ts fired on none of the 940 held-back answers: each is the other
 * half of a pair whose first half did (one minus and minus one, later and earlier).
 */
export const everywhere: readonly Change[] = [
  inOnes,
  { id: "negative", words: (name) => `${name} with its sign flipped`, of: (x) => x.neg() },
  { id: "inverse", words: (name) => `the inverse of ${name}`, of: (x) => x.pow(-1) },
  { id: "square", words: (name) => `the square of ${name}`, of: (x) => x.pow(2) },
  { id: "root", words: (name) => `the square root of ${name}`, of: (x) => x.sqrt() },
  { id: "cube", words: (name) => `the cube of ${name}`, of: (x) => x.pow(3) },
  { id: "size", words: (name) => `the absolute value of ${name}`, of: (x) => map(x, Math.abs) },
  { id: "signs", words: (name) => `the signs of ${name}`, aside: "1 or -1", of: (x) => map(x, Math.sign) },
  {
    id: "positive",
    words: (name) => `${name} with its negative entries set to zero`,
    of: (x) => map(x, (v) => (v > 0 ? v : 0)),
  },
  { id: "one-minus", words: (name) => `one minus ${name}`, of: (x) => x.neg().add(1) },
  { id: "one-plus", words: (name) => `one plus ${name}`, of: (x) => x.add(1) },
  { id: "minus-one", words: (name) => `${name} minus one`, of: (x) => x.sub(1) },
  // the number that batchnorm adds to a variance
  { id: "plus-epsilon", words: (name) => `${name} plus 1e-5`, of: (x) => x.add(1e-5) },
  { id: "one-minus-square", words: (name) => `one minus the square of ${name}`, of: (x) => x.pow(2).neg().add(1) },
  { id: "exp", words: (name) => `the exponential of ${name}`, of: (x) => x.exp() },
  { id: "log", words: (name) => `the logarithm of ${name}`, of: (x) => x.log() },
  { id: "tanh", words: (name) => `tanh of ${name}`, of: (x) => x.tanh() },
  { id: "sigmoid", words: (name) => `the sigmoid of ${name}`, of: (x) => map(x, (v) => 1 / (1 + Math.exp(-v))) },
  { id: "sech", words: (name) => `1 / cosh(${name})`, of: (x) => map(x, (v) => 1 / Math.cosh(v)) },
  { id: "logistic", words: (name) => `${name} * (1 - ${name})`, of: (x) => x.sub(x.pow(2)) },
  {
    id: "cut",
    words: (name) => `${name} clamped to the range from -1 to 1`,
    of: (x) => map(x, (v) => Math.min(1, Math.max(-1, v))),
  },
  // exponents that the power rule leads to, and those that it is mistaken for
  ...[-2, -3, -0.5, -1.5].map((exponent): Change => ({
    id: `power-${exponent}`,
    words: (name) => `${name} to the power ${exponent}`,
    of: (x) => x.pow(exponent),
  })),
  ...[2, 3].map((digits): Change => {
    const unit = 10 ** digits;
    return {
      id: `rounded-${digits}`,
      words: (name) => `${name} rounded to ${digits} decimals`,
      of: (x) => map(x, (v) => Math.round(v * unit) / unit),
    };
  }),
];

/** A view used instead of a transpose. */
const viewed: readonly Change[] = [
  {
    id: "transposed",
    words: (name) => `${name} transposed`,
    // the answer may have the transpose, or the tensor itself where the formula has its transpose
    said: (name) => `${name} is transposed, or should be`,
    of: (x) => x.T,
  },
  {
    id: "viewed",
    words: (name) => `${name} transposed by view`,
    aside: "which keeps the order of the numbers",
    said: (name) =>
      `${name} is given the transposed shape by view, which leaves the numbers in their order: a transpose ` +
      "swaps rows and columns",
    of: (x) => x.view([...x.shape].reverse()).T,
  },
  {
    id: "viewed-back",
    words: (name) => name,
    aside: "transposed and then given its old shape by view",
    ofAnswer: "the numbers are right, but in the order of the transpose: a view does not turn rows into columns",
    of: (x) => x.T.view([...x.shape]),
  },
];

/** What can be done to one entry of each row: at the label, or at the largest logit. */
function atColumn({ id, word, columnOf }: Choice): Change[] {
  const keep = (x: Tensor, { given }: Case, isKept: (isThere: boolean) => boolean): Tensor => {
    const columns = Array.from({ length: x.size(0) }, (_, row) => columnOf(given, row));
    return tensor(
      x.toArray().map((value, flat) => {
        const [row, column] = position(flat, x.shape);
        return isKept(columns[row!] === column) ? value : 0;
      }),
      x.shape,
    );
  };
  return [
    {
      id: `without-${id}`,
      words: (name) => `${name} with zeros in the column of each row's ${word}`,
      said: (name) => `in the column of each row's ${word}, ${name} is left out`,
      of: (x, asked) => keep(x, asked, (isThere) => !isThere),
    },
    {
      id: `${id}-alone`,
      words: (name) => `${name} with zeros except in the column of each row's ${word}`,
      said: (name) => `of ${name}, only the column of each row's ${word} is used`,
      of: (x, asked) => keep(x, asked, (isThere) => isThere),
    },
  ];
}

const runningWhole: Change = {
  id: "running-whole",
  words: (name) => `the running sum of ${name} over all entries`,
  ofAnswer: "each value is the sum of the correct ones up to its position: is a sum not reset to zero?",
  of: (x) => {
    let sum = 0;
    return tensor(
      x.toArray().map((value) => (sum += value)),
      x.shape,
    );
  },
};

/** Everything that can be done to a tensor of a symbolic shape, in a step. */
export function changesOf(step: FunctionStep, extents: readonly Extent[]): Change[] {
  const { network, given } = step;
  const dims = extents.flatMap((extent, dim) => (extent === 1 ? [] : [{ dim, extent }]));
  const all = extentsOf(step);
  return [
    ...everywhere,
    ...(dims.length === 2 && extents.length === 2 ? viewed : []),
    ...choicesFor(network.words, extents, given).flatMap(atColumn),
    ...dims.flatMap(({ dim, extent }) => along(network, dim, extent, all)),
    ...(dims.length > 1 ? [runningWhole] : []),
  ];
}
