import { keepdim, oneHot, ones, onesLike, tensor, zeros, zerosLike } from "#tensor";
import { build, diag, eye, productBy, reader, sum, sumBackwards, type Form } from "./elements.ts";
import { loopForms } from "./loopforms.ts";
import type { FunctionStepId } from "./steps.ts";

/** Right answers as operations on whole tensors, for most part. */
const tensorForms: Readonly<Record<FunctionStepId, readonly Form[]>> = {
  da: [
    ({ dc }) => dc.clone(),
    ({ a, dc }) => onesLike(a).mul(dc),
    ({ c, b, dc }) => c.sub(b).mul(0).add(dc),
    ({ dc }) => build([...dc.shape], (i, j) => dc.get(i, j)),
  ],
  db: [
    ({ dc }) => dc.neg(),
    ({ dc }) => dc.mul(-1),
    ({ b, dc }) => zerosLike(b).sub(dc),
    ({ dc }) => build([...dc.shape], (i, j) => -dc.get(i, j)),
  ],
  dy: [
    ({ x, du }) => x.mul(du),
    ({ y, u, du }) => u.div(y).mul(du),
    ({ x, du }) => du.div(x.pow(-1)),
    ({ x, du }) => build([...du.shape], (i, j) => x.get(i, j) * du.get(i, j)),
  ],
  dx: [
    ({ y, du, dv }) => y.mul(du).add(dv),
    ({ y, du, dv }) => dv.add(du.mul(y)),
    ({ x, u, du, dv }) => u.div(x).mul(du).add(dv),
    ({ y, du, dv }) => build([...du.shape], (i, j) => y.get(i, j) * du.get(i, j) + dv.get(i, j)),
    ({ y, du, dv }) => y.neg().mul(du).sub(dv).neg(),
  ],
  dcolumn: [
    ({ dgrid }) => dgrid.sum(1, keepdim),
    ({ dgrid }) => dgrid.matmul(ones(dgrid.size(1), 1)),
    ({ dgrid }) => dgrid.mean(1, keepdim).mul(dgrid.size(1)),
    ({ dgrid }) => dgrid.T.sum(0).view(-1, 1),
    ({ dgrid }) => build([dgrid.size(0), 1], (i) => sumBackwards(dgrid.size(1), (j) => dgrid.get(i, j))),
  ],
  dtable: [
    ({ dspread }) => dspread.sum(1, keepdim).expand([...dspread.shape]),
    ({ table, dspread }) => onesLike(table).mul(dspread.sum(1, keepdim)),
    ({ dspread }) => dspread.matmul(ones(dspread.size(1), dspread.size(1))),
    ({ dspread }) => {
      const sums = build([dspread.size(0)], (i) => sumBackwards(dspread.size(1), (j) => dspread.get(i, j)));
      return build([...dspread.shape], (i) => sums.get(i));
    },
  ],
  dleft: [
    ({ right, dproduct }) => dproduct.matmul(right.T),
    ({ right, dproduct }) => right.matmul(dproduct.T).T,
    ({ right, dproduct }) => productBy(sum, dproduct, right.T),
    ({ right, dproduct }) => productBy(sumBackwards, dproduct, right.T),
  ],
  dpre: [
    ({ out, dout }) => out.pow(2).neg().add(1).mul(dout),
    ({ pre, dout }) => tensor(1).sub(pre.tanh().pow(2)).mul(dout),
    ({ out, dout }) => dout.sub(out.mul(out).mul(dout)),
    ({ out, dout }) => out.add(1).mul(out.neg().add(1)).mul(dout),
    ({ out, dout }) => build([...dout.shape], (i, j) => (1 - out.get(i, j) ** 2) * dout.get(i, j)),
  ],
  normalize: [
    ({ N }) => N.div(N.sum(1, keepdim)),
    ({ N }) => N.mul(N.sum(1, keepdim).pow(-1)),
    ({ N }) => N.T.div(N.sum(1)).T,
    ({ N }) => N.div(N.matmul(ones(N.size(1), 1))),
    ({ N }) => N.log().sub(N.sum(1, keepdim).log()).exp(),
    ({ N }) => {
      const sums = Array.from({ length: N.size(0) }, (_, i) => sum(N.size(1), (k) => N.get(i, k)));
      return build([...N.shape], (i, j) => N.get(i, j) / sums[i]!);
    },
  ],
  dlogprobs: [
    ({ logprobs, Yb }) => oneHot(Yb, logprobs.size(1)).mul(-1 / Yb.size(0)),
    ({ logprobs, Yb }) => oneHot(Yb, logprobs.size(1)).div(-Yb.size(0)),
    ({ logprobs, Yb }) => zerosLike(logprobs).scatterAdd(1, Yb.view(-1, 1), ones(Yb.size(0), 1).div(Yb.size(0)).neg()),
    ({ logprobs, Yb }) => build([...logprobs.shape], (i, j) => (Yb.get(i) === j ? -1 / logprobs.size(0) : 0)),
    ({ logprobs, Yb }) =>
      oneHot(Yb, logprobs.size(1))
        .neg()
        .mul(tensor(1).div(Yb.size(0))),
  ],
  dprobs: [
    ({ probs, dlogprobs }) => dlogprobs.div(probs),
    ({ logprobs, dlogprobs }) => logprobs.neg().exp().mul(dlogprobs),
    ({ logprobs, dlogprobs }) => dlogprobs.div(logprobs.exp()),
    ({ probs, dlogprobs }) => tensor(1).div(probs).mul(dlogprobs),
    ({ probs, dlogprobs }) => probs.log().neg().exp().mul(dlogprobs),
    ({ probs, dlogprobs }) => build([...probs.shape], (i, j) => dlogprobs.get(i, j) / probs.get(i, j)),
    ({ probs, dlogprobs }) => probs.sqrt().pow(-2).mul(dlogprobs),
    ({ logprobs, dlogprobs }) => logprobs.mul(-1).exp().mul(dlogprobs),
  ],
  dcounts_sum_inv: [
    ({ counts, dprobs }) => counts.mul(dprobs).sum(1, keepdim),
    ({ counts, dprobs }) => counts.mul(dprobs).matmul(ones(counts.size(1), 1)),
    ({ counts, dprobs }) =>
      dprobs
        .matmul(counts.T)
        .mul(eye(dprobs.size(0)))
        .sum(1, keepdim),
    ({ counts_sum_inv, probs, dprobs }) => probs.div(counts_sum_inv).mul(dprobs).sum(1, keepdim),
    ({ counts_sum_inv, probs, dprobs }) => probs.mul(dprobs).sum(1, keepdim).div(counts_sum_inv),
    ({ counts, dprobs }) =>
      build([counts.size(0), 1], (i) => sum(counts.size(1), (j) => counts.get(i, j) * dprobs.get(i, j))),
    ({ counts, dprobs }) =>
      build([counts.size(0), 1], (i) => sumBackwards(counts.size(1), (j) => counts.get(i, j) * dprobs.get(i, j))),
    ({ counts, dprobs }) => counts.mul(dprobs).mean(1, keepdim).mul(counts.size(1)),
    ({ counts, dprobs }) => dprobs.mul(counts).T.sum(0).view(-1, 1),
  ],
  dcounts_sum: [
    ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-2).neg().mul(dcounts_sum_inv),
    ({ counts_sum_inv, dcounts_sum_inv }) => counts_sum_inv.mul(counts_sum_inv).mul(dcounts_sum_inv).neg(),
    ({ counts_sum_inv, dcounts_sum_inv }) => counts_sum_inv.pow(2).mul(-1).mul(dcounts_sum_inv),
    ({ counts_sum, dcounts_sum_inv }) => dcounts_sum_inv.neg().div(counts_sum).div(counts_sum),
    ({ counts_sum, dcounts_sum_inv }) => dcounts_sum_inv.div(counts_sum.pow(2)).neg(),
    ({ counts_sum, counts_sum_inv, dcounts_sum_inv }) => counts_sum_inv.div(counts_sum).mul(dcounts_sum_inv).mul(-1),
    ({ counts_sum, dcounts_sum_inv }) => counts_sum.log().mul(-2).exp().neg().mul(dcounts_sum_inv),
    ({ counts_sum, dcounts_sum_inv }) =>
      build([counts_sum.size(0), 1], (i) => -dcounts_sum_inv.get(i, 0) / counts_sum.get(i, 0) ** 2),
    ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-3).mul(counts_sum).neg().mul(dcounts_sum_inv),
  ],
  dcounts: [
    ({ counts_sum_inv, dprobs, dcounts_sum }) => counts_sum_inv.mul(dprobs).add(dcounts_sum),
    ({ counts_sum, dprobs, dcounts_sum }) => dprobs.div(counts_sum).add(dcounts_sum),
    ({ counts, probs, dprobs, dcounts_sum }) => probs.div(counts).mul(dprobs).add(dcounts_sum),
    ({ counts_sum_inv, dprobs, dcounts_sum }) => dcounts_sum.expand(...dprobs.shape).add(dprobs.mul(counts_sum_inv)),
    ({ counts_sum_inv, dprobs, dcounts_sum }) => dprobs.add(dcounts_sum.div(counts_sum_inv)).mul(counts_sum_inv),
    ({ counts_sum_inv, dprobs, dcounts_sum }) =>
      dcounts_sum.matmul(ones(1, dprobs.size(1))).add(dprobs.mul(counts_sum_inv)),
    ({ counts_sum_inv, dprobs, dcounts_sum }) =>
      build([...dprobs.shape], (i, j) => counts_sum_inv.get(i, 0) * dprobs.get(i, j) + dcounts_sum.get(i, 0)),
    ({ counts_sum, dprobs, dcounts_sum }) => dprobs.add(dcounts_sum.mul(counts_sum)).div(counts_sum),
  ],
  dnorm_logits: [
    ({ counts, dcounts }) => counts.mul(dcounts),
    ({ norm_logits, dcounts }) => norm_logits.exp().mul(dcounts),
    ({ norm_logits, dcounts }) => dcounts.div(norm_logits.neg().exp()),
    ({ norm_logits, dcounts }) =>
      build([...dcounts.shape], (i, j) => Math.exp(norm_logits.get(i, j)) * dcounts.get(i, j)),
    ({ counts, dcounts }) => counts.log().exp().mul(dcounts),
    ({ norm_logits, dcounts }) => norm_logits.div(2).exp().pow(2).mul(dcounts),
  ],
  dlogit_maxes: [
    ({ dnorm_logits }) => dnorm_logits.neg().sum(1, keepdim),
    ({ dnorm_logits }) => dnorm_logits.sum(1, keepdim).mul(-1),
    ({ dnorm_logits }) => dnorm_logits.matmul(ones(dnorm_logits.size(1), 1)).neg(),
    ({ dnorm_logits }) => dnorm_logits.mean(1, keepdim).mul(-dnorm_logits.size(1)),
    ({ dnorm_logits }) =>
      build([dnorm_logits.size(0), 1], (i) => -sum(dnorm_logits.size(1), (j) => dnorm_logits.get(i, j))),
    ({ dnorm_logits }) =>
      build([dnorm_logits.size(0), 1], (i) => -sumBackwards(dnorm_logits.size(1), (j) => dnorm_logits.get(i, j))),
    ({ dnorm_logits }) => dnorm_logits.T.sum(0).neg().view(-1, 1),
    ({ dnorm_logits }) => tensor(0).sub(dnorm_logits).sum(1).view(-1, 1),
  ],
  dlogits: [
    ({ logits, dnorm_logits, dlogit_maxes }) =>
      dnorm_logits.add(oneHot(logits.max(1).indices, logits.size(1)).mul(dlogit_maxes)),
    ({ logits, dnorm_logits, dlogit_maxes }) =>
      dnorm_logits.scatterAdd(1, logits.max(1, keepdim).indices, dlogit_maxes),
    ({ norm_logits, dnorm_logits, dlogit_maxes }) =>
      build(
        [...dnorm_logits.shape],
        (i, j) => dnorm_logits.get(i, j) + (norm_logits.get(i, j) === 0 ? dlogit_maxes.get(i, 0) : 0),
      ),
    ({ logits, logit_maxes, dnorm_logits, dlogit_maxes }) =>
      build(
        [...dnorm_logits.shape],
        (i, j) => dnorm_logits.get(i, j) + (logits.get(i, j) === logit_maxes.get(i, 0) ? dlogit_maxes.get(i, 0) : 0),
      ),
    ({ norm_logits, dnorm_logits, dlogit_maxes }) => {
      const r = dnorm_logits.clone();
      const k = norm_logits.max(1).indices;
      for (let i = 0; i < r.size(0); i++) r.set(i, k.get(i), r.get(i, k.get(i)) + dlogit_maxes.get(i, 0));
      return r;
    },
    ({ norm_logits, dnorm_logits, dlogit_maxes }) =>
      oneHot(norm_logits.max(1, keepdim).indices, norm_logits.size(1)).mul(dlogit_maxes).add(dnorm_logits),
  ],
  dh: [
    ({ W2, dlogits }) => dlogits.matmul(W2.T),
    ({ W2, dlogits }) => W2.matmul(dlogits.T).T,
    ({ W2, dlogits }) => productBy(sum, dlogits, W2.T),
    ({ W2, dlogits }) => productBy(sumBackwards, dlogits, W2.T),
  ],
  dW2: [
    ({ h, dlogits }) => h.T.matmul(dlogits),
    ({ h, dlogits }) => dlogits.T.matmul(h).T,
    ({ h, dlogits }) => productBy(sum, h.T, dlogits),
    ({ h, dlogits }) => productBy(sumBackwards, h.T, dlogits),
    ({ h, dlogits }) => {
      const n = h.size(0),
        k = h.size(1),
        v = dlogits.size(1);
      return h
        .view(n, k, 1)
        .mul(dlogits.view(n, 1, v))
        .sum(0);
    },
  ],
  db2: [
    ({ dlogits }) => dlogits.sum(0),
    ({ dlogits }) => ones(1, dlogits.size(0)).matmul(dlogits).view(-1),
    ({ dlogits }) => dlogits.mean(0).mul(dlogits.size(0)),
    ({ dlogits }) => dlogits.T.sum(1),
    ({ dlogits }) => build([dlogits.size(1)], (j) => sum(dlogits.size(0), (i) => dlogits.get(i, j))),
    ({ dlogits }) => build([dlogits.size(1)], (j) => sumBackwards(dlogits.size(0), (i) => dlogits.get(i, j))),
  ],
  dhpreact: [
    ({ h, dh }) => tensor(1).sub(h.pow(2)).mul(dh),
    ({ h, dh }) => dh.sub(h.mul(h).mul(dh)),
    ({ hpreact, dh }) => hpreact.tanh().pow(2).neg().add(1).mul(dh),
    ({ h, dh }) => tensor(1).sub(h).mul(h.add(1)).mul(dh),
    ({ hpreact, dh }) => {
      const c = hpreact.exp().add(hpreact.neg().exp()).div(2);
      return dh.div(c.mul(c));
    },
    ({ hpreact, dh }) => {
      const s = tensor(1).div(hpreact.mul(-2).exp().add(1));
      return s.mul(tensor(1).sub(s)).mul(4).mul(dh);
    },
    ({ h, dh }) => build([...h.shape], (i, j) => (1 - h.get(i, j) ** 2) * dh.get(i, j)),
    ({ hpreact, dh }) => build([...dh.shape], (i, j) => dh.get(i, j) / Math.cosh(hpreact.get(i, j)) ** 2),
    ({ h, dh }) => h.mul(h).sub(1).mul(dh).neg(),
    ({ h, dh }) => dh.add(h.mul(dh)).sub(h.mul(dh.add(h.mul(dh)))),
  ],
  dbngain: [
    ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim),
    ({ bnraw, dhpreact }) => diag(bnraw.T.matmul(dhpreact)),
    ({ bnraw, dhpreact }) => ones(1, bnraw.size(0)).matmul(bnraw.mul(dhpreact)),
    ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).mean(0, keepdim).mul(bnraw.size(0)),
    ({ bnraw, dhpreact }) =>
      build([1, bnraw.size(1)], (_, j) => sum(bnraw.size(0), (i) => bnraw.get(i, j) * dhpreact.get(i, j))),
    ({ bnraw, dhpreact }) =>
      build([1, bnraw.size(1)], (_, j) => sumBackwards(bnraw.size(0), (i) => bnraw.get(i, j) * dhpreact.get(i, j))),
    ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).T.sum(1).view(1, -1),
  ],
  dbnbias: [
    ({ dhpreact }) => dhpreact.sum(0, keepdim),
    ({ dhpreact }) => dhpreact.sum(0).view(1, -1),
    ({ dhpreact }) => ones(1, dhpreact.size(0)).matmul(dhpreact),
    ({ dhpreact }) => dhpreact.mean(0, keepdim).mul(dhpreact.size(0)),
    ({ dhpreact }) => dhpreact.T.sum(1, keepdim).T,
    ({ dhpreact }) => build([1, dhpreact.size(1)], (_, j) => sum(dhpreact.size(0), (i) => dhpreact.get(i, j))),
  ],
  dbnraw: [
    ({ bngain, dhpreact }) => bngain.mul(dhpreact),
    ({ bngain, dhpreact }) => dhpreact.matmul(eye(bngain.size(1)).mul(bngain)),
    ({ bngain, dhpreact }) => bngain.expand(...dhpreact.shape).mul(dhpreact),
    ({ bngain, dhpreact }) => dhpreact.div(bngain.pow(-1)),
    ({ bngain, dhpreact }) => build([...dhpreact.shape], (i, j) => bngain.get(0, j) * dhpreact.get(i, j)),
  ],
  dbnvar_inv: [
    ({ bndiff, dbnraw }) => bndiff.mul(dbnraw).sum(0, keepdim),
    ({ bndiff, dbnraw }) => diag(bndiff.T.matmul(dbnraw)),
    ({ bnraw, bnvar_inv, dbnraw }) => bnraw.div(bnvar_inv).mul(dbnraw).sum(0, keepdim),
    ({ bnraw, bnvar_inv, dbnraw }) => bnraw.mul(dbnraw).sum(0, keepdim).div(bnvar_inv),
    ({ bndiff, dbnraw }) =>
      build([1, bndiff.size(1)], (_, j) => sum(bndiff.size(0), (i) => bndiff.get(i, j) * dbnraw.get(i, j))),
    ({ bndiff, dbnraw }) => ones(1, bndiff.size(0)).matmul(bndiff.mul(dbnraw)),
    ({ bndiff, dbnraw }) => bndiff.mul(dbnraw).sum(0).view(1, -1),
    ({ bndiff, dbnraw }) =>
      build([1, bndiff.size(1)], (_, j) => sumBackwards(bndiff.size(0), (i) => bndiff.get(i, j) * dbnraw.get(i, j))),
  ],
  dbnvar: [
    ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dbnvar_inv),
    ({ bnvar_inv, dbnvar_inv }) => bnvar_inv.pow(3).mul(-0.5).mul(dbnvar_inv),
    ({ bnvar_inv, bnvar, dbnvar_inv }) => bnvar_inv.div(bnvar.add(1e-5)).mul(dbnvar_inv).div(-2),
    ({ bnvar, dbnvar_inv }) => dbnvar_inv.mul(-0.5).div(bnvar.add(1e-5).pow(1.5)),
    ({ bnvar, dbnvar_inv }) => bnvar.add(1e-5).sqrt().pow(-3).mul(-0.5).mul(dbnvar_inv),
    ({ bnvar_inv, dbnvar_inv }) => bnvar_inv.mul(bnvar_inv).mul(bnvar_inv).mul(dbnvar_inv).neg().div(2),
    ({ bnvar, dbnvar_inv }) => {
      const v = bnvar.add(1e-5);
      return dbnvar_inv.div(v.mul(v.sqrt()).mul(-2));
    },
    ({ bnvar, dbnvar_inv }) =>
      build([1, bnvar.size(1)], (_, j) => -0.5 * (bnvar.get(0, j) + 1e-5) ** -1.5 * dbnvar_inv.get(0, j)),
  ],
  dbndiff2: [
    ({ bndiff2, dbnvar }) =>
      onesLike(bndiff2)
        .mul(1 / (bndiff2.size(0) - 1))
        .mul(dbnvar),
    ({ bndiff2, dbnvar }) => dbnvar.div(bndiff2.size(0) - 1).expand(...bndiff2.shape),
    ({ bndiff2, dbnvar }) =>
      ones(bndiff2.size(0), 1)
        .matmul(dbnvar)
        .div(bndiff2.size(0) - 1),
    ({ bndiff2, dbnvar }) => zerosLike(bndiff2).add(dbnvar.mul(1 / (bndiff2.size(0) - 1))),
    ({ bndiff2, dbnvar }) => build([...bndiff2.shape], (_, j) => dbnvar.get(0, j) / (bndiff2.size(0) - 1)),
  ],
  dbndiff: [
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => bnvar_inv.mul(dbnraw).add(bndiff.mul(2).mul(dbndiff2)),
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => bndiff.mul(dbndiff2).mul(2).add(dbnraw.mul(bnvar_inv)),
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => bndiff.add(bndiff).mul(dbndiff2).add(dbnraw.mul(bnvar_inv)),
    ({ bnraw, bnvar_inv, dbnraw, dbndiff2 }) => bnraw.div(bnvar_inv).mul(2).mul(dbndiff2).add(dbnraw.mul(bnvar_inv)),
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) =>
      build(
        [...bndiff.shape],
        (i, j) => bnvar_inv.get(0, j) * dbnraw.get(i, j) + 2 * bndiff.get(i, j) * dbndiff2.get(i, j),
      ),
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => bndiff.pow(1).mul(2).mul(dbndiff2).add(bnvar_inv.mul(dbnraw)),
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => dbnraw.add(bndiff.mul(dbndiff2).mul(2).div(bnvar_inv)).mul(bnvar_inv),
  ],
  dbnmeani: [
    ({ dbndiff }) => dbndiff.neg().sum(0, keepdim),
    ({ dbndiff }) => dbndiff.sum(0, keepdim).neg(),
    ({ dbndiff }) => ones(1, dbndiff.size(0)).neg().matmul(dbndiff),
    ({ dbndiff }) => dbndiff.mean(0, keepdim).mul(-dbndiff.size(0)),
    ({ dbndiff }) => dbndiff.mul(-1).sum(0).view(1, -1),
    ({ dbndiff }) => build([1, dbndiff.size(1)], (_, j) => -sumBackwards(dbndiff.size(0), (i) => dbndiff.get(i, j))),
  ],
  dhprebn: [
    ({ dbndiff, dbnmeani }) => dbndiff.add(dbnmeani.div(dbndiff.size(0))),
    ({ dbndiff, dbnmeani }) => dbndiff.add(dbnmeani.mul(1 / dbndiff.size(0))),
    ({ dbndiff, dbnmeani }) => ones(dbndiff.size(0), 1).matmul(dbnmeani).div(dbndiff.size(0)).add(dbndiff),
    ({ dbndiff, dbnmeani }) => dbndiff.mul(dbndiff.size(0)).add(dbnmeani).div(dbndiff.size(0)),
    ({ dbndiff, dbnmeani }) =>
      build([...dbndiff.shape], (i, j) => dbndiff.get(i, j) + dbnmeani.get(0, j) / dbndiff.size(0)),
  ],
  dembcat: [
    ({ W1, dhprebn }) => dhprebn.matmul(W1.T),
    ({ W1, dhprebn }) => W1.matmul(dhprebn.T).T,
    ({ W1, dhprebn }) => productBy(sum, dhprebn, W1.T),
    ({ W1, dhprebn }) => productBy(sumBackwards, dhprebn, W1.T),
  ],
  dW1: [
    ({ embcat, dhprebn }) => embcat.T.matmul(dhprebn),
    ({ embcat, dhprebn }) => dhprebn.T.matmul(embcat).T,
    ({ embcat, dhprebn }) => productBy(sum, embcat.T, dhprebn),
    ({ embcat, dhprebn }) => {
      const n = embcat.size(0),
        k = embcat.size(1),
        v = dhprebn.size(1);
      return embcat
        .view(n, k, 1)
        .mul(dhprebn.view(n, 1, v))
        .sum(0);
    },
  ],
  db1: [
    ({ dhprebn }) => dhprebn.sum(0),
    ({ dhprebn }) => ones(1, dhprebn.size(0)).matmul(dhprebn).view(-1),
    ({ dhprebn }) => dhprebn.mean(0).mul(dhprebn.size(0)),
    ({ dhprebn }) => dhprebn.T.sum(1),
    ({ dhprebn }) => build([dhprebn.size(1)], (j) => sum(dhprebn.size(0), (i) => dhprebn.get(i, j))),
    ({ dhprebn }) => build([dhprebn.size(1)], (j) => sumBackwards(dhprebn.size(0), (i) => dhprebn.get(i, j))),
  ],
  demb: [
    ({ emb, dembcat }) => dembcat.view(...emb.shape),
    ({ emb, dembcat }) => tensor(dembcat.toArray(), emb.shape),
    ({ emb, dembcat }) => build([...emb.shape], (i, j, k) => dembcat.get(i, j * emb.size(2) + k)),
    ({ emb, dembcat }) => dembcat.view(emb.size(0), emb.size(1), -1).clone(),
  ],
  dC: [
    ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, Xb, demb),
    ({ C, Xb, demb }) => {
      const r = oneHot(Xb.view(-1), C.size(0));
      return r.T.matmul(demb.view(r.size(0), -1));
    },
    ({ C, Xb, demb }) => {
      const d = zerosLike(C);
      for (let i = Xb.size(0) - 1; i >= 0; i--)
        for (let j = 0; j < Xb.size(1); j++)
          for (let k = 0; k < C.size(1); k++) d.set(Xb.get(i, j), k, d.get(Xb.get(i, j), k) + demb.get(i, j, k));
      return d;
    },
    ({ C, Xb, demb }) =>
      build([...C.shape], (c, k) => {
        let s = 0;
        for (let i = 0; i < Xb.size(0); i++)
          for (let j = 0; j < Xb.size(1); j++) if (Xb.get(i, j) === c) s += demb.get(i, j, k);
        return s;
      }),
    ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, Xb.view(-1), demb.view(-1, C.size(1))),
  ],
  "fused-dlogits": [
    ({ logits, Yb }) =>
      logits
        .softmax(1)
        .sub(oneHot(Yb, logits.size(1)))
        .div(logits.size(0)),
    ({ logits, Yb }) =>
      logits
        .softmax(1)
        .div(logits.size(0))
        .sub(oneHot(Yb, logits.size(1)).div(logits.size(0))),
    ({ logits, Yb }) => {
      const nl = logits.sub(logits.max(1, keepdim).values);
      const lp = nl.sub(nl.exp().sum(1, keepdim).log());
      return lp
        .exp()
        .sub(oneHot(Yb, logits.size(1)))
        .div(logits.size(0));
    },
    ({ logits, Yb }) => {
      const p = logits.softmax(1);
      for (let i = 0; i < p.size(0); i++) p.set(i, Yb.get(i), p.get(i, Yb.get(i)) - 1);
      return p.div(p.size(0));
    },
    ({ logits, Yb }) => {
      const n = logits.size(0),
        v = logits.size(1);
      const m = logits.max(1, keepdim),
        nl = logits.sub(m.values),
        c = nl.exp(),
        cs = c.sum(1, keepdim),
        ci = cs.pow(-1),
        p = c.mul(ci);
      const dlp = oneHot(Yb, v).div(-n),
        dp = dlp.div(p),
        dci = c.mul(dp).sum(1, keepdim),
        dcs = cs.pow(-2).neg().mul(dci),
        dc = ci.mul(dp).add(dcs),
        dnl = c.mul(dc),
        dm = dnl.neg().sum(1, keepdim);
      return dnl.add(oneHot(m.indices, v).mul(dm));
    },
    // by the logarithm of the sum of exponentials
    ({ logits, Yb }) => {
      const m = logits.max(1, keepdim).values;
      const lse = m.add(logits.sub(m).exp().sum(1, keepdim).log());
      return logits
        .sub(lse)
        .exp()
        .sub(oneHot(Yb, logits.size(1)))
        .div(logits.size(0));
    },
    ({ logits, Yb }) => {
      const m = logits.max(1, keepdim).values;
      const lse = logits.sub(m).exp().sum(1, keepdim).log().add(m);
      const p = tensor(1).div(lse.sub(logits).exp());
      return p.div(logits.size(0)).add(oneHot(Yb, logits.size(1)).div(-logits.size(0)));
    },
    ({ logits, Yb }) => {
      const n = logits.size(0),
        v = logits.size(1);
      const p = logits.softmax(1);
      const dp = oneHot(Yb, v).div(p).div(-n);
      return p.mul(dp.sub(p.mul(dp).sum(1, keepdim)));
    },
    ({ logits, Yb }) => {
      const at = reader(logits);
      return build([...logits.shape], (i, j) => {
        const s = sum(logits.size(1), (k) => Math.exp(at(i, k) - at(i, j)));
        return (1 / s - (Yb.get(i) === j ? 1 : 0)) / logits.size(0);
      });
    },
  ],
  "fused-dhprebn": [
    ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      return bngain
        .mul(bnvar_inv)
        .div(n)
        .mul(
          dhpreact
            .mul(n)
            .sub(dhpreact.sum(0, keepdim))
            .sub(bnraw.mul(n / (n - 1)).mul(dhpreact.mul(bnraw).sum(0, keepdim))),
        );
    },
    ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const d = bngain.mul(dhpreact);
      return bnvar_inv.mul(
        d.sub(d.mean(0, keepdim)).sub(bnraw.mul(d.mul(bnraw).sum(0, keepdim)).div(bnraw.size(0) - 1)),
      );
    },
    ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const dr = bngain.mul(dhpreact),
        diff = bnraw.div(bnvar_inv);
      const dvi = diff.mul(dr).sum(0, keepdim),
        dv = bnvar_inv.pow(3).mul(-0.5).mul(dvi),
        dd2 = dv.div(n - 1),
        dd = bnvar_inv.mul(dr).add(diff.mul(2).mul(dd2)),
        dm = dd.neg().sum(0, keepdim);
      return dd.add(dm.div(n));
    },
    ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const a = bngain.mul(bnvar_inv);
      return a
        .mul(dhpreact)
        .sub(a.mul(dhpreact.mean(0, keepdim)))
        .sub(
          a
            .mul(bnraw)
            .mul(dhpreact.mul(bnraw).sum(0, keepdim))
            .div(n - 1),
        );
    },
    ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      return dhpreact
        .sub(dhpreact.sum(0, keepdim).div(n))
        .sub(bnraw.mul(bnraw.mul(dhpreact).sum(0, keepdim)).div(n - 1))
        .mul(bngain)
        .mul(bnvar_inv);
    },
    ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const columns = Array.from({ length: bnraw.size(1) }, (_, j) => ({
        mean: sum(n, (k) => dhpreact.get(k, j)) / n,
        along: sum(n, (k) => dhpreact.get(k, j) * bnraw.get(k, j)) / (n - 1),
      }));
      return build([...bnraw.shape], (i, j) => {
        const { mean, along } = columns[j]!;
        return bngain.get(0, j) * bnvar_inv.get(0, j) * (dhpreact.get(i, j) - mean - bnraw.get(i, j) * along);
      });
    },
    ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const v = bnvar_inv.pow(-2),
        std = v.sqrt();
      const dr = dhpreact.mul(bngain),
        diff = bnraw.mul(std);
      const dv = dr.mul(diff).sum(0, keepdim).mul(-0.5).mul(v.pow(-1.5)),
        dm = dr.div(std).sum(0, keepdim).neg();
      return dr
        .div(std)
        .add(
          dv
            .mul(2)
            .mul(diff)
            .div(n - 1),
        )
        .add(dm.div(n));
    },
    ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const c = dhpreact.sub(dhpreact.mean(0, keepdim));
      return bngain.mul(bnvar_inv).mul(c.sub(bnraw.mul(c.mul(bnraw).sum(0, keepdim)).div(n - 1)));
    },
    // the batch statistic back through the matrix of projections, (I - 11'/n)
    ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const P = eye(n).sub(1 / n);
      const dr = bngain.mul(dhpreact);
      const dd = bnvar_inv.mul(dr.sub(bnraw.mul(bnraw.mul(dr).sum(0, keepdim)).div(n - 1)));
      return P.matmul(dd);
    },
  ],
  gap: [
    ({ bngain, bnbias, bnraw, dhpreact }) => {
      const hpreact = bngain.mul(bnraw).add(bnbias);
      return hpreact.mul(dhpreact).sum(0, keepdim).sub(bnraw.mul(dhpreact).sum(0, keepdim));
    },
    ({ bngain, bnbias, bnraw, dhpreact }) => bngain.sub(1).mul(bnraw).add(bnbias).mul(dhpreact).sum(0, keepdim),
    ({ bngain, bnbias, bnraw, dhpreact }) =>
      bngain
        .sub(1)
        .mul(bnraw.mul(dhpreact).sum(0, keepdim))
        .add(bnbias.mul(dhpreact.sum(0, keepdim))),
    ({ bngain, bnbias, bnraw, dhpreact }) => diag(bngain.mul(bnraw).add(bnbias).sub(bnraw).T.matmul(dhpreact)),
    ({ bngain, bnbias, bnraw, dhpreact }) =>
      build([1, bnraw.size(1)], (_, j) =>
        sumBackwards(bnraw.size(0), (i) => {
          const hpreact = bngain.get(0, j) * bnraw.get(i, j) + bnbias.get(0, j);
          return (hpreact - bnraw.get(i, j)) * dhpreact.get(i, j);
        }),
      ),
  ],
  dpredicted: [
    ({ predicted, target }) => predicted.sub(target).clamp(-1, 1),
    ({ predicted, target }) => target.sub(predicted).clamp(-1, 1).neg(),
    ({ predicted, target }) => predicted.mul(2).sub(target.mul(2)).mul(0.5).clamp(-1, Infinity).clamp(-Infinity, 1),
    ({ predicted, target }) =>
      build([...target.shape], (i, j) => Math.max(-1, Math.min(1, predicted.get(i, j) - target.get(i, j)))),
    ({ predicted, target }) => {
      const values = predicted.sub(target).toArray();
      return tensor(
        values.map((error) => (Math.abs(error) > 1 ? Math.sign(error) : error)),
        predicted.shape,
      );
    },
  ],
  forgotten: [
    ({ dbndiff }) =>
      dbndiff
        .mean(0, keepdim)
        .neg()
        .expand([...dbndiff.shape]),
    ({ dbndiff }) => zerosLike(dbndiff).sub(dbndiff.sum(0, keepdim).div(dbndiff.size(0))),
    ({ dbndiff }) => dbndiff.sub(dbndiff.mean(0, keepdim)).sub(dbndiff),
    ({ dbndiff }) => ones(dbndiff.size(0), dbndiff.size(0)).matmul(dbndiff).div(-dbndiff.size(0)),
    ({ dbndiff }) => {
      const n = dbndiff.size(0);
      const sums = build([dbndiff.size(1)], (j) => sumBackwards(n, (i) => dbndiff.get(i, j)));
      return build([...dbndiff.shape], (_, j) => -sums.get(j) / n);
    },
  ],
  uses: [
    ({ C, Xb }) => oneHot(Xb.view(-1), C.size(0)).sum(0).view(-1, 1),
    ({ C, Xb }) => zeros(C.size(0), 1).indexAdd(0, Xb.view(-1), ones(Xb.numel(), 1)),
    ({ C, Xb }) => oneHot(Xb.view(-1), C.size(0)).T.matmul(ones(Xb.numel(), 1)),
    ({ C, Xb }) => oneHot(Xb, C.size(0)).sum(0).sum(0).view(-1, 1),
    ({ C, Xb }) => {
      const uses = zeros(C.size(0), 1);
      for (const c of Xb.toArray()) uses.set(c, 0, uses.get(c, 0) + 1);
      return uses;
    },
    ({ C, Xb }) => build([C.size(0), 1], (c) => Xb.toArray().filter((other) => other === c).length),
  ],
  spacing: [
    ({ x }) => build([...x.shape], (i, j) => 2 ** (Math.floor(Math.log2(Math.abs(x.get(i, j)))) - 23)),
    ({ x }) => {
      const values = x.toArray().map((x) => 2 ** -23 * 2 ** Math.floor(Math.log2(Math.abs(x))));
      return tensor(values, x.shape);
    },
    // the next number has the next bits
    ({ x }) =>
      build([...x.shape], (i, j) => {
        const size = Math.abs(x.get(i, j));
        const bits = new Int32Array(Float32Array.of(size).buffer);
        return new Float32Array(Int32Array.of(bits[0]! + 1).buffer)[0]! - size;
      }),
    // the smallest power of two that can be added without rounding
    ({ x }) =>
      build([...x.shape], (i, j) => {
        const size = Math.abs(x.get(i, j));
        let step = 2 ** -60;
        while (Math.fround(size + step) - size !== step) step *= 2;
        return step;
      }),
    // doubled and halved until it lies between 1 and 2
    ({ x }) =>
      build([...x.shape], (i, j) => {
        let [size, spacing] = [Math.abs(x.get(i, j)), 2 ** -23];
        for (; size >= 2; size /= 2) spacing *= 2;
        for (; size < 1; size *= 2) spacing /= 2;
        return spacing;
      }),
  ],
  ratio: [
    ({ hprebn }) => {
      const n = hprebn.size(0);
      const sum = hprebn.sub(hprebn.mean(0, keepdim)).pow(2).sum(0, keepdim);
      return sum
        .div(n)
        .add(1e-5)
        .div(sum.div(n - 1).add(1e-5))
        .sqrt();
    },
    ({ hprebn }) => {
      const unbiased = hprebn.var(0, keepdim);
      const biased = unbiased.mul((hprebn.size(0) - 1) / hprebn.size(0));
      return unbiased.add(1e-5).pow(-0.5).div(biased.add(1e-5).pow(-0.5));
    },
    ({ hprebn }) => {
      const n = hprebn.size(0);
      const bndiff = hprebn.sub(hprebn.sum(0, keepdim).mul(1 / n));
      const biased = bndiff.mul(bndiff).mean(0, keepdim);
      const unbiased = bndiff
        .mul(bndiff)
        .sum(0, keepdim)
        .mul(1 / (n - 1));
      return biased.add(1e-5).sqrt().div(unbiased.add(1e-5).sqrt());
    },
    ({ hprebn }) =>
      build([1, hprebn.size(1)], (_, j) => {
        const n = hprebn.size(0);
        const mean = sum(n, (i) => hprebn.get(i, j)) / n;
        const squares = sum(n, (i) => (hprebn.get(i, j) - mean) ** 2);
        return Math.sqrt((squares / n + 1e-5) / (squares / (n - 1) + 1e-5));
      }),
    // how the numbers of bnraw themselves compare, at the place of the largest
    ({ hprebn }) => {
      const n = hprebn.size(0);
      const bndiff = hprebn.sub(hprebn.mean(0, keepdim));
      const biased = bndiff.div(bndiff.pow(2).sum(0, keepdim).div(n).add(1e-5).sqrt());
      const unbiased = bndiff.div(hprebn.var(0, keepdim).add(1e-5).sqrt());
      return unbiased.max(0, keepdim).values.div(biased.max(0, keepdim).values);
    },
  ],
  rescaled: [
    ({ embcat, W1 }) => W1.div(embcat.matmul(W1).var(0, keepdim).sqrt()),
    ({ embcat, W1 }) => W1.mul(embcat.matmul(W1).var(0, keepdim).pow(-0.5)),
    ({ embcat, W1 }) => {
      const wide = embcat.matmul(W1);
      const difference = wide.sub(wide.mean(0, keepdim));
      return W1.div(
        difference
          .pow(2)
          .sum(0, keepdim)
          .mul(1 / (embcat.size(0) - 1))
          .sqrt(),
      );
    },
    // the mean taken of the inputs, before the product
    ({ embcat, W1 }) => {
      const difference = embcat.sub(embcat.mean(0, keepdim)).matmul(W1);
      return W1.div(
        difference
          .pow(2)
          .sum(0, keepdim)
          .div(embcat.size(0) - 1)
          .sqrt(),
      );
    },
    ({ embcat, W1 }) => {
      const [n, neurons] = [embcat.size(0), W1.size(1)];
      const [from, by] = [reader(embcat), reader(W1)];
      const deviations = Array.from({ length: neurons }, (_, j) => {
        const wide = Array.from({ length: n }, (_, i) => sum(W1.size(0), (k) => from(i, k) * by(k, j)));
        const mean = sum(n, (i) => wide[i]!) / n;
        return Math.sqrt(sum(n, (i) => (wide[i]! - mean) ** 2) / (n - 1));
      });
      return build([...W1.shape], (i, j) => W1.get(i, j) / deviations[j]!);
    },
  ],
};

/**
 * Right answers that differ in form from the solutions and from each other: other orders of operations, quotients for
 * powers, loops for operations, outputs for inputs. The course's check holds that every one of them is accepted.
 */
export const rightForms: Readonly<Record<FunctionStepId, readonly Form[]>> = bothOf(tensorForms, loopForms);

function bothOf<Id extends string>(some: Record<Id, readonly Form[]>, others: Record<Id, readonly Form[]>) {
  const both = { ...some };
  for (const id in both) both[id] = [...some[id], ...others[id]];
  return both;
}
