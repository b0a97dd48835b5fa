import { keepdim, ones, zerosLike } from "#tensor";
import { build, sum, sumBackwards } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { timesItself, valueForGradient } from "../mistakes.ts";
import { embeddings } from "./network.ts";

export const dP = gradientRoom(embeddings, {
  id: "tied-dP",
  tensor: "P",
  title: "one row per position",
  idea: "A position's row is added in every sequence, so it collects from all of them.",
  hints: {
    piece:
      "A row of P is added to x in every sequence: a copy forward is a sum backward. Which dimension of x does P lack?",
  },

  mistakes: [
    {
      id: "not-summed",
      idea: "the gradient passes unchanged",
      sentence:
        "the answer still has one part for each sequence: P was copied into all of them, so their gradients add up",
      look: looks.notSummed("P"),
      answer: ({ dx }) => dx.clone(),
    },
    {
      id: "over-positions",
      idea: "the sum runs over the positions",
      sentence: "the sum runs over the positions: each of them has a row of its own in P",
      look: "Write the shapes of dx and P below each other, aligned at the right. Which dimension has no partner?",
      answer: ({ dx }) => dx.sum(1),
    },
    {
      id: "mean",
      idea: "the copies are averaged",
      sentence: "the gradients of the sequences are averaged: each of them affects the loss, so they add up",
      look: looks.mean,
      answer: ({ dx }) => dx.mean(0),
    },
    {
      id: "keepdim",
      idea: "the summed dimension is kept",
      sentence: "the summed dimension is kept with length 1: P has two dimensions",
      look: "Which shape does P have? A sum over one dimension drops it, unless keepdim is passed.",
      answer: ({ dx }) => dx.sum(0, keepdim),
    },
    {
      id: "all-summed",
      idea: "all positions get the same gradient",
      sentence: "the positions are added up as well, so that all rows are equal: each position has a row of its own",
      look: "Change dx at one position. How many rows of P's gradient should change?",
      answer: ({ P, dx }) => dx.sum([0, 1]).expand(...P.shape),
    },
    {
      id: "first-sequence",
      idea: "one sequence stands for all",
      sentence: "only the first sequence is counted: P is added in all of them",
      look: "Change a number in the last sequence of dx. Does your answer change?",
      answer: ({ P, dx }) => build([...P.shape], (t, k) => dx.get(0, t, k)),
    },
    { ...valueForGradient("x"), answer: ({ x }) => x.sum(0) },
    { ...timesItself("P"), answer: ({ P, dx }) => dx.sum(0).mul(P) },
  ],

  alsoRight: [
    {
      code: `const [sequences, time, embd] = dx.shape as [number, number, number];
return ones(1, sequences).matmul(dx.view(sequences, time * embd)).view(time, embd);`,
      why: "A sum over the sequences as a product with a row of ones.",
    },
  ],

  forms: [
    ({ dx }) => dx.sum(0),
    ({ dx }) => dx.mean(0).mul(dx.size(0)),
    ({ P, dx }) => build([...P.shape], (t, k) => sum(dx.size(0), (b) => dx.get(b, t, k))),
    ({ P, dx }) => build([...P.shape], (t, k) => sumBackwards(dx.size(0), (b) => dx.get(b, t, k))),
    ({ P, dx }) =>
      ones(1, dx.size(0))
        .matmul(dx.view(dx.size(0), -1))
        .view(P.shape),
    ({ P, dx }) => {
      const d = zerosLike(P);
      for (let b = 0; b < dx.size(0); b++)
        for (let t = 0; t < P.size(0); t++)
          for (let k = 0; k < P.size(1); k++) d.set(t, k, d.get(t, k) + dx.get(b, t, k));
      return d;
    },
  ],
});
