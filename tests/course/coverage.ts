import type { Tensor } from "#tensor";
import type { Case } from "../../grader/kit/case.ts";
import { shapeOf, type FunctionStep } from "../../grader/kit/step.ts";

/** Something that is true of a given tensor in at least one of a seed's cases. */
export interface Property {
  what: string;
  holds: (given: Tensor, asked: Case) => boolean;
}

/** A property that a tensor has if one of its elements has it. */
function some(what: string, holds: (x: number) => boolean): Property {
  return { what, holds: (given) => given.toArray().some(holds) };
}

const bothSigns = [some("a positive number", (x) => x > 0), some("a negative number", (x) => x < 0)];
const aroundOne = [
  some("a number above 1", (x) => x > 1),
  some("a number below -1", (x) => x < -1),
  some("a positive number below 1", (x) => x > 0 && x < 1),
  some("a negative number above -1", (x) => x < 0 && x > -1),
];

/** A tensor's elements by row; dimensions after the first count as columns. */
function rowsOf(given: Tensor): number[][] {
  const values = [...given.toArray()];
  const columns = values.length / (given.shape[0] ?? 1);
  return Array.from({ length: values.length / columns }, (_, i) => values.slice(i * columns, (i + 1) * columns));
}

function columnsOf(given: Tensor): number[][] {
  const rows = rowsOf(given);
  return rows[0]!.map((_, j) => rows.map((row) => row[j]!));
}

/** For elements that are drawn freely: the positions of the extremes. */
const extremes: Property[] = (
  [
    ["the largest number first", Math.max, 0],
    ["the largest number last", Math.max, -1],
    ["the smallest number first", Math.min, 0],
    ["the smallest number last", Math.min, -1],
  ] as const
).map(([what, extreme, at]) => ({
  what,
  holds: (given) => given.toArray().at(at) === extreme(...given.toArray()),
}));

const isPositive = (x: number): boolean => x > 0;
const isNegative = (x: number): boolean => x < 0;

/** For a matrix that is drawn freely: rows and columns of one sign. A row of a single element always has one sign. */
const lines: Property[] = [
  { what: "a row above 0", holds: (given) => rowsOf(given).some((row) => row.every(isPositive)) },
  { what: "a row below 0", holds: (given) => rowsOf(given).some((row) => row.every(isNegative)) },
  { what: "a column above 0", holds: (given) => columnsOf(given).some((column) => column.every(isPositive)) },
  { what: "a column below 0", holds: (given) => columnsOf(given).some((column) => column.every(isNegative)) },
];

/** The column of a row's maximum. */
function placeOfMaximum(row: readonly number[]): number {
  return row.indexOf(Math.max(...row));
}

function secondOf(row: readonly number[]): number {
  const maximum = placeOfMaximum(row);
  return row.indexOf(Math.max(...row.filter((_, j) => j !== maximum)));
}

/** For the logits and tensors in the same order: the columns of the rows' maxima. */
const maxima: Property[] = [
  {
    what: "a row's maximum in every column, and after another's in the first",
    holds: (given) => {
      const places = rowsOf(given).map(placeOfMaximum);
      const isEvery = new Set(places).size === given.size(1);
      return isEvery && places.some((place, row) => row > 0 && place === 0 && places[row - 1] !== 0);
    },
  },
  {
    what: "no two maxima of a row",
    holds: (given) => rowsOf(given).every((row) => row.filter((x) => x === row[placeOfMaximum(row)]).length === 1),
  },
];

/** Rows of logits whose maximum is between two numbers, and not in the first column. */
function rowsWithin(what: string, from: number, to: number): Property {
  return {
    what,
    holds: (given) =>
      rowsOf(given).some((row) => placeOfMaximum(row) !== 0 && row.every((x) => x < to) && Math.max(...row) > from),
  };
}

const logits: Property[] = [
  ...bothSigns,
  ...aroundOne,
  ...maxima,
  rowsWithin("a row below -100", -Infinity, -100),
  rowsWithin("a row below -1, above -100", -100, -1),
  rowsWithin("a row below 0 with a maximum above -1", -1, 0),
  { what: "a row above 0, below 88", holds: (given) => rowsOf(given).some((row) => row.every((x) => x > 0 && x < 88)) },
  some("a number whose exp overflows", (x) => x > 90),
  {
    what: "another place where absolute values are largest",
    holds: (given) => rowsOf(given).some((row) => placeOfMaximum(row) !== placeOfMaximum(row.map(Math.abs))),
  },
  ...([-1, 1] as const).map((side): Property => ({
    what: `a number that is nearly the maximum ${side < 0 ? "before" : "after"} it`,
    holds: (given) =>
      rowsOf(given).some((row) => {
        const [first, second] = [placeOfMaximum(row), secondOf(row)];
        return row[first]! - row[second]! < 1e-3 && (second - first) * side > 0;
      }),
  })),
];

const labels: Property[] = [
  some("label 0", (label) => label === 0),
  { what: "the last label", holds: (Yb, { sizes }) => Yb.toArray().includes(sizes["vocab"]! - 1) },
  { what: "a label twice, and another", holds: (Yb) => isBetween(new Set(Yb.toArray()).size, 1, Yb.numel()) },
  { what: "all labels equal, of five or more", holds: (Yb) => Yb.numel() >= 5 && new Set(Yb.toArray()).size === 1 },
  { what: "no two labels equal", holds: (Yb) => new Set(Yb.toArray()).size === Yb.numel() },
  { what: "labels that do not rise", holds: (Yb) => Yb.toArray().some((label, i) => i > 0 && label < Yb.get(i - 1)) },
];

/** The positions of the labels relative to the logits they are compared with. */
const labelsAtMaxima: Property[] = [
  { what: "a label at the maximum", holds: (Yb, asked) => matches(Yb, asked).includes(true) },
  { what: "a label elsewhere", holds: (Yb, asked) => matches(Yb, asked).includes(false) },
];

function matches(Yb: Tensor, { given }: Case): boolean[] {
  return rowsOf(given["logits"]!).map((row, i) => placeOfMaximum(row) === Yb.get(i));
}

/** The place of the second largest, which may equal the largest. */
function secondPlace(row: readonly number[]): number {
  const first = placeOfMaximum(row);
  return row
    .map((x, j) => ({ x, j }))
    .reduce((best, one) => (one.j !== first && one.x > best.x ? one : best), {
      x: -Infinity,
      j: -1,
    }).j;
}

function timesOfMaximum(row: readonly number[]): number {
  return row.filter((x) => x === row[placeOfMaximum(row)]).length;
}

function falls(values: readonly number[]): boolean {
  return values.some((value, i) => i > 0 && value <= values[i - 1]!);
}

function isBetween(x: number, low: number, high: number): boolean {
  return x > low && x < high;
}

/** How often each character occurs in a context, by character, for those that occur. */
function countsByCharacter(Xb: Tensor): Map<number, number[]> {
  const contexts = rowsOf(Xb);
  const characters = new Set(contexts.flat());
  return new Map(
    [...characters].map((character) => [
      character,
      contexts.map((context) => context.filter((other) => other === character).length),
    ]),
  );
}

function someCharacter(
  what: string,
  holds: (counts: readonly number[], character: number, Xb: Tensor) => boolean,
): Property {
  return { what, holds: (Xb) => [...countsByCharacter(Xb)].some(([c, counts]) => holds(counts, c, Xb)) };
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
const contextsWith = (counts: readonly number[]): number => counts.filter((count) => count > 0).length;

const contexts: Property[] = [
  some("the first character", (character) => character === 0),
  { what: "no first character", holds: (Xb) => !Xb.toArray().includes(0) },
  { what: "the last character", holds: (Xb, { sizes }) => Xb.toArray().includes(sizes["vocab"]! - 1) },
  { what: "no last character", holds: (Xb, { sizes }) => !Xb.toArray().includes(sizes["vocab"]! - 1) },
  {
    what: "the first and the last character, and one between them missing",
    holds: (Xb, { sizes }) =>
      new Set(Xb.toArray()).size < sizes["vocab"]! && [0, sizes["vocab"]! - 1].every((c) => Xb.toArray().includes(c)),
  },
  someCharacter("a character that stands in one place", (counts) => total(counts) === 1),
  someCharacter(
    "a character that repeats within a context alone",
    (counts) => contextsWith(counts) === 1 && total(counts) > 1,
  ),
  someCharacter(
    "a character that repeats across contexts alone",
    (counts) => contextsWith(counts) > 1 && counts.every((count) => count < 2),
  ),
  someCharacter(
    "a character that repeats within a context and across",
    (counts) => contextsWith(counts) > 1 && counts.some((count) => count > 1),
  ),
  someCharacter("a character at the first and the last place alone", (counts, character, Xb) => {
    return total(counts) === 2 && Xb.toArray()[0] === character && Xb.toArray().at(-1) === character;
  }),
  someCharacter("a character at the last place alone", (counts, character, Xb) => {
    return total(counts) === 1 && Xb.toArray().at(-1) === character;
  }),
  someCharacter("a context of one character", (counts, _, Xb) => counts.includes(Xb.size(1))),
  {
    what: "two contexts that are the same",
    holds: (Xb) => new Set(rowsOf(Xb).map(String)).size < Xb.size(0),
  },
  { what: "a character at one position of two contexts", holds: (Xb) => columnsOf(Xb).some(repeats) },
];

function repeats(values: readonly number[]): boolean {
  return new Set(values).size < values.length;
}

/** For variances: one of epsilon's size, at either end and in between. */
function tinyAt(isTiny: (x: number) => boolean): Property[] {
  const places: [what: string, isThere: (at: number, last: number) => boolean][] = [
    ["first", (at) => at === 0],
    ["last", (at, last) => at === last],
    ["between", (at, last) => at > 0 && at < last],
  ];
  return places.map(([where, isThere]) => ({
    what: `the neuron that hardly varies ${where}`,
    holds: (given) => isThere(given.toArray().findIndex(isTiny), given.numel() - 1),
  }));
}

const positive = [some("a number above 1", (x) => x > 1), some("a number below 1", (x) => x > 0 && x < 1)];

/** For elements in any order and of any sign: upstream gradients, and the inputs of most tables. */
const drawnFreely: readonly Property[] = [...bothSigns, ...aroundOne, ...extremes, ...lines];

/**
 * What is certain about each other tensor that a step is given. A line that computes a table's output from its inputs
 * needs no entry: what is certain about the inputs is enough.
 */
const table: Readonly<Record<string, readonly Property[]>> = {
  // tables of the warm-ups and the traps
  pre: drawnFreely,
  x: drawnFreely,
  c: [...bothSigns, ...aroundOne],
  u: [...bothSigns, ...aroundOne],
  v: [...bothSigns, ...aroundOne],
  grid: [...bothSigns, ...aroundOne],
  total: bothSigns,
  spread: bothSigns,
  product: [...bothSigns, ...aroundOne],
  out: [...bothSigns, some("a number above 0.99", (x) => x > 0.99), some("a number below -0.99", (x) => x < -0.99)],
  z: positive,
  picks: [
    some("index 0", (column) => column === 0),
    { what: "the last column", holds: (picks, { given }) => picks.toArray().includes(given["scores"]!.size(1) - 1) },
    { what: "a column twice", holds: (picks) => repeats([...picks.toArray()]) },
    { what: "columns that do not rise", holds: (picks) => falls([...picks.toArray()]) },
  ],
  levels: [
    ...bothSigns,
    ...aroundOne,
    ...extremes,
    rowsWithin("a row below 0 with a maximum above -1", -1, 0),
    { what: "a row with its maximum twice", holds: (levels) => rowsOf(levels).some((row) => timesOfMaximum(row) > 1) },
    ...(["first", "last"] as const).map((end): Property => ({
      what: `a maximum in the ${end} column`,
      holds: (levels) => rowsOf(levels).some((row) => placeOfMaximum(row) === (end === "first" ? 0 : row.length - 1)),
    })),
    { what: "a row with a single maximum", holds: (levels) => rowsOf(levels).some((row) => timesOfMaximum(row) === 1) },
    {
      what: "another place where absolute values are largest",
      holds: (given) => rowsOf(given).some((row) => placeOfMaximum(row) !== placeOfMaximum(row.map(Math.abs))),
    },
  ],
  visits: [
    some("the first page", (page) => page === 0),
    { what: "the last page", holds: (visits, { given }) => visits.toArray().includes(given["book"]!.size(0) - 1) },
    { what: "a page twice", holds: (visits) => repeats([...visits.toArray()]) },
    {
      what: "a page that is not visited",
      holds: (visits, { given }) => new Set(visits.toArray()).size < given["book"]!.size(0),
    },
    { what: "pages that do not rise", holds: (visits) => falls([...visits.toArray()]) },
  ],
  spot: [
    ...bothSigns,
    ...aroundOne,
    ...extremes,
    ...([0, 0.75] as const).map((nudges): Property => ({
      what: `a second entry ${nudges === 0 ? "equal to its row's maximum" : "closer to its row's maximum than a nudge"}`,
      holds: (spot, { given }) =>
        rowsOf(spot).some((row) => {
          const gap = Math.max(...row) - row[secondPlace(row)]!;
          return nudges === 0 ? gap === 0 : gap > 0 && gap < nudges * given["nudge"]!.item();
        }),
    })),
    {
      what: "a maximum that no other entry comes near",
      holds: (spot, { given }) =>
        rowsOf(spot).some((row) => Math.max(...row) - row[secondPlace(row)]! > given["nudge"]!.item()),
    },
  ],
  nudge: [some("a number from 0.1 to 0.4", (x) => x > 0.1 && x < 0.4)],
  N: [
    ...(["first", "last"] as const).flatMap((end): Property[] => {
      const at = end === "first" ? 0 : -1;
      return [
        { what: `a 0 in the ${end} column`, holds: (N) => columnsOf(N).at(at)!.includes(0) },
        { what: `a 0 in the ${end} row`, holds: (N) => rowsOf(N).at(at)!.includes(0) },
      ];
    }),
    some("a count of 1", (x) => x === 1),
    { what: "a row with a single count", holds: (N) => rowsOf(N).some((row) => row.filter(isPositive).length === 1) },
    { what: "a sum above 0 in every row", holds: (N) => rowsOf(N).every((row) => row.some(isPositive)) },
    { what: "another table than its transpose", holds: (N) => String(rowsOf(N)) !== String(columnsOf(N)) },
  ],
  target: (
    [
      ["far above", (error) => error > 1],
      ["above", (error) => error > 0 && error < 1],
      ["below", (error) => error < 0 && error > -1],
      ["far below", (error) => error < -1],
    ] as [where: string, holds: (error: number) => boolean][]
  ).map(([where, holds]) => ({
    what: `a prediction ${where}`,
    holds: (target, { given }) => given["predicted"]!.sub(target).toArray().some(holds),
  })),
  // the model's tensors, from the contexts up
  Xb: contexts,
  C: drawnFreely,
  emb: [...bothSigns, ...aroundOne],
  embcat: [...bothSigns, ...aroundOne],
  W1: drawnFreely,
  b1: [...bothSigns, ...aroundOne, ...extremes],
  hprebn: [...bothSigns, ...aroundOne],
  bnmeani: bothSigns,
  bndiff: [...bothSigns, ...aroundOne],
  bndiff2: [...positive, some("a number below 1e-5", (x) => x < 1e-5)],
  bnvar: [...positive, ...tinyAt((x) => x < 1e-4)],
  bnvar_inv: [...positive, ...tinyAt((x) => x > 50)],
  bnraw: [...bothSigns, ...aroundOne],
  bngain: [...bothSigns, ...aroundOne],
  bnbias: [...bothSigns, ...aroundOne, ...extremes],
  hpreact: [...bothSigns, ...aroundOne, some("a number above 4", (x) => x > 4), some("one below -4", (x) => x < -4)],
  h: [...bothSigns, some("a number above 0.999", (x) => x > 0.999), some("one below -0.999", (x) => x < -0.999)],
  W2: [...bothSigns, ...aroundOne],
  b2: bothSigns,
  logits,
  logit_maxes: [
    ...bothSigns,
    ...aroundOne,
    some("a number below -100", (x) => x < -100),
    some("a number above 90", (x) => x > 90),
  ],
  norm_logits: [...maxima, some("a 0", (x) => x === 0), some("a number below -30", (x) => x < -30)],
  counts: [...maxima, some("a 1", (x) => x === 1), some("a number below 1e-9", (x) => x < 1e-9)],
  counts_sum: [some("a number below 1.5", (x) => x < 1.5), some("a number above 2", (x) => x > 2)],
  counts_sum_inv: [some("a number above 0.7", (x) => x > 0.7), some("a number below 0.5", (x) => x < 0.5)],
  probs: [...maxima, some("a number above 0.7", (x) => x > 0.7), some("a number below 1e-9", (x) => x < 1e-9)],
  logprobs: [...maxima, some("a number above -0.4", (x) => x > -0.4), some("a number below -20", (x) => x < -20)],
  loss: [],
  Yb: labels,
};

/** An odd and an even value of each size, so that a loop in steps of two misses one. */
function sizesOf(step: FunctionStep, name: string): Property[] {
  return shapeOf(step, name).flatMap((extent, dim) => {
    if (extent === 1) return [];
    return [0, 1].map((rest) => ({
      what: `an ${rest === 0 ? "even" : "odd"} number of ${extent}`,
      holds: (given: Tensor) => given.size(dim) % 2 === rest,
    }));
  });
}

/** For a tensor of a step with its own lines: what follows from how it is computed; undefined if it is drawn specially. */
function ofOwnTable({ example, draw, runs }: FunctionStep, name: string): readonly Property[] | undefined {
  if (!example || draw?.[name]) return undefined;
  return runs.flat().some(({ output }) => output === name) ? [] : drawnFreely;
}

/** The properties that a tensor given to a step must have in some case of every seed. */
export function propertiesOf(step: FunctionStep, name: string): Property[] {
  const own = step.roles[name] === "upstream" ? drawnFreely : (table[name] ?? ofOwnTable(step, name));
  if (!own) {
    throw new Error(
      `${step.id}: give ${name} an entry in the table of tests/course/coverage.ts, as it is drawn in its own way`,
    );
  }
  const isMatrix = shapeOf(step, name).length > 1 && !shapeOf(step, name).includes(1);
  return [
    ...own.filter((property) => isMatrix || !lines.includes(property)),
    ...(name === "Yb" && step.given.includes("logits") ? labelsAtMaxima : []),
    ...sizesOf(step, name),
  ];
}
