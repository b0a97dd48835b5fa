import { keepdim, zerosLike, type Tensor } from "#tensor";
import { added, build, delta, each, eye, reader, sum, throughColumns } from "../elements.ts";
import { spanRoom } from "../rooms.ts";

export const dhprebn = spanRoom({
  id: "fused-dhprebn",
  tensor: "hprebn",
  from: "bnmeani",
  to: "hpreact",
  given: ["bngain", "bnvar_inv", "bnraw", "dhpreact"],
  terms: { direct: "the direct term", through: { bnmeani: "the mean's term", bnvar: "the variance's term" }, idle: [] },
  recover: ({ bnraw, bnvar_inv }) => {
    const bndiff = bnraw!.div(bnvar_inv!).given();
    const bnvar = bnvar_inv!.pow(-2).sub(1e-5).given();
    return { bndiff, bnvar, hprebn: bndiff, bnbias: bndiff.newZeros(bnvar_inv!.shape) };
  },

  hints: {
    ask:
      "bngain and bnvar_inv have one row, the other two and the answer have n. Which sums over the batch bring [n, " +
      "hidden] down to [1, hidden] on the way?",
    rule:
      "One number of hprebn reaches the loss in three ways: directly, through the mean, and through the variance. The " +
      "gradient has a term for each, and the last two hold a sum over the whole batch. Two tests: each column of the " +
      "answer sums to zero, and so does each column times bnraw, where the variance is far above 1e-5. Try both on the " +
      "single column below, whose answer is right.",
    numbers: { bngain: [[2]], bnvar_inv: [[0.5]], bnraw: [[-1], [0], [1]], dhpreact: [[3], [0], [0]] },
    show: ["bngain", "bnvar_inv", "dhpreact"],
    worked: "{bnraw 0 0} * {dhprebn 0 0} + {bnraw 1 0} * {dhprebn 1 0} + {bnraw 2 0} * {dhprebn 2 0} = 0",
    piece:
      "A common factor, and a bracket with three terms. The factor is made of the gain, the inverse root of the variance " +
      "and 1/n. In the bracket stand: n times what comes from above; less its sum over the batch (the mean's term); less " +
      "bnraw, scaled by one number a neuron (the variance's term). That number is a sum over the batch too, the one that " +
      "bngain collects in part 1; and beside it stands what is left over when the variance divides by n - 1 and the " +
      "bracket by n.",
  },

  mistakes: [
    {
      id: "biased",
      idea: "the formula of the biased variance is used",
      sentence:
        "the variance's term lacks the factor n/(n-1): this is the formula for a variance divided by n, which some notes print",
      look:
        "The lesson's section \"n against n-1\": 1/n stands outside the bracket, and the variance's term " +
        "came with 1/(n-1). Which factor makes up for it?",
      answer: (given) => combined(given, 1, 1, 1),
    },
    {
      id: "mean-term-missing",
      idea: "the mean is taken for a constant",
      sentence:
        "the term of the mean is missing, or adds up to zero: every example moves the mean, and the mean moves all",
      look: "Sum a column of your answer. It is to be zero, and without this term it is not.",
      answer: (given) => combined(given, 0, bessel(given.bnraw), 1),
    },
    {
      id: "variance-term-missing",
      idea: "the variance is taken for a constant",
      sentence:
        "the term of the variance is missing, or adds up to zero: every example moves the variance, and the variance scales all",
      look: "Multiply your answer by bnraw and sum a column. It is to be nearly zero.",
      answer: (given) => combined(given, 1, 0, 1),
    },
    {
      id: "both-terms-missing",
      idea: "mean and variance are taken for constants",
      sentence: "the terms of mean and variance are missing, or add up to zero: only the direct way is there",
      look: "Sum a column of your answer, then a column of it times bnraw. Both are to be nearly zero.",
      answer: (given) => combined(given, 0, 0, 1),
    },
    {
      id: "bngain-missing",
      idea: "the gain is forgotten",
      sentence: "the gain is missing: it scales what comes from above before anything else",
      look: "hpreact is the gain times bnraw, plus the bias: what does bnraw get of what comes from above?",
      answer: (given) => combined(given, 1, bessel(given.bnraw), 1).div(given.bngain),
    },
    {
      id: "bnvar_inv-missing",
      idea: "the scale is forgotten",
      sentence: "the inverse root of the variance is missing as a factor",
      look: "bnraw is bndiff times a scale: what does bndiff get of what bnraw gets?",
      answer: (given) => combined(given, 1, bessel(given.bnraw), 1).div(given.bnvar_inv),
    },
    {
      id: "bessel-on-mean",
      idea: "the factor stands on the mean's term too",
      sentence: "the factor n/(n-1) is on the mean's term too: only the variance divides by n - 1",
      look: "Which of the two forward lines, mean and variance, divides by n - 1? One term alone has the factor.",
      answer: (given) => combined(given, bessel(given.bnraw), bessel(given.bnraw), 1),
    },
    {
      id: "bessel-inverted",
      idea: "the factor is inverted",
      sentence: "the factor on the variance's term is (n-1)/n: it belongs there the other way up",
      look: "What times 1/n gives 1/(n-1)? In a batch of two that number is 2, not 1/2.",
      answer: (given) => combined(given, 1, 1 / bessel(given.bnraw), 1),
    },
    {
      id: "variance-sign",
      idea: "the variance's term is added",
      sentence: "the term of the variance is added: it is subtracted, as the mean's is",
      look: "Multiply your answer by bnraw and sum a column. With the right sign it is nearly zero.",
      answer: (given) => combined(given, 1, -bessel(given.bnraw), 1),
    },
    {
      id: "mean-sign",
      idea: "the mean's term is added",
      sentence: "the term of the mean is added: it is subtracted, as the variance's is",
      look: "Sum a column of your answer. With the right sign it is zero.",
      answer: (given) => combined(given, -1, bessel(given.bnraw), 1),
    },
    {
      id: "n-missing",
      idea: "the first term is not multiplied by n",
      sentence: "the first term is not multiplied by n, though all is divided by n afterwards",
      look: "Put the direct way alone on paper, without the bracket: is there a 1/n in it?",
      answer: (given) => combined(given, 1, bessel(given.bnraw), 1 / given.bnraw.size(0)),
    },
    {
      id: "not-divided",
      idea: "the division by n is forgotten",
      sentence: "everything is too large by the number of examples: what stands outside of the bracket is divided by n",
      look: "Put the direct way alone on paper: n inside the bracket and 1/n outside it cancel.",
      answer: (given) => combined(given, 1, bessel(given.bnraw), 1).mul(given.bnraw.size(0)),
    },
    {
      id: "bnraw-left-out-of-sum",
      idea: "the upstream gradients are summed for the variance too",
      sentence:
        "in the term of the variance dhpreact is summed alone: there, each entry is multiplied by its own of bnraw first",
      look: "The number that scales bnraw is the one that bngain collects in part 1. What is multiplied there before the sum?",
      answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
        const n = bnraw.size(0);
        const sum = dhpreact.sum(0, keepdim);
        const term = bnraw.mul(n / (n - 1)).mul(sum);
        return bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(sum).sub(term));
      },
    },
    {
      id: "sign",
      idea: "a sign slips in",
      sentence: "the sign is flipped",
      look:
        "Follow the direct way through the forward lines: hprebn less its mean, times bnvar_inv, times bngain. hprebn " +
        "stands there without a minus, so n times the upstream gradient stands in the bracket without one, and the two " +
        "sums are subtracted from it.",
      answer: (given) => combined(given, 1, bessel(given.bnraw), 1).neg(),
    },
    {
      id: "sums-across",
      idea: "the sums run over the neurons",
      sentence: "the sums run across the neurons: mean and variance are taken down the batch",
      look: "mean and variance are taken down the batch, over dimension 0. So are the sums that come back.",
      answer: (given) => combined(given, 1, bessel(given.bnraw), 1, 1),
    },
  ],

  forms: [
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
});

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
