import type { Tensor } from "#tensor";
import type { Sizes } from "../model/lines.ts";
import { isSame } from "../verdict/compare.ts";

/** A factor that an answer can be off by, and what it means. */
export interface Factor {
  id: string;
  /** What is seen, to stand alone or beside another mistake. */
  sentence: string;
  of: (sizes: Sizes) => number;
  /** Whether it is usual beside another mistake. */
  second?: boolean;
}

/** The factors with a meaning. The sizes of the random cases are far enough apart to tell them from each other. */
const factors: readonly Factor[] = [
  { id: "sign", second: true, sentence: "the sign of every value is flipped", of: () => -1 },
  { id: "half", second: true, sentence: "every value is half of what it is to be", of: () => 0.5 },
  { id: "double", second: true, sentence: "every value is twice what it is to be", of: () => 2 },
  {
    id: "minus-half",
    second: true,
    sentence: "the sign is flipped and every value is half of what it is to be",
    of: () => -0.5,
  },
  {
    id: "minus-double",
    second: true,
    sentence: "the sign is flipped and every value is twice what it is to be",
    of: () => -2,
  },
  {
    id: "times-n",
    second: true,
    sentence:
      "every value is n times too large, n being the number of examples: a division by n is missing, or a multiplication too many",
    of: ({ n }) => n,
  },
  {
    id: "over-n",
    second: true,
    sentence:
      "every value is n times too small, n being the number of examples: a division by n is too many, or a multiplication missing",
    of: ({ n }) => 1 / n,
  },
  {
    id: "minus-times-n",
    sentence: "the sign is flipped, and every value is n times too large, n being the number of examples",
    of: ({ n }) => -n,
  },
  {
    id: "minus-over-n",
    sentence: "the sign is flipped, and every value is n times too small, n being the number of examples",
    of: ({ n }) => -1 / n,
  },
  {
    id: "times-n-1",
    sentence: "every value is n - 1 times too large: a division by n - 1 is missing, or a multiplication too many",
    of: ({ n }) => n - 1,
  },
  {
    id: "over-n-1",
    sentence: "every value is n - 1 times too small: a division by n - 1 is too many, or a multiplication missing",
    of: ({ n }) => 1 / (n - 1),
  },
  {
    id: "bessel",
    sentence: "every value is (n - 1)/n of what it is to be, as where a division by n stands for one by n - 1",
    of: ({ n }) => (n - 1) / n,
  },
  {
    id: "bessel-inverted",
    sentence: "every value is n/(n - 1) times what it is to be, as where a division by n - 1 stands for one by n",
    of: ({ n }) => n / (n - 1),
  },
  {
    id: "over-vocab",
    sentence:
      "every value is too small by a factor, the size of the vocabulary, as where a mean over the characters stands for a sum",
    of: ({ vocab }) => 1 / vocab,
  },
  {
    id: "over-hidden",
    sentence:
      "every value is too small by a factor, the number of neurons, as where a mean over the neurons stands for a sum",
    of: ({ hidden }) => 1 / hidden,
  },
  {
    id: "over-columns",
    sentence:
      "every value is too small by a factor, the number of columns, as where a mean over the columns stands for a sum",
    of: ({ columns = NaN }) => 1 / columns,
  },
  {
    id: "times-columns",
    sentence:
      "every value is too large by a factor, the number of columns: is it added up over the columns once too often?",
    of: ({ columns = NaN }) => columns,
  },
  {
    id: "over-rows",
    sentence:
      "every value is too small by a factor, the number of rows, as where a mean over the rows stands for a sum",
    of: ({ rows = NaN }) => 1 / rows,
  },
];

/** What a factor can be made of besides. */
const amounts: Readonly<Record<string, (sizes: Sizes) => number>> = {
  "1": () => 1,
  "2": () => 2,
  n: ({ n }) => n,
  "(n - 1)": ({ n }) => n - 1,
  "(n + 1)": ({ n }) => n + 1,
  "n**2": ({ n }) => n * n,
  hidden: ({ hidden }) => hidden,
  "(hidden - 1)": ({ hidden }) => hidden - 1,
  vocab: ({ vocab }) => vocab,
  "(vocab - 1)": ({ vocab }) => vocab - 1,
  block: ({ block }) => block,
  embd: ({ embd }) => embd,
  "(block * embd)": ({ block, embd }) => block * embd,
  "(n * vocab)": ({ n, vocab }) => n * vocab,
  "(n * hidden)": ({ n, hidden }) => n * hidden,
  "(n * block)": ({ n, block }) => n * block,
  rows: ({ rows = NaN }) => rows,
  columns: ({ columns = NaN }) => columns,
  inner: ({ inner = NaN }) => inner,
  "(rows * columns)": ({ rows = NaN, columns = NaN }) => rows * columns,
};

/** Quotients of sizes: what is seen, without a meaning. */
const quotients: readonly Factor[] = Object.entries(amounts).flatMap(([above, a]) =>
  Object.entries(amounts).flatMap(([below, b]) =>
    [1, -1].map((sign): Factor => {
      const name = `${sign < 0 ? "-" : ""}${above}${below === "1" ? "" : ` / ${below}`}`;
      return {
        id: `times ${name}`.replaceAll(/[ ()]+/g, "-"),
        sentence: `every value is ${name} times what it is to be`,
        of: (sizes) => (sign * a(sizes)) / b(sizes),
      };
    }),
  ),
);

/** Ratios closer than this are one: the factors lie further apart for all sizes. */
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

/** What ratios have in common, one for each of some sizes: "one" where they are 1, or a factor with a meaning. */
export function factorOf(ratios: readonly number[], sizes: readonly Sizes[]): Factor | "one" | undefined {
  const are = (of: (sizes: Sizes) => number): boolean =>
    ratios.every((ratio, i) => Math.abs(ratio / of(sizes[i]!) - 1) < CLOSE);
  return are(() => 1) ? "one" : [...factors, ...quotients].find(({ of }) => are(of));
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

/** 0.434 as it is; 0.03125 as 1/32, which may have been written as a number: then with the number. */
export function fractionOf(constant: number): { text: string; written?: number } {
  const whole = Math.round(1 / constant);
  const isFraction = Math.abs(whole) > 2 && Math.abs(1 / constant / whole - 1) < 1e-4;
  if (!isFraction) return { text: String(Number(constant.toPrecision(3))) };
  const text = `${whole < 0 ? "-" : ""}1/${Math.abs(whole)}`;
  return whole > 4 ? { text, written: whole } : { text };
}

/** The ratio that is the same for all sizes, if it is. */
export function constantOf(ratios: readonly number[]): number | undefined {
  const [first] = ratios;
  return first !== undefined && ratios.every((ratio) => Math.abs(ratio / first - 1) < CLOSE) ? first : undefined;
}
