import { keepdim, oneHot, onesLike, zerosLike, type Shape, type Tensor } from "#tensor";
import { line } from "../makemore/lines.ts";
import type { Generator } from "../../network/random.ts";
import { build, reader } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { drawNumbers, type Draw } from "../../kit/row.ts";
import { table } from "../tables.ts";

/**
 * Of three rows, the first has its maximum in the last column, unless it is the table's first; the second has its maximum
 * twice; the third is below 0 but above -1. The table's last row is only ever of the second kind.
 */
const ROWS = { each: 3, last: 0, tied: 1, negative: 2 };
const TIE =
  "The forward line reads one entry of each row. If two are equally large, max reads the first: that is the column " +
  "that it returns as the index.";

export const dlevels = writtenRoom({
  id: "dlevels",
  tensor: "levels",
  asks: "gradient",
  given: ["levels", "peaks", "dpeaks"],
  inputs: { levels: table },
  runs: [
    [
      line(
        "peaks",
        ["levels"],
        "levels.max(1, keepdim).values",
        ["rows", 1],
        ({ levels }) => levels.max(1, keepdim).values,
      ),
    ],
  ],
  draw: { levels: drawLevels },
  example: {
    levels: [
      [1, 5, 2],
      [4, -1, 4],
    ],
    dpeaks: [[2], [-3]],
  },

  hints: {
    ask:
      "Each row of levels has many entries, and its peak is one of them. If one of the smaller entries grows by a " +
      "little, does the peak change?",
    rule:
      "A maximum picks one entry of each row. That entry has local gradient 1 and gets its row's upstream gradient; " +
      "all others get 0. If several entries of a row are equally large, the first of them gets it, as in PyTorch: the " +
      "rule is needed so that the answer is defined.",
    show: ["levels", "peaks"],
    worked: "dlevels[0, 1] = dpeaks[0, 0]",
    piece:
      "max returns two tensors, values and indices. The indices are the columns of the maxima, and the first of them " +
      "where there is a tie. From there on it is the step dscores: oneHot turns columns into a table of zeros and " +
      "ones, or a loop sets one position in each row.",
  },

  mistakes: [
    {
      id: "everywhere",
      idea: "every entry of a row gets the gradient, as in a sum",
      sentence: "every entry of a row is filled: only the largest one decides the peak, the others have no effect",
      look: "In a row 1, 5, 2, let the 2 grow by 0.1. Does the maximum change?",
      answer: ({ levels, dpeaks }) => onesLike(levels).mul(dpeaks),
    },
    {
      id: "tied-all",
      idea: "every entry that equals the maximum gets the whole gradient",
      sentence: "where a row has its maximum twice, both entries get the gradient: only the first one should",
      look: TIE,
      answer: ({ levels, peaks, dpeaks }) => atMaxima(levels, peaks).mul(dpeaks),
    },
    {
      id: "tied-shared",
      idea: "the gradient is divided between equal maxima",
      sentence:
        "where a row has its maximum twice, the gradient is divided between the two: the first one should get all",
      look: TIE,
      answer: ({ levels, peaks, dpeaks }) => {
        const at = atMaxima(levels, peaks);
        return at.div(at.sum(1, keepdim)).mul(dpeaks);
      },
    },
    {
      id: "tied-last",
      idea: "the last of equal maxima gets the gradient",
      sentence: "where a row has its maximum twice, the last one gets the gradient: it should be the first",
      look: `${TIE} In a search, compare with >, not with >=.`,
      answer: ({ levels, dpeaks }) => atColumns(levels, dpeaks, lastColumnOf),
    },
    {
      id: "upstream-forgotten",
      idea: "only the local gradients are returned",
      sentence: "there is a one at each row's maximum: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ levels }) => oneHot(levels.max(1).indices, levels.size(1)),
    },
    {
      id: "peak-kept",
      idea: "the maximum itself is used as the slope",
      sentence: "the gradients are multiplied by the peaks: a maximum passes a number on, with slope one",
      look: "In a row 1, 5, 2, let the 5 grow by 0.1. By how much does the maximum grow, 0.1 or 0.5?",
      answer: ({ levels, peaks, dpeaks }) => oneHot(levels.max(1).indices, levels.size(1)).mul(peaks).mul(dpeaks),
    },
    {
      id: "minimum",
      idea: "the smallest entry is picked",
      sentence: "the smallest entry of each row gets the gradient: the largest one decides the peak",
      look: "In which column of a row 1, 5, 2 is the entry that the forward line reads?",
      answer: ({ levels, dpeaks }) => oneHot(levels.neg().max(1).indices, levels.size(1)).mul(dpeaks),
    },
    {
      id: "absolute",
      idea: "the entry that is largest in size is picked",
      sentence: "the entry that is farthest from zero gets the gradient: a maximum compares signs as well",
      look: "In a row -6, 1, 2, which entry is the maximum?",
      answer: ({ levels, dpeaks }) => oneHot(levels.each(Math.abs).max(1).indices, levels.size(1)).mul(dpeaks),
    },
    {
      id: "from-zero",
      idea: "the search for the maximum starts at zero",
      sentence:
        "where all entries of a row are negative, the first column gets the gradient: the search starts at zero",
      look: "What does your search find in the row -3, -1, -2? Start from the row's first entry, or from -Infinity.",
      answer: ({ levels, dpeaks }) => atColumns(levels, dpeaks, (row) => columnOfMaximum(row, 0)),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped: the peak rises with the largest entry",
      look: looks.sign("levels"),
      answer: ({ levels, dpeaks }) => oneHot(levels.max(1).indices, levels.size(1)).mul(dpeaks).neg(),
    },
  ],

  forms: [
    ({ levels, dpeaks }) => oneHot(levels.max(1).indices, levels.size(1)).mul(dpeaks),
    ({ levels, dpeaks }) => zerosLike(levels).scatterAdd(1, levels.max(1, keepdim).indices, dpeaks),
    ({ levels, dpeaks }) => {
      const { indices } = levels.max(1);
      const d = zerosLike(levels);
      for (let i = 0; i < d.size(0); i++) d.set(i, indices.get(i), dpeaks.get(i, 0));
      return d;
    },
    ({ levels, dpeaks }) => atColumns(levels, dpeaks, (row) => columnOfMaximum(row, -Infinity)),
    ({ levels, peaks, dpeaks }) => atColumns(levels, dpeaks, (row, i) => row.indexOf(peaks.get(i, 0))),
  ],
});

/** 1 where an entry equals its row's maximum, else 0. */
function atMaxima(levels: Tensor, peaks: Tensor): Tensor {
  return build([...levels.shape], (i, j) => (levels.get(i, j) === peaks.get(i, 0) ? 1 : 0));
}

/** Each row's upstream gradient in one column of that row. */
function atColumns(levels: Tensor, dpeaks: Tensor, columnOf: (row: number[], i: number) => number): Tensor {
  const at = reader(levels);
  const d = zerosLike(levels);
  for (let i = 0; i < levels.size(0); i++) {
    const row = Array.from({ length: levels.size(1) }, (_, j) => at(i, j));
    d.set(i, columnOf(row, i), dpeaks.get(i, 0));
  }
  return d;
}

/** The first column of a row's maximum; the first of all if nothing exceeds the start. */
function columnOfMaximum(row: readonly number[], start: number): number {
  let [best, at] = [start, 0];
  for (const [j, x] of row.entries()) if (x > best) [best, at] = [x, j];
  return at;
}

function lastColumnOf(row: readonly number[]): number {
  return row.lastIndexOf(Math.max(...row));
}

/** Numbers as drawn for any table, with rows of both kinds; the extremes at the ends of the table stay where they are. */
function drawLevels(generator: Generator, shape: Shape, _: Parameters<Draw>[2], arranged: Parameters<Draw>[3]): Tensor {
  const levels = arranged(drawNumbers(generator, shape));
  const [rows, columns] = shape as [number, number];
  for (let i = 0; i < rows; i++) {
    const row = Array.from({ length: columns }, (_, j) => levels.get(i, j));
    const between = 1 + generator.randint(0, columns - 2, 1).item();
    if (i % ROWS.each === ROWS.tied) setAll(levels, i, tied(row, between));
    else if (i % ROWS.each === ROWS.negative && i < rows - 1) setAll(levels, i, negative(row, between));
    else if (i % ROWS.each === ROWS.last && i > 0 && i < rows - 1) setAll(levels, i, endingHigh(row));
  }
  return levels;
}

/** A row with its maximum a second time: at a column, or next to it. */
function tied(row: readonly number[], at: number): number[] {
  const largest = Math.max(...row);
  const other = row[at] === largest ? (at > 1 ? at - 1 : at + 1) : at;
  return row.map((x, j) => (j === other ? largest : x));
}

/** A row below 0 and above -1 with its maximum at a column. */
function negative(row: readonly number[], at: number): number[] {
  return row.map((x, j) => (j === at ? -0.05 : -0.1 - 0.8 * Math.abs(Math.tanh(x))));
}

/** A row with its maximum and its last number swapped. */
function endingHigh(row: readonly number[]): number[] {
  const at = columnOfMaximum(row, -Infinity);
  return row.map((x, j) => (j === at ? row.at(-1)! : j === row.length - 1 ? row[at]! : x));
}

function setAll(levels: Tensor, i: number, row: readonly number[]): void {
  for (const [j, x] of row.entries()) levels.set(i, j, x);
}
