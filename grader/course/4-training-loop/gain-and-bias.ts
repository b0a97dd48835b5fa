import { keepdim } from "#tensor";
import { rightLoop } from "../makemore/loop.ts";
import { BOTH_SUMS, RECORD, SHAPE, SUMS } from "./looks.ts";
import type { LoopMistake } from "./mistake.ts";
import { batchnorm, exchanged } from "./pieces.ts";

/** Mistakes in the gradients of bngain and bnbias. */
export const gainAndBias: readonly LoopMistake[] = [
  {
    id: "dbngain-mean",
    idea: "the copies of the gain are averaged",
    sentence:
      "the gradient of bngain is a mean over the batch: bngain was broadcast to every row, and the gradients of the copies add up",
    look: "The gain was broadcast down the batch: its gradient is the sum of its copies' gradients, over dimension 0.",
    changes: { dbngain: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).mean(0, keepdim) },
  },
  {
    id: "bnraw-forgotten",
    idea: "the gain's gradient has no factor",
    sentence:
      "the gradient of bngain is the sum of dhpreact alone: each entry should be multiplied by its entry of bnraw first",
    look: "In the forward line, bngain is multiplied by bnraw. What is its local gradient?",
    changes: { dbngain: ({ dhpreact }) => dhpreact.sum(0, keepdim) },
  },
  {
    id: "hpreact-for-bnraw",
    idea: "the output is used instead of the other factor",
    sentence:
      "the gradient of bngain is weighted by hpreact, the output; it should be weighted by the other factor, bnraw",
    look: "In the forward line, bngain is multiplied by bnraw. What is its local gradient?",
    changes: { dbngain: ({ hpreact, dhpreact }) => hpreact.mul(dhpreact).sum(0, keepdim) },
  },
  {
    id: "hprebn-for-bnraw",
    idea: "the values from before the normalization are used",
    sentence:
      "the gradient of bngain is weighted by hprebn, from before the normalization; it should be weighted by the other factor, bnraw",
    look: "In the forward line, bngain is multiplied by bnraw. What is its local gradient?",
    changes: { dbngain: ({ hprebn, dhpreact }) => hprebn.mul(dhpreact).sum(0, keepdim) },
  },
  {
    id: "dbngain-from-dh",
    idea: "tanh is skipped for the gain",
    sentence: "the gradient of bngain is computed from dh: between h and bngain, the slope of tanh is missing",
    look: "Which line uses bngain? Start from the gradient of that line's output.",
    changes: { dbngain: ({ bnraw, dh }) => bnraw.mul(dh).sum(0, keepdim) },
  },
  {
    id: "own-gain",
    idea: "the gain is weighted by itself",
    sentence:
      "the gradient of bngain is weighted by bngain itself; the local gradient of a factor is the other factor, bnraw",
    look: "In the forward line, bngain is multiplied by bnraw. What is its local gradient?",
    changes: { dbngain: ({ bngain, dhpreact }) => bngain.mul(dhpreact).sum(0, keepdim) },
  },
  {
    id: "summed-apart",
    idea: "the factors are summed before they are multiplied",
    sentence: "the gradient of bngain is a product of two sums: multiply elementwise, then sum",
    look: "The product of two sums is not the sum of the products.",
    changes: { dbngain: ({ bnraw, dhpreact }) => bnraw.sum(0, keepdim).mul(dhpreact.sum(0, keepdim)) },
  },
  {
    id: "dbnbias-mean",
    idea: "the copies of the bias are averaged",
    sentence: "the gradient of bnbias is a mean over the batch: bnbias was added to every row, and the rows add up",
    look: SUMS,
    changes: { dbnbias: ({ dhpreact }) => dhpreact.mean(0, keepdim) },
  },
  {
    id: "dbnbias-weighted",
    idea: "the bias gets the gain's gradient",
    sentence: "the gradient of bnbias is weighted by bnraw, like the gain's: the local gradient of a bias is one",
    look: SUMS,
    changes: { dbnbias: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim) },
  },
  {
    id: "dbnbias-times-gain",
    idea: "the gain is applied to the bias",
    sentence: "the gradient of bnbias is multiplied by bngain: the bias is added after the gain",
    look: SUMS,
    changes: { dbnbias: ({ bngain, dhpreact }) => bngain.mul(dhpreact).sum(0, keepdim) },
  },
  {
    id: "dbnbias-from-dh",
    idea: "tanh is skipped for the bias",
    sentence: "the gradient of bnbias is computed from dh: between h and bnbias, the slope of tanh is missing",
    look: "Which line uses bnbias? Start from the gradient of that line's output.",
    changes: { dbnbias: ({ dh }) => dh.sum(0, keepdim) },
  },
  {
    id: "gain-and-bias-mean",
    idea: "the copies of gain and bias are averaged",
    sentence:
      "the gradients of bngain and bnbias are means over the batch: both were broadcast to every row, and the gradients of the copies add up",
    look: BOTH_SUMS,
    changes: {
      dbngain: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).mean(0, keepdim),
      dbnbias: ({ dhpreact }) => dhpreact.mean(0, keepdim),
    },
  },
  {
    id: "means-for-the-fused-sums",
    idea: "the copies of gain and bias are averaged, and the averages are used again",
    sentence:
      "the gradients of bngain and bnbias are means over the batch, and part 3's formula uses them as if they were sums",
    look: BOTH_SUMS,
    changes: {
      dbngain: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).mean(0, keepdim),
      dbnbias: ({ dhpreact }) => dhpreact.mean(0, keepdim),
      dhprebn: (values) => batchnorm(values, { over: values.n ** 2, degrees: values.n * (values.n - 1) }),
    },
  },
  {
    id: "gain-and-bias-exchanged",
    idea: "the two sums are swapped",
    sentence: "the gradients of bngain and bnbias are swapped: each is under the other's name",
    look: RECORD,
    changes: { moving: (values) => exchanged(rightLoop.moving(values)), returned: ({ moving }) => moving },
  },
  {
    id: "gain-keepdim",
    idea: "the sum drops its dimension",
    sentence:
      "the gradient of bngain has shape [hidden]: the sum dropped its dimension, and bngain has shape [1, hidden]",
    look: SHAPE,
    changes: { dbngain: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0) },
  },
  {
    id: "bias-keepdim",
    idea: "the sum drops its dimension",
    sentence:
      "the gradient of bnbias has shape [hidden]: the sum dropped its dimension, and bnbias has shape [1, hidden]",
    look: SHAPE,
    changes: { dbnbias: ({ dhpreact }) => dhpreact.sum(0) },
  },
];
