import { zerosLike } from "#tensor";
import { line } from "../makemore/lines.ts";
import { build, each } from "../elements.ts";
import { looks } from "../looks.ts";
import { writtenRoom } from "../rooms.ts";
import { small, table } from "../tables.ts";

export const dx = writtenRoom({
  id: "dx",
  title: "a variable used twice",
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

  idea: "Used twice, two gradients, added.",

  hints: {
    ask:
      "Two lines have x on the right-hand side, and each has an upstream gradient: du and dv. All shapes are the " +
      "same. What is the slope of each line with respect to x?",
    rule:
      "Used twice: two gradients, added. Take one line at a time, as if the other did not exist: its slope times the " +
      "gradient of its output. A change in x changes u and v at once, so the loss changes by the sum of the two " +
      "effects. The two slopes are those of da and dy.",
    show: ["x"],
    worked: "dx[1, 0] = y[1, 0] * du[1, 0] + 1 * dv[1, 0] = {y 1 0} * {du 1 0} + 1 * {dv 1 0}",
    piece:
      "The answer is a sum of two terms; add puts them together. Through u: the factor that x is multiplied by, " +
      "times the gradient of u. Through v: the gradient of v, unchanged.",
  },
  looks: { sign: looks.signOfProduct("x") },

  mistakes: [
    {
      id: "product-only",
      idea: "the line of v is overlooked, or its gradient is overwritten",
      sentence: "only the branch through u is there: x is also used in v",
      namesBranch: true,
      look:
        "Read the second line in the comment. What is the slope of v with respect to x, and what is the gradient of " +
        "v? This branch is added to what you have.",
      answer: ({ y, du }) => y.mul(du),
    },
    {
      id: "sum-only",
      idea: "the line of u is overlooked, or its gradient is overwritten",
      sentence: "only the branch through v is there: x is also used in u",
      namesBranch: true,
      look:
        "Read the first line in the comment. What is x multiplied by, and what is the gradient of u? This branch is " +
        "added to what you have.",
      answer: ({ dv }) => dv.clone(),
    },
    {
      id: "factor-forgotten",
      idea: "the slope of the product is left out",
      sentence: "both branches are added up, but the branch through u lacks its slope",
      namesBranch: true,
      look:
        "The branch through v is there. In the branch through u something is missing: what is x multiplied by in u = " +
        "x * y?",
      answer: ({ du, dv }) => du.add(dv),
    },
    {
      id: "own-factor",
      idea: "x itself is used as the slope of the product",
      sentence:
        "in the branch through u, x itself is used as the slope; the local gradient of a factor is the other factor",
      namesBranch: true,
      look: "The local gradient of a factor is the other factor, as in dy. What is x multiplied by?",
      answer: ({ x, du, dv }) => x.mul(du).add(dv),
    },
    {
      id: "multiplied",
      idea: "the two branches are multiplied",
      sentence: "the two branches are multiplied: gradients of a tensor that is used twice add up",
      look:
        "A change in x changes the loss by some amount through u, and by another through v. What is the change in " +
        "total?",
      answer: ({ y, du, dv }) => y.mul(du).mul(dv),
    },
    {
      id: "averaged",
      idea: "the two branches are averaged",
      sentence: "the two branches are averaged: each has its full effect on the loss, so they add up",
      look: "Let one entry of x grow a little. If u alone makes the loss rise by 0.2, and v alone by 0.3, does it rise by 0.5 in total, or by 0.25?",
      answer: ({ y, du, dv }) => y.mul(du).add(dv).div(2),
    },
    {
      id: "difference",
      idea: "one branch is subtracted",
      sentence: "the branch through v is subtracted, but v rises with x",
      namesBranch: true,
      look: looks.difference("x"),
      answer: ({ y, du, dv }) => y.mul(du).sub(dv),
    },
  ],

  alsoRight: [
    {
      code: "return dv.add(du.mul(y));",
      why: "The branches in the other order. Addition commutes exactly, also in float32, so the bits are the same.",
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
