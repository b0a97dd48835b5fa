import { productBy, sum, sumBackwards, sumForwards } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dh = gradientRoom(makemore, {
  tensor: "h",
  lecture: [2504],

  idea: "The gradient of a matrix product is the only product whose shapes fit.",

  hints: {
    ask:
      "Write the shapes of the upstream gradient, [n, vocab], and of W2, [hidden, vocab], side by side. Which size " +
      "has to disappear to leave [n, hidden]?",
    rule:
      "A neuron of one example feeds all logits of that example, each with its own weight. Its gradient is the sum " +
      "over the logits of weight times gradient: a matrix product again.",
    numbers: {
      W2: [
        [1, 2, -1],
        [0, 3, 4],
      ],
      dlogits: [
        [2, -1, 1],
        [0, 5, -2],
      ],
    },
    worked: "dh[0, 1] = {dlogits 0 0} * {W2 1 0} + {dlogits 0 1} * {W2 1 1} + {dlogits 0 2} * {W2 1 2}",
    piece:
      "One matrix product of the upstream gradient and W2. vocab is the size to sum over, so it has to be the inner " +
      "size: last in the left factor, first in the right one. That shows which factor goes left and which is " +
      "transposed.",
  },

  mistakes: [
    {
      id: "not-transposed",
      idea: "the forward product is repeated",
      sentence:
        "the product does not fit as it is: compare the shapes of dlogits, W2 and h; one factor has to be transposed",
      look: looks.notTransposed,
      answer: ({ W2, dlogits }) => dlogits.matmul(W2),
    },
    {
      id: "order",
      idea: "the factors are swapped",
      sentence: "the factors are in the wrong order: write their shapes side by side; the inner sizes have to be equal",
      look: looks.outerSizes,
      answer: ({ W2, dlogits }) => W2.matmul(dlogits),
    },
    {
      id: "result-transposed",
      idea: "the transposed factors are in the other order",
      sentence: "this is the transpose of the answer: h has a row for each example",
      look: looks.outerSizes,
      answer: ({ W2, dlogits }) => W2.matmul(dlogits.T),
    },
    {
      id: "elementwise",
      idea: "the matrix product is mistaken for an elementwise one",
      sentence: "an elementwise product is tried, but the forward line has a matrix product",
      look: looks.elementwise,
      answer: ({ W2, dlogits }) => dlogits.mul(W2),
    },
    {
      id: "divided",
      idea: "the mean of the loss is applied again",
      sentence: "divided by n again: the 1/n of the mean is already in the upstream gradient",
      look: looks.divided,
      answer: ({ h, W2, dlogits }) => dlogits.matmul(W2.T).div(h.size(0)),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("h"),
      answer: ({ W2, dlogits }) => dlogits.matmul(W2.T).neg(),
    },
    {
      id: "logits-for-dlogits",
      idea: "the value is used instead of its gradient",
      sentence: "the logits themselves are in the product, instead of their gradient",
      look: looks.valueForGradient,
      answer: ({ W2, logits }) => logits.matmul(W2.T),
    },
    {
      id: "times-h",
      idea: "the tensor itself is an extra factor",
      sentence: "the answer is multiplied by h: the local gradient of a factor is the other factor alone",
      look:
        "Let one entry of h grow by 0.1, once from 0.2 and once from 0.8. Do the logits change by the same amount " +
        "each time?",
      answer: ({ h, W2, dlogits }) => dlogits.matmul(W2.T).mul(h),
    },
  ],

  alsoRight: [
    {
      code: "return W2.matmul(dlogits.T).T;",
      why: "The transpose of a product is the product of the transposes in the other order.",
    },
  ],

  forms: [
    ({ W2, dlogits }) => dlogits.matmul(W2.T),
    ({ W2, dlogits }) => W2.matmul(dlogits.T).T,
    ({ W2, dlogits }) => productBy(sum, dlogits, W2.T),
    ({ W2, dlogits }) => productBy(sumBackwards, dlogits, W2.T),
    ({ W2, dlogits }) => productBy(sumForwards, dlogits, W2.T),
    ({ W2, dlogits }) => dlogits.view(dlogits.size(0), 1, -1).mul(W2).sum(2),
  ],
});
