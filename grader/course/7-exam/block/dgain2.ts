import { keepdim } from "#tensor";
import { build, flat } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { sign, valueForGradient } from "../mistakes.ts";
import { block } from "./network.ts";

export const dgain2 = gradientRoom(block, {
  id: "block-dgain2",
  tensor: "gain2",
  title: "a gain that all positions share",
  idea: "One number scales an entry at every position of every sequence, and collects from all of them.",
  hints: {
    piece: "A product with the other factor of the line, and then a sum over every dimension that gain2 lacks.",
  },

  mistakes: [
    {
      id: "not-summed",
      idea: "the product without the sum",
      sentence: "the answer still has a row for each position: the gain is shared, so their gradients add up",
      look: looks.notSummed("gain2"),
      answer: ({ raw2, dnorm2 }) => raw2.mul(dnorm2),
    },
    {
      id: "positions-alone",
      idea: "the sum is over one dimension",
      sentence: "the answer still has a row for each sequence: the sequences share the gain as the positions do",
      look: "Which dimensions does your answer have that gain2 lacks?",
      answer: ({ raw2, dnorm2 }) => raw2.mul(dnorm2).sum(1),
    },
    {
      id: "mean",
      idea: "the copies are averaged",
      sentence: "the gradients are averaged: every position affects the loss, so they add up",
      look: looks.mean,
      answer: ({ raw2, dnorm2 }) => raw2.mul(dnorm2).mean([0, 1]),
    },
    {
      id: "raw2-missing",
      idea: "the gain is taken for a bias",
      sentence: "raw2 is missing: the gain is a factor, and the local gradient of a factor is the other one",
      look: looks.ownFactor("gain2"),
      answer: ({ dnorm2 }) => dnorm2.sum([0, 1]),
    },
    {
      id: "summed-apart",
      idea: "the two tensors are summed before they are multiplied",
      sentence: "raw2 and the upstream gradient are summed first and then multiplied: it is the other way round",
      look: looks.summedApart,
      answer: ({ raw2, dnorm2 }) => raw2.sum([0, 1]).mul(dnorm2.sum([0, 1])),
    },
    {
      id: "norm2-for-raw2",
      idea: "the output is used as the other factor",
      sentence: "the product contains norm2, which has the gain in it already: the other factor is raw2",
      look: looks.ownFactor("gain2"),
      answer: ({ norm2, dnorm2 }) => norm2.mul(dnorm2).sum([0, 1]),
    },
    { ...valueForGradient("norm2"), answer: ({ raw2, norm2 }) => raw2.mul(norm2).sum([0, 1]) },
    {
      id: "keepdim",
      idea: "the summed dimensions are kept",
      sentence: "the summed dimensions are kept with length 1: gain2 has one dimension",
      look: "Which shape does gain2 have? A sum drops its dimensions, unless keepdim is passed.",
      answer: ({ raw2, dnorm2 }) => raw2.mul(dnorm2).sum([0, 1], keepdim),
    },
    { ...sign("gain2"), answer: ({ raw2, dnorm2 }) => raw2.mul(dnorm2).sum([0, 1]).neg() },
  ],

  alsoRight: [
    {
      code: `const embd = gain2.size(0);
return raw2.view(-1, embd).mul(dnorm2.view(-1, embd)).sum(0);`,
      why: "All positions as the rows of one matrix, and one sum.",
    },
  ],

  forms: [
    ({ raw2, dnorm2 }) => raw2.mul(dnorm2).sum([0, 1]),
    ({ raw2, dnorm2 }) => flat(raw2).mul(flat(dnorm2)).sum(0),
    ({ raw2, dnorm2 }) => raw2.mul(dnorm2).sum(0).sum(0),
    ({ raw2, dnorm2 }) => dnorm2.mul(raw2).sum(1).sum(0),
    ({ gain2, raw2, dnorm2 }) =>
      build([...gain2.shape], (k) => {
        let total = 0;
        for (let b = 0; b < raw2.size(0); b++)
          for (let t = 0; t < raw2.size(1); t++) total += raw2.get(b, t, k) * dnorm2.get(b, t, k);
        return total;
      }),
  ],
});
