import { keepdim, ones, tensor, zeros, zerosLike, type Shape, type Tensor } from "#tensor";
import { line } from "../makemore/lines.ts";
import type { Generator } from "../../network/random.ts";
import { added, build, each, eye, sum } from "../elements.ts";
import { writtenRoom } from "../rooms.ts";
import { inWords } from "../../network/line.ts";

/** The largest count in a table of pairs. */
const LARGEST_COUNT = 20;

export const normalize = writtenRoom({
  id: "normalize",
  title: "a sum that lost its dimension",
  tensor: "P",
  asks: "value",
  rowSums: 1,
  given: ["N"],
  inputs: { N: ["vocab", "vocab"] },
  // in words: the expression would be the answer
  runs: [
    [
      inWords(
        line("P", ["N"], "N, each row divided by its own sum", ["vocab", "vocab"], ({ N }) => N.div(N.sum(1, keepdim))),
      ),
    ],
  ],
  draw: { N: drawCounts },
  // pairs of neighbors in ab, aab and ba, each between two dots: rows and columns are '.', a, b
  example: {
    N: [
      [0, 2, 1],
      [1, 1, 2],
      [2, 1, 0],
    ],
  },

  idea: "A sum that is combined with the tensor it was computed from keeps its dimension.",

  questions: [
    {
      id: "divisor",
      ask: "Each row of N is divided by its own sum. Which shape must the sums have, so that broadcasting does this?",
      answer: "[vocab, 1]",
      others: ["[vocab]", "[1, vocab]", "[]"],
      why: "Broadcasting aligns shapes from the right: [vocab] counts as [1, vocab], a row, and would divide the columns.",
    },
  ],

  hints: {
    ask:
      "No gradient this time. Each row of N is divided by one number, its sum. What shape must the sums have, so " +
      "that next to [vocab, vocab] each sum is in its own row?",
    rule:
      "Broadcasting aligns shapes from the right. Sums of shape [vocab] count as [1, vocab], a single row that is " +
      "copied down; sums of shape [vocab, 1] are a column, with one number per row. After the division each row of P " +
      "sums to 1.",
    worked: "P[0, 1] = N[0, 1] / (N[0, 0] + N[0, 1] + N[0, 2]) = {N 0 1} / ({N 0 0} + {N 0 1} + {N 0 2})",
    piece:
      "One division, with div: N by the sums of its rows. The sum runs over dimension 1, and that dimension has to " +
      "stay, with length 1: pass keepdim as the second argument. To check, print the sums of the answer's rows with " +
      "console.log; all of them should be 1.",
  },

  mistakes: [
    {
      id: "keepdim-forgotten",
      idea: "the sum drops its dimension, and what is left is broadcast as a row",
      sentence:
        "the sums of the rows are aligned with the columns: without its second dimension a tensor of sums counts as one row, so column j is divided by the sum of row j",
      look:
        "Print the shape of your sums. Next to the table, [vocab] counts as a row; as a column, with one number per " +
        "row, the sums have shape [vocab, 1].",
      answer: ({ N }) => N.div(N.sum(1)),
    },
    {
      id: "by-columns",
      idea: "the sum runs over the other dimension",
      sentence: "each column sums to 1, but each row should",
      look:
        "Dimension 0 runs down a column, from row to row; dimension 1 runs along a row. Which of them does the sum of a " +
        "row run over?",
      answer: ({ N }) => N.div(N.sum(0, keepdim)),
    },
    {
      id: "by-everything",
      idea: "the sum runs over everything",
      sentence: "the whole table sums to 1, but each row should",
      look: "sum takes the dimension to sum over as its argument. How many sums should there be?",
      answer: ({ N }) => N.div(N.sum()),
    },
    {
      id: "by-mean",
      idea: "a mean is used instead of a sum",
      sentence: "each row is divided by its mean, so it sums to the number of characters instead of 1",
      look: "Take the row 1, 1, 2. What must each number be divided by for the row to sum to 1?",
      answer: ({ N }) => N.div(N.mean(1, keepdim)),
    },
    {
      id: "by-largest",
      idea: "the largest count is used instead of the sum",
      sentence: "each row is divided by its largest count, so its largest value is 1: it should be divided by its sum",
      look: "Take the row 1, 1, 2. What must each number be divided by for the row to sum to 1?",
      answer: ({ N }) => N.div(N.max(1, keepdim).values),
    },
    {
      id: "transposed",
      idea: "the rows and columns of the table are swapped",
      sentence: "the table is normalized and also transposed: row i should describe what follows character i",
      look: "Row i of P is computed from row i of N, so nothing has to be transposed.",
      answer: ({ N }) => N.div(N.sum(1, keepdim)).T,
    },
  ],

  alsoRight: [
    {
      code: "return N.div(N.sum(1).view(-1, 1));",
      why: "The sums are made a column by a view.",
    },
    {
      code: "return N.T.div(N.sum(1)).T;",
      why: "In the transposed table the sums of the rows belong to the columns, which is where broadcasting puts them.",
    },
  ],

  forms: [
    ({ N }) => N.div(N.sum(1, keepdim)),
    ({ N }) => N.mul(N.sum(1, keepdim).pow(-1)),
    ({ N }) => N.T.div(N.sum(1)).T,
    ({ N }) => N.div(N.matmul(ones(N.size(1), 1))),
    ({ N }) => N.log().sub(N.sum(1, keepdim).log()).exp(),
    ({ N }) => {
      const sums = Array.from({ length: N.size(0) }, (_, i) => sum(N.size(1), (k) => N.get(i, k)));
      return build([...N.shape], (i, j) => N.get(i, j) / sums[i]!);
    },
    ({ N }) => {
      const sums = added(zeros(N.size(0), 1), N, (i) => [i, 0]);
      return each(zerosLike(N), (i, j, P) => P.set(i, j, N.get(i, j) / sums.get(i, 0)));
    },
    ({ N }) => eye(N.size(0)).div(N.sum(1, keepdim)).matmul(N),
    ({ N }) => eye(N.size(0)).mul(N.sum(1).pow(-1)).matmul(N),
    ({ N }) => N.mul(tensor(1).div(N.sum(1, keepdim))),
    ({ N }) => N.div(N.mean(1, keepdim)).div(N.size(1)),
  ],
});

/** Counts of pairs: each edge of the table has a 0, each row has a positive count, and one row has only one. */
function drawCounts(generator: Generator, shape: Shape): Tensor {
  const N = generator.randint(0, LARGEST_COUNT + 1, ...shape).float();
  const [rows, columns] = shape as [number, number];
  const end = generator.randint(0, 2, 1).item() * (columns - 1);
  N.set(0, end, 0);
  N.set(rows - 1, columns - 1 - end, 0);
  const single = generator.randint(0, rows, 1).item();
  const counted = generator.randint(1, columns - 1, rows);
  for (let j = 0; j < columns; j++) N.set(single, j, 0);
  for (let i = 0; i < rows; i++) N.set(i, counted.get(i), N.get(i, counted.get(i)) + 1);
  return N;
}
