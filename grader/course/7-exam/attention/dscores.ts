import { ones, zerosLike } from "#tensor";
import { build } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { timesItself } from "../mistakes.ts";
import { attention } from "./network.ts";

export const dscores = gradientRoom(attention, {
  id: "attention-dscores",
  tensor: "scores",
  title: "a causal mask",
  idea: "What the mask replaced has no influence on the loss.",

  hints: {
    piece:
      "A score that was replaced is no longer there, so nothing that happens to it shows. All others passed through unchanged.",
  },

  mistakes: [
    {
      id: "mask-forgotten",
      idea: "the mask is taken for a sum",
      sentence: "the gradient passes through the mask: a score that was replaced has no influence, and no gradient",
      look: "Which scores can change without any change of masked?",
      answer: ({ dmasked }) => dmasked,
    },
    {
      id: "mask-inverted",
      idea: "the wrong side of the mask is kept",
      sentence: "the scores that were replaced have a gradient, and the others have none: it is the other way round",
      look: "later is 1 where a score was replaced. Is that where a gradient flows?",
      answer: ({ later, dmasked }) => dmasked.mul(later.float()),
    },
    {
      id: "mask-transposed",
      idea: "the mask is transposed on the way back",
      sentence: "the mask is transposed: the same scores are left out backward as forward",
      look: "Position [0, 2] is masked forward, as query 0 would read something later. And in your answer?",
      answer: ({ later, dmasked }) => dmasked.mul(later.float().T.neg().add(1)),
    },
    {
      id: "diagonal",
      idea: "a position does not attend to itself",
      sentence: "the diagonal has no gradient: a position attends to itself, and the mask begins behind it",
      look: "Is later 1 or 0 on the diagonal?",
      answer: ({ later, dmasked }) => {
        const time = later.size(0);
        return dmasked.mul(build([time, time], (i, j) => (j < i ? 1 : 0)));
      },
    },
    {
      id: "infinity",
      idea: "the forward line is repeated",
      sentence: "the masked scores have a gradient of minus infinity: that was their value, and their gradient is zero",
      look: "If a masked score changes a little, by how much does the loss change?",
      answer: ({ later, dmasked }) => dmasked.maskedFill(later, -Infinity),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: "The minus sign in the forward line belongs to a number. With which sign do the other scores pass?",
      answer: ({ later, dmasked }) => dmasked.maskedFill(later, 0).neg(),
    },
    { ...timesItself("scores"), answer: ({ scores, later, dmasked }) => dmasked.maskedFill(later, 0).mul(scores) },
    {
      id: "over-time",
      idea: "the gradient is divided among the positions",
      sentence: "divided by the length of the sequences: the line replaces numbers and divides nothing",
      look: looks.divided,
      answer: ({ later, dmasked }) => dmasked.maskedFill(later, 0).div(later.size(0)),
    },
  ],

  alsoRight: [
    {
      code: "return dmasked.mul(tensor(1).sub(later.float()));",
      why: "A product with what the mask leaves, 1 or 0, instead of a fill.",
    },
  ],

  forms: [
    ({ later, dmasked }) => dmasked.maskedFill(later, 0),
    ({ later, dmasked }) => dmasked.mul(later.float().neg().add(1)),
    ({ later, dmasked }) => dmasked.sub(dmasked.mul(later.float())),
    ({ later, dmasked }) => dmasked.mul(ones(...later.shape).maskedFill(later, 0)),
    ({ scores, later, dmasked }) =>
      build([...scores.shape], (b, i, j) => (later.get(i, j) === 1 ? 0 : dmasked.get(b, i, j))),
    ({ scores, masked, dmasked }) => {
      const d = zerosLike(scores);
      const [sequences, time] = scores.shape as [number, number, number];
      for (let b = 0; b < sequences; b++)
        for (let i = 0; i < time; i++)
          for (let j = 0; j < time; j++) if (masked.get(b, i, j) !== -Infinity) d.set(b, i, j, dmasked.get(b, i, j));
      return d;
    },
  ],
});
