import { keepdim } from "#tensor";
import { EPSILON, FACTORS, ORDER, OVER_BATCH, TERMS } from "./looks.ts";
import type { LoopMistake } from "./mistake.ts";
import { alreadyMoved, batchnorm, movedAgain, one, right, short } from "./pieces.ts";

/** Mistakes in dhprebn, part 3's formula. */
export const dhprebn: readonly LoopMistake[] = [
  {
    id: "bngain-moved-first",
    idea: "bngain is updated before the backward pass uses it",
    sentence: "dhprebn is computed with a bngain that has already been updated",
    look: ORDER,
    changes: { dhprebn: (values) => batchnorm(values, { gain: alreadyMoved(values, "bngain", values.dbngain) }) },
  },
  {
    id: "bngain-moved-first-and-again",
    idea: "bngain is updated before the backward pass uses it, and again with the others",
    sentence:
      "bngain is updated twice: with all the others, and before that, so that dhprebn is computed with a bngain that has already been updated",
    look: ORDER,
    changes: {
      dhprebn: (values) => batchnorm(values, { gain: alreadyMoved(values, "bngain", values.dbngain) }),
      moved: movedAgain("bngain"),
    },
  },
  {
    id: "no-mean-term",
    idea: "the mean's term is left out",
    sentence: "the mean's term is missing in dhprebn: hprebn goes into the mean of its column as well",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { mean: 0 }) },
  },
  {
    id: "no-variance-term",
    idea: "the variance's term is left out",
    sentence: "the variance's term is missing in dhprebn: hprebn goes into the variance of its column as well",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { variance: 0 }) },
  },
  {
    id: "direct-term-alone",
    idea: "mean and variance are treated as constants",
    sentence:
      "dhprebn has only the direct term: mean and variance are computed from hprebn, and a gradient flows back through both",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { mean: 0, variance: 0 }) },
  },
  {
    id: "variance-by-n",
    idea: "the formula for the biased variance is used",
    sentence: "the variance's term in dhprebn is divided by n: the forward pass divides the variance by n - 1",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { degrees: values.n }) },
  },
  {
    id: "bessel-inverted",
    idea: "the correction of the variance is inverted",
    sentence: "the variance's term of dhprebn has (n - 1)/n instead of n/(n - 1)",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { variance: ((values.n - 1) / values.n) ** 2 }) },
  },
  {
    id: "sums-exchanged",
    idea: "the gradients of gain and bias are swapped in part 3's formula",
    sentence:
      "the two sums of part 3's formula are swapped in dhprebn: the mean's term has the sum with bnraw, the variance's term the plain one",
    look: TERMS,
    changes: {
      dhprebn: ({ bngain, bnvar_inv, bnraw, dhpreact, n }) => {
        const plain = dhpreact.sum(0, keepdim).div(n - 1);
        const weighted = bnraw.mul(dhpreact).sum(0, keepdim).div(n);
        return dhpreact.sub(weighted).sub(bnraw.mul(plain)).mul(bngain).mul(bnvar_inv);
      },
    },
  },
  {
    id: "mean-by-n-1",
    idea: "n - 1 is used in the mean's term as well",
    sentence: "the mean's term in dhprebn is divided by n - 1: the mean divides by n, and only the variance by n - 1",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { over: values.n - 1 }) },
  },
  {
    id: "mean-term-added",
    idea: "the mean's term is added",
    sentence: "the mean's term in dhprebn has the wrong sign: it should be subtracted",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { mean: -1 }) },
  },
  {
    id: "variance-term-added",
    idea: "the variance's term is added",
    sentence: "the variance's term in dhprebn has the wrong sign: it should be subtracted",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { variance: -1 }) },
  },
  {
    id: "both-terms-added",
    idea: "both terms are added",
    sentence: "the mean's and the variance's terms in dhprebn have the wrong sign: both should be subtracted",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { mean: -1, variance: -1 }) },
  },
  {
    id: "variance-term-doubled",
    idea: "the 2 of the square is counted, the half of the root is not",
    sentence:
      "the variance's term in dhprebn is twice what it should be: the 2 of the square and the half of the root cancel",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { variance: 2 }) },
  },
  {
    id: "variance-term-halved",
    idea: "the half of the root is counted, the 2 of the square is not",
    sentence:
      "the variance's term in dhprebn is half of what it should be: the 2 of the square and the half of the root cancel",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { variance: 0.5 }) },
  },
  {
    id: "variance-sum-not-divided",
    idea: "the sum of the variance's term is not divided",
    sentence: "the sum in the variance's term of dhprebn is not divided by n - 1",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { degrees: 1 }) },
  },
  {
    id: "mean-sum-not-divided",
    idea: "the sum of the mean's term is not divided",
    sentence: "the sum in the mean's term of dhprebn is not divided by n: the mean should be subtracted, not the sum",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { over: 1 }) },
  },
  {
    id: "batchnorm-not-divided",
    idea: "the 1/n in front is left out",
    sentence:
      "dhprebn is n times what it should be: the formula that multiplies the upstream gradient by n divides everything by n",
    look: TERMS,
    changes: { dhprebn: (values) => right("dhprebn", values).mul(values.n) },
  },
  {
    id: "bnraw-once",
    idea: "the variance's term is not weighted by bnraw",
    sentence:
      "in the variance's term of dhprebn, the sum is not multiplied by bnraw: the same amount is subtracted from every row",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { by: values.bnraw.mul(0).add(1) }) },
  },
  {
    id: "bnraw-not-in-sum",
    idea: "the sum of the variance's term has no bnraw",
    sentence:
      "in the variance's term of dhprebn, the sum is over dhpreact alone; it should be over dhpreact times bnraw",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { weights: values.bnraw.mul(0).add(1) }) },
  },
  {
    id: "hprebn-in-variance-term",
    idea: "hprebn is used instead of bnraw",
    sentence: "the variance's term of dhprebn has hprebn, from before the normalization, where bnraw belongs",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { weights: values.hprebn, by: values.hprebn }) },
  },
  {
    id: "gain-forgotten",
    idea: "the gain is left out of the backward pass",
    sentence: "dhprebn is not multiplied by bngain: the gain is a factor in the forward line of hpreact",
    look: FACTORS,
    changes: { dhprebn: (values) => batchnorm(values, { gain: one }) },
  },
  {
    id: "bias-for-gain",
    idea: "the bias is used instead of the gain",
    sentence: "dhprebn is multiplied by bnbias where bngain belongs",
    look: FACTORS,
    changes: { dhprebn: (values) => batchnorm(values, { gain: values.bnbias }) },
  },
  {
    id: "inverse-forgotten",
    idea: "the standard deviation is left out of the backward pass",
    sentence: "dhprebn is not multiplied by bnvar_inv",
    look: FACTORS,
    changes: { dhprebn: (values) => batchnorm(values, { inverse: one }) },
  },
  {
    id: "variance-for-inverse",
    idea: "the variance is used instead of its inverse root",
    sentence: "dhprebn is multiplied by bnvar where bnvar_inv belongs",
    look: FACTORS,
    changes: { dhprebn: (values) => batchnorm(values, { inverse: values.bnvar }) },
  },
  {
    id: "divided-by-variance",
    idea: "the root is forgotten",
    sentence: "dhprebn is divided by the variance; it should be divided by its root, the standard deviation",
    look: FACTORS,
    changes: { dhprebn: (values) => batchnorm(values, { inverse: values.bnvar_inv.pow(2) }) },
  },
  {
    id: "divided-by-inverse",
    idea: "the inverse is inverted",
    sentence: "dhprebn is divided by bnvar_inv; it should be multiplied by it",
    look: FACTORS,
    changes: { dhprebn: (values) => batchnorm(values, { inverse: values.bnvar_inv.pow(-1) }) },
  },
  {
    id: "epsilon-missing-backward",
    idea: "epsilon is left out of the backward pass alone",
    sentence:
      "dhprebn uses the inverse root of the variance without epsilon; bnvar_inv in the forward pass contains it",
    look: EPSILON,
    changes: { dhprebn: (values) => batchnorm(values, { inverse: values.bnvar.pow(-0.5) }) },
  },
  {
    id: "n-written",
    idea: "the batch's size is written as a number",
    sentence:
      "32 is used instead of n in dlogits and in the backward pass through batchnorm: it is the lecture's batch size, and n is the size of this batch",
    look: "How many rows does this batch have? The shape of Xb says.",
    changes: {
      dlogits: (values) => right("dlogits", values).mul(values.n / 32),
      dhprebn: (values) => batchnorm(values, { over: 32, degrees: 31 }),
    },
  },
  {
    id: "n-written-in-dlogits",
    idea: "the batch's size is written as a number in dlogits",
    sentence: "dlogits is divided by 32, the lecture's batch size; n is the size of this batch",
    look: "How many rows does this batch have? The shape of Xb says.",
    changes: { dlogits: (values) => right("dlogits", values).mul(values.n / 32) },
  },
  {
    id: "n-written-in-batchnorm",
    idea: "the batch's size is written as a number in batchnorm",
    sentence:
      "32 is used instead of n in the backward pass through batchnorm: it is the lecture's batch size, and n is the size of this batch",
    look: "How many rows does this batch have? The shape of Xb says.",
    changes: { dhprebn: (values) => batchnorm(values, { over: 32, degrees: 31 }) },
  },
  ...[1e-3, 1e-4, 2e-5, 1e-6].map((epsilon): LoopMistake => ({
    id: `epsilon-${short(epsilon)}-backward`,
    idea: `epsilon is ${short(epsilon)} in the backward pass alone`,
    sentence: `dhprebn uses an epsilon of ${short(epsilon)}; in the forward pass it is 1e-5, and the difference shows in a neuron with almost constant values`,
    look: EPSILON,
    changes: { dhprebn: (values) => batchnorm(values, { inverse: values.bnvar.add(epsilon).pow(-0.5) }) },
  })),
  {
    id: "batchnorm-forgotten",
    idea: "batchnorm is skipped, as if it were not there",
    sentence: "dhprebn is dhpreact, unchanged: batchnorm has its own backward step, part 3's formula",
    look: TERMS,
    changes: { dhprebn: ({ dhpreact }) => dhpreact },
  },
  {
    id: "from-dh",
    idea: "tanh is skipped on the way back to batchnorm",
    sentence: "dhprebn is computed from dh: the slope of tanh is missing there, and is right for bngain and bnbias",
    alone: ", and is right for bngain and bnbias",
    look: "Which gradient does part 3's formula start from? The output of batchnorm is hpreact, and tanh comes after it.",
    changes: {
      dhprebn: (values) => batchnorm({ ...values, dhpreact: values.dh }, {}),
    },
  },
  {
    id: "normalized-over-neurons",
    idea: "the sums run across the neurons",
    sentence:
      "the sums in dhprebn run across the neurons: batchnorm's mean and variance are taken down the batch, over dimension 0",
    look: OVER_BATCH,
    changes: {
      dhprebn: ({ bngain, bnvar_inv, bnraw, dhpreact, n }) =>
        dhpreact
          .sub(dhpreact.sum(1, keepdim).div(n))
          .sub(
            bnraw.mul(
              bnraw
                .mul(dhpreact)
                .sum(1, keepdim)
                .div(n - 1),
            ),
          )
          .mul(bngain)
          .mul(bnvar_inv),
    },
  },
];
