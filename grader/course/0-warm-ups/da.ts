import { onesLike, zerosLike } from "#tensor";
import { line } from "../makemore/lines.ts";
import { build, each, eye } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { small, table } from "../tables.ts";

export const da = writtenRoom({
  id: "da",
  title: "a sum",
  tensor: "a",
  asks: "gradient",
  given: ["a", "b", "c", "dc"],
  inputs: { a: table, b: table },
  runs: [[line("c", ["a", "b"], "a + b", table, ({ a, b }) => a.add(b))]],
  example: {
    a: small.a,
    b: small.b,
    dc: [
      [1, -2, 0.5],
      [3, 0, -1],
    ],
  },

  idea: "A sum passes the upstream gradient on unchanged.",

  hints: {
    ask:
      "dc says how much the loss changes for a small change in each entry of c; da should say the same for a. Each " +
      "entry of c depends on one entry of a, in the same position. If that entry grows by 0.1, by how much does the " +
      "entry of c grow?",
    rule:
      "The local gradient of a line says how much its output changes for a small change in an input. In a sum it is " +
      "1 for each term: c changes by as much as a does. The answer is the local gradient times the upstream " +
      "gradient, elementwise. The numbers below are the lesson's; a position is written [row, column], and counting " +
      "starts at 0.",
    show: ["a", "b"],
    worked: "da[1, 0] = 1 * dc[1, 0] = 1 * {dc 1 0}",
    piece:
      "The answer is the upstream gradient, unchanged: the numbers of dc. The values of a and b play no part in it. " +
      "The function may return the tensor that it was given, or a copy; clone makes one.",
  },

  mistakes: [
    {
      id: "upstream-forgotten",
      idea: "only the local gradient is returned",
      sentence: "every value is one, the local gradient of a sum: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ a }) => onesLike(a),
    },
    {
      id: "as-product",
      idea: "the sum is mistaken for a product",
      sentence:
        "the upstream gradient is multiplied by b, as for a product: look at how much c changes when a changes by one",
      look: "Let one entry of a grow by 0.1. Does the change in c depend on b?",
      answer: ({ b, dc }) => b.mul(dc),
    },
    {
      id: "times-own",
      idea: "the gradient is multiplied by the tensor itself",
      sentence: "the upstream gradient is multiplied by a: the slope of a sum is the same whatever the value of a",
      look: "Let one entry of a grow by 0.1: once from 1, once from 6. How much does c change each time?",
      answer: ({ a, dc }) => a.mul(dc),
    },
    {
      id: "shared",
      idea: "the upstream gradient is divided between the two terms",
      sentence:
        "every value is half of what it should be: a sum does not divide the gradient, each term gets all of it",
      look: "Let one entry of a grow by 0.1 and leave b unchanged. How much does c change?",
      answer: ({ dc }) => dc.div(2),
    },
    {
      id: "sign",
      idea: "the minus of a difference is used",
      sentence: "the sign is flipped: c rises with a",
      look: "Let one entry of a grow by 0.1. Does c rise or fall?",
      answer: ({ dc }) => dc.neg(),
    },
    {
      id: "forward",
      idea: "the line itself is computed instead of its gradient",
      sentence: "this is c, the output of the line: the answer should be the gradient of a",
      look:
        "The question is how the loss changes with a. Begin with how it changes with c, which is given: it is called " +
        "dc.",
      answer: ({ a, b }) => a.add(b),
    },
  ],

  alsoRight: [
    {
      code: "return dc;",
      why: "The upstream gradient itself, not a copy. That is fine here, because nobody changes it. Return a copy if the caller may add to the result.",
    },
  ],

  forms: [
    ({ dc }) => dc.clone(),
    ({ a, dc }) => onesLike(a).mul(dc),
    ({ c, b, dc }) => c.sub(b).mul(0).add(dc),
    ({ dc }) => build([...dc.shape], (i, j) => dc.get(i, j)),
    ({ a, dc }) => each(zerosLike(a), (i, j, d) => d.set(i, j, d.get(i, j) + dc.get(i, j))),
    ({ dc }) => eye(dc.size(0)).matmul(dc),
  ],
});
