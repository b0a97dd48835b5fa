import type { Tensor } from "#tensor";
import { build } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { CUBE, gelu, ROOT } from "./network.ts";

export const dx = gradientRoom(gelu, {
  id: "gelu-dx",
  tensor: "x",
  title: "gated by itself",
  idea: "x is what passes the gate, and it moves the gate: two terms.",
  hints: {
    piece:
      "One term for each of the two lines. Through out, what remains of the product. Through inner, the slope of a " +
      "polynomial of degree 3, with both constants of the line.",
  },
  looks: { sign: "Far above 0, out is nearly x itself. Which sign has its slope there, and which has yours?" },

  mistakes: [
    {
      id: "gate-constant",
      idea: "the gate is treated as a constant",
      sentence: "the branch through inner is missing: x moves the gate as well",
      namesBranch: true,
      look: looks.branchMissing("x"),
      answer: ({ bent, dout }) => bent.add(1).mul(0.5).mul(dout),
    },
    {
      id: "one-forgotten",
      idea: "the gate is taken to be tanh alone",
      sentence: "in the branch through out the 1 of the gate is missing: x is multiplied by half of 1 + bent",
      namesBranch: true,
      look: "What is x multiplied by in the line of out?",
      answer: ({ x, bent, dout, dinner }) => bent.mul(0.5).mul(dout).add(slope(x, 3).mul(dinner)),
    },
    {
      id: "product-missing",
      idea: "the product is overlooked",
      sentence: "the branch through out is missing: x is also a factor of the product",
      namesBranch: true,
      look: looks.branchMissing("x"),
      answer: ({ x, dinner }) => slope(x, 3).mul(dinner),
    },
    {
      id: "three-forgotten",
      idea: "the exponent does not come down as a factor",
      sentence: "in the branch through inner the 3 of the cube is missing",
      namesBranch: true,
      look: "Differentiate x ** 3 on paper: the exponent comes down.",
      answer: ({ x, bent, dout, dinner }) => bent.add(1).mul(0.5).mul(dout).add(slope(x, 1).mul(dinner)),
    },
    {
      id: "linear-term-missing",
      idea: "the linear term is left out",
      sentence: "in the branch through inner the 1 of the linear term is missing",
      namesBranch: true,
      look: "inner contains x itself and x cubed. Differentiate each of them.",
      answer: ({ x, bent, dout, dinner }) => bent.add(1).mul(0.5).mul(dout).add(slope(x, 3).sub(ROOT).mul(dinner)),
    },
    {
      id: "root-forgotten",
      idea: "the constant in front of the bracket is left out",
      sentence: "in the branch through inner the constant in front of the bracket is missing",
      namesBranch: true,
      look: "Which constant multiplies the whole polynomial?",
      answer: ({ x, bent, dout, dinner }) => bent.add(1).mul(0.5).mul(dout).add(slope(x, 3).div(ROOT).mul(dinner)),
    },
    {
      id: "cube-kept",
      idea: "the exponent is kept",
      sentence: "in the branch through inner x is still cubed: the power rule lowers the exponent by one",
      namesBranch: true,
      look: looks.exponent,
      answer: ({ x, bent, dout, dinner }) =>
        bent
          .add(1)
          .mul(0.5)
          .mul(dout)
          .add(
            x
              .pow(3)
              .mul(3 * CUBE)
              .add(1)
              .mul(ROOT)
              .mul(dinner),
          ),
    },
    {
      id: "half-forgotten",
      idea: "the constant factor of the product is left out",
      sentence: "in the branch through out the factor 0.5 is missing",
      namesBranch: true,
      look: "The line of out has three factors. What remains if x is taken away?",
      answer: ({ x, bent, dout, dinner }) => bent.add(1).mul(dout).add(slope(x, 3).mul(dinner)),
    },
    {
      id: "difference",
      idea: "the branches are subtracted",
      sentence: "the two branches are subtracted: both affect the loss, so their gradients add up",
      look: looks.difference("x"),
      answer: ({ x, bent, dout, dinner }) => bent.add(1).mul(0.5).mul(dout).sub(slope(x, 3).mul(dinner)),
    },
    {
      id: "bracket-forgotten",
      idea: "the constant multiplies the linear term alone",
      sentence: "in the branch through inner the constant in front of the bracket multiplies the linear term alone",
      namesBranch: true,
      look: "Multiply the bracket out: by what is the cube multiplied?",
      answer: ({ x, bent, dout, dinner }) =>
        bent
          .add(1)
          .mul(0.5)
          .mul(dout)
          .add(
            x
              .pow(2)
              .mul(3 * CUBE)
              .add(ROOT)
              .mul(dinner),
          ),
    },
  ],

  alsoRight: [
    {
      code: `const slope = tensor(1).add(x.mul(x).mul(0.134145)).mul(0.79788456);
return dinner.mul(slope).add(dout.mul(bent).add(dout).div(2));`,
      why: "The numbers of the cube are multiplied beforehand, and the second branch comes first.",
    },
  ],

  forms: [
    ({ x, bent, dout, dinner }) => bent.add(1).mul(0.5).mul(dout).add(slope(x, 3).mul(dinner)),
    ({ x, bent, dout, dinner }) =>
      slope(x, 3)
        .mul(dinner)
        .add(dout.div(2).mul(bent.add(1))),
    ({ x, bent, dout, dinner }) =>
      dout
        .add(bent.mul(dout))
        .mul(0.5)
        .add(dinner.mul(ROOT))
        .add(
          x
            .mul(x)
            .mul(3 * CUBE * ROOT)
            .mul(dinner),
        ),
    ({ x, bent, dout, dinner }) =>
      build(
        [...x.shape],
        (i, j) =>
          0.5 * (1 + bent.get(i, j)) * dout.get(i, j) + ROOT * (1 + 3 * CUBE * x.get(i, j) ** 2) * dinner.get(i, j),
      ),
  ],
});

/** ROOT * (1 + factor * CUBE * x ** 2), the slope of inner if the factor is 3. */
function slope(x: Tensor, factor: number): Tensor {
  return x
    .pow(2)
    .mul(factor * CUBE)
    .add(1)
    .mul(ROOT);
}
