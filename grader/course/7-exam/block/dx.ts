import type { Answer } from "../../../kit/mistake.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { normMistakes, waysThroughNorm } from "./norm-mistakes.ts";
import { block } from "./network.ts";

export const dx = gradientRoom(block, {
  id: "block-dx",
  tensor: "x",
  title: "the input of the block",
  idea: "The gradient reaches the block's input past all of its layers, and through them.",
  hints: {
    piece:
      "Two terms. Past the layers, res takes over x as it is. Through raw1: a layer norm, whose mean and variance depend " +
      "on every entry of the row.",
  },
  looks: { sign: looks.double },

  mistakes: normMistakes<"x" | "draw1" | "dres">(
    "x",
    "raw1",
    "res",
    ({ x, draw1, dres }) => ({ x, above: draw1, past: dres }),
    { hasSmallVariances: true },
  ),

  alsoRight: [
    {
      code: `const difference = x.sub(x.mean(2, keepdim));
const inverse = difference.pow(2).mean(2, keepdim).add(1e-5).pow(-0.5);
const dinverse = draw1.mul(difference).sum(2, keepdim);
const dvar = inverse.pow(3).mul(-0.5).mul(dinverse);
const ddifference = draw1.mul(inverse).add(difference.mul(dvar).mul(2 / x.size(2)));
return ddifference.sub(ddifference.mean(2, keepdim)).add(dres);`,
      why: "The layer norm line by line, as in its own steps: inverse root, variance, differences, mean.",
    },
  ],

  forms: [
    ...waysThroughNorm.map(
      (way): Answer<"x" | "draw1" | "dres"> =>
        ({ x, draw1, dres }) =>
          way(x, draw1).add(dres),
    ),
    ({ x, draw1, dres }) => dres.add(waysThroughNorm[0]!(x, draw1)),
  ],
});
