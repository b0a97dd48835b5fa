import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import type { FunctionStepId, GivenName } from "../../../grader/course/steps.ts";

type Given = Readonly<Record<GivenName<FunctionStepId>, Tensor>>;

/** Wrong answers of the kinds that once got a false, misleading or empty statement, several of each kind. */
export const heldBack: { step: FunctionStepId; what: string; answer: (given: Given) => Tensor }[] = [
  // ---- only some of the positions are set
  {
    step: "dlogprobs",
    what: "a return stands inside the loop: only the first row is set",
    answer: ({ logprobs, Yb }) => {
      const out = zerosLike(logprobs);
      for (let i = 0; i < Yb.size(0); i++) {
        out.set(i, Yb.get(i), -1 / Yb.size(0));
        return out;
      }
      return out;
    },
  },
  {
    step: "dlogprobs",
    what: "i += 2: every other row stays zero",
    answer: ({ logprobs, Yb }) => {
      const out = zerosLike(logprobs);
      for (let i = 0; i < Yb.size(0); i += 2) out.set(i, Yb.get(i), -1 / Yb.size(0));
      return out;
    },
  },
  {
    step: "dprobs",
    what: "the loop runs over the square only: rows up to the number of columns",
    answer: ({ probs, dlogprobs }) =>
      filled(
        probs,
        (i, j) => dlogprobs.get(i, j) / probs.get(i, j),
        (i) => i < probs.size(1),
      ),
  },
  {
    step: "dprobs",
    what: "j += 2: every other column stays zero",
    answer: ({ probs, dlogprobs }) =>
      filled(
        probs,
        (i, j) => dlogprobs.get(i, j) / probs.get(i, j),
        (_, j) => j % 2 === 0,
      ),
  },
  {
    step: "dnorm_logits",
    what: "a return after the first row",
    answer: ({ counts, dcounts }) =>
      filled(
        counts,
        (i, j) => counts.get(i, j) * dcounts.get(i, j),
        (i) => i === 0,
      ),
  },
  {
    step: "dnorm_logits",
    what: "the loop ends at 32, whatever n is",
    answer: ({ counts, dcounts }) =>
      filled(
        counts,
        (i, j) => counts.get(i, j) * dcounts.get(i, j),
        (i) => i < 32,
      ),
  },
  {
    step: "dhpreact",
    what: "the loop over the neurons ends at 64",
    answer: ({ h, dh }) =>
      filled(
        h,
        (i, j) => (1 - h.get(i, j) ** 2) * dh.get(i, j),
        (_, j) => j < 64,
      ),
  },
  {
    step: "dhpreact",
    what: "the loop starts at the second row and the second neuron",
    answer: ({ h, dh }) =>
      filled(
        h,
        (i, j) => (1 - h.get(i, j) ** 2) * dh.get(i, j),
        (i, j) => i > 0 && j > 0,
      ),
  },
  {
    step: "dbnraw",
    what: "only the diagonal: one index for rows and columns",
    answer: ({ bngain, bnraw, dhpreact }) =>
      filled(
        bnraw,
        (i, j) => bngain.get(0, j) * dhpreact.get(i, j),
        (i, j) => i === j,
      ),
  },
  {
    step: "dlogits",
    what: "the branch of the maximum reaches the first row alone",
    answer: ({ logits, dnorm_logits, dlogit_maxes }) => {
      const out = dnorm_logits.clone();
      out.set(0, logits.max(1).indices.get(0), out.get(0, logits.max(1).indices.get(0)) + dlogit_maxes.get(0, 0));
      return out;
    },
  },
  {
    step: "dcounts_sum",
    what: "the last two rows are left out",
    answer: ({ counts_sum, dcounts_sum_inv }) =>
      filled(
        counts_sum,
        (i) => -dcounts_sum_inv.get(i, 0) / counts_sum.get(i, 0) ** 2,
        (i) => i < counts_sum.size(0) - 2,
      ),
  },
  {
    step: "dC",
    what: "only the first example is scattered",
    answer: ({ C, Xb, demb }) => scattered(C, Xb, demb, (i) => i === 0),
  },
  {
    step: "dC",
    what: "every other example is scattered",
    answer: ({ C, Xb, demb }) => scattered(C, Xb, demb, (i) => i % 2 === 0),
  },
  {
    step: "dC",
    what: "three positions of the context are scattered, whatever block is",
    answer: ({ C, Xb, demb }) => scattered(C, Xb, demb, (_, b) => b < 3),
  },
  {
    step: "db2",
    what: "only the first 32 examples are added up",
    answer: ({ dlogits }) => filledRow(dlogits, (i) => i < 32),
  },
  {
    step: "db2",
    what: "every other example is added up",
    answer: ({ dlogits }) => filledRow(dlogits, (i) => i % 2 === 0),
  },
  {
    step: "dcounts_sum_inv",
    what: "the loop over the columns ends at the number of rows",
    answer: ({ counts, dprobs }) =>
      counts
        .mul(dprobs)
        .mul(mask(counts, (_, j) => j < counts.size(0)))
        .sum(1, keepdim),
  },
  {
    step: "dcounts_sum_inv",
    what: "the loop over the columns ends at 27",
    answer: ({ counts, dprobs }) =>
      counts
        .mul(dprobs)
        .mul(mask(counts, (_, j) => j < 27))
        .sum(1, keepdim),
  },
  {
    step: "dbngain",
    what: "a return inside the loop over the examples: the first alone is added",
    answer: ({ bnraw, dhpreact }) =>
      bnraw
        .mul(dhpreact)
        .mul(mask(bnraw, (i) => i === 0))
        .sum(0, keepdim),
  },
  {
    step: "dh",
    what: "the inner loop ends at the number of rows",
    answer: ({ W2, dlogits }) => dlogits.mul(mask(dlogits, (_, j) => j < dlogits.size(0))).matmul(W2.T),
  },
  {
    step: "dcolumn",
    what: "i += 2 over the columns",
    answer: ({ dgrid }) => dgrid.mul(mask(dgrid, (_, j) => j % 2 === 0)).sum(1, keepdim),
  },
  {
    step: "dy",
    what: "the loop runs over the rows only for both: the first rows columns are set",
    answer: ({ x, du }) =>
      filled(
        x,
        (i, j) => x.get(i, j) * du.get(i, j),
        (_, j) => j < x.size(0),
      ),
  },
  {
    step: "demb",
    what: "only the first three positions are set",
    answer: ({ emb, dembcat }) => {
      const out = zerosLike(emb);
      for (let i = 0; i < emb.size(0); i++)
        for (let b = 0; b < 3; b++)
          for (let k = 0; k < emb.size(2); k++) out.set(i, b, k, dembcat.get(i, b * emb.size(2) + k));
      return out;
    },
  },
  // ---- summed, and then broadcast again
  {
    step: "dcounts_sum_inv",
    what: "summed and spread over the row again",
    answer: ({ counts, dprobs }) => counts.mul(dprobs).sum(1, keepdim).expand(counts.size(0), counts.size(1)),
  },
  {
    step: "dbngain",
    what: "summed and spread down the batch again",
    answer: ({ bnraw, dhpreact }) => onesLike(bnraw).mul(bnraw.mul(dhpreact).sum(0, keepdim)),
  },
  {
    step: "dlogit_maxes",
    what: "summed and spread over the row",
    answer: ({ dnorm_logits }) => onesLike(dnorm_logits).mul(dnorm_logits.sum(1, keepdim).neg()),
  },
  {
    step: "dbnbias",
    what: "averaged and spread",
    answer: ({ dhpreact }) => dhpreact.mean(0, keepdim).expand(dhpreact.size(0), dhpreact.size(1)),
  },
  {
    step: "dcolumn",
    what: "summed and spread over the columns again",
    answer: ({ dgrid }) => onesLike(dgrid).mul(dgrid.sum(1, keepdim)),
  },
  {
    step: "dbnmeani",
    what: "summed and spread, sign forgotten too",
    answer: ({ dbndiff }) => onesLike(dbndiff).mul(dbndiff.sum(0, keepdim)),
  },
  // ---- a dimension is lost without a sum
  {
    step: "dcounts_sum",
    what: "a view drops the second dimension",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-2).neg().mul(dcounts_sum_inv).view(-1),
  },
  {
    step: "dbnvar",
    what: "a view drops the first dimension",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dbnvar_inv).view(-1),
  },
  {
    step: "dcounts_sum",
    what: "a view drops the second dimension, and the sign is lost",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-2).mul(dcounts_sum_inv).view(-1),
  },
  {
    step: "dbnvar",
    what: "a view turns the row into a column",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dbnvar_inv).view(-1, 1),
  },
  // ---- one factor of a product, although the other would give the same numbers
  {
    step: "dcounts_sum_inv",
    what: "counts alone is summed first",
    answer: ({ counts, dprobs }) => counts.sum(1, keepdim).mul(dprobs).sum(1, keepdim),
  },
  {
    step: "dcounts_sum_inv",
    what: "dprobs alone is summed first",
    answer: ({ counts, dprobs }) => dprobs.sum(1, keepdim).mul(counts).sum(1, keepdim),
  },
  {
    step: "dbngain",
    what: "dhpreact alone is summed first",
    answer: ({ bnraw, dhpreact }) => dhpreact.sum(0, keepdim).mul(bnraw).sum(0, keepdim),
  },
  {
    step: "dW1",
    what: "dhprebn is summed over the batch before the product",
    answer: ({ embcat, dhprebn }) => embcat.T.matmul(onesLike(dhprebn).mul(dhprebn.sum(0, keepdim))),
  },
  {
    step: "dW2",
    what: "dlogits is centred over the batch",
    answer: ({ h, dlogits }) => h.T.matmul(dlogits.sub(dlogits.mean(0, keepdim))),
  },
  {
    step: "dW2",
    what: "the first example of dlogits is left out",
    answer: ({ h, dlogits }) => h.T.matmul(dlogits.mul(mask(dlogits, (i) => i > 0))),
  },
  {
    step: "dh",
    what: "dlogits has its columns in reverse order",
    answer: ({ W2, dlogits }) => {
      const columns = dlogits.size(1);
      return filled(
        dlogits,
        (i, j) => dlogits.get(i, columns - 1 - j),
        () => true,
      ).matmul(W2.T);
    },
  },
  {
    step: "dembcat",
    what: "the last neuron of dhprebn is left out",
    answer: ({ W1, dhprebn }) => dhprebn.mul(mask(dhprebn, (_, j) => j < dhprebn.size(1) - 1)).matmul(W1.T),
  },
  {
    step: "dleft",
    what: "dproduct's rows are summed before the product",
    answer: ({ right, dproduct }) => onesLike(dproduct).mul(dproduct.sum(1, keepdim)).matmul(right.T),
  },
  // ---- a function that is almost another one
  {
    step: "dhpreact",
    what: "one minus the square of tanh(h), where h is small the same",
    answer: ({ hpreact, dh }) => tensor(1).sub(hpreact.tanh().tanh().pow(2)).mul(dh),
  },
  {
    step: "dpre",
    what: "the slope of the arctangent: 1/(1 + pre^2)",
    answer: ({ pre, dout }) => pre.pow(2).add(1).pow(-1).mul(dout),
  },
  {
    step: "dpre",
    what: "the slope of softsign: (1 - |out|)^2",
    answer: ({ out, dout }) => mapped(out, (x) => (1 - Math.abs(x)) ** 2).mul(dout),
  },
  {
    step: "dprobs",
    what: "1e-8 is added to probs",
    answer: ({ probs, dlogprobs }) => dlogprobs.div(probs.add(1e-8)),
  },
  {
    step: "dprobs",
    what: "1e-10 is added to probs",
    answer: ({ probs, dlogprobs }) => dlogprobs.div(probs.add(1e-10)),
  },
  {
    step: "dbnvar",
    what: "epsilon is 1e-8",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-8).pow(-1.5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "epsilon is 1e-3",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-3).pow(-1.5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "epsilon is subtracted",
    answer: ({ bnvar, dbnvar_inv }) => mapped(bnvar.sub(1e-5), Math.abs).pow(-1.5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dcounts_sum",
    what: "epsilon is added to the sum",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.add(1e-5).pow(-2).neg().mul(dcounts_sum_inv),
  },
  {
    step: "rescaled",
    what: "1e-5 is added to the variance, as in batchnorm",
    answer: ({ embcat, W1 }) => W1.div(embcat.matmul(W1).var(0, keepdim).add(1e-5).sqrt()),
  },
  // ---- tensors that are not used
  {
    step: "dbnvar",
    what: "the exponent is -1, written with bnvar alone",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).pow(-1).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "the exponent is -3, written with bnvar_inv alone, as -0.5 * bnvar_inv^6",
    answer: ({ bnvar_inv, dbnvar_inv }) => bnvar_inv.pow(6).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dcounts_sum",
    what: "the exponent is -0.5",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-0.5).neg().mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "the exponent is -1.5 and the factor -0.5",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-1.5).mul(-0.5).mul(dcounts_sum_inv),
  },
  {
    step: "dnorm_logits",
    what: "the slope is written with norm_logits: exp(norm_logits)^2",
    answer: ({ norm_logits, dcounts }) => norm_logits.mul(2).exp().mul(dcounts),
  },
  {
    step: "dhpreact",
    what: "the cosine for its square: 1/cosh",
    answer: ({ hpreact, dh }) => mapped(hpreact, (x) => 1 / Math.cosh(x)).mul(dh),
  },
  // ---- a constant at every position
  {
    step: "dlogit_maxes",
    what: "one is added everywhere",
    answer: ({ dnorm_logits }) => dnorm_logits.sum(1, keepdim).neg().add(1),
  },
  {
    step: "dbnraw",
    what: "the slope is added, not multiplied",
    answer: ({ bngain, dhpreact }) => dhpreact.add(bngain),
  },
  {
    step: "dbndiff2",
    what: "1/(n-1) is added, not multiplied",
    answer: ({ bndiff2, dbnvar }) =>
      onesLike(bndiff2)
        .mul(dbnvar)
        .add(1 / (bndiff2.size(0) - 1)),
  },
  {
    step: "dC",
    what: "starts from ones",
    answer: ({ C, Xb, demb }) => onesLike(C).indexAdd(0, Xb, demb),
  },
  {
    step: "dC",
    what: "one is added to every contribution, and the rows are reversed",
    answer: ({ C, Xb, demb }) =>
      zerosLike(C).indexAdd(
        0,
        mappedIndex(Xb, (x) => C.size(0) - 1 - x),
        demb.add(1),
      ),
  },
  // ---- half of it is right
  {
    step: "dprobs",
    what: "probabilities above one half are left as they are",
    answer: ({ probs, dlogprobs }) =>
      filled(
        probs,
        (i, j) => dlogprobs.get(i, j) / (probs.get(i, j) > 0.5 ? 1 : probs.get(i, j)),
        () => true,
      ),
  },
  {
    step: "dx",
    what: "negative x are passed on with twice the size",
    answer: ({ x, y, du, dv }) =>
      y
        .mul(du)
        .add(dv)
        .mul(mapped(x, (v) => (v < 0 ? 2 : 1))),
  },
  {
    step: "uses",
    what: "each character counts once per position",
    answer: ({ C, Xb }) => {
      const out = zerosLike(C).sum(1, keepdim);
      for (let b = 0; b < Xb.size(1); b++)
        for (let c = 0; c < C.size(0); c++)
          for (let i = 0; i < Xb.size(0); i++)
            if (Xb.get(i, b) === c) {
              out.set(c, 0, out.get(c, 0) + 1);
              break;
            }
      return out;
    },
  },
  // ---- shapes that fit only if sizes are equal
  {
    step: "demb",
    what: "the embedding and the position are exchanged in the loop's bounds",
    answer: ({ emb, dembcat }) => {
      const out = zerosLike(emb);
      for (let i = 0; i < emb.size(0); i++)
        for (let b = 0; b < emb.size(2); b++)
          for (let k = 0; k < emb.size(1); k++) out.set(i, b, k, dembcat.get(i, b * emb.size(1) + k));
      return out;
    },
  },
  {
    step: "dh",
    what: "W2 is not transposed in a loop",
    answer: ({ W2, dlogits, h }) => {
      const out = zerosLike(h);
      for (let i = 0; i < h.size(0); i++)
        for (let j = 0; j < h.size(1); j++) {
          let sum = 0;
          for (let k = 0; k < dlogits.size(1); k++) sum += dlogits.get(i, k) * W2.get(k, j);
          out.set(i, j, sum);
        }
      return out;
    },
  },
  {
    step: "dbnraw",
    what: "the gain is transposed",
    answer: ({ bngain, dhpreact }) => dhpreact.T.mul(bngain).T,
  },
  // ---- powers
  {
    step: "dcounts_sum",
    what: "the upstream gradient with a minus: the slope is not written",
    answer: ({ dcounts_sum_inv }) => dcounts_sum_inv.neg(),
  },
  {
    step: "dnorm_logits",
    what: "the power rule itself: x * e^(x - 1)",
    answer: ({ norm_logits, dcounts }) => norm_logits.mul(norm_logits.sub(1).exp()).mul(dcounts),
  },
  {
    step: "dnorm_logits",
    what: "the right answer is multiplied by norm_logits",
    answer: ({ norm_logits, counts, dcounts }) => counts.mul(dcounts).mul(norm_logits),
  },
  {
    step: "dbndiff",
    what: "the square's exponent is not lowered: 2 * bndiff^2",
    answer: ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => bnvar_inv.mul(dbnraw).add(bndiff.pow(2).mul(2).mul(dbndiff2)),
  },
  {
    step: "dprobs",
    what: "the root's slope: 0.5 * probs^-0.5",
    answer: ({ probs, dlogprobs }) => probs.pow(-0.5).mul(0.5).mul(dlogprobs),
  },
  // ---- an extra division, a missing factor
  {
    step: "dbnraw",
    what: "divided by bnvar_inv's place: dhpreact * bngain / bnraw",
    answer: ({ bngain, bnraw, dhpreact }) => dhpreact.mul(bngain).div(bnraw),
  },
  {
    step: "dhpreact",
    what: "divided by h too",
    answer: ({ h, dh }) => tensor(1).sub(h.pow(2)).mul(dh).div(h),
  },
  {
    step: "dbngain",
    what: "the sum is divided by the gain",
    answer: ({ bngain, bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim).div(bngain),
  },
  {
    step: "dy",
    what: "divided by y too",
    answer: ({ x, y, du }) => x.mul(du).div(y),
  },
  // ---- constants that have a name
  {
    step: "dlogprobs",
    what: "divided by the root of n",
    answer: ({ logprobs, Yb }) => oneHot(Yb, logprobs.size(1)).div(-Math.sqrt(Yb.size(0))),
  },
  {
    step: "dW1",
    what: "divided by the root of n",
    answer: ({ embcat, dhprebn }) => embcat.T.matmul(dhprebn).div(Math.sqrt(embcat.size(0))),
  },
  {
    step: "dh",
    what: "divided by the root of the number of neurons",
    answer: ({ h, W2, dlogits }) => dlogits.matmul(W2.T).div(Math.sqrt(h.size(1))),
  },
  {
    step: "db2",
    what: "divided by n squared",
    answer: ({ dlogits }) => dlogits.sum(0).div(dlogits.size(0) ** 2),
  },
  {
    step: "dprobs",
    what: "the logarithm to base 2: divided by ln 2",
    answer: ({ probs, dlogprobs }) => dlogprobs.div(probs.mul(Math.LN2)),
  },
  {
    step: "dprobs",
    what: "the logarithm to base 10: divided by ln 10",
    answer: ({ probs, dlogprobs }) => dlogprobs.div(probs.mul(Math.LN10)),
  },
  {
    step: "dnorm_logits",
    what: "the power of two: times ln 2",
    answer: ({ counts, dcounts }) => counts.mul(dcounts).mul(Math.LN2),
  },
  {
    step: "fused-dlogits",
    what: "divided by the root of n",
    answer: ({ logits, Yb }) =>
      logits
        .softmax(1)
        .sub(oneHot(Yb, logits.size(1)))
        .div(Math.sqrt(Yb.size(0))),
  },
  {
    step: "fused-dhprebn",
    what: "the variance's term is multiplied by the root of n/(n-1)",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      return bngain
        .mul(bnvar_inv)
        .div(n)
        .mul(
          dhpreact
            .mul(n)
            .sub(dhpreact.sum(0, keepdim))
            .sub(bnraw.mul(Math.sqrt(n / (n - 1))).mul(dhpreact.mul(bnraw).sum(0, keepdim))),
        );
    },
  },
  {
    step: "rescaled",
    what: "times two",
    answer: ({ embcat, W1 }) => W1.div(embcat.matmul(W1).var(0, keepdim).sqrt()).mul(2),
  },
  // ---- terms whose sum is zero
  {
    step: "dbnvar_inv",
    what: "bndiff and dbnraw are summed apart",
    answer: ({ bndiff, dbnraw }) => bndiff.sum(0, keepdim).mul(dbnraw.sum(0, keepdim)),
  },
  {
    step: "fused-dhprebn",
    what: "the variance's term sums bnraw by itself",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      return bngain
        .mul(bnvar_inv)
        .div(n)
        .mul(
          dhpreact
            .mul(n)
            .sub(dhpreact.sum(0, keepdim))
            .sub(dhpreact.mul(n / (n - 1)).mul(bnraw.sum(0, keepdim))),
        );
    },
  },
  {
    step: "dbngain",
    what: "bnraw's mean is taken for bnraw",
    answer: ({ bnraw, dhpreact }) => bnraw.mean(0, keepdim).mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "fused-dhprebn",
    what: "bnraw is left out of the variance's sum",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      return bngain
        .mul(bnvar_inv)
        .div(n)
        .mul(
          dhpreact
            .mul(n)
            .sub(dhpreact.sum(0, keepdim))
            .sub(bnraw.mul(n / (n - 1)).mul(dhpreact.sum(0, keepdim))),
        );
    },
  },
  // ---- answers that got no statement
  {
    step: "dcounts",
    what: "the two branches are multiplied",
    answer: ({ counts_sum_inv, dprobs, dcounts_sum }) => counts_sum_inv.mul(dprobs).mul(dcounts_sum),
  },
  {
    step: "dlogprobs",
    what: "probabilities instead of ones: exp(logprobs) at the labels",
    answer: ({ logprobs, Yb }) => oneHot(Yb, logprobs.size(1)).mul(logprobs.exp()).div(-Yb.size(0)),
  },
  {
    step: "dlogprobs",
    what: "the gradient of the fused cross-entropy",
    answer: ({ logprobs, Yb }) =>
      logprobs
        .exp()
        .sub(oneHot(Yb, logprobs.size(1)))
        .div(Yb.size(0)),
  },
  {
    step: "fused-dlogits",
    what: "the sigmoid for the softmax",
    answer: ({ logits, Yb }) =>
      mapped(logits, (x) => 1 / (1 + Math.exp(-x)))
        .sub(oneHot(Yb, logits.size(1)))
        .div(Yb.size(0)),
  },
  {
    step: "fused-dlogits",
    what: "the logarithm of the softmax",
    answer: ({ logits, Yb }) =>
      logits
        .softmax(1)
        .log()
        .sub(oneHot(Yb, logits.size(1)))
        .div(Yb.size(0)),
  },
  {
    step: "dhpreact",
    what: "1 - h^2 * dh: a bracket is missing",
    answer: ({ h, dh }) => tensor(1).sub(h.pow(2).mul(dh)),
  },
  {
    step: "dprobs",
    what: "the whole log-softmax backwards",
    answer: ({ probs, dlogprobs }) => dlogprobs.sub(probs.mul(dlogprobs.sum(1, keepdim))),
  },

  // ---- a number added in another place than in the forward line
  {
    step: "dbnvar",
    what: "epsilon is added to the given bnvar_inv, which contains it",
    answer: ({ bnvar_inv, dbnvar_inv }) => bnvar_inv.add(1e-5).pow(3).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "epsilon is added twice: to bnvar_inv to the power -2",
    answer: ({ bnvar_inv, dbnvar_inv }) => bnvar_inv.pow(-2).add(1e-5).pow(-1.5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "epsilon guards the division: 1 / (bnvar ** 1.5 + 1e-5)",
    answer: ({ bnvar, dbnvar_inv }) => dbnvar_inv.mul(-0.5).div(bnvar.pow(1.5).add(1e-5)),
  },
  {
    step: "dbnvar",
    what: "epsilon is inside and outside the power",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).pow(-1.5).add(1e-5).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "epsilon is in one of the two factors only: bnvar_inv / bnvar",
    answer: ({ bnvar, bnvar_inv, dbnvar_inv }) => dbnvar_inv.mul(-0.5).mul(bnvar_inv).div(bnvar),
  },
  {
    step: "dbnvar",
    what: "one of two factors is the standard deviation plus epsilon, squared",
    answer: ({ bnvar, bnvar_inv, dbnvar_inv }) =>
      dbnvar_inv.mul(-0.5).mul(bnvar_inv).div(bnvar.sqrt().add(1e-5).pow(2)),
  },
  {
    step: "dbnvar",
    what: "epsilon is added to the upstream gradient",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dbnvar_inv.add(1e-5)),
  },
  {
    step: "ratio",
    what: "epsilon is added to the standard deviations",
    answer: ({ hprebn }) => ratioOf(hprebn, (x) => x.sqrt().add(1e-5)),
  },
  {
    step: "ratio",
    what: "epsilon is added to one of the variances only",
    answer: ({ hprebn }) => ratioOf(hprebn, (x, isBiased) => (isBiased ? x : x.add(1e-5)).sqrt()),
  },
  {
    step: "ratio",
    what: "epsilon is 1e-3, as in Keras",
    answer: ({ hprebn }) => ratioOf(hprebn, (x) => x.add(1e-3).sqrt()),
  },
  {
    step: "ratio",
    what: "epsilon is inside one power and outside the other",
    answer: ({ hprebn }) =>
      ratioOf(hprebn, (x, isBiased) => (isBiased ? x.pow(-0.5).add(1e-5).pow(-1) : x.add(1e-5).sqrt())),
  },

  // ---- one entry along a dimension counts twice, or with the other sign
  {
    step: "dcolumn",
    what: "the sum starts with the last column, and the loop reaches it again",
    answer: ({ column, dgrid }) => {
      const out = zerosLike(column);
      for (let i = 0; i < dgrid.size(0); i++) {
        let sum = dgrid.get(i, dgrid.size(1) - 1);
        for (let j = 0; j < dgrid.size(1); j++) sum += dgrid.get(i, j);
        out.set(i, 0, sum);
      }
      return out;
    },
  },
  {
    step: "db2",
    what: "the sum starts with the first example, and the loop with it again",
    answer: ({ dlogits }) => dlogits.sum(0).add(filledRow(dlogits, (i) => i === 0)),
  },
  {
    step: "dlogit_maxes",
    what: "the minus reaches the first character only",
    answer: ({ dnorm_logits }) =>
      dnorm_logits.sub(dnorm_logits.mul(mask(dnorm_logits, (_, j) => j === 0)).mul(2)).sum(1, keepdim),
  },

  // ---- a list within a list
  {
    step: "dcounts",
    what: "one branch is missing, and the other has two mistakes",
    answer: ({ dprobs }) => dprobs.div(2),
  },

  // ---- nothing was said, or something that zeros do not show
  {
    step: "dlogprobs",
    what: "the label is compared with the row's number, so that nearly every entry is zero",
    answer: ({ logprobs, Yb }) =>
      filled(
        logprobs,
        () => -1 / Yb.size(0),
        (i, j) => j === i && Yb.get(i) === i,
      ),
  },
  {
    step: "dscores",
    what: "every column up to the pick gets the gradient",
    answer: ({ scores, picks, dpicked }) =>
      filled(
        scores,
        (i) => dpicked.get(i, 0),
        (i, j) => j <= picks.get(i),
      ),
  },
  {
    step: "fused-dlogits",
    what: "the largest logit gets a one instead of its probability",
    answer: ({ logits, Yb }) =>
      oneHot(logits.max(1).indices, logits.size(1))
        .sub(oneHot(Yb, logits.size(1)))
        .div(logits.size(0)),
  },
  {
    step: "fused-dlogits",
    what: "the loss is taken for the squared error of the probabilities",
    answer: ({ logits, Yb }) => {
      const probs = logits.softmax(1);
      const off = probs.sub(oneHot(Yb, logits.size(1)));
      return probs
        .mul(off.sub(off.mul(probs).sum(1, keepdim)))
        .mul(2)
        .div(logits.size(0));
    },
  },
  {
    step: "normalize",
    what: "each row is divided by its length, the root of the sum of its squares",
    answer: ({ N }) => N.div(N.pow(2).sum(1, keepdim).sqrt()),
  },
];

/** A tensor filled by a loop that sets only some positions. */
function filled(
  like: Tensor,
  value: (i: number, j: number) => number,
  isSet: (i: number, j: number) => boolean,
): Tensor {
  const out = zerosLike(like);
  for (let i = 0; i < like.size(0); i++)
    for (let j = 0; j < like.size(1); j++) if (isSet(i, j)) out.set(i, j, value(i, j));
  return out;
}

/** The sum of some rows. */
function filledRow(x: Tensor, isAdded: (i: number) => boolean): Tensor {
  return x.mul(mask(x, isAdded)).sum(0);
}

function mask(like: Tensor, isOne: (i: number, j: number) => boolean): Tensor {
  return filled(like, () => 1, isOne);
}

function mapped(x: Tensor, f: (value: number) => number): Tensor {
  return tensor(x.toArray().map(f), x.shape);
}

function mappedIndex(x: Tensor, f: (value: number) => number): Tensor {
  return tensor(x.toArray().map(f), x.shape, "int32");
}

function scattered(C: Tensor, Xb: Tensor, demb: Tensor, isAdded: (i: number, b: number) => boolean): Tensor {
  const out = zerosLike(C);
  for (let i = 0; i < Xb.size(0); i++)
    for (let b = 0; b < Xb.size(1); b++) {
      if (!isAdded(i, b)) continue;
      const row = Xb.get(i, b);
      for (let k = 0; k < C.size(1); k++) out.set(row, k, out.get(row, k) + demb.get(i, b, k));
    }
  return out;
}

/** A function of the biased variance, divided by that of the unbiased one. */
function ratioOf(hprebn: Tensor, scale: (variance: Tensor, isBiased: boolean) => Tensor): Tensor {
  const [unbiased, n] = [hprebn.var(0, keepdim), hprebn.size(0)];
  return scale(unbiased.mul((n - 1) / n), true).div(scale(unbiased, false));
}
