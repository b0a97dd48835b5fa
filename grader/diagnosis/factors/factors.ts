import type { Tensor } from "#tensor";
import type { Sizes } from "../../network/shape.ts";
import { plural, type Words } from "../../network/words.ts";
import { isSame } from "../../verdict/compare.ts";
import { amountsOf, type Amount, type Scale } from "./amounts.ts";
import { constantOf } from "./constants.ts";

/** A factor that an answer can be off by, and what it means. */
export interface Factor {
  id: string;
  /** What is seen; it can stand alone or follow another mistake's sentence. */
  sentence: string;
  of: (sizes: Sizes) => number;
  /** The factor itself, as a number or a size; follows "multiplied by". */
  times?: string;
  /** Whether it often comes together with another mistake. */
  second?: boolean;
}

/** Factors that are the same for all sizes. */
const plain: readonly Factor[] = [
  { id: "sign", times: "-1", second: true, sentence: "the sign of every value is flipped", of: () => -1 },
  { id: "half", times: "0.5", second: true, sentence: "every value is half of what it should be", of: () => 0.5 },
  { id: "double", times: "2", second: true, sentence: "every value is twice what it should be", of: () => 2 },
  {
    id: "minus-half",
    times: "-0.5",
    second: true,
    sentence: "the sign is flipped and every value is half of what it should be",
    of: () => -0.5,
  },
  {
    id: "minus-double",
    times: "-2",
    second: true,
    sentence: "the sign is flipped and every value is twice what it should be",
    of: () => -2,
  },
];

/** Factors with a meaning, of the number of examples. */
function ofExamples(words: Words, n: string): readonly Factor[] {
  const many = plural(words.sizes[n]!.one);
  const count = (sizes: Sizes): number => sizes[n]!;
  return [
    {
      id: `times-${n}`,
      times: n,
      second: true,
      sentence: `every value is ${n} times too large (${n} is the number of ${many}): a division by ${n} is missing, or one multiplication is too many`,
      of: (sizes) => count(sizes),
    },
    {
      id: `over-${n}`,
      times: `1 / ${n}`,
      second: true,
      sentence: `every value is ${n} times too small (${n} is the number of ${many}): one division by ${n} is too many, or a multiplication is missing`,
      of: (sizes) => 1 / count(sizes),
    },
    {
      id: `minus-times-${n}`,
      times: `-${n}`,
      sentence: `the sign is flipped, and every value is ${n} times too large (${n} is the number of ${many})`,
      of: (sizes) => -count(sizes),
    },
    {
      id: `minus-over-${n}`,
      times: `-1 / ${n}`,
      sentence: `the sign is flipped, and every value is ${n} times too small (${n} is the number of ${many})`,
      of: (sizes) => -1 / count(sizes),
    },
    {
      id: `times-${n}-1`,
      times: `${n} - 1`,
      sentence: `every value is ${n} - 1 times too large: a division by ${n} - 1 is missing, or one multiplication is too many`,
      of: (sizes) => count(sizes) - 1,
    },
    {
      id: `over-${n}-1`,
      times: `1 / (${n} - 1)`,
      sentence: `every value is ${n} - 1 times too small: one division by ${n} - 1 is too many, or a multiplication is missing`,
      of: (sizes) => 1 / (count(sizes) - 1),
    },
    {
      id: "bessel",
      times: `(${n} - 1) / ${n}`,
      sentence: `every value is (${n} - 1)/${n} of what it should be, as if it were divided by ${n} instead of ${n} - 1`,
      of: (sizes) => (count(sizes) - 1) / count(sizes),
    },
    {
      id: "bessel-inverted",
      times: `${n} / (${n} - 1)`,
      sentence: `every value is ${n}/(${n} - 1) times what it should be, as if it were divided by ${n} - 1 instead of ${n}`,
      of: (sizes) => count(sizes) / (count(sizes) - 1),
    },
  ];
}

/** Factors with a meaning, of a size that texts can name: a mean over it instead of a sum, or an extra sum. */
function ofCount(words: Words, name: string): Factor[] {
  const { one, count, isSummed } = words.sizes[name]!;
  if (count === undefined) return [];
  const over: Factor = {
    id: `over-${name}`,
    times: `1 / ${name}`,
    sentence: `every value is too small by a factor, ${count}, as if a mean over the ${plural(one)} were used instead of a sum`,
    of: (sizes) => 1 / sizes[name]!,
  };
  if (!isSummed) return [over];
  const times: Factor = {
    id: `times-${name}`,
    times: name,
    sentence: `every value is too large by a factor, ${count}: is there an extra sum over the ${plural(one)}?`,
    of: (sizes) => sizes[name]!,
  };
  return [over, times];
}

/** Missing parentheses around n - 1. */
function brackets(n: string): Factor {
  return {
    id: `bracket-of-${n}-1`,
    sentence: `every value is multiplied by 1 / ${n} - 1 instead of 1 / (${n} - 1): parentheses are missing`,
    of: (sizes) => (1 / sizes[n]! - 1) * (sizes[n]! - 1),
  };
}

/** Quotients of amounts: what is seen, without a meaning. */
function quotientsOf(amounts: readonly Amount[]): (Factor & { above: string; below: string })[] {
  return amounts.flatMap((a) =>
    amounts
      .filter((b) => a !== b)
      .flatMap((b) =>
        [1, -1].map((sign) => quotient(sign, a.name, b.name, (sizes) => (sign * a.of(sizes)) / b.of(sizes))),
      ),
  );
}

function quotient(
  sign: number,
  above: string,
  below: string,
  of: Factor["of"],
): Factor & { above: string; below: string } {
  const name = `${sign < 0 ? "-" : ""}${above}${below === "1" ? "" : ` / ${below}`}`;
  return {
    id: `${sign < 0 ? "minus-" : ""}times-${inWords(below === "1" ? above : `${above} / ${below}`)}`,
    sentence: `every value is ${name} times what it should be`,
    of,
    times: name,
    above,
    below,
  };
}

const signs: Readonly<Record<string, string>> = { "/": "over", "**": "to", "+": "plus", "-": "minus" };

/** A formula as a part of an id: (n - 1) / (n + 1) as n-minus-1-over-n-plus-1. */
function inWords(formula: string): string {
  return formula
    .split(/([ ()/+-]|\*\*)/)
    .flatMap((part) => signs[part] ?? (/^\w/.test(part) ? part : []))
    .join("-");
}

/** Roots of quotients of one size: a variance's divisor under the root of a standard deviation. */
function rootsOf(name: string): Factor[] {
  const root = (text: string, f: (n: number) => number): Factor => quotient(1, text, "1", (sizes) => f(sizes[name]!));
  return [
    root(`sqrt((${name} - 1) / ${name})`, (n) => Math.sqrt((n - 1) / n)),
    root(`sqrt(${name} / (${name} - 1))`, (n) => Math.sqrt(n / (n - 1))),
    root(`(1 - 1/${name})**2`, (n) => ((n - 1) / n) ** 2),
    root(`(2${name} - 1)/${name}`, (n) => (2 * n - 1) / n),
    root(`(1 + 1/${name})`, (n) => 1 + 1 / n),
  ];
}

/** All factors for some sizes, and the amounts that they are made of. */
interface Factors {
  every: readonly Factor[];
  amounts: readonly Amount[];
}

const made = new WeakMap<Words, Map<string, Factors>>();

/** The factors for cases of some sizes, the plainer ones first: a size alone, then one over a size. Made once. */
function factorsFor(words: Words, sizes: Sizes): Factors {
  const names = Object.keys(words.sizes).filter((name) => sizes[name] !== undefined);
  const known = made.get(words) ?? new Map<string, Factors>();
  made.set(words, known);
  const key = names.join();
  const found = known.get(key) ?? makeFactors({ words, names });
  known.set(key, found);
  return found;
}

function makeFactors(scale: Scale): Factors {
  const { words, names } = scale;
  const amounts = amountsOf(scale);
  const quotients = quotientsOf(amounts);
  const examples = names.filter((name) => name === words.examples);
  const every = [
    ...plain,
    ...examples.flatMap((name) => ofExamples(words, name)),
    ...names.flatMap((name) => ofCount(words, name)),
    ...examples.map(brackets),
    ...quotients.filter(({ below }) => below === "1"),
    ...quotients.filter(({ above }) => above === "1"),
    ...examples.flatMap(rootsOf),
    ...quotients.filter(({ above, below }) => above !== "1" && below !== "1"),
  ];
  return { every, amounts };
}

/** Ratios closer than this may be the same one; whether they are is checked at every position. */
const CLOSE = 1e-3;

/**
 * The one factor between all values of an answer and of another one of the same shape; undefined if there is none, or if
 * one of them is zero throughout.
 */
export function ratioOf(answer: Tensor, other: Tensor): number | undefined {
  const [a, b] = [answer.toArray(), other.toArray()];
  // the largest value at which both are finite
  let largest = -1;
  for (const [i, value] of b.entries()) {
    if (!Number.isFinite(value) || !Number.isFinite(a[i]!)) continue;
    if (largest < 0 || Math.abs(value) > Math.abs(b[largest]!)) largest = i;
  }
  const ratio = a[largest]! / b[largest]!;
  if (!Number.isFinite(ratio) || ratio === 0) return undefined;
  return isSame(answer, other.mul(ratio)) ? ratio : undefined;
}

/** What ratios, one per set of sizes, may have in common: "one" if all are 1, or a factor with a meaning. */
export function* factorsLike(
  words: Words,
  ratios: readonly number[],
  sizes: readonly Sizes[],
): Generator<Factor | "one"> {
  const are = (of: (sizes: Sizes) => number): boolean =>
    ratios.every((ratio, i) => Math.abs(ratio / of(sizes[i]!) - 1) < CLOSE);
  if (are(() => 1)) yield "one";
  for (const factor of factorsFor(words, sizes[0]!).every) if (are(factor.of)) yield factor;
}

/** A size times or over a number that is the same for all sizes: n / 32. */
export function writtenNumber(words: Words, ratios: readonly number[], sizes: readonly Sizes[]): string | undefined {
  for (const { name, of } of factorsFor(words, sizes[0]!).amounts) {
    const times = constantOf(ratios.map((ratio, i) => ratio / of(sizes[i]!)));
    if (times !== undefined) return `${name} / ${Number((1 / times).toPrecision(4))}`;
    const over = constantOf(ratios.map((ratio, i) => ratio * of(sizes[i]!)));
    if (over !== undefined) return `${Number(over.toPrecision(4))} / ${name}`;
  }
  return undefined;
}
