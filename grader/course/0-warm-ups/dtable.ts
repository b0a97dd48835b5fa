import { keepdim, ones, onesLike, zeros, zerosLike } from "#tensor";
import { line } from "../../model/lines.ts";
import { added, build, each, sumBackwards, throughRows } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { table } from "../tables.ts";

export const dtable = writtenRoom({
  id: "dtable",
  tensor: "table",
  asks: "gradient",
  given: ["table", "total", "spread", "dspread"],
  inputs: { table },
  runs: [
    [
      line("total", ["table"], "table.sum(1, keepdim)", ["rows", 1], ({ table }) => table.sum(1, keepdim)),
      // the table is not used here but for its shape, which expand asks for
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

  hints: {
    ask:
      "Two lines, and only what comes to the second is given, so go back through one after the other. Which shape has the " +
      "gradient of total, on the way?",
    rule:
      "First through the copy, as in step 0.5: total was copied along its row, so what the copies send back is added up. " +
      "Then through the sum, as in step 0.1: each number of a row is a term of its total, with slope 1, so each of them " +
      "gets all of what came back to the total.",
    show: ["table", "total", "spread"],
    worked:
      "dtable[1, 0] = dspread[1, 0] + dspread[1, 1] + dspread[1, 2] = {dspread 1 0} + {dspread 1 1} + {dspread 1 2}",
    piece:
      "Two operations in this order. A sum of what comes from above along each row, over dimension 1, which stays with " +
      "length 1: that is the gradient of total. Then a copy of it for each column: multiply it by ones in the shape of " +
      "table, and broadcasting makes the copies; expand, given that shape, makes them too.",
  },

  mistakes: [
    {
      id: "passed-through",
      idea: "sum and copy are taken to undo each other",
      sentence:
        "what comes from above comes out as it went in, as if sum and copy undid each other: every entry of table reaches all places of its row",
      look:
        "Let one number of table grow by 0.1. Its total grows by 0.1, and which places of spread grow with it? The answer " +
        "collects what comes from above in all of them.",
      answer: ({ dspread }) => dspread.clone(),
    },
    {
      id: "not-spread",
      idea: "the sum's backward is left out",
      sentence: "this is the gradient of total, [rows, 1]; each entry of the row is still to get its copy",
      look:
        "The answer is [rows, columns], and you have [rows, 1]. Broadcasting copies a column when it meets a tensor that " +
        "has all the columns, such as one of ones.",
      answer: ({ dspread }) => dspread.sum(1, keepdim),
    },
    {
      id: "mean",
      idea: "a mean is taken for the sum",
      sentence:
        "each row is averaged: the gradients of copies add up, and nothing here is divided by the number of columns",
      look: looks.mean,
      answer: ({ dspread }) => dspread.mean(1, keepdim).expand([...dspread.shape]),
    },
    {
      id: "summed-down",
      idea: "the sum runs along the other dimension",
      sentence: "the sum runs down the rows, but the copies of total stand along its row",
      look:
        "Dimension 0 runs down a column, from row to row; dimension 1 runs along a row. Where do the copies of one total " +
        "stand?",
      answer: ({ dspread }) => dspread.sum(0, keepdim).expand([...dspread.shape]),
    },
    {
      id: "forward",
      idea: "the line itself is computed, not its gradient",
      sentence: "these are the numbers of spread, the output of the lines; what comes from above is not in it",
      look:
        "You are asked how the loss moves with table. Begin with how it moves with spread, which is given: it is called " +
        "dspread.",
      answer: ({ spread }) => spread.clone(),
    },
    {
      id: "all-summed",
      idea: "the sum runs over everything",
      sentence: "everything is added up, but a row of table reaches its own row of spread alone",
      look: "Which rows of spread does one total stand in? sum takes the dimension to sum over as its argument.",
      answer: ({ dspread }) => dspread.sum().expand([...dspread.shape]),
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
