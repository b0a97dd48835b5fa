import { tensor, zerosLike, type Tensor } from "#tensor";
import { build, eye } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const demb = gradientRoom(makemore, {
  tensor: "emb",
  lecture: [4833],

  idea: "A view only reshapes, in the forward pass and in the backward pass.",

  hints: {
    ask: "Both shapes have the same number of elements. Was any of them changed, or is only their numbering different?",
    rule:
      "A view moves no element and changes none. Its gradient has the same elements in the same order, in the shape " +
      "before the view.",
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
      "One view of the upstream gradient. The shape to view it in is that of the tensor whose gradient is asked for, " +
      "and emb is given: ask it for its shape.",
  },

  mistakes: [
    {
      id: "not-reshaped",
      idea: "the view is overlooked",
      sentence: "the values are right but have the shape of embcat: the backward pass of a view is a view",
      look:
        "Compare the shapes: emb has three dimensions, embcat two. A view gives the same elements another shape; " +
        "which one is asked for?",
      answer: ({ dembcat }) => dembcat.clone(),
    },
    {
      id: "axes-swapped",
      idea: "the last two axes are swapped",
      sentence: "the last two axes are swapped: embcat has all the numbers of one character, then those of the next",
      look:
        "Number a row of embcat on paper, 0 to 5 for 3 characters of 2 numbers each. Which numbers belong to the " +
        "first character?",
      answer: ({ emb, dembcat }) => swapped(emb, dembcat),
    },
    {
      id: "axes-named-wrong",
      idea: "the view has its sizes in another order",
      sentence: "the shape has embd before block: in emb they are the other way round",
      look:
        "Print the shape of emb. Which comes first, the position in the context or the position within the " +
        "character's numbers?",
      answer: ({ emb, dembcat }) => dembcat.view(emb.size(0), emb.size(2), emb.size(1)),
    },
    {
      id: "times-emb",
      idea: "the value is an extra factor",
      sentence: "the gradient is multiplied by emb: a view has slope one",
      look:
        "Let one entry of emb grow by 0.1: once from 1, once from 6. How much does its entry of embcat change each " +
        "time?",
      answer: ({ emb, dembcat }) => dembcat.view(...emb.shape).mul(emb),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: looks.sign("emb"),
      answer: ({ emb, dembcat }) => dembcat.view(...emb.shape).neg(),
    },
    {
      id: "divided",
      idea: "the gradient is divided among the characters",
      sentence: "divided by the number of characters in a context: a view does not divide the gradient",
      look: looks.divided,
      answer: ({ emb, dembcat }) => dembcat.view(...emb.shape).div(emb.size(1)),
    },
  ],

  alsoRight: [
    {
      code: "return dembcat.view(emb.size(0), emb.size(1), emb.size(2));",
      why: "The three sizes by name, where view also takes a shape.",
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

/** dembcat, [n, block*embd], read as [n, embd, block], with its last two axes swapped. */
function swapped(emb: Tensor, dembcat: Tensor): Tensor {
  const demb = zerosLike(emb);
  const [n, block, embd] = [emb.size(0), emb.size(1), emb.size(2)];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < block; j++) for (let k = 0; k < embd; k++) demb.set(i, j, k, dembcat.get(i, k * block + j));
  }
  return demb;
}
