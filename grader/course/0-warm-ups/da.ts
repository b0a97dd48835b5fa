import { onesLike, zerosLike } from "#tensor";
import { line } from "../../model/lines.ts";
import { build, each, eye } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { small, table } from "../tables.ts";

export const da = writtenRoom({
  id: "da",
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

  hints: {
    ask:
      "dc says how far the loss moves for a small step of each number of c; da is to say the same of a. Each number of c " +
      "has one number of a behind it, in the same place. If that one grows by 0.1, how much does the number of c grow?",
    rule:
      "The slope of a line says how far its output moves for each step of an input. A sum has slope 1 by each of its " +
      "terms: c moves as far as a does. The answer is the slope times what comes from above, place by place. The numbers " +
      "below are the lesson's; a place is [row, column], counted from 0.",
    show: ["a", "b"],
    worked: "da[1, 0] = 1 * dc[1, 0] = 1 * {dc 1 0}",
    piece:
      "The answer is what comes from above, unchanged: the numbers of dc. The values of a and b have no part in it. The " +
      "function may return the tensor that it was given, or a copy; clone makes one.",
  },

  mistakes: [
    {
      id: "upstream-forgotten",
      idea: "the slope alone is given",
      sentence: "every value is one, the slope of a sum alone: what comes from above is not in it",
      look: looks.upstreamForgotten,
      answer: ({ a }) => onesLike(a),
    },
    {
      id: "as-product",
      idea: "the sum is taken for a product",
      sentence:
        "what comes from above is multiplied by b, as a product would have it: look at how much c moves when a moves by one",
      look: "Let one number of a grow by 0.1. Does it depend on b how far c moves?",
      answer: ({ b, dc }) => b.mul(dc),
    },
    {
      id: "times-own",
      idea: "the gradient is multiplied by the tensor itself",
      sentence: "what comes from above is multiplied by a: the slope of a sum is the same wherever a is",
      look: "Let a number of a grow by 0.1: once where it is 1, once where it is 6. How far does c move each time?",
      answer: ({ a, dc }) => a.mul(dc),
    },
    {
      id: "shared",
      idea: "what comes from above is shared out between the two terms",
      sentence: "each value is half of what it is to be: a sum shares nothing out, each term gets all of it",
      look: "Let one number of a grow by 0.1 and leave b as it is. How far does c move?",
      answer: ({ dc }) => dc.div(2),
    },
    {
      id: "sign",
      idea: "the sign of a difference is put in",
      sentence: "the sign is flipped: c rises with a",
      look: "Let one number of a grow by 0.1. Does c rise or fall?",
      answer: ({ dc }) => dc.neg(),
    },
    {
      id: "forward",
      idea: "the line itself is computed, not its gradient",
      sentence: "this is c, the output of the line; its gradient is asked for",
      look: "You are asked how the loss moves with a. Begin with how it moves with c, which is given: it is called dc.",
      answer: ({ a, b }) => a.add(b),
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
