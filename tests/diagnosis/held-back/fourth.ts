import { keepdim, oneHot, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import type { FunctionStepId, GivenName } from "../../../grader/course/steps.ts";

type Given = Readonly<Record<GivenName<FunctionStepId>, Tensor>>;

/** Wrong answers as learners would write them, each with what is wrong about it. */
export const heldBack: { step: FunctionStepId; what: string; answer: (given: Given) => Tensor }[] = [
  // ---- part 0

  {
    step: "da",
    what: "the gradient is shared out between the two terms: each gets half of dc instead of all of it",
    answer: ({ dc }) => dc.mul(0.5),
  },
  {
    step: "da",
    what: "the loop over the columns begins at 1, so the first column of the answer stays zero",
    answer: ({ a, dc }) => {
      const rows = a.size(0);
      const columns = a.size(1);
      const result = zerosLike(a);
      for (let i = 0; i < rows; i++) {
        for (let j = 1; j < columns; j++) result.set(i, j, dc.get(i, j));
      }
      return result;
    },
  },
  {
    step: "da",
    what: "solves the forward line for a (c - b) instead of differentiating it, so the answer is a itself and dc is unused",
    answer: ({ b, c }) => c.sub(b),
  },
  {
    step: "db",
    what: "the minus is taken as an operation with b: dc - b in place of -dc",
    answer: ({ b, dc }) => dc.sub(b),
  },
  {
    step: "db",
    what: "makes every entry negative, -|dc|, instead of turning the sign; wrong wherever dc is negative",
    answer: ({ b, dc }) => {
      const result = zerosLike(b);
      for (let i = 0; i < b.size(0); i++) {
        for (let j = 0; j < b.size(1); j++) result.set(i, j, -Math.abs(dc.get(i, j)));
      }
      return result;
    },
  },
  {
    step: "db",
    what: "the return stands inside the loop over the rows: only the first row is -dc, all the others are zero",
    answer: ({ dc }) => {
      const result = zerosLike(dc);
      for (let i = 0; i < dc.size(0); i++) {
        for (let j = 0; j < dc.size(1); j++) result.set(i, j, -dc.get(i, j));
        return result;
      }
      return result;
    },
  },
  {
    step: "dy",
    what: "a matrix product x.T @ du in place of the product entry by entry; the answer is [columns, columns]",
    answer: ({ x, du }) => x.T.matmul(du),
  },
  {
    step: "dy",
    what: "the variable that holds the product is added to and never set back, so each entry is a running sum of x * du over all entries so far",
    answer: ({ x, y, du }) => {
      const dy = zerosLike(y);
      let g = 0;
      for (let i = 0; i < y.size(0); i++) {
        for (let j = 0; j < y.size(1); j++) {
          g += x.get(i, j) * du.get(i, j);
          dy.set(i, j, g);
        }
      }
      return dy;
    },
  },
  {
    step: "dy",
    what: "gives the slope alone, u / y = x, without multiplying by what comes from above, du",
    answer: ({ y, u }) => u.div(y),
  },
  {
    step: "dx",
    what: "the gradients of the two uses are multiplied instead of added: (y * du) * dv",
    answer: ({ y, du, dv }) => {
      const dx = onesLike(y);
      for (let i = 0; i < y.size(0); i++) {
        for (let j = 0; j < y.size(1); j++) {
          dx.set(i, j, dx.get(i, j) * y.get(i, j) * du.get(i, j));
          dx.set(i, j, dx.get(i, j) * dv.get(i, j));
        }
      }
      return dx;
    },
  },
  {
    step: "dx",
    what: "the second use is written over the first: what is left is dv, without y * du",
    answer: ({ x, y, du, dv }) => {
      const dx = zerosLike(x);
      for (let i = 0; i < x.size(0); i++) {
        for (let j = 0; j < x.size(1); j++) {
          dx.set(i, j, y.get(i, j) * du.get(i, j));
          dx.set(i, j, dv.get(i, j));
        }
      }
      return dx;
    },
  },
  {
    step: "dx",
    what: "the slope y of the product is applied to the sum's gradient too: y * (du + dv)",
    answer: ({ y, du, dv }) => y.mul(du.add(dv)),
  },
  {
    step: "dx",
    what: "two mistakes: the product's slope is x instead of y, and the use in v is left out: x * du",
    answer: ({ x, du }) => {
      const rows = x.size(0);
      const columns = x.size(1);
      const values: number[] = [];
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) values.push(x.get(i, j) * du.get(i, j));
      }
      return tensor(values, [rows, columns]);
    },
  },
  {
    step: "dcolumn",
    what: "the right sums over the columns, but without keepdim, so the shape is [rows] and not [rows, 1]",
    answer: ({ dgrid }) => dgrid.sum(1),
  },
  {
    step: "dcolumn",
    what: "the loop over the columns runs to row.size(0), which is 1, so only the first column of dgrid is taken and nothing is summed",
    answer: ({ column, row, dgrid }) => {
      const result = zerosLike(column);
      for (let i = 0; i < column.size(0); i++) {
        let s = 0;
        for (let j = 0; j < row.size(0); j++) s += dgrid.get(i, j);
        result.set(i, 0, s);
      }
      return result;
    },
  },
  {
    step: "dcolumn",
    what: "the sum is not set back to zero for the next row, so each entry also holds the sums of all rows above it",
    answer: ({ column, dgrid }) => {
      const result = zerosLike(column);
      let s = 0;
      for (let i = 0; i < dgrid.size(0); i++) {
        for (let j = 0; j < dgrid.size(1); j++) s += dgrid.get(i, j);
        result.set(i, 0, s);
      }
      return result;
    },
  },
  {
    step: "dtable",
    what: "multiplies each entry of dspread by the number of columns instead of summing the row: as if all copies had sent back the same",
    answer: ({ dspread }) => dspread.mul(dspread.size(1)),
  },
  {
    step: "dtable",
    what: "sums dspread down the columns instead of along the rows: every entry is its column's sum",
    answer: ({ dspread }) => {
      const rows = dspread.size(0);
      const columns = dspread.size(1);
      const dtable = zerosLike(dspread);
      for (let j = 0; j < columns; j++) {
        let dtotal = 0;
        for (let i = 0; i < rows; i++) dtotal += dspread.get(i, j);
        for (let i = 0; i < rows; i++) dtable.set(i, j, dtotal);
      }
      return dtable;
    },
  },
  {
    step: "dtable",
    what: "writes the row's sum into dspread itself (a view is no copy) while later sums still read it, so from the second column on the sums hold earlier sums; the given dspread is changed too",
    answer: ({ dspread }) => {
      const dtable = dspread.view(dspread.shape);
      for (let i = 0; i < dtable.size(0); i++) {
        for (let j = 0; j < dtable.size(1); j++) {
          let s = 0;
          for (let k = 0; k < dtable.size(1); k++) s += dspread.get(i, k);
          dtable.set(i, j, s);
        }
      }
      return dtable;
    },
  },
  {
    step: "dtable",
    what: "shares the total's gradient out in proportion to the entries (table / total) instead of giving each entry all of it",
    answer: ({ table, total, dspread }) => table.div(total).mul(dspread.sum(1, keepdim)),
  },
  {
    step: "dleft",
    what: "= in the place of += : each entry holds only the product with the last column, not the sum over the columns",
    answer: ({ left, right, dproduct }) => {
      const dleft = zerosLike(left);
      for (let i = 0; i < left.size(0); i++) {
        for (let k = 0; k < left.size(1); k++) {
          for (let j = 0; j < right.size(1); j++) dleft.set(i, k, dproduct.get(i, j) * right.get(k, j));
        }
      }
      return dleft;
    },
  },
  {
    step: "dleft",
    what: "computes the transpose, right @ dproduct.T [inner, rows], and forces it to [rows, inner] by a view, which leaves the numbers in the wrong places",
    answer: ({ left, right, dproduct }) => right.matmul(dproduct.T).view(left.shape),
  },
  {
    step: "dleft",
    what: "the sum over the columns ends one too early (j < columns - 1), so the last column is left out",
    answer: ({ left, right, dproduct }) => {
      const columns = right.size(1);
      const dleft = zerosLike(left);
      for (let i = 0; i < left.size(0); i++) {
        for (let k = 0; k < left.size(1); k++) {
          let s = 0;
          for (let j = 0; j < columns - 1; j++) s += dproduct.get(i, j) * right.get(k, j);
          dleft.set(i, k, s);
        }
      }
      return dleft;
    },
  },
  {
    step: "dpre",
    what: "misplaced parenthesis: 1 - out² * dout in place of (1 - out²) * dout",
    answer: ({ out, dout }) => tensor(1).sub(out.mul(out).mul(dout)),
  },
  {
    step: "dpre",
    what: "writes ^ for the power, which is XOR in JavaScript: the slope becomes (1 - out) ^ 2, the whole number 2 or 3",
    answer: ({ pre, out, dout }) => {
      const dpre = zerosLike(pre);
      for (let i = 0; i < pre.size(0); i++) {
        for (let j = 0; j < pre.size(1); j++) {
          const t = out.get(i, j);
          // prettier-ignore
          const slope = 1 - t ^ 2;
          dpre.set(i, j, slope * dout.get(i, j));
        }
      }
      return dpre;
    },
  },
  {
    step: "dpre",
    what: "applies tanh once more to the output: the slope is 1 - tanh(out)² instead of 1 - out²",
    answer: ({ out, dout }) => tensor(1).sub(out.tanh().pow(2)).mul(dout),
  },
  {
    step: "dpre",
    what: "two mistakes: the square is taken of the input pre and not of the output, and dout is forgotten: 1 - pre²",
    answer: ({ pre }) => {
      const rows = pre.size(0);
      const columns = pre.size(1);
      const slopes = zerosLike(pre);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) slopes.set(i, j, 1 - pre.get(i, j) * pre.get(i, j));
      }
      return slopes;
    },
  },
  {
    step: "normalize",
    what: "divides by the sums of the columns (dimension 0): the columns sum to 1, not the rows",
    answer: ({ N }) => N.div(N.sum(0, keepdim)),
  },
  {
    step: "normalize",
    what: "adds 1 to every count before normalizing (smoothing, as a bigram model does), which was not asked for",
    answer: ({ N }) => {
      const P = N.add(1);
      return P.div(P.sum(1, keepdim));
    },
  },
  {
    step: "normalize",
    what: "divides in place while the row's sum is computed anew for every entry, so from the second column on the sum holds entries that are divided already",
    answer: ({ N }) => {
      const P = N.clone();
      for (let i = 0; i < P.size(0); i++) {
        for (let j = 0; j < P.size(1); j++) {
          let sum = 0;
          for (let k = 0; k < P.size(1); k++) sum += P.get(i, k);
          P.set(i, j, P.get(i, j) / sum);
        }
      }
      return P;
    },
  },

  // ---- part 1, softmax head

  {
    step: "dlogprobs",
    what: "multiplies by the loss as if it were the gradient from above (which is 1): -loss/n at the labels",
    answer: ({ logprobs, Yb, loss }) => oneHot(Yb, logprobs.size(1)).mul(loss).div(Yb.size(0)).neg(),
  },
  {
    step: "dlogprobs",
    what: "differentiates a logarithm that is not in this line: -1/(n * logprobs) at the labels in place of -1/n",
    answer: ({ logprobs, Yb }) => {
      const n = logprobs.size(0);
      const d = zerosLike(logprobs);
      for (let i = 0; i < n; i++) {
        const y = Yb.get(i);
        d.set(i, y, -1 / (n * logprobs.get(i, y)));
      }
      return d;
    },
  },
  {
    step: "dlogprobs",
    what: "the batch size is hard-coded: -1/32 at the labels, whatever n is",
    answer: ({ logprobs, Yb }) => oneHot(Yb, logprobs.size(1)).mul(-1 / 32),
  },
  {
    step: "dprobs",
    what: "adds 1e-3 to probs 'against division by zero', which makes every entry a little too small",
    answer: ({ probs, dlogprobs }) => {
      const d = zerosLike(probs);
      for (let i = 0; i < probs.size(0); i++) {
        for (let j = 0; j < probs.size(1); j++) d.set(i, j, dlogprobs.get(i, j) / (probs.get(i, j) + 1e-3));
      }
      return d;
    },
  },
  {
    step: "dprobs",
    what: "divides by the output logprobs instead of the input probs",
    answer: ({ probs, logprobs, dlogprobs }) => {
      const n = probs.size(0);
      const vocab = probs.size(1);
      const d = zerosLike(probs);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < vocab; j++) d.set(i, j, dlogprobs.get(i, j) / logprobs.get(i, j));
      }
      return d;
    },
  },
  {
    step: "dprobs",
    what: "takes the derivative of the logarithm to base 10: an extra division by ln 10",
    answer: ({ probs, dlogprobs }) => dlogprobs.div(probs.mul(Math.LN10)),
  },
  {
    step: "dcounts_sum_inv",
    what: "sums both factors by themselves and multiplies the sums, instead of summing the products",
    answer: ({ counts, dprobs }) => dprobs.sum(1, keepdim).mul(counts.sum(1, keepdim)),
  },
  {
    step: "dcounts_sum_inv",
    what: "takes only the first entry of a row that is not zero and then breaks, as if each row of dprobs had only one",
    answer: ({ counts_sum_inv, counts, dprobs }) => {
      const d = zerosLike(counts_sum_inv);
      for (let i = 0; i < counts.size(0); i++) {
        for (let j = 0; j < counts.size(1); j++) {
          if (dprobs.get(i, j) !== 0) {
            d.set(i, 0, counts.get(i, j) * dprobs.get(i, j));
            break;
          }
        }
      }
      return d;
    },
  },
  {
    step: "dcounts_sum_inv",
    what: "two mistakes: the slope is taken as the output probs and not as counts, and the row is averaged instead of summed",
    answer: ({ counts_sum_inv, probs, dprobs }) => {
      const vocab = probs.size(1);
      const d = zerosLike(counts_sum_inv);
      for (let i = 0; i < probs.size(0); i++) {
        for (let j = 0; j < vocab; j++) {
          d.set(i, 0, d.get(i, 0) + (probs.get(i, j) * dprobs.get(i, j)) / vocab);
        }
      }
      return d;
    },
  },
  {
    step: "dcounts_sum",
    what: "the integral in place of the derivative: 1/s is taken to become log(s)",
    answer: ({ counts_sum, dcounts_sum_inv }) => counts_sum.log().mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "the exponent -2 is put on the inverse instead of on counts_sum, so the slope is -counts_sum² and not -1/counts_sum²",
    answer: ({ counts_sum_inv, dcounts_sum_inv }) => counts_sum_inv.pow(-2).neg().mul(dcounts_sum_inv),
  },
  {
    step: "dcounts_sum",
    what: "missing parentheses: -d / s * s divides by s and multiplies by it again, so the answer is -dcounts_sum_inv",
    answer: ({ counts_sum, dcounts_sum_inv }) => {
      const d = zerosLike(counts_sum);
      for (let i = 0; i < counts_sum.size(0); i++) {
        const s = counts_sum.get(i, 0);
        // prettier-ignore
        d.set(i, 0, -dcounts_sum_inv.get(i, 0) / s * s);
      }
      return d;
    },
  },
  {
    step: "dcounts",
    what: "multiplies the sum's branch by counts, though the slope of a sum is 1: dprobs * inv + counts * dcounts_sum",
    answer: ({ counts, dcounts_sum, counts_sum_inv, dprobs }) => {
      const d = zerosLike(counts);
      for (let i = 0; i < counts.size(0); i++) {
        const inv = counts_sum_inv.get(i, 0);
        const ds = dcounts_sum.get(i, 0);
        for (let j = 0; j < counts.size(1); j++) d.set(i, j, dprobs.get(i, j) * inv + counts.get(i, j) * ds);
      }
      return d;
    },
  },
  {
    step: "dcounts",
    what: "shares dcounts_sum out evenly over the row (divides it by vocab) instead of giving it whole to each entry",
    answer: ({ counts, dcounts_sum, counts_sum_inv, dprobs }) => {
      const n = counts.size(0);
      const vocab = counts.size(1);
      const d = zerosLike(counts);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < vocab; j++) {
          d.set(i, j, dprobs.get(i, j) * counts_sum_inv.get(i, 0) + dcounts_sum.get(i, 0) / vocab);
        }
      }
      return d;
    },
  },
  {
    step: "dcounts",
    what: "adds dcounts_sum only to the first column of each row, not to every column",
    answer: ({ counts, dcounts_sum, counts_sum_inv, dprobs }) => {
      const d = zerosLike(counts);
      for (let i = 0; i < counts.size(0); i++) {
        for (let j = 0; j < counts.size(1); j++) d.set(i, j, dprobs.get(i, j) * counts_sum_inv.get(i, 0));
        d.set(i, 0, d.get(i, 0) + dcounts_sum.get(i, 0));
      }
      return d;
    },
  },
  {
    step: "dcounts",
    what: "two mistakes: counts_sum stands where counts_sum_inv belongs, and the branch through counts_sum is left out: dprobs * counts_sum",
    answer: ({ counts_sum, dprobs }) => dprobs.mul(counts_sum),
  },
  {
    step: "dnorm_logits",
    what: "applies the power rule to exp: the slope is written x * exp(x - 1)",
    answer: ({ norm_logits, dcounts }) => {
      const [n, vocab] = [norm_logits.size(0), norm_logits.size(1)];
      const values: number[][] = [];
      for (let i = 0; i < n; i++) {
        values.push([]);
        for (let j = 0; j < vocab; j++) {
          const x = norm_logits.get(i, j);
          values[i]!.push(x * Math.exp(x - 1) * dcounts.get(i, j));
        }
      }
      return tensor(values);
    },
  },
  {
    step: "dnorm_logits",
    what: "divides dcounts by counts (the derivative of log) instead of multiplying by it",
    answer: ({ norm_logits, counts, dcounts }) => {
      const d = zerosLike(norm_logits);
      for (let i = 0; i < counts.size(0); i++) {
        for (let j = 0; j < counts.size(1); j++) d.set(i, j, dcounts.get(i, j) / counts.get(i, j));
      }
      return d;
    },
  },
  {
    step: "dnorm_logits",
    what: "runs the forward operation on the gradient: exp(dcounts)",
    answer: ({ dcounts }) => dcounts.exp(),
  },
  {
    step: "dlogit_maxes",
    what: "takes only the entry where the row's largest logit stands, with its sign turned, instead of the sum of the whole row",
    answer: ({ logit_maxes, logits, dnorm_logits }) => {
      const d = zerosLike(logit_maxes);
      for (let i = 0; i < logits.size(0); i++) {
        for (let j = 0; j < logits.size(1); j++) {
          if (logits.get(i, j) === logit_maxes.get(i, 0)) d.set(i, 0, -dnorm_logits.get(i, j));
        }
      }
      return d;
    },
  },
  {
    step: "dlogit_maxes",
    what: "sums over everything (sum without a dimension): each row gets minus the sum of the whole of dnorm_logits",
    answer: ({ logit_maxes, dnorm_logits }) => onesLike(logit_maxes).mul(dnorm_logits.sum()).neg(),
  },
  {
    step: "dlogit_maxes",
    what: "turns the sign inside the running sum, s = -(s + d), so that the terms are added with alternating signs",
    answer: ({ logit_maxes, dnorm_logits }) => {
      const d = zerosLike(logit_maxes);
      for (let i = 0; i < dnorm_logits.size(0); i++) {
        let s = 0;
        for (let j = 0; j < dnorm_logits.size(1); j++) s = -(s + dnorm_logits.get(i, j));
        d.set(i, 0, s);
      }
      return d;
    },
  },
  {
    step: "dlogits",
    what: "the largest value found so far and its place are not set back for each row, so later rows send dlogit_maxes to the winner of an earlier row unless they hold a larger logit",
    answer: ({ logits, dlogit_maxes, dnorm_logits }) => {
      const d = dnorm_logits.clone();
      let best = -Infinity;
      let winner = 0;
      for (let i = 0; i < logits.size(0); i++) {
        for (let j = 0; j < logits.size(1); j++) {
          if (logits.get(i, j) > best) {
            best = logits.get(i, j);
            winner = j;
          }
        }
        d.set(i, winner, d.get(i, winner) + dlogit_maxes.get(i, 0));
      }
      return d;
    },
  },
  {
    step: "dlogits",
    what: "looks for the winner down each column (max over dimension 0) instead of along each row",
    answer: ({ logits, dlogit_maxes, dnorm_logits }) => {
      const winners = oneHot(logits.max(0).indices, logits.size(0)).T;
      return winners.mul(dlogit_maxes).add(dnorm_logits);
    },
  },
  {
    step: "dlogits",
    what: "two mistakes: the max branch goes to the label Yb instead of to the largest logit, and it is subtracted instead of added",
    answer: ({ dlogit_maxes, dnorm_logits, Yb }) => {
      const d = dnorm_logits.clone();
      for (let i = 0; i < Yb.size(0); i++) {
        const y = Yb.get(i);
        d.set(i, y, d.get(i, y) - dlogit_maxes.get(i, 0));
      }
      return d;
    },
  },
  {
    step: "dlogits",
    what: "writes dlogit_maxes over dnorm_logits at the winner's place (=) instead of adding it there (+=)",
    answer: ({ logits, dlogit_maxes, dnorm_logits }) => {
      const d = dnorm_logits.clone();
      const winners = logits.max(1).indices;
      for (let i = 0; i < logits.size(0); i++) d.set(i, winners.get(i), dlogit_maxes.get(i, 0));
      return d;
    },
  },

  // ---- part 1, linear layer and tanh

  {
    step: "dh",
    what: "undoes the forward pass step by step: subtracts b2 from dlogits before multiplying by W2.T",
    answer: ({ W2, b2, dlogits }) => dlogits.sub(b2).matmul(W2.T),
  },
  {
    step: "dh",
    what: "the sum over the columns of the logits is divided by vocab: a mean in place of a sum",
    answer: ({ h, W2, dlogits }) => {
      const vocab = W2.size(1);
      const dh = zerosLike(h);
      for (let i = 0; i < h.size(0); i++) {
        for (let k = 0; k < h.size(1); k++) {
          let s = 0;
          for (let j = 0; j < vocab; j++) s += dlogits.get(i, j) * W2.get(k, j);
          dh.set(i, k, s / vocab);
        }
      }
      return dh;
    },
  },
  {
    step: "dh",
    what: "goes one step too far: multiplies by the slope of tanh, 1 - h², which belongs to dhpreact",
    answer: ({ h, W2, dlogits }) => tensor(1).sub(h.mul(h)).mul(dlogits.matmul(W2.T)),
  },
  {
    step: "dW2",
    what: "divides by a hard-coded batch size of 32; the 1/n is in dlogits already",
    answer: ({ h, dlogits }) => h.T.matmul(dlogits).div(32),
  },
  {
    step: "dW2",
    what: "the sums begin with a copy of W2 instead of zeros, so the answer is the gradient plus W2",
    answer: ({ W2, h, dlogits }) => {
      const dW2 = W2.clone();
      for (let i = 0; i < h.size(0); i++) {
        for (let k = 0; k < W2.size(0); k++) {
          for (let j = 0; j < W2.size(1); j++) {
            dW2.set(k, j, dW2.get(k, j) + h.get(i, k) * dlogits.get(i, j));
          }
        }
      }
      return dW2;
    },
  },
  {
    step: "dW2",
    what: "the factors stand in the wrong order: dlogits.T @ h is the transpose, [vocab, hidden]",
    answer: ({ h, dlogits }) => dlogits.T.matmul(h),
  },
  {
    step: "db2",
    what: "gives the slope alone: ones, without what comes from above",
    answer: ({ b2 }) => onesLike(b2),
  },
  {
    step: "db2",
    what: "multiplies each term by the bias itself, as if b2 were a factor: b2 * sum of dlogits",
    answer: ({ b2, dlogits }) => {
      const db2 = zerosLike(b2);
      for (let j = 0; j < b2.size(0); j++) {
        for (let i = 0; i < dlogits.size(0); i++) db2.set(j, db2.get(j) + b2.get(j) * dlogits.get(i, j));
      }
      return db2;
    },
  },
  {
    step: "db2",
    what: "two mistakes: a mean over the batch in place of a sum, and the dimension is kept, so the shape is [1, vocab]",
    answer: ({ dlogits }) => dlogits.mean(0, keepdim),
  },
  {
    step: "dhpreact",
    what: "the square is taken of the whole difference: (1 - h)² in place of 1 - h²",
    answer: ({ h, dh }) => tensor(1).sub(h).pow(2).mul(dh),
  },
  {
    step: "dhpreact",
    what: "uses the slope of the sigmoid, h * (1 - h), in place of that of tanh",
    answer: ({ h, dh }) => {
      const d = zerosLike(h);
      for (let i = 0; i < h.size(0); i++) {
        for (let j = 0; j < h.size(1); j++) {
          const t = h.get(i, j);
          d.set(i, j, t * (1 - t) * dh.get(i, j));
        }
      }
      return d;
    },
  },
  {
    step: "dhpreact",
    what: "h and dh are exchanged: (1 - dh²) * h",
    answer: ({ hpreact, h, dh }) => {
      const n = hpreact.size(0);
      const hidden = hpreact.size(1);
      const d = zerosLike(hpreact);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < hidden; j++) d.set(i, j, (1 - dh.get(i, j) ** 2) * h.get(i, j));
      }
      return d;
    },
  },
  {
    step: "dhpreact",
    what: "clips what comes from above to [-1, 1] (gradient clipping), which the forward line does not ask for",
    answer: ({ h, dh }) => tensor(1).sub(h.pow(2)).mul(dh.clamp(-1, 1)),
  },

  // ---- part 1, batchnorm

  {
    step: "dbngain",
    what: "sums along the rows, over the neurons, instead of down the batch; the shape is [n, 1]",
    answer: ({ bnraw, dhpreact }) => dhpreact.mul(bnraw).sum(1, keepdim),
  },
  {
    step: "dbngain",
    what: "takes hpreact - bnbias for the slope, which is bngain * bnraw, so the answer is too large by the factor bngain",
    answer: ({ bnbias, hpreact, dhpreact }) => hpreact.sub(bnbias).mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "dbngain",
    what: "the sum begins with the first row's bnraw alone, without dhpreact, and the loop then goes on from row 1",
    answer: ({ bngain, bnraw, dhpreact }) => {
      const d = zerosLike(bngain);
      for (let j = 0; j < bnraw.size(1); j++) {
        let s = bnraw.get(0, j);
        for (let i = 1; i < bnraw.size(0); i++) s += bnraw.get(i, j) * dhpreact.get(i, j);
        d.set(0, j, s);
      }
      return d;
    },
  },
  {
    step: "dbnbias",
    what: "the right sums over the batch, but without keepdim: shape [hidden] in place of [1, hidden]",
    answer: ({ dhpreact }) => dhpreact.sum(0),
  },
  {
    step: "dbnbias",
    what: "copied from step 13 with the factor left in: this is dbngain, the sum of bnraw * dhpreact",
    answer: ({ bnraw, dhpreact }) => dhpreact.mul(bnraw).sum(0, keepdim),
  },
  {
    step: "dbnbias",
    what: "divides the sum over the batch by n: a mean in place of a sum",
    answer: ({ bnbias, dhpreact }) => {
      const n = dhpreact.size(0);
      const d = zerosLike(bnbias);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < dhpreact.size(1); j++) d.set(0, j, d.get(0, j) + dhpreact.get(i, j) / n);
      }
      return d;
    },
  },
  {
    step: "dbnraw",
    what: "sums over the batch as in the steps before and then spreads the sums over the rows again: every row holds its column's sum",
    answer: ({ bnraw, bngain, dhpreact }) => dhpreact.mul(bngain).sum(0, keepdim).expand(bnraw.shape),
  },
  {
    step: "dbnraw",
    what: "sends the gradient through the forward line: bngain * dhpreact + bnbias, though the bias has no part in the slope",
    answer: ({ bngain, bnbias, dhpreact }) => bngain.mul(dhpreact).add(bnbias),
  },
  {
    step: "dbnraw",
    what: "reads bngain.get(0, 0) for every column: all neurons get the gain of the first one",
    answer: ({ bnraw, bngain, dhpreact }) => {
      const d = zerosLike(bnraw);
      for (let i = 0; i < bnraw.size(0); i++) {
        for (let j = 0; j < bnraw.size(1); j++) d.set(i, j, bngain.get(0, 0) * dhpreact.get(i, j));
      }
      return d;
    },
  },
  {
    step: "dbnvar_inv",
    what: "does the next step at once: multiplies by -0.5 * bnvar_inv³, which leads on to dbnvar",
    answer: ({ bnvar_inv, bndiff, dbnraw }) => bndiff.mul(dbnraw).sum(0, keepdim).mul(bnvar_inv.pow(3)).mul(-0.5),
  },
  {
    step: "dbnvar_inv",
    what: "the sum begins at 1 instead of 0, so every entry is too large by 1",
    answer: ({ bndiff, dbnraw }) => {
      const sums: number[] = [];
      for (let j = 0; j < bndiff.size(1); j++) {
        let s = 1;
        for (let i = 0; i < bndiff.size(0); i++) s += bndiff.get(i, j) * dbnraw.get(i, j);
        sums.push(s);
      }
      return tensor(sums, [1, sums.length]);
    },
  },
  {
    step: "dbnvar_inv",
    what: "a matrix product dbnraw.T @ bndiff [hidden, hidden], summed over dimension 0 to get the shape: each neuron's bndiff meets the gradients of all neurons",
    answer: ({ bndiff, dbnraw }) => dbnraw.T.matmul(bndiff).sum(0, keepdim),
  },
  {
    step: "dbnvar",
    what: "adds 1 to the exponent instead of subtracting it: -0.5 * (bnvar + 1e-5)^0.5",
    answer: ({ bnvar, dbnvar_inv }) => {
      const d = zerosLike(bnvar);
      for (let j = 0; j < bnvar.size(1); j++) {
        d.set(0, j, -0.5 * Math.pow(bnvar.get(0, j) + 1e-5, -0.5 + 1) * dbnvar_inv.get(0, j));
      }
      return d;
    },
  },
  {
    step: "dbnvar",
    what: "takes the formula of step 4 (the derivative of 1/s) over: -bnvar_inv² * dbnvar_inv",
    answer: ({ bnvar_inv, dbnvar_inv }) => bnvar_inv.pow(2).neg().mul(dbnvar_inv),
  },
  {
    step: "dbnvar",
    what: "missing parentheses: ** -3 / 2 takes the power -3 and halves the result, in place of the power -1.5",
    answer: ({ bnvar, dbnvar_inv }) => {
      const d = zerosLike(bnvar);
      for (let j = 0; j < bnvar.size(1); j++) {
        const v = bnvar.get(0, j);
        // prettier-ignore
        d.set(0, j, -0.5 * (v + 1e-5) ** -3 / 2 * dbnvar_inv.get(0, j));
      }
      return d;
    },
  },
  {
    step: "dbnvar",
    what: "two mistakes: the minus is lost, and the exponent is not lowered: 0.5 * bnvar_inv * dbnvar_inv",
    answer: ({ bnvar_inv, dbnvar_inv }) => bnvar_inv.mul(0.5).mul(dbnvar_inv),
  },
  {
    step: "dbndiff2",
    what: "the factor is made of the wrong size: 1/(hidden-1) in place of 1/(n-1)",
    answer: ({ bndiff2, dbnvar }) => {
      const d = onesLike(bndiff2);
      const factor = 1 / (bndiff2.size(1) - 1);
      for (let i = 0; i < d.size(0); i++) {
        for (let j = 0; j < d.size(1); j++) d.set(i, j, factor * dbnvar.get(0, j));
      }
      return d;
    },
  },
  {
    step: "dbndiff2",
    what: "multiplies by bndiff2 itself, though the slope of a sum is the factor alone",
    answer: ({ bndiff2, dbnvar }) => {
      const n = bndiff2.size(0);
      const d = zerosLike(bndiff2);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < bndiff2.size(1); j++) d.set(i, j, (bndiff2.get(i, j) * dbnvar.get(0, j)) / (n - 1));
      }
      return d;
    },
  },
  {
    step: "dbndiff2",
    what: "the right numbers for one row, but not copied down the batch: shape [1, hidden] in place of [n, hidden]",
    answer: ({ bndiff2, dbnvar }) => dbnvar.mul(1 / (bndiff2.size(0) - 1)),
  },
  {
    step: "dbndiff",
    what: "the slope of the square is taken with bndiff2 in place of bndiff: 2 * bndiff2 * dbndiff2",
    answer: ({ bndiff2, dbndiff2, bnvar_inv, dbnraw }) => dbnraw.mul(bnvar_inv).add(bndiff2.mul(2).mul(dbndiff2)),
  },
  {
    step: "dbndiff",
    what: "takes the mean of the two branches (their sum divided by 2) instead of their sum",
    answer: ({ bndiff, dbndiff2, bnvar_inv, dbnraw }) => dbnraw.mul(bnvar_inv).add(bndiff.mul(2).mul(dbndiff2)).div(2),
  },
  {
    step: "dbndiff",
    what: "the chain multiplies the whole sum: (dbnraw * bnvar_inv + dbndiff2) * 2 * bndiff, so the slope of the square is applied to both branches",
    answer: ({ bndiff, dbndiff2, bnvar_inv, dbnraw }) => dbnraw.mul(bnvar_inv).add(dbndiff2).mul(bndiff).mul(2),
  },
  {
    step: "dbndiff",
    what: "two mistakes: the slope of the square is 2 without bndiff, and bnvar_inv is missing in the other branch: dbnraw + 2 * dbndiff2",
    answer: ({ bndiff, dbndiff2, dbnraw }) => {
      const n = bndiff.size(0);
      const hidden = bndiff.size(1);
      const d = zerosLike(bndiff);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < hidden; j++) d.set(i, j, dbnraw.get(i, j) + 2 * dbndiff2.get(i, j));
      }
      return d;
    },
  },
  {
    step: "dbnmeani",
    what: "begins with a copy of bnmeani instead of zeros and subtracts dbndiff from it: the answer is bnmeani minus the sum",
    answer: ({ bnmeani, dbndiff }) => {
      const d = bnmeani.clone();
      for (let i = 0; i < dbndiff.size(0); i++) {
        for (let j = 0; j < dbndiff.size(1); j++) d.set(0, j, d.get(0, j) - dbndiff.get(i, j));
      }
      return d;
    },
  },
  {
    step: "dbnmeani",
    what: "step 7 copied without exchanging rows and columns: minus the sums of the rows, shape [n, 1]",
    answer: ({ dbndiff }) => dbndiff.neg().sum(1, keepdim),
  },
  {
    step: "dbnmeani",
    what: "two mistakes: the minus is forgotten, and the mean of the batch is taken instead of the sum",
    answer: ({ dbndiff }) => dbndiff.mean(0, keepdim),
  },
  {
    step: "dhprebn",
    what: "the 1/n of the mean is forgotten: dbnmeani is added whole to every row",
    answer: ({ dbnmeani, dbndiff }) => {
      const d = dbndiff.clone();
      for (let i = 0; i < d.size(0); i++) {
        for (let j = 0; j < d.size(1); j++) d.set(i, j, d.get(i, j) + dbnmeani.get(0, j));
      }
      return d;
    },
  },
  {
    step: "dhprebn",
    what: "the branch through the mean is subtracted, though the minus is in dbnmeani already: dbndiff - dbnmeani/n",
    answer: ({ hprebn, dbnmeani, dbndiff }) => dbndiff.sub(dbnmeani.div(hprebn.size(0))),
  },
  {
    step: "dhprebn",
    what: "the whole sum is divided by n, not only the branch through the mean: (dbndiff + dbnmeani)/n",
    answer: ({ hprebn, dbnmeani, dbndiff }) => {
      const n = hprebn.size(0);
      const d = zerosLike(hprebn);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < hprebn.size(1); j++) d.set(i, j, (dbndiff.get(i, j) + dbnmeani.get(0, j)) / n);
      }
      return d;
    },
  },

  // ---- part 1, first layer and embedding

  {
    step: "dembcat",
    what: "reads W1's flat numbers at j*K + k, as if they lay column by column, in place of k*hidden + j: right sums over wrong weights",
    answer: ({ embcat, W1, dhprebn }) => {
      const K = W1.size(0);
      const hidden = W1.size(1);
      const weights = W1.toArray();
      const d = zerosLike(embcat);
      for (let i = 0; i < embcat.size(0); i++) {
        for (let k = 0; k < K; k++) {
          let s = 0;
          for (let j = 0; j < hidden; j++) s += dhprebn.get(i, j) * weights[j * K + k]!;
          d.set(i, k, s);
        }
      }
      return d;
    },
  },
  {
    step: "dembcat",
    what: "sums dhprebn and W1 over the neurons each by itself and multiplies the sums, instead of a matrix product",
    answer: ({ W1, dhprebn }) => dhprebn.sum(1, keepdim).mul(W1.sum(1).view(1, -1)),
  },
  {
    step: "dembcat",
    what: "a wrong line copied: the output hprebn is multiplied by W1.T and not its gradient dhprebn",
    answer: ({ embcat, W1, hprebn }) => {
      const d = zerosLike(embcat);
      for (let i = 0; i < hprebn.size(0); i++) {
        for (let j = 0; j < hprebn.size(1); j++) {
          for (let k = 0; k < W1.size(0); k++) {
            d.set(i, k, d.get(i, k) + hprebn.get(i, j) * W1.get(k, j));
          }
        }
      }
      return d;
    },
  },
  {
    step: "dW1",
    what: "returns the updated weights, W1 - 0.1 * gradient, and not the gradient",
    answer: ({ W1, embcat, dhprebn }) => W1.sub(embcat.T.matmul(dhprebn).mul(0.1)),
  },
  {
    step: "dW1",
    what: "the loop over the examples ends one too early (i < n - 1), so the last example is left out of every sum",
    answer: ({ W1, embcat, dhprebn }) => {
      const n = embcat.size(0);
      const dW1 = zerosLike(W1);
      for (let k = 0; k < W1.size(0); k++) {
        for (let j = 0; j < W1.size(1); j++) {
          let s = 0;
          for (let i = 0; i < n - 1; i++) s += embcat.get(i, k) * dhprebn.get(i, j);
          dW1.set(k, j, s);
        }
      }
      return dW1;
    },
  },
  {
    step: "dW1",
    what: "averages embcat and dhprebn over the batch first and takes the outer product of the two means, instead of summing the examples' outer products",
    answer: ({ embcat, dhprebn }) => embcat.mean(0, keepdim).T.matmul(dhprebn.mean(0, keepdim)),
  },
  {
    step: "db1",
    what: "gives zeros, because the batchnorm that follows makes this gradient zero in the whole network",
    answer: ({ b1 }) => zerosLike(b1),
  },
  {
    step: "db1",
    what: "the sum is not set back to zero for the next neuron, so entry j is the sum of columns 0 to j",
    answer: ({ b1, dhprebn }) => {
      const db1 = zerosLike(b1);
      let s = 0;
      for (let j = 0; j < b1.size(0); j++) {
        for (let i = 0; i < dhprebn.size(0); i++) s += dhprebn.get(i, j);
        db1.set(j, s);
      }
      return db1;
    },
  },
  {
    step: "db1",
    what: "takes the first row of dhprebn only, as if one example stood for the batch; nothing is summed",
    answer: ({ b1, dhprebn }) => {
      const db1 = zerosLike(b1);
      for (let j = 0; j < b1.size(0); j++) db1.set(j, dhprebn.get(0, j));
      return db1;
    },
  },
  {
    step: "demb",
    what: "the address is l*block + k in place of k*embd + l: characters and numbers of a character are interleaved the wrong way",
    answer: ({ emb, dembcat }) => {
      const block = emb.size(1);
      const embd = emb.size(2);
      const demb = zerosLike(emb);
      for (let i = 0; i < emb.size(0); i++) {
        for (let k = 0; k < block; k++) {
          for (let l = 0; l < embd; l++) demb.set(i, k, l, dembcat.get(i, l * block + k));
        }
      }
      return demb;
    },
  },
  {
    step: "demb",
    what: "transposes dembcat before the view: the shape is right, the numbers of different examples are mixed up",
    answer: ({ emb, dembcat }) => dembcat.T.view(emb.shape),
  },
  {
    step: "demb",
    what: "block and embd are exchanged in the view: shape [n, embd, block]",
    answer: ({ emb, dembcat }) => dembcat.view(emb.size(0), emb.size(2), emb.size(1)),
  },
  {
    step: "demb",
    what: "the position p is set back to 0 for each character, so all characters of an example get the numbers of its first one",
    answer: ({ emb, dembcat }) => {
      const demb = zerosLike(emb);
      for (let i = 0; i < emb.size(0); i++) {
        for (let k = 0; k < emb.size(1); k++) {
          let p = 0;
          for (let l = 0; l < emb.size(2); l++) {
            demb.set(i, k, l, dembcat.get(i, p));
            p++;
          }
        }
      }
      return demb;
    },
  },
  {
    step: "dC",
    what: "divides each row by how often its character stands in the batch: the mean of the contributions instead of their sum",
    answer: ({ C, Xb, demb }) => {
      const sums = zerosLike(C).indexAdd(0, Xb, demb);
      const times = oneHot(Xb.view(-1), C.size(0)).sum(0).view(-1, 1);
      return sums.div(times.clamp(1, Infinity));
    },
  },
  {
    step: "dC",
    what: "starts from C instead of zeros: the gradient is added to the table itself",
    answer: ({ C, Xb, demb }) => C.indexAdd(0, Xb, demb),
  },
  {
    step: "dC",
    what: "skips a character that was seen before, against overwriting: each row holds only its first contribution",
    answer: ({ C, Xb, demb }) => {
      const dC = zerosLike(C);
      const seen = new Set<number>();
      for (let i = 0; i < Xb.size(0); i++) {
        for (let k = 0; k < Xb.size(1); k++) {
          const ix = Xb.get(i, k);
          if (seen.has(ix)) continue;
          seen.add(ix);
          for (let l = 0; l < C.size(1); l++) dC.set(ix, l, demb.get(i, k, l));
        }
      }
      return dC;
    },
  },
  {
    step: "dC",
    what: "two mistakes: = in the place of +=, and only the first character of each context (k = 0) is gone through",
    answer: ({ C, Xb, demb }) => {
      const dC = zerosLike(C);
      for (let i = 0; i < Xb.size(0); i++) {
        const ix = Xb.get(i, 0);
        for (let l = 0; l < C.size(1); l++) dC.set(ix, l, demb.get(i, 0, l));
      }
      return dC;
    },
  },
  {
    step: "dC",
    what: "adds up the forward rows emb instead of their gradients demb: each row is C's row times its number of uses",
    answer: ({ C, Xb, emb }) => {
      const dC = zerosLike(C);
      for (let i = 0; i < Xb.size(0); i++) {
        for (let k = 0; k < Xb.size(1); k++) {
          const ix = Xb.get(i, k);
          for (let l = 0; l < C.size(1); l++) dC.set(ix, l, dC.get(ix, l) + emb.get(i, k, l));
        }
      }
      return dC;
    },
  },

  // ---- part 2

  {
    step: "fused-dlogits",
    what: "the division by n stands on the one-hot only: softmax - oneHot/n in place of (softmax - oneHot)/n",
    answer: ({ logits, Yb }) => logits.softmax(1).sub(oneHot(Yb, logits.size(1)).div(logits.size(0))),
  },
  {
    step: "fused-dlogits",
    what: "the exponentials are not divided by their row's sum: (exp(logits - max) - oneHot)/n",
    answer: ({ logits, Yb }) => {
      const n = logits.size(0);
      const d = logits.sub(logits.max(1, keepdim).values).exp();
      for (let i = 0; i < n; i++) d.set(i, Yb.get(i), d.get(i, Yb.get(i)) - 1);
      return d.div(n);
    },
  },
  {
    step: "fused-dlogits",
    what: "keeps only the label's column, (p - 1)/n there, and gives zero to all other characters",
    answer: ({ logits, Yb }) => {
      const p = logits.softmax(1);
      return oneHot(Yb, logits.size(1)).mul(p.sub(1)).div(logits.size(0));
    },
  },
  {
    step: "fused-dlogits",
    what: "takes the log probabilities where the probabilities belong: (log softmax - oneHot)/n",
    answer: ({ logits, Yb }) => {
      const n = logits.size(0);
      const vocab = logits.size(1);
      const d = zerosLike(logits);
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < vocab; j++) sum += Math.exp(logits.get(i, j));
        for (let j = 0; j < vocab; j++) {
          const logp = logits.get(i, j) - Math.log(sum);
          d.set(i, j, (logp - (j === Yb.get(i) ? 1 : 0)) / n);
        }
      }
      return d;
    },
  },
  {
    step: "fused-dlogits",
    what: "two mistakes: the sign is turned round (oneHot - softmax), and the mean's 1/n is forgotten",
    answer: ({ logits, Yb }) => oneHot(Yb, logits.size(1)).sub(logits.softmax(1)),
  },

  // ---- part 3

  {
    step: "fused-dhprebn",
    what: "the factor n is missing on dhpreact inside the bracket: gain * inv / n * (g - sum g - n/(n-1) * r * sum(g*r))",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = dhpreact.size(0);
      const sumG = dhpreact.sum(0, keepdim);
      const sumGR = dhpreact.mul(bnraw).sum(0, keepdim);
      return bngain
        .mul(bnvar_inv)
        .div(n)
        .mul(dhpreact.sub(sumG).sub(bnraw.mul(sumGR).mul(n / (n - 1))));
    },
  },
  {
    step: "fused-dhprebn",
    what: "the variance's term has lost the bnraw outside its sum: n/(n-1) * sum(g*r) is subtracted from every row alike",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = dhpreact.size(0);
      const bracket = dhpreact
        .mul(n)
        .sub(dhpreact.sum(0, keepdim))
        .sub(
          dhpreact
            .mul(bnraw)
            .sum(0, keepdim)
            .mul(n / (n - 1)),
        );
      return bngain.mul(bnvar_inv).div(n).mul(bracket);
    },
  },
  {
    step: "fused-dhprebn",
    what: "the variance's term is added instead of subtracted",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const d = zerosLike(bnraw);
      for (let j = 0; j < bnraw.size(1); j++) {
        let sumG = 0;
        let sumGR = 0;
        for (let i = 0; i < n; i++) {
          sumG += dhpreact.get(i, j);
          sumGR += dhpreact.get(i, j) * bnraw.get(i, j);
        }
        const factor = (bngain.get(0, j) * bnvar_inv.get(0, j)) / n;
        for (let i = 0; i < n; i++) {
          d.set(i, j, factor * (n * dhpreact.get(i, j) - sumG + (n / (n - 1)) * bnraw.get(i, j) * sumGR));
        }
      }
      return d;
    },
  },
  {
    step: "fused-dhprebn",
    what: "Bessel's factor is upside down on the variance's term: (n-1)/n in place of n/(n-1)",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const d = zerosLike(bnraw);
      for (let j = 0; j < bnraw.size(1); j++) {
        let sumG = 0;
        let sumGR = 0;
        for (let i = 0; i < n; i++) {
          sumG += dhpreact.get(i, j);
          sumGR += dhpreact.get(i, j) * bnraw.get(i, j);
        }
        for (let i = 0; i < n; i++) {
          const bracket = n * dhpreact.get(i, j) - sumG - ((n - 1) / n) * bnraw.get(i, j) * sumGR;
          d.set(i, j, ((bngain.get(0, j) * bnvar_inv.get(0, j)) / n) * bracket);
        }
      }
      return d;
    },
  },
  {
    step: "fused-dhprebn",
    what: "bngain * bnvar_inv multiplies only the first term: the mean's and the variance's terms stand outside the bracket without it",
    answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
      const n = dhpreact.size(0);
      return bngain
        .mul(bnvar_inv)
        .mul(dhpreact)
        .sub(dhpreact.mean(0, keepdim))
        .sub(bnraw.mul(dhpreact.mul(bnraw).sum(0, keepdim)).div(n - 1));
    },
  },
  {
    step: "fused-dhprebn",
    what: "two mistakes: the gain is left out, and the factor n/(n-1) stands on the mean's term as well as on the variance's",
    answer: ({ bnvar_inv, bnraw, dhpreact }) => {
      const n = dhpreact.size(0);
      const mean = dhpreact.sum(0, keepdim);
      const variance = bnraw.mul(dhpreact.mul(bnraw).sum(0, keepdim));
      return bnvar_inv.div(n).mul(dhpreact.mul(n).sub(mean.add(variance).mul(n / (n - 1))));
    },
  },

  // ---- part 5

  {
    step: "gap",
    what: "the bias's term is bnbias * n in place of bnbias times the sum of dhpreact",
    answer: ({ bngain, bnbias, bnraw, dhpreact }) => {
      const n = bnraw.size(0);
      const result = zerosLike(bngain);
      for (let j = 0; j < bnraw.size(1); j++) {
        let dgain = 0;
        for (let i = 0; i < n; i++) dgain += bnraw.get(i, j) * dhpreact.get(i, j);
        result.set(0, j, (bngain.get(0, j) - 1) * dgain + bnbias.get(0, j) * n);
      }
      return result;
    },
  },
  {
    step: "gap",
    what: "gives mistaken alone and does not subtract correct: sum of hpreact * dhpreact",
    answer: ({ bngain, bnbias, bnraw, dhpreact }) => bngain.mul(bnraw).add(bnbias).mul(dhpreact).sum(0, keepdim),
  },
  {
    step: "gap",
    what: "takes the gap as a distance without a sign: |mistaken - correct|",
    answer: ({ bngain, bnbias, bnraw, dhpreact }) => {
      const result = zerosLike(bngain);
      for (let j = 0; j < bnraw.size(1); j++) {
        let mistaken = 0;
        let correct = 0;
        for (let i = 0; i < bnraw.size(0); i++) {
          mistaken += (bngain.get(0, j) * bnraw.get(i, j) + bnbias.get(0, j)) * dhpreact.get(i, j);
          correct += bnraw.get(i, j) * dhpreact.get(i, j);
        }
        result.set(0, j, Math.abs(mistaken - correct));
      }
      return result;
    },
  },
  {
    step: "dpredicted",
    what: "the 0.5 of the loss is kept and the 2 of the square forgotten: half the error is limited to [-1, 1]",
    answer: ({ predicted, target }) => predicted.sub(target).mul(0.5).clamp(-1, 1),
  },
  {
    step: "dpredicted",
    what: "clamps predicted and target each to [-1, 1] and then subtracts, instead of limiting the difference",
    answer: ({ predicted, target }) => predicted.clamp(-1, 1).sub(target.clamp(-1, 1)),
  },
  {
    step: "dpredicted",
    what: "Math.max and Math.min are exchanged, Math.max(1, Math.min(-1, e)), which is 1 for every entry",
    answer: ({ predicted, target }) => {
      const d = zerosLike(predicted);
      for (let i = 0; i < d.size(0); i++) {
        for (let j = 0; j < d.size(1); j++) {
          const e = predicted.get(i, j) - target.get(i, j);
          d.set(i, j, Math.max(1, Math.min(-1, e)));
        }
      }
      return d;
    },
  },
  {
    step: "forgotten",
    what: "gives the whole of dhprebn, dbndiff minus its column means, and not only the part that was forgotten",
    answer: ({ dbndiff }) => dbndiff.sub(dbndiff.mean(0, keepdim)),
  },
  {
    step: "forgotten",
    what: "divides by n - 1, as for the variance, in place of n",
    answer: ({ dbndiff }) => {
      const n = dbndiff.size(0);
      const result = zerosLike(dbndiff);
      for (let j = 0; j < dbndiff.size(1); j++) {
        let dmean = 0;
        for (let i = 0; i < n; i++) dmean -= dbndiff.get(i, j);
        for (let i = 0; i < n; i++) result.set(i, j, dmean / (n - 1));
      }
      return result;
    },
  },
  {
    step: "forgotten",
    what: "two mistakes: the minus of dmean and the 1/n are both left out, so every row holds plus the column's sum",
    answer: ({ dbndiff }) => dbndiff.sum(0, keepdim).expand(dbndiff.shape),
  },
  {
    step: "uses",
    what: "counts the contributions that are lost by =, one less than there are (and 0 where there is none)",
    answer: ({ C, Xb }) => {
      const counts: number[] = Array.from({ length: C.size(0) }, () => 0);
      for (const ix of Xb.toArray()) counts[ix]! += 1;
      return tensor(
        counts.map((count) => Math.max(count - 1, 0)),
        [counts.length, 1],
      );
    },
  },
  {
    step: "uses",
    what: "counts each of the embd numbers of a row by itself, so every count is too large by the factor embd",
    answer: ({ C, Xb }) => {
      const vocab = C.size(0);
      const counts: number[] = Array.from({ length: vocab }, () => 0);
      for (let i = 0; i < Xb.size(0); i++) {
        for (let k = 0; k < Xb.size(1); k++) {
          for (let l = 0; l < C.size(1); l++) counts[Xb.get(i, k)]! += 1;
        }
      }
      return tensor(counts, [vocab, 1]);
    },
  },
  {
    step: "uses",
    what: "27 characters are hard-coded: the counts are right, but the shape is [27, 1] whatever vocab is (and it throws where an index is above 26)",
    answer: ({ Xb }) => oneHot(Xb.view(-1), 27).sum(0).view(-1, 1),
  },
  {
    step: "spacing",
    what: "cuts the exponent off towards zero (Math.trunc) instead of rounding down, so the spacing is twice too large where |x| is below 1, except at powers of two",
    answer: ({ x }) => {
      const result = zerosLike(x);
      for (let i = 0; i < x.size(0); i++) {
        for (let j = 0; j < x.size(1); j++) {
          result.set(i, j, 2 ** (Math.trunc(Math.log2(Math.abs(x.get(i, j)))) - 23));
        }
      }
      return result;
    },
  },
  {
    step: "spacing",
    what: "takes the natural logarithm, Math.log, in place of log2 for the exponent",
    answer: ({ x }) =>
      tensor(
        Array.from(x.toArray(), (v) => 2 ** (Math.floor(Math.log(Math.abs(v))) - 23)),
        x.shape,
      ),
  },
  {
    step: "spacing",
    what: "two mistakes: JavaScript's Number.EPSILON is that of float64 (2^-52), and it is multiplied by |x| itself, not by the power of two below it",
    answer: ({ x }) =>
      tensor(
        Array.from(x.toArray(), (v) => Number.EPSILON * Math.abs(v)),
        x.shape,
      ),
  },
  {
    step: "spacing",
    what: "forgets the absolute value: the logarithm of a negative x is NaN, and so is the answer there",
    answer: ({ x }) => {
      const result = zerosLike(x);
      for (let i = 0; i < x.size(0); i++) {
        for (let j = 0; j < x.size(1); j++) result.set(i, j, Math.pow(2, Math.floor(Math.log2(x.get(i, j))) - 23));
      }
      return result;
    },
  },
  {
    step: "ratio",
    what: "two mistakes: the quotient is turned over, and the square root is forgotten: (unbiased + eps)/(biased + eps)",
    answer: ({ hprebn }) => {
      const n = hprebn.size(0);
      const unbiased = hprebn.var(0, keepdim);
      const biased = unbiased.mul((n - 1) / n);
      return unbiased.add(1e-5).div(biased.add(1e-5));
    },
  },
  {
    step: "ratio",
    what: "the square root is taken twice: the quotient of the two roots goes through another root, which makes it a fourth root",
    answer: ({ hprebn }) => {
      const n = hprebn.size(0);
      const hidden = hprebn.size(1);
      const ratios: number[] = [];
      for (let j = 0; j < hidden; j++) {
        let mean = 0;
        for (let i = 0; i < n; i++) mean += hprebn.get(i, j) / n;
        let squares = 0;
        for (let i = 0; i < n; i++) squares += (hprebn.get(i, j) - mean) ** 2;
        const withUnbiased = (squares / (n - 1) + 1e-5) ** -0.5;
        const withBiased = (squares / n + 1e-5) ** -0.5;
        ratios.push(Math.sqrt(withUnbiased / withBiased));
      }
      return tensor(ratios, [1, hidden]);
    },
  },
  {
    step: "ratio",
    what: "takes the difference of the two factors, (unbiased + eps)^-0.5 - (biased + eps)^-0.5, in place of their quotient",
    answer: ({ hprebn }) => {
      const n = hprebn.size(0);
      const unbiased = hprebn.var(0, keepdim);
      const biased = unbiased.mul(n - 1).div(n);
      return unbiased.add(1e-5).pow(-0.5).sub(biased.add(1e-5).pow(-0.5));
    },
  },
  {
    step: "rescaled",
    what: "divides by the standard deviation of the weights' own columns, not by that of the columns of wide",
    answer: ({ W1 }) => W1.div(W1.var(0, keepdim).sqrt()),
  },
  {
    step: "rescaled",
    what: "the mean is not subtracted: divides by the root of sum(wide²)/(n-1), not by the standard deviation",
    answer: ({ embcat, W1 }) => {
      const wide = embcat.matmul(W1);
      const n = wide.size(0);
      const result = W1.clone();
      for (let j = 0; j < W1.size(1); j++) {
        let squares = 0;
        for (let i = 0; i < n; i++) squares += wide.get(i, j) ** 2;
        const s = Math.sqrt(squares / (n - 1));
        for (let k = 0; k < W1.size(0); k++) result.set(k, j, W1.get(k, j) / s);
      }
      return result;
    },
  },
  {
    step: "rescaled",
    what: "uses a remembered rule for initial weights, W1 * (5/3)/sqrt(fan-in), which does not look at the batch at all",
    answer: ({ W1 }) => W1.mul(5 / 3 / Math.sqrt(W1.size(0))),
  },
  {
    step: "rescaled",
    what: "returns the rescaled sums, wide divided by its standard deviation [n, hidden], and not the rescaled weights",
    answer: ({ embcat, W1 }) => {
      const wide = embcat.matmul(W1);
      return wide.div(wide.var(0, keepdim).sqrt());
    },
  },
];
