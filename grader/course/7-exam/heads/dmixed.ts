import { zerosLike } from "#tensor";
import { build } from "../../elements.ts";
import { gradientRoom } from "../../rooms.ts";
import { timesItself, valueForGradient } from "../mistakes.ts";
import { heads } from "./network.ts";
import { apart } from "./shapes.ts";

export const dmixed = gradientRoom(heads, {
  id: "heads-dmixed",
  tensor: "mixed",
  title: "heads that were joined",
  idea: "Numbers that were moved forward are moved back, in the reverse order of moves.",
  hints: {
    piece:
      "Nothing is computed here: the numbers change places. Undo the last move first, and check which dimension each " +
      "number of a row belongs to.",
  },

  mistakes: [
    {
      id: "transpose-forgotten",
      idea: "a view alone gives the shape",
      sentence: "the shape is right, but the numbers are in the wrong places: a view does not swap dimensions",
      look: "Follow the second number of the first row of djoined. Which head, position and entry does it belong to?",
      answer: ({ mixed, djoined }) => djoined.view(mixed.shape),
    },
    {
      id: "not-swapped-back",
      idea: "the second move is forgotten",
      sentence: "positions and heads are swapped: in mixed, the heads come before the positions",
      look: "The forward line makes two moves. Which of them is left to undo?",
      answer: ({ mixed, djoined }) => {
        const [sequences, count, time, width] = mixed.shape as [number, number, number, number];
        return djoined.view(sequences, time, count, width);
      },
    },
    {
      id: "interleaved",
      idea: "neighboring numbers are given to different heads",
      sentence: "the numbers of the heads alternate: forward, a head's numbers stay next to each other in a row",
      look: "A row of joined has width numbers of the first head, then those of the second. Which of them do you give to head 0?",
      answer: ({ mixed, djoined }) => {
        const [sequences, count, time, width] = mixed.shape as [number, number, number, number];
        return djoined.view(sequences, time, width, count).transpose(2, 3).transpose(1, 2);
      },
    },
    {
      id: "positions-in-rows",
      idea: "the positions are moved to the end, and stay there",
      sentence: "the positions are in the place of a head's entries: a row of mixed belongs to one position",
      look: "What does the last dimension of mixed run over?",
      answer: ({ mixed, djoined }) => djoined.transpose(1, 2).view(mixed.shape),
    },
    {
      id: "over-heads",
      idea: "the gradient is divided among the heads",
      sentence: "divided by the number of heads: each number goes back to one head, whole",
      look: "Is there a division in the forward line, or a number that is used more than once?",
      answer: ({ mixed, djoined }) => apart(djoined, mixed.size(1)).div(mixed.size(1)),
    },
    { ...valueForGradient("joined"), answer: ({ mixed, joined }) => apart(joined, mixed.size(1)) },
    { ...timesItself("mixed"), answer: ({ mixed, djoined }) => apart(djoined, mixed.size(1)).mul(mixed) },
  ],

  alsoRight: [
    {
      code: `const [sequences, heads, time, width] = mixed.shape as [number, number, number, number];
return djoined.transpose(1, 2).view(sequences, heads, width, time).transpose(2, 3);`,
      why: "The rows become columns first; then a head's entries are neighbors in the first of two dimensions.",
    },
  ],

  forms: [
    ({ mixed, djoined }) => apart(djoined, mixed.size(1)),
    ({ mixed, djoined }) => {
      const [sequences, count, time, width] = mixed.shape as [number, number, number, number];
      return djoined.transpose(1, 2).view(sequences, count, width, time).transpose(2, 3);
    },
    ({ mixed, djoined }) => build([...mixed.shape], (b, h, t, k) => djoined.get(b, t, h * mixed.size(3) + k)),
    ({ mixed, djoined }) => {
      const d = zerosLike(mixed);
      const [sequences, count, time, width] = mixed.shape as [number, number, number, number];
      for (let b = 0; b < sequences; b++)
        for (let t = 0; t < time; t++)
          for (let i = 0; i < count * width; i++) d.set(b, Math.floor(i / width), t, i % width, djoined.get(b, t, i));
      return d;
    },
  ],
});
