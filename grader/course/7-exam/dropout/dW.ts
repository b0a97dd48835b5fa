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
      answer: ({ thinned, dout }) => thinned.T.matmul(dout).div(KEPT),
    },
    {
      id: "unscaled",
      idea: "the scale of dropout is undone",
      sentence: "the scale of dropout is undone: what the product reads is scaled, and so is the gradient",
      look: "Which tensor is W multiplied by in the forward line? It is used as it is.",
      answer: ({ thinned, dout }) => thinned.T.matmul(dout).mul(KEPT),
    },
    {
      id: "mask-for-values",
      idea: "the mask takes the place of the values",
      sentence: "the mask is in the product instead of the values that were kept",
      look: looks.ownFactor("W"),
      answer: ({ thinned, dout }) => thinned.pow(2).sign().T.matmul(dout),
    },
    {
      id: "mean",
      idea: "the mean over the examples is taken",
      sentence: "every value is divided by n: each example adds to the gradient of the weights",
      look: looks.overN,
      answer: ({ thinned, dout }) => thinned.T.matmul(dout).div(dout.size(0)),
    },
    {
      id: "sign",
      idea: "a minus is put where there is none",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("W"),
      answer: ({ thinned, dout }) => thinned.T.matmul(dout).neg(),
    },
    {
      id: "transposed",
      idea: "the factors are swapped",
      sentence: "rows and columns are swapped: the rows of W belong to the neurons",
      look: looks.transposed,
      answer: ({ thinned, dout }) => dout.T.matmul(thinned),
    },
    {
      id: "out-for-dout",
      idea: "the output is used instead of its gradient",
      sentence: "the product is with out itself instead of its gradient",
      look: looks.valueForGradient,
      answer: ({ thinned, out }) => thinned.T.matmul(out),
    },
  ],

  alsoRight: [
    {
      code: "return dout.T.matmul(thinned).T;",
      why: "The gradient of the transposed matrix, transposed back.",
    },
  ],

  forms: [
    ({ thinned, dout }) => thinned.T.matmul(dout),
    ({ thinned, dout }) => dout.T.matmul(thinned).T,
    ({ thinned, dout }) => productBy(sum, thinned.T, dout),
    ({ thinned, dout }) => productBy(sumBackwards, thinned.T, dout),
    ({ W, thinned, dout }) => outerProducts(zerosLike(W), thinned, dout),
    ({ W, thinned, dout }) =>
      build([...W.shape], (i, j) => sum(dout.size(0), (k) => thinned.get(k, i) * dout.get(k, j))),
  ],
});
