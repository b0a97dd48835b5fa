import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import type { FunctionStepId, GivenName } from "../../../grader/course/steps.ts";

type Given = Readonly<Record<GivenName<FunctionStepId>, Tensor>>;

/**
 * Wrong answers as learners would write them, by somebody who has not seen the catalogue of mistakes: a JavaScript
 * programmer with shaky calculus, a PyTorch user, and an expert who slips.
 */
export const heldBack: { step: FunctionStepId; what: string; answer: (given: Given) => Tensor }[] = [
  // ---- part 0

  {
    step: "da",
    what: "dc is shared out among the two summands: each entry is half of dc",
    answer: ({ a, dc }) => {
      const out = zerosLike(a);
      for (let i = 0; i < a.size(0); i++) {
        for (let j = 0; j < a.size(1); j++) out.set(i, j, dc.get(i, j) / 2);
      }
      return out;
    },
  },
  {
    step: "da",
    what: "dc is shared out in proportion to the summands: dc times a / c in place of dc",
    answer: ({ a, c, dc }) => dc.mul(a.div(c)),
  },
  {
    step: "da",
    what: "the loop over the rows begins at 1, so the first row stays zero (the other rows are right)",
    answer: ({ a, dc }) => {
      const out = zerosLike(a);
      for (let i = 1; i < a.size(0); i++) {
        for (let j = 0; j < a.size(1); j++) out.set(i, j, dc.get(i, j));
      }
      return out;
    },
  },
  {
    step: "db",
    what: "1 - dc is written for -dc, so every entry is 1 too large",
    answer: ({ dc }) => tensor(1).sub(dc),
  },
  {
    step: "db",
    what: "the forward line is solved for b with dc in the place of c: a - dc",
    answer: ({ a, dc }) => a.sub(dc),
  },
  {
    step: "db",
    what: "the slope of |a - b| is used: -dc only where a > b, and +dc where a < b",
    answer: ({ a, b, dc }) => {
      const out = zerosLike(b);
      for (let i = 0; i < b.size(0); i++) {
        for (let j = 0; j < b.size(1); j++) {
          const sign = a.get(i, j) > b.get(i, j) ? -1 : 1;
          out.set(i, j, sign * dc.get(i, j));
        }
      }
      return out;
    },
  },
  {
    step: "dy",
    what: "product rule misread: du is multiplied by both factors added up, x + y, in place of x alone",
    answer: ({ x, y, du }) => x.mul(du).add(y.mul(du)),
  },
  {
    step: "dy",
    what: "the other factor is got as u / x, which is y itself, so it returns y * du, the gradient of x",
    answer: ({ x, y, u, du }) => {
      const out = zerosLike(y);
      for (let i = 0; i < y.size(0); i++) {
        for (let j = 0; j < y.size(1); j++) out.set(i, j, (u.get(i, j) / x.get(i, j)) * du.get(i, j));
      }
      return out;
    },
  },
  {
    step: "dy",
    what: "what comes from above is divided by the other factor, du / x, as if the product had to be undone",
    answer: ({ x, y, du }) => {
      const dy = zerosLike(y);
      for (let i = 0; i < y.size(0); i++) {
        for (let j = 0; j < y.size(1); j++) dy.set(i, j, du.get(i, j) / x.get(i, j));
      }
      return dy;
    },
  },
  {
    step: "dx",
    what: "brackets: y multiplies dv as well, y * (du + dv)",
    answer: ({ y, du, dv }) => y.mul(du.add(dv)),
  },
  {
    step: "dx",
    what: "the two branches are multiplied with each other, (y * du) * dv, not added",
    answer: ({ x, y, du, dv }) => {
      const dx = onesLike(x);
      dx.mul_(y.mul(du));
      dx.mul_(dv);
      return dx;
    },
  },
  {
    step: "dx",
    what: "two mistakes: the slope of the product is taken as x, not y, and the branch through v is left out: x * du",
    answer: ({ x, du }) => {
      const out = zerosLike(x);
      for (let i = 0; i < x.size(0); i++) {
        for (let j = 0; j < x.size(1); j++) out.set(i, j, x.get(i, j) * du.get(i, j));
      }
      return out;
    },
  },
  {
    step: "dcolumn",
    what: "= in the place of +=: each row keeps only its last entry of dgrid, nothing is added up",
    answer: ({ column, dgrid }) => {
      const out = zerosLike(column);
      for (let i = 0; i < dgrid.size(0); i++) {
        for (let j = 0; j < dgrid.size(1); j++) out.set(i, 0, dgrid.get(i, j));
      }
      return out;
    },
  },
  {
    step: "dcolumn",
    what: "two mistakes: the mean over the columns in place of the sum, and no keepdim, so the shape is [rows]",
    answer: ({ dgrid }) => dgrid.mean(1),
  },
  {
    step: "dcolumn",
    what: "the running sum is not set back to 0 at the start of a row: row i gets the sum of rows 0 to i",
    answer: ({ column, dgrid }) => {
      const out = zerosLike(column);
      let sum = 0;
      for (let i = 0; i < dgrid.size(0); i++) {
        for (let j = 0; j < dgrid.size(1); j++) sum += dgrid.get(i, j);
        out.set(i, 0, sum);
      }
      return out;
    },
  },
  {
    step: "dtable",
    what: "sum and copy are thought to undo each other: dspread is returned as it came",
    answer: ({ dspread }) => dspread.clone(),
  },
  {
    step: "dtable",
    what: "the row's sum of dspread is shared out in proportion to the entry: times table / total",
    answer: ({ table, total, dspread }) => dspread.sum(1, keepdim).mul(table.div(total)),
  },
  {
    step: "dtable",
    what: "two mistakes: the sum runs down the columns, not along the rows, and it is divided by the number of rows",
    answer: ({ table, dspread }) => {
      const [rows, columns] = [table.size(0), table.size(1)];
      const out = zerosLike(table);
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let i = 0; i < rows; i++) sum += dspread.get(i, j);
        for (let i = 0; i < rows; i++) out.set(i, j, sum / rows);
      }
      return out;
    },
  },
  {
    step: "dleft",
    what: "view in the place of the transpose: right's numbers are re-read row by row as [columns, inner]",
    answer: ({ right, dproduct }) => dproduct.matmul(right.view(right.size(1), right.size(0))),
  },
  {
    step: "dleft",
    what: "the sum over the columns stops one too early: the last column of dproduct and right is left out",
    answer: ({ left, right, dproduct }) => {
      const out = zerosLike(left);
      for (let i = 0; i < left.size(0); i++) {
        for (let k = 0; k < left.size(1); k++) {
          let sum = 0;
          for (let j = 0; j < dproduct.size(1) - 1; j++) sum += dproduct.get(i, j) * right.get(k, j);
          out.set(i, k, sum);
        }
      }
      return out;
    },
  },
  {
    step: "dleft",
    what: "the right matrix product with right.T, but then multiplied entry by entry by left as well",
    answer: ({ left, right, dproduct }) => left.mul(dproduct.matmul(right.T)),
  },
  {
    step: "dpre",
    what: "the square is forgotten: (1 - out) * dout",
    answer: ({ pre, out, dout }) => {
      const dpre = zerosLike(pre);
      for (let i = 0; i < pre.size(0); i++) {
        for (let j = 0; j < pre.size(1); j++) dpre.set(i, j, (1 - out.get(i, j)) * dout.get(i, j));
      }
      return dpre;
    },
  },
  {
    step: "dpre",
    what: "the slope of the sigmoid with tanh's output: out * (1 - out) * dout",
    answer: ({ pre, out, dout }) => {
      const dpre = zerosLike(pre);
      for (let i = 0; i < pre.size(0); i++) {
        for (let j = 0; j < pre.size(1); j++) {
          const y = out.get(i, j);
          dpre.set(i, j, y * (1 - y) * dout.get(i, j));
        }
      }
      return dpre;
    },
  },
  {
    step: "dpre",
    what: "1 / cosh(pre) is used for the slope, where it is one over the square of cosh(pre)",
    answer: ({ pre, dout }) => {
      const dpre = zerosLike(pre);
      for (let i = 0; i < pre.size(0); i++) {
        for (let j = 0; j < pre.size(1); j++) dpre.set(i, j, dout.get(i, j) / Math.cosh(pre.get(i, j)));
      }
      return dpre;
    },
  },
  {
    step: "normalize",
    what: "everything is divided by the sum of the whole table, so that the table sums to 1 and not each row",
    answer: ({ N }) => N.div(N.sum()),
  },
  {
    step: "normalize",
    what: "softmax over each row in place of division by the row's sum: the counts are exponentiated first",
    answer: ({ N }) => N.softmax(1),
  },
  {
    step: "normalize",
    what: "smoothed: 1 is added to every count (and to the sums accordingly), which was not asked for",
    answer: ({ N }) => {
      const P = zerosLike(N);
      for (let i = 0; i < N.size(0); i++) {
        let sum = 0;
        for (let j = 0; j < N.size(1); j++) sum += N.get(i, j) + 1;
        for (let j = 0; j < N.size(1); j++) P.set(i, j, (N.get(i, j) + 1) / sum);
      }
      return P;
    },
  },

  // ---- part 1: the softmax head

  {
    step: "dlogprobs",
    what: "the labels are taken as counted from 1: -1/n stands one column to the left of the label (label 0: last column)",
    answer: ({ logprobs, Yb }) => {
      const out = zerosLike(logprobs);
      const n = Yb.size(0);
      for (let i = 0; i < n; i++) out.set(i, Yb.get(i) - 1, -1 / n);
      return out;
    },
  },
  {
    step: "dlogprobs",
    what: "divided by the number of characters, not of examples: -1/vocab at the labels",
    answer: ({ logprobs, Yb }) => {
      const out = zerosLike(logprobs);
      Yb.toArray().forEach((y: number, i: number) => {
        out.set(i, y, -1 / logprobs.size(1));
      });
      return out;
    },
  },
  {
    step: "dlogprobs",
    what: "the value in the place of the slope: -logprobs / n at the labels, so each has its part of the loss",
    answer: ({ logprobs, Yb }) => {
      const out = zerosLike(logprobs);
      for (let i = 0; i < Yb.size(0); i++) {
        const y = Yb.get(i);
        out.set(i, y, -logprobs.get(i, y) / Yb.size(0));
      }
      return out;
    },
  },
  {
    step: "dprobs",
    what: "as if log were the logarithm to the base 10: divided by probs * ln(10)",
    answer: ({ probs, dlogprobs }) => {
      const out = zerosLike(probs);
      for (let i = 0; i < probs.size(0); i++) {
        for (let j = 0; j < probs.size(1); j++) {
          out.set(i, j, dlogprobs.get(i, j) / (probs.get(i, j) * Math.LN10));
        }
      }
      return out;
    },
  },
  {
    step: "dprobs",
    what: "an epsilon of 1e-3 is added to probs before dividing, to be safe from division by zero",
    answer: ({ probs, dlogprobs }) => dlogprobs.div(probs.add(1e-3)),
  },
  {
    step: "dprobs",
    what: "only entries with a negative gradient from above are computed (the labels, in the network); the others stay 0",
    answer: ({ probs, dlogprobs }) => {
      const out = zerosLike(probs);
      for (let i = 0; i < probs.size(0); i++) {
        for (let j = 0; j < probs.size(1); j++) {
          const d = dlogprobs.get(i, j);
          if (d >= 0) continue;
          out.set(i, j, d / probs.get(i, j));
        }
      }
      return out;
    },
  },
  {
    step: "dcounts_sum_inv",
    what: "the product of two sums in the place of the sum of products: counts.sum(1) * dprobs.sum(1)",
    answer: ({ counts, dprobs }) => counts.sum(1, keepdim).mul(dprobs.sum(1, keepdim)),
  },
  {
    step: "dcounts_sum_inv",
    what: "two mistakes: the output probs stands for the factor counts, and the row's mean for its sum",
    answer: ({ probs, dprobs }) => probs.mul(dprobs).mean(1, keepdim),
  },
  {
    step: "dcounts_sum_inv",
    what: "column 0 is left out of each row's sum (the loop begins at 1)",
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
  {
    step: "dcounts_sum_inv",
    what: "a matrix product counts @ dprobs.T [n, n] with its rows summed: every example's counts meet all examples' dprobs",
    answer: ({ counts, dprobs }) => counts.matmul(dprobs.T).sum(1, keepdim),
  },
  {
    step: "dcounts_sum",
    what: "two mistakes: the minus is forgotten and the exponent stays at -1: +counts_sum ** -1 times what comes from above",
    answer: ({ counts_sum, dcounts_sum_inv }) => {
      const out = zerosLike(counts_sum);
      for (let i = 0; i < counts_sum.size(0); i++)
        out.set(i, 0, counts_sum.get(i, 0) ** -1 * dcounts_sum_inv.get(i, 0));
      return out;
    },
  },
  {
    step: "dcounts_sum",
    what: "integrated in place of differentiated: log(counts_sum) times what comes from above",
    answer: ({ counts_sum, dcounts_sum_inv }) => {
      const out = zerosLike(counts_sum);
      for (let i = 0; i < out.size(0); i++) out.set(i, 0, Math.log(counts_sum.get(i, 0)) * dcounts_sum_inv.get(i, 0));
      return out;
    },
  },
  {
    step: "dcounts_sum",
    what: "the exponent goes up by one in place of down: -counts_sum ** 0, so merely -dcounts_sum_inv",
    answer: ({ counts_sum, dcounts_sum_inv }) => {
      const out = zerosLike(counts_sum);
      for (let i = 0; i < counts_sum.size(0); i++) {
        const slope = -1 * counts_sum.get(i, 0) ** (-1 + 1);
        out.set(i, 0, slope * dcounts_sum_inv.get(i, 0));
      }
      return out;
    },
  },
  {
    step: "dcounts",
    what: "brackets: counts_sum_inv multiplies dcounts_sum too, counts_sum_inv * (dprobs + dcounts_sum)",
    answer: ({ dcounts_sum, counts_sum_inv, dprobs }) => dprobs.add(dcounts_sum).mul(counts_sum_inv),
  },
  {
    step: "dcounts",
    what: "dcounts_sum is added in column 0 of each row only, not in every column",
    answer: ({ counts, dcounts_sum, counts_sum_inv, dprobs }) => {
      const out = zerosLike(counts);
      for (let i = 0; i < counts.size(0); i++) {
        for (let j = 0; j < counts.size(1); j++) {
          const through = j === 0 ? dcounts_sum.get(i, 0) : 0;
          out.set(i, j, dprobs.get(i, j) * counts_sum_inv.get(i, 0) + through);
        }
      }
      return out;
    },
  },
  {
    step: "dcounts",
    what: "the slope of the sum is taken to be counts: the second branch is counts * dcounts_sum",
    answer: ({ counts, dcounts_sum, counts_sum_inv, dprobs }) =>
      dprobs.mul(counts_sum_inv).add(counts.mul(dcounts_sum)),
  },
  {
    step: "dcounts",
    what: "dcounts_sum is shared out evenly: each entry gets dcounts_sum / vocab in place of all of it",
    answer: ({ counts, dcounts_sum, counts_sum_inv, dprobs }) => {
      const vocab = counts.size(1);
      const out = zerosLike(counts);
      for (let i = 0; i < counts.size(0); i++) {
        for (let j = 0; j < vocab; j++) {
          out.set(i, j, dprobs.get(i, j) * counts_sum_inv.get(i, 0) + dcounts_sum.get(i, 0) / vocab);
        }
      }
      return out;
    },
  },
  {
    step: "dnorm_logits",
    what: "exp is applied once more to what is already the exponential: exp(counts) * dcounts",
    answer: ({ counts, dcounts }) => counts.exp().mul(dcounts),
  },
  {
    step: "dnorm_logits",
    what: "the power rule is used on exp: x * exp(x - 1) * dcounts with x for norm_logits",
    answer: ({ norm_logits, dcounts }) => {
      const out = zerosLike(norm_logits);
      for (let i = 0; i < norm_logits.size(0); i++) {
        for (let j = 0; j < norm_logits.size(1); j++) {
          const x = norm_logits.get(i, j);
          out.set(i, j, x * Math.exp(x - 1) * dcounts.get(i, j));
        }
      }
      return out;
    },
  },
  {
    step: "dnorm_logits",
    what: "the gradient is put through exp, not multiplied by a slope: exp(dcounts)",
    answer: ({ dcounts }) => dcounts.exp(),
  },
  {
    step: "dlogit_maxes",
    what: "only the winner's entry is taken from each row: -dnorm_logits at the largest logit, not the sum of the row",
    answer: ({ logit_maxes, logits, dnorm_logits }) => {
      const out = zerosLike(logit_maxes);
      for (let i = 0; i < logits.size(0); i++) {
        let winner = 0;
        for (let j = 1; j < logits.size(1); j++) if (logits.get(i, j) > logits.get(i, winner)) winner = j;
        out.set(i, 0, -dnorm_logits.get(i, winner));
      }
      return out;
    },
  },
  {
    step: "dlogit_maxes",
    what: "the largest entry of each row of -dnorm_logits in the place of the row's sum",
    answer: ({ dnorm_logits }) => dnorm_logits.neg().max(1, keepdim).values,
  },
  {
    step: "dlogit_maxes",
    what: "right numbers, but laid out as a row: shape [1, n] in place of [n, 1]",
    answer: ({ dnorm_logits }) => dnorm_logits.sum(1).neg().view(1, -1),
  },
  {
    step: "dlogits",
    what: "the winner is looked for in dnorm_logits, not in logits: dlogit_maxes goes to the largest gradient",
    answer: ({ logits, dlogit_maxes, dnorm_logits }) =>
      dnorm_logits.add(oneHot(dnorm_logits.max(1).indices, logits.size(1)).mul(dlogit_maxes)),
  },
  {
    step: "dlogits",
    what: "the running maximum is not set back between rows: a row without a new record keeps an earlier row's winner",
    answer: ({ logits, dlogit_maxes, dnorm_logits }) => {
      const out = dnorm_logits.clone();
      let largest = -Infinity;
      let winner = 0;
      for (let i = 0; i < logits.size(0); i++) {
        for (let j = 0; j < logits.size(1); j++) {
          if (logits.get(i, j) > largest) {
            largest = logits.get(i, j);
            winner = j;
          }
        }
        out.set(i, winner, out.get(i, winner) + dlogit_maxes.get(i, 0));
      }
      return out;
    },
  },
  {
    step: "dlogits",
    what: "at the winner dlogit_maxes replaces dnorm_logits where it should be added to it",
    answer: ({ logits, dlogit_maxes, dnorm_logits }) => {
      const out = dnorm_logits.clone();
      const winners = logits.max(1).indices;
      for (let i = 0; i < logits.size(0); i++) out.set(i, winners.get(i), dlogit_maxes.get(i, 0));
      return out;
    },
  },
  {
    step: "dlogits",
    what: "two mistakes: the maximum's gradient goes to the label Yb, and it is subtracted",
    answer: ({ logits, dlogit_maxes, dnorm_logits, Yb }) =>
      dnorm_logits.sub(oneHot(Yb, logits.size(1)).mul(dlogit_maxes)),
  },

  // ---- part 1: linear layer and tanh

  {
    step: "dh",
    what: "view in the place of the transpose: W2's numbers are re-read row by row as [vocab, hidden]",
    answer: ({ W2, dlogits }) => dlogits.matmul(W2.view(W2.size(1), -1)),
  },
  {
    step: "dh",
    what: "the sum is not set back to 0 for each entry, only for each row: within a row the entries pile up from left to right",
    answer: ({ h, W2, dlogits }) => {
      const out = zerosLike(h);
      for (let i = 0; i < h.size(0); i++) {
        let sum = 0;
        for (let k = 0; k < h.size(1); k++) {
          for (let j = 0; j < dlogits.size(1); j++) sum += dlogits.get(i, j) * W2.get(k, j);
          out.set(i, k, sum);
        }
      }
      return out;
    },
  },
  {
    step: "dh",
    what: "goes one step too far: the right dh is also multiplied by tanh's slope 1 - h ** 2, which is the next step's",
    answer: ({ h, W2, dlogits }) => dlogits.matmul(W2.T).mul(tensor(1).sub(h.pow(2))),
  },
  {
    step: "dh",
    what: "the bias is counted into the slope: the sum over j of dlogits * (W2 + b2)",
    answer: ({ h, W2, b2, dlogits }) => {
      const out = zerosLike(h);
      for (let i = 0; i < h.size(0); i++) {
        for (let k = 0; k < h.size(1); k++) {
          let sum = 0;
          for (let j = 0; j < b2.size(0); j++) sum += dlogits.get(i, j) * (W2.get(k, j) + b2.get(j));
          out.set(i, k, sum);
        }
      }
      return out;
    },
  },
  {
    step: "dW2",
    what: "divided by n once more: the mean over the examples in place of their sum",
    answer: ({ h, dlogits }) => h.T.matmul(dlogits).div(h.size(0)),
  },
  {
    step: "dW2",
    what: "= in the place of +=: only the last example's contribution is left",
    answer: ({ W2, h, dlogits }) => {
      const out = zerosLike(W2);
      for (let i = 0; i < h.size(0); i++) {
        for (let k = 0; k < h.size(1); k++) {
          for (let j = 0; j < dlogits.size(1); j++) out.set(k, j, h.get(i, k) * dlogits.get(i, j));
        }
      }
      return out;
    },
  },
  {
    step: "dW2",
    what: "the transposed gradient dlogits.T @ h is computed and brought to W2's shape by view, so its numbers lie in wrong places",
    answer: ({ W2, h, dlogits }) => dlogits.T.matmul(h).view(W2.shape),
  },
  {
    step: "db2",
    what: "keepdim where the bias has one dimension: right numbers with shape [1, vocab]",
    answer: ({ dlogits }) => dlogits.sum(0, keepdim),
  },
  {
    step: "db2",
    what: "the sum starts from the bias itself, not from zero: b2 is added to the right answer",
    answer: ({ b2, dlogits }) => {
      const out = b2.clone();
      for (let i = 0; i < dlogits.size(0); i++) {
        for (let j = 0; j < dlogits.size(1); j++) out.set(j, out.get(j) + dlogits.get(i, j));
      }
      return out;
    },
  },
  {
    step: "db2",
    what: "on the flat elements the column is computed as k % n in place of k % vocab, so contributions go to wrong biases",
    answer: ({ b2, dlogits }) => {
      const out = new Float32Array(b2.size(0));
      const n = dlogits.size(0);
      dlogits.toArray().forEach((value: number, k: number) => {
        out[k % n]! += value;
      });
      return tensor(out, b2.shape);
    },
  },
  {
    step: "dhpreact",
    what: "tanh is applied to its own output: the slope is 1 - tanh(h) ** 2",
    answer: ({ hpreact, h, dh }) => {
      const out = zerosLike(hpreact);
      for (let i = 0; i < h.size(0); i++) {
        for (let j = 0; j < h.size(1); j++) out.set(i, j, (1 - Math.tanh(h.get(i, j)) ** 2) * dh.get(i, j));
      }
      return out;
    },
  },
  {
    step: "dhpreact",
    what: "order of operations: dh - h ** 2, only the 1 is multiplied by dh",
    answer: ({ h, dh }) => dh.sub(h.mul(h)),
  },
  {
    step: "dhpreact",
    what: "the derivative of tan, not of tanh: (1 + h ** 2) * dh",
    answer: ({ h, dh }) => h.pow(2).add(1).mul(dh),
  },
  {
    step: "dhpreact",
    what: "two mistakes: sigmoid's slope h * (1 - h), and what comes from above is forgotten",
    answer: ({ h }) => {
      const out = zerosLike(h);
      for (let i = 0; i < h.size(0); i++) {
        for (let j = 0; j < h.size(1); j++) {
          const s = h.get(i, j);
          out.set(i, j, s * (1 - s));
        }
      }
      return out;
    },
  },

  // ---- part 1: batchnorm

  {
    step: "dbngain",
    what: "the factor beside the gain is got as hpreact - bnbias without dividing by bngain: the answer is bngain times too large",
    answer: ({ bngain, bnbias, hpreact, dhpreact }) => {
      const out = zerosLike(bngain);
      for (let j = 0; j < bngain.size(1); j++) {
        let sum = 0;
        for (let i = 0; i < hpreact.size(0); i++) sum += (hpreact.get(i, j) - bnbias.get(0, j)) * dhpreact.get(i, j);
        out.set(0, j, sum);
      }
      return out;
    },
  },
  {
    step: "dbngain",
    what: "nothing is added up over the batch: bnraw * dhpreact with shape [n, hidden]",
    answer: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact),
  },
  {
    step: "dbngain",
    what: "divided by n - 1, like a covariance, where the plain sum is asked for",
    answer: ({ bngain, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const out = zerosLike(bngain);
      for (let j = 0; j < bnraw.size(1); j++) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += bnraw.get(i, j) * dhpreact.get(i, j);
        out.set(0, j, sum / (n - 1));
      }
      return out;
    },
  },
  {
    step: "dbnbias",
    what: "keepdim is missing: right numbers with shape [hidden] in place of [1, hidden]",
    answer: ({ dhpreact }) => dhpreact.sum(0),
  },
  {
    step: "dbnbias",
    what: "the gain is counted into the slope: the sum of bngain * dhpreact",
    answer: ({ bnbias, bngain, dhpreact }) => {
      const out = zerosLike(bnbias);
      for (let i = 0; i < dhpreact.size(0); i++) {
        for (let j = 0; j < dhpreact.size(1); j++) {
          out.set(0, j, out.get(0, j) + bngain.get(0, j) * dhpreact.get(i, j));
        }
      }
      return out;
    },
  },
  {
    step: "dbnbias",
    what: "the bias is multiplied in, as if it were a factor: bnbias times the sum of dhpreact",
    answer: ({ bnbias, dhpreact }) => bnbias.mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbnraw",
    what: "divided by the gain where it is to be multiplied: dhpreact / bngain",
    answer: ({ bngain, dhpreact }) => dhpreact.div(bngain),
  },
  {
    step: "dbnraw",
    what: "the gradient is sent through the forward line: bngain * dhpreact + bnbias",
    answer: ({ bnraw, bngain, bnbias, dhpreact }) => {
      const out = zerosLike(bnraw);
      for (let i = 0; i < bnraw.size(0); i++) {
        for (let j = 0; j < bnraw.size(1); j++) {
          out.set(i, j, bngain.get(0, j) * dhpreact.get(i, j) + bnbias.get(0, j));
        }
      }
      return out;
    },
  },
  {
    step: "dbnraw",
    what: "summed over the batch and spread over its rows again: every row holds the column's sum of bngain * dhpreact",
    answer: ({ bnraw, bngain, dhpreact }) => bngain.mul(dhpreact).sum(0, keepdim).expand(bnraw.shape),
  },
  {
    step: "dbnvar_inv",
    what: "Bessel's n - 1 is used as the bound of the loop: the last example is left out of the sum",
    answer: ({ bnvar_inv, bndiff, dbnraw }) => {
      const out = zerosLike(bnvar_inv);
      for (let j = 0; j < bndiff.size(1); j++) {
        let sum = 0;
        for (let i = 0; i < bndiff.size(0) - 1; i++) sum += bndiff.get(i, j) * dbnraw.get(i, j);
        out.set(0, j, sum);
      }
      return out;
    },
  },
  {
    step: "dbnvar_inv",
    what: "a matrix product bndiff.T @ dbnraw [hidden, hidden] with its rows added up, so that neurons are mixed",
    answer: ({ bndiff, dbnraw }) => bndiff.T.matmul(dbnraw).sum(0, keepdim),
  },
  {
    step: "dbnvar_inv",
    what: "divided where it is to be multiplied: the sum over the batch of dbnraw / bndiff",
    answer: ({ bndiff, dbnraw }) => dbnraw.div(bndiff).sum(0, keepdim),
  },
  {
    step: "dbnvar",
    what: "the exponent is not lowered: -0.5 * (bnvar + 1e-5) ** -0.5 times what comes from above",
    answer: ({ bnvar_inv, dbnvar_inv }) => bnvar_inv.mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "-0.5 - 1 is computed as +0.5: -0.5 * (bnvar + 1e-5) ** 0.5 times what comes from above",
    answer: ({ bnvar, dbnvar_inv }) => {
      const out = zerosLike(bnvar);
      for (let j = 0; j < bnvar.size(1); j++) {
        out.set(0, j, -0.5 * Math.sqrt(bnvar.get(0, j) + 1e-5) * dbnvar_inv.get(0, j));
      }
      return out;
    },
  },
  {
    step: "dbnvar",
    what: "epsilon is added to the standard deviation, not to the variance: -0.5 * (sqrt(bnvar) + 1e-5) ** -3",
    answer: ({ bnvar, dbnvar_inv }) => bnvar.sqrt().add(1e-5).pow(-3).mul(-0.5).mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "two mistakes: the minus is forgotten, and the power is bnvar_inv ** 2 in place of bnvar_inv ** 3",
    answer: ({ bnvar, bnvar_inv, dbnvar_inv }) => {
      const out = zerosLike(bnvar);
      for (let j = 0; j < bnvar.size(1); j++) out.set(0, j, 0.5 * bnvar_inv.get(0, j) ** 2 * dbnvar_inv.get(0, j));
      return out;
    },
  },
  {
    step: "dbndiff2",
    what: "operator precedence: dbnvar / n - 1 in place of dbnvar / (n - 1)",
    answer: ({ bndiff2, dbnvar }) => {
      const n = bndiff2.size(0);
      const out = zerosLike(bndiff2);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < bndiff2.size(1); j++) out.set(i, j, dbnvar.get(0, j) / n - 1);
      }
      return out;
    },
  },
  {
    step: "dbndiff2",
    what: "not spread over the batch: dbnvar / (n - 1) keeps dbnvar's shape [1, hidden]",
    answer: ({ bndiff2, dbnvar }) => dbnvar.div(bndiff2.size(0) - 1),
  },
  {
    step: "dbndiff2",
    what: "the count is taken from the wrong dimension: 1/(hidden-1) in place of 1/(n-1)",
    answer: ({ bndiff2, dbnvar }) => dbnvar.mul(1 / (bndiff2.size(1) - 1)).expand(bndiff2.shape),
  },
  {
    step: "dbndiff",
    what: "the 2 of the square multiplies both branches: 2 * (bnvar_inv * dbnraw + bndiff * dbndiff2)",
    answer: ({ bndiff, dbndiff2, bnvar_inv, dbnraw }) => {
      const out = zerosLike(bndiff);
      for (let i = 0; i < bndiff.size(0); i++) {
        for (let j = 0; j < bndiff.size(1); j++) {
          const first = bnvar_inv.get(0, j) * dbnraw.get(i, j);
          const second = bndiff.get(i, j) * dbndiff2.get(i, j);
          out.set(i, j, 2 * (first + second));
        }
      }
      return out;
    },
  },
  {
    step: "dbndiff",
    what: "the two gradients from above are swapped: bnvar_inv * dbndiff2 + 2 * bndiff * dbnraw",
    answer: ({ bndiff, dbndiff2, bnvar_inv, dbnraw }) => bnvar_inv.mul(dbndiff2).add(bndiff.mul(2).mul(dbnraw)),
  },
  {
    step: "dbndiff",
    what: "the square's slope is 2 times the square, bndiff2, in place of 2 * bndiff",
    answer: ({ bndiff2, dbndiff2, bnvar_inv, dbnraw }) => bnvar_inv.mul(dbnraw).add(bndiff2.mul(2).mul(dbndiff2)),
  },
  {
    step: "dbndiff",
    what: "two mistakes: the 2 of the square is left out, and dbnraw comes back without its factor bnvar_inv",
    answer: ({ bndiff, dbndiff2, dbnraw }) => {
      const out = dbnraw.clone();
      for (let i = 0; i < bndiff.size(0); i++) {
        for (let j = 0; j < bndiff.size(1); j++) {
          out.set(i, j, out.get(i, j) + bndiff.get(i, j) * dbndiff2.get(i, j));
        }
      }
      return out;
    },
  },
  {
    step: "dbnmeani",
    what: "the minus reaches the first example only: the sum starts at -dbndiff of row 0 and the other rows are added with a plus",
    answer: ({ bnmeani, dbndiff }) => {
      const out = zerosLike(bnmeani);
      for (let j = 0; j < dbndiff.size(1); j++) {
        let sum = -dbndiff.get(0, j);
        for (let i = 1; i < dbndiff.size(0); i++) sum += dbndiff.get(i, j);
        out.set(0, j, sum);
      }
      return out;
    },
  },
  {
    step: "dbnmeani",
    what: "the forward line is solved for the mean with dbndiff in the place of bndiff: the column means of hprebn - dbndiff",
    answer: ({ hprebn, dbndiff }) => hprebn.sub(dbndiff).mean(0, keepdim),
  },
  {
    step: "dbnmeani",
    what: "the mean of -dbndiff in the place of its sum: 1/n too small, because the tensor is called a mean",
    answer: ({ dbndiff }) => dbndiff.mean(0, keepdim).neg(),
  },
  {
    step: "dhprebn",
    what: "two mistakes: dbnmeani is not divided by n, and it is subtracted where it should be added",
    answer: ({ dbnmeani, dbndiff }) => dbndiff.sub(dbnmeani),
  },
  {
    step: "dhprebn",
    what: "dbnmeani is divided by n - 1 where the mean has 1/n",
    answer: ({ hprebn, dbnmeani, dbndiff }) => {
      const n = hprebn.size(0);
      const out = zerosLike(hprebn);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < hprebn.size(1); j++) out.set(i, j, dbndiff.get(i, j) + dbnmeani.get(0, j) / (n - 1));
      }
      return out;
    },
  },
  {
    step: "dhprebn",
    what: "an example's share in the mean is weighted by its value: the second branch is hprebn * dbnmeani / n",
    answer: ({ hprebn, dbnmeani, dbndiff }) => dbndiff.add(hprebn.mul(dbnmeani).div(hprebn.size(0))),
  },
  {
    step: "dhprebn",
    what: "1/n multiplies both branches: (dbndiff + dbnmeani) / n",
    answer: ({ hprebn, dbnmeani, dbndiff }) => {
      const [n, hidden] = [hprebn.size(0), hprebn.size(1)];
      const out = zerosLike(hprebn);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < hidden; j++) out.set(i, j, (1 / n) * (dbndiff.get(i, j) + dbnmeani.get(0, j)));
      }
      return out;
    },
  },

  // ---- part 1: first layer and embedding

  {
    step: "dembcat",
    what: "the line is undone like an equation: the bias is subtracted from dhprebn before multiplying by W1.T",
    answer: ({ W1, b1, dhprebn }) => dhprebn.sub(b1).matmul(W1.T),
  },
  {
    step: "dembcat",
    what: "on W1's flat elements the index is j * block*embd + k, as if W1 were stored as [hidden, block*embd]: W1 is misread",
    answer: ({ embcat, W1, dhprebn }) => {
      const [width, hidden] = [W1.size(0), W1.size(1)];
      const weights = W1.toArray();
      const out = zerosLike(embcat);
      for (let i = 0; i < embcat.size(0); i++) {
        for (let k = 0; k < width; k++) {
          let sum = 0;
          for (let j = 0; j < hidden; j++) sum += dhprebn.get(i, j) * weights[j * width + k]!;
          out.set(i, k, sum);
        }
      }
      return out;
    },
  },
  {
    step: "dembcat",
    what: "the value hprebn stands for its gradient dhprebn: hprebn @ W1.T",
    answer: ({ W1, hprebn }) => hprebn.matmul(W1.T),
  },
  {
    step: "dW1",
    what: "the sum over the batch begins with example 1: the first example contributes nothing",
    answer: ({ W1, embcat, dhprebn }) => {
      const out = zerosLike(W1);
      for (let i = 1; i < embcat.size(0); i++) {
        for (let k = 0; k < W1.size(0); k++) {
          for (let j = 0; j < W1.size(1); j++) out.set(k, j, out.get(k, j) + embcat.get(i, k) * dhprebn.get(i, j));
        }
      }
      return out;
    },
  },
  {
    step: "dW1",
    what: "both factors are summed over the batch before they are multiplied: an outer product of two sums",
    answer: ({ embcat, dhprebn }) => embcat.sum(0).view(-1, 1).matmul(dhprebn.sum(0, keepdim)),
  },
  {
    step: "dW1",
    what: "the products are placed the other way round: the gradient comes out as [hidden, block*embd], transposed",
    answer: ({ W1, embcat, dhprebn }) => {
      const rows = Array.from({ length: W1.size(1) }, (_, j) =>
        Array.from({ length: W1.size(0) }, (__, k) => {
          let sum = 0;
          for (let i = 0; i < embcat.size(0); i++) sum += dhprebn.get(i, j) * embcat.get(i, k);
          return sum;
        }),
      );
      return tensor(rows);
    },
  },
  {
    step: "db1",
    what: "plain zeros, because batchnorm takes every shift away (true in the network, not for a dhprebn of its own)",
    answer: ({ b1 }) => zerosLike(b1),
  },
  {
    step: "db1",
    what: "a slip of the index: column 0 of dhprebn is summed for every neuron",
    answer: ({ b1, dhprebn }) => {
      const out = zerosLike(b1);
      for (let j = 0; j < b1.size(0); j++) {
        let sum = 0;
        for (let i = 0; i < dhprebn.size(0); i++) sum += dhprebn.get(i, 0);
        out.set(j, sum);
      }
      return out;
    },
  },
  {
    step: "db1",
    what: "summed over the neurons, not over the batch: shape [n] in place of [hidden]",
    answer: ({ dhprebn }) => dhprebn.sum(1),
  },
  {
    step: "demb",
    what: "dembcat is transposed before the view, so the numbers come out in another order",
    answer: ({ emb, dembcat }) => dembcat.T.view(emb.shape),
  },
  {
    step: "demb",
    what: "the place in the row is computed as l * block + k in place of k * embd + l: the two inner axes are exchanged",
    answer: ({ emb, dembcat }) => {
      const [n, block, embd] = [emb.size(0), emb.size(1), emb.size(2)];
      const out = zerosLike(emb);
      for (let i = 0; i < n; i++) {
        for (let k = 0; k < block; k++) {
          for (let l = 0; l < embd; l++) out.set(i, k, l, dembcat.get(i, l * block + k));
        }
      }
      return out;
    },
  },
  {
    step: "demb",
    what: "the offset of k * embd is forgotten: every character of the context gets the first character's gradient",
    answer: ({ emb, dembcat }) => {
      const out = zerosLike(emb);
      for (let i = 0; i < emb.size(0); i++) {
        for (let k = 0; k < emb.size(1); k++) {
          for (let l = 0; l < emb.size(2); l++) out.set(i, k, l, dembcat.get(i, l));
        }
      }
      return out;
    },
  },
  {
    step: "dC",
    what: "the sum is added to C itself, not to zeros: C plus the right gradient",
    answer: ({ C, Xb, demb }) => C.indexAdd(0, Xb, demb),
  },
  {
    step: "dC",
    what: "each row's sum is divided by how often the character stands in the batch: a mean in place of a sum",
    answer: ({ C, Xb, demb }) => {
      const out = zerosLike(C);
      const [n, block, embd] = [demb.size(0), demb.size(1), demb.size(2)];
      const count: number[] = Array.from({ length: C.size(0) }, () => 0);
      for (let i = 0; i < n; i++) {
        for (let k = 0; k < block; k++) {
          const row = Xb.get(i, k);
          count[row]! += 1;
          for (let l = 0; l < embd; l++) out.set(row, l, out.get(row, l) + demb.get(i, k, l));
        }
      }
      for (let row = 0; row < C.size(0); row++) {
        for (let l = 0; l < embd; l++) out.set(row, l, out.get(row, l) / Math.max(1, count[row]!));
      }
      return out;
    },
  },
  {
    step: "dC",
    what: "two mistakes: = for +=, so a character's last place wins, and the last character of each context is left out",
    answer: ({ C, Xb, demb }) => {
      const out = zerosLike(C);
      for (let i = 0; i < Xb.size(0); i++) {
        for (let k = 0; k < Xb.size(1) - 1; k++) {
          for (let l = 0; l < C.size(1); l++) out.set(Xb.get(i, k), l, demb.get(i, k, l));
        }
      }
      return out;
    },
  },
  {
    step: "dC",
    what: "one row for each example: every character of a context adds to the row of the context's first character",
    answer: ({ C, Xb, demb }) => {
      const out = zerosLike(C);
      for (let i = 0; i < demb.size(0); i++) {
        const row = Xb.get(i, 0);
        for (let k = 0; k < demb.size(1); k++) {
          for (let l = 0; l < demb.size(2); l++) out.set(row, l, out.get(row, l) + demb.get(i, k, l));
        }
      }
      return out;
    },
  },

  // ---- part 2

  {
    step: "fused-dlogits",
    what: "only the label's term is divided by n, not the probabilities: softmax - onehot / n",
    answer: ({ logits, Yb }) => logits.softmax(1).sub(oneHot(Yb, logits.size(1)).div(logits.size(0))),
  },
  {
    step: "fused-dlogits",
    what: "the probabilities are not normalised: (exp(logits - max) - onehot) / n, without the division by the row's sum",
    answer: ({ logits, Yb }) => {
      const counts = logits.sub(logits.max(1, keepdim).values).exp();
      return counts.sub(oneHot(Yb, logits.size(1))).div(logits.size(0));
    },
  },
  {
    step: "fused-dlogits",
    what: "only the diagonal of softmax's derivative: (p - 1) / n at the label and 0 everywhere else",
    answer: ({ logits, Yb }) => {
      const n = logits.size(0);
      const probs = logits.softmax(1);
      const out = zerosLike(logits);
      for (let i = 0; i < n; i++) {
        const p = probs.get(i, Yb.get(i));
        const dp = -1 / (n * p);
        out.set(i, Yb.get(i), p * (1 - p) * dp);
      }
      return out;
    },
  },
  {
    step: "fused-dlogits",
    what: "each logit by itself through a sigmoid, as in binary cross-entropy: (sigmoid(logits) - onehot) / n",
    answer: ({ logits, Yb }) => {
      const n = logits.size(0);
      const out = zerosLike(logits);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < logits.size(1); j++) {
          const sigmoid = 1 / (1 + Math.exp(-logits.get(i, j)));
          out.set(i, j, (sigmoid - (Yb.get(i) === j ? 1 : 0)) / n);
        }
      }
      return out;
    },
  },
  {
    step: "fused-dlogits",
    what: "softmax is differentiated once more: the right answer is multiplied by p * (1 - p)",
    answer: ({ logits, Yb }) => {
      const p = logits.softmax(1);
      return p
        .sub(oneHot(Yb, logits.size(1)))
        .mul(p.mul(tensor(1).sub(p)))
        .div(logits.size(0));
    },
  },
  {
    step: "fused-dlogits",
    what: "the denominator of softmax is not set back between rows: row i is divided by the sums of rows 0 to i together",
    answer: ({ logits, Yb }) => {
      const [n, vocab] = [logits.size(0), logits.size(1)];
      const out = zerosLike(logits);
      let sum = 0;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < vocab; j++) sum += Math.exp(logits.get(i, j));
        for (let j = 0; j < vocab; j++) {
          const p = Math.exp(logits.get(i, j)) / sum;
          out.set(i, j, (p - (j === Yb.get(i) ? 1 : 0)) / n);
        }
      }
      return out;
    },
  },
  {
    step: "fused-dlogits",
    what: "two mistakes: the sign is turned round, onehot - p, and the division by n is forgotten",
    answer: ({ logits, Yb }) => {
      const p = logits.softmax(1);
      const out = p.neg();
      for (let i = 0; i < logits.size(0); i++) out.set(i, Yb.get(i), 1 - p.get(i, Yb.get(i)));
      return out;
    },
  },

  // ---- part 3

  {
    step: "fused-dhprebn",
    what: "Bessel's factor is upside down: the variance's term has (n-1)/n in place of n/(n-1)",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const mean = dhpreact.sum(0, keepdim);
      const variance = bnraw.mul(dhpreact.mul(bnraw).sum(0, keepdim)).mul((n - 1) / n);
      return bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(mean).sub(variance));
    },
  },
  {
    step: "fused-dhprebn",
    what: "in the bracket the first term is dhpreact, not n * dhpreact, while both sums stay sums and 1/n stays in front",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const [n, hidden] = [bnraw.size(0), bnraw.size(1)];
      const out = zerosLike(bnraw);
      for (let j = 0; j < hidden; j++) {
        let [sum, dot] = [0, 0];
        for (let i = 0; i < n; i++) {
          sum += dhpreact.get(i, j);
          dot += dhpreact.get(i, j) * bnraw.get(i, j);
        }
        const front = (bngain.get(0, j) * bnvar_inv.get(0, j)) / n;
        for (let i = 0; i < n; i++) {
          out.set(i, j, front * (dhpreact.get(i, j) - sum - (n / (n - 1)) * bnraw.get(i, j) * dot));
        }
      }
      return out;
    },
  },
  {
    step: "fused-dhprebn",
    what: "the variance's term has the wrong sign: it is added in the bracket",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const variance = bnraw.mul(dhpreact.mul(bnraw).sum(0, keepdim)).mul(n / (n - 1));
      return bngain
        .mul(bnvar_inv)
        .div(n)
        .mul(dhpreact.mul(n).sub(dhpreact.sum(0, keepdim)).add(variance));
    },
  },
  {
    step: "fused-dhprebn",
    what: "1/(n-1) stands before the whole bracket, n * g - sum(g) - r * sum(g * r): right for the variance's term only",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const dbngain = bnraw.mul(dhpreact).sum(0, keepdim);
      const dbnbias = dhpreact.sum(0, keepdim);
      return bngain
        .mul(bnvar_inv)
        .div(n - 1)
        .mul(dhpreact.mul(n).sub(dbnbias).sub(bnraw.mul(dbngain)));
    },
  },
  {
    step: "fused-dhprebn",
    what: "the variance's term lacks the factor bnraw of its own row: the same n/(n-1) * sum(g * r) is subtracted in every row",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const out = zerosLike(bnraw);
      for (let j = 0; j < bnraw.size(1); j++) {
        let sum = 0;
        let dot = 0;
        for (let i = 0; i < n; i++) {
          sum += dhpreact.get(i, j);
          dot += dhpreact.get(i, j) * bnraw.get(i, j);
        }
        for (let i = 0; i < n; i++) {
          const bracket = n * dhpreact.get(i, j) - sum - (n / (n - 1)) * dot;
          out.set(i, j, ((bngain.get(0, j) * bnvar_inv.get(0, j)) / n) * bracket);
        }
      }
      return out;
    },
  },
  {
    step: "fused-dhprebn",
    what: "powers of bnvar_inv are left over: the variance's term is multiplied by bnvar_inv ** 2 besides",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const dvariance = dhpreact.mul(bnraw).mul(bnvar_inv.pow(2)).sum(0, keepdim);
      const bracket = dhpreact
        .mul(n)
        .sub(dhpreact.sum(0, keepdim))
        .sub(bnraw.mul(dvariance).mul(n / (n - 1)));
      return bngain.mul(bnvar_inv).div(n).mul(bracket);
    },
  },
  {
    step: "fused-dhprebn",
    what: "the sums are taken while the loop over the batch is still running: row i subtracts the sums of rows 0 to i only",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const out = zerosLike(bnraw);
      for (let j = 0; j < bnraw.size(1); j++) {
        let sum = 0;
        let dot = 0;
        for (let i = 0; i < n; i++) {
          const g = dhpreact.get(i, j);
          const r = bnraw.get(i, j);
          sum += g;
          dot += g * r;
          const bracket = n * g - sum - (n / (n - 1)) * r * dot;
          out.set(i, j, (bngain.get(0, j) * bnvar_inv.get(0, j) * bracket) / n);
        }
      }
      return out;
    },
  },
  {
    step: "fused-dhprebn",
    what: "two mistakes: the gain multiplies only the direct term n * g, not the two sums, and the factor n/(n-1) is missing",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const direct = bngain.mul(dhpreact).mul(n);
      const sums = dhpreact.sum(0, keepdim).add(bnraw.mul(dhpreact.mul(bnraw).sum(0, keepdim)));
      return bnvar_inv.div(n).mul(direct.sub(sums));
    },
  },

  // ---- part 5

  {
    step: "gap",
    what: "the other way round: correct - mistaken",
    answer: ({ bngain, bnbias, bnraw, dhpreact }) => {
      const hpreact = bngain.mul(bnraw).add(bnbias);
      return bnraw.sub(hpreact).mul(dhpreact).sum(0, keepdim);
    },
  },
  {
    step: "gap",
    what: "the gain's term is right, but the bias is added once for each column, not times the sum of dhpreact",
    answer: ({ bngain, bnbias, bnraw, dhpreact }) => {
      const out = zerosLike(bngain);
      for (let j = 0; j < bngain.size(1); j++) {
        let dgain = 0;
        for (let i = 0; i < bnraw.size(0); i++) dgain += bnraw.get(i, j) * dhpreact.get(i, j);
        out.set(0, j, (bngain.get(0, j) - 1) * dgain + bnbias.get(0, j));
      }
      return out;
    },
  },
  {
    step: "gap",
    what: "the sign of one term: (1 - bngain) * dbngain + bnbias * dbnbias",
    answer: ({ bngain, bnbias, bnraw, dhpreact }) =>
      tensor(1)
        .sub(bngain)
        .mul(bnraw.mul(dhpreact).sum(0, keepdim))
        .add(bnbias.mul(dhpreact.sum(0, keepdim))),
  },
  {
    step: "dpredicted",
    what: "predicted and target are limited each by itself and then subtracted: clamp(predicted) - clamp(target)",
    answer: ({ predicted, target }) => predicted.clamp(-1, 1).sub(target.clamp(-1, 1)),
  },
  {
    step: "dpredicted",
    what: "limited on one side only: entries above 1 become 1, but those below -1 stay as they are",
    answer: ({ predicted, target }) => {
      const out = zerosLike(predicted);
      for (let i = 0; i < predicted.size(0); i++) {
        for (let j = 0; j < predicted.size(1); j++) out.set(i, j, Math.min(predicted.get(i, j) - target.get(i, j), 1));
      }
      return out;
    },
  },
  {
    step: "dpredicted",
    what: "the 0.5 is kept after differentiating: 0.5 * (predicted - target), then limited to [-1, 1]",
    answer: ({ predicted, target }) => predicted.sub(target).mul(0.5).clamp(-1, 1),
  },
  {
    step: "forgotten",
    what: "not what is forgotten but the complete dhprebn: dbndiff minus its column means",
    answer: ({ dbndiff }) => dbndiff.sub(dbndiff.mean(0, keepdim)),
  },
  {
    step: "forgotten",
    what: "the sign of the mean's branch is forgotten: the column means of dbndiff with a plus, in every row",
    answer: ({ dbndiff }) => {
      const n = dbndiff.size(0);
      const out = zerosLike(dbndiff);
      for (let j = 0; j < dbndiff.size(1); j++) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += dbndiff.get(i, j);
        for (let i = 0; i < n; i++) out.set(i, j, sum / n);
      }
      return out;
    },
  },
  {
    step: "forgotten",
    what: "two mistakes: the rows are summed, not the columns, and the division by the count is forgotten: minus the row's sum",
    answer: ({ dbndiff }) => dbndiff.sum(1, keepdim).neg().expand(dbndiff.shape),
  },
  {
    step: "uses",
    what: "ones of demb's shape are scattered and each row summed, so every contribution counts embd times",
    answer: ({ C, Xb }) => {
      const ones = onesLike(C.gatherRows(Xb));
      return zerosLike(C).indexAdd(0, Xb, ones).sum(1, keepdim);
    },
  },
  {
    step: "uses",
    what: "whether, not how often: 1 for every character that stands in the batch, 0 for the others",
    answer: ({ C, Xb }) => {
      const out = C.newZeros([C.size(0), 1]);
      for (let i = 0; i < Xb.size(0); i++) {
        for (let k = 0; k < Xb.size(1); k++) out.set(Xb.get(i, k), 0, 1);
      }
      return out;
    },
  },
  {
    step: "uses",
    what: "counts what = loses, not what is collected: one less than the uses wherever a character occurs",
    answer: ({ C, Xb }) => {
      const count = new Map<number, number>();
      for (const row of Xb.toArray()) count.set(row, (count.get(row) ?? 0) + 1);
      const out = C.newZeros([C.size(0), 1]);
      for (const [row, times] of count) out.set(row, 0, times - 1);
      return out;
    },
  },
  {
    step: "spacing",
    what: "Math.trunc for Math.floor: for |x| below 1 (but for powers of two) the exponent is one too large, so the spacing is doubled",
    answer: ({ x }) =>
      tensor(
        Array.from(x.toArray(), (v) => 2 ** (Math.trunc(Math.log2(Math.abs(v))) - 23)),
        x.shape,
      ),
  },
  {
    step: "spacing",
    what: "the natural logarithm in the place of the one to base 2: 2 ** (floor(ln|x|) - 23)",
    answer: ({ x }) => {
      const out = zerosLike(x);
      for (let i = 0; i < x.size(0); i++) {
        for (let j = 0; j < x.size(1); j++) out.set(i, j, 2 ** (Math.floor(Math.log(Math.abs(x.get(i, j)))) - 23));
      }
      return out;
    },
  },
  {
    step: "spacing",
    what: "24 in place of 23: the digit before the point is counted too, so every spacing is half of the right one",
    answer: ({ x }) => {
      const out = zerosLike(x);
      for (let i = 0; i < x.size(0); i++) {
        for (let j = 0; j < x.size(1); j++) {
          const exponent = Math.floor(Math.log2(Math.abs(x.get(i, j))));
          out.set(i, j, Math.pow(2, exponent - 24));
        }
      }
      return out;
    },
  },
  {
    step: "ratio",
    what: "upside down: bnraw by the biased variance over bnraw by the unbiased one, larger than 1",
    answer: ({ hprebn }) => {
      const n = hprebn.size(0);
      const unbiased = hprebn.var(0, keepdim);
      const biased = unbiased.mul((n - 1) / n);
      return unbiased.add(1e-5).div(biased.add(1e-5)).sqrt();
    },
  },
  {
    step: "ratio",
    what: "the root is forgotten: (biased + 1e-5) / (unbiased + 1e-5)",
    answer: ({ hprebn }) => {
      const [n, hidden] = [hprebn.size(0), hprebn.size(1)];
      const out = hprebn.newZeros([1, hidden]);
      for (let j = 0; j < hidden; j++) {
        let mean = 0;
        for (let i = 0; i < n; i++) mean += hprebn.get(i, j) / n;
        let squares = 0;
        for (let i = 0; i < n; i++) squares += (hprebn.get(i, j) - mean) ** 2;
        out.set(0, j, (squares / n + 1e-5) / (squares / (n - 1) + 1e-5));
      }
      return out;
    },
  },
  {
    step: "ratio",
    what: "the biased variance is the mean of the squares of hprebn, without taking the mean off (right only for columns of mean zero)",
    answer: ({ hprebn }) => {
      const biased = hprebn.pow(2).mean(0, keepdim);
      const unbiased = hprebn.var(0, keepdim);
      return biased.add(1e-5).div(unbiased.add(1e-5)).sqrt();
    },
  },
  {
    step: "rescaled",
    what: "divided by the standard deviation of the column of weights itself, not of what it makes of the batch",
    answer: ({ W1 }) => {
      const [rows, columns] = [W1.size(0), W1.size(1)];
      const out = zerosLike(W1);
      for (let j = 0; j < columns; j++) {
        let mean = 0;
        for (let k = 0; k < rows; k++) mean += W1.get(k, j) / rows;
        let squares = 0;
        for (let k = 0; k < rows; k++) squares += (W1.get(k, j) - mean) ** 2;
        const std = Math.sqrt(squares / (rows - 1));
        for (let k = 0; k < rows; k++) out.set(k, j, W1.get(k, j) / std);
      }
      return out;
    },
  },
  {
    step: "rescaled",
    what: "two mistakes: divided by the variance without its root, and the variance is the biased one (1/n)",
    answer: ({ embcat, W1 }) => {
      const n = embcat.size(0);
      const variance = embcat
        .matmul(W1)
        .var(0, keepdim)
        .mul((n - 1) / n);
      return W1.div(variance);
    },
  },
  {
    step: "rescaled",
    what: "the activations are rescaled, not the weights: wide divided by its standard deviations, shape [n, hidden]",
    answer: ({ embcat, W1 }) => {
      const wide = embcat.matmul(W1);
      return wide.div(wide.var(0, keepdim).sqrt());
    },
  },
];
