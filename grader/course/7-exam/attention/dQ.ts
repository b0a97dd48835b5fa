import { build, sum, sumBackwards } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { sign, valueForGradient } from "../mistakes.ts";
import { scaleMistakes } from "./scale.ts";
import { attention } from "./network.ts";

export const dQ = gradientRoom(attention, {
  id: "attention-dQ",
  tensor: "Q",
  title: "queries",
  idea: "A query is pulled toward the keys whose scores should rise.",

  hints: {
    piece:
      "Score [i, j] is the dot product of query i and key j, scaled. Add up the keys of a row, each times the gradient " +
      "of its score, and keep the scale.",
  },

  mistakes: [
    ...scaleMistakes("Q", ({ K, dscores }) => dscores.matmul(K)),
    {
      id: "dscores-transposed",
      idea: "the scores are transposed as for the keys",
      sentence: "rows and columns of dscores are swapped: a row belongs to a query, and dQ has a row for each query",
      look: "Which entries of scores does query i take part in: those of row i, or those of column i?",
      answer: ({ Q, K, dscores }) =>
        dscores
          .transpose(1, 2)
          .matmul(K)
          .mul(Q.size(2) ** -0.5),
    },
    {
      id: "own-factor",
      idea: "the wrong factor is used",
      sentence: "the product contains the queries themselves: the local gradient of a factor is the other factor",
      look: looks.ownFactor("Q"),
      answer: ({ Q, dscores }) => dscores.matmul(Q).mul(Q.size(2) ** -0.5),
    },
    {
      ...valueForGradient("scores"),
      answer: ({ Q, K, scores }) => scores.matmul(K).mul(Q.size(2) ** -0.5),
    },
    {
      ...sign("Q"),
      look: "The minus sign in the forward line is in an exponent: the scale it gives is positive. Where does yours come from?",
      answer: ({ Q, K, dscores }) => dscores.matmul(K).mul(-(Q.size(2) ** -0.5)),
    },
  ],

  alsoRight: [
    {
      code: "return dscores.mul(K.size(2) ** -0.5).matmul(K);",
      why: "The scale first: it belongs to the product, so either factor can take it.",
    },
  ],

  forms: [
    ({ Q, K, dscores }) => dscores.matmul(K).mul(Q.size(2) ** -0.5),
    ({ K, dscores }) => dscores.matmul(K).div(Math.sqrt(K.size(2))),
    ({ K, dscores }) => dscores.mul(K.size(2) ** -0.5).matmul(K),
    ({ K, dscores }) => dscores.matmul(K.div(Math.sqrt(K.size(2)))),
    ({ K, dscores }) =>
      K.transpose(1, 2)
        .matmul(dscores.transpose(1, 2))
        .transpose(1, 2)
        .mul(K.size(2) ** -0.5),
    ({ Q, K, dscores }) =>
      build(
        [...Q.shape],
        (b, i, k) => sum(K.size(1), (j) => dscores.get(b, i, j) * K.get(b, j, k)) / Math.sqrt(Q.size(2)),
      ),
    ({ Q, K, dscores }) =>
      build(
        [...Q.shape],
        (b, i, k) => sumBackwards(K.size(1), (j) => dscores.get(b, i, j) * K.get(b, j, k)) / Math.sqrt(Q.size(2)),
      ),
  ],
});
