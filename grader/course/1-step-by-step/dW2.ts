import { zerosLike } from "#tensor";
import { outerProducts, productBy, sum, sumBackwards, sumForwards } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dW2 = gradientRoom(makemore, {
  tensor: "W2",
  lecture: [3087],

  idea: "The examples of a batch share each weight, so their gradients add up, and the matrix product does the adding.",

  hints: {
    ask:
      "Write the shapes of h, [n, hidden], and of the upstream gradient, [n, vocab], side by side. Which size has to " +
      "disappear to leave [hidden, vocab]?",
    rule:
      "Each weight is used once by every example. Its gradient is the sum over the examples of input times gradient: " +
      "a matrix product with n as its inner size.",
    numbers: {
      h: [
        [1, -1],
        [0.5, 2],
      ],
      dlogits: [
        [2, -1, 1],
        [0, 5, -2],
      ],
    },
    worked: "dW2[1, 0] = {h 0 1} * {dlogits 0 0} + {h 1 1} * {dlogits 1 0}",
    piece:
      "One matrix product of h and the upstream gradient. n is the size to sum over, so it has to be the inner size: " +
      "last in the left factor, first in the right one. hidden comes first in the answer, so that factor goes left. " +
      "The 1/n of the mean is already in the upstream gradient; do not divide again.",
  },

  mistakes: [
    {
      id: "result-transposed",
      idea: "the factors are in the other order",
      sentence: "this is the transpose of the answer: W2 has a row for each neuron",
      look: looks.outerSizes,
      answer: ({ h, dlogits }) => dlogits.T.matmul(h),
    },
    {
      id: "not-transposed",
      idea: "the transpose is forgotten",
      sentence:
        "the product does not fit as it is: compare the shapes of h, dlogits and W2; one factor has to be transposed",
      look: looks.notTransposed,
      answer: ({ h, dlogits }) => h.matmul(dlogits),
    },
    {
      id: "divided",
      idea: "the mean of the loss is applied again",
      sentence: "divided by n again: the 1/n of the mean is already in the upstream gradient",
      look: looks.divided,
      answer: ({ h, dlogits }) => h.T.matmul(dlogits).div(h.size(0)),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("W2"),
      answer: ({ h, dlogits }) => h.T.matmul(dlogits).neg(),
    },
    {
      id: "logits-for-dlogits",
      idea: "the value is used instead of its gradient",
      sentence: "the logits themselves are in the product, instead of their gradient",
      look: looks.valueForGradient,
      answer: ({ h, logits }) => h.T.matmul(logits),
    },
    {
      id: "times-W2",
      idea: "the tensor itself is an extra factor",
      sentence: "the answer is multiplied by W2: the local gradient of a factor is the other factor alone",
      look:
        "Let one weight grow by 0.1, once from 0.2 and once from 0.8. Do the logits change by the same amount each " +
        "time?",
      answer: ({ W2, h, dlogits }) => h.T.matmul(dlogits).mul(W2),
    },
  ],

  alsoRight: [
    {
      code: "return dlogits.T.matmul(h).T;",
      why: "The transpose of a product is the product of the transposes in the other order.",
    },
  ],

  forms: [
    ({ h, dlogits }) => h.T.matmul(dlogits),
    ({ h, dlogits }) => dlogits.T.matmul(h).T,
    ({ h, dlogits }) => productBy(sum, h.T, dlogits),
    ({ h, dlogits }) => productBy(sumBackwards, h.T, dlogits),
    ({ h, dlogits }) => {
      const n = h.size(0),
        k = h.size(1),
        v = dlogits.size(1);
      return h
        .view(n, k, 1)
        .mul(dlogits.view(n, 1, v))
        .sum(0);
    },
    ({ h, dlogits }) => productBy(sumForwards, h.T, dlogits),
    ({ W2, h, dlogits }) => outerProducts(zerosLike(W2), h, dlogits),
  ],
});
