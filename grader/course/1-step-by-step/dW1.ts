import { zerosLike } from "#tensor";
import { outerProducts, productBy, sum, sumForwards } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dW1 = gradientRoom(makemore, {
  tensor: "W1",
  lecture: [4717],

  idea: "The gradient of a weight is a sum over all the examples that use it, so the batch index is summed over.",

  hints: {
    ask:
      "Write the shapes of embcat, [n, block*embd], and of the upstream gradient, [n, hidden], side by side. Which " +
      "size has to disappear?",
    rule:
      "Each weight is used once by every example. Its gradient is the sum over the examples of input times gradient: " +
      "a matrix product with n as its inner size.",
    numbers: {
      embcat: [
        [1, -1, 0, 2],
        [0.5, 2, 3, 0],
      ],
      dhprebn: [
        [2, -1, 1],
        [0, 5, -2],
      ],
    },
    worked: "dW1[1, 0] = {embcat 0 1} * {dhprebn 0 0} + {embcat 1 1} * {dhprebn 1 0}",
    piece:
      "The pattern of dW2: one matrix product of embcat and the upstream gradient. n is the size to sum over, so it " +
      "has to be the inner size: last in the left factor and first in the right one.",
  },

  mistakes: [
    {
      id: "result-transposed",
      idea: "the factors are in the other order",
      sentence: "this is the transpose of the answer: W1 has a row for each input",
      look: looks.outerSizes,
      answer: ({ embcat, dhprebn }) => dhprebn.T.matmul(embcat),
    },
    {
      id: "not-transposed",
      idea: "the transpose is forgotten",
      sentence:
        "the product does not fit as it is: compare the shapes of embcat, dhprebn and W1; one factor has to be transposed",
      look: looks.notTransposed,
      answer: ({ embcat, dhprebn }) => embcat.matmul(dhprebn),
    },
    {
      id: "divided",
      idea: "the mean of the loss is applied again",
      sentence: "divided by n again: the 1/n of the mean is already in the upstream gradient",
      look: looks.divided,
      answer: ({ embcat, dhprebn }) => embcat.T.matmul(dhprebn).div(embcat.size(0)),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("W1"),
      answer: ({ embcat, dhprebn }) => embcat.T.matmul(dhprebn).neg(),
    },
    {
      id: "hprebn-for-dhprebn",
      idea: "the value is used instead of its gradient",
      sentence: "hprebn itself is in the product, instead of its gradient",
      look: looks.valueForGradient,
      answer: ({ embcat, hprebn }) => embcat.T.matmul(hprebn),
    },
  ],

  alsoRight: [
    {
      code: "return dhprebn.T.matmul(embcat).T;",
      why: "The transpose of a product is the product of the transposes in the other order.",
    },
  ],

  forms: [
    ({ embcat, dhprebn }) => embcat.T.matmul(dhprebn),
    ({ embcat, dhprebn }) => dhprebn.T.matmul(embcat).T,
    ({ embcat, dhprebn }) => productBy(sum, embcat.T, dhprebn),
    ({ embcat, dhprebn }) => {
      const n = embcat.size(0),
        k = embcat.size(1),
        v = dhprebn.size(1);
      return embcat
        .view(n, k, 1)
        .mul(dhprebn.view(n, 1, v))
        .sum(0);
    },
    ({ embcat, dhprebn }) => productBy(sumForwards, embcat.T, dhprebn),
    ({ W1, embcat, dhprebn }) => outerProducts(zerosLike(W1), embcat, dhprebn),
  ],
});
