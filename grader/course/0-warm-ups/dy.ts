import { zerosLike } from "#tensor";
import { line } from "../makemore/lines.ts";
import { build, each } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { small, table } from "../tables.ts";

/** One entry of the product u = x * y, for trying out a slope. */
const TRY = "Take x = 3 and y = 2, so that u is 6, and let y grow by 0.1.";

export const dy = writtenRoom({
  id: "dy",
  title: "a product",
  tensor: "y",
  asks: "gradient",
  given: ["x", "y", "u", "du"],
  inputs: { x: table, y: table },
  runs: [[line("u", ["x", "y"], "x * y", table, ({ x, y }) => x.mul(y))]],
  example: {
    x: small.x,
    y: small.y,
    du: [
      [1, -2, 0.5],
      [3, 1, -1],
    ],
  },

  idea: "The local gradient of each factor is the other factor.",

  hints: {
    ask:
      "All shapes are the same. Try one number: with x = 3 and y = 2, u is 6. Let y grow to 2.1: how many times as " +
      "much as y does u change?",
    rule:
      "The local gradient of a factor is the other factor: a factor that is multiplied by 4 and changes by 0.1 " +
      "changes the product by 0.4. The answer is the local gradient times the upstream gradient, elementwise.",
    show: ["x", "y"],
    worked: "dy[1, 0] = x[1, 0] * du[1, 0] = {x 1 0} * {du 1 0}",
    piece:
      "An elementwise product of two of the tensors you are given; mul computes it. One of them is the upstream " +
      "gradient. The other is the factor that y is multiplied by in the forward line.",
  },
  looks: { sign: looks.signOfProduct("y") },

  mistakes: [
    {
      id: "own-factor",
      idea: "the tensor's own value is used as the slope",
      sentence: "the upstream gradient is multiplied by y itself: when y changes by one, u changes by the other factor",
      look: `${TRY} Does u grow by 2 times that amount, or by 3 times? Which of the factors is this number?`,
      answer: ({ y, du }) => y.mul(du),
    },
    {
      id: "upstream-forgotten",
      idea: "only the local gradient is returned",
      sentence: "this is x, the local gradient alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ x }) => x.clone(),
    },
    {
      id: "passed-through",
      idea: "the product is mistaken for a sum",
      sentence: "the upstream gradient is returned unchanged, as for a sum: a product has a slope of its own",
      look: `${TRY} Does u grow by 0.1 as well?`,
      answer: ({ du }) => du.clone(),
    },
    {
      id: "both-factors",
      idea: "both factors are kept",
      sentence:
        "both factors are in the answer: the local gradient with respect to one factor is the other factor alone",
      look: `${TRY} Does u grow by 6 times that amount? Which of the numbers 2, 3 and 6 is the slope?`,
      answer: ({ u, du }) => u.mul(du),
    },
    {
      id: "divided",
      idea: "the gradient is divided by the factor, as if to undo the product",
      sentence: "the upstream gradient is divided by x: that undoes the product, but it is not its slope",
      look: `${TRY} Does u grow by 0.1 times 3, or by 0.1 divided by 3?`,
      answer: ({ x, du }) => du.div(x),
    },
    {
      id: "sum-of-factors",
      idea: "both local gradients of the product are added up",
      sentence:
        "both factors are added up: that is how u changes when x and y change by the same amount, but only y is asked about",
      look: `${TRY} By how many times that amount does u grow while x stays 3?`,
      answer: ({ x, y, du }) => x.add(y).mul(du),
    },
  ],

  forms: [
    ({ x, du }) => x.mul(du),
    ({ y, u, du }) => u.div(y).mul(du),
    ({ x, du }) => du.div(x.pow(-1)),
    ({ x, du }) => build([...du.shape], (i, j) => x.get(i, j) * du.get(i, j)),
    ({ x, y, du }) => each(zerosLike(y), (i, j, d) => d.set(i, j, x.get(i, j) * du.get(i, j))),
    ({ x, du }) => x.add(x).mul(du).div(2),
    ({ x, du }) => du.add(du).mul(x.div(2)),
  ],
});
