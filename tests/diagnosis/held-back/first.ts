import { crossEntropy, keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import type { FunctionStepId, GivenName } from "../../../grader/course/steps.ts";

type Given = Readonly<Record<GivenName<FunctionStepId>, Tensor>>;

/** Wrong answers that real learners could give, each a single mistake, written without having seen the catalogue. */
export const heldBack: { step: FunctionStepId; what: string; answer: (given: Given) => Tensor }[] = [
  // ---- 1. dlogprobs
  {
    step: "dlogprobs",
    what: "divided by all n*vocab elements, though the mean is over n",
    answer: ({ logprobs, Yb }) => oneHot(Yb, logprobs.size(1)).div(-logprobs.numel()),
  },
  {
    step: "dlogprobs",
    what: "the loop stops at n-1: the last example's row stays zero",
    answer: ({ logprobs, Yb }) => {
      const n = Yb.size(0);
      const d = zerosLike(logprobs);
      for (let i = 0; i < n - 1; i++) d.set(i, Yb.get(i), -1 / n);
      return d;
    },
  },
  {
    step: "dlogprobs",
    what: "every row uses the first example's label",
    answer: ({ logprobs, Yb }) => {
      const n = Yb.size(0);
      const d = zerosLike(logprobs);
      for (let i = 0; i < n; i++) d.set(i, Yb.get(0), -1 / n);
      return d;
    },
  },
  {
    step: "dlogprobs",
    what: "multiplied by logprobs: each example's share of the loss in place of its derivative",
    answer: ({ logprobs, Yb }) => oneHot(Yb, logprobs.size(1)).mul(logprobs).div(-Yb.size(0)),
  },
  {
    step: "dlogprobs",
    what: "labels counted from one: written a column to the left",
    answer: ({ logprobs, Yb }) => {
      const n = Yb.size(0);
      const d = zerosLike(logprobs);
      for (let i = 0; i < n; i++) d.set(i, Yb.get(i) - 1, -1 / n);
      return d;
    },
  },
  {
    step: "dlogprobs",
    what: "loss multiplied in as if it were the upstream gradient",
    answer: ({ logprobs, Yb, loss }) => oneHot(Yb, logprobs.size(1)).div(-Yb.size(0)).mul(loss),
  },

  // ---- 2. dprobs
  {
    step: "dprobs",
    what: "divided by logprobs, the log's value, in place of probs",
    answer: ({ logprobs, dlogprobs }) => dlogprobs.div(logprobs),
  },
  {
    step: "dprobs",
    what: "multiplied by probs where the derivative of log divides",
    answer: ({ probs, dlogprobs }) => dlogprobs.mul(probs),
  },
  {
    step: "dprobs",
    what: "the derivative of 1/x in place of that of log x",
    answer: ({ probs, dlogprobs }) => probs.pow(-2).neg().mul(dlogprobs),
  },
  {
    step: "dprobs",
    what: "an epsilon of 1e-5 added to probs against division by zero",
    answer: ({ probs, dlogprobs }) => dlogprobs.div(probs.add(1e-5)),
  },
  {
    step: "dprobs",
    what: "the reciprocal taken of the upstream gradient: probs / dlogprobs",
    answer: ({ probs, dlogprobs }) => probs.div(dlogprobs),
  },
  {
    step: "dprobs",
    what: "the derivative of log10: a factor 1/ln 10 too many",
    answer: ({ probs, dlogprobs }) => dlogprobs.div(probs.mul(Math.LN10)),
  },

  // ---- 3. dcounts_sum_inv
  {
    step: "dcounts_sum_inv",
    what: "the product left unsummed, [n, vocab]",
    answer: ({ counts, dprobs }) => counts.mul(dprobs),
  },
  {
    step: "dcounts_sum_inv",
    what: "probs multiplied in where counts belong: the output for the other operand",
    answer: ({ probs, dprobs }) => probs.mul(dprobs).sum(1, keepdim),
  },
  {
    step: "dcounts_sum_inv",
    what: "the sums multiplied, not the products summed",
    answer: ({ counts, dprobs }) => counts.sum(1, keepdim).mul(dprobs.sum(1, keepdim)),
  },
  {
    step: "dcounts_sum_inv",
    what: "the column loop starts at 1, so column 0 is left out",
    answer: ({ counts, dprobs }) => {
      const [n, vocab] = counts.shape as [number, number];
      const d = tensor(
        Array.from({ length: n }, () => 0),
        [n, 1],
      );
      for (let i = 0; i < n; i++) {
        for (let j = 1; j < vocab; j++) d.set(i, 0, d.get(i, 0) + counts.get(i, j) * dprobs.get(i, j));
      }
      return d;
    },
  },
  {
    step: "dcounts_sum_inv",
    what: "divided by counts where the product's other operand multiplies",
    answer: ({ counts, dprobs }) => dprobs.div(counts).sum(1, keepdim),
  },
  {
    step: "dcounts_sum_inv",
    what: "max over the row in place of its sum",
    answer: ({ counts, dprobs }) => counts.mul(dprobs).max(1, keepdim).values,
  },

  // ---- 4. dcounts_sum
  {
    step: "dcounts_sum",
    what: "the minus sign of -x**-2 forgotten",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-2).mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "the square taken over the upstream gradient too",
    answer: ({ counts_sum_inv, dcounts_sum_inv }) => counts_sum_inv.mul(dcounts_sum_inv).pow(2).neg(),
  },
  {
    step: "dcounts_sum",
    what: "counts_sum_inv to the power -2, the inverse taken twice",
    answer: ({ counts_sum_inv, dcounts_sum_inv }) => counts_sum_inv.pow(-2).neg().mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "exponent not lowered: -x**-1",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-1).neg().mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "the new exponent brought down: factor -2 for -1",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-2).mul(-2).mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "one over the upstream gradient, as if the gradient were inverted like the value",
    answer: ({ dcounts_sum_inv }) => dcounts_sum_inv.pow(-1),
  },

  // ---- 5. dcounts
  {
    step: "dcounts",
    what: "dcounts_sum added before the multiplication, so it is scaled by counts_sum_inv",
    answer: ({ counts_sum_inv, dprobs, dcounts_sum }) => dprobs.add(dcounts_sum).mul(counts_sum_inv),
  },
  {
    step: "dcounts",
    what: "the sum's branch multiplied by counts",
    answer: ({ counts, counts_sum_inv, dprobs, dcounts_sum }) =>
      counts_sum_inv.mul(dprobs).add(counts.mul(dcounts_sum)),
  },
  {
    step: "dcounts",
    what: "the sum's branch spread as a mean: divided by vocab",
    answer: ({ counts, counts_sum_inv, dprobs, dcounts_sum }) =>
      counts_sum_inv.mul(dprobs).add(dcounts_sum.div(counts.size(1))),
  },
  {
    step: "dcounts",
    what: "only the branch through counts_sum",
    answer: ({ counts, dcounts_sum }) => dcounts_sum.expand(counts.shape),
  },
  {
    step: "dcounts",
    what: "counts_sum, the value, added in place of its gradient",
    answer: ({ counts_sum, counts_sum_inv, dprobs }) => counts_sum_inv.mul(dprobs).add(counts_sum),
  },
  {
    step: "dcounts",
    what: "the sum's branch added to the first column only",
    answer: ({ counts_sum_inv, dprobs, dcounts_sum }) => {
      const d = counts_sum_inv.mul(dprobs);
      for (let i = 0; i < d.size(0); i++) d.set(i, 0, d.get(i, 0) + dcounts_sum.get(i, 0));
      return d;
    },
  },

  // ---- 6. dnorm_logits
  {
    step: "dnorm_logits",
    what: "multiplied by norm_logits, exp's input, in place of its output",
    answer: ({ norm_logits, dcounts }) => norm_logits.mul(dcounts),
  },
  {
    step: "dnorm_logits",
    what: "exp taken of the upstream gradient",
    answer: ({ dcounts }) => dcounts.exp(),
  },
  {
    step: "dnorm_logits",
    what: "the power rule applied to exp: x * e**(x-1)",
    answer: ({ norm_logits, dcounts }) => norm_logits.mul(norm_logits.sub(1).exp()).mul(dcounts),
  },
  {
    step: "dnorm_logits",
    what: "exp taken twice: exp(counts)",
    answer: ({ counts, dcounts }) => counts.exp().mul(dcounts),
  },
  {
    step: "dnorm_logits",
    what: "softmax for exp: the counts divided by their row's sum",
    answer: ({ norm_logits, dcounts }) => norm_logits.softmax(1).mul(dcounts),
  },
  {
    step: "dnorm_logits",
    what: "divided by counts, as for log",
    answer: ({ counts, dcounts }) => dcounts.div(counts),
  },

  // ---- 7. dlogit_maxes
  {
    step: "dlogit_maxes",
    what: "summed without the minus sign of the subtraction",
    answer: ({ dnorm_logits }) => dnorm_logits.sum(1, keepdim),
  },
  {
    step: "dlogit_maxes",
    what: "summed over the examples, [1, vocab]",
    answer: ({ dnorm_logits }) => dnorm_logits.neg().sum(0, keepdim),
  },
  {
    step: "dlogit_maxes",
    what: "only the gradient in the maximum's own column, the row not summed",
    answer: ({ logits, dnorm_logits }) => dnorm_logits.neg().gather(1, logits.max(1, keepdim).indices),
  },
  {
    step: "dlogit_maxes",
    what: "the maximum's own column left out of the sum",
    answer: ({ logits, dnorm_logits }) =>
      dnorm_logits
        .mul(tensor(1).sub(oneHot(logits.max(1).indices, logits.size(1))))
        .sum(1, keepdim)
        .neg(),
  },
  {
    step: "dlogit_maxes",
    what: "the largest upstream gradient of the row, negated, in place of the sum",
    answer: ({ dnorm_logits }) => dnorm_logits.max(1, keepdim).values.neg(),
  },
  {
    step: "dlogit_maxes",
    what: "multiplied by logit_maxes, though the subtraction's derivative is -1",
    answer: ({ logit_maxes, dnorm_logits }) => dnorm_logits.neg().sum(1, keepdim).mul(logit_maxes),
  },

  // ---- 8. dlogits
  {
    step: "dlogits",
    what: "routed to the largest of dnorm_logits, not of logits",
    answer: ({ logits, dnorm_logits, dlogit_maxes }) =>
      dnorm_logits.add(oneHot(dnorm_logits.max(1).indices, logits.size(1)).mul(dlogit_maxes)),
  },
  {
    step: "dlogits",
    what: "the max branch subtracted",
    answer: ({ logits, dnorm_logits, dlogit_maxes }) =>
      dnorm_logits.sub(oneHot(logits.max(1).indices, logits.size(1)).mul(dlogit_maxes)),
  },
  {
    step: "dlogits",
    what: "at the maximum, the max branch overwrites dnorm_logits in place of being added",
    answer: ({ logits, dnorm_logits, dlogit_maxes }) => {
      const d = dnorm_logits.clone();
      const { indices } = logits.max(1);
      for (let i = 0; i < d.size(0); i++) d.set(i, indices.get(i), dlogit_maxes.get(i, 0));
      return d;
    },
  },
  {
    step: "dlogits",
    what: "logit_maxes, the value, routed in place of its gradient",
    answer: ({ logits, dnorm_logits, logit_maxes }) =>
      dnorm_logits.add(oneHot(logits.max(1).indices, logits.size(1)).mul(logit_maxes)),
  },
  {
    step: "dlogits",
    what: "the mask around both branches: zero everywhere but at the maximum",
    answer: ({ logits, dnorm_logits, dlogit_maxes }) =>
      oneHot(logits.max(1).indices, logits.size(1)).mul(dnorm_logits.add(dlogit_maxes)),
  },
  {
    step: "dlogits",
    what: "maxima along the wrong dimension: the mask's shape does not fit",
    answer: ({ logits, dnorm_logits, dlogit_maxes }) =>
      dnorm_logits.add(oneHot(logits.max(0).indices, logits.size(1)).mul(dlogit_maxes)),
  },

  // ---- 9. dh
  {
    step: "dh",
    what: "W2 not transposed: the shapes do not fit",
    answer: ({ W2, dlogits }) => dlogits.matmul(W2),
  },
  {
    step: "dh",
    what: "W2 brought to [vocab, hidden] by view, which reorders it, in place of .T",
    answer: ({ W2, dlogits }) => dlogits.matmul(W2.view(W2.size(1), W2.size(0))),
  },
  {
    step: "dh",
    what: "tanh's derivative already multiplied in, which is the next step's",
    answer: ({ h, W2, dlogits }) => dlogits.matmul(W2.T).mul(tensor(1).sub(h.pow(2))),
  },
  {
    step: "dh",
    what: "logits, the value, in place of dlogits",
    answer: ({ W2, logits }) => logits.matmul(W2.T),
  },
  {
    step: "dh",
    what: "the operands the other way round: the transpose of dh, [hidden, n]",
    answer: ({ W2, dlogits }) => W2.matmul(dlogits.T),
  },
  {
    step: "dh",
    what: "the bias added to the gradient, as in the forward pass",
    answer: ({ W2, b2, dlogits }) => dlogits.add(b2).matmul(W2.T),
  },

  // ---- 10. dW2
  {
    step: "dW2",
    what: "averaged over the batch: divided by n once more",
    answer: ({ h, dlogits }) => h.T.matmul(dlogits).div(h.size(0)),
  },
  {
    step: "dW2",
    what: "dlogits.T @ h, [vocab, hidden], forced into W2's shape by view",
    answer: ({ W2, h, dlogits }) => dlogits.T.matmul(h).view(W2.shape),
  },
  {
    step: "dW2",
    what: "h reshaped to [hidden, n] by view in place of .T",
    answer: ({ h, dlogits }) => h.view(h.size(1), h.size(0)).matmul(dlogits),
  },
  {
    step: "dW2",
    what: "dlogits scaled by logits, as if the product were elementwise",
    answer: ({ h, logits, dlogits }) => h.T.matmul(logits.mul(dlogits)),
  },
  {
    step: "dW2",
    what: "a loop that overwrites where it should add: only the last example's outer product",
    answer: ({ W2, h, dlogits }) => {
      const d = zerosLike(W2);
      for (let i = 0; i < h.size(0); i++) {
        for (let j = 0; j < h.size(1); j++) {
          for (let k = 0; k < dlogits.size(1); k++) d.set(j, k, h.get(i, j) * dlogits.get(i, k));
        }
      }
      return d;
    },
  },
  {
    step: "dW2",
    what: "weight decay added: the gradient of a penalty 0.1 * W2**2 / 2 that the loss does not have",
    answer: ({ W2, h, dlogits }) => h.T.matmul(dlogits).add(W2.mul(0.1)),
  },

  // ---- 11. db2
  {
    step: "db2",
    what: "summed over the classes, [n]",
    answer: ({ dlogits }) => dlogits.sum(1),
  },
  {
    step: "db2",
    what: "keepdim kept: [1, vocab] where b2 is [vocab]",
    answer: ({ dlogits }) => dlogits.sum(0, keepdim),
  },
  {
    step: "db2",
    what: "only the first example's row",
    answer: ({ dlogits }) => tensor(dlogits.toArray().slice(0, dlogits.size(1)), [dlogits.size(1)]),
  },
  {
    step: "db2",
    what: "everything summed into one number, repeated for each class",
    answer: ({ b2, dlogits }) => dlogits.sum().expand(b2.shape),
  },
  {
    step: "db2",
    what: "multiplied by b2, though it is added in the forward pass",
    answer: ({ b2, dlogits }) => dlogits.sum(0).mul(b2),
  },
  {
    step: "db2",
    what: "the rows added with indices off by one: the first row is skipped",
    answer: ({ b2, dlogits }) => {
      const d = zerosLike(b2);
      for (let i = 1; i < dlogits.size(0); i++) {
        for (let j = 0; j < dlogits.size(1); j++) d.set(j, d.get(j) + dlogits.get(i, j));
      }
      return d;
    },
  },

  // ---- 12. dhpreact
  {
    step: "dhpreact",
    what: "sigmoid's derivative h * (1 - h)",
    answer: ({ h, dh }) => tensor(1).sub(h).mul(h).mul(dh),
  },
  {
    step: "dhpreact",
    what: "hpreact squared in place of h",
    answer: ({ hpreact, dh }) => tensor(1).sub(hpreact.pow(2)).mul(dh),
  },
  {
    step: "dhpreact",
    what: "parentheses: 1 - h**2 * dh",
    answer: ({ h, dh }) => tensor(1).sub(h.pow(2).mul(dh)),
  },
  {
    step: "dhpreact",
    what: "tanh applied to h again before squaring",
    answer: ({ h, dh }) => tensor(1).sub(h.tanh().pow(2)).mul(dh),
  },
  {
    step: "dhpreact",
    what: "relu's derivative: dh where hpreact is positive, else zero",
    answer: ({ hpreact, dh }) => each(hpreact, (x) => (x > 0 ? 1 : 0)).mul(dh),
  },
  {
    step: "dhpreact",
    what: "squared twice: mul_ has already squared the tensor that pow(2) squares again",
    answer: ({ h, dh }) => {
      const square = h.clone();
      square.mul_(square);
      return tensor(1).sub(square.pow(2)).mul(dh);
    },
  },

  // ---- 13. dbngain
  {
    step: "dbngain",
    what: "hpreact in place of bnraw",
    answer: ({ hpreact, dhpreact }) => hpreact.mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbngain",
    what: "bnraw forgotten: the bias's gradient",
    answer: ({ dhpreact }) => dhpreact.sum(0, keepdim),
  },
  {
    step: "dbngain",
    what: "keepdim dropped: [hidden] where bngain is [1, hidden]",
    answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0),
  },
  {
    step: "dbngain",
    what: "averaged over the batch",
    answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).mean(0, keepdim),
  },
  {
    step: "dbngain",
    what: "hpreact - bnbias used as if it were bnraw: the gain is still in it",
    answer: ({ bnbias, hpreact, dhpreact }) => hpreact.sub(bnbias).mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbngain",
    what: "matrix product for elementwise: bnraw.T @ dhpreact, [hidden, hidden]",
    answer: ({ bnraw, dhpreact }) => bnraw.T.matmul(dhpreact),
  },

  // ---- 14. dbnbias
  {
    step: "dbnbias",
    what: "summed over the neurons, [n, 1]",
    answer: ({ dhpreact }) => dhpreact.sum(1, keepdim),
  },
  {
    step: "dbnbias",
    what: "the sum forgotten, [n, hidden]",
    answer: ({ dhpreact }) => dhpreact,
  },
  {
    step: "dbnbias",
    what: "scaled by the gain, as if the bias were added before it",
    answer: ({ bngain, dhpreact }) => bngain.mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbnbias",
    what: "hpreact, the value, summed in place of its gradient",
    answer: ({ hpreact }) => hpreact.sum(0, keepdim),
  },
  {
    step: "dbnbias",
    what: "divided by n - 1, taken from the variance",
    answer: ({ dhpreact }) => dhpreact.sum(0, keepdim).div(dhpreact.size(0) - 1),
  },
  {
    step: "dbnbias",
    what: "the last neuron left at zero: the column loop ends at hidden - 1",
    answer: ({ bnbias, dhpreact }) => {
      const d = zerosLike(bnbias);
      const [n, hidden] = dhpreact.shape as [number, number];
      for (let j = 0; j < hidden - 1; j++) {
        for (let i = 0; i < n; i++) d.set(0, j, d.get(0, j) + dhpreact.get(i, j));
      }
      return d;
    },
  },

  // ---- 15. dbnraw
  {
    step: "dbnraw",
    what: "bnraw multiplied in, the gain's derivative",
    answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact),
  },
  {
    step: "dbnraw",
    what: "bngain's sign lost: its absolute value",
    answer: ({ bngain, dhpreact }) => bngain.pow(2).sqrt().mul(dhpreact),
  },
  {
    step: "dbnraw",
    what: "bnbias added as in the forward pass",
    answer: ({ bngain, bnbias, dhpreact }) => bngain.mul(dhpreact).add(bnbias),
  },
  {
    step: "dbnraw",
    what: "divided by the gain: undoing the forward pass in place of differentiating it",
    answer: ({ bngain, dhpreact }) => dhpreact.div(bngain),
  },
  {
    step: "dbnraw",
    what: "summed over the batch, [1, hidden]",
    answer: ({ bngain, dhpreact }) => bngain.mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbnraw",
    what: "gain taken as 1 + bngain, as in layers whose gain starts from zero",
    answer: ({ bngain, dhpreact }) => bngain.add(1).mul(dhpreact),
  },

  // ---- 16. dbnvar_inv
  {
    step: "dbnvar_inv",
    what: "bnraw in place of bndiff",
    answer: ({ bnraw, dbnraw }) => bnraw.mul(dbnraw).sum(0, keepdim),
  },
  {
    step: "dbnvar_inv",
    what: "the sum over the broadcast rows forgotten",
    answer: ({ bndiff, dbnraw }) => bndiff.mul(dbnraw),
  },
  {
    step: "dbnvar_inv",
    what: "averaged with n - 1, as the variance is",
    answer: ({ bndiff, dbnraw }) =>
      bndiff
        .mul(dbnraw)
        .sum(0, keepdim)
        .div(bndiff.size(0) - 1),
  },
  {
    step: "dbnvar_inv",
    what: "summed along dimension 1, [n, 1]",
    answer: ({ bndiff, dbnraw }) => bndiff.mul(dbnraw).sum(1, keepdim),
  },
  {
    step: "dbnvar_inv",
    what: "bndiff squared before it is multiplied",
    answer: ({ bndiff, dbnraw }) => bndiff.pow(2).mul(dbnraw).sum(0, keepdim),
  },
  {
    step: "dbnvar_inv",
    what: "bndiff summed on its own first, which is zero but for rounding",
    answer: ({ bndiff, dbnraw }) => bndiff.sum(0, keepdim).mul(dbnraw.sum(0, keepdim)),
  },

  // ---- 17. dbnvar
  {
    step: "dbnvar",
    what: "exponent not lowered: -0.5 * (bnvar + eps)**-0.5",
    answer: ({ bnvar_inv, dbnvar_inv }) => bnvar_inv.mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "exponent raised: -0.5 * (bnvar + eps)**0.5",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).pow(0.5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "epsilon added after the power",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.pow(-1.5).add(1e-5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "epsilon added to the standard deviation, not to the variance",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.sqrt().add(1e-5).pow(-3).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "epsilon 1e-8, as in Adam, for 1e-5",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-8).pow(-1.5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "the lowered exponent brought down as the factor: -1.5 for -0.5",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).pow(-1.5).mul(-1.5).mul(dbnvar_inv),
  },

  // ---- 18. dbndiff2
  {
    step: "dbndiff2",
    what: "parentheses: 1 / n - 1 for 1 / (n - 1)",
    answer: ({ bndiff2, dbnvar }) =>
      onesLike(bndiff2)
        .mul(1 / bndiff2.size(0) - 1)
        .mul(dbnvar),
  },
  {
    step: "dbndiff2",
    what: "the extent of the wrong dimension: hidden - 1 for n - 1",
    answer: ({ bndiff2, dbnvar }) =>
      onesLike(bndiff2)
        .div(bndiff2.size(1) - 1)
        .mul(dbnvar),
  },
  {
    step: "dbndiff2",
    what: "not repeated over the batch, [1, hidden]",
    answer: ({ bndiff2, dbnvar }) => dbnvar.div(bndiff2.size(0) - 1),
  },
  {
    step: "dbndiff2",
    what: "multiplied by bndiff2, as if the sum had not removed it",
    answer: ({ bndiff2, dbnvar }) => bndiff2.div(bndiff2.size(0) - 1).mul(dbnvar),
  },
  {
    step: "dbndiff2",
    what: "the square's factor 2 taken here, which belongs to dbndiff",
    answer: ({ bndiff2, dbnvar }) => dbnvar.mul(2 / (bndiff2.size(0) - 1)).expand(bndiff2.shape),
  },
  {
    step: "dbndiff2",
    what: "the last row not filled: the bound n - 1 used for the loop as well",
    answer: ({ bndiff2, dbnvar }) => {
      const [n, hidden] = bndiff2.shape as [number, number];
      const d = zerosLike(bndiff2);
      for (let i = 0; i < n - 1; i++) for (let j = 0; j < hidden; j++) d.set(i, j, dbnvar.get(0, j) / (n - 1));
      return d;
    },
  },

  // ---- 19. dbndiff
  {
    step: "dbndiff",
    what: "2 * bndiff2 in place of 2 * bndiff",
    answer: ({ bndiff2, dbndiff2, bnvar_inv, dbnraw }) => bnvar_inv.mul(dbnraw).add(bndiff2.mul(2).mul(dbndiff2)),
  },
  {
    step: "dbndiff",
    what: "the two upstream gradients exchanged",
    answer: ({ bndiff, dbndiff2, bnvar_inv, dbnraw }) => bnvar_inv.mul(dbndiff2).add(bndiff.mul(2).mul(dbnraw)),
  },
  {
    step: "dbndiff",
    what: "the square's branch without bndiff: 2 * dbndiff2",
    answer: ({ dbndiff2, bnvar_inv, dbnraw }) => bnvar_inv.mul(dbnraw).add(dbndiff2.mul(2)),
  },
  {
    step: "dbndiff",
    what: "only the branch through the square",
    answer: ({ bndiff, dbndiff2 }) => bndiff.mul(2).mul(dbndiff2),
  },
  {
    step: "dbndiff",
    what: "the product's branch divided by bnvar_inv where it multiplies",
    answer: ({ bndiff, dbndiff2, bnvar_inv, dbnraw }) => dbnraw.div(bnvar_inv).add(bndiff.mul(2).mul(dbndiff2)),
  },
  {
    step: "dbndiff",
    what: "centred over the batch already, which only the mean's branch does later",
    answer: ({ bndiff, dbndiff2, bnvar_inv, dbnraw }) => {
      const d = bnvar_inv.mul(dbnraw).add(bndiff.mul(2).mul(dbndiff2));
      return d.sub(d.mean(0, keepdim));
    },
  },

  // ---- 20. dbnmeani
  {
    step: "dbnmeani",
    what: "mean for sum: the 1/n of the line before taken here",
    answer: ({ dbndiff }) => dbndiff.mean(0, keepdim).neg(),
  },
  {
    step: "dbnmeani",
    what: "the minus sign forgotten",
    answer: ({ dbndiff }) => dbndiff.sum(0, keepdim),
  },
  {
    step: "dbnmeani",
    what: "set to zero, because the mean of bndiff is zero",
    answer: ({ bnmeani }) => zerosLike(bnmeani),
  },
  {
    step: "dbnmeani",
    what: "keepdim dropped, [hidden]",
    answer: ({ dbndiff }) => dbndiff.neg().sum(0),
  },
  {
    step: "dbnmeani",
    what: "multiplied by bnmeani, as if it were a factor",
    answer: ({ bnmeani, dbndiff }) => dbndiff.neg().sum(0, keepdim).mul(bnmeani),
  },
  {
    step: "dbnmeani",
    what: "hprebn multiplied in, as if bndiff were a product",
    answer: ({ hprebn, dbndiff }) => hprebn.mul(dbndiff).sum(0, keepdim).neg(),
  },

  // ---- 21. dhprebn
  {
    step: "dhprebn",
    what: "the mean's branch without 1/n",
    answer: ({ dbndiff, dbnmeani }) => dbndiff.add(dbnmeani),
  },
  {
    step: "dhprebn",
    what: "1/(n-1) for 1/n in the mean's branch",
    answer: ({ dbndiff, dbnmeani }) => dbndiff.add(dbnmeani.div(dbndiff.size(0) - 1)),
  },
  {
    step: "dhprebn",
    what: "both branches divided by n",
    answer: ({ dbndiff, dbnmeani }) => dbndiff.add(dbnmeani).div(dbndiff.size(0)),
  },
  {
    step: "dhprebn",
    what: "the mean's branch subtracted: a minus that dbnmeani already holds",
    answer: ({ dbndiff, dbnmeani }) => dbndiff.sub(dbnmeani.div(dbndiff.size(0))),
  },
  {
    step: "dhprebn",
    what: "divided by hidden: the extent of the wrong dimension",
    answer: ({ dbndiff, dbnmeani }) => dbndiff.add(dbnmeani.div(dbndiff.size(1))),
  },
  {
    step: "dhprebn",
    what: "bnmeani, the value, in place of dbnmeani",
    answer: ({ bnmeani, dbndiff }) => dbndiff.add(bnmeani.div(dbndiff.size(0))),
  },

  // ---- 22. dembcat
  {
    step: "dembcat",
    what: "W1 reshaped by view in place of .T",
    answer: ({ W1, dhprebn }) => dhprebn.matmul(W1.view(W1.size(1), W1.size(0))),
  },
  {
    step: "dembcat",
    what: "hprebn, the value, in place of dhprebn",
    answer: ({ W1, hprebn }) => hprebn.matmul(W1.T),
  },
  {
    step: "dembcat",
    what: "W1 @ dhprebn.T, [block*embd, n], forced into shape by view",
    answer: ({ embcat, W1, dhprebn }) => W1.matmul(dhprebn.T).view(embcat.shape),
  },
  {
    step: "dembcat",
    what: "the inner loop leaves out the last neuron",
    answer: ({ embcat, W1, dhprebn }) => {
      const d = zerosLike(embcat);
      for (let i = 0; i < embcat.size(0); i++) {
        for (let j = 0; j < embcat.size(1); j++) {
          let sum = 0;
          for (let k = 0; k < W1.size(1) - 1; k++) sum += dhprebn.get(i, k) * W1.get(j, k);
          d.set(i, j, sum);
        }
      }
      return d;
    },
  },
  {
    step: "dembcat",
    what: "multiplied by embcat elementwise afterwards",
    answer: ({ embcat, W1, dhprebn }) => dhprebn.matmul(W1.T).mul(embcat),
  },
  {
    step: "dembcat",
    what: "b1 subtracted from the gradient first, undoing the forward pass",
    answer: ({ W1, b1, dhprebn }) => dhprebn.sub(b1).matmul(W1.T),
  },

  // ---- 23. dW1
  {
    step: "dW1",
    what: "transposed: dhprebn.T @ embcat, [hidden, block*embd]",
    answer: ({ embcat, dhprebn }) => dhprebn.T.matmul(embcat),
  },
  {
    step: "dW1",
    what: "embcat.T forgotten: the shapes do not fit",
    answer: ({ embcat, dhprebn }) => embcat.matmul(dhprebn),
  },
  {
    step: "dW1",
    what: "the example loop starts at 1: the first example is left out",
    answer: ({ W1, embcat, dhprebn }) => {
      const d = zerosLike(W1);
      for (let i = 1; i < embcat.size(0); i++) {
        for (let j = 0; j < W1.size(0); j++) {
          for (let k = 0; k < W1.size(1); k++) d.set(j, k, d.get(j, k) + embcat.get(i, j) * dhprebn.get(i, k));
        }
      }
      return d;
    },
  },
  {
    step: "dW1",
    what: "averaged over the batch",
    answer: ({ embcat, dhprebn }) => embcat.T.matmul(dhprebn).div(embcat.size(0)),
  },
  {
    step: "dW1",
    what: "embcat reshaped by view(-1, n) in place of .T",
    answer: ({ embcat, dhprebn }) => embcat.view(-1, embcat.size(0)).matmul(dhprebn),
  },
  {
    step: "dW1",
    what: "the inputs summed over the batch before the product: sums multiplied, not products summed",
    answer: ({ embcat, dhprebn }) => embcat.sum(0, keepdim).T.matmul(dhprebn.sum(0, keepdim)),
  },

  // ---- 24. db1
  {
    step: "db1",
    what: "keepdim kept, [1, hidden]",
    answer: ({ dhprebn }) => dhprebn.sum(0, keepdim),
  },
  {
    step: "db1",
    what: "summed over the neurons, [n]",
    answer: ({ dhprebn }) => dhprebn.sum(1),
  },
  {
    step: "db1",
    what: "hprebn, the value, summed",
    answer: ({ hprebn }) => hprebn.sum(0),
  },
  {
    step: "db1",
    what: "the last row only: assigned in the loop, not added",
    answer: ({ b1, dhprebn }) => {
      const d = zerosLike(b1);
      for (let i = 0; i < dhprebn.size(0); i++) for (let j = 0; j < b1.size(0); j++) d.set(j, dhprebn.get(i, j));
      return d;
    },
  },
  {
    step: "db1",
    what: "the largest of the column in place of its sum",
    answer: ({ dhprebn }) => dhprebn.max(0).values,
  },
  {
    step: "db1",
    what: "the transposed gradient read by view: the sums run over mixed columns",
    answer: ({ dhprebn }) => dhprebn.view(dhprebn.size(1), dhprebn.size(0)).sum(1),
  },

  // ---- 25. demb
  {
    step: "demb",
    what: "viewed as [n, embd, block]",
    answer: ({ emb, dembcat }) => dembcat.view(emb.size(0), emb.size(2), emb.size(1)),
  },
  {
    step: "demb",
    what: "not reshaped at all",
    answer: ({ dembcat }) => dembcat,
  },
  {
    step: "demb",
    what: "transposed before the view, which scrambles examples and features",
    answer: ({ emb, dembcat }) => dembcat.T.view(emb.shape),
  },
  {
    step: "demb",
    what: "the context's positions in reverse order",
    answer: ({ emb, dembcat }) => {
      const [n, block, embd] = emb.shape as [number, number, number];
      const d = zerosLike(emb);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < block; j++) {
          for (let k = 0; k < embd; k++) d.set(i, j, k, dembcat.get(i, (block - 1 - j) * embd + k));
        }
      }
      return d;
    },
  },
  {
    step: "demb",
    what: "the stride left out: every position reads the first embd columns",
    answer: ({ emb, dembcat }) => {
      const [n, block, embd] = emb.shape as [number, number, number];
      const d = zerosLike(emb);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < block; j++) for (let k = 0; k < embd; k++) d.set(i, j, k, dembcat.get(i, k));
      }
      return d;
    },
  },
  {
    step: "demb",
    what: "multiplied by emb, as if the view were a product",
    answer: ({ emb, dembcat }) => dembcat.view(emb.shape).mul(emb),
  },

  // ---- 26. dC
  {
    step: "dC",
    what: "rows assigned, not added: of a character's occurrences only the last counts",
    answer: ({ C, Xb, demb }) => {
      const [n, block, embd] = demb.shape as [number, number, number];
      const d = zerosLike(C);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < block; j++) for (let k = 0; k < embd; k++) d.set(Xb.get(i, j), k, demb.get(i, j, k));
      }
      return d;
    },
  },
  {
    step: "dC",
    what: "added onto a copy of C, not onto zeros",
    answer: ({ C, Xb, demb }) => C.indexAdd(0, Xb, demb),
  },
  {
    step: "dC",
    what: "averaged over each character's occurrences",
    answer: ({ C, Xb, demb }) => {
      const occurrences = zerosLike(C).indexAdd(0, Xb, onesLike(demb));
      return zerosLike(C)
        .indexAdd(0, Xb, demb)
        .div(each(occurrences, (count) => Math.max(count, 1)));
    },
  },
  {
    step: "dC",
    what: "emb, the value, collected in place of demb",
    answer: ({ C, Xb, emb }) => zerosLike(C).indexAdd(0, Xb, emb),
  },
  {
    step: "dC",
    what: "the position loop ends at block - 1: the context's last character is left out",
    answer: ({ C, Xb, demb }) => {
      const [n, block, embd] = demb.shape as [number, number, number];
      const d = zerosLike(C);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < block - 1; j++) {
          const row = Xb.get(i, j);
          for (let k = 0; k < embd; k++) d.set(row, k, d.get(row, k) + demb.get(i, j, k));
        }
      }
      return d;
    },
  },
  {
    step: "dC",
    what: "rounded to three decimals with toFixed",
    answer: ({ C, Xb, demb }) => each(zerosLike(C).indexAdd(0, Xb, demb), (x) => Number(x.toFixed(3))),
  },

  // ---- fused-dlogits
  {
    step: "fused-dlogits",
    what: "softmax over the examples, dimension 0",
    answer: ({ logits, Yb }) =>
      logits
        .softmax(0)
        .sub(oneHot(Yb, logits.size(1)))
        .div(logits.size(0)),
  },
  {
    step: "fused-dlogits",
    what: "only the labels divided by n, probabilities left whole",
    answer: ({ logits, Yb }) => logits.softmax(1).sub(oneHot(Yb, logits.size(1)).div(logits.size(0))),
  },
  {
    step: "fused-dlogits",
    what: "sigmoid of each logit in place of softmax, as for binary cross-entropy",
    answer: ({ logits, Yb }) =>
      logits
        .neg()
        .exp()
        .add(1)
        .pow(-1)
        .sub(oneHot(Yb, logits.size(1)))
        .div(logits.size(0)),
  },
  {
    step: "fused-dlogits",
    what: "multiplied by p * (1 - p) once more, as if softmax still had to be differentiated",
    answer: ({ logits, Yb }) => {
      const probs = logits.softmax(1);
      return probs
        .sub(oneHot(Yb, logits.size(1)))
        .mul(probs.mul(tensor(1).sub(probs)))
        .div(logits.size(0));
    },
  },
  {
    step: "fused-dlogits",
    what: "one subtracted at the most likely class, not at the label",
    answer: ({ logits }) =>
      logits
        .softmax(1)
        .sub(oneHot(logits.max(1).indices, logits.size(1)))
        .div(logits.size(0)),
  },
  {
    step: "fused-dlogits",
    what: "forward differences of the loss with a step of 1e-2: approximate",
    answer: ({ logits, Yb }) => {
      const d = zerosLike(logits);
      const before = crossEntropy(logits, Yb).item();
      for (let i = 0; i < logits.size(0); i++) {
        for (let j = 0; j < logits.size(1); j++) {
          const moved = logits.clone().set(i, j, logits.get(i, j) + 1e-2);
          d.set(i, j, (crossEntropy(moved, Yb).item() - before) / 1e-2);
        }
      }
      return d;
    },
  },

  // ---- fused-dhprebn
  {
    step: "fused-dhprebn",
    what: "(n-1)/n for n/(n-1), Bessel's correction upside down",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const withRaw = dhpreact.mul(bnraw).sum(0, keepdim);
      const inner = dhpreact
        .mul(n)
        .sub(dhpreact.sum(0, keepdim))
        .sub(bnraw.mul((n - 1) / n).mul(withRaw));
      return bngain.mul(bnvar_inv).div(n).mul(inner);
    },
  },
  {
    step: "fused-dhprebn",
    what: "layer norm's formula: the sums run over the neurons",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const withRaw = dhpreact.mul(bnraw).sum(1, keepdim);
      const inner = dhpreact
        .mul(n)
        .sub(dhpreact.sum(1, keepdim))
        .sub(bnraw.mul(n / (n - 1)).mul(withRaw));
      return bngain.mul(bnvar_inv).div(n).mul(inner);
    },
  },
  {
    step: "fused-dhprebn",
    what: "mean and variance treated as constants, as in evaluation mode: gain * bnvar_inv * dhpreact",
    answer: ({ bngain, bnvar_inv, dhpreact }) => bngain.mul(bnvar_inv).mul(dhpreact),
  },
  {
    step: "fused-dhprebn",
    what: "the variance's term without the outer bnraw",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const withRaw = dhpreact.mul(bnraw).sum(0, keepdim);
      const inner = dhpreact
        .mul(n)
        .sub(dhpreact.sum(0, keepdim))
        .sub(withRaw.mul(n / (n - 1)));
      return bngain.mul(bnvar_inv).div(n).mul(inner);
    },
  },
  {
    step: "fused-dhprebn",
    what: "in place: the upstream gradient is already scaled by n when it is summed with bnraw",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const scaled = dhpreact.clone();
      const sum = scaled.sum(0, keepdim);
      scaled.mul_(n);
      const withRaw = scaled.mul(bnraw).sum(0, keepdim);
      const inner = scaled.sub(sum).sub(bnraw.mul(n / (n - 1)).mul(withRaw));
      return bngain.mul(bnvar_inv).div(n).mul(inner);
    },
  },
  {
    step: "fused-dhprebn",
    what: "bnvar_inv under a further square root",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const withRaw = dhpreact.mul(bnraw).sum(0, keepdim);
      const inner = dhpreact
        .mul(n)
        .sub(dhpreact.sum(0, keepdim))
        .sub(bnraw.mul(n / (n - 1)).mul(withRaw));
      return bngain.mul(bnvar_inv.sqrt()).div(n).mul(inner);
    },
  },
];

/** A tensor of the same shape, element by element. */
function each(t: Tensor, change: (x: number) => number): Tensor {
  return tensor(Array.from(t.toArray(), change), t.shape);
}
