import { keepdim, type Tensor } from "#tensor";
import { build, sum } from "../../elements.ts";
import { gradientRoom } from "../../rooms.ts";
import { throughSoftmax } from "./functions.ts";
import { block } from "./network.ts";

export const dQ = gradientRoom(block, {
  id: "block-dQ",
  tensor: "Q",
  title: "softmax, mask and scale in one line",
  idea: "Given the weights, the mask is not needed: what was masked has the weight zero.",
  hints: {
    piece:
      "The way back through the softmax gives the gradient of the scaled scores, which is zero where the weights are. Then " +
      "the product with the keys, and the scale.",
  },

  mistakes: [
    {
      id: "sum-forgotten",
      idea: "the softmax is taken for an exponential",
      sentence: "the sum over the row is missing on the way back through the softmax",
      look: "Add one number to all scores of a row: no weight changes. So what does each row of their gradient add up to?",
      answer: ({ K, weights, dweights }) => scaled(weights.mul(dweights).matmul(K)),
    },
    {
      id: "masked-again",
      idea: "the scores' gradient gets the value of the masked scores",
      sentence: "the gradient of the masked scores is minus infinity: that was their value, and their gradient is zero",
      look: "What is the weight of a masked score, and by what is its gradient multiplied?",
      answer: ({ K, later, weights, dweights }) =>
        scaled(throughSoftmax(weights, dweights).maskedFill(later, -Infinity).matmul(K)),
    },
    {
      id: "others-forgotten",
      idea: "the softmax is taken for a function of each element",
      sentence: "each score moves only its own weight here: it also moves all other weights of its row",
      look: "If one score of a row grows, what happens to the other weights?",
      answer: ({ K, weights, dweights }) => scaled(dweights.mul(weights).mul(weights.neg().add(1)).matmul(K)),
    },
    {
      id: "softmax-skipped",
      idea: "the gradient of the weights is taken for that of the scores",
      sentence: "the way back through the softmax is missing: dweights is multiplied by the keys as it is",
      look: "Which function stands between the scores and weights?",
      answer: ({ K, dweights }) => scaled(dweights.matmul(K)),
    },
    {
      id: "wrong-dimension",
      idea: "the sum runs over the queries",
      sentence: "the sum runs over the queries: the softmax runs along the last dimension, and so does the sum",
      look: "Along which dimension do the weights add up to one?",
      answer: ({ K, weights, dweights }) =>
        scaled(weights.mul(dweights.sub(weights.mul(dweights).sum(2, keepdim))).matmul(K)),
    },
    {
      id: "scale-forgotten",
      idea: "the scale is left out",
      sentence: "the scale of the scores is missing: a factor of the forward line is a factor of the gradient as well",
      look: "By what is a product of a query and a key divided before the softmax?",
      answer: ({ K, weights, dweights }) => throughSoftmax(weights, dweights).matmul(K),
    },
    {
      id: "scale-squared",
      idea: "the scale is applied to both factors",
      sentence: "divided by the width, instead of its root: the scale belongs to the product once",
      look: "How often is the scale in the forward line?",
      answer: ({ K, weights, dweights }) => throughSoftmax(weights, dweights).matmul(K).div(K.size(3)),
    },
    {
      id: "transposed",
      idea: "the scores are transposed as for the keys",
      sentence: "rows and columns of the scores' gradient are swapped: dQ has a row for each query",
      look: "Which scores does query i take part in: those of row i, or those of column i?",
      answer: ({ K, weights, dweights }) => scaled(throughSoftmax(weights, dweights).transpose(2, 3).matmul(K)),
    },
    {
      id: "own-factor",
      idea: "the wrong factor is used",
      sentence: "the product contains the queries themselves: the local gradient of a factor is the other factor",
      look: "What are the queries multiplied by in the forward line?",
      answer: ({ Q, weights, dweights }) => scaled(throughSoftmax(weights, dweights).matmul(Q)),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: "The minus signs in the forward line belong to an exponent and to the mask. Which of them changes a direction?",
      answer: ({ K, weights, dweights }) => scaled(throughSoftmax(weights, dweights).matmul(K)).neg(),
    },
    {
      id: "softmax-skipped-masked",
      idea: "the mask alone is taken back",
      sentence: "the way back through the softmax is missing: dweights is masked and multiplied by the keys",
      look: "Which functions stand between the scores and weights? The mask is one of two.",
      answer: ({ K, later, dweights }) => scaled(dweights.maskedFill(later, 0).matmul(K)),
    },
    {
      id: "keys-returned",
      idea: "the gradient of the keys is returned",
      sentence: "this is the gradient of the keys: that of the queries contains K",
      look: "Which of the two factors of the scores is asked for?",
      answer: ({ Q, weights, dweights }) => scaled(throughSoftmax(weights, dweights).transpose(2, 3).matmul(Q)),
    },
  ],

  alsoRight: [
    {
      code: `const products = weights.mul(dweights);
const dscores = products.sub(weights.mul(products.sum(3, keepdim)));
return dscores.matmul(K.div(Math.sqrt(K.size(3))));`,
      why: "The products of the softmax serve twice, and the keys take the scale.",
    },
  ],

  forms: [
    ({ K, weights, dweights }) => scaled(throughSoftmax(weights, dweights).matmul(K)),
    ({ K, weights, dweights }) =>
      throughSoftmax(weights, dweights)
        .mul(K.size(3) ** -0.5)
        .matmul(K),
    ({ K, weights, dweights, later }) => {
      const products = weights.mul(dweights);
      const dscores = products.sub(weights.mul(products.sum(3, keepdim))).maskedFill(later, 0);
      return dscores.matmul(K.div(Math.sqrt(K.size(3))));
    },
    ({ K, weights, dweights }) =>
      scaled(K.transpose(2, 3).matmul(throughSoftmax(weights, dweights).transpose(2, 3)).transpose(2, 3)),
    ({ Q, K, weights, dweights }) => {
      const dscores = throughSoftmax(weights, dweights);
      return build(
        [...Q.shape],
        (b, h, i, k) => sum(i + 1, (j) => dscores.get(b, h, i, j) * K.get(b, h, j, k)) / Math.sqrt(K.size(3)),
      );
    },
  ],
});

/** Divided by the root of the width. */
function scaled(dQ: Tensor): Tensor {
  return dQ.mul(dQ.size(3) ** -0.5);
}
