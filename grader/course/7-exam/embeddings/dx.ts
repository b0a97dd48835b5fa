import { build, sum, sumBackwards } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { sign, timesItself, valueForGradient } from "../mistakes.ts";
import { embeddings } from "./network.ts";

export const dx = gradientRoom(embeddings, {
  id: "tied-dx",
  tensor: "x",
  title: "below the table",
  idea: "Each position is pulled toward the rows of the characters that should become likelier.",
  hints: {
    piece:
      "The forward line multiplies by the transposed table. Which form of the table does the way back multiply by?",
  },

  mistakes: [
    {
      id: "transposed",
      idea: "the table is transposed again",
      sentence: "the product does not fit: the table was transposed forward, and stands as it is on the way back",
      look: looks.notTransposed,
      answer: ({ C, dlogits }) => dlogits.matmul(C.T),
    },
    {
      id: "order",
      idea: "the factors are in the other order",
      sentence: "the factors are in the other order: the table stands on the right, as in the forward line",
      look: looks.outerSizes,
      answer: ({ C, dlogits }) => C.T.matmul(dlogits),
    },
    { ...valueForGradient("logits"), answer: ({ C, logits }) => logits.matmul(C) },
    { ...timesItself("x"), answer: ({ x, C, dlogits }) => dlogits.matmul(C).mul(x) },
    {
      id: "over-positions",
      idea: "the mean of the loss is applied again",
      sentence: "divided by the number of positions: the mean is in the upstream gradient already",
      look: looks.divided,
      answer: ({ C, dlogits }) => dlogits.matmul(C).div(dlogits.size(1)),
    },
    {
      id: "averaged",
      idea: "the sum over the characters is taken as a mean",
      sentence: "divided by the number of characters: each logit that an entry reaches adds to its gradient",
      look: looks.mean,
      answer: ({ C, dlogits }) => dlogits.matmul(C).div(C.size(0)),
    },
    { ...sign("x"), answer: ({ C, dlogits }) => dlogits.matmul(C).neg() },
  ],

  alsoRight: [
    {
      code: "return dlogits.view(-1, C.size(0)).matmul(C).view(x.shape);",
      why: "All positions as the rows of one matrix.",
    },
  ],

  forms: [
    ({ C, dlogits }) => dlogits.matmul(C),
    ({ C, dlogits }) => C.T.matmul(dlogits.transpose(1, 2)).transpose(1, 2),
    ({ x, C, dlogits }) => dlogits.view(-1, C.size(0)).matmul(C).view(x.shape),
    ({ x, C, dlogits }) => build([...x.shape], (b, t, k) => sum(C.size(0), (c) => dlogits.get(b, t, c) * C.get(c, k))),
    ({ x, C, dlogits }) =>
      build([...x.shape], (b, t, k) => sumBackwards(C.size(0), (c) => dlogits.get(b, t, c) * C.get(c, k))),
  ],
});
