import type { Tensor } from "#tensor";
import type { Sizes } from "../course/makemore/lines.ts";
import { isSame } from "../verdict/compare.ts";

/** A factor that an answer can be off by, and what it means. */
export interface Factor {
  id: string;
  /** What is seen, to stand alone or beside another mistake. */
  sentence: string;
  of: (sizes: Sizes) => number;
  /** It as a number or a size, in words that follow "multiplied by". */
  times?: string;
  /** Whether it is usual beside another mistake. */
  second?: boolean;
}

/** The factors with a meaning. The sizes of the random cases are far enough apart to tell them from each other. */
const factors: readonly Factor[] = [
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
  {
    id: "times-n",
    times: "n",
    second: true,
    sentence:
      "every value is n times too large, n being the number of examples: a division by n is missing, or a multiplication too many",
    of: ({ n }) => n,
  },
  {
    id: "over-n",
    times: "1 / n",
    second: true,
    sentence:
      "every value is n times too small, n being the number of examples: a division by n is too many, or a multiplication missing",
    of: ({ n }) => 1 / n,
  },
  {
    id: "minus-times-n",
    times: "-n",
    sentence: "the sign is flipped, and every value is n times too large, n being the number of examples",
    of: ({ n }) => -n,
  },
  {
    id: "minus-over-n",
    times: "-1 / n",
    sentence: "the sign is flipped, and every value is n times too small, n being the number of examples",
    of: ({ n }) => -1 / n,
  },
  {
    id: "times-n-1",
    times: "n - 1",
    sentence: "every value is n - 1 times too large: a division by n - 1 is missing, or a multiplication too many",
    of: ({ n }) => n - 1,
  },
  {
    id: "over-n-1",
    times: "1 / (n - 1)",
    sentence: "every value is n - 1 times too small: a division by n - 1 is too many, or a multiplication missing",
    of: ({ n }) => 1 / (n - 1),
  },
  {
    id: "bessel",
    times: "(n - 1) / n",
    sentence: "every value is (n - 1)/n of what it should be, as where a division by n stands for one by n - 1",
    of: ({ n }) => (n - 1) / n,
  },
  {
    id: "bessel-inverted",
    times: "n / (n - 1)",
    sentence: "every value is n/(n - 1) times what it should be, as where a division by n - 1 stands for one by n",
    of: ({ n }) => n / (n - 1),
  },
  {
    id: "over-vocab",
    times: "1 / vocab",
    sentence:
      "every value is too small by a factor, the size of the vocabulary, as where a mean over the characters stands for a sum",
    of: ({ vocab }) => 1 / vocab,
  },
  {
    id: "over-hidden",
    times: "1 / hidden",
    sentence:
      "every value is too small by a factor, the number of neurons, as where a mean over the neurons stands for a sum",
    of: ({ hidden }) => 1 / hidden,
  },
  {
    id: "over-columns",
    times: "1 / columns",
    sentence:
      "every value is too small by a factor, the number of columns, as where a mean over the columns stands for a sum",
    of: ({ columns = NaN }) => 1 / columns,
  },
  {
    id: "times-columns",
    times: "columns",
    sentence:
      "every value is too large by a factor, the number of columns: is it added up over the columns once too often?",
    of: ({ columns = NaN }) => columns,
  },
  {
    id: "over-rows",
    times: "1 / rows",
    sentence:
      "every value is too small by a factor, the number of rows, as where a mean over the rows stands for a sum",
    of: ({ rows = NaN }) => 1 / rows,
  },
];

/** Brackets that are missing around n - 1. */
const brackets: readonly Factor[] = [
  {
    id: "bracket-of-n-1",
    sentence: "every value is multiplied by 1 / n - 1, where 1 / (n - 1) should stand: brackets are missing",
    of: ({ n }) => (1 / n - 1) * (n - 1),
  },
];

/** What a factor can be made of besides: sizes, their products and roots. */
const amounts: Readonly<Record<string, (sizes: Sizes) => number>> = {
  "1": () => 1,
  "2": () => 2,
  n: ({ n }) => n,
  "(n - 1)": ({ n }) => n - 1,
  "(n - 2)": ({ n }) => n - 2,
  "(n + 1)": ({ n }) => n + 1,
  "n**2": ({ n }) => n * n,
  "(n - 1)**2": ({ n }) => (n - 1) ** 2,
  "(n * (n - 1))": ({ n }) => n * (n - 1),
  "sqrt(n)": ({ n }) => Math.sqrt(n),
  "sqrt(n - 1)": ({ n }) => Math.sqrt(n - 1),
  hidden: ({ hidden }) => hidden,
  "(hidden - 1)": ({ hidden }) => hidden - 1,
  "hidden**2": ({ hidden }) => hidden * hidden,
  "sqrt(hidden)": ({ hidden }) => Math.sqrt(hidden),
  vocab: ({ vocab }) => vocab,
  "(vocab - 1)": ({ vocab }) => vocab - 1,
  "vocab**2": ({ vocab }) => vocab * vocab,
  "sqrt(vocab)": ({ vocab }) => Math.sqrt(vocab),
  block: ({ block }) => block,
  "sqrt(block)": ({ block }) => Math.sqrt(block),
  embd: ({ embd }) => embd,
  "sqrt(embd)": ({ embd }) => Math.sqrt(embd),
  "(block * embd)": ({ block, embd }) => block * embd,
  "(n * block * embd)": ({ n, block, embd }) => n * block * embd,
  "sqrt(block * embd)": ({ block, embd }) => Math.sqrt(block * embd),
  "(n * vocab)": ({ n, vocab }) => n * vocab,
  "(n * hidden)": ({ n, hidden }) => n * hidden,
  "(hidden * vocab)": ({ hidden, vocab }) => hidden * vocab,
  "(n * block)": ({ n, block }) => n * block,
  rows: ({ rows = NaN }) => rows,
  "(rows - 1)": ({ rows = NaN }) => rows - 1,
  columns: ({ columns = NaN }) => columns,
  "(columns - 1)": ({ columns = NaN }) => columns - 1,
  inner: ({ inner = NaN }) => inner,
  "sqrt(rows)": ({ rows = NaN }) => Math.sqrt(rows),
  "sqrt(columns)": ({ columns = NaN }) => Math.sqrt(columns),
  "(rows * columns)": ({ rows = NaN, columns = NaN }) => rows * columns,
};

/** Quotients of sizes: what is seen, without a meaning. */
const quotients: readonly (Factor & { above: string; below: string })[] = Object.entries(amounts).flatMap(
  ([above, a]) =>
    Object.entries(amounts)
      .filter(([below]) => above !== below)
      .flatMap(([below, b]) =>
        [1, -1].map((sign) => quotient(sign, above, below, (sizes) => (sign * a(sizes)) / b(sizes))),
      ),
);

function quotient(
  sign: number,
  above: string,
  below: string,
  of: Factor["of"],
): Factor & { above: string; below: string } {
  const name = `${sign < 0 ? "-" : ""}${above}${below === "1" ? "" : ` / ${below}`}`;
  return {
    id: `times ${name}`.replaceAll(/[ ()]+/g, "-"),
    sentence: `every value is ${name} times what it should be`,
    of,
    times: name,
    above,
    below,
  };
}

/** Roots of quotients of one size: a variance's divisor under the root of a standard deviation. */
const roots: readonly Factor[] = [
  quotient(1, "sqrt((n - 1) / n)", "1", ({ n }) => Math.sqrt((n - 1) / n)),
  quotient(1, "sqrt(n / (n - 1))", "1", ({ n }) => Math.sqrt(n / (n - 1))),
  quotient(1, "(1 - 1/n)**2", "1", ({ n }) => ((n - 1) / n) ** 2),
  quotient(1, "(2n - 1)/n", "1", ({ n }) => (2 * n - 1) / n),
  quotient(1, "(1 + 1/n)", "1", ({ n }) => 1 + 1 / n),
];

/** The plainer ones first: a size alone, then one over a size. */
const every: readonly Factor[] = [
  ...factors,
  ...brackets,
  ...quotients.filter(({ below }) => below === "1"),
  ...quotients.filter(({ above }) => above === "1"),
  ...roots,
  ...quotients.filter(({ above, below }) => above !== "1" && below !== "1"),
];

/** Ratios closer than this may be one; that they are is for every place to show. */
const CLOSE = 1e-3;

/**
 * The one number that all values of an answer differ by from another's, both of one shape; undefined where there is
 * none, and where one of them is zero throughout.
 */
export function ratioOf(answer: Tensor, other: Tensor): number | undefined {
  const [a, b] = [answer.toArray(), other.toArray()];
  // the largest value, where both are finite
  let largest = -1;
  for (const [i, value] of b.entries()) {
    if (!Number.isFinite(value) || !Number.isFinite(a[i]!)) continue;
    if (largest < 0 || Math.abs(value) > Math.abs(b[largest]!)) largest = i;
  }
  const ratio = a[largest]! / b[largest]!;
  if (!Number.isFinite(ratio) || ratio === 0) return undefined;
  return isSame(answer, other.mul(ratio)) ? ratio : undefined;
}

/** What ratios may have in common, one for each of some sizes: "one" where they are 1, or a factor with a meaning. */
export function* factorsLike(ratios: readonly number[], sizes: readonly Sizes[]): Generator<Factor | "one"> {
  const are = (of: (sizes: Sizes) => number): boolean =>
    ratios.every((ratio, i) => Math.abs(ratio / of(sizes[i]!) - 1) < CLOSE);
  if (are(() => 1)) yield "one";
  for (const factor of every) if (are(factor.of)) yield factor;
}

/** A size times or over a number, that is the same number for all sizes: [n / 32]. */
export function writtenNumber(ratios: readonly number[], sizes: readonly Sizes[]): string | undefined {
  for (const [name, of] of Object.entries(amounts)) {
    const times = constantOf(ratios.map((ratio, i) => ratio / of(sizes[i]!)));
    if (times !== undefined) return `${name} / ${Number((1 / times).toPrecision(4))}`;
    const over = constantOf(ratios.map((ratio, i) => ratio * of(sizes[i]!)));
    if (over !== undefined) return `${Number(over.toPrecision(4))} / ${name}`;
  }
  return undefined;
}

/** Numbers with a name, none of them a fraction of small whole ones. */
const named: Readonly<Record<string, number>> = {
  e: Math.E,
  "1/e": 1 / Math.E,
  "ln 2": Math.LN2,
  "1/ln 2": 1 / Math.LN2,
  "ln 10": Math.LN10,
  "1/ln 10": 1 / Math.LN10,
  pi: Math.PI,
  "2 pi": 2 * Math.PI,
  "1/pi": 1 / Math.PI,
  "sqrt(2)": Math.SQRT2,
  "1/sqrt(2)": Math.SQRT1_2,
  "sqrt(pi)": Math.sqrt(Math.PI),
  "sqrt(2/pi)": Math.sqrt(2 / Math.PI),
};

/** What a factor means that is the same for all sizes: 2.303 has a name, and 1/32 may have been written as a number. */
export function constantText(constant: number, size: string): string {
  const { text, written } = fractionOf(constant);
  const hint = written === undefined ? "" : `, for every ${size}: is ${written} written as a number?`;
  return `every value is ${text} ${text.includes("/") && !text.includes("(") ? "of" : "times"} what it should be${hint}`;
}

/** 0.434 as 1/ln 10; 0.03125 as 1/32, which may have been written as a number: then with the number. */
export function fractionOf(constant: number): { text: string; written?: number } {
  const sign = constant < 0 ? "-" : "";
  const name = Object.entries(named).find(([, value]) => Math.abs(Math.abs(constant) / value - 1) < 1e-5)?.[0];
  if (name !== undefined) return { text: `${sign}${name}${name.includes("/") ? "" : ` (${round(constant)})`}` };
  const whole = Math.round(1 / constant);
  const isFraction = Math.abs(whole) > 2 && Math.abs(1 / constant / whole - 1) < 1e-4;
  if (!isFraction) return { text: round(constant) };
  const text = `${sign}1/${Math.abs(whole)}`;
  return whole > 4 ? { text, written: whole } : { text };
}

function round(x: number): string {
  return String(Number(x.toPrecision(3)));
}

/** Ratios of one number differ by rounding alone. */
const EQUAL = 1e-4;

/** The ratio that is the same for all sizes, if it is. */
export function constantOf(ratios: readonly number[]): number | undefined {
  const [first] = ratios;
  return first !== undefined && ratios.every((ratio) => Math.abs(ratio / first - 1) < EQUAL) ? first : undefined;
}
