import { keepdim, ones, onesLike, zeros, zerosLike } from "#tensor";
import { line } from "../makemore/lines.ts";
import { added, build, each, sumBackwards, throughRows } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { table } from "../tables.ts";

export const dtable = writtenRoom({
  id: "dtable",
  title: "sum and copy, each the backward pass of the other",
  tensor: "table",
  asks: "gradient",
  given: ["table", "total", "spread", "dspread"],
  inputs: { table },
  runs: [
    [
      line("total", ["table"], "table.sum(1, keepdim)", ["rows", 1], ({ table }) => table.sum(1, keepdim)),
      // of table only its shape is used here, for expand
      line("spread", ["total", "table"], "total.expand(rows, columns)", table, ({ total, table }) =>
        total.expand(...table.shape),
      ),
    ],
  ],
  example: {
    table: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    dspread: [
      [1, -2, 4],
      [3, 0.5, -1],
    ],
  },

  idea: "The backward pass of a sum is a copy, and the backward pass of a copy is a sum.",

  hints: {
    ask:
      "There are two lines, and only the gradient of the second one's output is given, so go back through one after " +
      "the other. What shape does the gradient of total have, in between?",
    rule:
      "First through the copy, as in dcolumn: total was copied along its row, so the gradients of the copies add " +
      "up. Then through the sum, as in da: each entry of a row is a term of its total, with local gradient 1, " +
      "so each of them gets the whole gradient of the total.",
    show: ["table", "total", "spread"],
    worked:
      "dtable[1, 0] = dspread[1, 0] + dspread[1, 1] + dspread[1, 2] = {dspread 1 0} + {dspread 1 1} + {dspread 1 2}",
    piece:
      "Two operations, in this order. First, a sum of the upstream gradient along each row, over dimension 1, which " +
      "stays with length 1: that is the gradient of total. Then, a copy of it for each column: multiply it by ones " +
      "in the shape of table, and broadcasting makes the copies; expand, given that shape, makes them as well.",
  },

  mistakes: [
    {
      id: "passed-through",
      idea: "sum and copy are thought to undo each other",
      sentence:
        "the upstream gradient is returned unchanged, as if sum and copy undid each other: every entry of table affects its whole row of spread",
      look:
        "Let one entry of table grow by 0.1. Its total grows by 0.1. Which entries of spread grow with it? The " +
        "answer adds up the upstream gradient over all of them.",
      answer: ({ dspread }) => dspread.clone(),
    },
    {
      id: "not-spread",
      idea: "the backward pass of the sum is left out",
      sentence: "this is the gradient of total, with shape [rows, 1]: each entry of the row still has to get its copy",
      look:
        "The answer has shape [rows, columns], and yours has [rows, 1]. Broadcasting copies a column when it is " +
        "combined with a tensor that has all the columns, such as one of ones.",
      answer: ({ dspread }) => dspread.sum(1, keepdim),
    },
    {
      id: "mean",
      idea: "a mean is used instead of a sum",
      sentence:
        "each row is averaged: the gradients of the copies add up, and nothing here is divided by the number of columns",
      look: looks.mean,
      answer: ({ dspread }) => dspread.mean(1, keepdim).expand([...dspread.shape]),
    },
    {
      id: "summed-down",
      idea: "the sum runs over the other dimension",
      sentence: "the sum runs down the rows, but total was copied along its row",
      look:
        "Dimension 0 runs down a column, from row to row; dimension 1 runs along a row. Along which of them was a " +
        "total copied?",
      answer: ({ dspread }) => dspread.sum(0, keepdim).expand([...dspread.shape]),
    },
    {
      id: "forward",
      idea: "the line itself is computed instead of its gradient",
      sentence: "these are the values of spread, the output of the lines: the upstream gradient is missing",
      look:
        "The question is how the loss changes with table. Begin with how it changes with spread, which is given: it " +
        "is called dspread.",
      answer: ({ spread }) => spread.clone(),
    },
    {
      id: "all-summed",
      idea: "the sum runs over everything",
      sentence: "everything is added up, but a row of table affects only its own row of spread",
      look: "Which rows of spread does one total appear in? sum takes the dimension to sum over as its argument.",
      answer: ({ dspread }) => dspread.sum().expand([...dspread.shape]),
    },
  ],

  alsoRight: [
    {
      code: "return dspread.sum(1, keepdim).expand(table.shape);",
      why: "expand copies the column to the shape that it is given, without a tensor of ones.",
    },
    {
      code: "return dspread.matmul(ones(dspread.size(1), dspread.size(1)));",
      why: "Sum and copy in one matrix product: a square of ones adds up each row and gives every column the total.",
    },
  ],

  forms: [
    ({ dspread }) => dspread.sum(1, keepdim).expand([...dspread.shape]),
    ({ table, dspread }) => onesLike(table).mul(dspread.sum(1, keepdim)),
    ({ dspread }) => dspread.matmul(ones(dspread.size(1), dspread.size(1))),
    ({ dspread }) => {
      const sums = build([dspread.size(0)], (i) => sumBackwards(dspread.size(1), (j) => dspread.get(i, j)));
      return build([...dspread.shape], (i) => sums.get(i));
    },
    ({ table, dspread }) => {
      const sums = added(zeros(table.size(0), 1), dspread, (i) => [i, 0]);
      return each(zerosLike(table), (i, j, d) => d.set(i, j, sums.get(i, 0)));
    },
    ({ table, dspread }) => {
      const sums = throughRows(dspread, 1, () => 1);
      return each(zerosLike(table), (i, j, d) => d.set(i, j, sums.get(i, 0)));
    },
    ({ table, dspread }) => zerosLike(table).add(dspread.sum(1, keepdim)),
    ({ table, dspread }) => dspread.sum(1, keepdim).matmul(ones(1, table.size(1))),
    ({ dspread }) => dspread.T.sub(dspread.T).add(dspread.sum(1)).T,
  ],
});
