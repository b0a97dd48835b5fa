import { keepdim, zerosLike, type Tensor } from "#tensor";
import { added, build, delta, each, eye, reader, sum, throughColumns } from "../elements.ts";
import { makemore } from "../makemore/network.ts";
import { spanRoom } from "../rooms.ts";

export const dhprebn = spanRoom(makemore, {
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
  lecture: [5795],

  idea: "Shifting a column of the input changes nothing after batchnorm, and stretching it about its mean almost nothing, so the gradient has no part in the first direction and almost none in the second. Batchnorm takes two degrees of freedom from a column, and the gradient loses the same two.",

  questions: [
    {
      id: "entries",
      ask: "Which entries of dhpreact [n, hidden] does one entry of dhprebn [n, hidden] depend on?",
      answer: "the entries of one column (n of them)",
      others: [
        "only the entry at the same position",
        "the entries of one row (hidden of them)",
        "all entries (n * hidden of them)",
      ],
      why: "Mean and variance are taken over the batch, neuron by neuron: an entry of hprebn affects its whole column.",
    },
    {
      id: "sums",
      ask: "What does each column of dhprebn sum to, up to rounding?",
      answer: "0",
      others: ["the sum of the column of dhpreact", "that sum times bngain", "1"],
      why: "Adding one number to a whole column of hprebn changes nothing after batchnorm, because the mean is subtracted.",
    },
  ],

  hints: {
    ask:
      "bngain and bnvar_inv have one row; the other two tensors and the answer have n. Which sums over the batch " +
      "reduce [n, hidden] to [1, hidden] along the way?",
    rule:
      "An entry of hprebn reaches the loss through three branches: directly, through the mean, and through the " +
      "variance. The gradient has a term for each, and the last two contain a sum over the whole batch. Two tests: " +
      "each column of the answer sums to zero, and so does each column times bnraw, if the variance is far above " +
      "1e-5. Try both on the single column below, which shows the correct answer.",
    numbers: { bngain: [[2]], bnvar_inv: [[0.5]], bnraw: [[-1], [0], [1]], dhpreact: [[3], [0], [0]] },
    show: ["bngain", "bnvar_inv", "dhpreact"],
    worked: "{bnraw 0 0} * {dhprebn 0 0} + {bnraw 1 0} * {dhprebn 1 0} + {bnraw 2 0} * {dhprebn 2 0} = 0",
    piece:
      "A common factor, and a bracket with three terms. The factor consists of the gain, the inverse root of the " +
      "variance and 1/n. The bracket contains n times the upstream gradient; minus its sum over the batch (the " +
      "mean's term); minus bnraw, scaled by one number per neuron (the variance's term). That number is also a sum " +
      "over the batch, the gradient of bngain in part 1, and it is multiplied by what remains if the variance " +
      "divides by n - 1 and the bracket by n.",
  },

  mistakes: [
    {
      id: "biased",
      idea: "the formula for the biased variance is used",
      sentence:
        "the variance's term lacks the factor n/(n-1): this is the formula for a variance divided by n, which some notes print",
      look:
        "The lesson's section \"n against n-1\": 1/n is outside the bracket, and the variance's term came with " +
        "1/(n-1). Which factor makes up for that?",
      answer: (given) => combined(given, 1, 1, 1),
    },
    {
      id: "mean-term-missing",
      idea: "the mean is treated as a constant",
      sentence:
        "the mean's term is missing, or adds up to zero: every example moves the mean, and the mean moves every example",
      look: "Sum a column of your answer: it should be zero, and without this term it is not.",
      answer: (given) => combined(given, 0, bessel(given.bnraw), 1),
    },
    {
      id: "variance-term-missing",
      idea: "the variance is treated as a constant",
      sentence:
        "the variance's term is missing, or adds up to zero: every example moves the variance, and the variance scales every example",
      look: "Multiply your answer by bnraw and sum a column: the sum should be nearly zero.",
      answer: (given) => combined(given, 1, 0, 1),
    },
    {
      id: "both-terms-missing",
      idea: "mean and variance are treated as constants",
      sentence: "the mean's and the variance's terms are missing, or add up to zero: only the direct term is there",
      look: "Sum a column of your answer, then a column of your answer times bnraw. Both sums should be nearly zero.",
      answer: (given) => combined(given, 0, 0, 1),
    },
    {
      id: "bngain-missing",
      idea: "the gain is forgotten",
      sentence: "the gain is missing: it scales the upstream gradient before anything else",
      look: "hpreact is the gain times bnraw, plus the bias: how much of the upstream gradient does bnraw get?",
      answer: (given) => combined(given, 1, bessel(given.bnraw), 1).div(given.bngain),
    },
    {
      id: "bnvar_inv-missing",
      idea: "the scale is forgotten",
      sentence: "the inverse root of the variance is missing as a factor",
      look: "bnraw is bndiff times a scale: how much of bnraw's gradient does bndiff get?",
      answer: (given) => combined(given, 1, bessel(given.bnraw), 1).div(given.bnvar_inv),
    },
    {
      id: "bessel-on-mean",
      idea: "the factor is on the mean's term as well",
      sentence: "the factor n/(n-1) is on the mean's term as well: only the variance divides by n - 1",
      look: "Which of the two forward lines, mean and variance, divides by n - 1? Only one term has the factor.",
      answer: (given) => combined(given, bessel(given.bnraw), bessel(given.bnraw), 1),
    },
    {
      id: "bessel-inverted",
      idea: "the factor is inverted",
      sentence: "the factor on the variance's term is (n-1)/n: it should be the inverse",
      look: "What times 1/n gives 1/(n-1)? In a batch of two that number is 2, not 1/2.",
      answer: (given) => combined(given, 1, 1 / bessel(given.bnraw), 1),
    },
    {
      id: "variance-sign",
      idea: "the variance's term is added",
      sentence: "the variance's term is added: it should be subtracted, like the mean's",
      look: "Multiply your answer by bnraw and sum a column. With the right sign the sum is nearly zero.",
      answer: (given) => combined(given, 1, -bessel(given.bnraw), 1),
    },
    {
      id: "mean-sign",
      idea: "the mean's term is added",
      sentence: "the mean's term is added: it should be subtracted, like the variance's",
      look: "Sum a column of your answer. With the right sign the sum is zero.",
      answer: (given) => combined(given, -1, bessel(given.bnraw), 1),
    },
    {
      id: "n-missing",
      idea: "the first term is not multiplied by n",
      sentence: "the first term is not multiplied by n, although everything is divided by n afterwards",
      look: "Write the direct term alone on paper, without the bracket: does it contain 1/n?",
      answer: (given) => combined(given, 1, bessel(given.bnraw), 1 / given.bnraw.size(0)),
    },
    {
      id: "not-divided",
      idea: "the division by n is forgotten",
      sentence: "every value is n times too large: what is outside the bracket should be divided by n",
      look: "Write the direct term alone on paper: n inside the bracket and 1/n outside it cancel.",
      answer: (given) => combined(given, 1, bessel(given.bnraw), 1).mul(given.bnraw.size(0)),
    },
    {
      id: "squares-for-n-1",
      idea: "the sum of the squares of bnraw is taken for n - 1",
      sentence:
        "in the variance's term, the sum of the squares of bnraw is used as n - 1: with epsilon it is smaller, and clearly so where the variance is small",
      look: "bnraw is divided by the root of the variance plus epsilon. Is its own variance exactly 1?",
      answer: (given) => epsilonElsewhere(given, (scale) => scale),
    },
    {
      id: "epsilon-forgotten",
      idea: "the variance is computed again, without epsilon",
      sentence:
        "epsilon is missing from the power -1.5 in the variance's term: bnvar_inv contains it, the variance of hprebn does not",
      look: "Part 1, dbnvar: what is inside the bracket of that power? A power of bnvar_inv gives the same, epsilon included.",
      answer: (given) => epsilonElsewhere(given, (scale) => scale.pow(1.5)),
    },
    {
      id: "epsilon-twice",
      idea: "bnvar_inv is taken for the inverse root of the variance alone",
      sentence:
        "epsilon is added twice in the variance's term: bnvar_inv to the power -2 is the variance with epsilon already",
      look: "Read the line of bnvar_inv backwards: what do you get from bnvar_inv to the power -2, bnvar or the whole bracket?",
      answer: (given) => {
        const variance = given.bnvar_inv.pow(-2);
        return weighted(given, variance.div(variance.add(EPSILON)).pow(1.5));
      },
    },
    {
      id: "epsilon-twice-everywhere",
      idea: "bnvar_inv is computed again from a variance that contains epsilon",
      sentence:
        "epsilon is added twice wherever the inverse root is: bnvar_inv to the power -2 is the variance with epsilon already",
      look: "You are given the inverse root of the variance plus epsilon. Does it need to be computed again?",
      answer: (given) => {
        const variance = given.bnvar_inv.pow(-2);
        const more = variance.add(EPSILON);
        return weighted({ ...given, bnvar_inv: more.pow(-0.5) }, variance.div(more));
      },
    },
    {
      id: "bnraw-left-out-of-sum",
      idea: "the sum of the upstream gradients is used for the variance as well",
      sentence:
        "in the variance's term, dhpreact is summed alone: each entry should be multiplied by its entry of bnraw first",
      look: "The number that scales bnraw is the gradient of bngain in part 1. What is multiplied there before the sum?",
      answer: ({ bngain, bnvar_inv, bnraw, dhpreact }) => {
        const n = bnraw.size(0);
        const sum = dhpreact.sum(0, keepdim);
        const term = bnraw.mul(n / (n - 1)).mul(sum);
        return bngain.mul(bnvar_inv).div(n).mul(dhpreact.mul(n).sub(sum).sub(term));
      },
    },
    {
      id: "sign",
      idea: "a minus sign slips in",
      sentence: "the sign is flipped",
      look:
        "Follow the direct branch through the forward lines: hprebn minus its mean, times bnvar_inv, times bngain. " +
        "hprebn has no minus sign there, so n times the upstream gradient has none in the bracket, and the two sums " +
        "are subtracted from it.",
      answer: (given) => combined(given, 1, bessel(given.bnraw), 1).neg(),
    },
    {
      id: "sums-across",
      idea: "the sums run across the neurons",
      sentence: "the sums run across the neurons: mean and variance are taken down the batch",
      look: "The mean and the variance are taken down the batch, over dimension 0. So are the sums of the backward pass.",
      answer: (given) => combined(given, 1, bessel(given.bnraw), 1, 1),
    },
  ],

  alsoRight: [
    {
      code: "const n = bnraw.size(0);\nconst mean = dhpreact.mean(0, keepdim);\nconst along = dhpreact.mul(bnraw).sum(0, keepdim).div(n - 1);\nreturn dhpreact.sub(mean).sub(bnraw.mul(along)).mul(bngain).mul(bnvar_inv);",
      why: "The two directions that the gradient loses are taken away one after the other: the mean, and the part along bnraw. No n is factored out, so it is easy to read.",
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
    // with the projection matrix I - 11'/n, which subtracts the mean of each column
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
    // neuron by neuron: without the part along bnraw, then without the mean
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

/** What the forward line adds to the variance. */
const EPSILON = 1e-5;

type FusedGiven = Record<"bngain" | "bnvar_inv" | "bnraw" | "dhpreact", Tensor>;

/** The correct answer, with a weight for each neuron's variance term, shape [1, hidden]. */
function weighted({ bngain, bnvar_inv, bnraw, dhpreact }: FusedGiven, weight: Tensor): Tensor {
  const term = bnraw.mul(dhpreact.mul(bnraw).sum(0, keepdim)).div(bnraw.size(0) - 1);
  return bngain.mul(bnvar_inv).mul(dhpreact.sub(dhpreact.mean(0, keepdim)).sub(term.mul(weight)));
}

/** The same, weighted by a function of the variance with epsilon over the variance without. */
function epsilonElsewhere(given: FusedGiven, weight: (quotient: Tensor) => Tensor): Tensor {
  const { bnraw } = given;
  const squares = bnraw.mul(bnraw).sum(0, keepdim);
  return weighted(given, weight(squares.pow(-1).mul(bnraw.size(0) - 1)));
}

/**
 * The closed form with a weight for each of its terms: gain * inverse root / n * (direct * n * g - mean * sum(g) -
 * variance * raw * sum(g * raw)), the sums over `dim`.
 */
function combined(
  { bngain, bnvar_inv, bnraw, dhpreact }: FusedGiven,
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
