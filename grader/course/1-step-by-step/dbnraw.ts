import { keepdim, ones, zerosLike } from "#tensor";
import { build, each, eye } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dbnraw = gradientRoom(makemore, {
  tensor: "bnraw",
  lecture: [3481],

  idea: "Sum only for a factor that was broadcast; for the other factor the product is enough.",

  hints: {
    ask: "bnraw has the shape of the upstream gradient: it was not copied. What is left of the rule for a product?",
    rule:
      "In y = a * b + c the slope with respect to b is a. The other factor has a single row here; broadcasting " +
      "copies it down the batch, as in the forward line.",
    numbers: {
      bngain: [[2, -0.5]],
      dhpreact: [
        [2, 3],
        [4, -1],
      ],
    },
    worked: "dbnraw[1, 1] = {bngain 0 1} * {dhpreact 1 1}",
    piece:
      "An elementwise product of the upstream gradient and the factor that bnraw is multiplied by. No sum: it is the " +
      "gain that was copied, not bnraw. What was added in the forward line has no part in the slope.",
  },

  mistakes: [
    {
      id: "bngain-forgotten",
      idea: "the gain is overlooked",
      sentence: "the upstream gradient is returned unchanged: in the forward line bnraw is multiplied by bngain",
      look: "Let one entry of bnraw grow by 0.1, with a gain of 3. How much does hpreact change?",
      answer: ({ dhpreact }) => dhpreact.clone(),
    },
    {
      id: "bnbias-for-bngain",
      idea: "the bias is mistaken for the factor",
      sentence: "the upstream gradient is multiplied by bnbias: the factor of bnraw is the gain",
      look: "Let one entry of bnraw grow by 0.1, with a gain of 3 and a bias of 5. Does hpreact grow by 0.3, or by 0.5?",
      answer: ({ bnbias, dhpreact }) => bnbias.mul(dhpreact),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("bnraw"),
      answer: ({ bngain, dhpreact }) => bngain.mul(dhpreact).neg(),
    },
    {
      id: "divided",
      idea: "the gradient is divided by the factor",
      sentence: "the upstream gradient is divided by bngain instead of multiplied by it",
      look: looks.divided,
      answer: ({ bngain, dhpreact }) => dhpreact.div(bngain),
    },
    {
      id: "own-factor",
      idea: "the factor is multiplied by itself",
      sentence:
        "the upstream gradient is multiplied by bnraw itself; the local gradient of a factor is the other factor",
      look: looks.ownFactor("bnraw"),
      answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact),
    },
    {
      id: "bias-added",
      idea: "the forward line is repeated",
      sentence: "bnbias is added as in the forward line: a constant that is added has no part in the slope",
      look: "Let one entry of bnraw grow by 0.1. Does the change in hpreact depend on the bias?",
      answer: ({ bngain, bnbias, dhpreact }) => bngain.mul(dhpreact).add(bnbias),
    },
    {
      id: "summed",
      idea: "the sum is carried over from the gain",
      sentence:
        "the answer is summed over the batch: it is the gain that was copied down the batch, while bnraw has a row for each example",
      look:
        "Compare the shapes: bnraw has shape [n, hidden], like the upstream gradient. Each entry of it affects one " +
        "entry of hpreact.",
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
