import { keepdim, type Tensor } from "#tensor";
import { build, sum } from "../../elements.ts";
import { spanRoom } from "../../rooms.ts";
import { layernorm } from "./network.ts";

/** The closed form, with each of its three terms times a number of its own. */
function combined(
  { lngain, lnvar_inv, lnraw, dout }: Readonly<Record<"lngain" | "lnvar_inv" | "lnraw" | "dout", Tensor>>,
  { direct = 1, mean = 1, variance = 1 }: { direct?: number; mean?: number; variance?: number },
): Tensor {
  const d = lngain.mul(dout);
  const along = lnraw.mul(d.mul(lnraw).mean(1, keepdim));
  return lnvar_inv.mul(d.mul(direct).sub(d.mean(1, keepdim).mul(mean)).sub(along.mul(variance)));
}

export const fusedDx = spanRoom(layernorm, {
  id: "layernorm-fused-dx",
  tensor: "x",
  from: "lnmean",
  to: "out",
  given: ["lngain", "lnvar_inv", "lnraw", "dout"],
  terms: { direct: "the direct term", through: { lnmean: "the mean's term", lnvar: "the variance's term" }, idle: [] },
  recover: ({ lnraw, lnvar_inv }) => {
    const lndiff = lnraw!.div(lnvar_inv!).given();
    const lnvar = lnvar_inv!.pow(-2).sub(1e-5).given();
    return { lndiff, lnvar, x: lndiff, lnbias: lndiff.newZeros([lndiff.shape[1]!]) };
  },
  title: "layer norm, fused",
  idea: "Layer norm takes from the gradient what it took from the values: the mean of each row, and its part along the normalized row.",
  hints: {
    piece:
      "A common factor, and three terms: the gradient behind the gain; minus its mean over the features; minus the " +
      "normalized row times one number per row, which is a mean over the features, too. The gain differs from feature to " +
      "feature, so it cannot be taken out of a mean.",
  },

  mistakes: [
    {
      id: "gain-outside",
      idea: "the gain is taken out of the means, as in batchnorm",
      sentence:
        "the gain is multiplied in at the end, as in batch normalization: here it differs along the row, so it belongs inside the means",
      look: "Over which dimension are the means taken, and is the gain the same all along it?",
      answer: ({ lngain, lnvar_inv, lnraw, dout }) =>
        lngain.mul(lnvar_inv).mul(dout.sub(dout.mean(1, keepdim)).sub(lnraw.mul(dout.mul(lnraw).mean(1, keepdim)))),
    },
    {
      id: "gain-missing",
      idea: "the gain is forgotten",
      sentence: "the gain is missing: it scales the upstream gradient before anything else",
      look: "out is the gain times lnraw, plus the bias: how much of the upstream gradient does lnraw get?",
      answer: ({ lnvar_inv, lnraw, dout }) =>
        lnvar_inv.mul(dout.sub(dout.mean(1, keepdim)).sub(lnraw.mul(dout.mul(lnraw).mean(1, keepdim)))),
    },
    {
      id: "mean-term-missing",
      idea: "the mean is treated as a constant",
      sentence: "the mean's term is missing: every feature moves the mean, and the mean moves every feature",
      look: "Sum a row of your answer: it should be zero, and without this term it is not.",
      answer: (given) => combined(given, { mean: 0 }),
    },
    {
      id: "variance-term-missing",
      idea: "the variance is treated as a constant",
      sentence:
        "the variance's term is missing: every feature moves the variance, and the variance scales every feature",
      look: "Multiply your answer by lnraw and sum a row: the sum should be nearly zero.",
      answer: (given) => combined(given, { variance: 0 }),
    },
    {
      id: "both-terms-missing",
      idea: "mean and variance are treated as constants",
      sentence: "the mean's and the variance's terms are missing: only the direct term is there",
      look: "Sum a row of your answer, then a row of your answer times lnraw. Both sums should be nearly zero.",
      answer: (given) => combined(given, { mean: 0, variance: 0 }),
    },
    {
      id: "bessel",
      idea: "the formula for the unbiased variance is used",
      sentence:
        "the variance's term has the factor n/(n-1) of an unbiased variance, with n for the features: layer norm takes the biased one",
      look: "Is there a minus 1 in the line of lnvar?",
      answer: (given) => combined(given, { variance: given.lnraw.size(1) / (given.lnraw.size(1) - 1) }),
    },
    {
      id: "down",
      idea: "the means run down the batch",
      sentence: "the means run down the batch, as in batch normalization: layer norm treats each example by itself",
      look: "Along which dimension do the forward lines take their means?",
      answer: ({ lngain, lnvar_inv, lnraw, dout }) => {
        const d = lngain.mul(dout);
        return lnvar_inv.mul(d.sub(d.mean(0, keepdim)).sub(lnraw.mul(d.mul(lnraw).mean(0, keepdim))));
      },
    },
    {
      id: "scale-missing",
      idea: "the scale is forgotten",
      sentence: "the inverse root of the variance is missing as a factor",
      look: "lnraw is lndiff times a scale: how much of lnraw's gradient does lndiff get?",
      answer: (given) => combined(given, {}).div(given.lnvar_inv),
    },
    {
      id: "variance-term-added",
      idea: "a sign is lost",
      sentence: "the variance's term is added: its sign is that of the mean's term",
      look: "Multiply your answer by lnraw and sum a row: the sum should be nearly zero.",
      answer: (given) => combined(given, { variance: -1 }),
    },
    {
      id: "sign",
      idea: "everything is negated",
      sentence: "the sign is flipped",
      look: "Where the gain is positive, the direct term has the sign of the upstream gradient. Has yours?",
      answer: (given) => combined(given, {}).neg(),
    },
  ],

  alsoRight: [
    {
      code: `const features = dout.size(1);
const draw = lngain.mul(dout);
const sums = draw.sum(1, keepdim).add(lnraw.mul(draw.mul(lnraw).sum(1, keepdim)));
return lnvar_inv.div(features).mul(draw.mul(features).sub(sums));`,
      why: "Part 3's bracket, turned by a quarter: features times the gradient, minus two sums along the row.",
    },
  ],

  forms: [
    (given) => combined(given, {}),
    ({ lngain, lnvar_inv, lnraw, dout }) => {
      const features = lnraw.size(1);
      const d = lngain.mul(dout);
      return lnvar_inv.div(features).mul(
        d
          .mul(features)
          .sub(d.sum(1, keepdim))
          .sub(lnraw.mul(d.mul(lnraw).sum(1, keepdim))),
      );
    },
    ({ lngain, lnvar_inv, lnraw, dout }) => {
      const features = lnraw.size(1);
      const [dlnraw, lndiff] = [lngain.mul(dout), lnraw.div(lnvar_inv)];
      const dlnvar = dlnraw.mul(lndiff).sum(1, keepdim).mul(lnvar_inv.pow(3)).mul(-0.5);
      const dlndiff = dlnraw.mul(lnvar_inv).add(lndiff.mul(dlnvar).mul(2 / features));
      return dlndiff.sub(dlndiff.mean(1, keepdim));
    },
    ({ lngain, lnvar_inv, lnraw, dout }) => {
      const d = lngain.mul(lnvar_inv).mul(dout);
      return d.sub(d.mean(1, keepdim)).sub(lnraw.mul(d.mul(lnraw).mean(1, keepdim)));
    },
    ({ lngain, lnvar_inv, lnraw, dout }) => {
      const features = lnraw.size(1);
      const d = (i: number, k: number): number => lngain.get(k) * dout.get(i, k);
      return build([...lnraw.shape], (i, j) => {
        const mean = sum(features, (k) => d(i, k)) / features;
        const along = sum(features, (k) => d(i, k) * lnraw.get(i, k)) / features;
        return lnvar_inv.get(i, 0) * (d(i, j) - mean - lnraw.get(i, j) * along);
      });
    },
  ],
});
