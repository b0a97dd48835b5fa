import { build, flat, productBy, sum, sumBackwards } from "../../elements.ts";
import { gradientRoom } from "../../rooms.ts";
import {
  averaged,
  notTransposed,
  overPositions,
  sign,
  timesItself,
  valueForGradient,
  wrongOrder,
} from "../mistakes.ts";
import { block } from "./network.ts";

export const dact = gradientRoom(block, {
  id: "block-dact",
  tensor: "act",
  title: "above GELU",
  idea: "A residual connection does not change the gradient of what is added to it.",
  hints: {
    piece:
      "One matrix product, with the matrix transposed. The residual connection leads past act, and adds nothing here.",
  },

  mistakes: [
    {
      id: "residual-added",
      idea: "the upstream gradient is added, as for res",
      sentence: "the residual connection is counted: it leads from res to out, past act",
      look: "Change one entry of act. Does the first term of the line change?",
      answer: ({ W2, dout }) => dout.matmul(W2.T).add(dout.sum(2, true)),
    },
    {
      id: "residual-added-whole",
      idea: "the upstream gradient is added as it is, as for res",
      sentence: "the upstream gradient is added: the residual connection leads from res to out, past act",
      look: "Change one entry of act. Does the first term of the line change?",
      answer: ({ W2, dout }) => dout.matmul(W2.T).add(dout),
    },
    { ...notTransposed("dout, W2 and act"), answer: ({ W2, dout }) => dout.matmul(W2) },
    { ...wrongOrder, answer: ({ W2, dout }) => W2.matmul(dout) },
    { ...valueForGradient("out"), answer: ({ W2, out }) => out.matmul(W2.T) },
    { ...timesItself("act"), answer: ({ act, W2, dout }) => dout.matmul(W2.T).mul(act) },
    { ...overPositions, answer: ({ W2, dout }) => dout.matmul(W2.T).div(dout.size(1)) },
    { ...averaged("embedding entries"), answer: ({ W2, dout }) => dout.matmul(W2.T).div(W2.size(1)) },
    { ...sign("act"), answer: ({ W2, dout }) => dout.matmul(W2.T).neg() },
  ],

  alsoRight: [
    {
      code: "return dout.view(-1, dout.size(2)).matmul(W2.T).view(act.shape);",
      why: "All positions as the rows of one matrix: each goes through the layer by itself.",
    },
  ],

  forms: [
    ({ W2, dout }) => dout.matmul(W2.T),
    ({ W2, dout }) => W2.matmul(dout.transpose(1, 2)).transpose(1, 2),
    ({ act, W2, dout }) => productBy(sum, flat(dout), W2.T).view(act.shape),
    ({ act, W2, dout }) => productBy(sumBackwards, flat(dout), W2.T).view(act.shape),
    ({ act, W2, dout }) => build([...act.shape], (b, t, h) => sum(W2.size(1), (k) => dout.get(b, t, k) * W2.get(h, k))),
  ],
});
