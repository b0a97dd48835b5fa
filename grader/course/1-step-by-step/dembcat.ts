import { productBy, sum, sumBackwards, sumForwards } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dembcat = gradientRoom(makemore, {
  tensor: "embcat",
  lecture: [4717],

  idea: "Shapes first: of all products of these two matrices, only one has the shape of embcat.",

  hints: {
    ask:
      "Write the shapes of the upstream gradient, [n, hidden], and of W1, [block*embd, hidden], side by side. Which " +
      "size has to disappear?",
    rule:
      "An input of one example feeds all neurons of that example, each with its own weight. Its gradient is the sum " +
      "over the neurons of weight times gradient: a matrix product again.",
    numbers: {
      W1: [
        [1, 2, 0],
        [0, -1, 3],
        [2, 1, 1],
        [1, 0, -2],
      ],
      dhprebn: [
        [2, -1, 1],
        [0, 5, -2],
      ],
    },
    worked: "dembcat[0, 3] = {dhprebn 0 0} * {W1 3 0} + {dhprebn 0 1} * {W1 3 1} + {dhprebn 0 2} * {W1 3 2}",
    piece:
      "The pattern of dh: one matrix product of the upstream gradient and W1. hidden is the size to sum over, so it " +
      "has to be the inner size: last in the left factor and first in the right one.",
  },

  mistakes: [
    {
      id: "not-transposed",
      idea: "the forward product is repeated",
      sentence:
        "the product does not fit as it is: compare the shapes of dhprebn, W1 and embcat; one factor has to be transposed",
      look: looks.notTransposed,
      answer: ({ W1, dhprebn }) => dhprebn.matmul(W1),
    },
    {
      id: "order",
      idea: "the factors are swapped",
      sentence: "the factors are in the wrong order: write their shapes side by side; the inner sizes have to be equal",
      look: looks.outerSizes,
      answer: ({ W1, dhprebn }) => W1.matmul(dhprebn),
    },
    {
      id: "result-transposed",
      idea: "the transposed factors are in the other order",
      sentence: "this is the transpose of the answer: embcat has a row for each example",
      look: looks.outerSizes,
      answer: ({ W1, dhprebn }) => W1.matmul(dhprebn.T),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("embcat"),
      answer: ({ W1, dhprebn }) => dhprebn.matmul(W1.T).neg(),
    },
    {
      id: "divided",
      idea: "the mean of the loss is applied again",
      sentence: "divided by n again: the 1/n of the mean is already in the upstream gradient",
      look: looks.divided,
      answer: ({ W1, dhprebn }) => dhprebn.matmul(W1.T).div(dhprebn.size(0)),
    },
    {
      id: "hprebn-for-dhprebn",
      idea: "the value is used instead of its gradient",
      sentence: "hprebn itself is in the product, instead of its gradient",
      look: looks.valueForGradient,
      answer: ({ W1, hprebn }) => hprebn.matmul(W1.T),
    },
  ],

  alsoRight: [
    {
      code: "return W1.matmul(dhprebn.T).T;",
      why: "The transpose of a product is the product of the transposes in the other order.",
    },
  ],

  forms: [
    ({ W1, dhprebn }) => dhprebn.matmul(W1.T),
    ({ W1, dhprebn }) => W1.matmul(dhprebn.T).T,
    ({ W1, dhprebn }) => productBy(sum, dhprebn, W1.T),
    ({ W1, dhprebn }) => productBy(sumBackwards, dhprebn, W1.T),
    ({ W1, dhprebn }) => productBy(sumForwards, dhprebn, W1.T),
    ({ W1, dhprebn }) => dhprebn.view(dhprebn.size(0), 1, -1).mul(W1).sum(2),
  ],
});
