import { zerosLike } from "#tensor";
import { build, sum } from "../../elements.ts";
import { gradientRoom } from "../../rooms.ts";
import { timesItself, valueForGradient } from "../mistakes.ts";
import { heads } from "./network.ts";
import { interleaved, together } from "./shapes.ts";

export const dV = gradientRoom(heads, {
  id: "heads-dV",
  tensor: "V",
  title: "values, head by head",
  idea: "What was taken apart for the heads is joined again on the way back.",
  hints: {
    piece:
      "First the values' gradient in each head, from all queries that read them. Then the two moves of the forward line, " +
      "undone: the last one first.",
  },

  mistakes: [
    {
      id: "weights-not-transposed",
      idea: "the forward product is repeated",
      sentence:
        "each position collects the gradients of the positions it attends to, instead of those that attend to it",
      look: "Row i of the weights belongs to query i. Which of its rows and columns contain value j?",
      answer: ({ weights, dmixed }) => together(weights.matmul(dmixed)),
    },
    {
      id: "view-alone",
      idea: "the heads are joined by a view alone",
      sentence: "the heads are joined without the transpose: the shape is right, the places are not",
      look: "Follow the second row of the first head. In which row of V does it belong?",
      answer: ({ V, weights, dmixed }) => weights.transpose(2, 3).matmul(dmixed).view(V.shape),
    },
    {
      id: "interleaved",
      idea: "neighboring numbers come from different heads",
      sentence: "the numbers of the heads alternate: a head's numbers are next to each other in a row of V",
      look: "A row of V has width numbers of the first head, then those of the second. And a row of your answer?",
      answer: ({ weights, dmixed }) => interleaved(weights.transpose(2, 3).matmul(dmixed)),
    },
    {
      id: "not-joined",
      idea: "the values stay apart",
      sentence: "the heads are still apart: V has one row for each position, with the numbers of all heads",
      look: "Compare the shape of your answer with that of V.",
      answer: ({ weights, dmixed }) => weights.transpose(2, 3).matmul(dmixed),
    },
    {
      id: "heads-added",
      idea: "the heads read the same values",
      sentence: "the heads are added up: each head reads its own part of V",
      look: "How many numbers does a row of V have, and how many does a row of your answer have?",
      answer: ({ weights, dmixed }) => weights.transpose(2, 3).matmul(dmixed).sum(1),
    },
    {
      id: "over-heads",
      idea: "the gradient is divided among the heads",
      sentence: "divided by the number of heads: each number of V is read by one head alone",
      look: "Is there a division in the forward line?",
      answer: ({ weights, dmixed }) => together(weights.transpose(2, 3).matmul(dmixed)).div(weights.size(1)),
    },
    { ...valueForGradient("mixed"), answer: ({ weights, mixed }) => together(weights.transpose(2, 3).matmul(mixed)) },
    {
      ...timesItself("V"),
      answer: ({ V, weights, dmixed }) => together(weights.transpose(2, 3).matmul(dmixed)).mul(V),
    },
  ],

  alsoRight: [
    {
      code: `const [sequences, time, entries] = V.shape as [number, number, number];
return dmixed.transpose(2, 3).matmul(weights).view(sequences, entries, time).transpose(1, 2);`,
      why: "The transposed product has a row for each entry of a head, so a view joins the heads.",
    },
  ],

  forms: [
    ({ weights, dmixed }) => together(weights.transpose(2, 3).matmul(dmixed)),
    ({ V, weights, dmixed }) => {
      const [sequences, time, width] = V.shape as [number, number, number];
      return dmixed.transpose(2, 3).matmul(weights).view(sequences, width, time).transpose(1, 2);
    },
    ({ V, weights, dmixed }) => {
      const width = dmixed.size(3);
      return build([...V.shape], (b, j, k) => {
        const head = Math.floor(k / width);
        return sum(V.size(1), (i) => weights.get(b, head, i, j) * dmixed.get(b, head, i, k % width));
      });
    },
    ({ V, weights, dmixed }) => {
      const d = zerosLike(V);
      const [sequences, count, time, width] = dmixed.shape as [number, number, number, number];
      for (let b = 0; b < sequences; b++)
        for (let h = 0; h < count; h++)
          for (let i = 0; i < time; i++)
            for (let j = 0; j <= i; j++)
              for (let k = 0; k < width; k++) {
                const at = [b, j, h * width + k] as const;
                d.set(...at, d.get(...at) + weights.get(b, h, i, j) * dmixed.get(b, h, i, k));
              }
      return d;
    },
  ],
});
