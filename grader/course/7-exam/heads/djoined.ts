import { build, flat, productBy, sum, sumBackwards } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { sign, timesItself, valueForGradient } from "../mistakes.ts";
import { heads } from "./network.ts";

export const djoined = gradientRoom(heads, {
  id: "heads-djoined",
  tensor: "joined",
  title: "the output matrix",
  idea: "The output matrix sends each position's gradient back to all heads at once.",
  hints: {
    piece:
      "One product with a matrix that all sequences share. Write the shapes below each other: only one way round fits.",
  },

  mistakes: [
    {
      id: "not-transposed",
      idea: "the forward product is repeated",
      sentence: "the product does not fit as it is: compare the shapes of dout, Wo and joined",
      look: looks.notTransposed,
      answer: ({ Wo, dout }) => dout.matmul(Wo),
    },
    {
      id: "order",
      idea: "the factors are in the other order",
      sentence: "the factors are in the other order: the matrix stands on the right, as in the forward line",
      look: looks.outerSizes,
      answer: ({ Wo, dout }) => Wo.matmul(dout),
    },
    { ...valueForGradient("out"), answer: ({ Wo, out }) => out.matmul(Wo.T) },
    { ...timesItself("joined"), answer: ({ joined, Wo, dout }) => dout.matmul(Wo.T).mul(joined) },
    {
      id: "over-positions",
      idea: "the mean of the loss is applied again",
      sentence: "divided by the number of positions: the mean is in the upstream gradient already",
      look: looks.divided,
      answer: ({ Wo, dout }) => dout.matmul(Wo.T).div(dout.size(1)),
    },
    {
      id: "averaged",
      idea: "the sum over the outputs is taken as a mean",
      sentence: "divided by the number of outputs: every output that an entry reaches adds to its gradient",
      look: looks.mean,
      answer: ({ Wo, dout }) => dout.matmul(Wo.T).div(Wo.size(1)),
    },
    { ...sign("joined"), answer: ({ Wo, dout }) => dout.matmul(Wo.T).neg() },
  ],

  alsoRight: [
    {
      code: "return dout.view(-1, dout.size(2)).matmul(Wo.T).view(joined.shape);",
      why: "All positions of all sequences as the rows of one matrix: the positions do not mix.",
    },
  ],

  forms: [
    ({ Wo, dout }) => dout.matmul(Wo.T),
    ({ Wo, dout }) => Wo.matmul(dout.transpose(1, 2)).transpose(1, 2),
    ({ joined, Wo, dout }) => flat(dout).matmul(Wo.T).view(joined.shape),
    ({ joined, Wo, dout }) => productBy(sumBackwards, flat(dout), Wo.T).view(joined.shape),
    ({ joined, Wo, dout }) =>
      build([...joined.shape], (b, t, i) => sum(Wo.size(1), (k) => dout.get(b, t, k) * Wo.get(i, k))),
  ],
});
