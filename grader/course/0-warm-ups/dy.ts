import { zerosLike } from "#tensor";
import { line } from "../../model/lines.ts";
import { build, each } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { small, table } from "../tables.ts";

/** One number of the product u = x * y, to try a slope on. */
const TRY = "Take x = 3 and y = 2, so that u is 6, and let y grow by 0.1.";

export const dy = writtenRoom({
  id: "dy",
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

  hints: {
    ask:
      "All shapes are the same. Try one number: with x = 3 and y = 2, u is 6. Let y grow to 2.1: how many times as far " +
      "as y does u move?",
    rule:
      "The slope of a product by one factor is the other factor: with 4 beside it, a factor that moves by 0.1 moves the " +
      "product by 0.4. The answer is the slope times what comes from above, place by place.",
    show: ["x", "y"],
    worked: "dy[1, 0] = x[1, 0] * du[1, 0] = {x 1 0} * {du 1 0}",
    piece:
      "A product of two of the tensors you are given, place by place; mul makes it. One of them comes from above. The " +
      "other is the factor that stands beside y in the forward line.",
  },
  looks: { sign: looks.signOfProduct("y") },

  mistakes: [
    {
      id: "own-factor",
      idea: "the tensor's own value is taken for the slope",
      sentence: "what comes from above is multiplied by y itself; when y moves by one, u moves by the factor beside it",
      look: `${TRY} Does u grow by 2 times that, or by 3 times? Which of the factors is this number?`,
      answer: ({ y, du }) => y.mul(du),
    },
    {
      id: "upstream-forgotten",
      idea: "the slope alone is given",
      sentence: "this is x, the slope alone: what comes from above is not in it",
      look: looks.upstreamForgotten,
      answer: ({ x }) => x.clone(),
    },
    {
      id: "passed-through",
      idea: "the product is taken for a sum",
      sentence: "what comes from above comes out as it went in, as a sum would have it; a product has a slope",
      look: `${TRY} Does u grow by 0.1 as well?`,
      answer: ({ du }) => du.clone(),
    },
    {
      id: "both-factors",
      idea: "both factors are kept",
      sentence: "both factors are in it: differentiating a product by one factor takes that factor away",
      look: `${TRY} Does u grow by 6 times that? Which of the numbers 2, 3 and 6 is the slope?`,
      answer: ({ u, du }) => u.mul(du),
    },
    {
      id: "divided",
      idea: "the factor is divided by, as if the product were to be undone",
      sentence: "what comes from above is divided by x: that undoes the product, and is not its slope",
      look: `${TRY} Does u grow by 0.1 times 3, or by 0.1 divided by 3?`,
      answer: ({ x, du }) => du.div(x),
    },
    {
      id: "sum-of-factors",
      idea: "both derivatives of the product are added up",
      sentence:
        "both factors are added up: that is how u moves when x and y move by the same, and y alone is asked about",
      look: `${TRY} By how many times that does u grow, while x stays 3?`,
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
