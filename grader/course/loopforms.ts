import { keepdim, oneHot, ones, tensor, zeros, zerosLike, type Tensor } from "#tensor";
import { build, delta, eye, productBy, reader, sum, throughColumns, throughRows, type Form } from "./elements.ts";
import type { FunctionStepId } from "./steps.ts";

/**
 * Right answers as learners write them who go through the numbers: loops with get and set, which round to float32 at
 * each step, sums in float64, products with one-hot matrices, Jacobians row by row or column by column.
 */
export const loopForms: Readonly<Record<FunctionStepId, readonly Form[]>> = {
  da: [
    ({ a, dc }) => each(zerosLike(a), (i, j, d) => d.set(i, j, d.get(i, j) + dc.get(i, j))),
    ({ dc }) => eye(dc.size(0)).matmul(dc),
  ],
  db: [
    ({ b, dc }) => each(zerosLike(b), (i, j, d) => d.set(i, j, d.get(i, j) - dc.get(i, j))),
    ({ dc }) => eye(dc.size(0)).neg().matmul(dc),
    ({ dc }) => dc.sub(dc.mul(2)),
  ],
  dy: [
    ({ x, y, du }) => each(zerosLike(y), (i, j, d) => d.set(i, j, x.get(i, j) * du.get(i, j))),
    ({ x, du }) => x.add(x).mul(du).div(2),
    ({ x, du }) => du.add(du).mul(x.div(2)),
  ],
  dx: [
    ({ x, y, du, dv }) => {
      const d = each(zerosLike(x), (i, j, d) => d.set(i, j, y.get(i, j) * du.get(i, j)));
      return each(d, (i, j) => d.set(i, j, d.get(i, j) + dv.get(i, j)));
    },
    ({ y, du, dv }) => y.add(dv.div(du)).mul(du),
    ({ y, du, dv }) => dv.div(y).add(du).mul(y),
  ],
  dcolumn: [
    ({ column, dgrid }) => added(zerosLike(column), dgrid, (i) => [i, 0]),
    ({ dgrid }) => build([dgrid.size(0), 1], (i) => sum(dgrid.size(1), (j) => dgrid.get(i, j))),
    ({ dgrid }) => throughRows(dgrid, 1, () => 1),
    ({ dgrid }) => ones(1, dgrid.size(1)).matmul(dgrid.T).T,
  ],
  dtable: [
    ({ table, dspread }) => {
      const sums = added(zeros(table.size(0), 1), dspread, (i) => [i, 0]);
      return each(zerosLike(table), (i, j, d) => d.set(i, j, sums.get(i, 0)));
    },
    ({ table, dspread }) => {
      const sums = throughRows(dspread, 1, () => 1);
      return each(zerosLike(table), (i, j, d) => d.set(i, j, sums.get(i, 0)));
    },
    ({ table, dspread }) => zerosLike(table).add(dspread.sum(1, keepdim)),
    ({ table, dspread }) => dspread.sum(1, keepdim).matmul(ones(1, table.size(1))),
    ({ dspread }) => dspread.T.sub(dspread.T).add(dspread.sum(1)).T,
  ],
  dleft: [
    ({ right, dproduct }) => productBy(sumForwards, dproduct, right.T),
    ({ right, dproduct }) => dproduct.view(dproduct.size(0), 1, -1).mul(right).sum(2),
  ],
  dpre: [
    ({ pre, out, dout }) =>
      each(zerosLike(pre), (i, j, d) => d.set(i, j, dout.get(i, j) - out.get(i, j) ** 2 * dout.get(i, j))),
    ({ pre, dout }) => build([...pre.shape], (i, j) => dout.get(i, j) / Math.cosh(pre.get(i, j)) ** 2),
    ({ pre, dout }) => build([...pre.shape], (i, j) => (1 - Math.tanh(pre.get(i, j)) ** 2) * dout.get(i, j)),
    ({ pre, dout }) => pre.exp().add(pre.neg().exp()).div(2).pow(-2).mul(dout),
    ({ out, dout }) => out.mul(out).sub(1).mul(dout).neg(),
  ],
  normalize: [
    ({ N }) => {
      const sums = added(zeros(N.size(0), 1), N, (i) => [i, 0]);
      return each(zerosLike(N), (i, j, P) => P.set(i, j, N.get(i, j) / sums.get(i, 0)));
    },
    ({ N }) => eye(N.size(0)).div(N.sum(1, keepdim)).matmul(N),
    ({ N }) => eye(N.size(0)).mul(N.sum(1).pow(-1)).matmul(N),
    ({ N }) => N.mul(tensor(1).div(N.sum(1, keepdim))),
    ({ N }) => N.div(N.mean(1, keepdim)).div(N.size(1)),
  ],
  dlogprobs: [
    ({ logprobs, Yb }) => {
      const d = zerosLike(logprobs);
      for (let i = 0; i < Yb.size(0); i++) d.set(i, Yb.get(i), d.get(i, Yb.get(i)) - 1 / Yb.size(0));
      return d;
    },
    ({ logprobs, Yb }) => eye(logprobs.size(1)).gatherRows(Yb).div(-Yb.size(0)),
    ({ logprobs, Yb }) =>
      ones(Yb.size(0), 1)
        .mul(-1 / Yb.size(0))
        .mul(oneHot(Yb, logprobs.size(1))),
  ],
  dprobs: [
    ({ probs, dlogprobs }) =>
      each(zerosLike(probs), (i, j, d) => d.set(i, j, (1 / probs.get(i, j)) * dlogprobs.get(i, j))),
    ({ logprobs, dlogprobs }) =>
      build([...logprobs.shape], (i, j) => dlogprobs.get(i, j) * Math.exp(-logprobs.get(i, j))),
    ({ probs, dlogprobs }) => dlogprobs.mul(probs).div(probs).div(probs),
  ],
  dcounts_sum_inv: [
    ({ counts_sum_inv, counts, dprobs }) => added(zerosLike(counts_sum_inv), counts.mul(dprobs), (i) => [i, 0]),
    ({ counts, dprobs }) => throughRows(dprobs, 1, (i, k) => counts.get(i, k)),
    ({ counts, dprobs }) => {
      const [n, vocab] = [counts.size(0), counts.size(1)];
      const rows = Array.from({ length: n }, (_, i) => rowOf(counts, i).matmul(rowOf(dprobs, i).view(vocab, 1)).item());
      return tensor(rows, [n, 1]);
    },
  ],
  dcounts_sum: [
    ({ counts_sum, dcounts_sum_inv }) =>
      each(zerosLike(counts_sum), (i, j, d) => {
        d.set(i, j, (-1 / (counts_sum.get(i, 0) * counts_sum.get(i, 0))) * dcounts_sum_inv.get(i, 0));
      }),
    ({ counts_sum, dcounts_sum_inv }) => counts_sum.pow(-1).pow(2).mul(dcounts_sum_inv).neg(),
    ({ counts_sum, dcounts_sum_inv }) =>
      eye(counts_sum.size(0)).div(counts_sum.mul(counts_sum)).neg().matmul(dcounts_sum_inv),
    ({ counts_sum_inv, dcounts_sum_inv }) => dcounts_sum_inv.mul(counts_sum_inv).neg().mul(counts_sum_inv),
  ],
  dcounts: [
    ({ counts, counts_sum_inv, dprobs, dcounts_sum }) => {
      const d = each(zerosLike(counts), (i, j, d) => d.set(i, j, counts_sum_inv.get(i, 0) * dprobs.get(i, j)));
      return each(d, (i, j) => d.set(i, j, d.get(i, j) + dcounts_sum.get(i, 0)));
    },
    ({ counts_sum_inv, dprobs, dcounts_sum }) =>
      eye(dprobs.size(0)).mul(counts_sum_inv).matmul(dprobs).add(dcounts_sum),
  ],
  dnorm_logits: [
    ({ norm_logits, counts, dcounts }) =>
      each(zerosLike(norm_logits), (i, j, d) => d.set(i, j, counts.get(i, j) * dcounts.get(i, j))),
    ({ norm_logits, dcounts }) => norm_logits.exp().div(2).mul(dcounts.add(dcounts)),
  ],
  dlogit_maxes: [
    ({ logit_maxes, dnorm_logits }) => added(zerosLike(logit_maxes), dnorm_logits.neg(), (i) => [i, 0]),
    ({ dnorm_logits }) => throughRows(dnorm_logits, 1, () => -1),
    ({ dnorm_logits }) => ones(1, dnorm_logits.size(1)).neg().matmul(dnorm_logits.T).T,
    ({ logit_maxes, dnorm_logits }) => {
      const d = zerosLike(logit_maxes);
      for (let i = 0; i < d.size(0); i++)
        for (let j = 0; j < dnorm_logits.size(1); j++) d.set(i, 0, d.get(i, 0) - dnorm_logits.get(i, j));
      return d;
    },
  ],
  dlogits: [
    // the maximum sought by hand, from below all numbers
    ({ logits, dnorm_logits, dlogit_maxes }) => {
      const d = dnorm_logits.clone();
      for (let i = 0; i < logits.size(0); i++) {
        let [best, at] = [-Infinity, -1];
        for (let j = 0; j < logits.size(1); j++) if (logits.get(i, j) > best) [best, at] = [logits.get(i, j), j];
        d.set(i, at, d.get(i, at) + dlogit_maxes.get(i, 0));
      }
      return d;
    },
    // and from the first
    ({ logits, dnorm_logits, dlogit_maxes }) => {
      const d = zerosLike(dnorm_logits);
      for (let i = 0; i < logits.size(0); i++) {
        let at = 0;
        for (let j = 1; j < logits.size(1); j++) if (logits.get(i, j) >= logits.get(i, at)) at = j;
        for (let j = 0; j < logits.size(1); j++) d.set(i, j, dnorm_logits.get(i, j));
        d.set(i, at, dnorm_logits.get(i, at) + dlogit_maxes.get(i, 0));
      }
      return d;
    },
    ({ logits, dnorm_logits, dlogit_maxes }) => {
      const d = dnorm_logits.clone();
      for (let i = 0; i < logits.size(0); i++) {
        const row = [...rowOf(logits, i).toArray()];
        const at = row.indexOf(Math.max(...row));
        d.set(i, at, d.get(i, at) + dlogit_maxes.get(i, 0));
      }
      return d;
    },
    ({ logits, dnorm_logits, dlogit_maxes }) => {
      const at = logits.max(1).indices;
      const vocab = logits.size(1);
      return throughRows(dnorm_logits, vocab, (_, k, j) => delta(k, j)).add(
        throughRows(dlogit_maxes, vocab, (i, _, j) => delta(at.get(i), j)),
      );
    },
    ({ logits, dnorm_logits, dlogit_maxes }) =>
      eye(logits.size(1)).gatherRows(logits.max(1).indices).mul(dlogit_maxes).add(dnorm_logits),
  ],
  dh: [
    ({ W2, dlogits }) => productBy(sumForwards, dlogits, W2.T),
    ({ W2, dlogits }) => dlogits.view(dlogits.size(0), 1, -1).mul(W2).sum(2),
  ],
  dW2: [
    ({ h, dlogits }) => productBy(sumForwards, h.T, dlogits),
    ({ W2, h, dlogits }) => outerProducts(zerosLike(W2), h, dlogits),
  ],
  db2: [
    ({ b2, dlogits }) => added(zerosLike(b2), dlogits, (_, j) => [j]),
    ({ dlogits }) => throughColumns(dlogits, 1, () => 1).view(-1),
    ({ dlogits }) => dlogits.T.matmul(ones(dlogits.size(0), 1)).view(-1),
  ],
  dhpreact: [
    ({ hpreact, h, dh }) =>
      each(zerosLike(hpreact), (i, j, d) => d.set(i, j, (1 - h.get(i, j) * h.get(i, j)) * dh.get(i, j))),
    ({ hpreact, dh }) => build([...dh.shape], (i, j) => (1 - Math.tanh(hpreact.get(i, j)) ** 2) * dh.get(i, j)),
    ({ h, dh }) => h.neg().mul(h).add(1).mul(dh),
  ],
  dbngain: [
    ({ bngain, bnraw, dhpreact }) => added(zerosLike(bngain), bnraw.mul(dhpreact), (_, j) => [0, j]),
    ({ bnraw, dhpreact }) => throughColumns(dhpreact, 1, (j, k) => bnraw.get(k, j)),
    ({ bnraw, dhpreact }) => dhpreact.mul(bnraw).sum(0).view(1, -1),
  ],
  dbnbias: [
    ({ bnbias, dhpreact }) => added(zerosLike(bnbias), dhpreact, (_, j) => [0, j]),
    ({ dhpreact }) => throughColumns(dhpreact, 1, () => 1),
    ({ dhpreact }) => dhpreact.T.matmul(ones(dhpreact.size(0), 1)).T,
  ],
  dbnraw: [
    ({ bngain, bnraw, dhpreact }) =>
      each(zerosLike(bnraw), (i, j, d) => d.set(i, j, bngain.get(0, j) * dhpreact.get(i, j))),
    ({ bngain, dhpreact }) => dhpreact.T.mul(bngain.T).T,
    ({ bngain, dhpreact }) => ones(dhpreact.size(0), 1).matmul(bngain).mul(dhpreact),
  ],
  dbnvar_inv: [
    ({ bnvar_inv, bndiff, dbnraw }) => added(zerosLike(bnvar_inv), bndiff.mul(dbnraw), (_, j) => [0, j]),
    ({ bndiff, dbnraw }) => throughColumns(dbnraw, 1, (j, k) => bndiff.get(k, j)),
    ({ bndiff, dbnraw }) => dbnraw.mul(bndiff).mean(0, keepdim).mul(bndiff.size(0)),
  ],
  dbnvar: [
    ({ bnvar, dbnvar_inv }) =>
      each(zerosLike(bnvar), (i, j, d) => {
        const v = bnvar.get(i, j) + 1e-5;
        d.set(i, j, -dbnvar_inv.get(i, j) / (2 * v * Math.sqrt(v)));
      }),
    ({ bnvar, bnvar_inv, dbnvar_inv }) =>
      each(zerosLike(bnvar), (i, j, d) => d.set(i, j, -0.5 * bnvar_inv.get(i, j) ** 3 * dbnvar_inv.get(i, j))),
    ({ bnvar_inv, dbnvar_inv }) => eye(bnvar_inv.size(1)).mul(bnvar_inv.pow(3)).mul(-0.5).matmul(dbnvar_inv.T).T,
  ],
  dbndiff2: [
    ({ bndiff2, dbnvar }) =>
      each(zerosLike(bndiff2), (i, j, d) => d.set(i, j, (1 / (bndiff2.size(0) - 1)) * dbnvar.get(0, j))),
    ({ bndiff2, dbnvar }) => throughColumns(dbnvar, bndiff2.size(0), () => 1 / (bndiff2.size(0) - 1)),
    ({ bndiff2, dbnvar }) =>
      ones(...bndiff2.shape)
        .mul(dbnvar)
        .div(bndiff2.size(0) - 1),
  ],
  dbndiff: [
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => {
      const d = each(zerosLike(bndiff), (i, j, d) => d.set(i, j, bnvar_inv.get(0, j) * dbnraw.get(i, j)));
      return each(d, (i, j) => d.set(i, j, d.get(i, j) + 2 * bndiff.get(i, j) * dbndiff2.get(i, j)));
    },
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) =>
      bndiff.mul(dbndiff2).add(bndiff.mul(dbndiff2)).add(dbnraw.mul(bnvar_inv)),
  ],
  dbnmeani: [
    ({ bnmeani, dbndiff }) => added(zerosLike(bnmeani), dbndiff.neg(), (_, j) => [0, j]),
    ({ dbndiff }) => throughColumns(dbndiff, 1, () => -1),
    ({ bnmeani, dbndiff }) => {
      const d = zerosLike(bnmeani);
      for (let i = 0; i < dbndiff.size(0); i++)
        for (let j = 0; j < dbndiff.size(1); j++) d.set(0, j, d.get(0, j) - dbndiff.get(i, j));
      return d;
    },
    ({ dbndiff }) => build([1, dbndiff.size(1)], (_, j) => -sum(dbndiff.size(0), (i) => dbndiff.get(i, j))),
  ],
  dhprebn: [
    ({ hprebn, dbndiff, dbnmeani }) => {
      const d = each(zerosLike(hprebn), (i, j, d) => d.set(i, j, dbndiff.get(i, j)));
      return each(d, (i, j) => d.set(i, j, d.get(i, j) + (1 / d.size(0)) * dbnmeani.get(0, j)));
    },
    ({ dbndiff, dbnmeani }) => {
      const n = dbndiff.size(0);
      return throughColumns(dbndiff, n, (_, k, i) => delta(k, i)).add(throughColumns(dbnmeani, n, () => 1 / n));
    },
    ({ dbndiff, dbnmeani }) => dbndiff.T.add(dbnmeani.T.div(dbndiff.size(0))).T,
  ],
  dembcat: [
    ({ W1, dhprebn }) => productBy(sumForwards, dhprebn, W1.T),
    ({ W1, dhprebn }) => dhprebn.view(dhprebn.size(0), 1, -1).mul(W1).sum(2),
  ],
  dW1: [
    ({ embcat, dhprebn }) => productBy(sumForwards, embcat.T, dhprebn),
    ({ W1, embcat, dhprebn }) => outerProducts(zerosLike(W1), embcat, dhprebn),
  ],
  db1: [
    ({ b1, dhprebn }) => added(zerosLike(b1), dhprebn, (_, j) => [j]),
    ({ dhprebn }) => throughColumns(dhprebn, 1, () => 1).view(-1),
    ({ dhprebn }) => dhprebn.T.matmul(ones(dhprebn.size(0), 1)).view(-1),
  ],
  demb: [
    ({ emb, dembcat }) => {
      const d = zerosLike(emb);
      const [, block, embd] = emb.shape as [number, number, number];
      for (let i = 0; i < d.size(0); i++)
        for (let k = 0; k < block * embd; k++) d.set(i, Math.floor(k / embd), k % embd, dembcat.get(i, k));
      return d;
    },
    ({ emb, dembcat }) => dembcat.view(-1).view(...emb.shape),
    ({ emb, dembcat }) => dembcat.matmul(eye(dembcat.size(1))).view(...emb.shape),
  ],
  dC: [
    ({ C, Xb, demb }) => {
      const d = zerosLike(C);
      for (let i = 0; i < Xb.size(0); i++)
        for (let j = 0; j < Xb.size(1); j++)
          for (let k = 0; k < C.size(1); k++) d.set(Xb.get(i, j), k, d.get(Xb.get(i, j), k) + demb.get(i, j, k));
      return d;
    },
    // sums in float64, by character
    ({ C, Xb, demb }) => {
      const sums = Array.from({ length: C.size(0) }, () => new Float64Array(C.size(1)));
      for (let i = 0; i < Xb.size(0); i++)
        for (let j = 0; j < Xb.size(1); j++)
          for (let k = 0; k < C.size(1); k++) sums[Xb.get(i, j)]![k]! += demb.get(i, j, k);
      return build([...C.shape], (c, k) => sums[c]![k]!);
    },
    // position by position
    ({ C, Xb, demb }) => {
      const [n, block, embd] = demb.shape as [number, number, number];
      let d = zerosLike(C);
      for (let j = 0; j < block; j++) {
        const characters = tensor(
          Array.from({ length: n }, (_, i) => Xb.get(i, j)),
          [n],
          "int32",
        );
        d = d.add(oneHot(characters, C.size(0)).T.matmul(build([n, embd], (i, k) => demb.get(i, j, k))));
      }
      return d;
    },
    ({ C, Xb, demb }) => {
      const characters = Xb.toArray();
      return throughColumns(demb.view(-1, C.size(1)), C.size(0), (_, place, c) => delta(characters[place]!, c));
    },
  ],
  "fused-dlogits": [
    // log-sum-exp by hand, in float64
    ({ logits, Yb }) => {
      const [n, vocab] = logits.shape as [number, number];
      const d = zerosLike(logits);
      for (let i = 0; i < n; i++) {
        let largest = -Infinity;
        for (let j = 0; j < vocab; j++) largest = Math.max(largest, logits.get(i, j));
        const lse = largest + Math.log(sum(vocab, (j) => Math.exp(logits.get(i, j) - largest)));
        for (let j = 0; j < vocab; j++) d.set(i, j, Math.exp(logits.get(i, j) - lse) / n);
        d.set(i, Yb.get(i), d.get(i, Yb.get(i)) - 1 / n);
      }
      return d;
    },
    // the same, kept in float32 from step to step
    ({ logits, Yb }) => {
      const [n, vocab] = logits.shape as [number, number];
      const lse = zeros(n, 1);
      for (let i = 0; i < n; i++) {
        let largest = logits.get(i, 0);
        for (let j = 1; j < vocab; j++) if (logits.get(i, j) > largest) largest = logits.get(i, j);
        for (let j = 0; j < vocab; j++) lse.set(i, 0, lse.get(i, 0) + Math.exp(logits.get(i, j) - largest));
        lse.set(i, 0, Math.log(lse.get(i, 0)) + largest);
      }
      return each(zerosLike(logits), (i, j, d) => {
        d.set(i, j, (Math.exp(Math.fround(logits.get(i, j) - lse.get(i, 0))) - delta(j, Yb.get(i))) / n);
      });
    },
    // softmax by hand
    ({ logits, Yb }) => {
      const n = logits.size(0);
      const counts = zerosLike(logits);
      const maxima = logits.max(1).values;
      each(counts, (i, j) => counts.set(i, j, Math.exp(logits.get(i, j) - maxima.get(i))));
      const sums = added(zeros(n, 1), counts, (i) => [i, 0]);
      return each(counts, (i, j) => {
        counts.set(i, j, (counts.get(i, j) / sums.get(i, 0) - (j === Yb.get(i) ? 1 : 0)) / n);
      });
    },
    // Jacobians row by row: of log softmax, and of softmax
    ({ logits, Yb }) => {
      const [n, vocab] = logits.shape as [number, number];
      const p = logits.softmax(1);
      const dlogprobs = oneHot(Yb, vocab).div(-n);
      const at = reader(p);
      return throughRows(dlogprobs, vocab, (i, k, j) => delta(k, j) - at(i, j));
    },
    ({ logits, Yb }) => {
      const [n, vocab] = logits.shape as [number, number];
      const p = logits.softmax(1);
      const dprobs = oneHot(Yb, vocab).div(p).div(-n);
      const at = reader(p);
      return throughRows(dprobs, vocab, (i, k, j) => at(i, k) * (delta(k, j) - at(i, j)));
    },
    ({ logits, Yb }) => eye(logits.size(1)).gatherRows(Yb).sub(logits.softmax(1)).div(-logits.size(0)),
  ],
  "fused-dhprebn": [
    // the Jacobian, column by column
    ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const [gain, inverse, raw] = [reader(bngain), reader(bnvar_inv), reader(bnraw)];
      return throughColumns(dhpreact, n, (j, k, i) => {
        return gain(0, j) * inverse(0, j) * (delta(k, i) - 1 / n - (raw(k, j) * raw(i, j)) / (n - 1));
      });
    },
    // sums with get and set
    ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const sums = added(zerosLike(bngain), dhpreact, (_, j) => [0, j]);
      const products = added(zerosLike(bngain), dhpreact.mul(bnraw), (_, j) => [0, j]);
      return each(zerosLike(bnraw), (i, j, d) => {
        const inner = n * dhpreact.get(i, j) - sums.get(0, j) - (n / (n - 1)) * bnraw.get(i, j) * products.get(0, j);
        d.set(i, j, ((bngain.get(0, j) * bnvar_inv.get(0, j)) / n) * inner);
      });
    },
    // a sum of matrices: (I - 11'/n) and the projection on bnraw, neuron by neuron
    ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const dhprebn = zerosLike(bnraw);
      for (let j = 0; j < bnraw.size(1); j++) {
        const dbnraw = (k: number): number => bngain.get(0, j) * dhpreact.get(k, j);
        const along = sum(n, (k) => dbnraw(k) * bnraw.get(k, j));
        const dbndiff = (k: number): number => bnvar_inv.get(0, j) * (dbnraw(k) - (bnraw.get(k, j) * along) / (n - 1));
        const mean = sum(n, dbndiff) / n;
        for (let i = 0; i < n; i++) dhprebn.set(i, j, dbndiff(i) - mean);
      }
      return dhprebn;
    },
    ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const dbnbias = dhpreact.sum(0, keepdim);
      const dbngain = dhpreact.mul(bnraw).sum(0, keepdim);
      const inner = dhpreact.sub(dbnbias.add(bnraw.mul(dbngain).mul(n / (n - 1))).div(n));
      return inner.mul(bnvar_inv.mul(bngain));
    },
  ],
  gap: [
    ({ bngain, bnbias, bnraw, dhpreact }) => {
      const gap = zerosLike(bngain);
      for (let i = 0; i < bnraw.size(0); i++)
        for (let j = 0; j < bnraw.size(1); j++) {
          const hpreact = bngain.get(0, j) * bnraw.get(i, j) + bnbias.get(0, j);
          gap.set(0, j, gap.get(0, j) + hpreact * dhpreact.get(i, j) - bnraw.get(i, j) * dhpreact.get(i, j));
        }
      return gap;
    },
    ({ bngain, bnbias, bnraw, dhpreact }) =>
      throughColumns(dhpreact, 1, (j, k) => (bngain.get(0, j) - 1) * bnraw.get(k, j) + bnbias.get(0, j)),
    ({ bngain, bnbias, bnraw, dhpreact }) =>
      ones(1, bnraw.size(0)).matmul(bnraw.mul(bngain).add(bnbias).sub(bnraw).mul(dhpreact)),
  ],
  dpredicted: [
    ({ predicted, target }) =>
      each(zerosLike(predicted), (i, j, d) => {
        const error = predicted.get(i, j) - target.get(i, j);
        d.set(i, j, error > 1 ? 1 : error < -1 ? -1 : error);
      }),
    ({ predicted, target }) => {
      const d = predicted.sub(target);
      return each(d, (i, j) => {
        if (d.get(i, j) > 1) d.set(i, j, 1);
        if (d.get(i, j) < -1) d.set(i, j, -1);
      });
    },
    ({ predicted, target }) => {
      const error = predicted.sub(target);
      const size = error.mul(error).sqrt();
      return error.div(size.clamp(1, Infinity));
    },
  ],
  forgotten: [
    ({ dbndiff }) => {
      const sums = added(zeros(1, dbndiff.size(1)), dbndiff, (_, j) => [0, j]);
      return each(zerosLike(dbndiff), (i, j, d) => d.set(i, j, -sums.get(0, j) / dbndiff.size(0)));
    },
    ({ dbndiff }) => throughColumns(dbndiff, dbndiff.size(0), () => -1 / dbndiff.size(0)),
    ({ dbndiff }) => dbndiff.add(dbndiff.sum(0, keepdim).neg().div(dbndiff.size(0))).sub(dbndiff),
  ],
  uses: [
    ({ C, Xb }) => {
      const uses = zeros(C.size(0), 1);
      for (let i = 0; i < Xb.size(0); i++)
        for (let j = 0; j < Xb.size(1); j++) uses.set(Xb.get(i, j), 0, uses.get(Xb.get(i, j), 0) + 1);
      return uses;
    },
    ({ C, Xb }) => {
      const counts = new Map<number, number>();
      for (const c of Xb.toArray()) counts.set(c, (counts.get(c) ?? 0) + 1);
      return build([C.size(0), 1], (c) => counts.get(c) || 0);
    },
    ({ C, Xb }) => {
      const characters = Xb.toArray();
      return build([C.size(0), 1], (c) => sum(Xb.numel(), (place) => delta(characters[place]!, c)));
    },
  ],
  spacing: [
    ({ x }) =>
      each(zerosLike(x), (i, j, d) => {
        let [size, step] = [Math.abs(x.get(i, j)), 1];
        while (Math.fround(size + step) > size) step /= 2;
        // half a step is rounded to even, up or down
        while (Math.fround(size + step) - size !== step) step *= 2;
        d.set(i, j, step);
      }),
    ({ x }) =>
      build([...x.shape], (i, j) => {
        const exponent = (new Uint32Array(Float32Array.of(x.get(i, j)).buffer)[0]! >>> 23) & 0xff;
        return 2 ** (exponent - 127 - 23);
      }),
  ],
  ratio: [
    ({ hprebn }) => {
      const n = hprebn.size(0);
      const means = added(zeros(1, hprebn.size(1)), hprebn, (_, j) => [0, j]).div(n);
      const squares = added(zeros(1, hprebn.size(1)), hprebn.sub(means).pow(2), (_, j) => [0, j]);
      return each(means, (i, j) => {
        means.set(i, j, Math.sqrt((squares.get(0, j) / n + 1e-5) / (squares.get(0, j) / (n - 1) + 1e-5)));
      });
    },
    ({ hprebn }) => {
      const n = hprebn.size(0);
      const centred = eye(n)
        .sub(1 / n)
        .matmul(hprebn);
      const squares = ones(1, n).matmul(centred.mul(centred));
      const inverse = (divisor: number): Tensor => squares.div(divisor).add(1e-5).pow(-0.5);
      return inverse(n - 1).div(inverse(n));
    },
  ],
  rescaled: [
    ({ embcat, W1 }) => {
      const n = embcat.size(0);
      const wide = productBy(sumForwards, embcat, W1);
      const means = added(zeros(1, W1.size(1)), wide, (_, j) => [0, j]).div(n);
      const squares = added(zeros(1, W1.size(1)), wide.sub(means).pow(2), (_, j) => [0, j]);
      return each(zerosLike(W1), (i, j, d) => d.set(i, j, W1.get(i, j) / Math.sqrt(squares.get(0, j) / (n - 1))));
    },
    ({ embcat, W1 }) => {
      const deviation = embcat.matmul(W1).var(0, keepdim).sqrt();
      return W1.matmul(eye(W1.size(1)).div(deviation));
    },
  ],
};

/** Goes through the places of a matrix, which `set` changes, and gives it back. */
function each(matrix: Tensor, set: (i: number, j: number, matrix: Tensor) => unknown): Tensor {
  for (let i = 0; i < matrix.size(0); i++) for (let j = 0; j < matrix.size(1); j++) set(i, j, matrix);
  return matrix;
}

/** A matrix's numbers, each added in float32 to the place that it belongs to. */
function added(sums: Tensor, terms: Tensor, place: (i: number, j: number) => number[]): Tensor {
  const term = reader(terms);
  for (let i = 0; i < terms.size(0); i++) {
    for (let j = 0; j < terms.size(1); j++) {
      const at = place(i, j);
      sums.set(...at, sums.get(...at) + term(i, j));
    }
  }
  return sums;
}

/** A sum in float32, in order, as get and set would add it up. */
function sumForwards(count: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total = Math.fround(total + term(i));
  return total;
}

/** The sum of the outer products of two matrices' rows, example by example. */
function outerProducts(out: Tensor, left: Tensor, right: Tensor): Tensor {
  let total = out;
  for (let i = 0; i < left.size(0); i++) total = total.add(rowOf(left, i).view(-1, 1).matmul(rowOf(right, i)));
  return total;
}

/** Row i of a matrix, shape [1, columns]. */
function rowOf(matrix: Tensor, i: number): Tensor {
  return matrix.gatherRows(tensor([i], [1], "int32"));
}
