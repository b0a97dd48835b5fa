import { ones, onesLike, zerosLike } from "#tensor";
import { build, each, spread, throughColumns } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dbndiff2 = gradientRoom(makemore, {
  tensor: "bndiff2",
  lecture: [4139],

  idea: "The backward pass of a sum is a copy, and a factor in front of the sum multiplies every copy.",

  hints: {
    ask:
      "The upstream gradient has one row, the answer has n. What does a sum down a column pass back to each of its " +
      "terms?",
    rule:
      "Every term of a sum has slope 1, so each receives a copy of the gradient of the sum. The forward line scales " +
      "the sum, so the copies are scaled by the same factor.",
    numbers: {
      bndiff2: [
        [1, 9],
        [4, 0],
        [1, 9],
      ],
      dbnvar: [[6, -2]],
    },
    show: ["bndiff2"],
    worked: "dbndiff2[2, 0] = 1 / (3 - 1) * {dbnvar 0 0}",
    piece:
      "Every row of the answer is the same: the upstream gradient times the factor in front of the sum. A tensor of " +
      "ones in the shape of bndiff2 broadcasts one row to n of them. n is the number of rows of bndiff2; look at " +
      "what the forward line divides by.",
  },

  mistakes: [
    {
      id: "biased",
      idea: "the biased variance is differentiated",
      sentence: "the sum is divided by n: the forward line divides by n - 1",
      look: "Read the forward line: what is the sum divided by? bnmeani divides its sum by a different count.",
      answer: ({ bndiff2, dbnvar }) => spread(dbnvar, bndiff2).div(bndiff2.size(0)),
    },
    {
      id: "not-spread",
      idea: "the backward pass of the sum is left out",
      sentence: "the answer has one row: bnvar is a sum over the batch, and each term receives a copy of its gradient",
      look:
        "The answer has n rows. Broadcasting copies a single row when it is combined with a tensor that has n of " +
        "them.",
      answer: ({ bndiff2, dbnvar }) => dbnvar.div(bndiff2.size(0) - 1),
    },
    {
      id: "factor-forgotten",
      idea: "the factor in front of the sum is left out",
      sentence: "the factor of the forward line is missing: it scales the sum",
      look: "In a batch of 5, let one entry of bndiff2 grow by 1. Does bnvar grow by 1 as well?",
      answer: ({ bndiff2, dbnvar }) => spread(dbnvar, bndiff2),
    },
    {
      id: "multiplied",
      idea: "the factor is inverted",
      sentence: "the copies are multiplied by n - 1: the forward line divides by it",
      look: "In a batch of 5, let one entry of bndiff2 grow by 1. Does bnvar grow by 4, or by 1/4?",
      answer: ({ bndiff2, dbnvar }) => spread(dbnvar, bndiff2).mul(bndiff2.size(0) - 1),
    },
    {
      id: "times-bndiff2",
      idea: "the value is used as the slope",
      sentence: "the copies are multiplied by bndiff2: every term of a sum has slope one",
      look:
        "In a batch of 5, let one entry of bndiff2 grow by 1: once from 1, once from 9. How much does bnvar grow " +
        "each time?",
      answer: ({ bndiff2, dbnvar }) => bndiff2.mul(dbnvar).div(bndiff2.size(0) - 1),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: looks.sign("bndiff2"),
      answer: ({ bndiff2, dbnvar }) => spread(dbnvar, bndiff2).div(1 - bndiff2.size(0)),
    },
    {
      id: "square-early",
      idea: "the square is differentiated in this step",
      sentence: "there is an extra factor of 2: the square belongs to the next step",
      look:
        "In a batch of 5, let one entry of bndiff2 grow by 1. Does bnvar grow by 1/4, or by 2/4? The entry is a " +
        "square already; how it was computed is for the next step.",
      answer: ({ bndiff2, dbnvar }) => spread(dbnvar, bndiff2).mul(2 / (bndiff2.size(0) - 1)),
    },
    {
      id: "divided-by-hidden",
      idea: "the number of neurons is used instead of the number of examples",
      sentence: "the copies are divided by the number of neurons: the sum runs over the examples",
      look:
        "The sum runs down a column. How many entries does a column of bndiff2 have: as many as there are examples, " +
        "or neurons?",
      answer: ({ bndiff2, dbnvar }) => spread(dbnvar, bndiff2).div(bndiff2.size(1)),
    },
  ],

  alsoRight: [
    {
      code: "return dbnvar.div(bndiff2.size(0) - 1).expand(bndiff2.shape);",
      why: "The small row is divided before it is copied: hidden divisions instead of n * hidden.",
    },
  ],

  forms: [
    ({ bndiff2, dbnvar }) =>
      onesLike(bndiff2)
        .mul(1 / (bndiff2.size(0) - 1))
        .mul(dbnvar),
    ({ bndiff2, dbnvar }) => dbnvar.div(bndiff2.size(0) - 1).expand(...bndiff2.shape),
    ({ bndiff2, dbnvar }) =>
      ones(bndiff2.size(0), 1)
        .matmul(dbnvar)
        .div(bndiff2.size(0) - 1),
    ({ bndiff2, dbnvar }) => zerosLike(bndiff2).add(dbnvar.mul(1 / (bndiff2.size(0) - 1))),
    ({ bndiff2, dbnvar }) => build([...bndiff2.shape], (_, j) => dbnvar.get(0, j) / (bndiff2.size(0) - 1)),
    ({ bndiff2, dbnvar }) =>
      each(zerosLike(bndiff2), (i, j, d) => d.set(i, j, (1 / (bndiff2.size(0) - 1)) * dbnvar.get(0, j))),
    ({ bndiff2, dbnvar }) => throughColumns(dbnvar, bndiff2.size(0), () => 1 / (bndiff2.size(0) - 1)),
    ({ bndiff2, dbnvar }) =>
      ones(...bndiff2.shape)
        .mul(dbnvar)
        .div(bndiff2.size(0) - 1),
  ],
});
