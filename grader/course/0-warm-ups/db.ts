import { onesLike, zerosLike } from "#tensor";
import { line } from "../makemore/lines.ts";
import { build, each, eye } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { small, table } from "../tables.ts";

export const db = writtenRoom({
  id: "db",
  title: "a difference",
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

  idea: "Subtraction flips the sign of the gradient.",

  hints: {
    ask:
      "All shapes are the same, so each entry of c depends on one entry of b. If that entry of b grows by 0.1, in " +
      "which direction does the entry of c change, and by how much?",
    rule:
      "In a difference, the local gradient with respect to the tensor that is subtracted is -1: the output changes " +
      "by as much as in a sum, in the opposite direction. The answer is the local gradient times the upstream " +
      "gradient, elementwise.",
    show: ["a", "b"],
    worked: "db[1, 1] = (-1) * dc[1, 1] = (-1) * {dc 1 1}",
    piece:
      "The answer is the upstream gradient with the sign of every entry flipped. neg does that for a whole tensor; " +
      "JavaScript's own minus works on numbers only. The values of a and b play no part in it.",
  },

  mistakes: [
    {
      id: "sign-forgotten",
      idea: "the difference is mistaken for a sum",
      sentence: "the upstream gradient is returned unchanged, but c falls when b rises",
      look: "Let one entry of b grow by 0.1. Does c rise or fall?",
      answer: ({ dc }) => dc.clone(),
    },
    {
      id: "upstream-forgotten",
      idea: "only the local gradient is returned",
      sentence: "every value is minus one, the local gradient alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ b }) => onesLike(b).neg(),
    },
    {
      id: "as-product",
      idea: "the difference is mistaken for a product",
      sentence:
        "the upstream gradient is multiplied by a and negated, as if a and b were multiplied in the forward line",
      look: "Let one entry of b grow by 0.1. Does the change in c depend on a?",
      answer: ({ a, dc }) => a.mul(dc).neg(),
    },
    {
      id: "times-own",
      idea: "the gradient is multiplied by the tensor itself",
      sentence:
        "the upstream gradient is multiplied by b and negated: the slope of a difference is the same whatever the value of b",
      look: "Let one entry of b grow by 0.1: once from 0, once from 2. How much does c fall each time?",
      answer: ({ b, dc }) => b.mul(dc).neg(),
    },
    {
      id: "zeros",
      idea: "nothing was written into the zeros",
      sentence: "every value is zero, as if b had no effect on c",
      look:
        "Wherever dc is not zero, a change in b changes c and so the loss. If your code fills in a tensor of zeros: " +
        "set changes a tensor, while operations such as sub return a new one.",
      answer: ({ b }) => zerosLike(b),
    },
  ],

  alsoRight: [
    {
      code: "return zerosLike(dc).sub(dc);",
      why: "Zero minus the upstream gradient, as the minus sign in the forward line says.",
    },
    {
      code: "return dc.mul(-1);",
      why: "The local gradient, -1, times the upstream gradient: the chain rule as it is written.",
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
