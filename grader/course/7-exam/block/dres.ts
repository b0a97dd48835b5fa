import type { Answer } from "../../../kit/mistake.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { normMistakes, waysThroughNorm } from "./norm-mistakes.ts";
import { block } from "./network.ts";

export const dres = gradientRoom(block, {
  id: "block-dres",
  tensor: "res",
  title: "a residual connection around the layer",
  idea: "A residual stream collects at each branch: what is read from it comes back to it.",
  hints: {
    piece:
      "Two terms. Past the layers, out takes over res as it is. Through raw2: a layer norm, whose mean and variance depend " +
      "on every entry of the row.",
  },
  looks: { sign: looks.double },
  // what attention adds to res varies: at no position of a drawn batch is the variance as small as epsilon
  hostile: {
    res: [[[0.002, -0.003, 0.004]]],
    draw2: [[[0.5, -1, 2]]],
    dout: [[[0.1, 0.2, -0.3]]],
  },

  mistakes: normMistakes<"res" | "draw2" | "dout">("res", "raw2", "out", ({ res, draw2, dout }) => ({
    x: res,
    above: draw2,
    past: dout,
  })),

  alsoRight: [
    {
      code: `const difference = res.sub(res.mean(2, keepdim));
const inverse = difference.pow(2).mean(2, keepdim).add(1e-5).pow(-0.5);
const dinverse = draw2.mul(difference).sum(2, keepdim);
const dvar = inverse.pow(3).mul(-0.5).mul(dinverse);
const ddifference = draw2.mul(inverse).add(difference.mul(dvar).mul(2 / res.size(2)));
return ddifference.sub(ddifference.mean(2, keepdim)).add(dout);`,
      why: "The layer norm line by line, as in its own steps: inverse root, variance, differences, mean.",
    },
  ],

  forms: [
    ...waysThroughNorm.map(
      (way): Answer<"res" | "draw2" | "dout"> =>
        ({ res, draw2, dout }) =>
          way(res, draw2).add(dout),
    ),
    ({ res, draw2, dout }) => dout.add(waysThroughNorm[0]!(res, draw2)),
  ],
});
