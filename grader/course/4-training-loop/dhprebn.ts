import { keepdim } from "#tensor";
import { FACTORS, SLOPE, TERMS } from "./looks.ts";
import type { LoopMistake } from "./mistake.ts";
import { batchnorm, one, right, short } from "./pieces.ts";

/** Wrong in dhprebn, part 3's formula. */
export const dhprebn: readonly LoopMistake[] = [
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
    idea: "mean and variance count as constants",
    sentence:
      "dhprebn has the direct term alone: mean and variance are made from hprebn, and a gradient comes back through both",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { mean: 0, variance: 0 }) },
  },
  {
    id: "variance-by-n",
    idea: "the biased variance's formula",
    sentence: "the variance's term in dhprebn is divided by n: the forward pass divides the variance by n - 1",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { degrees: values.n }) },
  },
  {
    id: "bessel-inverted",
    idea: "the correction of the variance is turned over",
    sentence: "in the variance's term of dhprebn, (n - 1)/n stands for n/(n - 1)",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { variance: ((values.n - 1) / values.n) ** 2 }) },
  },
  {
    id: "sums-exchanged",
    idea: "the gradients of gain and bias change places in part 3's formula",
    sentence:
      "the two sums of part 3's formula are exchanged in dhprebn: the mean's term has the sum with bnraw, the variance's the plain one",
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
    idea: "n - 1 stands in the mean's term as well",
    sentence: "the mean's term in dhprebn is divided by n - 1: only the variance is; the mean divides by n",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { over: values.n - 1 }) },
  },
  {
    id: "mean-term-added",
    idea: "the mean's term is added",
    sentence: "the mean's term in dhprebn has the wrong sign: it is subtracted",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { mean: -1 }) },
  },
  {
    id: "variance-term-added",
    idea: "the variance's term is added",
    sentence: "the variance's term in dhprebn has the wrong sign: it is subtracted",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { variance: -1 }) },
  },
  {
    id: "both-terms-added",
    idea: "both terms are added",
    sentence: "the mean's and the variance's terms in dhprebn have the wrong sign: both are subtracted",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { mean: -1, variance: -1 }) },
  },
  {
    id: "variance-term-doubled",
    idea: "the square's factor is counted twice",
    sentence:
      "the variance's term in dhprebn is twice what it should be: the 2 of the square and the half of the root cancel",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { variance: 2 }) },
  },
  {
    id: "variance-term-halved",
    idea: "the half of the root is counted, the square's 2 is not",
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
    sentence: "the sum in the mean's term of dhprebn is not divided by n: it is the mean that is subtracted",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { over: 1 }) },
  },
  {
    id: "batchnorm-not-divided",
    idea: "the 1/n in front is left out",
    sentence:
      "dhprebn is n times what it should be: the formula that multiplies the upstream gradient by n divides all of it by n",
    look: TERMS,
    changes: { dhprebn: (values) => right("dhprebn", values).mul(values.n) },
  },
  {
    id: "bnraw-once",
    idea: "the variance's term is not weighted by bnraw",
    sentence:
      "in the variance's term of dhprebn, the sum is not multiplied by bnraw: the same amount is taken from every row",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { by: values.bnraw.mul(0).add(1) }) },
  },
  {
    id: "bnraw-not-in-sum",
    idea: "the sum of the variance's term has no bnraw",
    sentence: "in the variance's term of dhprebn, the sum is over dhpreact alone; it is over dhpreact times bnraw",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { weights: values.bnraw.mul(0).add(1) }) },
  },
  {
    id: "hprebn-in-variance-term",
    idea: "hprebn stands for bnraw",
    sentence: "the variance's term of dhprebn has hprebn, from before the normalization, where bnraw belongs",
    look: TERMS,
    changes: { dhprebn: (values) => batchnorm(values, { weights: values.hprebn, by: values.hprebn }) },
  },
  {
    id: "gain-forgotten",
    idea: "the gain is left out on the way back",
    sentence: "dhprebn is not multiplied by bngain: the gain stands in the forward line of hpreact",
    look: FACTORS,
    changes: { dhprebn: (values) => batchnorm(values, { gain: one }) },
  },
  {
    id: "bias-for-gain",
    idea: "the bias stands for the gain",
    sentence: "dhprebn is multiplied by bnbias where bngain belongs",
    look: FACTORS,
    changes: { dhprebn: (values) => batchnorm(values, { gain: values.bnbias }) },
  },
  {
    id: "inverse-forgotten",
    idea: "the deviation is left out on the way back",
    sentence: "dhprebn is not multiplied by bnvar_inv",
    look: FACTORS,
    changes: { dhprebn: (values) => batchnorm(values, { inverse: one }) },
  },
  {
    id: "variance-for-inverse",
    idea: "the variance stands for its inverse root",
    sentence: "dhprebn is multiplied by bnvar where bnvar_inv belongs",
    look: FACTORS,
    changes: { dhprebn: (values) => batchnorm(values, { inverse: values.bnvar }) },
  },
  {
    id: "divided-by-variance",
    idea: "the root is forgotten",
    sentence: "dhprebn is divided by the variance; it is divided by its root, the deviation",
    look: FACTORS,
    changes: { dhprebn: (values) => batchnorm(values, { inverse: values.bnvar_inv.pow(2) }) },
  },
  {
    id: "divided-by-inverse",
    idea: "the inverse is inverted",
    sentence: "dhprebn is divided by bnvar_inv; it is multiplied by it",
    look: FACTORS,
    changes: { dhprebn: (values) => batchnorm(values, { inverse: values.bnvar_inv.pow(-1) }) },
  },
  {
    id: "epsilon-missing-backward",
    idea: "epsilon is left out on the way back alone",
    sentence:
      "dhprebn is made with the inverse root of the variance without epsilon; the forward pass has it in bnvar_inv",
    look: FACTORS,
    changes: { dhprebn: (values) => batchnorm(values, { inverse: values.bnvar.pow(-0.5) }) },
  },
  {
    id: "n-written",
    idea: "the batch's size is written as a number",
    sentence:
      "32 stands for n on the way back through batchnorm and in dlogits: it is the lecture's batch size, and n is this batch's",
    look: "How many rows has this batch? Xb knows.",
    changes: {
      dlogits: (values) => right("dlogits", values).mul(values.n / 32),
      dhprebn: (values) => batchnorm(values, { over: 32, degrees: 31 }),
    },
  },
  {
    id: "n-written-in-dlogits",
    idea: "the batch's size is written as a number in dlogits",
    sentence: "dlogits is divided by 32, the lecture's batch size; n is this batch's",
    look: "How many rows has this batch? Xb knows.",
    changes: { dlogits: (values) => right("dlogits", values).mul(values.n / 32) },
  },
  {
    id: "n-written-in-batchnorm",
    idea: "the batch's size is written as a number in batchnorm",
    sentence:
      "32 stands for n on the way back through batchnorm: it is the lecture's batch size, and n is this batch's",
    look: "How many rows has this batch? Xb knows.",
    changes: { dhprebn: (values) => batchnorm(values, { over: 32, degrees: 31 }) },
  },
  ...[1e-3, 1e-4, 2e-5, 1e-6].map((epsilon): LoopMistake => ({
    id: `epsilon-${short(epsilon)}-backward`,
    idea: `epsilon is ${short(epsilon)} on the way back alone`,
    sentence: `dhprebn is made with an epsilon of ${short(epsilon)}; the forward pass has 1e-5, which shows in a neuron that hardly varies`,
    look: FACTORS,
    changes: { dhprebn: (values) => batchnorm(values, { inverse: values.bnvar.add(epsilon).pow(-0.5) }) },
  })),
  {
    id: "batchnorm-forgotten",
    idea: "batchnorm is passed as if it were not there",
    sentence: "dhprebn is dhpreact as it is: batchnorm has a backward step of its own, part 3's",
    look: TERMS,
    changes: { dhprebn: ({ dhpreact }) => dhpreact },
  },
  {
    id: "from-dh",
    idea: "tanh is skipped on the way to batchnorm",
    sentence: "dhprebn is made from dh: the slope of tanh is missing there, and is right for bngain and bnbias",
    alone: ", and is right for bngain and bnbias",
    look: SLOPE,
    changes: {
      dhprebn: (values) => batchnorm({ ...values, dhpreact: values.dh }, {}),
    },
  },
  {
    id: "normalized-over-neurons",
    idea: "the sums run over the neurons",
    sentence:
      "the sums in dhprebn run along the rows: batchnorm's mean and variance are taken down the batch, dimension 0",
    look: TERMS,
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
