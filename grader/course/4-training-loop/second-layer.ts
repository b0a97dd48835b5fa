import { keepdim } from "#tensor";
import { ORDER, PRODUCT, SHAPE, SUMS } from "./looks.ts";
import type { LoopMistake } from "./mistake.ts";
import { alreadyMoved, movedAgain, probs } from "./pieces.ts";

/** Mistakes in the gradients of W2, b2 and h. */
export const secondLayer: readonly LoopMistake[] = [
  {
    id: "dW2-mean",
    idea: "the examples are averaged again",
    sentence: "the gradient of W2 is n times too small: dlogits already contains the 1/n, and the examples add up",
    look: "The 1/n of the mean is already in dlogits. Is there another division by n in the forward line of W2?",
    changes: { dW2: ({ h, dlogits, n }) => h.T.matmul(dlogits).div(n) },
  },
  {
    id: "hpreact-for-h",
    idea: "tanh is left out of the product",
    sentence: "the gradient of W2 is computed from hpreact; W2 was multiplied by h in the forward pass",
    look:
      "In a product, the gradient of one factor is computed from the other: what is W2 multiplied by in the forward " +
      "line?",
    changes: { dW2: ({ hpreact, dlogits }) => hpreact.T.matmul(dlogits) },
  },
  {
    id: "bnraw-for-h",
    idea: "the normalized values are used instead of h",
    sentence: "the gradient of W2 is computed from bnraw; W2 was multiplied by h in the forward pass",
    look:
      "In a product, the gradient of one factor is computed from the other: what is W2 multiplied by in the forward " +
      "line?",
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
    sentence: "the gradient of b2 is the sum of the probabilities alone, divided by n: the labels are missing",
    look: "b2 and W2 are in the same forward line: both gradients start from dlogits, with the labels in it.",
    changes: { db2: (values) => probs(values).div(values.n).sum(0) },
  },
  {
    id: "db2-keepdim",
    idea: "the sum keeps its dimension",
    sentence:
      "the gradient of b2 keeps the dimension that is summed over: it has shape [1, vocab], and b2 has shape [vocab]",
    look: SHAPE,
    changes: { db2: ({ dlogits }) => dlogits.sum(0, keepdim) },
  },
  {
    id: "db2-rows",
    idea: "the sum runs along the rows",
    sentence:
      "the gradient of b2 is summed over the characters, to one number per example; b2 was broadcast down the batch",
    look: SUMS,
    changes: { db2: ({ dlogits }) => dlogits.sum(1) },
  },
  {
    id: "db2-not-summed",
    idea: "the broadcast is overlooked",
    sentence:
      "the gradient of b2 still has a row for each example: b2 was broadcast down the batch, and the gradients of the copies add up",
    look: SUMS,
    changes: { db2: ({ dlogits }) => dlogits },
  },
  {
    id: "W2-moved-first",
    idea: "W2 is updated before the backward pass uses it",
    sentence: "the gradient that goes back through W2 is computed with a W2 that has already been updated",
    look: ORDER,
    changes: { dh: ({ dlogits, W2, dW2, learningRate }) => dlogits.matmul(W2.sub(dW2.mul(learningRate)).T) },
  },
  {
    id: "W2-moved-first-and-again",
    idea: "W2 is updated before the backward pass uses it, and again with the others",
    sentence:
      "W2 is updated twice: with all the others, and before that, so that the gradient that goes back through W2 is computed with a W2 that has already been updated",
    look: ORDER,
    changes: {
      dh: (values) => values.dlogits.matmul(alreadyMoved(values, "W2", values.dW2).T),
      moved: movedAgain("W2"),
    },
  },
  {
    id: "W2-not-transposed",
    idea: "the product is written as in the forward pass",
    sentence:
      "the shapes [n, vocab] and [hidden, vocab] do not fit in a product: in the backward pass, W2 should be transposed",
    look: PRODUCT,
    changes: { dh: ({ dlogits, W2 }) => dlogits.matmul(W2) },
  },
  {
    id: "h-not-transposed",
    idea: "h is not transposed in the product",
    sentence:
      "the shapes [n, hidden] and [n, vocab] do not fit in a product: for the gradient of W2, h should be transposed",
    look: PRODUCT,
    changes: { dW2: ({ h, dlogits }) => h.matmul(dlogits) },
  },
];
