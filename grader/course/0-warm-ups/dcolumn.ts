import { keepdim, ones, tensor, zerosLike } from "#tensor";
import { line } from "../../model/lines.ts";
import { added, build, sum, sumBackwards, throughRows } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { table } from "../tables.ts";

export const dcolumn = writtenRoom({
  id: "dcolumn",
  tensor: "column",
  asks: "gradient",
  given: ["column", "row", "grid", "dgrid"],
  inputs: { column: ["rows", 1], row: [1, "columns"] },
  runs: [[line("grid", ["column", "row"], "column + row", table, ({ column, row }) => column.add(row))]],
  example: {
    column: [[10], [20]],
    row: [[1, 2, 3]],
    dgrid: [
      [1, -2, 4],
      [3, 0.5, -1],
    ],
  },

  hints: {
    ask:
      "To be added to a row, the single column was copied into every column of grid. In how many places of grid does one " +
      "number of column stand?",
    rule:
      "A number that is copied moves all of its copies. Each copy is a term of a sum, with slope 1, and sends back what " +
      "comes from above in its place. What the copies send back is added up.",
    show: ["column", "row"],
    worked: "dcolumn[1, 0] = dgrid[1, 0] + dgrid[1, 1] + dgrid[1, 2] = {dgrid 1 0} + {dgrid 1 1} + {dgrid 1 2}",
    piece:
      "One sum, of what comes from above and nothing else. It runs along each row, which is over dimension 1. A sum " +
      "drops the dimension that it runs over, and here it has to stay, with length 1, because column is [rows, 1]: pass " +
      "keepdim as its second argument.",
  },

  mistakes: [
    {
      id: "not-summed",
      idea: "the broadcast is overlooked",
      sentence:
        "there is one value for each place of grid: column was copied into every one of its columns, and the copies' gradients meet again",
      look:
        "A row of dgrid has many numbers, and column has one number for the row. All of the many come from its copies: " +
        "what becomes of them?",
      answer: ({ dgrid }) => dgrid.clone(),
    },
    {
      id: "dropped",
      idea: "the sum drops its dimension",
      sentence: "the sum is right, and its dimension is gone: column is [rows, 1], so the sum is to keep it",
      look:
        "Without its dimension the answer is [rows], and column is [rows, 1]. The second argument of sum keeps the " +
        "dimension: pass keepdim, which the file imports.",
      answer: ({ dgrid }) => dgrid.sum(1),
    },
    {
      id: "summed-down",
      idea: "the sum runs along the other dimension",
      sentence:
        "the sum runs down the rows, which is what row's gradient would be: column was copied along the other dimension",
      look:
        "Dimension 0 runs down a column, from row to row; dimension 1 runs along a row. Where do the copies of one number " +
        "of column stand?",
      answer: ({ dgrid }) => dgrid.sum(0, keepdim),
    },
    {
      id: "mean",
      idea: "a mean is taken for the sum",
      sentence: "the copies' gradients are averaged: each copy moves the loss by itself, so they add up",
      look: looks.mean,
      answer: ({ dgrid }) => dgrid.mean(1, keepdim),
    },
    {
      id: "weighted",
      idea: "the sum is taken for a product",
      sentence: "what comes from above is weighted by row before it is added up, as if row were a factor",
      look: looks.weighted,
      answer: ({ row, dgrid }) => row.mul(dgrid).sum(1, keepdim),
    },
    {
      id: "one-copy",
      idea: "one of the copies is taken for all",
      sentence: "this is the gradient of the first copy alone, and column was copied into every column of grid",
      look: "How many columns has grid? A number of column stands once in each of them.",
      answer: ({ column, dgrid }) => dgrid.T.gatherRows(tensor([0], [1], "int32")).T.view([...column.shape]),
    },
  ],

  forms: [
    ({ dgrid }) => dgrid.sum(1, keepdim),
    ({ dgrid }) => dgrid.matmul(ones(dgrid.size(1), 1)),
    ({ dgrid }) => dgrid.mean(1, keepdim).mul(dgrid.size(1)),
    ({ dgrid }) => dgrid.T.sum(0).view(-1, 1),
    ({ dgrid }) => build([dgrid.size(0), 1], (i) => sumBackwards(dgrid.size(1), (j) => dgrid.get(i, j))),
    ({ column, dgrid }) => added(zerosLike(column), dgrid, (i) => [i, 0]),
    ({ dgrid }) => build([dgrid.size(0), 1], (i) => sum(dgrid.size(1), (j) => dgrid.get(i, j))),
    ({ dgrid }) => throughRows(dgrid, 1, () => 1),
    ({ dgrid }) => ones(1, dgrid.size(1)).matmul(dgrid.T).T,
  ],
});
