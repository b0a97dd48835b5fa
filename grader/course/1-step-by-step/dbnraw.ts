import { keepdim, ones, zerosLike } from "#tensor";
import { build, each, eye } from "../elements.ts";
import { looks } from "../looks.ts";
import { gradientRoom } from "../rooms.ts";

export const dbnraw = gradientRoom({
  tensor: "bnraw",

  hints: {
    ask: "bnraw has the shape of what comes from above: it was not copied. What is left of the rule for a product?",
    rule:
      "In y = a * b + c the slope by b is a. The other factor has a single row here; broadcasting lays it under every " +
      "example, as in the forward line.",
    numbers: {
      bngain: [[2, -0.5]],
      dhpreact: [
        [2, 3],
        [4, -1],
      ],
    },
    worked: "dbnraw[1, 1] = {bngain 0 1} * {dhpreact 1 1}",
    piece:
      "An elementwise product of the factor beside bnraw and what comes from above. No sum: it is the gain that was " +
      "copied, not bnraw. What was added in the forward line has no part in the slope.",
  },

  mistakes: [
    {
      id: "bngain-forgotten",
      idea: "the gain is overlooked",
      sentence: "the gradient from above comes out as it went in: bnraw is multiplied by bngain",
      look: "Let one number of bnraw grow by 0.1, beside a gain of 3. How far does hpreact move?",
      answer: ({ dhpreact }) => dhpreact.clone(),
    },
    {
      id: "bnbias-for-bngain",
      idea: "the bias is taken for the factor",
      sentence: "the gradient from above is multiplied by bnbias: the factor beside bnraw is the gain",
      look: "Let one number of bnraw grow by 0.1, beside a gain of 3 and a bias of 5. Does hpreact grow by 0.3, or by 0.5?",
      answer: ({ bnbias, dhpreact }) => bnbias.mul(dhpreact),
    },
    {
      id: "sign",
      idea: "a sign slips in",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("bnraw"),
      answer: ({ bngain, dhpreact }) => bngain.mul(dhpreact).neg(),
    },
    {
      id: "divided",
      idea: "the factor is divided by",
      sentence: "the gradient from above is divided by bngain in place of multiplied",
      look: looks.divided,
      answer: ({ bngain, dhpreact }) => dhpreact.div(bngain),
    },
    {
      id: "own-factor",
      idea: "the factor is multiplied by itself",
      sentence: "the gradient from above is multiplied by bnraw itself; the slope of a product is the other factor",
      look: looks.ownFactor("bnraw"),
      answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact),
    },
    {
      id: "bias-added",
      idea: "the forward line is repeated",
      sentence: "bnbias is added as in the forward line: a constant that is added has no part in the slope",
      look: "Let one number of bnraw grow by 0.1. Does it depend on the bias how far hpreact moves?",
      answer: ({ bngain, bnbias, dhpreact }) => bngain.mul(dhpreact).add(bnbias),
    },
    {
      id: "summed",
      idea: "the gain's sum is taken over",
      sentence:
        "the answer is summed over the batch: it is the gain that was copied down the batch, and bnraw has a row for each example",
      look:
        "Compare the shapes: bnraw is [n, hidden], as what comes from above is. Each number of it moves one number " +
        "of hpreact.",
      answer: ({ bngain, dhpreact }) => bngain.mul(dhpreact).sum(0, keepdim),
    },
  ],

  forms: [
    ({ bngain, dhpreact }) => bngain.mul(dhpreact),
    ({ bngain, dhpreact }) => dhpreact.matmul(eye(bngain.size(1)).mul(bngain)),
    ({ bngain, dhpreact }) => bngain.expand(...dhpreact.shape).mul(dhpreact),
    ({ bngain, dhpreact }) => dhpreact.div(bngain.pow(-1)),
    ({ bngain, dhpreact }) => build([...dhpreact.shape], (i, j) => bngain.get(0, j) * dhpreact.get(i, j)),
    ({ bngain, bnraw, dhpreact }) =>
      each(zerosLike(bnraw), (i, j, d) => d.set(i, j, bngain.get(0, j) * dhpreact.get(i, j))),
    ({ bngain, dhpreact }) => dhpreact.T.mul(bngain.T).T,
    ({ bngain, dhpreact }) => ones(dhpreact.size(0), 1).matmul(bngain).mul(dhpreact),
  ],
});
