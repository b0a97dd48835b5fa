import { onesLike, zerosLike } from "#tensor";
import { line } from "../../model/lines.ts";
import { build, each, eye } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { small, table } from "../tables.ts";

export const db = writtenRoom({
  id: "db",
  tensor: "b",
  asks: "gradient",
  given: ["a", "b", "c", "dc"],
  inputs: { a: table, b: table },
  runs: [[line("c", ["a", "b"], "a - b", table, ({ a, b }) => a.sub(b))]],
  example: {
    a: small.a,
    b: small.b,
    dc: [
      [1, -2, 0.5],
      [3, 4, -1],
    ],
  },

  hints: {
    ask:
      "All shapes are the same, so each number of c has one number of b behind it. If that number of b grows by 0.1, " +
      "which way does the number of c go, and how far?",
    rule:
      "In a difference the slope by what is subtracted is -1: it moves the output as far as in a sum, in the other " +
      "direction. The answer is the slope times what comes from above, place by place.",
    show: ["a", "b"],
    worked: "db[1, 1] = (-1) * dc[1, 1] = (-1) * {dc 1 1}",
    piece:
      "The answer is what comes from above with the sign of every number turned. neg does that for a whole tensor; " +
      "JavaScript's own minus works on numbers only. The values of a and b have no part in it.",
  },

  mistakes: [
    {
      id: "sign-forgotten",
      idea: "the difference is taken for a sum",
      sentence: "what comes from above is passed on as it is, but c falls where b rises",
      look: "Let one number of b grow by 0.1. Does c rise or fall?",
      answer: ({ dc }) => dc.clone(),
    },
    {
      id: "upstream-forgotten",
      idea: "the slope alone is given",
      sentence: "every value is minus one, the slope alone: what comes from above is not in it",
      look: looks.upstreamForgotten,
      answer: ({ b }) => onesLike(b).neg(),
    },
    {
      id: "as-product",
      idea: "the difference is taken for a product",
      sentence: "what comes from above is multiplied by a and turned round, as if a stood beside b as a factor",
      look: "Let one number of b grow by 0.1. Does it depend on a how far c falls?",
      answer: ({ a, dc }) => a.mul(dc).neg(),
    },
    {
      id: "times-own",
      idea: "the gradient is multiplied by the tensor itself",
      sentence:
        "what comes from above is multiplied by b and turned round: the slope of a difference is the same wherever b is",
      look: "Let a number of b grow by 0.1: once where it is 0, once where it is 2. How far does c fall each time?",
      answer: ({ b, dc }) => b.mul(dc).neg(),
    },
    {
      id: "zeros",
      idea: "nothing was written into the zeros",
      sentence: "every value is zero, as if b moved nothing",
      look:
        "Wherever dc is not zero, a step of b moves c and so the loss. If you filled the zeros in: set changes a tensor, " +
        "while operations such as sub return a new one.",
      answer: ({ b }) => zerosLike(b),
    },
  ],

  forms: [
    ({ dc }) => dc.neg(),
    ({ dc }) => dc.mul(-1),
    ({ b, dc }) => zerosLike(b).sub(dc),
    ({ dc }) => build([...dc.shape], (i, j) => -dc.get(i, j)),
    ({ b, dc }) => each(zerosLike(b), (i, j, d) => d.set(i, j, d.get(i, j) - dc.get(i, j))),
    ({ dc }) => eye(dc.size(0)).neg().matmul(dc),
    ({ dc }) => dc.sub(dc.mul(2)),
  ],
});
