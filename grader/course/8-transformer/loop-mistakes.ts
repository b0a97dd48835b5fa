import { keepdim, tensor, zerosLike, type Tensor } from "#tensor";
import type { LoopMistake } from "../../kit/training.ts";
import { settings, stepOf } from "../transformer/adamw.ts";
import { throughCrossEntropy, throughNorm } from "../transformer/backward.ts";
import { intoHeads, sideBySide, type ParameterName } from "../transformer/lines.ts";
import { gradientOf, read, type LoopValues } from "../transformer/loop.ts";
import { eachParameter } from "../transformer/parameters.ts";
import { normWith } from "./dx_2.ts";
import { inBlocks, type Own } from "./in-blocks.ts";
import { normOf } from "./pieces.ts";

/** A mistake in the training step, as lines that read its values. */
type Mistake = Omit<LoopMistake, "changes"> & { changes: Record<string, (values: LoopValues) => unknown> };
const BLOCK = "Steps 5 to 7 have these pieces: compare your function with them line by line.";
const HALVES = "Each half of a block computes something and adds it to what went in.";
const PLACES = "How many numbers does the line of the loss take the mean of?";
const ROWS = "A bias and a gain are broadcast over sequences and places: their gradients are sums over both.";
const CLIP = "Step 1: one norm, of all gradients together, and one factor, at most 1, for all of them.";
const ADAMW = "Step 4 has a step of AdamW for one parameter: compare yours with it line by line.";
const KEPT =
  "m, v and t belong to the caller: an operation whose name ends in _ changes them, so that the next step finds them.";

/** The gradients inside the heads, with some of their parts replaced. */
function heads({
  softmax = (weights: Tensor, d: Tensor) => weights.mul(d.sub(d.mul(weights).sum(-1, keepdim))),
  scale = (own: Own) => own("q").size(3) ** -0.5,
}): Readonly<Record<string, (own: Own) => Tensor>> {
  const dscores = (own: Own): Tensor => {
    const dweights = intoHeads(own("dmixed")).matmul(own("v").transpose(2, 3));
    return softmax(own("weights"), dweights).mul(scale(own));
  };
  return {
    dq: (own) => sideBySide(dscores(own).matmul(own("k"))),
    dk: (own) => sideBySide(dscores(own).transpose(2, 3).matmul(own("q"))),
  };
}

/** The gradients of all parameters, those of some kinds replaced. */
const gradientsWith =
  (isReplaced: (name: string) => boolean, replace: (gradient: Tensor, values: LoopValues, name: string) => Tensor) =>
  (values: LoopValues): unknown =>
    eachParameter((name: ParameterName) => {
      const gradient = gradientOf(values, name);
      return isReplaced(name) ? replace(gradient, values, name) : gradient;
    });

const gradientsIn = ({ gradients }: LoopValues): Record<string, Tensor> => gradients as Record<string, Tensor>;
const scaledBy =
  (factor: (gradients: Record<string, Tensor>, name: string) => number) =>
  (values: LoopValues): unknown =>
    eachParameter((name) => gradientsIn(values)[name]!.mul(factor(gradientsIn(values), name)));

/** The parameters and averages after a step, some of them replaced. */
const movedWith =
  (
    others: Parameters<typeof stepOf>[3],
    replace: (name: string, values: LoopValues, after: Tensor) => Tensor = (_, __, x) => x,
  ) =>
  (values: LoopValues): unknown => {
    const after = stepOf<Tensor>(values.parameters, values.moving, values.learningRate, others);
    return Object.fromEntries(Object.entries(after).map(([name, x]) => [name, replace(name, values, x)]));
  };
/** The parameters and averages after a step that is corrected as if it had another number, which is then counted or not. */
const correctedAs =
  (numberOf: (t: number) => number, isCounted: boolean) =>
  (values: LoopValues): unknown => {
    const { t } = values.parameters;
    const before = { ...values.parameters, t: tensor(numberOf(t!.item() + 1) - 1) };
    const after = stepOf<Tensor>(before, values.moving, values.learningRate);
    return { ...after, t: isCounted ? t!.add(1) : t!.clone() };
  };
const isKept = (name: string): boolean => name === "t" || name.includes(".");

/** The known mistakes of the training step, in the order of its lines. */
export const loopMistakes: readonly Mistake[] = [
  {
    id: "loss-not-averaged",
    idea: "the mean of the loss is forgotten",
    sentence: "the gradient of the logits is not divided by the number of places: the loss is a mean over all of them",
    look: PLACES,
    changes: { dlogits: (values) => throughCrossEntropy(read(values, "probs"), read(values, "Yb"), 1) },
  },
  {
    id: "loss-over-sequences",
    idea: "the mean of the loss counts sequences",
    sentence: "the gradient of the logits is divided by the number of sequences: the mean is over all places",
    look: PLACES,
    changes: {
      dlogits: (values) => throughCrossEntropy(read(values, "probs"), read(values, "Yb"), read(values, "Yb").size(0)),
    },
  },
  {
    id: "end-norm-constant",
    idea: "the last layer norm only scales",
    sentence: "mean and variance are treated as constants in the last layer norm",
    look: "Step 5: two terms are subtracted in the backward pass of a layer norm.",
    changes: {
      dx_2: (values) =>
        normWith({ mean: 0, along: 0 })(
          read(values, "dln"),
          read(values, "gain"),
          read(values, "raw"),
          read(values, "inv"),
        ),
    },
  },
  {
    id: "end-norm-skipped",
    idea: "the last layer norm is skipped",
    sentence: "the gradient of ln goes into the last block as it is: a layer norm is between them",
    look: "Step 5: ln comes after the layer norm, and x_2 before it.",
    changes: { dx_2: (values) => read(values, "dln") },
  },
  {
    id: "slope-forgotten",
    idea: "the slope of tanh is forgotten",
    sentence: "in the blocks, the slope of tanh is missing between W2 and W1",
    look: BLOCK,
    changes: inBlocks({ dpre: (own, dout) => dout.matmul(own("W2").T) }),
  },
  {
    id: "slope-of-value",
    idea: "1 - h is taken for the slope",
    sentence: "in the blocks, the slope of tanh is 1 minus h: it should be 1 minus its square",
    look: BLOCK,
    changes: inBlocks({ dpre: (own, dout) => dout.matmul(own("W2").T).mul(own("h").neg().add(1)) }),
  },
  {
    id: "around-neurons-missing",
    idea: "nothing goes around the neurons",
    sentence: "in the blocks, nothing goes around the neurons: y gets the gradient of the block's output as well",
    look: HALVES,
    changes: inBlocks({ dy: (own) => throughNorm(own("dln2"), own("gain2"), own("raw2"), own("inv2")) }),
  },
  {
    id: "norm-constant",
    idea: "the layer norms in the blocks only scale",
    sentence: "in the blocks, mean and variance are treated as constants in both layer norms",
    look: "Step 5: two terms are subtracted in the backward pass of a layer norm.",
    changes: inBlocks({
      dy: (own, dout) => normWith({ mean: 0, along: 0 })(own("dln2"), own("gain2"), own("raw2"), own("inv2")).add(dout),
      dx: (own) => normWith({ mean: 0, along: 0 })(own("dln1"), own("gain1"), own("raw1"), own("inv1")).add(own("dy")),
    }),
  },
  {
    id: "scale-forgotten",
    idea: "the scores' scale is forgotten",
    sentence: "the scale of the scores is missing on the way back to queries and keys",
    look: BLOCK,
    changes: inBlocks(heads({ scale: () => 1 })),
  },
  {
    id: "softmax-sum-missing",
    idea: "the softmax is passed as if it were an exponential",
    sentence: "the sum is missing in the backward pass of the attention's softmax",
    look: BLOCK,
    changes: inBlocks(heads({ softmax: (weights, d) => weights.mul(d) })),
  },
  {
    id: "values-missing",
    idea: "the values pass nothing back",
    sentence: "the branch through the values is missing in the gradient of ln1: Wv also used it",
    look: BLOCK,
    changes: inBlocks({
      dln1: (own) =>
        own("dq")
          .matmul(own("Wq").T)
          .add(own("dk").matmul(own("Wk").T)),
    }),
  },
  {
    id: "around-attention-missing",
    idea: "nothing goes around the attention",
    sentence: "in the blocks, nothing goes around the attention: x gets the gradient of y as well",
    look: HALVES,
    changes: inBlocks({ dx: (own) => throughNorm(own("dln1"), own("gain1"), own("raw1"), own("inv1")) }),
  },
  {
    id: "blocks-swapped",
    idea: "the two blocks' gradients are returned under each other's name",
    sentence: "the gradients of the two blocks are under each other's names",
    look: "The backward pass begins with the last block, whose names end in _1.",
    changes: {
      gradients: (values) =>
        eachParameter((name) => {
          const other = name.endsWith("_0")
            ? `${name.slice(0, -1)}1`
            : name.endsWith("_1")
              ? `${name.slice(0, -1)}0`
              : name;
          return gradientOf(values, other as ParameterName);
        }),
    },
  },
  {
    id: "repeated-characters-lost",
    idea: "each row of C keeps one use's gradient",
    sentence:
      "in the gradient of C, a character that occurs several times gets the gradient of its last occurrence alone",
    look: "A row of C that is looked up several times receives a contribution from each of its uses.",
    changes: {
      gradients: gradientsWith(
        (name) => name === "C",
        (gradient, values) => lastUses(gradient, read(values, "Xb"), read(values, "dx_0")),
      ),
    },
  },
  {
    id: "places-averaged",
    idea: "the gradient of P is a mean over the sequences",
    sentence: "the gradient of P is a mean over the sequences: it should be a sum, since each of them uses P",
    look: ROWS,
    changes: {
      gradients: gradientsWith(
        (name) => name === "P",
        (gradient, values) => gradient.div(read(values, "Xb").size(0)),
      ),
    },
  },
  {
    id: "biases-averaged",
    idea: "the gradients of biases are means",
    sentence: "the gradients of the biases are means over the places: they should be sums",
    look: ROWS,
    changes: {
      gradients: gradientsWith(
        (name) => /^b\w*?(_\d)?$/.test(name),
        (gradient, values) => gradient.div(read(values, "Yb").numel()),
      ),
    },
  },
  {
    id: "gains-without-raw",
    idea: "the gradients of gains lack raw",
    sentence: "the gradients of the gains are those of the biases: a gain is multiplied by raw",
    look: ROWS,
    changes: {
      gradients: gradientsWith(
        (name) => name.startsWith("gain"),
        (_, values, name) => gradientOf(values, name.replace("gain", "bias") as ParameterName),
      ),
    },
  },
  {
    id: "not-clipped",
    idea: "the gradients are not clipped",
    sentence: "the gradients are not clipped: their common norm should be at most 1 before the averages take them in",
    look: CLIP,
    changes: { moving: gradientsIn },
  },
  {
    id: "clipped-by-itself",
    idea: "each gradient is clipped by its own norm",
    sentence: "each gradient is clipped by its own norm: all of them share one",
    look: CLIP,
    changes: { moving: scaledBy((gradients, name) => Math.min(1, 1 / normOf(gradients[name]!))) },
  },
  {
    id: "clipped-without-root",
    idea: "the sum of squares is used as the norm",
    sentence: "the gradients are divided by the sum of their squares: the norm is the root of that sum",
    look: CLIP,
    changes: { moving: scaledBy((gradients) => Math.min(1, 1 / normOf(...Object.values(gradients)) ** 2)) },
  },
  {
    id: "always-scaled",
    idea: "the norm is always brought to 1",
    sentence: "the gradients are always scaled to a norm of 1: those that are shorter should stay as they are",
    look: CLIP,
    changes: { moving: scaledBy((gradients) => 1 / normOf(...Object.values(gradients))) },
  },
  {
    id: "clipped-by-value",
    idea: "each entry is clipped",
    sentence: "each entry of the gradients is cut off at 1 and -1: clipping scales all of them by one factor",
    look: CLIP,
    changes: { moving: (values) => eachParameter((name) => gradientsIn(values)[name]!.clamp(-1, 1)) },
  },
  {
    id: "decay-forgotten",
    idea: "there is no weight decay",
    sentence: "the parameters do not decay: each should also shrink by the learning rate times 0.01 of itself",
    look: ADAMW,
    changes: { moved: movedWith({ decay: 0 }) },
  },
  {
    id: "decay-in-gradient",
    idea: "the decay is added to the gradients",
    sentence:
      "the decay is added to the gradients and goes through the averages: it should act on the parameters alone",
    look: ADAMW,
    changes: {
      moved: (values) => {
        const { parameters, moving, learningRate } = values;
        const decayed = eachParameter((name) => moving[name]!.add(parameters[name]!.mul(settings.decay)));
        return stepOf<Tensor>(parameters, decayed, learningRate, { decay: 0 });
      },
    },
  },
  {
    id: "decay-without-rate",
    idea: "the decay is not multiplied by the learning rate",
    sentence: "each parameter shrinks by 0.01 of itself: the decay is multiplied by the learning rate as well",
    look: ADAMW,
    changes: {
      moved: (values) => movedWith({ decay: settings.decay / values.learningRate })(values),
    },
  },
  {
    id: "moved-along",
    idea: "the step is added",
    sentence: "the parameters move along their gradients, which makes the loss larger; they should move against them",
    look: ADAMW,
    changes: {
      moved: movedWith({}, (name, { parameters, learningRate }, after) => {
        if (isKept(name)) return after;
        const kept = parameters[name]!.mul(1 - learningRate * settings.decay);
        return kept.mul(2).sub(after);
      }),
    },
  },
  {
    id: "plain-descent",
    idea: "the parameters move by the gradients",
    sentence:
      "the averages are right, but the parameters move by the learning rate times the gradients, not by AdamW's step",
    look: ADAMW,
    changes: {
      moved: movedWith({}, (name, { parameters, moving, learningRate }, after) =>
        isKept(name) ? after : parameters[name]!.sub(moving[name]!.mul(learningRate)),
      ),
    },
  },
  {
    id: "averages-not-kept",
    idea: "the averages are computed and thrown away",
    sentence: "the parameters are right, but m and v have not changed: they should be updated in place",
    look: KEPT,
    changes: {
      moved: movedWith({}, (name, { parameters }, after) => (name.includes(".") ? parameters[name]!.clone() : after)),
    },
  },
  {
    id: "step-not-counted",
    idea: "t is not changed",
    sentence: "t is not counted on: the next step would correct its averages as if it were this one",
    look: KEPT,
    changes: {
      moved: movedWith({}, (name, { parameters }, after) => (name === "t" ? parameters["t"]!.clone() : after)),
    },
  },
  {
    id: "step-ignored",
    idea: "t is neither changed nor does it count this step",
    sentence: "t does not count this step: the averages are corrected as if one step less had gone into them",
    look: KEPT,
    changes: { moved: correctedAs((number) => number - 1, false) },
  },
  {
    id: "step-counted-late",
    idea: "t is counted after the step",
    sentence:
      "t is right afterwards, but it is counted too late: the averages are corrected as if one step less had gone into them",
    look: "Which of your lines use t, and which one changes it? The number of this step is in all corrections.",
    changes: { moved: correctedAs((number) => number - 1, true) },
  },
  {
    id: "step-counted-twice",
    idea: "the step is counted twice",
    sentence:
      "the averages are corrected as if one step more had gone into them: is 1 added to t where it already counts?",
    look: "Which of your lines use t, and which one changes it? The number of this step is in all corrections.",
    changes: { moved: correctedAs((number) => number + 1, true) },
  },
  {
    id: "not-corrected",
    idea: "the averages are not corrected",
    sentence: "neither average is corrected: the zeros that they started from still count",
    look: ADAMW,
    changes: { moved: correctedAs(() => Infinity, true) },
  },
  {
    id: "not-moved",
    idea: "the result of the update is thrown away",
    sentence: "neither the parameters nor the averages have changed: is the update in place?",
    look: KEPT,
    changes: { moved: ({ parameters }) => parameters },
  },
  {
    id: "parameters-not-moved",
    idea: "the parameters' update is thrown away",
    sentence: "the averages are right, but the parameters have not moved: is their update in place?",
    look: KEPT,
    changes: { moved: movedWith({}, (name, { parameters }, after) => (isKept(name) ? after : parameters[name]!)) },
  },
  {
    id: "betas-swapped",
    idea: "the two averages have each other's weight",
    sentence: "m is averaged with 0.999 and v with 0.9: it is the other way round",
    look: ADAMW,
    changes: { moved: movedWith({ beta1: settings.beta2, beta2: settings.beta1 }) },
  },
  {
    id: "clipped-returned",
    idea: "the clipped gradients are returned",
    sentence: "the gradients that are returned have been clipped: the task asks for them as they are before",
    look: "Does your clipping change the gradients in place?",
    changes: { returned: ({ moving }) => moving },
  },
  {
    id: "zeros-returned",
    idea: "the gradients are set to zero before they are returned",
    sentence: "the returned gradients are zero, and the update is right: were they cleared before they were returned?",
    look: "Follow each name in what you return: is its gradient still what the backward pass computed?",
    alone: ", and the update is right",
    changes: { returned: (values) => eachParameter((name) => zerosLike(gradientsIn(values)[name]!)) },
  },
  {
    id: "loss-summed",
    idea: "the loss is summed over the places",
    sentence: "the returned loss is a sum over all places: return the mean that the forward pass computed",
    look: "The forward pass has already computed the loss; return it unchanged, from before the update.",
    changes: { returnedLoss: (values) => read(values, "loss").mul(read(values, "Yb").numel()) },
  },
];

/** The gradient of C with one occurrence of each character, the last. */
function lastUses(gradient: Tensor, Xb: Tensor, dx: Tensor): Tensor {
  const [out, width, rows] = [zerosLike(gradient), gradient.size(1), dx.toArray()];
  for (const [at, character] of Xb.toArray().entries())
    for (let j = 0; j < width; j++) out.set(character, j, rows[at * width + j]!);
  return out;
}
