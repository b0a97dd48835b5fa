import { keepdim, ones, tensor, zerosLike } from "#tensor";
import { line } from "../makemore/lines.ts";
import { added, build, sum, sumBackwards, throughRows } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { table } from "../tables.ts";

export const dcolumn = writtenRoom({
  id: "dcolumn",
  title: "a column broadcast over a row",
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

  idea: "What is broadcast in the forward pass is summed in the backward pass, over the dimension that was copied.",

  hints: {
    ask:
      "To be added to a row, the single column was copied into every column of grid. How many entries of grid does " +
      "one entry of column affect?",
    rule:
      "An entry that is copied affects all of its copies. Each copy is a term of a sum, with local gradient 1, so " +
      "its gradient is the upstream gradient at its position. The gradients of the copies add up.",
    show: ["column", "row"],
    worked: "dcolumn[1, 0] = dgrid[1, 0] + dgrid[1, 1] + dgrid[1, 2] = {dgrid 1 0} + {dgrid 1 1} + {dgrid 1 2}",
    piece:
      "One sum, of the upstream gradient and nothing else. It runs along each row, which is over dimension 1. A sum " +
      "drops the dimension that it runs over, and here that dimension has to stay, with length 1, because column has " +
      "shape [rows, 1]: pass keepdim as the second argument.",
  },

  mistakes: [
    {
      id: "not-summed",
      idea: "the broadcast is overlooked",
      sentence:
        "there is one value for each position of grid: column was copied into every column of it, so the gradients of the copies add up",
      look:
        "A row of dgrid has many entries, and column has one entry for that row. Each of the many is the gradient of " +
        "a copy: how are they combined?",
      answer: ({ dgrid }) => dgrid.clone(),
    },
    {
      id: "dropped",
      idea: "the sum drops its dimension",
      sentence: "the sum is right, but its dimension is gone: column has shape [rows, 1], so the sum should keep it",
      look:
        "Without its dimension the answer has shape [rows], but column has shape [rows, 1]. The second argument of " +
        "sum keeps the dimension: pass keepdim, which the file imports.",
      answer: ({ dgrid }) => dgrid.sum(1),
    },
    {
      id: "summed-down",
      idea: "the sum runs over the other dimension",
      sentence:
        "the sum runs down the rows, as it would for the gradient of row: column was copied along the other dimension",
      look:
        "Dimension 0 runs down a column, from row to row; dimension 1 runs along a row. Along which of them was an " +
        "entry of column copied?",
      answer: ({ dgrid }) => dgrid.sum(0, keepdim),
    },
    {
      id: "mean",
      idea: "a mean is used instead of a sum",
      sentence: "the gradients of the copies are averaged: each copy affects the loss on its own, so they add up",
      look: looks.mean,
      answer: ({ dgrid }) => dgrid.mean(1, keepdim),
    },
    {
      id: "weighted",
      idea: "the sum is mistaken for a product",
      sentence: "the upstream gradient is multiplied by row before it is summed, as if row were a factor",
      look: looks.weighted,
      answer: ({ row, dgrid }) => row.mul(dgrid).sum(1, keepdim),
    },
    {
      id: "one-copy",
      idea: "one of the copies is used instead of all",
      sentence: "this is the gradient of the first copy alone: column was copied into every column of grid",
      look: "How many columns does grid have? An entry of column appears once in each of them.",
      answer: ({ column, dgrid }) => dgrid.T.gatherRows(tensor([0], [1], "int32")).T.view([...column.shape]),
    },
  ],

  alsoRight: [
    {
      code: "return dgrid.sum(1).view(-1, 1);",
      why: "The sum without keepdim, and then a view that gives the dimension back.",
    },
    {
      code: "return dgrid.matmul(ones(dgrid.size(1), 1));",
      why: "A sum along the rows is a matrix product with a column of ones. On hardware that is built for matrix products, sums are computed like this.",
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
