import { crossEntropy, keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import type { FunctionStepId, GivenName } from "../../../grader/course/steps.ts";

type Given = Readonly<Record<GivenName<FunctionStepId>, Tensor>>;

/** Wrong answers that real learners could give, each a single mistake, written without having seen the catalogue. */
export const heldBack: { step: FunctionStepId; what: string; answer: (given: Given) => Tensor }[] = [
  // ---- 1 dlogprobs
  {
    step: "dlogprobs",
    what: "the value in place of the slope: each label's entry is -logprobs/n, the row's own share of the loss",
    answer: ({ logprobs, Yb }) => {
      const n = Yb.size(0);
      const out = zerosLike(logprobs);
      for (let i = 0; i < n; i++) out.set(i, Yb.get(i), -logprobs.get(i, Yb.get(i)) / n);
      return out;
    },
  },
  {
    step: "dlogprobs",
    what: "the gradient of the logits is given instead: (exp(logprobs) - one-hot of the labels) / n",
    answer: ({ logprobs, Yb }) =>
      logprobs
        .exp()
        .sub(oneHot(Yb, logprobs.size(1)))
        .div(Yb.size(0)),
  },
  {
    step: "dlogprobs",
    what: "the loss's value is taken for its gradient: the label's entries are -loss/n",
    answer: ({ logprobs, Yb, loss }) =>
      oneHot(Yb, logprobs.size(1))
        .mul(-1 / Yb.size(0))
        .mul(loss),
  },
  {
    step: "dlogprobs",
    what: "characters are counted from 1: -1/n stands one column to the left of each label (label 0 wraps to the last)",
    answer: ({ logprobs, Yb }) => {
      const n = Yb.size(0);
      const out = zerosLike(logprobs);
      for (let i = 0; i < n; i++) out.set(i, Yb.get(i) - 1, -1 / n);
      return out;
    },
  },
  {
    step: "dlogprobs",
    what: "every row uses the first row's label, Yb[0]",
    answer: ({ logprobs, Yb }) => {
      const n = Yb.size(0);
      const out = zerosLike(logprobs);
      for (let i = 0; i < n; i++) out.set(i, Yb.get(0), -1 / n);
      return out;
    },
  },
  {
    step: "dlogprobs",
    what: "the mean is taken over all elements of logprobs: -1/(n*vocab) at the labels",
    answer: ({ logprobs, Yb }) => oneHot(Yb, logprobs.size(1)).mul(-1 / logprobs.numel()),
  },
  {
    step: "dlogprobs",
    what: "the loop ends one row early (i < n - 1), so that the last row stays zero",
    answer: ({ logprobs, Yb }) => {
      const n = Yb.size(0);
      const out = zerosLike(logprobs);
      for (let i = 0; i < n - 1; i++) out.set(i, Yb.get(i), -1 / n);
      return out;
    },
  },

  // ---- 2 dprobs
  {
    step: "dprobs",
    what: "divides by logprobs instead of probs",
    answer: ({ logprobs, dlogprobs }) => dlogprobs.div(logprobs),
  },
  {
    step: "dprobs",
    what: "1e-5 is added to probs before dividing, for safety",
    answer: ({ probs, dlogprobs }) => dlogprobs.div(probs.add(1e-5)),
  },
  {
    step: "dprobs",
    what: "the logarithm is taken as that of base 10: the right gradient divided by ln 10",
    answer: ({ probs, dlogprobs }) => dlogprobs.div(probs.mul(Math.LN10)),
  },
  {
    step: "dprobs",
    what: "the slope of log is taken as that of exp: exp(probs) * dlogprobs",
    answer: ({ probs, dlogprobs }) => probs.exp().mul(dlogprobs),
  },
  {
    step: "dprobs",
    what: "differentiates once too often: the slope is -1/probs**2, the second derivative of log",
    answer: ({ probs, dlogprobs }) => probs.pow(-2).neg().mul(dlogprobs),
  },
  {
    step: "dprobs",
    what: "the slope is probs * (1 - probs), the diagonal of softmax's derivative (or sigmoid's)",
    answer: ({ probs, dlogprobs }) => probs.mul(tensor(1).sub(probs)).mul(dlogprobs),
  },
  {
    step: "dprobs",
    what: "probabilities below 0.01 are raised to 0.01 before dividing",
    answer: ({ probs, dlogprobs }) => {
      const clamped = tensor(
        Array.from(probs.toArray(), (p) => Math.max(p, 0.01)),
        probs.shape,
      );
      return dlogprobs.div(clamped);
    },
  },

  // ---- 3 dcounts_sum_inv
  {
    step: "dcounts_sum_inv",
    what: "the line's output in place of the other factor: sums probs * dprobs over the row",
    answer: ({ probs, dprobs }) => probs.mul(dprobs).sum(1, keepdim),
  },
  {
    step: "dcounts_sum_inv",
    what: "a product of sums in place of a sum of products: (row sum of counts) * (row sum of dprobs)",
    answer: ({ counts, dprobs }) => counts.sum(1, keepdim).mul(dprobs.sum(1, keepdim)),
  },
  {
    step: "dcounts_sum_inv",
    what: "multiplies by its own tensor, not the other factor: row sums of counts_sum_inv * dprobs",
    answer: ({ counts_sum_inv, dprobs }) => counts_sum_inv.mul(dprobs).sum(1, keepdim),
  },
  {
    step: "dcounts_sum_inv",
    what: "takes the largest of counts * dprobs in each row in place of their sum",
    answer: ({ counts, dprobs }) => counts.mul(dprobs).max(1, keepdim).values,
  },
  {
    step: "dcounts_sum_inv",
    what: "goes one line too far: multiplies by -counts_sum_inv**2 as well, which makes it dcounts_sum",
    answer: ({ counts_sum_inv, counts, dprobs }) => counts.mul(dprobs).sum(1, keepdim).mul(counts_sum_inv.pow(2).neg()),
  },
  {
    step: "dcounts_sum_inv",
    what: "the loop over the characters begins at column 1, so that column 0 is missing from the sum",
    answer: ({ counts_sum_inv, counts, dprobs }) => {
      const out = zerosLike(counts_sum_inv);
      for (let i = 0; i < counts.size(0); i++) {
        let sum = 0;
        for (let j = 1; j < counts.size(1); j++) sum += counts.get(i, j) * dprobs.get(i, j);
        out.set(i, 0, sum);
      }
      return out;
    },
  },

  // ---- 4 dcounts_sum
  {
    step: "dcounts_sum",
    what: "the exponent is not lowered: -counts_sum**-1 * dcounts_sum_inv",
    answer: ({ counts_sum_inv, dcounts_sum_inv }) => counts_sum_inv.neg().mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "the exponent is raised, not lowered: -1 * counts_sum**0, so -dcounts_sum_inv",
    answer: ({ dcounts_sum_inv }) => dcounts_sum_inv.neg(),
  },
  {
    step: "dcounts_sum",
    what: "integrates instead of differentiating: log(counts_sum) * dcounts_sum_inv",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.log().mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "the power -2 is taken of the inverse instead of the sum: -(counts_sum_inv ** -2) * dcounts_sum_inv",
    answer: ({ counts_sum_inv, dcounts_sum_inv }) => counts_sum_inv.pow(-2).neg().mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "the power rule for an exponent of -0.5: -0.5 * counts_sum**-1.5 * dcounts_sum_inv",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-1.5).mul(-0.5).mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "the gradient from above is added to the slope in place of multiplied: -counts_sum**-2 + dcounts_sum_inv",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-2).neg().add(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "the new exponent is also put in front: -2 * counts_sum**-2 * dcounts_sum_inv (2 times the right one)",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-2).mul(-2).mul(dcounts_sum_inv),
  },

  // ---- 5 dcounts
  {
    step: "dcounts",
    what: "only the branch through the product: counts_sum_inv * dprobs, without dcounts_sum",
    answer: ({ counts_sum_inv, dprobs }) => counts_sum_inv.mul(dprobs),
  },
  {
    step: "dcounts",
    what: "the sum's branch is multiplied by counts: counts_sum_inv * dprobs + counts * dcounts_sum",
    answer: ({ counts, dcounts_sum, counts_sum_inv, dprobs }) =>
      counts_sum_inv.mul(dprobs).add(counts.mul(dcounts_sum)),
  },
  {
    step: "dcounts",
    what: "the sum's branch is shared out as in a mean: dcounts_sum / vocab",
    answer: ({ counts, dcounts_sum, counts_sum_inv, dprobs }) =>
      counts_sum_inv.mul(dprobs).add(dcounts_sum.div(counts.size(1))),
  },
  {
    step: "dcounts",
    what: "the factor is drawn before both branches: counts_sum_inv * (dprobs + dcounts_sum)",
    answer: ({ dcounts_sum, counts_sum_inv, dprobs }) => dprobs.add(dcounts_sum).mul(counts_sum_inv),
  },
  {
    step: "dcounts",
    what: "the slope of the inverse, -counts_sum**-2, is applied to dcounts_sum again in the sum's branch",
    answer: ({ counts_sum, dcounts_sum, counts_sum_inv, dprobs }) =>
      counts_sum_inv.mul(dprobs).add(counts_sum.pow(-2).neg().mul(dcounts_sum)),
  },
  {
    step: "dcounts",
    what: "in the product's branch dprobs is summed over the row first: counts_sum_inv * dprobs.sum(1) + dcounts_sum",
    answer: ({ counts, dcounts_sum, counts_sum_inv, dprobs }) =>
      onesLike(counts).mul(counts_sum_inv.mul(dprobs.sum(1, keepdim)).add(dcounts_sum)),
  },
  {
    step: "dcounts",
    what: "in the product's branch the factor is counts_sum instead of its inverse",
    answer: ({ counts_sum, dcounts_sum, dprobs }) => counts_sum.mul(dprobs).add(dcounts_sum),
  },

  // ---- 6 dnorm_logits
  {
    step: "dnorm_logits",
    what: "exp is applied to what has been exponentiated already: exp(counts) * dcounts",
    answer: ({ counts, dcounts }) => counts.exp().mul(dcounts),
  },
  {
    step: "dnorm_logits",
    what: "the power rule on exp: norm_logits * exp(norm_logits - 1) * dcounts",
    answer: ({ norm_logits, dcounts }) => norm_logits.mul(norm_logits.sub(1).exp()).mul(dcounts),
  },
  {
    step: "dnorm_logits",
    what: "the exponential is also taken of the gradient from above: counts * exp(dcounts)",
    answer: ({ counts, dcounts }) => counts.mul(dcounts.exp()),
  },
  {
    step: "dnorm_logits",
    what: "softmax's rule for exp: counts * (dcounts - row sum of counts * dcounts)",
    answer: ({ counts, dcounts }) => counts.mul(dcounts.sub(counts.mul(dcounts).sum(1, keepdim))),
  },
  {
    step: "dnorm_logits",
    what: "the entry of each row's maximum gets no gradient (set to 0), since it is always 0 after the subtraction",
    answer: ({ norm_logits, counts, dcounts }) =>
      counts.mul(dcounts).mul(tensor(1).sub(oneHot(norm_logits.max(1).indices, norm_logits.size(1)))),
  },
  {
    step: "dnorm_logits",
    what: "divides by counts, as if the line were a logarithm",
    answer: ({ counts, dcounts }) => dcounts.div(counts),
  },

  // ---- 7 dlogit_maxes
  {
    step: "dlogit_maxes",
    what: "only the gradient at the row's largest logit is passed on: -dnorm_logits[i, argmax] without the other columns",
    answer: ({ logits, dnorm_logits }) => dnorm_logits.gather(1, logits.max(1, keepdim).indices).neg(),
  },
  {
    step: "dlogit_maxes",
    what: "the column of the maximum is left out of the sum, as if only the other columns had it subtracted",
    answer: ({ logits, dnorm_logits }) =>
      tensor(1)
        .sub(oneHot(logits.max(1).indices, logits.size(1)))
        .mul(dnorm_logits)
        .neg()
        .sum(1, keepdim),
  },
  {
    step: "dlogit_maxes",
    what: "returns zeros, since the loss does not depend on the maximum",
    answer: ({ logit_maxes }) => zerosLike(logit_maxes),
  },
  {
    step: "dlogit_maxes",
    what: "sums over the whole matrix: each row gets minus the sum of all entries of dnorm_logits",
    answer: ({ logit_maxes, dnorm_logits }) => zerosLike(logit_maxes).sub(dnorm_logits.sum()),
  },
  {
    step: "dlogit_maxes",
    what: "multiplies by logits before summing, as if the line were a product: -sum of logits * dnorm_logits",
    answer: ({ logits, dnorm_logits }) => logits.mul(dnorm_logits).sum(1, keepdim).neg(),
  },
  {
    step: "dlogit_maxes",
    what: "a mean over the row in place of the sum: -dnorm_logits.mean(1)",
    answer: ({ dnorm_logits }) => dnorm_logits.neg().mean(1, keepdim),
  },

  // ---- 8 dlogits
  {
    step: "dlogits",
    what: "the max branch goes to the smallest logit of the row instead of the largest",
    answer: ({ logits, dlogit_maxes, dnorm_logits }) =>
      dnorm_logits.add(oneHot(logits.neg().max(1).indices, logits.size(1)).mul(dlogit_maxes)),
  },
  {
    step: "dlogits",
    what: "the max branch goes to where dnorm_logits is largest instead of where logits is",
    answer: ({ logits, dlogit_maxes, dnorm_logits }) =>
      dnorm_logits.add(oneHot(dnorm_logits.max(1).indices, logits.size(1)).mul(dlogit_maxes)),
  },
  {
    step: "dlogits",
    what: "overwrites instead of accumulating: at the row's maximum stands dlogit_maxes alone, without dnorm_logits",
    answer: ({ logits, dlogit_maxes, dnorm_logits }) => {
      const out = dnorm_logits.clone();
      const at = logits.max(1).indices;
      for (let i = 0; i < logits.size(0); i++) out.set(i, at.get(i), dlogit_maxes.get(i, 0));
      return out;
    },
  },
  {
    step: "dlogits",
    what: "the max branch adds the maximum's value, logit_maxes, in place of its gradient",
    answer: ({ logits, logit_maxes, dnorm_logits }) =>
      dnorm_logits.add(oneHot(logits.max(1).indices, logits.size(1)).mul(logit_maxes)),
  },
  {
    step: "dlogits",
    what: "the max branch goes to the label's column, Yb, instead of the largest logit's",
    answer: ({ logits, dlogit_maxes, dnorm_logits, Yb }) =>
      dnorm_logits.add(oneHot(Yb, logits.size(1)).mul(dlogit_maxes)),
  },
  {
    step: "dlogits",
    what: "dlogit_maxes is shared out evenly over the row: dnorm_logits + dlogit_maxes / vocab",
    answer: ({ logits, dlogit_maxes, dnorm_logits }) => dnorm_logits.add(dlogit_maxes.div(logits.size(1))),
  },
  {
    step: "dlogits",
    what: "the fused formula from memory, without the gradients given: (softmax(logits) - one-hot of Yb) / n",
    answer: ({ logits, Yb }) =>
      logits
        .softmax(1)
        .sub(oneHot(Yb, logits.size(1)))
        .div(logits.size(0)),
  },

  // ---- 9 dh
  {
    step: "dh",
    what: "W2 is reshaped to [vocab, hidden] with view instead of transposed",
    answer: ({ W2, dlogits }) => dlogits.matmul(W2.view(W2.size(1), W2.size(0))),
  },
  {
    step: "dh",
    what: "undoes the forward line: the bias is subtracted first, (dlogits - b2) @ W2.T",
    answer: ({ W2, b2, dlogits }) => dlogits.sub(b2).matmul(W2.T),
  },
  {
    step: "dh",
    what: "goes one line too far: multiplies by tanh's slope 1 - h**2 as well",
    answer: ({ h, W2, dlogits }) => dlogits.matmul(W2.T).mul(tensor(1).sub(h.pow(2))),
  },
  {
    step: "dh",
    what: "the value in place of the gradient: logits @ W2.T",
    answer: ({ W2, logits }) => logits.matmul(W2.T),
  },
  {
    step: "dh",
    what: "a product of sums instead of a sum of products: row sum of dlogits times row sum of W2",
    answer: ({ W2, dlogits }) => dlogits.sum(1, keepdim).mul(W2.sum(1)),
  },
  {
    step: "dh",
    what: "W2 @ dlogits.T has the right shape the wrong way round and is brought to [n, hidden] with view, not transposed",
    answer: ({ h, W2, dlogits }) => W2.matmul(dlogits.T).view(h.shape),
  },

  // ---- 10 dW2
  {
    step: "dW2",
    what: "the gradient is averaged over the batch: h.T @ dlogits / n",
    answer: ({ h, dlogits }) => h.T.matmul(dlogits).div(h.size(0)),
  },
  {
    step: "dW2",
    what: "tanh's slope is put in place of h: (1 - h**2).T @ dlogits",
    answer: ({ h, dlogits }) => tensor(1).sub(h.pow(2)).T.matmul(dlogits),
  },
  {
    step: "dW2",
    what: "overwrites in the loop over the batch: only the last example's outer product of h and dlogits remains",
    answer: ({ W2, h, dlogits }) => {
      const out = zerosLike(W2);
      for (let i = 0; i < h.size(0); i++)
        for (let k = 0; k < W2.size(0); k++)
          for (let j = 0; j < W2.size(1); j++) out.set(k, j, h.get(i, k) * dlogits.get(i, j));
      return out;
    },
  },
  {
    step: "dW2",
    what: "h is reshaped to [hidden, n] with view instead of transposed",
    answer: ({ h, dlogits }) => h.view(h.size(1), h.size(0)).matmul(dlogits),
  },
  {
    step: "dW2",
    what: "the loop over the batch begins at 1, so that the first example is missing",
    answer: ({ W2, h, dlogits }) => {
      const out = zerosLike(W2);
      for (let k = 0; k < W2.size(0); k++)
        for (let j = 0; j < W2.size(1); j++) {
          let sum = 0;
          for (let i = 1; i < h.size(0); i++) sum += h.get(i, k) * dlogits.get(i, j);
          out.set(k, j, sum);
        }
      return out;
    },
  },
  {
    step: "dW2",
    what: "the gradient is accumulated onto the weights' values, starting from W2 instead of zeros",
    answer: ({ W2, h, dlogits }) => W2.add(h.T.matmul(dlogits)),
  },

  // ---- 11 db2
  {
    step: "db2",
    what: "the value in place of the gradient: logits.sum(0)",
    answer: ({ logits }) => logits.sum(0),
  },
  {
    step: "db2",
    what: "only the first example is taken: dlogits[0]",
    answer: ({ b2, dlogits }) => {
      const out = zerosLike(b2);
      for (let j = 0; j < b2.size(0); j++) out.set(j, dlogits.get(0, j));
      return out;
    },
  },
  {
    step: "db2",
    what: "dlogits is reshaped to [vocab, n] with view and summed over dimension 1",
    answer: ({ dlogits }) => dlogits.view(dlogits.size(1), dlogits.size(0)).sum(1),
  },
  {
    step: "db2",
    what: "multiplied by the bias, as if it were a factor: b2 * dlogits.sum(0)",
    answer: ({ b2, dlogits }) => b2.mul(dlogits.sum(0)),
  },
  {
    step: "db2",
    what: "summed over the characters too: each entry is the sum of all of dlogits",
    answer: ({ b2, dlogits }) => zerosLike(b2).add(dlogits.sum()),
  },
  {
    step: "db2",
    what: "a mean over the batch in place of the sum: dlogits.mean(0)",
    answer: ({ dlogits }) => dlogits.mean(0),
  },

  // ---- 12 dhpreact
  {
    step: "dhpreact",
    what: "tanh is applied twice: (1 - tanh(h)**2) * dh",
    answer: ({ h, dh }) => tensor(1).sub(h.tanh().pow(2)).mul(dh),
  },
  {
    step: "dhpreact",
    what: "precedence: 1 - (h**2 * dh) in place of (1 - h**2) * dh",
    answer: ({ h, dh }) => tensor(1).sub(h.pow(2).mul(dh)),
  },
  {
    step: "dhpreact",
    what: "the sign of tan's derivative: (1 + h**2) * dh",
    answer: ({ h, dh }) => h.pow(2).add(1).mul(dh),
  },
  {
    step: "dhpreact",
    what: "the derivative of arctan for that of tanh: dh / (1 + hpreact**2)",
    answer: ({ hpreact, dh }) => dh.div(hpreact.pow(2).add(1)),
  },
  {
    step: "dhpreact",
    what: "also treated as a relu: where hpreact is not positive the gradient is 0, elsewhere (1 - h**2) * dh",
    answer: ({ hpreact, h, dh }) => {
      const mask = tensor(
        Array.from(hpreact.toArray(), (x) => (x > 0 ? 1 : 0)),
        hpreact.shape,
      );
      return tensor(1).sub(h.pow(2)).mul(dh).mul(mask);
    },
  },
  {
    step: "dhpreact",
    what: "sigmoid's slope with tanh's output: h * (1 - h) * dh",
    answer: ({ h, dh }) => h.mul(tensor(1).sub(h)).mul(dh),
  },
  {
    step: "dhpreact",
    what: "the forward function is applied to the gradient: tanh(dh)",
    answer: ({ dh }) => dh.tanh(),
  },

  // ---- 13 dbngain
  {
    step: "dbngain",
    what: "recovers bnraw as hpreact / bngain and forgets the bias: sum over the batch of hpreact / bngain * dhpreact",
    answer: ({ bngain, hpreact, dhpreact }) => hpreact.div(bngain).mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbngain",
    what: "the bias is left in the slope: sum over the batch of (bnraw + bnbias) * dhpreact",
    answer: ({ bnbias, bnraw, dhpreact }) => bnraw.add(bnbias).mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbngain",
    what: "multiplies by its own tensor, not the other factor: sum over the batch of bngain * dhpreact",
    answer: ({ bngain, dhpreact }) => bngain.mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbngain",
    what: "divided by n - 1 as in a sample covariance",
    answer: ({ bnraw, dhpreact }) =>
      bnraw
        .mul(dhpreact)
        .sum(0, keepdim)
        .div(bnraw.size(0) - 1),
  },
  {
    step: "dbngain",
    what: "multiplied by the gain besides: bngain * sum over the batch of bnraw * dhpreact",
    answer: ({ bngain, bnraw, dhpreact }) => bngain.mul(bnraw).mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbngain",
    what: "the gain is treated as one number: every entry is the sum of bnraw * dhpreact over batch and neurons",
    answer: ({ bngain, bnraw, dhpreact }) => zerosLike(bngain).add(bnraw.mul(dhpreact).sum()),
  },

  // ---- 14 dbnbias
  {
    step: "dbnbias",
    what: "the gradient of the gain is given: sum over the batch of bnraw * dhpreact",
    answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbnbias",
    what: "the gain is applied to it: sum over the batch of bngain * dhpreact",
    answer: ({ bngain, dhpreact }) => bngain.mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbnbias",
    what: "the gradient from above is left out: the slope 1 summed over the batch, n everywhere",
    answer: ({ dhpreact }) => onesLike(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbnbias",
    what: "an added constant has derivative zero: returns zeros",
    answer: ({ bnbias }) => zerosLike(bnbias),
  },
  {
    step: "dbnbias",
    what: "the loop assigns (=) in place of adding (+=), so that only the last example's dhpreact remains",
    answer: ({ bnbias, dhpreact }) => {
      const out = zerosLike(bnbias);
      for (let i = 0; i < dhpreact.size(0); i++)
        for (let j = 0; j < dhpreact.size(1); j++) out.set(0, j, dhpreact.get(i, j));
      return out;
    },
  },
  {
    step: "dbnbias",
    what: "the bias is subtracted from the gradient before summing: (dhpreact - bnbias).sum(0)",
    answer: ({ bnbias, dhpreact }) => dhpreact.sub(bnbias).sum(0, keepdim),
  },

  // ---- 15 dbnraw
  {
    step: "dbnraw",
    what: "the bias is taken into the slope: (bngain + bnbias) * dhpreact",
    answer: ({ bngain, bnbias, dhpreact }) => bngain.add(bnbias).mul(dhpreact),
  },
  {
    step: "dbnraw",
    what: "the forward line applied to the gradient: bngain * dhpreact + bnbias",
    answer: ({ bngain, bnbias, dhpreact }) => bngain.mul(dhpreact).add(bnbias),
  },
  {
    step: "dbnraw",
    what: "summed over the batch and repeated in every row: bngain * dhpreact.sum(0)",
    answer: ({ bnraw, bngain, dhpreact }) => onesLike(bnraw).mul(bngain.mul(dhpreact).sum(0, keepdim)),
  },
  {
    step: "dbnraw",
    what: "the first neuron's gain, bngain[0, 0], is used for all neurons",
    answer: ({ bngain, dhpreact }) => dhpreact.mul(bngain.get(0, 0)),
  },
  {
    step: "dbnraw",
    what: "divides by the gain, undoing the multiplication: dhpreact / bngain",
    answer: ({ bngain, dhpreact }) => dhpreact.div(bngain),
  },
  {
    step: "dbnraw",
    what: "the gradient is centred too: the mean over the batch of bngain * dhpreact is subtracted",
    answer: ({ bngain, dhpreact }) => {
      const d = bngain.mul(dhpreact);
      return d.sub(d.mean(0, keepdim));
    },
  },

  // ---- 16 dbnvar_inv
  {
    step: "dbnvar_inv",
    what: "the line's output in place of the other factor: sum over the batch of bnraw * dbnraw",
    answer: ({ bnraw, dbnraw }) => bnraw.mul(dbnraw).sum(0, keepdim),
  },
  {
    step: "dbnvar_inv",
    what: "bndiff is squared: sum over the batch of bndiff**2 * dbnraw",
    answer: ({ bndiff, dbnraw }) => bndiff.pow(2).mul(dbnraw).sum(0, keepdim),
  },
  {
    step: "dbnvar_inv",
    what: "the line is taken for a division by the tensor: -(bndiff * dbnraw).sum(0) * bnvar_inv**-2, the quotient rule",
    answer: ({ bnvar_inv, bndiff, dbnraw }) => bndiff.mul(dbnraw).sum(0, keepdim).mul(bnvar_inv.pow(-2).neg()),
  },
  {
    step: "dbnvar_inv",
    what: "goes one line too far: multiplied by -0.5 * bnvar_inv**3, which makes it dbnvar",
    answer: ({ bnvar_inv, bndiff, dbnraw }) => bndiff.mul(dbnraw).sum(0, keepdim).mul(bnvar_inv.pow(3).mul(-0.5)),
  },
  {
    step: "dbnvar_inv",
    what: "a mean over the batch in place of the sum: (bndiff * dbnraw).mean(0)",
    answer: ({ bndiff, dbnraw }) => bndiff.mul(dbnraw).mean(0, keepdim),
  },
  {
    step: "dbnvar_inv",
    what: "bndiff's sign is lost: sum over the batch of |bndiff| * dbnraw",
    answer: ({ bndiff, dbnraw }) => bndiff.pow(2).sqrt().mul(dbnraw).sum(0, keepdim),
  },

  // ---- 17 dbnvar
  {
    step: "dbnvar",
    what: "the constant is left out of the bracket: -0.5 * bnvar**-1.5 * dbnvar_inv",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.pow(-1.5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "another epsilon: 1e-3 (as in Keras) in place of 1e-5",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-3).pow(-1.5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "1 is added to the exponent in place of subtracted: -0.5 * (bnvar + 1e-5)**0.5 * dbnvar_inv",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).pow(0.5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "the power is that of bnvar_inv, not of the variance: -0.5 * bnvar_inv**-1.5 * dbnvar_inv",
    answer: ({ bnvar_inv, dbnvar_inv }) => bnvar_inv.pow(-1.5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "the root is forgotten, the line is taken as 1 / (bnvar + 1e-5): -(bnvar + 1e-5)**-2 * dbnvar_inv",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).pow(-2).neg().mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "written with the output but one power short: -0.5 * bnvar_inv**2 * dbnvar_inv",
    answer: ({ bnvar_inv, dbnvar_inv }) => bnvar_inv.pow(2).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "the new exponent comes in front, not the old one: -1.5 * (bnvar + 1e-5)**-1.5 * dbnvar_inv (3 times the right one)",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).pow(-1.5).mul(-1.5).mul(dbnvar_inv),
  },

  // ---- 18 dbndiff2
  {
    step: "dbndiff2",
    what: "multiplied by bndiff2: bndiff2 / (n-1) * dbnvar",
    answer: ({ bndiff2, dbnvar }) => bndiff2.div(bndiff2.size(0) - 1).mul(dbnvar),
  },
  {
    step: "dbndiff2",
    what: "the square's factor 2 is brought in already: 2 / (n-1) * dbnvar",
    answer: ({ bndiff2, dbnvar }) =>
      onesLike(bndiff2)
        .mul(2 / (bndiff2.size(0) - 1))
        .mul(dbnvar),
  },
  {
    step: "dbndiff2",
    what: "the wrong extent is counted: 1 / (hidden - 1) in place of 1 / (n - 1)",
    answer: ({ bndiff2, dbnvar }) =>
      onesLike(bndiff2)
        .mul(1 / (bndiff2.size(1) - 1))
        .mul(dbnvar),
  },
  {
    step: "dbndiff2",
    what: "Bessel's correction in the wrong direction: 1 / (n + 1)",
    answer: ({ bndiff2, dbnvar }) =>
      onesLike(bndiff2)
        .mul(1 / (bndiff2.size(0) + 1))
        .mul(dbnvar),
  },
  {
    step: "dbndiff2",
    what: "the gradient goes to the first row only: 1/(n-1) * dbnvar in row 0, zeros in the others",
    answer: ({ bndiff2, dbnvar }) => {
      const n = bndiff2.size(0);
      const out = zerosLike(bndiff2);
      for (let j = 0; j < bndiff2.size(1); j++) out.set(0, j, dbnvar.get(0, j) / (n - 1));
      return out;
    },
  },
  {
    step: "dbndiff2",
    what: "the value in place of the gradient: bnvar / (n-1) in every row",
    answer: ({ bndiff2, bnvar }) =>
      onesLike(bndiff2)
        .mul(1 / (bndiff2.size(0) - 1))
        .mul(bnvar),
  },
  {
    step: "dbndiff2",
    what: "population variance: 1/n in place of 1/(n-1)",
    answer: ({ bndiff2, dbnvar }) =>
      onesLike(bndiff2)
        .mul(1 / bndiff2.size(0))
        .mul(dbnvar),
  },

  // ---- 19 dbndiff
  {
    step: "dbndiff",
    what: "in the square's branch bndiff2 stands in place of bndiff: bnvar_inv * dbnraw + 2 * bndiff2 * dbndiff2",
    answer: ({ bndiff2, dbndiff2, bnvar_inv, dbnraw }) => bnvar_inv.mul(dbnraw).add(bndiff2.mul(2).mul(dbndiff2)),
  },
  {
    step: "dbndiff",
    what: "in the square's branch the wrong gradient from above: bnvar_inv * dbnraw + 2 * bndiff * dbnraw",
    answer: ({ bndiff, bnvar_inv, dbnraw }) => bnvar_inv.mul(dbnraw).add(bndiff.mul(2).mul(dbnraw)),
  },
  {
    step: "dbndiff",
    what: "in the product's branch its own tensor in place of the other factor: bndiff * dbnraw + 2 * bndiff * dbndiff2",
    answer: ({ bndiff, dbndiff2, dbnraw }) => bndiff.mul(dbnraw).add(bndiff.mul(2).mul(dbndiff2)),
  },
  {
    step: "dbndiff",
    what: "goes one step too far: each column's mean is subtracted from the right answer",
    answer: ({ bndiff, dbndiff2, bnvar_inv, dbnraw }) => {
      const d = bnvar_inv.mul(dbnraw).add(bndiff.mul(2).mul(dbndiff2));
      return d.sub(d.mean(0, keepdim));
    },
  },
  {
    step: "dbndiff",
    what: "only the square's branch: 2 * bndiff * dbndiff2",
    answer: ({ bndiff, dbndiff2 }) => bndiff.mul(2).mul(dbndiff2),
  },
  {
    step: "dbndiff",
    what: "in the square's branch the power rule gives 2 without the bndiff: bnvar_inv * dbnraw + 2 * dbndiff2",
    answer: ({ dbndiff2, bnvar_inv, dbnraw }) => bnvar_inv.mul(dbnraw).add(dbndiff2.mul(2)),
  },
  {
    step: "dbndiff",
    what: "in the product's branch dbnraw is summed over the batch first and repeated: bnvar_inv * dbnraw.sum(0) + 2 * bndiff * dbndiff2",
    answer: ({ bndiff, dbndiff2, bnvar_inv, dbnraw }) =>
      bnvar_inv.mul(dbnraw.sum(0, keepdim)).add(bndiff.mul(2).mul(dbndiff2)),
  },

  // ---- 20 dbnmeani
  {
    step: "dbnmeani",
    what: "multiplied by bndiff before summing: -(bndiff * dbndiff).sum(0)",
    answer: ({ bndiff, dbndiff }) => bndiff.mul(dbndiff).neg().sum(0, keepdim),
  },
  {
    step: "dbnmeani",
    what: "returns zeros, since the differences from the mean add up to nothing",
    answer: ({ bnmeani }) => zerosLike(bnmeani),
  },
  {
    step: "dbnmeani",
    what: "a conditional: only the examples with hprebn above the mean are summed, -dbndiff where bndiff > 0",
    answer: ({ bnmeani, bndiff, dbndiff }) => {
      const out = zerosLike(bnmeani);
      for (let i = 0; i < dbndiff.size(0); i++)
        for (let j = 0; j < dbndiff.size(1); j++)
          if (bndiff.get(i, j) > 0) out.set(0, j, out.get(0, j) - dbndiff.get(i, j));
      return out;
    },
  },
  {
    step: "dbnmeani",
    what: "the minus is forgotten: dbndiff.sum(0)",
    answer: ({ dbndiff }) => dbndiff.sum(0, keepdim),
  },
  {
    step: "dbnmeani",
    what: "the slope of hprebn is added to that of the mean: the sum over the batch of 1 - dbndiff",
    answer: ({ dbndiff }) => tensor(1).sub(dbndiff).sum(0, keepdim),
  },
  {
    step: "dbnmeani",
    what: "divided by n - 1: -dbndiff.sum(0) / (n - 1)",
    answer: ({ dbndiff }) =>
      dbndiff
        .sum(0, keepdim)
        .neg()
        .div(dbndiff.size(0) - 1),
  },

  // ---- 21 dhprebn
  {
    step: "dhprebn",
    what: "only each example's own influence on the mean: (1 - 1/n) * dbndiff, without dbnmeani",
    answer: ({ hprebn, dbndiff }) => dbndiff.mul(1 - 1 / hprebn.size(0)),
  },
  {
    step: "dhprebn",
    what: "the mean's branch counted twice: dbnmeani / n and also dbndiff's mean over the batch subtracted",
    answer: ({ hprebn, dbnmeani, dbndiff }) => dbndiff.sub(dbndiff.mean(0, keepdim)).add(dbnmeani.div(hprebn.size(0))),
  },
  {
    step: "dhprebn",
    what: "the mean's branch adds the mean's value in place of its gradient: dbndiff + bnmeani / n",
    answer: ({ hprebn, bnmeani, dbndiff }) => dbndiff.add(bnmeani.div(hprebn.size(0))),
  },
  {
    step: "dhprebn",
    what: "the factor 1/n is drawn before both branches: (dbndiff + dbnmeani) / n",
    answer: ({ hprebn, dbnmeani, dbndiff }) => dbndiff.add(dbnmeani).div(hprebn.size(0)),
  },
  {
    step: "dhprebn",
    what: "the batch size is written as a constant: dbndiff + dbnmeani / 32",
    answer: ({ dbnmeani, dbndiff }) => dbndiff.add(dbnmeani.div(32)),
  },
  {
    step: "dhprebn",
    what: "the mean's branch is multiplied by hprebn: dbndiff + hprebn / n * dbnmeani",
    answer: ({ hprebn, dbnmeani, dbndiff }) => dbndiff.add(hprebn.div(hprebn.size(0)).mul(dbnmeani)),
  },
  {
    step: "dhprebn",
    what: "the mean is subtracted in the forward pass, so its branch is subtracted once more: dbndiff - dbnmeani / n",
    answer: ({ hprebn, dbnmeani, dbndiff }) => dbndiff.sub(dbnmeani.div(hprebn.size(0))),
  },

  // ---- 22 dembcat
  {
    step: "dembcat",
    what: "a mean over the neurons in place of the sum: dhprebn @ W1.T / hidden",
    answer: ({ W1, dhprebn }) => dhprebn.matmul(W1.T).div(W1.size(1)),
  },
  {
    step: "dembcat",
    what: "overwrites in the loop over the neurons: only the last neuron's product dhprebn * W1 remains",
    answer: ({ embcat, W1, dhprebn }) => {
      const out = zerosLike(embcat);
      for (let i = 0; i < embcat.size(0); i++)
        for (let k = 0; k < embcat.size(1); k++)
          for (let j = 0; j < W1.size(1); j++) out.set(i, k, dhprebn.get(i, j) * W1.get(k, j));
      return out;
    },
  },
  {
    step: "dembcat",
    what: "the bias is added to the gradient: (dhprebn + b1) @ W1.T",
    answer: ({ W1, b1, dhprebn }) => dhprebn.add(b1).matmul(W1.T),
  },
  {
    step: "dembcat",
    what: "multiplied elementwise by embcat besides: embcat * (dhprebn @ W1.T)",
    answer: ({ embcat, W1, dhprebn }) => embcat.mul(dhprebn.matmul(W1.T)),
  },
  {
    step: "dembcat",
    what: "the loop over the neurons ends one early, so that the last neuron is missing from the sum",
    answer: ({ embcat, W1, dhprebn }) => {
      const out = zerosLike(embcat);
      for (let i = 0; i < embcat.size(0); i++)
        for (let k = 0; k < embcat.size(1); k++) {
          let sum = 0;
          for (let j = 0; j < W1.size(1) - 1; j++) sum += dhprebn.get(i, j) * W1.get(k, j);
          out.set(i, k, sum);
        }
      return out;
    },
  },
  {
    step: "dembcat",
    what: "W1 is reshaped to [hidden, block*embd] with view instead of transposed",
    answer: ({ W1, dhprebn }) => dhprebn.matmul(W1.view(W1.size(1), W1.size(0))),
  },

  // ---- 23 dW1
  {
    step: "dW1",
    what: "dhprebn.T @ embcat, [hidden, block*embd], is brought to W1's shape with view, not transposed",
    answer: ({ W1, embcat, dhprebn }) => dhprebn.T.matmul(embcat).view(W1.shape),
  },
  {
    step: "dW1",
    what: "the value in place of the gradient: embcat.T @ hprebn",
    answer: ({ embcat, hprebn }) => embcat.T.matmul(hprebn),
  },
  {
    step: "dW1",
    what: "a product of sums instead of a sum of products: embcat.sum(0) times dhprebn.sum(0), an outer product",
    answer: ({ embcat, dhprebn }) => embcat.sum(0).view(-1, 1).mul(dhprebn.sum(0, keepdim)),
  },
  {
    step: "dW1",
    what: "the direction of descent in place of the gradient: -(embcat.T @ dhprebn)",
    answer: ({ embcat, dhprebn }) => embcat.T.matmul(dhprebn).neg(),
  },
  {
    step: "dW1",
    what: "embcat's mean over the batch is subtracted first: (embcat - embcat.mean(0)).T @ dhprebn",
    answer: ({ embcat, dhprebn }) => embcat.sub(embcat.mean(0, keepdim)).T.matmul(dhprebn),
  },
  {
    step: "dW1",
    what: "multiplied elementwise by the weights: W1 * (embcat.T @ dhprebn)",
    answer: ({ W1, embcat, dhprebn }) => W1.mul(embcat.T.matmul(dhprebn)),
  },

  // ---- 24 db1
  {
    step: "db1",
    what: "returns zeros, since batchnorm makes b1 without effect",
    answer: ({ b1 }) => zerosLike(b1),
  },
  {
    step: "db1",
    what: "the root of the sum of squares (the norm) of each column of dhprebn in place of the sum",
    answer: ({ dhprebn }) => dhprebn.pow(2).sum(0).sqrt(),
  },
  {
    step: "db1",
    what: "multiplied by hprebn before summing: (hprebn * dhprebn).sum(0)",
    answer: ({ hprebn, dhprebn }) => hprebn.mul(dhprebn).sum(0),
  },
  {
    step: "db1",
    what: "the loop begins at i = 1 with the sum at 0: the first example is missing",
    answer: ({ b1, dhprebn }) => {
      const out = zerosLike(b1);
      for (let i = 1; i < dhprebn.size(0); i++)
        for (let j = 0; j < b1.size(0); j++) out.set(j, out.get(j) + dhprebn.get(i, j));
      return out;
    },
  },
  {
    step: "db1",
    what: "accumulated onto the bias's value, starting from b1 instead of zeros: b1 + dhprebn.sum(0)",
    answer: ({ b1, dhprebn }) => b1.add(dhprebn.sum(0)),
  },
  {
    step: "db1",
    what: "the largest in each column in place of the sum: dhprebn.max(0).values",
    answer: ({ dhprebn }) => dhprebn.max(0).values,
  },

  // ---- 25 demb
  {
    step: "demb",
    what: "the value in place of the gradient: embcat under emb's shape",
    answer: ({ emb, embcat }) => embcat.view(emb.shape),
  },
  {
    step: "demb",
    what: "the columns are read as [embd, block]: demb[i, b, e] = dembcat[i, e*block + b]",
    answer: ({ emb, dembcat }) => {
      const [n, block, embd] = [emb.size(0), emb.size(1), emb.size(2)];
      const out = zerosLike(emb);
      for (let i = 0; i < n; i++)
        for (let b = 0; b < block; b++) for (let e = 0; e < embd; e++) out.set(i, b, e, dembcat.get(i, e * block + b));
      return out;
    },
  },
  {
    step: "demb",
    what: "the positions are in reversed order: demb[i, b] is the slice of position block-1-b",
    answer: ({ emb, dembcat }) => {
      const [n, block, embd] = [emb.size(0), emb.size(1), emb.size(2)];
      const out = zerosLike(emb);
      for (let i = 0; i < n; i++)
        for (let b = 0; b < block; b++)
          for (let e = 0; e < embd; e++) out.set(i, b, e, dembcat.get(i, (block - 1 - b) * embd + e));
      return out;
    },
  },
  {
    step: "demb",
    what: "the position's offset is forgotten: every position gets the first embd columns of dembcat",
    answer: ({ emb, dembcat }) => {
      const [n, block, embd] = [emb.size(0), emb.size(1), emb.size(2)];
      const out = zerosLike(emb);
      for (let i = 0; i < n; i++)
        for (let b = 0; b < block; b++) for (let e = 0; e < embd; e++) out.set(i, b, e, dembcat.get(i, e));
      return out;
    },
  },
  {
    step: "demb",
    what: "dembcat is transposed before the view: dembcat.T.view(emb.shape)",
    answer: ({ emb, dembcat }) => dembcat.T.view(emb.shape),
  },
  {
    step: "demb",
    what: "dembcat is seen as [block, n, embd] and the first two dimensions are then exchanged",
    answer: ({ emb, dembcat }) => {
      const [n, block, embd] = [emb.size(0), emb.size(1), emb.size(2)];
      const seen = dembcat.view(block, n, embd);
      const out = zerosLike(emb);
      for (let i = 0; i < n; i++)
        for (let b = 0; b < block; b++) for (let e = 0; e < embd; e++) out.set(i, b, e, seen.get(b, i, e));
      return out;
    },
  },
  {
    step: "demb",
    what: "shared out over the positions: dembcat under emb's shape, divided by block",
    answer: ({ emb, dembcat }) => dembcat.view(emb.shape).div(emb.size(1)),
  },

  // ---- 26 dC
  {
    step: "dC",
    what: "the character at index 0, '.', is skipped as padding: its row stays zero",
    answer: ({ C, Xb, demb }) => {
      const out = zerosLike(C);
      for (let i = 0; i < Xb.size(0); i++)
        for (let b = 0; b < Xb.size(1); b++) {
          const ix = Xb.get(i, b);
          if (ix === 0) continue;
          for (let e = 0; e < C.size(1); e++) out.set(ix, e, out.get(ix, e) + demb.get(i, b, e));
        }
      return out;
    },
  },
  {
    step: "dC",
    what: "each row is averaged over the character's occurrences in place of summed",
    answer: ({ C, Xb, demb }) => {
      const out = zerosLike(C).indexAdd(0, Xb, demb);
      const counts = Array.from({ length: C.size(0) }, () => 0);
      for (const ix of Xb.toArray()) counts[ix]!++;
      const divisors = tensor(
        counts.map((count) => Math.max(count, 1)),
        [C.size(0), 1],
      );
      return out.div(divisors);
    },
  },
  {
    step: "dC",
    what: "the indices are flattened position by position (Xb.T), the gradients example by example: they do not belong together",
    answer: ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, Xb.T.view(-1), demb.view(-1, C.size(1))),
  },
  {
    step: "dC",
    what: "only the last position of the context is collected",
    answer: ({ C, Xb, demb }) => {
      const last = Xb.size(1) - 1;
      const out = zerosLike(C);
      for (let i = 0; i < Xb.size(0); i++)
        for (let e = 0; e < C.size(1); e++) {
          const ix = Xb.get(i, last);
          out.set(ix, e, out.get(ix, e) + demb.get(i, last, e));
        }
      return out;
    },
  },
  {
    step: "dC",
    what: "the embedding's values are collected in place of their gradients: indexAdd of emb",
    answer: ({ C, Xb, emb }) => zerosLike(C).indexAdd(0, Xb, emb),
  },
  {
    step: "dC",
    what: "starts from C in place of zeros: C + the right gradient",
    answer: ({ C, Xb, demb }) => C.indexAdd(0, Xb, demb),
  },
  {
    step: "dC",
    what: "a character's first occurrence only: later ones are passed over, as already seen",
    answer: ({ C, Xb, demb }) => {
      const out = zerosLike(C);
      const seen = new Set<number>();
      for (let i = 0; i < Xb.size(0); i++)
        for (let b = 0; b < Xb.size(1); b++) {
          const ix = Xb.get(i, b);
          if (seen.has(ix)) continue;
          seen.add(ix);
          for (let e = 0; e < C.size(1); e++) out.set(ix, e, demb.get(i, b, e));
        }
      return out;
    },
  },

  // ---- 2.1 fused-dlogits
  {
    step: "fused-dlogits",
    what: "the label's 1 is subtracted after the division by n: softmax / n - one-hot",
    answer: ({ logits, Yb }) =>
      logits
        .softmax(1)
        .div(logits.size(0))
        .sub(oneHot(Yb, logits.size(1))),
  },
  {
    step: "fused-dlogits",
    what: "only the label's column gets a gradient: (softmax - 1) / n there, zeros elsewhere",
    answer: ({ logits, Yb }) => {
      const n = logits.size(0);
      const probs = logits.softmax(1);
      const out = zerosLike(logits);
      for (let i = 0; i < n; i++) out.set(i, Yb.get(i), (probs.get(i, Yb.get(i)) - 1) / n);
      return out;
    },
  },
  {
    step: "fused-dlogits",
    what: "softmax is applied twice: (softmax(softmax(logits)) - one-hot) / n",
    answer: ({ logits, Yb }) =>
      logits
        .softmax(1)
        .softmax(1)
        .sub(oneHot(Yb, logits.size(1)))
        .div(logits.size(0)),
  },
  {
    step: "fused-dlogits",
    what: "the one-hot stands at the row's largest logit in place of the label",
    answer: ({ logits }) =>
      logits
        .softmax(1)
        .sub(oneHot(logits.max(1).indices, logits.size(1)))
        .div(logits.size(0)),
  },
  {
    step: "fused-dlogits",
    what: "not normalised: the counts exp(logits - maximum) stand in place of the probabilities, (counts - one-hot) / n",
    answer: ({ logits, Yb }) =>
      logits
        .sub(logits.max(1, keepdim).values)
        .exp()
        .sub(oneHot(Yb, logits.size(1)))
        .div(logits.size(0)),
  },
  {
    step: "fused-dlogits",
    what: "multiplied by the loss's value, taken for the gradient from above",
    answer: ({ logits, Yb }) =>
      logits
        .softmax(1)
        .sub(oneHot(Yb, logits.size(1)))
        .div(logits.size(0))
        .mul(crossEntropy(logits, Yb)),
  },
  {
    step: "fused-dlogits",
    what: "the squared error's gradient besides: softmax's diagonal p * (1 - p) multiplies (p - one-hot) / n",
    answer: ({ logits, Yb }) => {
      const p = logits.softmax(1);
      return p
        .mul(tensor(1).sub(p))
        .mul(p.sub(oneHot(Yb, logits.size(1))))
        .div(logits.size(0));
    },
  },

  // ---- 3.1 fused-dhprebn
  {
    step: "fused-dhprebn",
    what: "Bessel's factor upside down: the variance's term has (n-1)/n in place of n/(n-1)",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const sum = dhpreact.sum(0, keepdim);
      const withRaw = dhpreact.mul(bnraw).sum(0, keepdim);
      const bracket = dhpreact
        .mul(n)
        .sub(sum)
        .sub(bnraw.mul((n - 1) / n).mul(withRaw));
      return bngain.mul(bnvar_inv).div(n).mul(bracket);
    },
  },
  {
    step: "fused-dhprebn",
    what: "the variance's term is spread with dhpreact in place of bnraw: dhpreact * n/(n-1) * sum(dhpreact * bnraw)",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const sum = dhpreact.sum(0, keepdim);
      const withRaw = dhpreact.mul(bnraw).sum(0, keepdim);
      const bracket = dhpreact
        .mul(n)
        .sub(sum)
        .sub(dhpreact.mul(n / (n - 1)).mul(withRaw));
      return bngain.mul(bnvar_inv).div(n).mul(bracket);
    },
  },
  {
    step: "fused-dhprebn",
    what: "bndiff in place of bnraw before the variance's sum: bnraw / bnvar_inv * n/(n-1) * sum(dhpreact * bnraw)",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const sum = dhpreact.sum(0, keepdim);
      const withRaw = dhpreact.mul(bnraw).sum(0, keepdim);
      const bracket = dhpreact
        .mul(n)
        .sub(sum)
        .sub(
          bnraw
            .div(bnvar_inv)
            .mul(n / (n - 1))
            .mul(withRaw),
        );
      return bngain.mul(bnvar_inv).div(n).mul(bracket);
    },
  },
  {
    step: "fused-dhprebn",
    what: "the first term in the bracket is not multiplied by n: dhpreact - sum - n/(n-1) * bnraw * sum(dhpreact * bnraw)",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const sum = dhpreact.sum(0, keepdim);
      const withRaw = dhpreact.mul(bnraw).sum(0, keepdim);
      const bracket = dhpreact.sub(sum).sub(bnraw.mul(n / (n - 1)).mul(withRaw));
      return bngain.mul(bnvar_inv).div(n).mul(bracket);
    },
  },
  {
    step: "fused-dhprebn",
    what: "the variance's term keeps its factor 2: 2n/(n-1) * bnraw * sum(dhpreact * bnraw)",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const sum = dhpreact.sum(0, keepdim);
      const withRaw = dhpreact.mul(bnraw).sum(0, keepdim);
      const bracket = dhpreact
        .mul(n)
        .sub(sum)
        .sub(bnraw.mul((2 * n) / (n - 1)).mul(withRaw));
      return bngain.mul(bnvar_inv).div(n).mul(bracket);
    },
  },
  {
    step: "fused-dhprebn",
    what: "the variance's term is added in place of subtracted",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const sum = dhpreact.sum(0, keepdim);
      const withRaw = dhpreact.mul(bnraw).sum(0, keepdim);
      const bracket = dhpreact
        .mul(n)
        .sub(sum)
        .add(bnraw.mul(n / (n - 1)).mul(withRaw));
      return bngain.mul(bnvar_inv).div(n).mul(bracket);
    },
  },
  {
    step: "fused-dhprebn",
    what: "bnraw is left out of the sum of the variance's term: n/(n-1) * bnraw * sum(dhpreact)",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const sum = dhpreact.sum(0, keepdim);
      const bracket = dhpreact
        .mul(n)
        .sub(sum)
        .sub(bnraw.mul(n / (n - 1)).mul(sum));
      return bngain.mul(bnvar_inv).div(n).mul(bracket);
    },
  },
  {
    step: "fused-dhprebn",
    what: "bnvar_inv stands cubed in the factor before the bracket",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const sum = dhpreact.sum(0, keepdim);
      const withRaw = dhpreact.mul(bnraw).sum(0, keepdim);
      const bracket = dhpreact
        .mul(n)
        .sub(sum)
        .sub(bnraw.mul(n / (n - 1)).mul(withRaw));
      return bngain.mul(bnvar_inv.pow(3)).div(n).mul(bracket);
    },
  },
];
