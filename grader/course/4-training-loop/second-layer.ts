import { keepdim } from "#tensor";
import { ORDER, PRODUCT, SHAPE, SUMS } from "./looks.ts";
import type { LoopMistake } from "./mistake.ts";
import { probs } from "./pieces.ts";

/** Wrong in the gradients of W2, b2 and h. */
export const secondLayer: readonly LoopMistake[] = [
  {
    id: "dW2-mean",
    idea: "the examples are averaged again",
    sentence: "the gradient of W2 is n times too small: dlogits holds the 1/n already, and the examples add up",
    look: "The mean of the loss is in dlogits. Is there another division by n in the forward lines of W2?",
    changes: { dW2: ({ h, dlogits, n }) => h.T.matmul(dlogits).div(n) },
  },
  {
    id: "hpreact-for-h",
    idea: "tanh is left out of the product",
    sentence: "the gradient of W2 is made from hpreact; W2 was multiplied by h in the forward pass",
    look: "In a product the gradient of one factor is made from the other: what stands beside W2 in the forward line?",
    changes: { dW2: ({ hpreact, dlogits }) => hpreact.T.matmul(dlogits) },
  },
  {
    id: "bnraw-for-h",
    idea: "the normalized values stand for h",
    sentence: "the gradient of W2 is made from bnraw; W2 was multiplied by h in the forward pass",
    look: "In a product the gradient of one factor is made from the other: what stands beside W2 in the forward line?",
    changes: { dW2: ({ bnraw, dlogits }) => bnraw.T.matmul(dlogits) },
  },
  {
    id: "db2-mean",
    idea: "the rows are averaged",
    sentence:
      "the gradient of b2 is the mean of dlogits over the batch: b2 was added to every row, and the rows add up",
    look: SUMS,
    changes: { db2: ({ dlogits }) => dlogits.mean(0) },
  },
  {
    id: "db2-probs",
    idea: "the labels are left out for the bias",
    sentence: "the gradient of b2 is the sum of the probabilities alone, over n: the labels are missing there",
    look: SUMS,
    changes: { db2: (values) => probs(values).div(values.n).sum(0) },
  },
  {
    id: "db2-keepdim",
    idea: "the sum keeps its dimension",
    sentence: "the gradient of b2 keeps the dimension that is summed over: it has shape [1, vocab], and b2 has [vocab]",
    look: SHAPE,
    changes: { db2: ({ dlogits }) => dlogits.sum(0, keepdim) },
  },
  {
    id: "db2-rows",
    idea: "the sum runs along the rows",
    sentence: "the gradient of b2 is summed over the characters: one number per example; b2 was copied down the batch",
    look: SUMS,
    changes: { db2: ({ dlogits }) => dlogits.sum(1) },
  },
  {
    id: "db2-not-summed",
    idea: "the broadcast is overlooked",
    sentence:
      "the gradient of b2 still has a row for each example: b2 was copied down the batch, and the copies add up",
    look: SUMS,
    changes: { db2: ({ dlogits }) => dlogits },
  },
  {
    id: "W2-moved-first",
    idea: "W2 is updated before it is used on the way back",
    sentence: "the gradient that goes back through W2 is taken at the W2 that has moved already",
    look: ORDER,
    changes: { dh: ({ dlogits, W2, dW2, learningRate }) => dlogits.matmul(W2.sub(dW2.mul(learningRate)).T) },
  },
  {
    id: "W2-not-transposed",
    idea: "the product is written as in the forward pass",
    sentence: "a product of [n, vocab] with [hidden, vocab] does not fit: W2 is to be transposed on the way back",
    look: PRODUCT,
    changes: { dh: ({ dlogits, W2 }) => dlogits.matmul(W2) },
  },
  {
    id: "h-not-transposed",
    idea: "h stands in the product as it is",
    sentence: "a product of [n, hidden] with [n, vocab] does not fit: for the gradient of W2, h is to be transposed",
    look: PRODUCT,
    changes: { dW2: ({ h, dlogits }) => h.matmul(dlogits) },
  },
];
