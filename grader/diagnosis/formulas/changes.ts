import { ones, tensor, type Tensor } from "#tensor";
import type { Case } from "../../kit/case.ts";
import { extentsOf, type FunctionStep } from "../../kit/step.ts";
import type { Network } from "../../network/network.ts";
import { shapeIn, type Extent, type Sizes } from "../../network/shape.ts";
import { choicesFor, wordFor, type Choice } from "../../network/words.ts";
import { position } from "../../verdict/compare.ts";
import { alternating, reorder, running, where } from "./entries.ts";

/** Something that can be done to a tensor by mistake. It may throw if the tensor's numbers do not allow it. */
export interface Change {
  id: string;
  /** What the changed tensor is called, from the name of the tensor. */
  words: (name: string) => string;
  /** Said after these words, between commas. */
  aside?: string;
  /** What is said of the correct formula that is given the changed tensor, if there is a plainer way to say it. */
  said?: (name: string) => string;
  /** What is said of the correct answer with this change, if there is a plainer way to say it. */
  ofAnswer?: string;
  of: (x: Tensor, asked: Case) => Tensor;
}

/** What a changed tensor is called where the sentence ends with it. */
export function calledLast({ words, aside }: Change, name: string): string {
  return aside === undefined ? words(name) : `${words(name)}, ${aside}`;
}

/** What a changed tensor is called where the sentence goes on. */
export function calledWithin(change: Change, name: string): string {
  return calledLast(change, name) + (change.aside === undefined ? "" : ",");
}

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
 * Elementwise changes. A few of these and of those below fired on none of the 940 held-back answers: each is the other
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

/** Some of the entries along a dimension, as a loop reaches them. */
interface Reach {
  id: string;
  /** Which entries alone are reached, or which are left out; # is replaced by what an entry is called. */
  only?: string;
  without?: string;
  /** Whether that is one entry. */
  isOne?: true;
  /** What may have caused it. */
  why: string;
  /** Whether entry i of so many is reached. */
  reaches: (i: number, count: number, sizes: Sizes) => boolean;
}

/** Wrong starts, ends and strides of loops that do not depend on sizes. */
const reaches: readonly Reach[] = [
  { id: "without-first", without: "the first #", isOne: true, why: "does a loop start at 1?", reaches: (i) => i !== 0 },
  {
    id: "without-last",
    without: "the last #",
    isOne: true,
    why: "does a loop end one too early?",
    reaches: (i, count) => i !== count - 1,
  },
  { id: "first", only: "the first #", isOne: true, why: "is there a return inside the loop?", reaches: (i) => i === 0 },
  {
    id: "last",
    only: "the last #",
    isOne: true,
    why: "does each one overwrite the one before?",
    reaches: (i, count) => i === count - 1,
  },
  {
    id: "even",
    without: "every second #",
    isOne: true,
    why: "does a loop count in steps of two?",
    reaches: (i) => i % 2 === 0,
  },
  {
    id: "odd",
    only: "every second #",
    isOne: true,
    why: "does a loop count in steps of two?",
    reaches: (i) => i % 2 === 1,
  },
  {
    id: "without-ends",
    without: "the first and the last #",
    why: "does a loop start at 1 and end one too early?",
    reaches: (i, count) => i !== 0 && i !== count - 1,
  },
  {
    id: "without-last-two",
    without: "the last two #s",
    why: "does a loop end two too early?",
    reaches: (i, count) => i < count - 2,
  },
  { id: "without-first-two", without: "the first two #s", why: "does a loop start at 2?", reaches: (i) => i > 1 },
  { id: "first-two", only: "the first two #s", why: "does a loop end at 2?", reaches: (i) => i < 2 },
  {
    id: "first-half",
    only: "the first half of the #s",
    why: "does a loop end halfway?",
    reaches: (i, count) => i < Math.floor(count / 2),
  },
];

/** A loop that ends at a number that learners have seen as a size. */
function upTo(end: number): Reach {
  return {
    id: `up-to-${end}`,
    only: `the first ${end} #s`,
    why: `is ${end} written as a number where a loop should end at the number of #s?`,
    reaches: (i) => i < end,
  };
}

/**
 * Which entries along a dimension a loop may reach by mistake.
 *
 * @param all the extents of the step's tensors
 */
function partsOf({ words }: Network, dim: number, extent: Extent, all: readonly Extent[]): Change[] {
  const word = wordFor(words, extent);
  const bySize = all.flatMap((other): Reach[] => {
    if (other === extent || other === 1) return [];
    const why = `does a loop over the #s end at ${other}?`;
    return [
      {
        id: `up-to-${other}`,
        only: `the first ${other} #s`,
        why,
        reaches: (i, _count, sizes) => i < shapeIn([other], sizes)[0]!,
      },
    ];
  });
  return [...bySize, ...reaches, ...words.written.map(upTo)].map(
    ({ id, only, without, isOne, why, reaches }): Change => {
      const text = (words: string): string => words.replaceAll("#", word);
      const question = text(why);
      const [which, are] = [text(only ?? without!), isOne ? "is" : "are"];
      return {
        id: `${id}-${extent}`,
        words: (name) => `${name} with zeros ${only === undefined ? "for" : "except for"} ${which}`,
        said: (name) =>
          only === undefined
            ? `${which} of ${name} ${are} left out: ${question}`
            : `only ${which} of ${name} ${are} used: ${question}`,
        ofAnswer:
          only === undefined
            ? `${which} ${are} left at zero, and all others are right: ${question}`
            : `only ${which} ${are} right, and all others are zero: ${question}`,
        of: (x, { sizes }) => where(x, dim, (i) => reaches(i, x.size(dim), sizes)),
      };
    },
  );
}

/** What can be done along one dimension. */
function along(network: Network, dim: number, extent: Extent, all: readonly Extent[]): Change[] {
  const word = wordFor(network.words, extent);
  const last = (x: Tensor): number => x.size(dim) - 1;
  const change = (id: string, words: Change["words"], of: Change["of"]): Change => ({
    id: `${id}-${extent}`,
    words,
    of,
  });
  const moved = (id: string, words: Change["words"], from: (i: number, last: number) => number): Change =>
    change(id, words, (x) => reorder(x, dim, (i) => from(i, last(x))));
  return [
    ...partsOf(network, dim, extent, all),
    moved(
      "reversed",
      (name) => `${name} with its ${word}s in reverse order`,
      (i, last) => last - i,
    ),
    {
      ...moved(
        "earlier",
        (name) => `${name} shifted by one ${word}, toward the first`,
        (i) => i + 1,
      ),
      ofAnswer: `every value is one ${word} too early`,
    },
    {
      ...moved(
        "later",
        (name) => `${name} shifted by one ${word}, toward the last`,
        (i) => i - 1,
      ),
      ofAnswer: `every value is one ${word} too late`,
    },
    {
      ...moved(
        "around",
        (name) => `${name} shifted by one ${word}, the first one going to the end`,
        (i, last) => (i === last ? 0 : i + 1),
      ),
      ofAnswer: `every value is one ${word} too early, and the first is at the end`,
    },
    {
      ...moved(
        "around-back",
        (name) => `${name} shifted by one ${word}, the last one going to the front`,
        (i, last) => (i === 0 ? last : i - 1),
      ),
      ofAnswer: `every value is one ${word} too late, and the last is at the front`,
    },
    moved(
      "repeated-first",
      (name) => `${name} with its first ${word} repeated for all`,
      () => 0,
    ),
    moved(
      "repeated-last",
      (name) => `${name} with its last ${word} repeated for all`,
      (_i, last) => last,
    ),
    change(
      "centred",
      (name) => `${name} minus its mean over the ${word}s`,
      (x) => x.sub(x.mean(dim, true)),
    ),
    {
      ...change(
        "sum",
        (name) => `the sum of ${name} over the ${word}s`,
        (x) => x.sum(dim, true).expand([...x.shape]),
      ),
      aside: "at every position",
      said: (name) =>
        `${name} is summed over the ${word}s before it is used: each of its entries has an effect of its own`,
    },
    {
      ...change(
        "mean",
        (name) => `the mean of ${name} over the ${word}s`,
        (x) => x.mean(dim, true).expand([...x.shape]),
      ),
      aside: "at every position",
      said: (name) =>
        `${name} is averaged over the ${word}s before it is used: each of its entries has an effect of its own`,
    },
    change(
      "normalised",
      (name) => `${name} divided by its sum over the ${word}s`,
      (x) => x.div(x.sum(dim, true)),
    ),
    change(
      "softmax",
      (name) => `the softmax of ${name} over the ${word}s`,
      (x) =>
        x
          .sub(x.max(dim, true).values)
          .exp()
          .div(x.sub(x.max(dim, true).values).exp().sum(dim, true)),
    ),
    change(
      "running",
      (name) => `the running sum of ${name} over the ${word}s`,
      (x) => running(x, dim),
    ),
    ...(["first", "last"] as const).map((anchor): Change => {
      const { id, words, of } = change(
        `alternating-${anchor}`,
        (name) => `${name} with its sign flipped at every second ${word}`,
        (x) => alternating(x, dim, anchor),
      );
      return { id, words, of, said: (name) => `every second ${word} of ${name} has its sign flipped` };
    }),
  ];
}

/** A view used instead of a transpose. */
const viewed: readonly Change[] = [
  { id: "transposed", words: (name) => `${name} transposed`, of: (x) => x.T },
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
