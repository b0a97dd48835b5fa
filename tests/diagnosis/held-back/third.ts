import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import type { FunctionStepId, GivenName } from "../../../grader/course/steps.ts";

type Given = Readonly<Record<GivenName<FunctionStepId>, Tensor>>;

/** Wrong answers that real learners could give, each a single mistake, written without having seen the catalogue. */
export const heldBack: { step: FunctionStepId; what: string; answer: (given: Given) => Tensor }[] = [
  // ---- 1 dlogprobs
  {
    step: "dlogprobs",
    what: "the minus of the negative mean is forgotten: +1/n at the labels",
    answer: ({ logprobs, Yb }) => oneHot(Yb, logprobs.size(1)).mul(1 / Yb.size(0)),
  },
  {
    step: "dlogprobs",
    what: "the mean is thought to run over all entries of logprobs: -1/(n*vocab) at the labels",
    answer: ({ logprobs, Yb }) => oneHot(Yb, logprobs.size(1)).mul(-1 / logprobs.numel()),
  },
  {
    step: "dlogprobs",
    what: "the lecture's batch size is written as a number: -1/32 at the labels, whatever n is",
    answer: ({ logprobs, Yb }) => {
      const out = zerosLike(logprobs);
      for (let i = 0; i < logprobs.size(0); i++) out.set(i, Yb.get(i), -1 / 32);
      return out;
    },
  },
  {
    step: "dlogprobs",
    what: "labels are taken to count from 1: -1/n is put one column to the left of the label (the last column for label 0)",
    answer: ({ logprobs, Yb }) => {
      const n = logprobs.size(0);
      const out = zerosLike(logprobs);
      for (let i = 0; i < n; i++) out.set(i, Yb.get(i) - 1, -1 / n);
      return out;
    },
  },
  {
    step: "dlogprobs",
    what: "jumps ahead to the fused formula of logits: (exp(logprobs) - onehot)/n",
    answer: ({ logprobs, Yb }) =>
      logprobs
        .exp()
        .sub(oneHot(Yb, logprobs.size(1)))
        .div(Yb.size(0)),
  },
  {
    step: "dlogprobs",
    what: "the loss itself is taken as the gradient from above in place of 1: -loss/n at the labels",
    answer: ({ logprobs, Yb, loss }) => oneHot(Yb, logprobs.size(1)).mul(loss).div(-Yb.size(0)),
  },
  {
    step: "dlogprobs",
    what: "the loop over the rows stops one early (i < n - 1), so the last example has no gradient",
    answer: ({ logprobs, Yb }) => {
      const n = logprobs.size(0);
      const out = zerosLike(logprobs);
      for (let i = 0; i < n - 1; i++) out.set(i, Yb.get(i), -1 / n);
      return out;
    },
  },

  // ---- 2 dprobs
  {
    step: "dprobs",
    what: "divides by the output logprobs in place of the input probs",
    answer: ({ logprobs, dlogprobs }) => dlogprobs.div(logprobs),
  },
  {
    step: "dprobs",
    what: "adds batchnorm's 1e-5 to probs before dividing, to be safe against division by zero",
    answer: ({ probs, dlogprobs }) => dlogprobs.div(probs.add(1e-5)),
  },
  {
    step: "dprobs",
    what: "log is taken as the logarithm to base 10: the slope is divided by ln 10",
    answer: ({ probs, dlogprobs }) => dlogprobs.div(probs.mul(Math.LN10)),
  },
  {
    step: "dprobs",
    what: "differentiates 1/x in place of log x: slope -1/probs^2",
    answer: ({ probs, dlogprobs }) => probs.pow(-2).neg().mul(dlogprobs),
  },
  {
    step: "dprobs",
    what: "gives the backward pass of log-softmax: dlogprobs - probs * dlogprobs.sum(1, keepdim)",
    answer: ({ probs, dlogprobs }) => dlogprobs.sub(probs.mul(dlogprobs.sum(1, keepdim))),
  },
  {
    step: "dprobs",
    what: "returns the local slope 1/probs alone, without the gradient from above",
    answer: ({ probs }) => probs.pow(-1),
  },

  // ---- 3 dcounts_sum_inv
  {
    step: "dcounts_sum_inv",
    what: "averages over the columns in place of summing",
    answer: ({ counts, dprobs }) => counts.mul(dprobs).mean(1, keepdim),
  },
  {
    step: "dcounts_sum_inv",
    what: "multiplies by the line's output probs in place of the other factor counts",
    answer: ({ probs, dprobs }) => probs.mul(dprobs).sum(1, keepdim),
  },
  {
    step: "dcounts_sum_inv",
    what: "sums counts and dprobs over each row separately and multiplies the sums",
    answer: ({ counts, dprobs }) => counts.sum(1, keepdim).mul(dprobs.sum(1, keepdim)),
  },
  {
    step: "dcounts_sum_inv",
    what: "assigns in place of adding up in the loop over columns, so only the last column is left",
    answer: ({ counts_sum_inv, counts, dprobs }) => {
      const out = zerosLike(counts_sum_inv);
      for (let i = 0; i < counts.size(0); i++)
        for (let j = 0; j < counts.size(1); j++) out.set(i, 0, counts.get(i, j) * dprobs.get(i, j));
      return out;
    },
  },
  {
    step: "dcounts_sum_inv",
    what: "forgets the factor counts: only dprobs is summed over the columns",
    answer: ({ dprobs }) => dprobs.sum(1, keepdim),
  },
  {
    step: "dcounts_sum_inv",
    what: "sums without keepdim, so the answer is a vector [n] in place of a column [n, 1]",
    answer: ({ counts, dprobs }) => counts.mul(dprobs).sum(1),
  },
  {
    step: "dcounts_sum_inv",
    what: "divides by counts in place of multiplying: sum of dprobs / counts",
    answer: ({ counts, dprobs }) => dprobs.div(counts).sum(1, keepdim),
  },

  // ---- 4 dcounts_sum
  {
    step: "dcounts_sum",
    what: "the minus from the exponent -1 is forgotten: counts_sum^-2 * dcounts_sum_inv",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-2).mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "the exponent is not lowered: -counts_sum^-1 * dcounts_sum_inv",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-1).neg().mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "the exponent is raised by one in place of lowered (-1 + 1 = 0): -dcounts_sum_inv",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(0).neg().mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "the power rule is evaluated at the output: -counts_sum_inv^-2 * dcounts_sum_inv",
    answer: ({ counts_sum_inv, dcounts_sum_inv }) => counts_sum_inv.pow(-2).neg().mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "the new exponent comes down in front in place of the old one: -2 * counts_sum^-2 * dcounts_sum_inv",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-2).mul(-2).mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "thinks that the gradient of an inverse is the inverse of the gradient: 1/dcounts_sum_inv",
    answer: ({ dcounts_sum_inv }) => dcounts_sum_inv.pow(-1),
  },

  // ---- 5 dcounts
  {
    step: "dcounts",
    what: "only the branch through probs; the branch through counts_sum is forgotten",
    answer: ({ counts_sum_inv, dprobs }) => counts_sum_inv.mul(dprobs),
  },
  {
    step: "dcounts",
    what: "multiplies dprobs by counts_sum in place of counts_sum_inv in the branch through probs",
    answer: ({ counts_sum, dcounts_sum, dprobs }) => counts_sum.mul(dprobs).add(dcounts_sum),
  },
  {
    step: "dcounts",
    what: "multiplies dcounts_sum by counts in the branch through the sum, as if it were a product",
    answer: ({ counts, dcounts_sum, counts_sum_inv, dprobs }) =>
      counts_sum_inv.mul(dprobs).add(counts.mul(dcounts_sum)),
  },
  {
    step: "dcounts",
    what: "brackets wrong: counts_sum_inv multiplies both branches",
    answer: ({ dcounts_sum, counts_sum_inv, dprobs }) => counts_sum_inv.mul(dprobs.add(dcounts_sum)),
  },
  {
    step: "dcounts",
    what: "shares dcounts_sum out among the columns: divided by vocab, as if the sum were a mean",
    answer: ({ counts, dcounts_sum, counts_sum_inv, dprobs }) =>
      counts_sum_inv.mul(dprobs).add(dcounts_sum.div(counts.size(1))),
  },
  {
    step: "dcounts",
    what: "multiplies the two branches in place of adding them",
    answer: ({ dcounts_sum, counts_sum_inv, dprobs }) => counts_sum_inv.mul(dprobs).mul(dcounts_sum),
  },

  // ---- 6 dnorm_logits
  {
    step: "dnorm_logits",
    what: "takes the input norm_logits for the slope in place of the output counts",
    answer: ({ norm_logits, dcounts }) => norm_logits.mul(dcounts),
  },
  {
    step: "dnorm_logits",
    what: "applies exp once more, to the output: exp(counts) * dcounts",
    answer: ({ counts, dcounts }) => counts.exp().mul(dcounts),
  },
  {
    step: "dnorm_logits",
    what: "uses the power rule on exp: norm_logits * exp(norm_logits - 1) * dcounts",
    answer: ({ norm_logits, dcounts }) => norm_logits.mul(norm_logits.sub(1).exp()).mul(dcounts),
  },
  {
    step: "dnorm_logits",
    what: "divides by counts, as for a logarithm",
    answer: ({ counts, dcounts }) => dcounts.div(counts),
  },
  {
    step: "dnorm_logits",
    what: "uses the softmax backward with counts for the probabilities: counts * (dcounts - sum(counts * dcounts))",
    answer: ({ counts, dcounts }) => counts.mul(dcounts.sub(counts.mul(dcounts).sum(1, keepdim))),
  },
  {
    step: "dnorm_logits",
    what: "uses the sigmoid's slope: counts * (1 - counts) * dcounts",
    answer: ({ counts, dcounts }) => counts.mul(tensor(1).sub(counts)).mul(dcounts),
  },
  {
    step: "dnorm_logits",
    what: "applies exp to the gradient from above and leaves out the slope: exp(dcounts)",
    answer: ({ dcounts }) => dcounts.exp(),
  },

  // ---- 7 dlogit_maxes
  {
    step: "dlogit_maxes",
    what: "the minus of the subtraction is forgotten",
    answer: ({ dnorm_logits }) => dnorm_logits.sum(1, keepdim),
  },
  {
    step: "dlogit_maxes",
    what: "returns zeros, because in the whole network the maximum does not matter",
    answer: ({ logit_maxes }) => zerosLike(logit_maxes),
  },
  {
    step: "dlogit_maxes",
    what: "takes the negative gradient of the largest logit's column only, in place of the sum over all columns",
    answer: ({ logits, dnorm_logits }) => dnorm_logits.gather(1, logits.max(1, keepdim).indices).neg(),
  },
  {
    step: "dlogit_maxes",
    what: "the loop's running total is not set back to zero between rows, so each row also holds the rows before it",
    answer: ({ logit_maxes, dnorm_logits }) => {
      const out = zerosLike(logit_maxes);
      let total = 0;
      for (let i = 0; i < dnorm_logits.size(0); i++) {
        for (let j = 0; j < dnorm_logits.size(1); j++) total -= dnorm_logits.get(i, j);
        out.set(i, 0, total);
      }
      return out;
    },
  },
  {
    step: "dlogit_maxes",
    what: "leaves the largest logit's own column out of the negative sum, because its difference is always 0",
    answer: ({ logits, dnorm_logits }) => {
      const others = tensor(1).sub(oneHot(logits.max(1).indices, logits.size(1)));
      return dnorm_logits.mul(others).sum(1, keepdim).neg();
    },
  },
  {
    step: "dlogit_maxes",
    what: "multiplies the gradient by the logits before the negative sum, as if the line were a product",
    answer: ({ logits, dnorm_logits }) => logits.mul(dnorm_logits).sum(1, keepdim).neg(),
  },
  {
    step: "dlogit_maxes",
    what: "takes the negative mean over the columns in place of the negative sum",
    answer: ({ dnorm_logits }) => dnorm_logits.mean(1, keepdim).neg(),
  },

  // ---- 8 dlogits
  {
    step: "dlogits",
    what: "sends dlogit_maxes to the label's column in place of the largest logit's",
    answer: ({ logits, dlogit_maxes, dnorm_logits, Yb }) =>
      dnorm_logits.add(oneHot(Yb, logits.size(1)).mul(dlogit_maxes)),
  },
  {
    step: "dlogits",
    what: "sends dlogit_maxes to every column by broadcasting",
    answer: ({ dlogit_maxes, dnorm_logits }) => dnorm_logits.add(dlogit_maxes),
  },
  {
    step: "dlogits",
    what: "overwrites the largest logit's entry with dlogit_maxes in place of adding to it",
    answer: ({ logits, dlogit_maxes, dnorm_logits }) => {
      const out = dnorm_logits.clone();
      const { indices } = logits.max(1);
      for (let i = 0; i < logits.size(0); i++) out.set(i, indices.get(i), dlogit_maxes.get(i, 0));
      return out;
    },
  },
  {
    step: "dlogits",
    what: "looks for the maximum in dnorm_logits in place of logits",
    answer: ({ dlogit_maxes, dnorm_logits }) =>
      dnorm_logits.add(oneHot(dnorm_logits.max(1).indices, dnorm_logits.size(1)).mul(dlogit_maxes)),
  },
  {
    step: "dlogits",
    what: "multiplies the one-hot of the maximum by the value logit_maxes in place of its gradient",
    answer: ({ logits, logit_maxes, dnorm_logits }) =>
      dnorm_logits.add(oneHot(logits.max(1).indices, logits.size(1)).mul(logit_maxes)),
  },
  {
    step: "dlogits",
    what: "subtracts the maximum's branch, because logit_maxes was subtracted forward (that sign is in dlogit_maxes already)",
    answer: ({ logits, dlogit_maxes, dnorm_logits }) =>
      dnorm_logits.sub(oneHot(logits.max(1).indices, logits.size(1)).mul(dlogit_maxes)),
  },
  {
    step: "dlogits",
    what: "returns the maximum's branch only: the direct use in norm_logits is forgotten",
    answer: ({ logits, dlogit_maxes }) => oneHot(logits.max(1).indices, logits.size(1)).mul(dlogit_maxes),
  },

  // ---- 9 dh
  {
    step: "dh",
    what: "reshapes W2 to [vocab, hidden] by view in place of transposing it",
    answer: ({ W2, dlogits }) => dlogits.matmul(W2.view(W2.size(1), W2.size(0))),
  },
  {
    step: "dh",
    what: "multiplies the result by h, as if h had to stay in its own gradient",
    answer: ({ h, W2, dlogits }) => dlogits.matmul(W2.T).mul(h),
  },
  {
    step: "dh",
    what: "applies tanh's slope 1 - h^2 here already",
    answer: ({ h, W2, dlogits }) => dlogits.matmul(W2.T).mul(tensor(1).sub(h.pow(2))),
  },
  {
    step: "dh",
    what: "takes the values logits in place of their gradient",
    answer: ({ W2, logits }) => logits.matmul(W2.T),
  },
  {
    step: "dh",
    what: "the bias is added going back as well: (dlogits + b2) @ W2.T",
    answer: ({ W2, b2, dlogits }) => dlogits.add(b2).matmul(W2.T),
  },
  {
    step: "dh",
    what: "treats the product as elementwise: the row sums of dlogits times the row sums of W2",
    answer: ({ W2, dlogits }) => dlogits.sum(1, keepdim).mul(W2.sum(1)),
  },
  {
    step: "dh",
    what: "divides by the batch size, as if the loss's mean had still to be applied",
    answer: ({ h, W2, dlogits }) => dlogits.matmul(W2.T).div(h.size(0)),
  },

  // ---- 10 dW2
  {
    step: "dW2",
    what: "reshapes h to [hidden, n] by view in place of transposing it",
    answer: ({ h, dlogits }) => h.view(h.size(1), h.size(0)).matmul(dlogits),
  },
  {
    step: "dW2",
    what: "averages over the batch: divided by n once more",
    answer: ({ h, dlogits }) => h.T.matmul(dlogits).div(h.size(0)),
  },
  {
    step: "dW2",
    what: "transposed as in PyTorch's nn.Linear: dlogits.T @ h, shape [vocab, hidden]",
    answer: ({ h, dlogits }) => dlogits.T.matmul(h),
  },
  {
    step: "dW2",
    what: "the loop over the batch assigns in place of adding up, so only the last example counts",
    answer: ({ W2, h, dlogits }) => {
      const out = zerosLike(W2);
      for (let i = 0; i < h.size(0); i++)
        for (let k = 0; k < h.size(1); k++)
          for (let j = 0; j < dlogits.size(1); j++) out.set(k, j, h.get(i, k) * dlogits.get(i, j));
      return out;
    },
  },
  {
    step: "dW2",
    what: "uses tanh's slope 1 - h^2 in place of h",
    answer: ({ h, dlogits }) => tensor(1).sub(h.pow(2)).T.matmul(dlogits),
  },
  {
    step: "dW2",
    what: "multiplies the result by W2 elementwise",
    answer: ({ W2, h, dlogits }) => h.T.matmul(dlogits).mul(W2),
  },
  {
    step: "dW2",
    what: "sums h and dlogits over the batch first and then takes the outer product of the sums",
    answer: ({ h, dlogits }) => h.sum(0, keepdim).T.matmul(dlogits.sum(0, keepdim)),
  },

  // ---- 11 db2
  {
    step: "db2",
    what: "takes the mean over the batch in place of the sum",
    answer: ({ dlogits }) => dlogits.mean(0),
  },
  {
    step: "db2",
    what: "keeps the summed dimension: [1, vocab] in place of [vocab]",
    answer: ({ dlogits }) => dlogits.sum(0, keepdim),
  },
  {
    step: "db2",
    what: "thinks the derivative of an added constant is 1 and returns ones, without the gradient from above",
    answer: ({ b2 }) => onesLike(b2),
  },
  {
    step: "db2",
    what: "multiplies the sum by b2 itself",
    answer: ({ b2, dlogits }) => dlogits.sum(0).mul(b2),
  },
  {
    step: "db2",
    what: "sums over everything, batch and columns, and gives each entry that one total",
    answer: ({ b2, dlogits }) => onesLike(b2).mul(dlogits.sum()),
  },
  {
    step: "db2",
    what: "takes the gradient of the first example only, without summing over the batch",
    answer: ({ b2, dlogits }) => {
      const out = zerosLike(b2);
      for (let j = 0; j < b2.size(0); j++) out.set(j, dlogits.get(0, j));
      return out;
    },
  },

  // ---- 12 dhpreact
  {
    step: "dhpreact",
    what: "the square is forgotten: (1 - h) * dh",
    answer: ({ h, dh }) => tensor(1).sub(h).mul(dh),
  },
  {
    step: "dhpreact",
    what: "uses the sigmoid's slope: h * (1 - h) * dh",
    answer: ({ h, dh }) => h.mul(tensor(1).sub(h)).mul(dh),
  },
  {
    step: "dhpreact",
    what: "squares the input in place of the output: (1 - hpreact^2) * dh",
    answer: ({ hpreact, dh }) => tensor(1).sub(hpreact.pow(2)).mul(dh),
  },
  {
    step: "dhpreact",
    what: "brackets wrong: 1 - h^2 * dh",
    answer: ({ h, dh }) => tensor(1).sub(h.pow(2).mul(dh)),
  },
  {
    step: "dhpreact",
    what: "applies tanh a second time: (1 - tanh(h)^2) * dh",
    answer: ({ h, dh }) => tensor(1).sub(h.tanh().pow(2)).mul(dh),
  },
  {
    step: "dhpreact",
    what: "uses the tangent's slope: (1 + h^2) * dh",
    answer: ({ h, dh }) => h.pow(2).add(1).mul(dh),
  },
  {
    step: "dhpreact",
    what: "uses the rule for ReLU: dh where hpreact is positive, 0 elsewhere",
    answer: ({ hpreact, dh }) => {
      const out = dh.clone();
      for (let i = 0; i < hpreact.size(0); i++)
        for (let j = 0; j < hpreact.size(1); j++) if (hpreact.get(i, j) <= 0) out.set(i, j, 0);
      return out;
    },
  },

  // ---- 13 dbngain
  {
    step: "dbngain",
    what: "multiplies by bngain itself in place of bnraw",
    answer: ({ bngain, dhpreact }) => bngain.mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbngain",
    what: "multiplies by the line's output hpreact in place of bnraw",
    answer: ({ hpreact, dhpreact }) => hpreact.mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbngain",
    what: "recovers bnraw as hpreact - bnbias and forgets to divide by bngain",
    answer: ({ bnbias, hpreact, dhpreact }) => hpreact.sub(bnbias).mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbngain",
    what: "fits shapes only: all of bnraw.T @ dhpreact [hidden, hidden], summed down its columns, which mixes the neurons",
    answer: ({ bnraw, dhpreact }) => bnraw.T.matmul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbngain",
    what: "takes the mean over the batch in place of the sum",
    answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).mean(0, keepdim),
  },
  {
    step: "dbngain",
    what: "sums across the neurons as in layer norm: [n, 1] in place of [1, hidden]",
    answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(1, keepdim),
  },

  // ---- 14 dbnbias
  {
    step: "dbnbias",
    what: "multiplies by the gain: (bngain * dhpreact) summed",
    answer: ({ bngain, dhpreact }) => bngain.mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbnbias",
    what: "copied from dbngain with the factor bnraw left in",
    answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbnbias",
    what: "copied from db2: summed without keepdim, [hidden] in place of [1, hidden]",
    answer: ({ dhpreact }) => dhpreact.sum(0),
  },
  {
    step: "dbnbias",
    what: "divides the sum by n - 1, as for the variance",
    answer: ({ dhpreact }) => dhpreact.sum(0, keepdim).div(dhpreact.size(0) - 1),
  },
  {
    step: "dbnbias",
    what: "sums the values hpreact in place of their gradient",
    answer: ({ hpreact }) => hpreact.sum(0, keepdim),
  },
  {
    step: "dbnbias",
    what: "the loop starts at row 1, so the first example is left out of the sum",
    answer: ({ bnbias, dhpreact }) => {
      const out = zerosLike(bnbias);
      for (let j = 0; j < dhpreact.size(1); j++) {
        let total = 0;
        for (let i = 1; i < dhpreact.size(0); i++) total += dhpreact.get(i, j);
        out.set(0, j, total);
      }
      return out;
    },
  },

  // ---- 15 dbnraw
  {
    step: "dbnraw",
    what: "sums over the batch first and repeats the sum in every row",
    answer: ({ bnraw, bngain, dhpreact }) => onesLike(bnraw).mul(bngain.mul(dhpreact).sum(0, keepdim)),
  },
  {
    step: "dbnraw",
    what: "divides by the gain in place of multiplying, to undo the forward line",
    answer: ({ bngain, dhpreact }) => dhpreact.div(bngain),
  },
  {
    step: "dbnraw",
    what: "multiplies by bnraw itself in place of the other factor bngain",
    answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact),
  },
  {
    step: "dbnraw",
    what: "adds bnbias going back as well: bngain * dhpreact + bnbias",
    answer: ({ bngain, bnbias, dhpreact }) => bngain.mul(dhpreact).add(bnbias),
  },
  {
    step: "dbnraw",
    what: "subtracts the batch mean of the gradient, as for the whole of batchnorm",
    answer: ({ bngain, dhpreact }) => bngain.mul(dhpreact.sub(dhpreact.mean(0, keepdim))),
  },
  {
    step: "dbnraw",
    what: "passes the gradient on unchanged, taking the gain for 1 as at its start",
    answer: ({ dhpreact }) => dhpreact.clone(),
  },

  // ---- 16 dbnvar_inv
  {
    step: "dbnvar_inv",
    what: "multiplies by the line's output bnraw in place of bndiff",
    answer: ({ bnraw, dbnraw }) => bnraw.mul(dbnraw).sum(0, keepdim),
  },
  {
    step: "dbnvar_inv",
    what: "thinks that the line divides by bnvar_inv: -bndiff / bnvar_inv^2 * dbnraw, summed",
    answer: ({ bnvar_inv, bndiff, dbnraw }) => bndiff.div(bnvar_inv.pow(2)).mul(dbnraw).sum(0, keepdim).neg(),
  },
  {
    step: "dbnvar_inv",
    what: "forgets the sum over the batch: [n, hidden] in place of [1, hidden]",
    answer: ({ bndiff, dbnraw }) => bndiff.mul(dbnraw),
  },
  {
    step: "dbnvar_inv",
    what: "divides the sum by n - 1, as if the variance's factor belonged here",
    answer: ({ bndiff, dbnraw }) =>
      bndiff
        .mul(dbnraw)
        .sum(0, keepdim)
        .div(bndiff.size(0) - 1),
  },
  {
    step: "dbnvar_inv",
    what: "squares bndiff, having the variance in mind: (bndiff^2 * dbnraw) summed",
    answer: ({ bndiff, dbnraw }) => bndiff.pow(2).mul(dbnraw).sum(0, keepdim),
  },
  {
    step: "dbnvar_inv",
    what: "sums dbnraw alone, without the factor bndiff",
    answer: ({ dbnraw }) => dbnraw.sum(0, keepdim),
  },

  // ---- 17 dbnvar
  {
    step: "dbnvar",
    what: "leaves 1e-5 out of the slope, as a constant has no derivative: -0.5 * bnvar^-1.5",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.pow(-1.5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "raises the exponent by one in place of lowering it: -0.5 * (bnvar + 1e-5)^0.5",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).pow(0.5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "the minus of the factor -0.5 is lost: 0.5 * (bnvar + 1e-5)^-1.5",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).pow(-1.5).mul(0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "takes the output for the base: -0.5 * bnvar_inv^-1.5",
    answer: ({ bnvar_inv, dbnvar_inv }) => bnvar_inv.pow(-1.5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "uses Keras's epsilon 1e-3 in place of 1e-5",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-3).pow(-1.5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "writes the slope by the output with the square in place of the cube: -0.5 * bnvar_inv^2",
    answer: ({ bnvar_inv, dbnvar_inv }) => bnvar_inv.pow(2).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "the lowered exponent comes down in front: -1.5 * (bnvar + 1e-5)^-1.5",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).pow(-1.5).mul(-1.5).mul(dbnvar_inv),
  },

  // ---- 18 dbndiff2
  {
    step: "dbndiff2",
    what: "divides by n in place of n - 1 (biased variance)",
    answer: ({ bndiff2, dbnvar }) => onesLike(bndiff2).div(bndiff2.size(0)).mul(dbnvar),
  },
  {
    step: "dbndiff2",
    what: "brackets missing in the factor: 1 / n - 1 in place of 1 / (n - 1)",
    answer: ({ bndiff2, dbnvar }) => {
      const n = bndiff2.size(0);
      return onesLike(bndiff2)
        .mul(1 / n - 1)
        .mul(dbnvar);
    },
  },
  {
    step: "dbndiff2",
    what: "multiplies by bndiff2 itself in place of ones",
    answer: ({ bndiff2, dbnvar }) => bndiff2.mul(1 / (bndiff2.size(0) - 1)).mul(dbnvar),
  },
  {
    step: "dbndiff2",
    what: "takes the square's factor 2 in here already: 2/(n-1)",
    answer: ({ bndiff2, dbnvar }) =>
      onesLike(bndiff2)
        .mul(2 / (bndiff2.size(0) - 1))
        .mul(dbnvar),
  },
  {
    step: "dbndiff2",
    what: "does not repeat the row over the batch: [1, hidden] in place of [n, hidden]",
    answer: ({ bndiff2, dbnvar }) => dbnvar.div(bndiff2.size(0) - 1),
  },
  {
    step: "dbndiff2",
    what: "takes the count from the wrong dimension: 1/(hidden - 1)",
    answer: ({ bndiff2, dbnvar }) =>
      onesLike(bndiff2)
        .mul(dbnvar)
        .div(bndiff2.size(1) - 1),
  },
  {
    step: "dbndiff2",
    what: "repeats dbnvar over the batch without the factor 1/(n-1)",
    answer: ({ bndiff2, dbnvar }) => onesLike(bndiff2).mul(dbnvar),
  },

  // ---- 19 dbndiff
  {
    step: "dbndiff",
    what: "the 2 of the square's slope is forgotten",
    answer: ({ bndiff, dbndiff2, bnvar_inv, dbnraw }) => bnvar_inv.mul(dbnraw).add(bndiff.mul(dbndiff2)),
  },
  {
    step: "dbndiff",
    what: "uses the square bndiff2 in place of bndiff in the square's slope: 2 * bndiff2 * dbndiff2",
    answer: ({ bndiff2, dbndiff2, bnvar_inv, dbnraw }) => bnvar_inv.mul(dbnraw).add(bndiff2.mul(2).mul(dbndiff2)),
  },
  {
    step: "dbndiff",
    what: "the first branch multiplies by bndiff itself in place of bnvar_inv",
    answer: ({ bndiff, dbndiff2, dbnraw }) => bndiff.mul(dbnraw).add(bndiff.mul(2).mul(dbndiff2)),
  },
  {
    step: "dbndiff",
    what: "the square's branch uses dbnraw for its gradient from above in place of dbndiff2",
    answer: ({ bndiff, bnvar_inv, dbnraw }) => bnvar_inv.mul(dbnraw).add(bndiff.mul(2).mul(dbnraw)),
  },
  {
    step: "dbndiff",
    what: "only the branch through bnraw; bndiff is not seen to be used in the variance",
    answer: ({ bnvar_inv, dbnraw }) => bnvar_inv.mul(dbnraw),
  },
  {
    step: "dbndiff",
    what: "the square's slope is taken as 2, without bndiff",
    answer: ({ dbndiff2, bnvar_inv, dbnraw }) => bnvar_inv.mul(dbnraw).add(dbndiff2.mul(2)),
  },
  {
    step: "dbndiff",
    what: "divides by bnvar_inv in the first branch, taking it for the standard deviation",
    answer: ({ bndiff, dbndiff2, bnvar_inv, dbnraw }) => dbnraw.div(bnvar_inv).add(bndiff.mul(2).mul(dbndiff2)),
  },

  // ---- 20 dbnmeani
  {
    step: "dbnmeani",
    what: "the minus of the subtraction is forgotten",
    answer: ({ dbndiff }) => dbndiff.sum(0, keepdim),
  },
  {
    step: "dbnmeani",
    what: "the negative mean over the batch in place of the negative sum, because it is the mean's gradient",
    answer: ({ dbndiff }) => dbndiff.mean(0, keepdim).neg(),
  },
  {
    step: "dbnmeani",
    what: "returns zeros, because differences from the mean add up to zero",
    answer: ({ bnmeani }) => zerosLike(bnmeani),
  },
  {
    step: "dbnmeani",
    what: "multiplies by bndiff before the negative sum",
    answer: ({ bndiff, dbndiff }) => bndiff.mul(dbndiff).sum(0, keepdim).neg(),
  },
  {
    step: "dbnmeani",
    what: "multiplies the negative sum by n besides, because the row was copied n times",
    answer: ({ dbndiff }) => dbndiff.sum(0, keepdim).mul(-dbndiff.size(0)),
  },
  {
    step: "dbnmeani",
    what: "sums across the neurons, as for dlogit_maxes: [n, 1] in place of [1, hidden]",
    answer: ({ dbndiff }) => dbndiff.neg().sum(1, keepdim),
  },

  // ---- 21 dhprebn
  {
    step: "dhprebn",
    what: "the factor 1/n of the mean is forgotten",
    answer: ({ dbnmeani, dbndiff }) => dbndiff.add(dbnmeani),
  },
  {
    step: "dhprebn",
    what: "the mean's share is 1/(n-1), as in the variance",
    answer: ({ dbnmeani, dbndiff }) => dbndiff.add(dbnmeani.div(dbndiff.size(0) - 1)),
  },
  {
    step: "dhprebn",
    what: "the factor 1/n stands on the wrong branch: dbndiff/n + dbnmeani",
    answer: ({ dbnmeani, dbndiff }) => dbndiff.div(dbndiff.size(0)).add(dbnmeani),
  },
  {
    step: "dhprebn",
    what: "adds the mean itself in place of its gradient: dbndiff + bnmeani/n",
    answer: ({ hprebn, bnmeani, dbndiff }) => dbndiff.add(bnmeani.div(hprebn.size(0))),
  },
  {
    step: "dhprebn",
    what: "does not use the dbnmeani given: takes dbndiff minus its batch mean, which holds only inside the network",
    answer: ({ dbndiff }) => dbndiff.sub(dbndiff.mean(0, keepdim)),
  },
  {
    step: "dhprebn",
    what: "the mean's branch is subtracted, because the mean is subtracted (that sign is in dbnmeani already)",
    answer: ({ dbnmeani, dbndiff }) => dbndiff.sub(dbnmeani.div(dbndiff.size(0))),
  },
  {
    step: "dhprebn",
    what: "the mean's branch is multiplied by hprebn: dbndiff + hprebn * dbnmeani / n",
    answer: ({ hprebn, dbnmeani, dbndiff }) => dbndiff.add(hprebn.mul(dbnmeani).div(hprebn.size(0))),
  },

  // ---- 22 dembcat
  {
    step: "dembcat",
    what: "reshapes W1 to [hidden, block*embd] by view in place of transposing it",
    answer: ({ W1, dhprebn }) => dhprebn.matmul(W1.view(W1.size(1), -1)),
  },
  {
    step: "dembcat",
    what: "the product the other way round, W1 @ dhprebn.T: a transposed answer [block*embd, n]",
    answer: ({ W1, dhprebn }) => W1.matmul(dhprebn.T),
  },
  {
    step: "dembcat",
    what: "forgets the transpose: dhprebn @ W1, whose shapes do not fit",
    answer: ({ W1, dhprebn }) => dhprebn.matmul(W1),
  },
  {
    step: "dembcat",
    what: "takes the bias off the gradient first: (dhprebn - b1) @ W1.T",
    answer: ({ W1, b1, dhprebn }) => dhprebn.sub(b1).matmul(W1.T),
  },
  {
    step: "dembcat",
    what: "multiplies the result by embcat",
    answer: ({ embcat, W1, dhprebn }) => dhprebn.matmul(W1.T).mul(embcat),
  },
  {
    step: "dembcat",
    what: "the inner loop over the hidden neurons stops one early, so the last neuron is left out",
    answer: ({ embcat, W1, dhprebn }) => {
      const out = zerosLike(embcat);
      for (let i = 0; i < embcat.size(0); i++)
        for (let k = 0; k < embcat.size(1); k++) {
          let total = 0;
          for (let j = 0; j < W1.size(1) - 1; j++) total += dhprebn.get(i, j) * W1.get(k, j);
          out.set(i, k, total);
        }
      return out;
    },
  },

  // ---- 23 dW1
  {
    step: "dW1",
    what: "returns the direction of descent, with a minus, in place of the gradient",
    answer: ({ embcat, dhprebn }) => embcat.T.matmul(dhprebn).neg(),
  },
  {
    step: "dW1",
    what: "uses the values hprebn in place of their gradient",
    answer: ({ embcat, hprebn }) => embcat.T.matmul(hprebn),
  },
  {
    step: "dW1",
    what: "adds W1 to the gradient, as weight decay would",
    answer: ({ W1, embcat, dhprebn }) => embcat.T.matmul(dhprebn).add(W1),
  },
  {
    step: "dW1",
    what: "reshapes embcat to [block*embd, n] by view in place of transposing it",
    answer: ({ embcat, dhprebn }) => embcat.view(embcat.size(1), embcat.size(0)).matmul(dhprebn),
  },
  {
    step: "dW1",
    what: "divides by n - 1, as a covariance is computed",
    answer: ({ embcat, dhprebn }) => embcat.T.matmul(dhprebn).div(embcat.size(0) - 1),
  },
  {
    step: "dW1",
    what: "the loop over the batch starts at 1, so the first example is left out",
    answer: ({ W1, embcat, dhprebn }) => {
      const out = zerosLike(W1);
      for (let k = 0; k < W1.size(0); k++)
        for (let j = 0; j < W1.size(1); j++) {
          let total = 0;
          for (let i = 1; i < embcat.size(0); i++) total += embcat.get(i, k) * dhprebn.get(i, j);
          out.set(k, j, total);
        }
      return out;
    },
  },

  // ---- 24 db1
  {
    step: "db1",
    what: "returns zeros, because b1 does not matter before batchnorm",
    answer: ({ b1 }) => zerosLike(b1),
  },
  {
    step: "db1",
    what: "copied from dbnbias: keeps the dimension, [1, hidden] in place of [hidden]",
    answer: ({ dhprebn }) => dhprebn.sum(0, keepdim),
  },
  {
    step: "db1",
    what: "copied from dbnmeani with its minus left in",
    answer: ({ dhprebn }) => dhprebn.neg().sum(0),
  },
  {
    step: "db1",
    what: "sums the values hprebn in place of their gradient",
    answer: ({ hprebn }) => hprebn.sum(0),
  },
  {
    step: "db1",
    what: "takes the mean over the batch in place of the sum",
    answer: ({ dhprebn }) => dhprebn.mean(0),
  },
  {
    step: "db1",
    what: "the loop over the batch assigns in place of adding up, so only the last example's gradient is left",
    answer: ({ b1, dhprebn }) => {
      const out = zerosLike(b1);
      for (let i = 0; i < dhprebn.size(0); i++) for (let j = 0; j < dhprebn.size(1); j++) out.set(j, dhprebn.get(i, j));
      return out;
    },
  },

  // ---- 25 demb
  {
    step: "demb",
    what: "the last two dimensions swapped in the view: [n, embd, block]",
    answer: ({ emb, dembcat }) => dembcat.view(emb.size(0), emb.size(2), emb.size(1)),
  },
  {
    step: "demb",
    what: "takes the columns as ordered embedding first: demb[i, b, e] = dembcat[i, e*block + b]",
    answer: ({ emb, dembcat }) => {
      const out = zerosLike(emb);
      const [n, block, embd] = [emb.size(0), emb.size(1), emb.size(2)];
      for (let i = 0; i < n; i++)
        for (let b = 0; b < block; b++) for (let e = 0; e < embd; e++) out.set(i, b, e, dembcat.get(i, e * block + b));
      return out;
    },
  },
  {
    step: "demb",
    what: "the offset b*embd is forgotten: every position gets the first position's gradient",
    answer: ({ emb, dembcat }) => {
      const out = zerosLike(emb);
      for (let i = 0; i < emb.size(0); i++)
        for (let b = 0; b < emb.size(1); b++) for (let e = 0; e < emb.size(2); e++) out.set(i, b, e, dembcat.get(i, e));
      return out;
    },
  },
  {
    step: "demb",
    what: "transposes dembcat before the view",
    answer: ({ emb, dembcat }) => dembcat.T.view(emb.shape),
  },
  {
    step: "demb",
    what: "views the values embcat in place of their gradient",
    answer: ({ emb, embcat }) => embcat.view(emb.shape),
  },
  {
    step: "demb",
    what: "reads the positions in reverse order: block b gets the gradient of block - 1 - b",
    answer: ({ emb, dembcat }) => {
      const out = zerosLike(emb);
      const [n, block, embd] = [emb.size(0), emb.size(1), emb.size(2)];
      for (let i = 0; i < n; i++)
        for (let b = 0; b < block; b++)
          for (let e = 0; e < embd; e++) out.set(i, b, e, dembcat.get(i, (block - 1 - b) * embd + e));
      return out;
    },
  },
  {
    step: "demb",
    what: "divides by block, because each example's gradient is shared among its characters",
    answer: ({ emb, dembcat }) => dembcat.view(emb.shape).div(emb.size(1)),
  },

  // ---- 26 dC
  {
    step: "dC",
    what: "assigns rows in place of adding to them, so of a repeated character only the last occurrence counts",
    answer: ({ C, Xb, demb }) => {
      const out = zerosLike(C);
      for (let i = 0; i < Xb.size(0); i++)
        for (let b = 0; b < Xb.size(1); b++)
          for (let e = 0; e < C.size(1); e++) out.set(Xb.get(i, b), e, demb.get(i, b, e));
      return out;
    },
  },
  {
    step: "dC",
    what: "adds onto C itself in place of zeros",
    answer: ({ C, Xb, demb }) => C.indexAdd(0, Xb, demb),
  },
  {
    step: "dC",
    what: "treats character 0 as padding (PyTorch's padding_idx=0): its row gets no gradient",
    answer: ({ C, Xb, demb }) => {
      const out = zerosLike(C).indexAdd(0, Xb, demb);
      for (let e = 0; e < C.size(1); e++) out.set(0, e, 0);
      return out;
    },
  },
  {
    step: "dC",
    what: "averages over the occurrences of each character in place of summing",
    answer: ({ C, Xb, demb }) => {
      const out = zerosLike(C).indexAdd(0, Xb, demb);
      const times = zerosLike(C).indexAdd(0, Xb, onesLike(demb));
      for (let c = 0; c < C.size(0); c++)
        for (let e = 0; e < C.size(1); e++) if (times.get(c, e) > 0) out.set(c, e, out.get(c, e) / times.get(c, e));
      return out;
    },
  },
  {
    step: "dC",
    what: "looks at the first character of each context only",
    answer: ({ C, Xb, demb }) => {
      const out = zerosLike(C);
      for (let i = 0; i < Xb.size(0); i++) {
        const c = Xb.get(i, 0);
        for (let e = 0; e < C.size(1); e++) out.set(c, e, out.get(c, e) + demb.get(i, 0, e));
      }
      return out;
    },
  },
  {
    step: "dC",
    what: "scatters the values emb in place of their gradient",
    answer: ({ C, Xb, emb }) => zerosLike(C).indexAdd(0, Xb, emb),
  },
  {
    step: "dC",
    what: "gives every character of a context the sum of the gradients of all its positions",
    answer: ({ C, Xb, demb }) => {
      const whole = demb.sum(1, keepdim);
      return zerosLike(C).indexAdd(0, Xb, onesLike(demb).mul(whole));
    },
  },
  {
    step: "dC",
    what: "divides the sum by the number of examples n",
    answer: ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, Xb, demb).div(Xb.size(0)),
  },

  // ---- fused-dlogits
  {
    step: "fused-dlogits",
    what: "1/n of the mean is forgotten",
    answer: ({ logits, Yb }) => logits.softmax(1).sub(oneHot(Yb, logits.size(1))),
  },
  {
    step: "fused-dlogits",
    what: "uses the sigmoid of each logit in place of the softmax of the row",
    answer: ({ logits, Yb }) => {
      const sigmoid = logits.neg().exp().add(1).pow(-1);
      return sigmoid.sub(oneHot(Yb, logits.size(1))).div(logits.size(0));
    },
  },
  {
    step: "fused-dlogits",
    what: "brackets wrong: softmax - onehot/n",
    answer: ({ logits, Yb }) => logits.softmax(1).sub(oneHot(Yb, logits.size(1)).div(logits.size(0))),
  },
  {
    step: "fused-dlogits",
    what: "brackets wrong the other way: softmax/n - onehot",
    answer: ({ logits, Yb }) =>
      logits
        .softmax(1)
        .div(logits.size(0))
        .sub(oneHot(Yb, logits.size(1))),
  },
  {
    step: "fused-dlogits",
    what: "takes the softmax down the batch (dimension 0)",
    answer: ({ logits, Yb }) =>
      logits
        .softmax(0)
        .sub(oneHot(Yb, logits.size(1)))
        .div(logits.size(0)),
  },
  {
    step: "fused-dlogits",
    what: "subtracts the one-hot of the predicted character (the largest logit) in place of the label's",
    answer: ({ logits }) =>
      logits
        .softmax(1)
        .sub(oneHot(logits.max(1).indices, logits.size(1)))
        .div(logits.size(0)),
  },
  {
    step: "fused-dlogits",
    what: "uses log-softmax in place of softmax",
    answer: ({ logits, Yb }) =>
      logits
        .softmax(1)
        .log()
        .sub(oneHot(Yb, logits.size(1)))
        .div(logits.size(0)),
  },
  {
    step: "fused-dlogits",
    what: "gives a gradient to the label's logit only: (p - 1)/n there and zero in the other columns",
    answer: ({ logits, Yb }) => {
      const label = oneHot(Yb, logits.size(1));
      return logits.softmax(1).sub(1).mul(label).div(logits.size(0));
    },
  },
  {
    step: "fused-dlogits",
    what: "multiplies by the slope p * (1 - p) once more, as with a squared error behind a sigmoid",
    answer: ({ logits, Yb }) => {
      const p = logits.softmax(1);
      return p
        .sub(oneHot(Yb, logits.size(1)))
        .mul(p)
        .mul(tensor(1).sub(p))
        .div(logits.size(0));
    },
  },

  // ---- fused-dhprebn
  {
    step: "fused-dhprebn",
    what: "the factor n/(n-1) on the variance's term is missing (biased variance)",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const inner = dhpreact
        .mul(n)
        .sub(dhpreact.sum(0, keepdim))
        .sub(bnraw.mul(dhpreact.mul(bnraw).sum(0, keepdim)));
      return bngain.mul(bnvar_inv).div(n).mul(inner);
    },
  },
  {
    step: "fused-dhprebn",
    what: "mean and variance are taken for constants, as in evaluation with running statistics",
    answer: ({ bngain, bnvar_inv, dhpreact }) => bngain.mul(bnvar_inv).mul(dhpreact),
  },
  {
    step: "fused-dhprebn",
    what: "the sums run across the neurons as in layer norm, everything else unchanged",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const inner = dhpreact
        .mul(n)
        .sub(dhpreact.sum(1, keepdim))
        .sub(bnraw.mul(n / (n - 1)).mul(dhpreact.mul(bnraw).sum(1, keepdim)));
      return bngain.mul(bnvar_inv).div(n).mul(inner);
    },
  },
  {
    step: "fused-dhprebn",
    what: "the factor is turned round: (n-1)/n on the variance's term",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const inner = dhpreact
        .mul(n)
        .sub(dhpreact.sum(0, keepdim))
        .sub(bnraw.mul((n - 1) / n).mul(dhpreact.mul(bnraw).sum(0, keepdim)));
      return bngain.mul(bnvar_inv).div(n).mul(inner);
    },
  },
  {
    step: "fused-dhprebn",
    what: "the variance's sum is taken without bnraw inside: bnraw * dhpreact.sum(0)",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const sum = dhpreact.sum(0, keepdim);
      const inner = dhpreact
        .mul(n)
        .sub(sum)
        .sub(bnraw.mul(n / (n - 1)).mul(sum));
      return bngain.mul(bnvar_inv).div(n).mul(inner);
    },
  },
  {
    step: "fused-dhprebn",
    what: "the bnraw in front of the variance's sum is forgotten",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const inner = dhpreact
        .mul(n)
        .sub(dhpreact.sum(0, keepdim))
        .sub(
          dhpreact
            .mul(bnraw)
            .sum(0, keepdim)
            .mul(n / (n - 1)),
        );
      return bngain.mul(bnvar_inv).div(n).mul(inner);
    },
  },
  {
    step: "fused-dhprebn",
    what: "the n in front of dhpreact is forgotten inside the bracket",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const inner = dhpreact
        .sub(dhpreact.sum(0, keepdim))
        .sub(bnraw.mul(n / (n - 1)).mul(dhpreact.mul(bnraw).sum(0, keepdim)));
      return bngain.mul(bnvar_inv).div(n).mul(inner);
    },
  },
  {
    step: "fused-dhprebn",
    what: "the gain is forgotten",
    answer: ({ bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const inner = dhpreact
        .mul(n)
        .sub(dhpreact.sum(0, keepdim))
        .sub(bnraw.mul(n / (n - 1)).mul(dhpreact.mul(bnraw).sum(0, keepdim)));
      return bnvar_inv.div(n).mul(inner);
    },
  },
  {
    step: "fused-dhprebn",
    what: "the 2 of the square's slope is left on the variance's term",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const inner = dhpreact
        .mul(n)
        .sub(dhpreact.sum(0, keepdim))
        .sub(bnraw.mul((2 * n) / (n - 1)).mul(dhpreact.mul(bnraw).sum(0, keepdim)));
      return bngain.mul(bnvar_inv).div(n).mul(inner);
    },
  },
  {
    step: "fused-dhprebn",
    what: "the variance's term is added in place of subtracted",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const inner = dhpreact
        .mul(n)
        .sub(dhpreact.sum(0, keepdim))
        .add(bnraw.mul(n / (n - 1)).mul(dhpreact.mul(bnraw).sum(0, keepdim)));
      return bngain.mul(bnvar_inv).div(n).mul(inner);
    },
  },
];
