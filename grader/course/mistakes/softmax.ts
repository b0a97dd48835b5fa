import { keepdim, oneHot, onesLike, zerosLike, type Tensor } from "#tensor";
import { mistake, type MistakesOf } from "./mistake.ts";

/** A tensor with one value at row i, column Yb[i]. */
function atLabels(like: Tensor, Yb: Tensor, value: number): Tensor {
  return oneHot(Yb, like.size(1)).mul(value);
}

/** Steps 1 to 8: from the loss back to the logits. */
export const softmaxMistakes: MistakesOf<
  "dlogprobs" | "dprobs" | "dcounts_sum_inv" | "dcounts_sum" | "dcounts" | "dnorm_logits" | "dlogit_maxes" | "dlogits"
> = {
  dlogprobs: [
    mistake(
      "sign",
      "the loss is taken for the mean, not minus the mean",
      "the sign is flipped: a larger log-probability of the right character lowers the loss",
      ({ logprobs, Yb }) => atLabels(logprobs, Yb, 1 / Yb.size(0)),
    ),
    mistake(
      "mean-forgotten",
      "the mean is taken for a sum",
      "each picked entry is too large by the number of examples: the loss is a mean over them",
      ({ logprobs, Yb }) => atLabels(logprobs, Yb, -1),
    ),
    mistake(
      "everywhere",
      "the mean is taken over everything, as if all entries were picked",
      "every entry is filled, but the loss reads one entry of each row; the others do not move it",
      ({ logprobs, Yb }) => onesLike(logprobs).mul(-1 / Yb.size(0)),
    ),
    mistake(
      "divided-by-all",
      "the mean is divided by the number of elements",
      "the picked entries are too small by the size of the vocabulary: the mean is over the examples, not over all elements",
      ({ logprobs, Yb }) => atLabels(logprobs, Yb, -1 / logprobs.numel()),
    ),
    mistake(
      "divided-by-vocab",
      "the mean is divided by the size of the vocabulary",
      "the picked entries are divided by the size of the vocabulary, but the mean is over the examples",
      ({ logprobs, Yb }) => atLabels(logprobs, Yb, -1 / logprobs.size(1)),
    ),
    mistake(
      "other-entries",
      "the picked entries and the others are exchanged",
      "the entries that the loss does not read are filled, and those that it reads are zero",
      ({ logprobs, Yb }) =>
        onesLike(logprobs)
          .sub(atLabels(logprobs, Yb, 1))
          .mul(-1 / Yb.size(0)),
    ),
    mistake(
      "fused",
      "the gradient by the logits is given",
      "this is the gradient with respect to the logits, probabilities less ones at the labels: logprobs is read at the labels alone",
      ({ logprobs, Yb }) =>
        logprobs
          .exp()
          .sub(atLabels(logprobs, Yb, 1))
          .div(Yb.size(0)),
    ),
    mistake(
      "first-column",
      "the labels are not used as columns",
      "one column is filled for all rows: which column is read differs from row to row, by the label",
      ({ logprobs, Yb }) => atLabels(logprobs, zeroIndices(Yb), -1 / Yb.size(0)),
    ),
    mistake(
      "logprobs-kept",
      "the value is taken for the slope",
      "the picked log-probabilities themselves are in the answer; the slope of a mean does not depend on its terms",
      ({ logprobs, Yb }) => logprobs.mul(atLabels(logprobs, Yb, -1 / Yb.size(0))),
    ),
    mistake(
      "zeros",
      "nothing was written into the zeros",
      "every entry is zero: nothing would move the loss",
      ({ logprobs }) => zerosLike(logprobs),
    ),
  ],
  dprobs: [
    mistake(
      "upstream-forgotten",
      "the slope alone is given",
      "this is the slope of the logarithm alone: the gradient from above is not in it",
      ({ probs }) => probs.pow(-1),
    ),
    mistake(
      "multiplied",
      "the slope of log is inverted",
      "the gradient from above is multiplied by probs: look at the slope of the logarithm again",
      ({ probs, dlogprobs }) => probs.mul(dlogprobs),
    ),
    mistake(
      "passed-through",
      "the logarithm is overlooked",
      "the gradient from above comes out as it went in: the logarithm has a slope of its own",
      ({ dlogprobs }) => dlogprobs.clone(),
    ),
    mistake(
      "sign",
      "a sign from the loss is put in again",
      "the sign is flipped: the logarithm rises",
      ({ probs, dlogprobs }) => dlogprobs.div(probs).neg(),
    ),
    mistake(
      "by-logprobs",
      "the output is used for the input",
      "the gradient from above is divided by the logarithm's output; its slope is one over its input",
      ({ logprobs, dlogprobs }) => dlogprobs.div(logprobs),
    ),
    mistake(
      "times-logprobs",
      "the value is taken for the slope",
      "the gradient from above is multiplied by the logarithm itself in place of its slope",
      ({ logprobs, dlogprobs }) => dlogprobs.mul(logprobs),
    ),
    mistake(
      "power-two",
      "the derivative of 1/x is used",
      "the slope used is that of an inverse, not that of a logarithm",
      ({ probs, dlogprobs }) => probs.pow(-2).neg().mul(dlogprobs),
    ),
    mistake(
      "log-softmax",
      "the whole log-softmax is differentiated",
      "from each row its sum is subtracted, weighted by probs, as the backward pass of a whole log-softmax does: here each entry has its own logarithm and no more",
      ({ probs, dlogprobs }) => dlogprobs.sub(probs.mul(dlogprobs.sum(1, keepdim))),
    ),
    mistake(
      "squared",
      "the slope is squared, as that of an inverse is",
      "the gradient from above is divided by the square of probs: the slope of the logarithm is one over its input, and no square",
      ({ probs, dlogprobs }) => probs.pow(-2).mul(dlogprobs),
    ),
  ],
  dcounts_sum_inv: [
    mistake(
      "not-summed",
      "the product rule without the broadcast",
      "the answer still has a column for each character: counts_sum_inv was copied across the row, so its gradient is summed over the row",
      ({ counts, dprobs }) => counts.mul(dprobs),
    ),
    mistake(
      "keepdim",
      "the sum drops its dimension",
      "the sum is over the right dimension but drops it: counts_sum_inv has shape [n, 1]",
      ({ counts, dprobs }) => counts.mul(dprobs).sum(1),
    ),
    mistake(
      "wrong-dimension",
      "the sum is over the batch",
      "the sum runs over the examples: counts_sum_inv was copied along the other dimension",
      ({ counts, dprobs }) => counts.mul(dprobs).sum(0, keepdim),
    ),
    mistake(
      "counts-forgotten",
      "the broadcast without the product rule",
      "the gradient from above is summed as it is: in the forward line each copy is multiplied by an entry of counts",
      ({ dprobs }) => dprobs.sum(1, keepdim),
    ),
    mistake(
      "probs-for-counts",
      "the output is used for the other factor",
      "the copies are weighted by probs, the product; the slope is the other factor",
      ({ probs, dprobs }) => probs.mul(dprobs).sum(1, keepdim),
    ),
    mistake(
      "own-factor",
      "the factor is multiplied by itself",
      "the copies are weighted by counts_sum_inv itself; the slope of a product is the other factor",
      ({ counts_sum_inv, dprobs }) => counts_sum_inv.mul(dprobs).sum(1, keepdim),
    ),
    mistake(
      "mean",
      "the copies are averaged",
      "the contributions of the copies are averaged; each of them moves the loss, so they add up",
      ({ counts, dprobs }) => counts.mul(dprobs).sum(1, keepdim).div(counts.size(1)),
    ),
    mistake(
      "sign",
      "the sign of the inverse comes too early",
      "the sign is flipped: this line is a plain product",
      ({ counts, dprobs }) => counts.mul(dprobs).sum(1, keepdim).neg(),
    ),
    mistake(
      "summed-apart",
      "the factors are summed before they are multiplied",
      "a factor is summed before the product is taken, or both are: each copy meets its own entry of counts",
      ({ counts, dprobs }) => counts.sum(1, keepdim).mul(dprobs.sum(1, keepdim)),
    ),
  ],
  dcounts_sum: [
    mistake(
      "sign",
      "the minus of the power rule is lost",
      "the sign is flipped: when the sum grows, its inverse falls",
      ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-2).mul(dcounts_sum_inv),
    ),
    mistake(
      "exponent",
      "the exponent is not lowered",
      "the exponent is still -1: the power rule lowers it by one",
      ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-1).neg().mul(dcounts_sum_inv),
    ),
    mistake(
      "upstream-forgotten",
      "the slope alone is given",
      "this is the slope of the inverse alone: the gradient from above is not in it",
      ({ counts_sum }) => counts_sum.pow(-2).neg(),
    ),
    mistake(
      "passed-through",
      "the inverse is overlooked",
      "the gradient from above comes out as it went in: the inverse has a slope of its own",
      ({ dcounts_sum_inv }) => dcounts_sum_inv.clone(),
    ),
    mistake(
      "exponent-raised",
      "the slope is taken to be -1, or the exponent is raised instead of lowered",
      "this is the upstream gradient with its sign flipped: counts_sum is not in the slope",
      ({ dcounts_sum_inv }) => dcounts_sum_inv.neg(),
    ),
    mistake(
      "inverse-of-upstream",
      "the gradient is inverted as the value is",
      "this is one over dcounts_sum_inv: a gradient is multiplied by the slope, it does not go through the function",
      ({ dcounts_sum_inv }) => dcounts_sum_inv.pow(-1),
    ),
    mistake(
      "log",
      "the derivative of a logarithm is used",
      "this is the slope of a logarithm: the line is a power",
      ({ counts_sum, dcounts_sum_inv }) => dcounts_sum_inv.div(counts_sum),
    ),
    mistake(
      "cube",
      "the exponent is lowered twice",
      "the exponent is lowered once too often",
      ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-3).neg().mul(dcounts_sum_inv),
    ),
    mistake(
      "square",
      "the sum is squared in place of its inverse",
      "the sum is squared where its inverse is to be",
      ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(2).neg().mul(dcounts_sum_inv),
    ),
  ],
  dcounts: [
    mistake(
      "second-branch-missing",
      "the sum is overlooked",
      "the second branch is missing: counts also feeds counts_sum, and that gradient is to be added",
      ({ counts_sum_inv, dprobs }) => counts_sum_inv.mul(dprobs),
    ),
    mistake(
      "first-branch-missing",
      "the product is overlooked",
      "the first branch is missing: counts also stands in the product that gives probs",
      ({ counts, dcounts_sum }) => onesLike(counts).mul(dcounts_sum),
    ),
    mistake(
      "difference",
      "the branches are subtracted",
      "the two branches are subtracted: both move the loss, so their gradients add up",
      ({ counts_sum_inv, dprobs, dcounts_sum }) => counts_sum_inv.mul(dprobs).sub(dcounts_sum),
    ),
    mistake(
      "sum-scaled",
      "the sum is taken for a mean",
      "the branch of the sum is divided by the size of the vocabulary: the backward pass of a sum copies, undivided",
      ({ counts, counts_sum_inv, dprobs, dcounts_sum }) =>
        counts_sum_inv.mul(dprobs).add(dcounts_sum.div(counts.size(1))),
    ),
    mistake(
      "sum-times-counts",
      "the sum is taken for a product",
      "the branch of the sum is multiplied by counts: every term of a sum has slope one",
      ({ counts, counts_sum_inv, dprobs, dcounts_sum }) => counts_sum_inv.mul(dprobs).add(counts.mul(dcounts_sum)),
    ),
    mistake(
      "product-alone",
      "the factor of the product is forgotten",
      "in the first branch the gradient from above is added as it is: in the product, counts meets counts_sum_inv",
      ({ dprobs, dcounts_sum }) => dprobs.add(dcounts_sum),
    ),
    mistake(
      "divided-by-inverse",
      "the inverse is inverted again",
      "the first branch is multiplied by the sum; the forward line multiplies by its inverse",
      ({ counts_sum, dprobs, dcounts_sum }) => counts_sum.mul(dprobs).add(dcounts_sum),
    ),
    mistake(
      "sign",
      "both branches are negated",
      "the sign of both branches is flipped",
      ({ counts_sum_inv, dprobs, dcounts_sum }) => counts_sum_inv.mul(dprobs).add(dcounts_sum).neg(),
    ),
    mistake(
      "halved",
      "the branches are averaged",
      "the branches are averaged; they add up",
      ({ counts_sum_inv, dprobs, dcounts_sum }) => counts_sum_inv.mul(dprobs).add(dcounts_sum).mul(0.5),
    ),
    mistake(
      "own-factor",
      "the wrong factor of the product",
      "in the first branch the gradient from above is multiplied by counts; the slope of a product is the other factor",
      ({ counts, dprobs, dcounts_sum }) => counts.mul(dprobs).add(dcounts_sum),
    ),
  ],
  dnorm_logits: [
    mistake(
      "passed-through",
      "the exponential is overlooked",
      "the gradient from above comes out as it went in: the exponential has a slope of its own",
      ({ dcounts }) => dcounts.clone(),
    ),
    mistake(
      "norm_logits-for-counts",
      "the input is used for the output",
      "the gradient from above is multiplied by norm_logits: the slope of exp is its output, not its input",
      ({ norm_logits, dcounts }) => norm_logits.mul(dcounts),
    ),
    mistake(
      "upstream-forgotten",
      "the slope alone is given",
      "this is the slope of the exponential alone: the gradient from above is not in it",
      ({ counts }) => counts.clone(),
    ),
    mistake(
      "divided",
      "the slope of exp is inverted",
      "the gradient from above is divided by counts in place of multiplied",
      ({ counts, dcounts }) => dcounts.div(counts),
    ),
    mistake(
      "power-rule",
      "the power rule is used on an exponential",
      "this is the power rule, x * e^(x - 1): it does not fit here, as the variable is in the exponent and not in the base",
      ({ norm_logits, dcounts }) => norm_logits.mul(norm_logits.sub(1).exp()).mul(dcounts),
    ),
    mistake(
      "times-norm_logits",
      "the input is multiplied in besides",
      "norm_logits is a factor too many: the slope of exp is its output, and nothing else",
      ({ norm_logits, counts, dcounts }) => norm_logits.mul(counts).mul(dcounts),
    ),
    mistake(
      "softmax",
      "the whole softmax is differentiated",
      "from each row its weighted sum is subtracted, as the backward pass of a softmax does: here each entry has its own exponential and no more",
      ({ counts, dcounts }) => counts.mul(dcounts.sub(counts.mul(dcounts).sum(1, keepdim))),
    ),
    mistake(
      "exp-of-upstream",
      "the exponential is taken of the gradient",
      "this is the exponential of dcounts: the slope multiplies the upstream gradient, and exp is not applied to it",
      ({ dcounts }) => dcounts.exp(),
    ),
    mistake(
      "exp-twice",
      "exp is applied to the output",
      "exp is applied to counts, which is an exponential already",
      ({ counts, dcounts }) => counts.exp().mul(dcounts),
    ),
    mistake(
      "squared",
      "the slope is multiplied in twice",
      "the gradient from above is multiplied by the square of counts: the slope of exp is its output, and that once",
      ({ counts, dcounts }) => counts.pow(2).mul(dcounts),
    ),
    mistake("sign", "a sign slips in", "the sign is flipped: the exponential rises", ({ counts, dcounts }) =>
      counts.mul(dcounts).neg(),
    ),
  ],
  dlogit_maxes: [
    mistake(
      "sign",
      "the minus of the subtraction is lost",
      "the sign is flipped: logit_maxes is subtracted",
      ({ dnorm_logits }) => dnorm_logits.sum(1, keepdim),
    ),
    mistake(
      "zeros",
      "the value in the full network is written down",
      "all zeros: that is its value in the full network, where other terms cancel, not the derivative of this line",
      ({ logit_maxes }) => zerosLike(logit_maxes),
    ),
    mistake(
      "mean",
      "the copies are averaged",
      "the contributions of the columns are averaged; each of them moves the loss, so they add up",
      ({ dnorm_logits }) => dnorm_logits.mean(1, keepdim).neg(),
    ),
    mistake(
      "halved",
      "the gradient is shared between the two tensors",
      "half of it is given: a subtraction hands the whole gradient to both sides",
      ({ dnorm_logits }) => dnorm_logits.sum(1, keepdim).mul(-0.5),
    ),
    mistake(
      "not-summed",
      "the sign without the broadcast",
      "the answer still has a column for each character: logit_maxes was copied across the row, so its gradient is summed over the row",
      ({ dnorm_logits }) => dnorm_logits.neg(),
    ),
    mistake(
      "keepdim",
      "the sum drops its dimension",
      "the sum is over the right dimension but drops it: logit_maxes has shape [n, 1]",
      ({ dnorm_logits }) => dnorm_logits.neg().sum(1),
    ),
    mistake(
      "wrong-dimension",
      "the sum is over the batch",
      "the sum runs over the examples: logit_maxes was copied along the other dimension",
      ({ dnorm_logits }) => dnorm_logits.neg().sum(0, keepdim),
    ),
    mistake(
      "at-maximum",
      "only the largest column is counted",
      "only the column of the maximum is in it: logit_maxes is subtracted from every column",
      ({ logits, dnorm_logits }) =>
        dnorm_logits
          .mul(oneHot(logits.max(1).indices, logits.size(1)))
          .sum(1, keepdim)
          .neg(),
    ),
    mistake(
      "weighted",
      "the values are taken for the slopes",
      "the columns are weighted by norm_logits: in a subtraction every slope is one or minus one",
      ({ norm_logits, dnorm_logits }) => norm_logits.mul(dnorm_logits).sum(1, keepdim).neg(),
    ),
  ],
  dlogits: [
    mistake(
      "max-branch-missing",
      "the maximum is overlooked",
      "the branch of the maximum is missing: logits also feeds logit_maxes",
      ({ dnorm_logits }) => dnorm_logits.clone(),
    ),
    mistake(
      "max-branch-doubled",
      "the maximum is counted twice",
      "the branch of the maximum is in it twice",
      ({ logits, dnorm_logits, dlogit_maxes }) =>
        dnorm_logits.add(oneHot(logits.max(1).indices, logits.size(1)).mul(dlogit_maxes).mul(2)),
    ),
    mistake(
      "max-branch-subtracted",
      "the sign of the subtraction is applied again",
      "the branch of the maximum is subtracted: the sign of the subtraction is in dlogit_maxes already",
      ({ logits, dnorm_logits, dlogit_maxes }) =>
        dnorm_logits.sub(oneHot(logits.max(1).indices, logits.size(1)).mul(dlogit_maxes)),
    ),
    mistake(
      "every-column",
      "the maximum is taken for a sum",
      "the branch of the maximum is added to every column: only the place it was taken from moves it",
      ({ dnorm_logits, dlogit_maxes }) => dnorm_logits.add(dlogit_maxes),
    ),
    mistake(
      "routed-to-label",
      "the label is taken for the winner",
      "the branch of the maximum goes to the label's column: it belongs to the column with the largest logit",
      ({ logits, dnorm_logits, dlogit_maxes, Yb }) => dnorm_logits.add(oneHot(Yb, logits.size(1)).mul(dlogit_maxes)),
    ),
    mistake(
      "max-branch-alone",
      "the subtraction is overlooked",
      "only the branch of the maximum is there: logits also stands in the subtraction",
      ({ logits, dlogit_maxes }) => oneHot(logits.max(1).indices, logits.size(1)).mul(dlogit_maxes),
    ),
    mistake(
      "max-over-batch",
      "the maximum is taken over the wrong dimension",
      "the winner is looked for down the batch: the maximum was taken along the row",
      ({ logits, dnorm_logits, dlogit_maxes }) =>
        dnorm_logits.add(oneHot(logits.max(0).indices, logits.size(0)).T.mul(dlogit_maxes)),
    ),
    mistake(
      "max-over-batch-as-columns",
      "the maximum is taken over the wrong dimension, and its rows for columns",
      "the maximum is taken over the wrong dimension: down the batch there is a winner for each character, and along the row one for each example",
      ({ logits, dnorm_logits, dlogit_maxes }) =>
        dnorm_logits.add(oneHot(logits.max(0).indices, logits.size(1)).mul(dlogit_maxes)),
    ),
    mistake(
      "max-branch-spread",
      "the maximum is taken for a mean",
      "the branch of the maximum is spread evenly over the row: the whole of it belongs to the winner",
      ({ logits, dnorm_logits, dlogit_maxes }) => dnorm_logits.add(dlogit_maxes.div(logits.size(1))),
    ),
    mistake(
      "winner-times-value",
      "the value is taken for the slope",
      "the branch of the maximum is multiplied by the logit: a maximum hands its gradient on undiminished",
      ({ logits, dnorm_logits, dlogit_maxes }) =>
        dnorm_logits.add(oneHot(logits.max(1).indices, logits.size(1)).mul(logits).mul(dlogit_maxes)),
    ),
    mistake(
      "sign",
      "both branches are negated",
      "the sign of both branches is flipped",
      ({ logits, dnorm_logits, dlogit_maxes }) =>
        dnorm_logits.add(oneHot(logits.max(1).indices, logits.size(1)).mul(dlogit_maxes)).neg(),
    ),
  ],
};

/** Indices of the first column, one a row. */
function zeroIndices(Yb: Tensor): Tensor {
  const first = Yb.clone();
  for (let i = 0; i < first.size(0); i++) first.set(i, 0);
  return first;
}
