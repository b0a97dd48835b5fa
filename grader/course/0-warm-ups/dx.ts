import { zerosLike } from "#tensor";
import { line } from "../../model/lines.ts";
import { build, each } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { small, table } from "../tables.ts";

export const dx = writtenRoom({
  id: "dx",
  tensor: "x",
  asks: "gradient",
  given: ["x", "y", "u", "v", "du", "dv"],
  inputs: { x: table, y: table },
  runs: [
    [line("u", ["x", "y"], "x * y", table, ({ x, y }) => x.mul(y))],
    [line("v", ["x", "y"], "x + y", table, ({ x, y }) => x.add(y))],
  ],
  example: {
    x: small.x,
    y: small.y,
    du: [
      [1, -2, 0.5],
      [3, 1, -1],
    ],
    dv: [
      [2, 1, 1],
      [-4, 2, 3],
    ],
  },

  hints: {
    ask:
      "Two lines have x on the right, and a gradient comes from above for each: du and dv. All shapes are the same. Which " +
      "slope does each line have by x?",
    rule:
      "Used twice: two gradients, added. Take one line at a time, as if the other were not there: its slope times what " +
      "comes back to its output. A step of x moves u and v at once, so the loss feels the sum of both. The two slopes " +
      "are those of steps 0.1 and 0.3.",
    show: ["x"],
    worked: "dx[1, 0] = y[1, 0] * du[1, 0] + 1 * dv[1, 0] = {y 1 0} * {du 1 0} + 1 * {dv 1 0}",
    piece:
      "The answer is a sum of two terms; add puts them together. Through u: the factor that stands beside x, times what " +
      "comes back to u. Through v: what comes back to v, unchanged.",
  },
  looks: { sign: looks.signOfProduct("x") },

  mistakes: [
    {
      id: "product-only",
      idea: "the second use of x is overlooked, or overwrites",
      sentence: "only what comes back through u is there: x goes into v as well",
      look:
        "Read the second line in the comment. Which slope does v have by x, and what comes back to v? It is added to what " +
        "you have.",
      answer: ({ y, du }) => y.mul(du),
    },
    {
      id: "sum-only",
      idea: "the first use of x is overlooked, or is overwritten",
      sentence: "only what comes back through v is there: x goes into u as well",
      look: "Read the first line in the comment. What stands beside x, and what comes back to u? It is added to what you have.",
      answer: ({ dv }) => dv.clone(),
    },
    {
      id: "factor-forgotten",
      idea: "the slope of the product is left out",
      sentence: "both ways are added up, but the one through u lacks its slope",
      look: "What comes back through v is there. On the way through u something is missing: what stands beside x in u = x * y?",
      answer: ({ du, dv }) => du.add(dv),
    },
    {
      id: "own-factor",
      idea: "x is taken for the slope of the product by x",
      sentence: "on the way through u, x itself stands for the slope; the slope by one factor is the other",
      look: "The slope of a product by one factor is the other one, as in step 0.3. What stands beside x?",
      answer: ({ x, du, dv }) => x.mul(du).add(dv),
    },
    {
      id: "multiplied",
      idea: "the two ways are multiplied",
      sentence: "the two ways are multiplied, where gradients that meet are to be added up",
      look: "A step of x moves the loss by some amount through u, and by another through v. What do both amount to, together?",
      answer: ({ y, du, dv }) => y.mul(du).mul(dv),
    },
    {
      id: "averaged",
      idea: "the two ways are averaged",
      sentence: "the two ways are averaged: each is a whole effect of its own, and they add up",
      look: "A step of x moves u in full, and v in full. Nothing is shared out between the two.",
      answer: ({ y, du, dv }) => y.mul(du).add(dv).div(2),
    },
    {
      id: "difference",
      idea: "one way is subtracted",
      sentence: "what comes back through v is subtracted, and v rises with x",
      look: looks.difference("x"),
      answer: ({ y, du, dv }) => y.mul(du).sub(dv),
    },
  ],

  forms: [
    ({ y, du, dv }) => y.mul(du).add(dv),
    ({ y, du, dv }) => dv.add(du.mul(y)),
    ({ x, u, du, dv }) => u.div(x).mul(du).add(dv),
    ({ y, du, dv }) => build([...du.shape], (i, j) => y.get(i, j) * du.get(i, j) + dv.get(i, j)),
    ({ y, du, dv }) => y.neg().mul(du).sub(dv).neg(),
    ({ x, y, du, dv }) => {
      const d = each(zerosLike(x), (i, j, d) => d.set(i, j, y.get(i, j) * du.get(i, j)));
      return each(d, (i, j) => d.set(i, j, d.get(i, j) + dv.get(i, j)));
    },
    ({ y, du, dv }) => y.add(dv.div(du)).mul(du),
    ({ y, du, dv }) => dv.div(y).add(du).mul(y),
  ],
});
