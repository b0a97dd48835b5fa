import { zerosLike } from "#tensor";
import { build, flat, outerProducts, productBy, sum } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { sign, timesItself, valueForGradient } from "../mistakes.ts";
import { heads } from "./network.ts";

export const dWo = gradientRoom(heads, {
  id: "heads-dWo",
  tensor: "Wo",
  title: "a matrix that all positions share",
  idea: "A parameter that every position uses collects its gradient from all positions of all sequences.",
  hints: {
    piece:
      "Every position of every sequence is one row that is multiplied by Wo. Seen as one long matrix of rows, the forward " +
      "line is an ordinary product.",
  },

  mistakes: [
    {
      id: "sequences-apart",
      idea: "the product is taken per sequence",
      sentence: "there is one matrix for each sequence: they share Wo, so their gradients are added up",
      look: "Which dimension does your answer have that Wo lacks?",
      answer: ({ joined, dout }) => joined.transpose(1, 2).matmul(dout),
    },
    {
      id: "averaged",
      idea: "the sequences are averaged",
      sentence: "the gradients of the sequences are averaged: each of them affects the loss, so they add up",
      look: looks.mean,
      answer: ({ joined, dout }) => joined.transpose(1, 2).matmul(dout).mean(0),
    },
    {
      id: "result-transposed",
      idea: "the factors are in the other order",
      sentence: "this is the transpose of the answer: Wo has a row for each entry of joined",
      look: looks.outerSizes,
      answer: ({ joined, dout }) => flat(dout).T.matmul(flat(joined)),
    },
    {
      id: "first-sequence",
      idea: "one sequence stands for all",
      sentence: "only the first sequence is counted: all of them use Wo",
      look: "Change a number in the last sequence of dout. Does your answer change?",
      answer: ({ joined, dout }) => {
        const first = build([...dout.shape], (b, t, k) => (b === 0 ? dout.get(b, t, k) : 0));
        return flat(joined).T.matmul(flat(first));
      },
    },
    { ...valueForGradient("out"), answer: ({ joined, out }) => flat(joined).T.matmul(flat(out)) },
    { ...timesItself("Wo"), answer: ({ Wo, joined, dout }) => flat(joined).T.matmul(flat(dout)).mul(Wo) },
    { ...sign("Wo"), answer: ({ joined, dout }) => flat(joined).T.matmul(flat(dout)).neg() },
  ],

  alsoRight: [
    {
      code: "return joined.transpose(1, 2).matmul(dout).sum(0);",
      why: "A product for each sequence, and then their sum: the sequences share the matrix.",
    },
  ],

  forms: [
    ({ joined, dout }) => flat(joined).T.matmul(flat(dout)),
    ({ joined, dout }) => joined.transpose(1, 2).matmul(dout).sum(0),
    ({ joined, dout }) => flat(dout).T.matmul(flat(joined)).T,
    ({ joined, dout }) => productBy(sum, flat(joined).T, flat(dout)),
    ({ Wo, joined, dout }) => outerProducts(zerosLike(Wo), flat(joined), flat(dout)),
  ],
});
