import { build, sum, sumBackwards } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { sign, valueForGradient } from "../mistakes.ts";
import { scaleMistakes } from "./scale.ts";
import { attention } from "./network.ts";

export const dK = gradientRoom(attention, {
  id: "attention-dK",
  tensor: "K",
  title: "keys",
  idea: "A key collects from all queries that looked at it.",

  hints: {
    piece:
      "Key j is in column j of the scores. Compare with the queries, which have the rows: what has to be transposed?",
  },

  mistakes: [
    ...scaleMistakes("K", ({ Q, dscores }) => dscores.transpose(1, 2).matmul(Q)),
    {
      id: "not-transposed",
      idea: "the same product as for the queries",
      sentence: "rows and columns of dscores are swapped: a column belongs to a key, and dK has a row for each key",
      look: "Which entries of scores does key j take part in: those of row j, or those of column j?",
      answer: ({ Q, dscores }) => dscores.matmul(Q).mul(Q.size(2) ** -0.5),
    },
    {
      id: "own-factor",
      idea: "the wrong factor is used",
      sentence: "the product contains the keys themselves: the local gradient of a factor is the other factor",
      look: looks.ownFactor("K"),
      answer: ({ Q, K, dscores }) =>
        dscores
          .transpose(1, 2)
          .matmul(K)
          .mul(Q.size(2) ** -0.5),
    },
    {
      id: "result-transposed",
      idea: "the gradient of the transposed keys is returned",
      sentence: "this is the gradient of the transposed keys: dK has a row for each position",
      look: "The forward line multiplies by K with two dimensions swapped. Which shape does its gradient have, and which one dK?",
      answer: ({ Q, dscores }) =>
        Q.transpose(1, 2)
          .matmul(dscores)
          .mul(Q.size(2) ** -0.5),
    },
    {
      ...valueForGradient("scores"),
      answer: ({ Q, scores }) =>
        scores
          .transpose(1, 2)
          .matmul(Q)
          .mul(Q.size(2) ** -0.5),
    },
    {
      ...sign("K"),
      look: "The minus sign in the forward line is in an exponent: the scale it gives is positive. Where does yours come from?",
      answer: ({ Q, dscores }) =>
        dscores
          .transpose(1, 2)
          .matmul(Q)
          .mul(-(Q.size(2) ** -0.5)),
    },
    {
      id: "result-viewed",
      idea: "view is taken for a transpose",
      sentence:
        "the gradient of the transposed keys is given the shape of K by view, which leaves the numbers in their order",
      look: "A transpose swaps rows and columns: which number of your product belongs to position 0, entry 1?",
      answer: ({ Q, K, dscores }) =>
        Q.transpose(1, 2)
          .matmul(dscores)
          .mul(Q.size(2) ** -0.5)
          .view(K.shape),
    },
  ],

  alsoRight: [
    {
      code: "return Q.mul(Q.size(2) ** -0.5).transpose(1, 2).matmul(dscores).transpose(1, 2);",
      why: "The scale is given to the queries, and the transposed equation is transposed back.",
    },
  ],

  forms: [
    ({ Q, dscores }) =>
      dscores
        .transpose(1, 2)
        .matmul(Q)
        .mul(Q.size(2) ** -0.5),
    ({ Q, dscores }) =>
      Q.transpose(1, 2)
        .matmul(dscores)
        .transpose(1, 2)
        .div(Math.sqrt(Q.size(2))),
    ({ Q, dscores }) => dscores.transpose(1, 2).matmul(Q.mul(Q.size(2) ** -0.5)),
    ({ Q, K, dscores }) =>
      build(
        [...K.shape],
        (b, j, k) => sum(Q.size(1), (i) => dscores.get(b, i, j) * Q.get(b, i, k)) / Math.sqrt(Q.size(2)),
      ),
    ({ Q, K, dscores }) =>
      build(
        [...K.shape],
        (b, j, k) => sumBackwards(Q.size(1), (i) => dscores.get(b, i, j) * Q.get(b, i, k)) / Math.sqrt(Q.size(2)),
      ),
  ],
});
