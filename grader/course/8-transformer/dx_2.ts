import { keepdim, oneHot, zerosLike, type Tensor } from "#tensor";
import { spanRoom } from "../rooms.ts";
import { build, sum } from "../elements.ts";
import { looks } from "../looks.ts";
import { throughCrossEntropy, throughNorm } from "../transformer/backward.ts";
import { transformer } from "../transformer/network.ts";

const OUT =
  "Add 1 to all channels of one place: after the layer norm nothing has changed. So what must the answer sum to, place " +
  "by place?";
const STRETCHED =
  "Double how far a place's channels are from their mean: after the layer norm almost nothing has changed. What must the " +
  "answer times raw sum to, place by place?";

type Given = Readonly<Record<"inv" | "raw" | "gain" | "Wl" | "probs" | "Yb", Tensor>>;

/** What can be wrong: the layer norm's backward pass, or what the mean of the loss divides by. */
interface Changes {
  readonly norm?: typeof throughNorm;
  readonly count?: (Yb: Tensor) => number;
}

export const dx_2 = spanRoom(transformer, {
  id: "dx_2",
  title: "from the loss to the last block",
  tensor: "x_2",
  from: "diff",
  to: "loss",
  given: ["inv", "raw", "gain", "Wl", "probs", "Yb"],
  recover: ({ raw, inv, gain, Wl, probs }) => {
    const diff = raw!.div(inv!).given();
    const bias = gain!.newZeros(gain!.shape);
    return { diff, x_2: diff, bias, bl: Wl!.newZeros([Wl!.shape[1]!]), logits: probs!.log().given() };
  },

  idea: "Layer norm is batch norm turned by a quarter: mean and variance belong to one place, so the two sums of its backward pass run over the channels.",

  hints: {
    ask:
      "probs is [batch, time, vocab] and the answer [batch, time, embd]. Where does the size change, and which sums along " +
      "the way leave one number per place, [batch, time, 1]?",
    rule:
      "Three pieces, each known from the parts before. The softmax and the loss: the probabilities, minus 1 at the label, " +
      "divided by how many places the mean is over. The linear layer: times the transposed weights. The layer norm: times " +
      "the gain, minus the mean over the channels, minus raw times the mean of the product with raw, times inv. The " +
      "variance divides by the number of channels, so both means do.",
    numbers: {
      raw: [[[1, -1, 1, -1]]],
      inv: [[[0.5]]],
      gain: [1, 1, 2, 1],
      Wl: [
        [4, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      probs: [[[0.25, 0.75]]],
      Yb: [[0]],
    },
    show: ["raw", "inv", "gain", "probs", "Yb"],
    worked: "dx_2[0, 0, 0] = {inv 0 0 0} * (-3 - -3 / 4 - {raw 0 0 0} * -3 / 4)",
    piece:
      "oneHot takes Yb as it is and gives [batch, time, vocab]; numel() counts the places of Yb. Wl.T turns [.., vocab] into " +
      "[.., embd]. mean(-1, keepdim) is a mean over the channels.",
  },

  looks: {
    sign: "Raise the logit of the label alone, and the loss falls. Which sign has the gradient of the logits there?",
  },

  mistakes: [
    {
      id: "mean-term-missing",
      idea: "the mean is treated as a constant",
      sentence:
        "the mean's term is missing: every channel moves the mean of its place, and the mean moves every channel",
      look: OUT,
      answer: (given) => backward(given, { norm: normWith({ mean: 0 }) }),
    },
    {
      id: "variance-term-missing",
      idea: "the variance is treated as a constant",
      sentence:
        "the variance's term is missing: every channel moves the variance of its place, which scales every channel",
      look: STRETCHED,
      answer: (given) => backward(given, { norm: normWith({ along: 0 }) }),
    },
    {
      id: "both-terms-missing",
      idea: "mean and variance are treated as constants",
      sentence: "the mean's and the variance's terms are missing: only the direct term is there",
      look: OUT,
      answer: (given) => backward(given, { norm: normWith({ mean: 0, along: 0 }) }),
    },
    {
      id: "variance-term-added",
      idea: "the variance's term has the wrong sign",
      sentence: "the variance's term is added: like the mean's, it is subtracted",
      look: STRETCHED,
      answer: (given) => backward(given, { norm: normWith({ along: -1 }) }),
    },
    {
      id: "mean-term-added",
      idea: "the mean's term has the wrong sign",
      sentence: "the mean's term is added: it is subtracted",
      look: OUT,
      answer: (given) => backward(given, { norm: normWith({ mean: -1 }) }),
    },
    {
      id: "over-places",
      idea: "the means run over the places of a sequence",
      sentence: "the two means run over the places of a sequence: each place has a mean and a variance of its own",
      look: OUT,
      answer: (given) => backward(given, { norm: overPlaces }),
    },
    {
      id: "sums-for-means",
      idea: "the two terms are sums",
      sentence: "the two terms are sums over the channels: they should be means",
      look: "How much of the mean's gradient does each of the embd channels get?",
      answer: (given) => backward(given, { norm: normWith({ mean: given.raw.size(2), along: given.raw.size(2) }) }),
    },
    {
      id: "bessel",
      idea: "the variance is divided by one less than the number of channels",
      sentence:
        "the variance's term is that of a variance divided by embd - 1: layer norm divides by embd, the number of channels",
      look: "Read the line of inv: it takes a mean of squares.",
      answer: (given) => backward(given, { norm: normWith({ along: given.raw.size(2) / (given.raw.size(2) - 1) }) }),
    },
    {
      id: "gain-forgotten",
      idea: "the gain is forgotten",
      sentence: "the gain is missing: it scales the upstream gradient before mean and variance are taken out",
      look: "ln is the gain times raw, plus the bias: how much of the gradient of ln does raw get?",
      answer: (given) => backward({ ...given, gain: given.gain.mul(0).add(1) }, {}),
    },
    {
      id: "gain-afterwards",
      idea: "the gain is multiplied after the terms are subtracted",
      sentence:
        "the gain is multiplied after the two terms are subtracted: it differs from channel to channel, so it comes first",
      look: OUT,
      answer: (given) =>
        backward(given, { norm: (dln, gain, raw, inv) => throughNorm(dln, gain.mul(0).add(1), raw, inv).mul(gain) }),
    },
    {
      id: "scale-forgotten",
      idea: "the inverse root of the variance is forgotten",
      sentence: "inv is missing as a factor",
      look: "raw is diff times inv: how much of raw's gradient does diff get?",
      answer: (given) => backward(given, { norm: normWith({ inverse: false }) }),
    },
    {
      id: "over-the-batch",
      idea: "the sums run over the batch",
      sentence: "the means run over the batch, as in batch norm: here they run over the channels of each place",
      look: OUT,
      answer: (given) =>
        backward(given, {
          norm: (dln, gain, raw, inv) => {
            const draw = dln.mul(gain);
            const along = draw.mul(raw).mean(0, keepdim);
            return draw.sub(draw.mean(0, keepdim)).sub(raw.mul(along)).mul(inv);
          },
        }),
    },
    {
      id: "over-the-batch-alone",
      idea: "the mean of the loss counts sequences",
      sentence: "the loss is divided by the number of sequences: its mean is over all places, batch times time of them",
      look: "How many numbers does the line of the loss take the mean of?",
      answer: (given) => backward(given, { count: (Yb) => Yb.size(0) }),
    },
    {
      id: "not-divided",
      idea: "the mean of the loss is forgotten",
      sentence: "the division by the number of places is missing: the loss is a mean",
      look: looks.meanForgotten,
      answer: (given) => backward(given, { count: () => 1 }),
    },
    {
      id: "label-forgotten",
      idea: "the label's 1 is not subtracted",
      sentence: "the gradient of the logits lacks the 1 that is subtracted at each label",
      look: "Part 2: which column of a row of dlogits is negative?",
      answer: ({ probs, Wl, gain, raw, inv, Yb }) => throughNorm(probs.div(Yb.numel()).matmul(Wl.T), gain, raw, inv),
    },
  ],

  alsoRight: [
    {
      code: `const embd = raw.size(2);
const draw = probs.sub(oneHot(Yb, probs.size(2))).div(Yb.numel()).matmul(Wl.T).mul(gain);
const sums = draw.sum(-1, keepdim).add(raw.mul(draw.mul(raw).sum(-1, keepdim)));
return draw.mul(embd).sub(sums).mul(inv.div(embd));`,
      why: "Part 3's form of the bracket: everything times the number of channels, and divided by it at the end.",
    },
  ],

  forms: [
    (given) => backward(given, {}),
    ({ raw, inv, gain, Wl, probs, Yb }) => {
      const embd = raw.size(2);
      const draw = probs
        .sub(oneHot(Yb, probs.size(2)))
        .div(Yb.numel())
        .matmul(Wl.T)
        .mul(gain);
      const sums = draw.sum(-1, keepdim).add(raw.mul(draw.mul(raw).sum(-1, keepdim)));
      return draw.mul(embd).sub(sums).mul(inv.div(embd));
    },
    // line by line, as part 1 would
    ({ raw, inv, gain, Wl, probs, Yb }) => {
      const draw = probs
        .sub(oneHot(Yb, probs.size(2)))
        .div(Yb.numel())
        .matmul(Wl.T)
        .mul(gain);
      const diff = raw.div(inv);
      const dinv = draw.mul(diff).sum(-1, keepdim);
      const ddiff = draw.mul(inv).add(diff.mul(dinv.mul(inv.mul(inv).mul(inv)).mul(-1 / raw.size(2))));
      return ddiff.sub(ddiff.mean(-1, keepdim));
    },
    ({ raw, inv, gain, Wl, probs, Yb }) => {
      const [batch, time, embd] = raw.shape as [number, number, number];
      const draw = probs
        .sub(oneHot(Yb, probs.size(2)))
        .div(batch * time)
        .matmul(Wl.T)
        .mul(gain);
      return build([...raw.shape], (b, t, j) => {
        const mean = sum(embd, (c) => draw.get(b!, t!, c)) / embd;
        const along = sum(embd, (c) => draw.get(b!, t!, c) * raw.get(b!, t!, c)) / embd;
        return (draw.get(b!, t!, j!) - mean - raw.get(b!, t!, j!) * along) * inv.get(b!, t!, 0);
      });
    },
    ({ raw, inv, gain, Wl, probs, Yb }) => {
      const places = Yb.view(...Yb.shape, 1);
      const ones = zerosLike(places.float()).add(1);
      const dlogits = probs.scatterAdd(2, places, ones.neg()).div(Yb.numel());
      return throughNorm(dlogits.matmul(Wl.T), gain, raw, inv);
    },
  ],
});

/** The backward pass of the end, with some of its parts replaced. */
function backward(
  { probs, Yb, Wl, gain, raw, inv }: Given,
  { norm = throughNorm, count = (labels) => labels.numel() }: Changes,
): Tensor {
  return norm(throughCrossEntropy(probs, Yb, count(Yb)).matmul(Wl.T), gain, raw, inv);
}

/** A layer norm's backward pass, with its two terms times a number. */
export function normWith({ mean = 1, along = 1, inverse = true }): typeof throughNorm {
  return (dln, gain, raw, inv) => {
    const draw = dln.mul(gain);
    const product = draw.mul(raw).mean(-1, keepdim).mul(along);
    const out = draw.sub(draw.mean(-1, keepdim).mul(mean)).sub(raw.mul(product));
    return inverse ? out.mul(inv) : out;
  };
}

/** A layer norm's backward pass with the gain outside the two means. */
export const gainLast: typeof throughNorm = (dln, gain, raw, inv) =>
  throughNorm(dln, gain.mul(0).add(1), raw, inv).mul(gain);

/** A layer norm's backward pass whose two means run over the places. */
export const overPlaces: typeof throughNorm = (dln, gain, raw, inv) => {
  const draw = dln.mul(gain);
  const along = raw.mul(draw.mul(raw).mean(1, keepdim));
  return draw.sub(draw.mean(1, keepdim)).sub(along).mul(inv);
};
