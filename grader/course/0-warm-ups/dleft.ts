import { onesLike, tensor, type Tensor } from "#tensor";
import { line } from "../makemore/lines.ts";
import { productBy, sum, sumBackwards, sumForwards } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { table } from "../tables.ts";

export const dleft = writtenRoom({
  id: "dleft",
  title: "a matrix product, written out",
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

  idea: "The gradient of a matrix product is the only product whose shapes fit.",

  hints: {
    ask:
      "Write the shapes of the upstream gradient, [rows, columns], and of right, [inner, columns], side by side. " +
      "Which size has to disappear to leave [rows, inner]?",
    rule:
      "Each entry of left is used once for every entry in a row of product, each time multiplied by a different " +
      "entry of right. The local gradient is that other factor, as in dy, and the gradients of the uses add " +
      "up, as in dx. In the entry below, left[0, 1] is multiplied by the two entries in row 1 of right.",
    show: ["left"],
    worked:
      "dleft[0, 1] = dproduct[0, 0] * right[1, 0] + dproduct[0, 1] * right[1, 1] = {dproduct 0 0} * {right 1 0} + {dproduct 0 1} * {right 1 1}",
    piece:
      "One matrix product, with matmul, of the upstream gradient and right. columns is the size to sum over, so it " +
      "has to be the inner size: last in the left factor, first in the right one. As given, it is last in both, so " +
      "one of them has to be transposed; T does that, written without parentheses.",
  },
  looks: { sign: looks.signOfProduct("left") },

  mistakes: [
    {
      id: "transpose-forgotten",
      idea: "the second factor is used as it is",
      sentence:
        "the factors do not fit as they are: the columns of the upstream gradient have to be paired with the columns of right",
      look:
        "Write the three shapes on paper: [rows, columns], [inner, columns] and, for the answer, [rows, inner]. " +
        "columns has to be the inner size: last in the left factor, first in the right one.",
      answer: ({ right, dproduct }) => dproduct.matmul(right),
    },
    {
      id: "other-side",
      idea: "the gradient of the other factor is returned",
      sentence: "this is the gradient of right: the gradient of left has the shape of left, [rows, inner]",
      look:
        "The gradient of one factor is computed from the upstream gradient and the other factor. Which is the other " +
        "one here?",
      answer: ({ left, dproduct }) => left.T.matmul(dproduct),
    },
    {
      id: "transposed",
      idea: "the factors are in the other order",
      sentence: "this is the gradient transposed: it has shape [inner, rows], and left has [rows, inner]",
      look:
        "The answer's first size comes from the left factor, its last from the right one. Which of the two tensors " +
        "has the size rows?",
      answer: ({ right, dproduct }) => right.matmul(dproduct.T),
    },
    {
      id: "two-terms",
      idea: "the sums for 2 by 2 matrices are written out",
      sentence:
        "two terms are added up for each value, as for 2 by 2 matrices: there are as many terms as right has columns",
      look:
        "The lesson's matrices have two columns, so its sums have two terms. The grader's have more: matmul adds up as " +
        "many as there are.",
      answer: ({ right, dproduct }) => firstTwoColumns(dproduct).matmul(firstTwoColumns(right).T),
    },
    {
      id: "elementwise",
      idea: "the matrix product is mistaken for an elementwise one",
      sentence:
        "right and the upstream gradient are multiplied elementwise: each entry of left is multiplied by a whole row of right",
      look: "@ in the forward line is a matrix product, and its gradients are matrix products as well.",
      answer: ({ right, dproduct }) => right.mul(dproduct),
    },
    {
      id: "upstream-forgotten",
      idea: "only the local gradient is returned",
      sentence: "these are the sums of the rows of right: the upstream gradient is missing, as if it were all ones",
      look:
        "right alone says how product changes. How the loss changes with product is given: it is called dproduct, " +
        "and each entry of right is weighted by an entry of it.",
      answer: ({ right, dproduct }) => onesLike(dproduct).matmul(right.T),
    },
  ],

  alsoRight: [
    {
      code: "return right.matmul(dproduct.T).T;",
      why: "The transpose of a product is the product of the transposes in the other order, so this is the same matrix.",
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
