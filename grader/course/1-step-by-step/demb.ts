import { tensor, zerosLike, type Tensor } from "#tensor";
import { build, eye } from "../elements.ts";
import { looks } from "../looks.ts";
import { gradientRoom } from "../rooms.ts";

export const demb = gradientRoom({
  tensor: "emb",

  hints: {
    ask: "Both shapes hold equally many numbers. Was any of them changed, or only counted differently?",
    rule:
      "A view moves no number and changes none. Its gradient holds the same numbers in the same order, under the shape " +
      "from before.",
    numbers: {
      dembcat: [
        [1, 2, 3, 4, 5, 6],
        [7, 8, 9, 10, 11, 12],
      ],
    },
    sizes: { block: 3, embd: 2 },
    show: ["dembcat"],
    worked: "demb[0, 1, 0] = dembcat[0, 2]",
    piece:
      "One view of what comes from above. The shape to view it in is that of the tensor whose gradient is asked for, " +
      "and emb is given: ask it for its shape.",
  },

  mistakes: [
    {
      id: "not-reshaped",
      idea: "the view is overlooked",
      sentence: "the numbers are right and the shape is embcat's: a view is undone by a view",
      look:
        "Compare the shapes: emb has three dimensions, embcat two. A view gives the same numbers another shape; " +
        "which one is asked for?",
      answer: ({ dembcat }) => dembcat.clone(),
    },
    {
      id: "axes-swapped",
      idea: "the two last axes are exchanged",
      sentence: "the last two axes are exchanged: embcat holds one character's numbers after another's",
      look:
        "Number a row of embcat on paper, 0 to 5 for 3 characters of 2 numbers each. Which numbers are the first " +
        "character's?",
      answer: ({ emb, dembcat }) => swapped(emb, dembcat),
    },
    {
      id: "axes-named-wrong",
      idea: "the view names its sizes in another order",
      sentence: "the shape has embd before block: emb has them the other way round",
      look: "Print the shape of emb. Which comes first, the place in the context or the number within the character?",
      answer: ({ emb, dembcat }) => dembcat.view(emb.size(0), emb.size(2), emb.size(1)),
    },
    {
      id: "times-emb",
      idea: "the value is multiplied in",
      sentence: "the gradient is multiplied by emb: a view has slope one",
      look: "Let one number of emb grow by 0.1: once from 1, once from 6. How far does its place in embcat move each time?",
      answer: ({ emb, dembcat }) => dembcat.view(...emb.shape).mul(emb),
    },
    {
      id: "sign",
      idea: "a sign slips in",
      sentence: "the sign is flipped",
      look: looks.sign("emb"),
      answer: ({ emb, dembcat }) => dembcat.view(...emb.shape).neg(),
    },
    {
      id: "divided",
      idea: "the gradient is shared among the characters",
      sentence: "divided by the number of characters of context: a view shares nothing out",
      look: looks.divided,
      answer: ({ emb, dembcat }) => dembcat.view(...emb.shape).div(emb.size(1)),
    },
  ],

  forms: [
    ({ emb, dembcat }) => dembcat.view(...emb.shape),
    ({ emb, dembcat }) => tensor(dembcat.toArray(), emb.shape),
    ({ emb, dembcat }) => build([...emb.shape], (i, j, k) => dembcat.get(i, j * emb.size(2) + k)),
    ({ emb, dembcat }) => dembcat.view(emb.size(0), emb.size(1), -1).clone(),
    ({ emb, dembcat }) => {
      const d = zerosLike(emb);
      const [, block, embd] = emb.shape as [number, number, number];
      for (let i = 0; i < d.size(0); i++)
        for (let k = 0; k < block * embd; k++) d.set(i, Math.floor(k / embd), k % embd, dembcat.get(i, k));
      return d;
    },
    ({ emb, dembcat }) => dembcat.view(-1).view(...emb.shape),
    ({ emb, dembcat }) => dembcat.matmul(eye(dembcat.size(1))).view(...emb.shape),
  ],
});

/** dembcat [n, block*embd] read as [n, embd, block] and its last axes exchanged. */
function swapped(emb: Tensor, dembcat: Tensor): Tensor {
  const demb = zerosLike(emb);
  const [n, block, embd] = [emb.size(0), emb.size(1), emb.size(2)];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < block; j++) for (let k = 0; k < embd; k++) demb.set(i, j, k, dembcat.get(i, k * block + j));
  }
  return demb;
}
