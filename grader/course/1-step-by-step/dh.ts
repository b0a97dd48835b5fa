import { productBy, sum, sumBackwards, sumForwards } from "../elements.ts";
import { looks } from "../looks.ts";
import { gradientRoom } from "../rooms.ts";

export const dh = gradientRoom({
  tensor: "h",

  hints: {
    ask: "Write [n, vocab] from above and [hidden, vocab] of W2 side by side. Which size has to vanish to leave [n, hidden]?",
    rule:
      "A neuron of one example feeds all logits of that example, each with its own weight. What comes back is the sum " +
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
      "One matrix product of what comes from above and W2. vocab is the size to sum over, so it has to stand inside: " +
      "last in the left factor, first in the right one. That tells which factor goes left and which is transposed.",
  },

  mistakes: [
    {
      id: "not-transposed",
      idea: "the forward product is repeated",
      sentence:
        "the product does not fit as it stands: compare the shapes of dlogits, W2 and h; one factor is to be transposed",
      look: looks.notTransposed,
      answer: ({ W2, dlogits }) => dlogits.matmul(W2),
    },
    {
      id: "order",
      idea: "the factors are exchanged",
      sentence: "the factors stand in the other order: write their shapes side by side, and the inner sizes must meet",
      look: looks.outerSizes,
      answer: ({ W2, dlogits }) => W2.matmul(dlogits),
    },
    {
      id: "result-transposed",
      idea: "the other order of transposed factors",
      sentence: "this is the transpose of the answer: h has a row for each example",
      look: looks.outerSizes,
      answer: ({ W2, dlogits }) => W2.matmul(dlogits.T),
    },
    {
      id: "elementwise",
      idea: "a matrix product is taken for an elementwise one",
      sentence: "an elementwise product is tried where the forward line has a matrix product",
      look: looks.elementwise,
      answer: ({ W2, dlogits }) => dlogits.mul(W2),
    },
    {
      id: "divided",
      idea: "the mean of the loss is applied again",
      sentence: "divided by the number of examples once more: the mean is in dlogits already",
      look: looks.divided,
      answer: ({ h, W2, dlogits }) => dlogits.matmul(W2.T).div(h.size(0)),
    },
    {
      id: "sign",
      idea: "a sign slips in",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("h"),
      answer: ({ W2, dlogits }) => dlogits.matmul(W2.T).neg(),
    },
    {
      id: "logits-for-dlogits",
      idea: "the value is taken for its gradient",
      sentence: "the logits themselves are in the product, in place of their gradient",
      look: looks.valueForGradient,
      answer: ({ W2, logits }) => logits.matmul(W2.T),
    },
    {
      id: "times-h",
      idea: "the tensor itself is multiplied in",
      sentence: "the answer is multiplied by h: in a product, the slope is the other factor alone",
      look:
        "Let one entry of h grow by 0.1, once from 0.2 and once from 0.8. Does it depend on that how far the " +
        "logits move?",
      answer: ({ h, W2, dlogits }) => dlogits.matmul(W2.T).mul(h),
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
