import { keepdim } from "#tensor";
import { build, laterThan, sum } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { sign, timesItself, valueForGradient } from "../mistakes.ts";
import { heads } from "./network.ts";
import { apart } from "./shapes.ts";

export const dweights = gradientRoom(heads, {
  id: "heads-dweights",
  tensor: "weights",
  title: "weights, head by head",
  idea: "Dimensions before the last two are a batch of products: heads are treated like sequences.",
  hints: {
    piece:
      "The product runs over the last two dimensions, for each sequence and each head. Before it, V has to be taken apart " +
      "as in the forward line.",
  },

  mistakes: [
    {
      id: "view-alone",
      idea: "V is taken apart by a view alone",
      sentence: "V is taken apart without the transpose: each head is then multiplied by other positions' values",
      look: "The forward line makes two moves before the product. Does yours make both?",
      answer: ({ weights, V, dmixed }) => {
        const [sequences, count, time] = weights.shape as [number, number, number];
        return dmixed.matmul(V.view(sequences, count, time, -1).transpose(2, 3));
      },
    },
    {
      id: "masked",
      idea: "a weight of zero is taken to have no gradient",
      sentence: "the gradients of later positions are zero: in this line a weight of zero has a slope like any other",
      look: "Let a weight that is 0 grow by 0.1. Does mixed stay as it is?",
      answer: ({ weights, V, dmixed }) => {
        return dmixed.matmul(apart(V, weights.size(1)).transpose(2, 3)).maskedFill(laterThan(weights.size(2)), 0);
      },
    },
    {
      id: "not-transposed",
      idea: "the forward product is repeated",
      sentence: "the product does not fit as it is: the values of each head have to be transposed",
      look: looks.notTransposed,
      answer: ({ weights, V, dmixed }) => dmixed.matmul(apart(V, weights.size(1))),
    },
    {
      id: "not-apart",
      idea: "V is used as it is",
      sentence: "V is not taken apart: it has the numbers of all heads in a row, and dmixed has those of one",
      look: "Write down the shape of V and that of dmixed. Which one has a dimension for the heads?",
      answer: ({ V, dmixed }) => dmixed.matmul(V.transpose(1, 2)),
    },
    {
      id: "result-transposed",
      idea: "the factors are in the other order",
      sentence: "this is the transpose of the answer, in each head: a row belongs to a query",
      look: looks.outerSizes,
      answer: ({ weights, V, dmixed }) => apart(V, weights.size(1)).matmul(dmixed.transpose(2, 3)),
    },
    {
      id: "heads-added",
      idea: "the heads share their weights",
      sentence: "the heads are added up: each head has weights of its own",
      look: "Which dimension of weights is missing in your answer, or has length 1?",
      answer: ({ weights, V, dmixed }) => dmixed.matmul(apart(V, weights.size(1)).transpose(2, 3)).sum(1, keepdim),
    },
    {
      id: "scaled",
      idea: "the scale of the scores is applied here",
      sentence: "divided by the root of the width: this line has no scale",
      look: "Is there a scale in the forward line?",
      answer: ({ weights, V, dmixed }) =>
        dmixed.matmul(apart(V, weights.size(1)).transpose(2, 3)).div(Math.sqrt(dmixed.size(3))),
    },
    {
      ...valueForGradient("mixed"),
      answer: ({ weights, V, mixed }) => mixed.matmul(apart(V, weights.size(1)).transpose(2, 3)),
    },
    {
      ...timesItself("weights"),
      answer: ({ weights, V, dmixed }) => dmixed.matmul(apart(V, weights.size(1)).transpose(2, 3)).mul(weights),
    },
    {
      ...sign("weights"),
      answer: ({ weights, V, dmixed }) => dmixed.matmul(apart(V, weights.size(1)).transpose(2, 3)).neg(),
    },
  ],

  alsoRight: [
    {
      code: `const [sequences, heads, time] = weights.shape as [number, number, number];
return dmixed.matmul(V.transpose(1, 2).view(sequences, heads, -1, time));`,
      why: "V is transposed as a whole and then taken apart: its heads already have the form that the product needs.",
    },
  ],

  forms: [
    ({ weights, V, dmixed }) => dmixed.matmul(apart(V, weights.size(1)).transpose(2, 3)),
    ({ weights, V, dmixed }) => apart(V, weights.size(1)).matmul(dmixed.transpose(2, 3)).transpose(2, 3),
    ({ weights, V, dmixed }) => {
      const [sequences, count, time] = weights.shape as [number, number, number];
      return dmixed.matmul(V.transpose(1, 2).view(sequences, count, -1, time));
    },
    ({ weights, V, dmixed }) => {
      const width = dmixed.size(3);
      return build([...weights.shape], (b, h, i, j) =>
        sum(width, (k) => dmixed.get(b, h, i, k) * V.get(b, j, h * width + k)),
      );
    },
  ],
});
