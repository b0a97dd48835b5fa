import { keepdim, oneHot, type Tensor } from "#tensor";
import { mistake, type MistakesOf } from "./mistake.ts";

/** Parts 2 and 3: cross-entropy and batchnorm in closed form. */
export const fusedMistakes: MistakesOf<"fused-dlogits" | "fused-dhprebn"> = {
  "fused-dlogits": [
    mistake(
      "mean-forgotten",
      "the mean is taken for a sum",
      "everything is too large by the number of examples: the loss is a mean over them",
      ({ logits, Yb }) => logits.softmax(1).sub(labels(logits, Yb)),
    ),
    mistake(
      "label-forgotten",
      "the right character is not singled out",
      "this is the push down on every character; the pull up on the right one is missing",
      ({ logits }) => logits.softmax(1).div(logits.size(0)),
    ),
    mistake(
      "subtracted-everywhere",
      "one is subtracted from every entry",
      "one is subtracted everywhere: only the right character is pulled up",
      ({ logits }) => logits.softmax(1).sub(1).div(logits.size(0)),
    ),
    mistake(
      "softmax-down",
      "the softmax is taken over the batch",
      "the softmax runs down the batch: each example has probabilities of its own, along its row",
      ({ logits, Yb }) => logits.softmax(0).sub(labels(logits, Yb)).div(logits.size(0)),
    ),
    mistake(
      "sign",
      "the difference is taken the other way round",
      "the sign is flipped: more of the right character lowers the loss",
      ({ logits, Yb }) => labels(logits, Yb).sub(logits.softmax(1)).div(logits.size(0)),
    ),
    mistake(
      "divided-by-vocab",
      "the mean is taken over the vocabulary",
      "divided by the size of the vocabulary: the mean is over the examples",
      ({ logits, Yb }) => logits.softmax(1).sub(labels(logits, Yb)).div(logits.size(1)),
    ),
    mistake(
      "divided-by-all",
      "the mean is divided by the number of elements",
      "divided by the number of all elements: the mean is over the examples",
      ({ logits, Yb }) => logits.softmax(1).sub(labels(logits, Yb)).div(logits.numel()),
    ),
    mistake(
      "one-after-mean",
      "the one is subtracted after the division",
      "the one is not divided by the number of examples, the probabilities are",
      ({ logits, Yb }) => logits.softmax(1).div(logits.size(0)).sub(labels(logits, Yb)),
    ),
    mistake(
      "logits-for-probs",
      "the softmax is forgotten",
      "the logits stand where their probabilities are to be",
      ({ logits, Yb }) => logits.sub(labels(logits, Yb)).div(logits.size(0)),
    ),
    mistake(
      "sigmoid",
      "the sigmoid is taken for the softmax",
      "each logit goes through a sigmoid of its own: the probabilities of a row share one sum",
      ({ logits, Yb }) => sigmoid(logits).sub(labels(logits, Yb)).div(logits.size(0)),
    ),
    mistake(
      "log-probs",
      "the log-probabilities stand for the probabilities",
      "the logarithms of the probabilities stand where the probabilities should be",
      ({ logits, Yb }) => logits.softmax(1).log().sub(labels(logits, Yb)).div(logits.size(0)),
    ),
    mistake(
      "not-normalised",
      "the counts are not divided by their sum",
      "the counts stand where the probabilities should be: they are not divided by the sum of their row",
      ({ logits, Yb }) => counts(logits).sub(labels(logits, Yb)).div(logits.size(0)),
    ),
    mistake(
      "slope-besides",
      "the slope of a sigmoid is multiplied in",
      "the slope p * (1 - p) is multiplied in, as with a squared error: with cross-entropy it cancels",
      ({ logits, Yb }) => {
        const p = logits.softmax(1);
        return p.sub(labels(logits, Yb)).mul(p).mul(p.neg().add(1)).div(logits.size(0));
      },
    ),
    mistake(
      "label-alone",
      "the softmax is taken for a constant",
      "only the right character's pull is there: the others are pushed down by their probabilities",
      ({ logits, Yb }) => labels(logits, Yb).div(-logits.size(0)),
    ),
    mistake(
      "winner-for-label",
      "the winner is taken for the label",
      "the one is subtracted at the largest logit: it belongs to the right character",
      ({ logits }) =>
        logits
          .softmax(1)
          .sub(oneHot(logits.max(1).indices, logits.size(1)))
          .div(logits.size(0)),
    ),
    mistake(
      "one-added",
      "the one is added",
      "the one is added at the right character, which pushes it down",
      ({ logits, Yb }) => logits.softmax(1).add(labels(logits, Yb)).div(logits.size(0)),
    ),
  ],
  "fused-dhprebn": [
    mistake(
      "biased",
      "the formula of the biased variance is used",
      "the variance's term lacks the factor n/(n-1): this is the formula for a variance divided by n, which some notes print",
      (given) => combined(given, 1, 1, 1),
    ),
    mistake(
      "mean-term-missing",
      "the mean is taken for a constant",
      "the term of the mean is missing, or adds up to zero: every example moves the mean, and the mean moves all",
      (given) => combined(given, 0, bessel(given.bnraw), 1),
    ),
    mistake(
      "variance-term-missing",
      "the variance is taken for a constant",
      "the term of the variance is missing, or adds up to zero: every example moves the variance, and the variance scales all",
      (given) => combined(given, 1, 0, 1),
    ),
    mistake(
      "both-terms-missing",
      "mean and variance are taken for constants",
      "the terms of mean and variance are missing, or add up to zero: only the direct way is there",
      (given) => combined(given, 0, 0, 1),
    ),
    mistake(
      "bngain-missing",
      "the gain is forgotten",
      "the gain is missing: it scales what comes from above before anything else",
      (given) => combined(given, 1, bessel(given.bnraw), 1).div(given.bngain),
    ),
    mistake(
      "bnvar_inv-missing",
      "the scale is forgotten",
      "the inverse root of the variance is missing as a factor",
      (given) => combined(given, 1, bessel(given.bnraw), 1).div(given.bnvar_inv),
    ),
    mistake(
      "bessel-on-mean",
      "the factor stands on the mean's term too",
      "the factor n/(n-1) is on the mean's term too: only the variance divides by n - 1",
      (given) => combined(given, bessel(given.bnraw), bessel(given.bnraw), 1),
    ),
    mistake(
      "bessel-inverted",
      "the factor is inverted",
      "the factor on the variance's term is (n-1)/n: it belongs there the other way up",
      (given) => combined(given, 1, 1 / bessel(given.bnraw), 1),
    ),
    mistake(
      "variance-sign",
      "the variance's term is added",
      "the term of the variance is added: it is subtracted, as the mean's is",
      (given) => combined(given, 1, -bessel(given.bnraw), 1),
    ),
    mistake(
      "mean-sign",
      "the mean's term is added",
      "the term of the mean is added: it is subtracted, as the variance's is",
      (given) => combined(given, -1, bessel(given.bnraw), 1),
    ),
    mistake(
      "n-missing",
      "the first term is not multiplied by n",
      "the first term is not multiplied by n, though all is divided by n afterwards",
      (given) => combined(given, 1, bessel(given.bnraw), 1 / given.bnraw.size(0)),
    ),
    mistake(
      "not-divided",
      "the division by n is forgotten",
      "everything is too large by the number of examples: what stands outside of the bracket is divided by n",
      (given) => combined(given, 1, bessel(given.bnraw), 1).mul(given.bnraw.size(0)),
    ),
    mistake(
      "bnraw-left-out-of-sum",
      "the upstream gradients are summed for the variance too",
      "in the term of the variance dhpreact is summed alone: there, each entry is multiplied by its own of bnraw first",
      ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
        const n = bnraw.size(0);
        const sum = dhpreact.sum(0, keepdim);
        const term = bnraw.mul(n / (n - 1)).mul(sum);
        return bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(sum).sub(term));
      },
    ),
    mistake("sign", "a sign slips in", "the sign is flipped", (given) =>
      combined(given, 1, bessel(given.bnraw), 1).neg(),
    ),
    mistake(
      "sums-across",
      "the sums run over the neurons",
      "the sums run across the neurons: mean and variance are taken down the batch",
      (given) => combined(given, 1, bessel(given.bnraw), 1, 1),
    ),
  ],
};

function labels(logits: Tensor, Yb: Tensor): Tensor {
  return oneHot(Yb, logits.size(1));
}

function sigmoid(x: Tensor): Tensor {
  return x.neg().exp().add(1).pow(-1);
}

/** exp, with the row's maximum subtracted first. */
function counts(logits: Tensor): Tensor {
  return logits.sub(logits.max(1, keepdim).values).exp();
}

/** n/(n-1) */
function bessel(bnraw: Tensor): number {
  return bnraw.size(0) / (bnraw.size(0) - 1);
}

/**
 * The closed form with a weight for each of its terms: gain * inverse root / n * (direct * n * g - mean * sum(g) -
 * variance * raw * sum(g * raw)), the sums over `dim`.
 */
function combined(
  { bngain, bnvar_inv, bnraw, dhpreact }: Record<"bngain" | "bnvar_inv" | "bnraw" | "dhpreact", Tensor>,
  mean: number,
  variance: number,
  direct: number,
  dim = 0,
): Tensor {
  const n = bnraw.size(0);
  const meanTerm = dhpreact.sum(dim, keepdim).mul(mean);
  const varianceTerm = bnraw.mul(variance).mul(dhpreact.mul(bnraw).sum(dim, keepdim));
  const bracket = dhpreact
    .mul(n * direct)
    .sub(meanTerm)
    .sub(varianceTerm);
  return bngain.mul(bnvar_inv).div(n).mul(bracket);
}
