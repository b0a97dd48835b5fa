import { build, outerProducts, productBy, sum, sumBackwards } from "../../elements.ts";
import { zerosLike } from "#tensor";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { dropout, KEPT } from "./network.ts";

export const dW = gradientRoom(dropout, {
  id: "dropout-dW",
  tensor: "W",
  title: "a product above dropout",
  idea: "What a layer reads after dropout is already masked and scaled, and so is its share in the gradient of the weights.",
  hints: {
    piece:
      "A matrix product of the upstream gradient and the other factor of the forward product. One of the two is " +
      "transposed, so that the examples are summed over.",
  },
  looks: { sign: looks.signOfProduct("W") },

  mistakes: [
    {
      id: "scaled-again",
      idea: "the scale of dropout is applied once more",
      sentence: "the scale of dropout is applied again: what the product reads is scaled already",
      look: "Which line does W appear in, and is there a division in that line?",
      answer: ({ dropped, dout }) => dropped.T.matmul(dout).div(KEPT),
    },
    {
      id: "unscaled",
      idea: "the scale of dropout is undone",
      sentence: "the scale of dropout is undone: what the product reads is scaled, and so is the gradient",
      look: "Which tensor is W multiplied by in the forward line? It is used as it is.",
      answer: ({ dropped, dout }) => dropped.T.matmul(dout).mul(KEPT),
    },
    {
      id: "mask-for-values",
      idea: "the mask takes the place of the values",
      sentence: "the mask is in the product instead of the values that were kept",
      look: looks.ownFactor("W"),
      answer: ({ dropped, dout }) => dropped.pow(2).sign().T.matmul(dout),
    },
    {
      id: "mean",
      idea: "the mean over the examples is taken",
      sentence: "every value is divided by n: each example adds to the gradient of the weights",
      look: looks.overN,
      answer: ({ dropped, dout }) => dropped.T.matmul(dout).div(dout.size(0)),
    },
    {
      id: "sign",
      idea: "a minus is put where there is none",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("W"),
      answer: ({ dropped, dout }) => dropped.T.matmul(dout).neg(),
    },
    {
      id: "transposed",
      idea: "the factors are swapped",
      sentence: "rows and columns are swapped: the rows of W belong to the neurons",
      look: looks.transposed,
      answer: ({ dropped, dout }) => dout.T.matmul(dropped),
    },
    {
      id: "out-for-dout",
      idea: "the output is used instead of its gradient",
      sentence: "the product is with out itself instead of its gradient",
      look: looks.valueForGradient,
      answer: ({ dropped, out }) => dropped.T.matmul(out),
    },
  ],

  forms: [
    ({ dropped, dout }) => dropped.T.matmul(dout),
    ({ dropped, dout }) => dout.T.matmul(dropped).T,
    ({ dropped, dout }) => productBy(sum, dropped.T, dout),
    ({ dropped, dout }) => productBy(sumBackwards, dropped.T, dout),
    ({ W, dropped, dout }) => outerProducts(zerosLike(W), dropped, dout),
    ({ W, dropped, dout }) =>
      build([...W.shape], (i, j) => sum(dout.size(0), (k) => dropped.get(k, i) * dout.get(k, j))),
  ],
});
