import { tensor, type Tensor } from "#tensor";
import { tanh } from "../../../tensor/functions.ts";
import { build } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { spanRoom } from "../../rooms.ts";
import { CUBE, gelu, ROOT } from "./network.ts";

const innerOf = (x: Tensor): Tensor => x.pow(3).mul(CUBE).add(x).mul(ROOT);
const slopeOf = (x: Tensor): Tensor =>
  x
    .pow(2)
    .mul(3 * CUBE)
    .add(1)
    .mul(ROOT);
/** The slope of the whole activation, with its second term times a number. */
function slope(x: Tensor, second = 1): Tensor {
  const bent = innerOf(x).tanh();
  const moved = x.mul(tensor(1).sub(bent.mul(bent))).mul(slopeOf(x));
  return bent.add(1).add(moved.mul(second)).mul(0.5);
}

export const fusedDx = spanRoom(gelu, {
  id: "gelu-fused-dx",
  tensor: "x",
  from: "inner",
  to: "out",
  given: ["x", "dout"],
  title: "GELU, fused",
  idea: "The slope of a gated activation is the gate, plus the input times the slope of the gate.",
  hints: {
    piece:
      "Elementwise, the slope of one function of x times the upstream gradient. The function is a product of x and a " +
      "gate that depends on x: product rule, then the chain rule through tanh and the polynomial.",
  },
  looks: { sign: "Far above 0, out is nearly x itself. Which sign has its slope there, and which has yours?" },

  mistakes: [
    {
      id: "gate-only",
      idea: "the gate is treated as a constant",
      sentence: "only the gate is there: x moves the gate as well, which is the second term of the product rule",
      look: "Write out as x times g(x). Which two terms has its derivative?",
      answer: ({ x, dout }) => slope(x, 0).mul(dout),
    },
    {
      id: "gate-slope-only",
      idea: "the first term of the product rule is left out",
      sentence: "only the gate's slope is there: the gate itself is the first term of the product rule",
      look: "Write out as x times g(x). Which two terms has its derivative?",
      answer: ({ x, dout }) => slope(x).sub(slope(x, 0)).mul(dout),
    },
    {
      id: "tanh-forgotten",
      idea: "the polynomial is used where its tanh belongs",
      sentence:
        "the tanh is not taken: the gate is 1 plus the tanh of the polynomial, and its slope contains that tanh",
      look: "Which function stands between the polynomial and the gate?",
      answer: ({ x, dout }) => {
        const inner = innerOf(x);
        const moved = x.mul(tensor(1).sub(inner.pow(2))).mul(slopeOf(x));
        return inner.add(1).add(moved).mul(0.5).mul(dout);
      },
    },
    {
      id: "polynomial-forgotten",
      idea: "the chain rule stops at tanh",
      sentence: "the slope of the polynomial inside tanh is missing",
      look: "tanh is taken of a function of x, and not of x itself. What does the chain rule add?",
      answer: ({ x, dout }) => {
        const bent = innerOf(x).tanh();
        return bent
          .add(1)
          .add(x.mul(tensor(1).sub(bent.mul(bent))))
          .mul(0.5)
          .mul(dout);
      },
    },
    {
      id: "three-forgotten",
      idea: "the exponent does not come down as a factor",
      sentence: "the 3 of the cube is missing in the slope of the polynomial",
      look: "Differentiate x ** 3 on paper: the exponent comes down.",
      answer: ({ x, dout }) => {
        const bent = innerOf(x).tanh();
        const inner = x.pow(2).mul(CUBE).add(1).mul(ROOT);
        return bent
          .add(1)
          .add(x.mul(tensor(1).sub(bent.mul(bent))).mul(inner))
          .mul(0.5)
          .mul(dout);
      },
    },
    {
      id: "x-forgotten",
      idea: "the factor x is left out of the second term",
      sentence: "the second term lacks its factor x: the product rule leaves the other factor there",
      look: "Write out as x times g(x). What is g's slope multiplied by?",
      answer: ({ x, dout }) => {
        const bent = innerOf(x).tanh();
        return bent
          .add(1)
          .add(tensor(1).sub(bent.mul(bent)).mul(slopeOf(x)))
          .mul(0.5)
          .mul(dout);
      },
    },
    {
      id: "tanh-for-slope",
      idea: "tanh is used where its slope belongs",
      sentence: "tanh itself is in the second term instead of its slope",
      look: "Which function of bent is the slope of tanh?",
      answer: ({ x, dout }) => {
        const bent = innerOf(x).tanh();
        return bent
          .add(1)
          .add(x.mul(bent).mul(slopeOf(x)))
          .mul(0.5)
          .mul(dout);
      },
    },
    {
      id: "half-forgotten",
      idea: "the constant factor is left out",
      sentence: "the factor 0.5 is missing: every value is twice what it should be",
      look: "Where is x large? There GELU is nearly x itself. What is your slope there?",
      answer: ({ x, dout }) => slope(x).mul(2).mul(dout),
    },
    {
      id: "sigmoid-form",
      idea: "the approximation with a sigmoid is differentiated",
      sentence: "this is the slope of x * sigmoid(1.702 * x), another approximation of GELU: these lines have tanh",
      look: "Which approximation do the forward lines compute?",
      answer: ({ x, dout }) => {
        const gate = x.mul(1.702).sigmoid();
        return gate.add(x.mul(1.702).mul(gate).mul(tensor(1).sub(gate))).mul(dout);
      },
    },
    {
      id: "upstream-forgotten",
      idea: "only the slope is returned",
      sentence: "this is the slope of GELU alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ x }) => slope(x),
    },
    {
      id: "relu",
      idea: "the slope of another activation is used",
      sentence: "this is the slope of ReLU, 0 or 1: GELU is smooth, and its slope at 0 is one half",
      look: "What is the slope of out at x = 0?",
      answer: ({ x, dout }) => dout.mul(x.sign().add(1).div(2)),
    },
    {
      id: "value-for-slope",
      idea: "the value is used as the slope",
      sentence: "the upstream gradient is multiplied by the value of GELU: its slope belongs there",
      look: "Far above 0, out is nearly x. What is its slope there?",
      answer: ({ x, dout }) => innerOf(x).tanh().add(1).mul(x).mul(0.5).mul(dout),
    },
  ],

  alsoRight: [
    {
      code: `const gate = x.pow(2).mul(0.044715).add(1).mul(x).mul(2 * 0.79788456).sigmoid();
const slope = x.pow(2).mul(3 * 0.044715).add(1).mul(2 * 0.79788456);
return gate.add(x.mul(gate).mul(tensor(1).sub(gate)).mul(slope)).mul(dout);`,
      why: "Half of 1 + tanh(a) is the sigmoid of 2a: GELU is x times a gate.",
    },
  ],

  forms: [
    ({ x, dout }) => slope(x).mul(dout),
    ({ x, dout }) => {
      const bent = innerOf(x).tanh();
      const dbent = dout.mul(x).mul(0.5);
      const dinner = tensor(1).sub(bent.pow(2)).mul(dbent);
      return dout
        .mul(0.5)
        .mul(bent.add(1))
        .add(dinner.mul(slopeOf(x)));
    },
    ({ x, dout }) => {
      const gate = innerOf(x).mul(2).sigmoid();
      return gate.add(x.mul(2).mul(gate).mul(tensor(1).sub(gate)).mul(slopeOf(x))).mul(dout);
    },
    ({ x, dout }) =>
      build([...x.shape], (i, j) => {
        const at = x.get(i, j);
        const bent = tanh(ROOT * (at + CUBE * at ** 3));
        return 0.5 * (1 + bent + at * (1 - bent * bent) * ROOT * (1 + 3 * CUBE * at ** 2)) * dout.get(i, j);
      }),
  ],
});
