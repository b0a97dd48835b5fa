import type { StepHints } from "./hint.ts";

/** Part 3. */
export const fusedBatchnormHints: Readonly<Record<"fused-dhprebn", StepHints>> = {
  "fused-dhprebn": {
    ask:
      "bngain and bnvar_inv have one row, the other two and the answer have n. Which sums over the batch bring [n, " +
      "hidden] down to [1, hidden] on the way?",
    rule:
      "One number of hprebn reaches the loss in three ways: directly, through the mean, and through the variance. The " +
      "gradient has a term for each, and the last two hold a sum over the whole batch. Two tests: each column of the " +
      "answer sums to zero, and so does each column times bnraw, where the variance is far above 1e-5. Try both on the " +
      "single column below, whose answer is right.",
    numbers: { bngain: [[2]], bnvar_inv: [[0.5]], bnraw: [[-1], [0], [1]], dhpreact: [[3], [0], [0]] },
    show: ["bngain", "bnvar_inv", "dhpreact"],
    worked: "{bnraw 0 0} * {dhprebn 0 0} + {bnraw 1 0} * {dhprebn 1 0} + {bnraw 2 0} * {dhprebn 2 0} = 0",
    piece:
      "A common factor, and a bracket with three terms. The factor is made of the gain, the inverse root of the variance " +
      "and 1/n. In the bracket stand: n times what comes from above; less its sum over the batch (the mean's term); less " +
      "bnraw, scaled by one number a neuron (the variance's term). That number is a sum over the batch too, the one that " +
      "bngain collects in part 1; and beside it stands what is left over when the variance divides by n - 1 and the " +
      "bracket by n.",
    look: {
      sign:
        "Follow the direct way through the forward lines: hprebn less its mean, times bnvar_inv, times bngain. hprebn " +
        "stands there without a minus, so n times the upstream gradient stands in the bracket without one, and the two " +
        "sums are subtracted from it.",
      "bnraw-left-out-of-sum":
        "The number that scales bnraw is the one that bngain collects in part 1. What is multiplied there before the sum?",
      biased:
        "The lesson's section \"n against n-1\": 1/n stands outside the bracket, and the variance's term " +
        "came with 1/(n-1). Which factor makes up for it?",
      "bessel-on-mean":
        "Which of the two forward lines, mean and variance, divides by n - 1? One term alone has the factor.",
      "bessel-inverted": "What times 1/n gives 1/(n-1)? In a batch of two that number is 2, not 1/2.",
      "mean-term-missing": "Sum a column of your answer. It is to be zero, and without this term it is not.",
      "variance-term-missing": "Multiply your answer by bnraw and sum a column. It is to be nearly zero.",
      "both-terms-missing": "Sum a column of your answer, then a column of it times bnraw. Both are to be nearly zero.",
      "bngain-missing": "hpreact is the gain times bnraw, plus the bias: what does bnraw get of what comes from above?",
      "bnvar_inv-missing": "bnraw is bndiff times a scale: what does bndiff get of what bnraw gets?",
      "sums-across": "mean and variance are taken down the batch, over dimension 0. So are the sums that come back.",
      "n-missing": "Put the direct way alone on paper, without the bracket: is there a 1/n in it?",
      "not-divided": "Put the direct way alone on paper: n inside the bracket and 1/n outside it cancel.",
      "mean-sign": "Sum a column of your answer. With the right sign it is zero.",
      "variance-sign": "Multiply your answer by bnraw and sum a column. With the right sign it is nearly zero.",
    },
  },
};
