import { onesLike, tensor, type Tensor } from "#tensor";
import { line } from "../../model/lines.ts";
import { productBy, sum, sumBackwards, sumForwards } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { table } from "../tables.ts";

export const dleft = writtenRoom({
  id: "dleft",
  tensor: "left",
  asks: "gradient",
  given: ["left", "right", "product", "dproduct"],
  inputs: { left: ["rows", "inner"], right: ["inner", "columns"] },
  runs: [[line("product", ["left", "right"], "left @ right", table, ({ left, right }) => left.matmul(right))]],
  example: {
    left: [
      [1, 2],
      [3, 4],
    ],
    right: [
      [5, 6],
      [7, 8],
    ],
    dproduct: [
      [1, -1],
      [2, 0.5],
    ],
  },

  hints: {
    ask:
      "Write [rows, columns] from above and [inner, columns] of right side by side. Which size has to vanish to leave " +
      "[rows, inner]?",
    rule:
      "One number of left is used for each number in a row of product, each time beside another number of right. The " +
      "slope is the number beside it, as in step 0.3, and the uses are added up, as in step 0.4. In the entry below, " +
      "left[0, 1] stands beside the two numbers in row 1 of right.",
    show: ["left"],
    worked:
      "dleft[0, 1] = dproduct[0, 0] * right[1, 0] + dproduct[0, 1] * right[1, 1] = {dproduct 0 0} * {right 1 0} + {dproduct 0 1} * {right 1 1}",
    piece:
      "One matrix product, made by matmul, of what comes from above and right. columns is the size to sum over, so it has " +
      "to stand inside: last in the left factor, first in the right one. As given, it is last in both, so one of them has " +
      "to be turned over; T does that, written without brackets.",
  },
  looks: { sign: looks.signOfProduct("left") },

  mistakes: [
    {
      id: "transpose-forgotten",
      idea: "the second factor is used as it stands",
      sentence:
        "the product does not fit as it stands: of what comes from above, the columns are to meet the columns of right",
      look:
        "Write the three shapes on paper: [rows, columns], [inner, columns] and, for the answer, [rows, inner]. columns " +
        "has to stand inside: last in the left factor, first in the right one.",
      answer: ({ right, dproduct }) => dproduct.matmul(right),
    },
    {
      id: "other-side",
      idea: "the gradient of the other factor is given",
      sentence: "this is the gradient of right; left's has the shape of left, [rows, inner]",
      look: "The gradient of one factor is made of what comes from above and the other factor. Which is the other one here?",
      answer: ({ left, dproduct }) => left.T.matmul(dproduct),
    },
    {
      id: "transposed",
      idea: "the factors stand in the other order",
      sentence: "this is the gradient transposed: [inner, rows] where left is [rows, inner]",
      look:
        "The answer's first size comes from the left factor, its last from the right one. Which of the two tensors has " +
        "rows?",
      answer: ({ right, dproduct }) => right.matmul(dproduct.T),
    },
    {
      id: "two-terms",
      idea: "the sums of two matrices of 2 by 2 are written out",
      sentence:
        "two terms are added up for each value, as with matrices of 2 by 2; there are as many as right has columns",
      look:
        "The lesson's matrices have two columns, so its sums have two terms. The grader's have more: matmul adds up as " +
        "many as there are.",
      answer: ({ right, dproduct }) => firstTwoColumns(dproduct).matmul(firstTwoColumns(right).T),
    },
    {
      id: "elementwise",
      idea: "the matrix product is taken for an elementwise one",
      sentence:
        "right and what comes from above are multiplied place by place; each entry of left meets a whole row of right",
      look: "@ in the forward line is a matrix product, and its gradients are matrix products as well.",
      answer: ({ right, dproduct }) => right.mul(dproduct),
    },
    {
      id: "upstream-forgotten",
      idea: "the slope alone is given",
      sentence: "these are the sums of right's rows: what comes from above stands there as ones",
      look:
        "right alone says how product moves. How the loss moves with product is given: it is called dproduct, and each " +
        "number of right is weighted by a number of it.",
      answer: ({ right, dproduct }) => onesLike(dproduct).matmul(right.T),
    },
  ],

  forms: [
    ({ right, dproduct }) => dproduct.matmul(right.T),
    ({ right, dproduct }) => right.matmul(dproduct.T).T,
    ({ right, dproduct }) => productBy(sum, dproduct, right.T),
    ({ right, dproduct }) => productBy(sumBackwards, dproduct, right.T),
    ({ right, dproduct }) => productBy(sumForwards, dproduct, right.T),
    ({ right, dproduct }) => dproduct.view(dproduct.size(0), 1, -1).mul(right).sum(2),
  ],
});

function firstTwoColumns(x: Tensor): Tensor {
  return x.T.gatherRows(tensor([0, 1], [2], "int32")).T;
}
