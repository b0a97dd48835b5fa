import { keepdim, type Tensor } from "#tensor";
import { build, sum } from "../../elements.ts";
import { spanRoom } from "../../rooms.ts";
import { rmsnorm } from "./network.ts";

/** The normalized rows. */
const normalized = ({ x, rms_inv }: Readonly<Record<"x" | "rms_inv", Tensor>>): Tensor => x.mul(rms_inv);

/** The closed form, its second term times a number. */
function combined(given: Readonly<Record<"x" | "rms_inv" | "gain" | "dout", Tensor>>, along = 1): Tensor {
  const raw = normalized(given);
  const d = given.gain.mul(given.dout);
  return given.rms_inv.mul(d.sub(raw.mul(d.mul(raw).mean(1, keepdim)).mul(along)));
}

export const fusedDx = spanRoom(rmsnorm, {
  id: "rmsnorm-fused-dx",
  tensor: "x",
  from: "meansq",
  to: "out",
  given: ["x", "rms_inv", "gain", "dout"],
  terms: { direct: "the direct term", through: { meansq: "the scale's term" }, idle: [] },
  recover: ({ rms_inv }) => ({ meansq: rms_inv!.pow(-2).sub(1e-5).given() }),
  title: "RMS norm, fused",
  idea: "RMS norm takes from the gradient its part along the normalized row, and nothing else: no mean is subtracted.",
  hints: {
    piece:
      "A common factor, and two terms: the gradient behind the gain, minus the normalized row times one number per row, " +
      "which is a mean over the features.",
  },

  mistakes: [
    {
      id: "scale-constant",
      idea: "the scale is treated as a constant",
      sentence: "the scale's term is missing: every feature moves the mean square, which scales every feature",
      look: "Multiply your answer by x and sum a row: the sum should be nearly zero.",
      answer: (given) => combined(given, 0),
    },
    {
      id: "layer-norm",
      idea: "the formula of layer norm is used",
      sentence: "the mean of the gradient is subtracted, as in layer norm: here no mean is subtracted from x",
      look: "Compare the forward lines with those of layer norm. Which one is missing?",
      answer: (given) => {
        const raw = normalized(given);
        const d = given.gain.mul(given.dout);
        return given.rms_inv.mul(d.sub(d.mean(1, keepdim)).sub(raw.mul(d.mul(raw).mean(1, keepdim))));
      },
    },
    {
      id: "sum-for-mean",
      idea: "the mean is treated as a sum",
      sentence: "the scale's term lacks the division by the number of features: it contains a mean of squares",
      look: "How many squares are averaged in the line of meansq?",
      answer: (given) => combined(given, given.x.size(1)),
    },
    {
      id: "x-for-normalized",
      idea: "the row is used before it is normalized",
      sentence: "the scale's term is made of x itself: both of its factors x should be normalized",
      look: "Count the powers of rms_inv in the scale's term. Its slope has a third power.",
      answer: ({ x, rms_inv, gain, dout }) => {
        const d = gain.mul(dout);
        return rms_inv.mul(d.sub(x.mul(d.mul(x).mean(1, keepdim))));
      },
    },
    {
      id: "gain-missing",
      idea: "the gain is forgotten",
      sentence: "the gain is missing: it scales the upstream gradient before anything else",
      look: "Which three factors are in the line of out?",
      answer: (given) => {
        const raw = normalized(given);
        return given.rms_inv.mul(given.dout.sub(raw.mul(given.dout.mul(raw).mean(1, keepdim))));
      },
    },
    {
      id: "gain-outside",
      idea: "the gain is taken out of the mean",
      sentence: "the gain is multiplied in at the end: it differs along the row, so it belongs inside the mean",
      look: "Over which dimension is the mean taken, and is the gain the same all along it?",
      answer: (given) => {
        const raw = normalized(given);
        return given.gain.mul(given.rms_inv).mul(given.dout.sub(raw.mul(given.dout.mul(raw).mean(1, keepdim))));
      },
    },
    {
      id: "added",
      idea: "a sign is lost",
      sentence: "the scale's term is added: a larger mean square makes the scale smaller",
      look: "Multiply your answer by x and sum a row: the sum should be nearly zero.",
      answer: (given) => combined(given, -1),
    },
    {
      id: "down",
      idea: "the mean runs down the batch",
      sentence: "the mean runs down the batch: RMS norm treats each example by itself",
      look: "Along which dimension does the line of meansq take its mean?",
      answer: (given) => {
        const raw = normalized(given);
        const d = given.gain.mul(given.dout);
        return given.rms_inv.mul(d.sub(raw.mul(d.mul(raw).mean(0, keepdim))));
      },
    },
    {
      id: "sign",
      idea: "everything is negated",
      sentence: "the sign is flipped",
      look: "Where the gain is positive, the first term has the sign of the upstream gradient. Has yours?",
      answer: (given) => combined(given).neg(),
    },
    {
      id: "gain-in-one-term",
      idea: "the gain is left out of one term",
      sentence: "the gain is missing in the scale's term: the scale reaches the loss behind the gain",
      look: "Which three factors are in the line of out, and which of them are left in the gradient of rms_inv?",
      answer: (given) => {
        const raw = normalized(given);
        const { rms_inv, gain, dout } = given;
        return rms_inv.mul(gain.mul(dout).sub(raw.mul(dout.mul(raw).mean(1, keepdim))));
      },
    },
  ],

  alsoRight: [
    {
      code: `const draw = gain.mul(dout);
const along = draw.mul(x).mean(1, keepdim).mul(rms_inv.pow(2));
return draw.sub(x.mul(along)).mul(rms_inv);`,
      why: "Without the normalized rows: the square of rms_inv stands in front of the mean instead.",
    },
  ],

  forms: [
    (given) => combined(given),
    ({ x, rms_inv, gain, dout }) => {
      const d = gain.mul(dout);
      return rms_inv.mul(d).sub(x.mul(rms_inv.pow(3)).mul(d.mul(x).mean(1, keepdim)));
    },
    ({ x, rms_inv, gain, dout }) => {
      const d = gain.mul(dout);
      const drms_inv = d.mul(x).sum(1, keepdim);
      return d.mul(rms_inv).add(x.mul(drms_inv.mul(rms_inv.pow(3)).mul(-0.5)).mul(2 / x.size(1)));
    },
    ({ x, rms_inv, gain, dout }) => {
      const features = x.size(1);
      return build([...x.shape], (i, j) => {
        const scale = rms_inv.get(i, 0);
        const along = sum(features, (k) => gain.get(k) * dout.get(i, k) * x.get(i, k)) / features;
        return scale * gain.get(j) * dout.get(i, j) - scale ** 3 * x.get(i, j) * along;
      });
    },
  ],
});
