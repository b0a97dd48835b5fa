import { zerosLike } from "#tensor";
import { build, each } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { dropout, KEPT } from "./network.ts";

export const dh = gradientRoom(dropout, {
  id: "dropout-dh",
  tensor: "h",
  title: "dropout",
  idea: "Dropout treats the gradient as it treated the values: the same mask, and the same scale.",
  hints: {
    piece:
      "The forward line is a product and a quotient, elementwise. Of both, the local gradient is a number that does not " +
      "depend on h.",
  },

  mistakes: [
    {
      id: "scale-forgotten",
      idea: "only the mask is applied",
      sentence: "the scale is missing: what is kept is divided by the share that is kept",
      look: "If h grows by 0.1 where it is kept, by how much does thinned grow?",
      answer: ({ mask, dthinned }) => dthinned.mul(mask),
    },
    {
      id: "mask-forgotten",
      idea: "only the scale is applied",
      sentence: "the mask is missing: where nothing was kept, nothing flows back",
      look: "If h grows by 0.1 where it is not kept, by how much does thinned grow?",
      answer: ({ dthinned }) => dthinned.div(KEPT),
    },
    {
      id: "scale-inverted",
      idea: "the scale is undone on the way back",
      sentence: "the gradient is multiplied by the share that is kept: forward it is divided, and so it is backward",
      look: "If h grows by 0.1 where it is kept, does thinned grow by 0.08 or by 0.125?",
      answer: ({ mask, dthinned }) => dthinned.mul(mask).mul(KEPT),
    },
    {
      id: "scale-of-dropped",
      idea: "the share that is dropped is used",
      sentence: "the gradient is divided by the share that is dropped: the line divides by the share that is kept",
      look: "Which number is in the forward line?",
      answer: ({ mask, dthinned }) => dthinned.mul(mask).div(1 - KEPT),
    },
    {
      id: "mask-of-signs",
      idea: "the mask is read from the signs of the output",
      sentence: "the mask is made of the signs of thinned, which are -1 where h is negative: mask is 1 there",
      look: "What is the sign of a negative number that was kept?",
      answer: ({ thinned, dthinned }) => dthinned.mul(thinned.sign()).div(KEPT),
    },
    {
      id: "mask-inverted",
      idea: "the mask is taken to say what is dropped",
      sentence: "the mask is inverted: it is 1 where an entry is kept",
      look: "Where is thinned 0, and what is the mask there?",
      answer: ({ mask, dthinned }) => dthinned.sub(dthinned.mul(mask)).div(KEPT),
    },
    {
      id: "times-h",
      idea: "the value is used as the local gradient",
      sentence: "the upstream gradient is multiplied by the thinned values: h itself is not in its own local gradient",
      look: looks.ownFactor("h"),
      answer: ({ thinned, dthinned }) => dthinned.mul(thinned),
    },
    {
      id: "sign",
      idea: "the gradient is negated",
      sentence: "the sign is flipped",
      look: looks.sign("h"),
      answer: ({ mask, dthinned }) => dthinned.mul(mask).div(-KEPT),
    },
    {
      id: "passed-through",
      idea: "dropout is taken to act in the forward pass only",
      sentence: "the upstream gradient is returned unchanged: dropout acts on the way back as well",
      look: "If h grows by 0.1, by how much does thinned grow: where it is kept, and where it is not?",
      answer: ({ dthinned }) => dthinned.clone(),
    },
    {
      id: "scale-of-mask",
      idea: "the share is counted in the mask",
      sentence: "the gradient is divided by the share that this mask keeps: the line divides by a constant",
      look: "Which number is in the forward line?",
      answer: ({ mask, dthinned }) => dthinned.mul(mask).div(mask.mean()),
    },
  ],

  alsoRight: [
    {
      code: "return dthinned.mul(mask.div(0.8));",
      why: "The mask with its scale is what the line multiplies h by: compute that factor once, and use it twice.",
    },
  ],

  forms: [
    ({ mask, dthinned }) => dthinned.mul(mask).div(KEPT),
    ({ mask, dthinned }) => mask.div(KEPT).mul(dthinned),
    ({ mask, dthinned }) => dthinned.mul(1.25).mul(mask),
    ({ thinned, dthinned }) => thinned.pow(2).sign().mul(dthinned).div(KEPT),
    ({ mask, dthinned }) => build([...mask.shape], (i, j) => (mask.get(i, j) * dthinned.get(i, j)) / KEPT),
    ({ mask, dthinned }) =>
      each(zerosLike(mask), (i, j, d) => mask.get(i, j) === 1 && d.set(i, j, dthinned.get(i, j) / KEPT)),
  ],
});
