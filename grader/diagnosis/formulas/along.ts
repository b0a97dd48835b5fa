import type { Network } from "../../network/network.ts";
import { shapeIn, type Extent, type Sizes } from "../../network/shape.ts";
import { plural, wordFor } from "../../network/words.ts";
import type { Change } from "./change.ts";
import { reorder, running, where } from "./entries.ts";
import { weights } from "./weights.ts";

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
      const text = (words: string): string => words.replaceAll("#s", plural(word)).replaceAll("#", word);
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

/** Everything that can be done along one dimension. */
export function along(network: Network, dim: number, extent: Extent, all: readonly Extent[]): Change[] {
  const axis = { dim, extent, word: wordFor(network.words, extent) };
  return [
    ...partsOf(network, dim, extent, all),
    ...moves(axis),
    ...sums(axis),
    ...runningAlong(axis),
    ...weights(dim, extent, axis.word),
  ];
}

/** A dimension, its extent, and what one of its entries is called. */
interface Axis {
  dim: number;
  extent: Extent;
  word: string;
}

/** A change along a dimension, with an id of its own for each extent. */
function change({ extent }: Axis, id: string, words: Change["words"], of: Change["of"]): Change {
  return { id: `${id}-${extent}`, words, of };
}

/** Entries in another order: each position takes another one's entry, or zero if there is none. */
function moves(axis: Axis): Change[] {
  const { dim, word } = axis;
  const moved = (id: string, words: Change["words"], from: (i: number, last: number) => number): Change =>
    change(axis, id, words, (x) => reorder(x, dim, (i) => from(i, x.size(dim) - 1)));
  return [
    moved(
      "reversed",
      (name) => `${name} with its ${plural(word)} in reverse order`,
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
  ];
}

/** Sums and means instead of entries, and entries minus or divided by them. */
function sums(axis: Axis): Change[] {
  const { dim, word } = axis;
  return [
    change(
      axis,
      "centered",
      (name) => `${name} minus its mean over the ${plural(word)}`,
      (x) => x.sub(x.mean(dim, true)),
    ),
    {
      ...change(
        axis,
        "sum",
        (name) => `the sum of ${name} over the ${plural(word)}`,
        (x) => x.sum(dim, true).expand([...x.shape]),
      ),
      aside: "at every position",
      said: (name) =>
        `${name} is summed over the ${plural(word)} before it is used: each of its entries has an effect of its own`,
    },
    {
      ...change(
        axis,
        "mean",
        (name) => `the mean of ${name} over the ${plural(word)}`,
        (x) => x.mean(dim, true).expand([...x.shape]),
      ),
      aside: "at every position",
      said: (name) =>
        `${name} is averaged over the ${plural(word)} before it is used: each of its entries has an effect of its own`,
    },
    change(
      axis,
      "normalised",
      (name) => `${name} divided by its sum over the ${plural(word)}`,
      (x) => x.div(x.sum(dim, true)),
    ),
    change(
      axis,
      "softmax",
      (name) => `the softmax of ${name} over the ${plural(word)}`,
      (x) =>
        x
          .sub(x.max(dim, true).values)
          .exp()
          .div(x.sub(x.max(dim, true).values).exp().sum(dim, true)),
    ),
  ];
}

/** What goes from entry to entry: a running sum. */
function runningAlong(axis: Axis): Change[] {
  const { dim, word } = axis;
  return [
    {
      ...change(
        axis,
        "running",
        (name) => `the running sum of ${name} over the ${plural(word)}`,
        (x) => running(x, dim),
      ),
      ofAnswer: `each value is the sum of the correct ones up to its ${word}: is a sum not reset to zero?`,
    },
  ];
}
