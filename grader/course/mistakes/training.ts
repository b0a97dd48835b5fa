import { keepdim, oneHot, tensor, zerosLike, type Tensor } from "#tensor";
import { parameterNames, type Parameters } from "../makemore/parameters.ts";
import { eachParameter, rightLoop, runLoop, type LineName, type Loop, type LoopValues } from "../makemore/loop.ts";

/** A way to be wrong in the training loop, as lines that can be run. */
export interface LoopMistake {
  /** Unique among them. */
  id: string;
  /** What someone who makes it was thinking. */
  idea: string;
  /** What a learner is told: an observation that leads on, never the answer's code. */
  sentence: string;
  /** What to look at; the third hint. */
  look: string;
  /** The lines that are other than the right ones. */
  changes: Partial<Loop>;
}

function mistake(id: string, idea: string, sentence: string, look: string, changes: Partial<Loop>): LoopMistake {
  return { id, idea, sentence, look, changes };
}

/** A usual strength of momentum. */
const MOMENTUM = 0.9;

const labels = ({ logits, Yb }: LoopValues): Tensor => oneHot(Yb, logits.size(1));
const probs = ({ logits }: LoopValues): Tensor => logits.softmax(1);
const right = (name: "dlogits" | "dhprebn" | "dhpreact" | "dC" | "dW1" | "dW2", values: LoopValues): Tensor =>
  rightLoop[name](values);

/** Each parameter moved by this. */
const movedBy =
  (step: (values: LoopValues, name: keyof Parameters) => Tensor) =>
  (values: LoopValues): Parameters =>
    eachParameter((name) => values.parameters[name].sub(step(values, name)));

/** What the step before this one moved a parameter by; undefined at the first. */
const earlier = ({ before }: LoopValues, name: keyof Parameters): Tensor | undefined => before[0]?.moving[name];

/** The gain and the bias exchanged. */
const exchanged = (gradients: Parameters): Parameters => ({
  ...gradients,
  bngain: gradients.bnbias,
  bnbias: gradients.bngain,
});

/** Where the loss is read that is asked for once more. */
const lossAt = (values: LoopValues, parameters: Parameters): Tensor => {
  const { Xb, Yb, learningRate } = values;
  return runLoop({ parameters, batch: { Xb, Yb }, learningRate }).loss;
};

/** The contexts and the places in them, in order. */
function eachPlace(Xb: Tensor, visit: (row: number, place: number, character: number) => void): void {
  for (let i = 0; i < Xb.size(0); i++) for (let j = 0; j < Xb.size(1); j++) visit(i, j, Xb.get(i, j));
}

/** dC where each row holds what `keep` makes of what it held and of what comes. */
function collected({ C, Xb, demb }: LoopValues, keep: (held: number, comes: number, use: number) => number): Tensor {
  const dC = zerosLike(C);
  const uses = new Int32Array(C.size(0));
  eachPlace(Xb, (row, place, character) => {
    const use = uses[character]!++;
    for (let k = 0; k < C.size(1); k++) dC.set(character, k, keep(dC.get(character, k), demb.get(row, place, k), use));
  });
  return dC;
}

/** The fused batchnorm with parts of it other than they should be. */
function batchnorm(
  { bngain, bnvar_inv, bnraw, dhpreact, n }: LoopValues,
  {
    gain = bngain,
    inverse = bnvar_inv,
    mean = 1,
    variance = 1,
    weights = bnraw,
    by = bnraw,
    degrees = n - 1,
    over = n,
  }: {
    gain?: Tensor | undefined;
    inverse?: Tensor;
    mean?: number;
    variance?: number;
    weights?: Tensor;
    by?: Tensor;
    degrees?: number;
    over?: number;
  },
): Tensor {
  const means = dhpreact.sum(0, keepdim).div(over).mul(mean);
  const along = weights.mul(dhpreact).sum(0, keepdim).div(degrees).mul(variance);
  return dhpreact.sub(means).sub(by.mul(along)).mul(gain).mul(inverse);
}

const one = tensor(1);
/** 1e-6, as code has it. */
const short = (epsilon: number): string => epsilon.toExponential();
const LOGITS = "Part 2's formula has the probabilities of each row, less 1 at the row's label, over n.";
const SLOPE = "The slope of tanh at a number is 1 less the square of tanh there: h holds those values.";
const SUMS = "A bias is added to every row of the batch: its gradient is the sum of the rows.";
const TERMS =
  "Part 3's formula has three terms: the upstream gradient itself, less its mean, less bnraw times a sum over n - 1.";
const FACTORS = "Part 3's formula ends with two factors for each neuron: the gain, and the inverse of the deviation.";
const LOOKUP = "A row of C that is looked up several times collects a contribution from each of its uses.";
const UPDATE = "The step is the learning rate that came in as an argument, times the gradient, taken once.";
const STATE =
  "Each call gets its parameters and its batch; the gradients of this batch are all that the step is made of.";
const LOSS = "The forward pass has the loss already; it is returned as it is, from before the update.";
const RECORD =
  "Follow each name in what you return: which gradient stands under it, and is it as the backward pass left it?";
const ORDER = "Compute all seven gradients before the first parameter moves.";
const FORWARD =
  "The forward pass is given. Compare its lines with those of the stub: npm run diff -- train shows changes.";
const SHAPE =
  "A gradient has its parameter's shape. The second argument of sum keeps the dimension; without it, it is dropped.";
const PRODUCT =
  "Write the three shapes of the product on paper. The size that the gradient lacks is the one to sum over: last in the left factor, first in the right one.";

/**
 * The known ways to be wrong in the training loop, in the order of the backward pass: the likeliest first in each
 * place.
 */
export const trainingMistakes: readonly LoopMistake[] = [
  // the loss and the forward pass
  mistake(
    "loss-sum",
    "the loss is added up over the batch",
    "the loss that is returned is n times what it should be: it is a mean over the examples; the gradients are right",
    LOSS,
    { returnedLoss: ({ loss, n }) => loss.mul(n) },
  ),
  mistake(
    "loss-sign",
    "a log-likelihood is returned",
    "the loss that is returned has the wrong sign; the gradients are right",
    LOSS,
    { returnedLoss: ({ loss }) => loss.neg() },
  ),
  mistake(
    "loss-after",
    "the loss is computed again after the update",
    "the loss that is returned is the one after the update; the loss from before it is asked for",
    LOSS,
    { returnedLoss: (values) => lossAt(values, values.moved) },
  ),
  mistake(
    "loss-over-n",
    "the mean is taken twice",
    "the loss that is returned is n times too small: it is a mean over the examples already; the gradients are right",
    LOSS,
    { returnedLoss: ({ loss, n }) => loss.div(n) },
  ),
  mistake(
    "loss-zero",
    "nothing is returned for the loss",
    "the loss that is returned is zero; the gradients are right",
    LOSS,
    { returnedLoss: () => tensor(0) },
  ),
  mistake(
    "epsilon-missing",
    "epsilon is left out of the variance's root",
    "epsilon is missing in bnvar_inv, or far smaller than 1e-5: it shows in a neuron that hardly varies",
    FORWARD,
    { bnvar_inv: ({ bnvar }) => bnvar.pow(-0.5) },
  ),
  ...[1e-2, 1e-3, 1e-4, 5e-5, 2e-5, 5e-6, 1e-6, 1e-7].map((epsilon) =>
    mistake(
      `epsilon-${short(epsilon)}`,
      `epsilon is ${short(epsilon)}`,
      `epsilon in bnvar_inv is ${short(epsilon)}; the given forward pass has 1e-5, which shows in a neuron that hardly varies`,
      FORWARD,
      { bnvar_inv: ({ bnvar }) => bnvar.add(epsilon).pow(-0.5) },
    ),
  ),
  mistake(
    "variance-biased",
    "the variance is divided by n",
    "the forward pass divides the variance by n; the given one divides by n - 1",
    FORWARD,
    { bnvar: ({ hprebn, n }) => hprebn.var(0, keepdim).mul((n - 1) / n) },
  ),
  mistake(
    "moving-average",
    "batchnorm normalizes by statistics that are kept over the steps",
    "the batch is normalized by a mean and a variance kept over the steps; training uses the batch's own",
    FORWARD,
    {
      bnmean: ({ hprebn, before }) => {
        const mean = hprebn.mean(0, keepdim);
        return before[0] ? before[0].bnmean.mul(MOMENTUM).add(mean.mul(1 - MOMENTUM)) : mean;
      },
    },
  ),

  // dlogits
  mistake(
    "label-kept",
    "the 1 is not subtracted",
    "dlogits has the probabilities over n alone: at each row's label, 1 is still to be subtracted",
    LOGITS,
    { dlogits: (values) => probs(values).div(values.n) },
  ),
  mistake(
    "dlogits-sum",
    "the loss is taken for a sum",
    "dlogits is n times what it should be: the loss is a mean over the examples, so each row has a share of 1/n",
    LOGITS,
    { dlogits: (values) => probs(values).sub(labels(values)) },
  ),
  mistake(
    "dlogits-sign",
    "labels less probabilities",
    "dlogits has the wrong sign: the gradient is positive where a probability is too large",
    LOGITS,
    { dlogits: (values) => right("dlogits", values).neg() },
  ),
  mistake(
    "softmax-over-batch",
    "softmax runs over the batch",
    "the probabilities in dlogits add up to 1 over the batch; each row should add up to 1",
    "Softmax makes probabilities of one example's logits: of a row, which is dimension 1.",
    { dlogits: (values) => values.logits.softmax(0).sub(labels(values)).div(values.n) },
  ),
  mistake(
    "logits-for-probs",
    "the logits stand for the probabilities",
    "dlogits has the logits themselves where their softmax belongs",
    LOGITS,
    { dlogits: (values) => values.logits.sub(labels(values)).div(values.n) },
  ),
  mistake(
    "logprobs-for-probs",
    "log-probabilities stand for probabilities",
    "dlogits has the logarithms of the probabilities where the probabilities belong",
    LOGITS,
    { dlogits: (values) => probs(values).log().sub(labels(values)).div(values.n) },
  ),
  mistake(
    "counts-for-probs",
    "the exponentials are not normalized",
    "dlogits has exponentials that were not divided by their row's sum where the probabilities belong",
    LOGITS,
    { dlogits: (values) => values.logits.exp().sub(labels(values)).div(values.n) },
  ),
  mistake(
    "label-alone",
    "only the label's logit gets a gradient",
    "dlogits is -1/n at the labels and zero elsewhere: the probabilities are missing",
    LOGITS,
    { dlogits: (values) => labels(values).div(-values.n) },
  ),
  mistake(
    "n-for-labels-alone",
    "only the labels are divided by n",
    "in dlogits only the labels' part is divided by n, and the probabilities are not",
    LOGITS,
    { dlogits: (values) => probs(values).sub(labels(values).div(values.n)) },
  ),
  mistake(
    "n-for-probs-alone",
    "only the probabilities are divided by n",
    "in dlogits only the probabilities are divided by n, and the 1 at each label is not",
    LOGITS,
    { dlogits: (values) => probs(values).div(values.n).sub(labels(values)) },
  ),
  mistake(
    "over-all-logits",
    "the mean is taken over all logits",
    "dlogits is divided by the number of all logits, n times vocab; the loss is a mean over the n examples",
    LOGITS,
    { dlogits: (values) => right("dlogits", values).div(values.logits.size(1)) },
  ),
  mistake(
    "over-vocab",
    "the vocabulary's size stands for the batch's",
    "dlogits is divided by the vocabulary's size; the loss is a mean over the n examples",
    LOGITS,
    { dlogits: (values) => right("dlogits", values).mul(values.n / values.logits.size(1)) },
  ),
  mistake(
    "one-everywhere",
    "1 is subtracted from every probability",
    "dlogits has 1 subtracted at every entry; it belongs at each row's label alone",
    LOGITS,
    { dlogits: (values) => probs(values).sub(1).div(values.n) },
  ),
  mistake(
    "probs-squared",
    "softmax's slope of one probability stands for the whole",
    "dlogits has each probability times 1 less itself, softmax's slope on its own; the cross-entropy leaves the probability",
    LOGITS,
    {
      dlogits: (values) =>
        probs(values)
          .mul(one.sub(probs(values)))
          .sub(labels(values))
          .div(values.n),
    },
  ),

  mistake(
    "last-example-without-gradient",
    "a loop over the batch ends one row early",
    "the last row of dlogits is zero: does a loop over the examples end too early?",
    "How many rows has this batch, and which is the last one that is visited?",
    {
      dlogits: (values) => {
        const dlogits = right("dlogits", values);
        for (let j = 0; j < dlogits.size(1); j++) dlogits.set(values.n - 1, j, 0);
        return dlogits;
      },
    },
  ),

  // dW2, db2, dh
  mistake(
    "dW2-mean",
    "the examples are averaged again",
    "the gradient of W2 is n times too small: dlogits holds the 1/n already, and the examples add up",
    "The mean of the loss is in dlogits. Is there another division by n in the forward lines of W2?",
    { dW2: ({ h, dlogits, n }) => h.T.matmul(dlogits).div(n) },
  ),
  mistake(
    "hpreact-for-h",
    "tanh is left out of the product",
    "the gradient of W2 is made from hpreact; W2 was multiplied by h in the forward pass",
    "In a product the gradient of one factor is made from the other: what stands beside W2 in the forward line?",
    { dW2: ({ hpreact, dlogits }) => hpreact.T.matmul(dlogits) },
  ),
  mistake(
    "bnraw-for-h",
    "the normalized values stand for h",
    "the gradient of W2 is made from bnraw; W2 was multiplied by h in the forward pass",
    "In a product the gradient of one factor is made from the other: what stands beside W2 in the forward line?",
    { dW2: ({ bnraw, dlogits }) => bnraw.T.matmul(dlogits) },
  ),
  mistake(
    "db2-mean",
    "the rows are averaged",
    "the gradient of b2 is the mean of dlogits over the batch: b2 was added to every row, and the rows add up",
    SUMS,
    { db2: ({ dlogits }) => dlogits.mean(0) },
  ),
  mistake(
    "db2-probs",
    "the labels are left out for the bias",
    "the gradient of b2 is the sum of the probabilities alone, over n: the labels are missing there",
    SUMS,
    { db2: (values) => probs(values).div(values.n).sum(0) },
  ),
  mistake(
    "db2-keepdim",
    "the sum keeps its dimension",
    "the gradient of b2 keeps the dimension that is summed over: it has shape [1, vocab], and b2 has [vocab]",
    SHAPE,
    { db2: ({ dlogits }) => dlogits.sum(0, keepdim) },
  ),
  mistake(
    "db2-rows",
    "the sum runs along the rows",
    "the gradient of b2 is summed over the characters: one number per example; b2 was copied down the batch",
    SUMS,
    { db2: ({ dlogits }) => dlogits.sum(1) },
  ),
  mistake(
    "db2-not-summed",
    "the broadcast is overlooked",
    "the gradient of b2 still has a row for each example: b2 was copied down the batch, and the copies add up",
    SUMS,
    { db2: ({ dlogits }) => dlogits },
  ),
  mistake(
    "W2-moved-first",
    "W2 is updated before it is used on the way back",
    "the gradient that goes back through W2 is taken at the W2 that has moved already",
    ORDER,
    { dh: ({ dlogits, W2, dW2, learningRate }) => dlogits.matmul(W2.sub(dW2.mul(learningRate)).T) },
  ),
  mistake(
    "W2-not-transposed",
    "the product is written as in the forward pass",
    "a product of [n, vocab] with [hidden, vocab] does not fit: W2 is to be transposed on the way back",
    PRODUCT,
    { dh: ({ dlogits, W2 }) => dlogits.matmul(W2) },
  ),
  mistake(
    "h-not-transposed",
    "h stands in the product as it is",
    "a product of [n, hidden] with [n, vocab] does not fit: for the gradient of W2, h is to be transposed",
    PRODUCT,
    { dW2: ({ h, dlogits }) => h.matmul(dlogits) },
  ),

  // tanh
  mistake(
    "tanh-forgotten",
    "tanh is passed as if it were not there",
    "the slope of tanh is missing: dhpreact is dh as it is",
    SLOPE,
    { dhpreact: ({ dh }) => dh },
  ),
  mistake(
    "tanh-not-squared",
    "1 - h stands for the slope",
    "the slope of tanh has h itself where its square belongs",
    SLOPE,
    { dhpreact: ({ h, dh }) => one.sub(h).mul(dh) },
  ),
  mistake(
    "tanh-at-hpreact",
    "the slope is taken from the input",
    "the slope of tanh is made from the square of hpreact, its input; it is 1 less the square of h, its output",
    SLOPE,
    { dhpreact: ({ hpreact, dh }) => one.sub(hpreact.pow(2)).mul(dh) },
  ),
  mistake(
    "tanh-twice",
    "tanh is applied to h once more",
    "the slope of tanh is taken at h, as if tanh had been applied twice; h is the output already",
    SLOPE,
    { dhpreact: ({ h, dh }) => one.sub(h.tanh().pow(2)).mul(dh) },
  ),
  mistake(
    "tanh-sigmoid",
    "the slope of the sigmoid",
    "the slope is h times 1 - h, that of the logistic function; tanh has another",
    SLOPE,
    { dhpreact: ({ h, dh }) => h.mul(one.sub(h)).mul(dh) },
  ),
  mistake(
    "tanh-squared-alone",
    "the 1 is left out",
    "the slope of tanh is the square of h; it is 1 less that square",
    SLOPE,
    { dhpreact: ({ h, dh }) => h.pow(2).mul(dh) },
  ),
  mistake(
    "tanh-plus",
    "a sign slips in the slope",
    "the slope of tanh has a plus: it is 1 less the square of h, and yours is 1 plus the square",
    SLOPE,
    { dhpreact: ({ h, dh }) => h.pow(2).add(1).mul(dh) },
  ),
  mistake(
    "tanh-slope-squared",
    "the slope is squared as a whole",
    "the slope of tanh is there twice: dh is multiplied by it once more",
    SLOPE,
    { dhpreact: ({ h, dh }) => one.sub(h.pow(2)).pow(2).mul(dh) },
  ),
  mistake(
    "tanh-relu",
    "the slope of relu",
    "dh passes where hpreact is positive and is zero elsewhere: that is the slope of relu, and the forward pass has tanh",
    SLOPE,
    {
      dhpreact: ({ hpreact, dh }) => dh.mul(hpreact.clamp(0, 1e-30).mul(1e30)),
    },
  ),
  mistake(
    "tanh-itself",
    "the value stands for the slope",
    "dh is multiplied by h itself where the slope of tanh belongs",
    SLOPE,
    { dhpreact: ({ h, dh }) => h.mul(dh) },
  ),

  // dbngain, dbnbias
  mistake(
    "dbngain-mean",
    "the copies of the gain are averaged",
    "the gradient of bngain is a mean over the batch: bngain was copied into every row, and the copies add up",
    "The gain was copied down the batch: its gradient is the sum of what the copies get, over dimension 0.",
    { dbngain: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).mean(0, keepdim) },
  ),
  mistake(
    "bnraw-forgotten",
    "the gain's gradient has no factor",
    "the gradient of bngain is the sum of dhpreact: each row of it should be multiplied by bnraw first",
    "In the forward line bngain is multiplied by bnraw. What is its slope?",
    { dbngain: ({ dhpreact }) => dhpreact.sum(0, keepdim) },
  ),
  mistake(
    "hpreact-for-bnraw",
    "the output stands for the other factor",
    "the gradient of bngain is weighted by hpreact, the output; the slope is the factor beside bngain, bnraw",
    "In the forward line bngain is multiplied by bnraw. What is its slope?",
    { dbngain: ({ hpreact, dhpreact }) => hpreact.mul(dhpreact).sum(0, keepdim) },
  ),
  mistake(
    "hprebn-for-bnraw",
    "the values before the normalization are used",
    "the gradient of bngain is weighted by hprebn, from before the normalization; the factor beside bngain is bnraw",
    "In the forward line bngain is multiplied by bnraw. What is its slope?",
    { dbngain: ({ hprebn, dhpreact }) => hprebn.mul(dhpreact).sum(0, keepdim) },
  ),
  mistake(
    "dbngain-from-dh",
    "tanh is skipped for the gain",
    "the gradient of bngain is made from dh: between h and bngain, the slope of tanh is missing",
    "Which line computes the tensor that bngain goes into? Its gradient is the one to begin from.",
    { dbngain: ({ bnraw, dh }) => bnraw.mul(dh).sum(0, keepdim) },
  ),
  mistake(
    "own-gain",
    "the gain is multiplied by itself",
    "the gradient of bngain is weighted by bngain itself; the slope of a product is the other factor, bnraw",
    "In the forward line bngain is multiplied by bnraw. What is its slope?",
    { dbngain: ({ bngain, dhpreact }) => bngain.mul(dhpreact).sum(0, keepdim) },
  ),
  mistake(
    "summed-apart",
    "the factors are summed before they are multiplied",
    "the gradient of bngain is a product of two sums: multiply entry by entry, then sum",
    "The product of two sums is another number than the sum of the products.",
    { dbngain: ({ bnraw, dhpreact }) => bnraw.sum(0, keepdim).mul(dhpreact.sum(0, keepdim)) },
  ),
  mistake(
    "dbnbias-mean",
    "the copies of the bias are averaged",
    "the gradient of bnbias is a mean over the batch: bnbias was added to every row, and the rows add up",
    SUMS,
    { dbnbias: ({ dhpreact }) => dhpreact.mean(0, keepdim) },
  ),
  mistake(
    "dbnbias-weighted",
    "the bias gets the gain's gradient",
    "the gradient of bnbias is weighted by bnraw, as the gain's is: a bias has slope one",
    SUMS,
    { dbnbias: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim) },
  ),
  mistake(
    "dbnbias-times-gain",
    "the gain is applied to the bias",
    "the gradient of bnbias is multiplied by bngain: the bias is added after the gain",
    SUMS,
    { dbnbias: ({ bngain, dhpreact }) => bngain.mul(dhpreact).sum(0, keepdim) },
  ),
  mistake(
    "dbnbias-from-dh",
    "tanh is skipped for the bias",
    "the gradient of bnbias is made from dh: between h and bnbias, the slope of tanh is missing",
    "Which line computes the tensor that bnbias goes into? Its gradient is the one to begin from.",
    { dbnbias: ({ dh }) => dh.sum(0, keepdim) },
  ),
  mistake(
    "gain-and-bias-mean",
    "the copies of gain and bias are averaged",
    "the gradients of bngain and bnbias are means over the batch: both were copied into every row, and the copies add up",
    SUMS,
    {
      dbngain: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).mean(0, keepdim),
      dbnbias: ({ dhpreact }) => dhpreact.mean(0, keepdim),
    },
  ),
  mistake(
    "means-for-the-fused-sums",
    "the copies of gain and bias are averaged, and the averages are used again",
    "the gradients of bngain and bnbias are means over the batch, and part 3's formula is made from them as if they were sums",
    SUMS,
    {
      dbngain: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).mean(0, keepdim),
      dbnbias: ({ dhpreact }) => dhpreact.mean(0, keepdim),
      dhprebn: (values) => batchnorm(values, { over: values.n ** 2, degrees: values.n * (values.n - 1) }),
    },
  ),
  mistake(
    "gain-and-bias-exchanged",
    "the two sums change places",
    "the gradients of bngain and bnbias are exchanged: each stands under the other's name",
    RECORD,
    { moving: (values) => exchanged(rightLoop.moving(values)), returned: ({ moving }) => moving },
  ),
  mistake(
    "gain-keepdim",
    "the sum drops its dimension",
    "the gradient of bngain has shape [hidden]: the sum dropped its dimension, and bngain has [1, hidden]",
    SHAPE,
    { dbngain: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0) },
  ),
  mistake(
    "bias-keepdim",
    "the sum drops its dimension",
    "the gradient of bnbias has shape [hidden]: the sum dropped its dimension, and bnbias has [1, hidden]",
    SHAPE,
    { dbnbias: ({ dhpreact }) => dhpreact.sum(0) },
  ),

  // dhprebn
  mistake(
    "no-mean-term",
    "the mean's term is left out",
    "the mean's term is missing in dhprebn: hprebn goes into the mean of its column as well",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { mean: 0 }) },
  ),
  mistake(
    "no-variance-term",
    "the variance's term is left out",
    "the variance's term is missing in dhprebn: hprebn goes into the variance of its column as well",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { variance: 0 }) },
  ),
  mistake(
    "direct-term-alone",
    "mean and variance count as constants",
    "dhprebn has the direct term alone: mean and variance are made from hprebn, and a gradient comes back through both",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { mean: 0, variance: 0 }) },
  ),
  mistake(
    "variance-by-n",
    "the biased variance's formula",
    "the variance's term in dhprebn is divided by n: the forward pass divides the variance by n - 1",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { degrees: values.n }) },
  ),
  mistake(
    "bessel-inverted",
    "the correction of the variance is turned over",
    "in the variance's term of dhprebn, (n - 1)/n stands for n/(n - 1)",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { variance: ((values.n - 1) / values.n) ** 2 }) },
  ),
  mistake(
    "sums-exchanged",
    "the gradients of gain and bias change places in part 3's formula",
    "the two sums of part 3's formula are exchanged in dhprebn: the mean's term has the sum with bnraw, the variance's the plain one",
    TERMS,
    {
      dhprebn: ({ bngain, bnvar_inv, bnraw, dhpreact, n }) => {
        const plain = dhpreact.sum(0, keepdim).div(n - 1);
        const weighted = bnraw.mul(dhpreact).sum(0, keepdim).div(n);
        return dhpreact.sub(weighted).sub(bnraw.mul(plain)).mul(bngain).mul(bnvar_inv);
      },
    },
  ),
  mistake(
    "mean-by-n-1",
    "n - 1 stands in the mean's term as well",
    "the mean's term in dhprebn is divided by n - 1: only the variance is; the mean divides by n",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { over: values.n - 1 }) },
  ),
  mistake(
    "mean-term-added",
    "the mean's term is added",
    "the mean's term in dhprebn has the wrong sign: it is subtracted",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { mean: -1 }) },
  ),
  mistake(
    "variance-term-added",
    "the variance's term is added",
    "the variance's term in dhprebn has the wrong sign: it is subtracted",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { variance: -1 }) },
  ),
  mistake(
    "both-terms-added",
    "both terms are added",
    "the mean's and the variance's terms in dhprebn have the wrong sign: both are subtracted",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { mean: -1, variance: -1 }) },
  ),
  mistake(
    "variance-term-doubled",
    "the square's factor is counted twice",
    "the variance's term in dhprebn is twice what it should be: the 2 of the square and the half of the root cancel",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { variance: 2 }) },
  ),
  mistake(
    "variance-term-halved",
    "the half of the root is counted, the square's 2 is not",
    "the variance's term in dhprebn is half of what it should be: the 2 of the square and the half of the root cancel",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { variance: 0.5 }) },
  ),
  mistake(
    "variance-sum-not-divided",
    "the sum of the variance's term is not divided",
    "the sum in the variance's term of dhprebn is not divided by n - 1",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { degrees: 1 }) },
  ),
  mistake(
    "mean-sum-not-divided",
    "the sum of the mean's term is not divided",
    "the sum in the mean's term of dhprebn is not divided by n: it is the mean that is subtracted",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { over: 1 }) },
  ),
  mistake(
    "batchnorm-not-divided",
    "the 1/n in front is left out",
    "dhprebn is n times what it should be: the formula that multiplies the upstream gradient by n divides all of it by n",
    TERMS,
    { dhprebn: (values) => right("dhprebn", values).mul(values.n) },
  ),
  mistake(
    "bnraw-once",
    "the variance's term is not weighted by bnraw",
    "in the variance's term of dhprebn, the sum is not multiplied by bnraw: the same amount is taken from every row",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { by: values.bnraw.mul(0).add(1) }) },
  ),
  mistake(
    "bnraw-not-in-sum",
    "the sum of the variance's term has no bnraw",
    "in the variance's term of dhprebn, the sum is over dhpreact alone; it is over dhpreact times bnraw",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { weights: values.bnraw.mul(0).add(1) }) },
  ),
  mistake(
    "hprebn-in-variance-term",
    "hprebn stands for bnraw",
    "the variance's term of dhprebn has hprebn, from before the normalization, where bnraw belongs",
    TERMS,
    { dhprebn: (values) => batchnorm(values, { weights: values.hprebn, by: values.hprebn }) },
  ),
  mistake(
    "gain-forgotten",
    "the gain is left out on the way back",
    "dhprebn is not multiplied by bngain: the gain stands in the forward line of hpreact",
    FACTORS,
    { dhprebn: (values) => batchnorm(values, { gain: one }) },
  ),
  mistake(
    "bias-for-gain",
    "the bias stands for the gain",
    "dhprebn is multiplied by bnbias where bngain belongs",
    FACTORS,
    { dhprebn: (values) => batchnorm(values, { gain: values.bnbias }) },
  ),
  mistake(
    "inverse-forgotten",
    "the deviation is left out on the way back",
    "dhprebn is not multiplied by bnvar_inv",
    FACTORS,
    { dhprebn: (values) => batchnorm(values, { inverse: one }) },
  ),
  mistake(
    "variance-for-inverse",
    "the variance stands for its inverse root",
    "dhprebn is multiplied by bnvar where bnvar_inv belongs",
    FACTORS,
    { dhprebn: (values) => batchnorm(values, { inverse: values.bnvar }) },
  ),
  mistake(
    "divided-by-variance",
    "the root is forgotten",
    "dhprebn is divided by the variance; it is divided by its root, the deviation",
    FACTORS,
    { dhprebn: (values) => batchnorm(values, { inverse: values.bnvar_inv.pow(2) }) },
  ),
  mistake(
    "divided-by-inverse",
    "the inverse is inverted",
    "dhprebn is divided by bnvar_inv; it is multiplied by it",
    FACTORS,
    { dhprebn: (values) => batchnorm(values, { inverse: values.bnvar_inv.pow(-1) }) },
  ),
  mistake(
    "epsilon-missing-backward",
    "epsilon is left out on the way back alone",
    "dhprebn is made with the inverse root of the variance without epsilon; the forward pass has it in bnvar_inv",
    FACTORS,
    { dhprebn: (values) => batchnorm(values, { inverse: values.bnvar.pow(-0.5) }) },
  ),
  mistake(
    "n-written",
    "the batch's size is written as a number",
    "32 stands for n on the way back through batchnorm and in dlogits: it is the lecture's batch size, and n is this batch's",
    "How many rows has this batch? Xb knows.",
    {
      dlogits: (values) => right("dlogits", values).mul(values.n / 32),
      dhprebn: (values) => batchnorm(values, { over: 32, degrees: 31 }),
    },
  ),
  mistake(
    "n-written-in-dlogits",
    "the batch's size is written as a number in dlogits",
    "dlogits is divided by 32, the lecture's batch size; n is this batch's",
    "How many rows has this batch? Xb knows.",
    { dlogits: (values) => right("dlogits", values).mul(values.n / 32) },
  ),
  mistake(
    "n-written-in-batchnorm",
    "the batch's size is written as a number in batchnorm",
    "32 stands for n on the way back through batchnorm: it is the lecture's batch size, and n is this batch's",
    "How many rows has this batch? Xb knows.",
    { dhprebn: (values) => batchnorm(values, { over: 32, degrees: 31 }) },
  ),
  ...[1e-3, 1e-4, 2e-5, 1e-6].map((epsilon) =>
    mistake(
      `epsilon-${short(epsilon)}-backward`,
      `epsilon is ${short(epsilon)} on the way back alone`,
      `dhprebn is made with an epsilon of ${short(epsilon)}; the forward pass has 1e-5, which shows in a neuron that hardly varies`,
      FACTORS,
      { dhprebn: (values) => batchnorm(values, { inverse: values.bnvar.add(epsilon).pow(-0.5) }) },
    ),
  ),
  mistake(
    "batchnorm-forgotten",
    "batchnorm is passed as if it were not there",
    "dhprebn is dhpreact as it is: batchnorm has a backward step of its own, part 3's",
    TERMS,
    { dhprebn: ({ dhpreact }) => dhpreact },
  ),
  mistake(
    "from-dh",
    "tanh is skipped on the way to batchnorm",
    "dhprebn is made from dh: the slope of tanh is missing there, and is right for bngain and bnbias",
    SLOPE,
    {
      dhprebn: (values) => batchnorm({ ...values, dhpreact: values.dh }, {}),
    },
  ),
  mistake(
    "normalized-over-neurons",
    "the sums run over the neurons",
    "the sums in dhprebn run along the rows: batchnorm's mean and variance are taken down the batch, dimension 0",
    TERMS,
    {
      dhprebn: ({ bngain, bnvar_inv, bnraw, dhpreact, n }) =>
        dhpreact
          .sub(dhpreact.sum(1, keepdim).div(n))
          .sub(
            bnraw.mul(
              bnraw
                .mul(dhpreact)
                .sum(1, keepdim)
                .div(n - 1),
            ),
          )
          .mul(bngain)
          .mul(bnvar_inv),
    },
  ),

  // dW1, db1, dC
  mistake(
    "dW1-mean",
    "the examples are averaged again for W1",
    "the gradient of W1 is n times too small: dhprebn holds the 1/n already, and the examples add up",
    "The mean of the loss is in dlogits. Is there another division by n in the forward lines of W1?",
    { dW1: ({ embcat, dhprebn, n }) => embcat.T.matmul(dhprebn).div(n) },
  ),
  mistake(
    "dW1-from-dhpreact",
    "batchnorm is skipped for W1",
    "the gradient of W1 is made from dhpreact: between hpreact and W1 lies batchnorm",
    "W1 goes into hprebn. Which gradient does its product begin from?",
    { dW1: ({ embcat, dhpreact }) => embcat.T.matmul(dhpreact) },
  ),
  mistake(
    "embcat-not-transposed",
    "embcat stands in the product as it is",
    "a product of [n, block*embd] with [n, hidden] does not fit: for the gradient of W1, embcat is to be transposed",
    PRODUCT,
    { dW1: ({ embcat, dhprebn }) => embcat.matmul(dhprebn) },
  ),
  mistake(
    "db1-from-dhpreact",
    "batchnorm is skipped for b1",
    "the gradient of b1 is the sum of dhpreact: between hpreact and b1 lies batchnorm, which leaves it nearly zero",
    "b1 goes into hprebn, and batchnorm takes out what is the same in all rows.",
    { db1: ({ dhpreact }) => dhpreact.sum(0) },
  ),
  mistake(
    "db1-keepdim",
    "the sum keeps its dimension for b1",
    "the gradient of b1 keeps the dimension that is summed over: it has shape [1, hidden], and b1 has [hidden]",
    SHAPE,
    { db1: ({ dhprebn }) => dhprebn.sum(0, keepdim) },
  ),
  mistake(
    "W1-moved-first",
    "W1 is updated before it is used on the way back",
    "the gradient that goes back through W1 is taken at the W1 that has moved already",
    ORDER,
    { dembcat: ({ dhprebn, W1, dW1, learningRate }) => dhprebn.matmul(W1.sub(dW1.mul(learningRate)).T) },
  ),
  mistake(
    "W1-not-transposed",
    "the product is written as in the forward pass for W1",
    "a product of [n, hidden] with [block*embd, hidden] does not fit: W1 is to be transposed on the way back",
    PRODUCT,
    { dembcat: ({ dhprebn, W1 }) => dhprebn.matmul(W1) },
  ),
  mistake(
    "dembcat-from-dhpreact",
    "batchnorm is skipped on the way to C",
    "the gradient of C is made from dhpreact: between hpreact and C lies batchnorm",
    "W1 and C go into hprebn. Which gradient does the product begin from?",
    { dembcat: ({ dhpreact, W1 }) => dhpreact.matmul(W1.T) },
  ),
  mistake(
    "last-use-wins",
    "a row is set where it should collect",
    "each row of dC holds the contribution of its last use alone: the uses of a character add up",
    LOOKUP,
    { dC: (values) => collected(values, (_, comes) => comes) },
  ),
  mistake(
    "first-use-alone",
    "a row is filled once",
    "each row of dC holds the contribution of its first use alone: the uses of a character add up",
    LOOKUP,
    { dC: (values) => collected(values, (held, comes, use) => (use === 0 ? comes : held)) },
  ),
  mistake(
    "uses-averaged",
    "the uses of a character are averaged",
    "each row of dC is the mean of its uses' contributions: the uses of a character add up",
    LOOKUP,
    { dC: (values) => collected(values, (held, comes, use) => (held * use + comes) / (use + 1)) },
  ),
  mistake(
    "last-example-without-use",
    "a loop over the contexts ends one early",
    "dC has nothing from the last example: does a loop over the examples end too early?",
    "How many rows has this batch, and which is the last one that is visited?",
    { dC: ({ C, Xb, demb, n }) => placesOf(C, Xb, demb, (_, row) => row < n - 1) },
  ),
  mistake(
    "one-use-per-context",
    "a character that is twice in a context counts once",
    "where a character stands more than once in one context, dC has only the last of these: each place counts",
    LOOKUP,
    {
      dC: ({ C, Xb, demb }) => {
        const dC = zerosLike(C);
        for (let i = 0; i < Xb.size(0); i++) {
          const places = new Map<number, number>();
          for (let j = 0; j < Xb.size(1); j++) places.set(Xb.get(i, j), j);
          for (const [character, j] of places)
            for (let k = 0; k < C.size(1); k++) dC.set(character, k, dC.get(character, k) + demb.get(i, j, k));
        }
        return dC;
      },
    },
  ),
  mistake(
    "first-place-alone",
    "only a context's first character learns",
    "dC has the contributions of each context's first character alone: all places of the context count",
    LOOKUP,
    {
      dC: ({ C, Xb, demb }) => placesOf(C, Xb, demb, (j) => j === 0),
    },
  ),
  mistake(
    "last-place-alone",
    "only a context's last character learns",
    "dC has the contributions of each context's last character alone: all places of the context count",
    LOOKUP,
    {
      dC: ({ C, Xb, demb }) => placesOf(C, Xb, demb, (j) => j === Xb.size(1) - 1),
    },
  ),
  mistake(
    "demb-turned",
    "demb is cut up in another order than embcat was joined",
    "demb has the right numbers in other places: its view puts the contexts' places before the examples",
    "embcat came from emb by a view; its gradient goes back by the view to emb's own shape.",
    { demb: ({ dembcat, emb, n }) => turned(dembcat, n, emb.size(1), emb.size(2)) },
  ),
  mistake(
    "places-reversed",
    "a context is read from its end",
    "dC has each contribution at the character of the mirrored place: the context is read from its other end",
    "Row i and place j of Xb name the row of C that entry [i, j] of emb came from.",
    {
      dC: ({ C, Xb, demb }) => {
        const dC = zerosLike(C);
        const block = Xb.size(1);
        eachPlace(Xb, (i, j, character) => {
          for (let k = 0; k < C.size(1); k++)
            dC.set(character, k, dC.get(character, k) + demb.get(i, block - 1 - j, k));
        });
        return dC;
      },
    },
  ),

  // the update
  mistake(
    "moved-along",
    "the gradient is added",
    "the parameters move along their gradients, which makes the loss larger; they should move against them",
    "The sign of the step: the loss goes down against the gradient.",
    { moved: movedBy(({ moving, learningRate }, name) => moving[name].mul(-learningRate)) },
  ),
  mistake(
    "moved-twice",
    "the update is made twice",
    "the parameters move by twice the step: is the update made twice?",
    UPDATE,
    { moved: movedBy(({ moving, learningRate }, name) => moving[name].mul(2 * learningRate)) },
  ),
  mistake(
    "not-moved",
    "the result of the update is thrown away",
    "the parameters have not moved: is the update in place?",
    "Which operation changes a tensor in place? Its name ends in _. The others return a new tensor.",
    { moved: ({ parameters }) => parameters },
  ),
  mistake(
    "rate-ignored",
    "the learning rate is left out",
    "the parameters move by the whole gradient: the learning rate is missing",
    UPDATE,
    { moved: movedBy(({ moving }, name) => moving[name]) },
  ),
  mistake(
    "rate-written",
    "0.1 is written as a number",
    "the parameters move by 0.1 times the gradient, whatever the learning rate: it comes in as an argument",
    UPDATE,
    { moved: movedBy(({ moving }, name) => moving[name].mul(0.1)) },
  ),
  mistake(
    "rate-squared",
    "the learning rate is applied twice",
    "the parameters move by the gradient times the square of the learning rate: it is applied twice",
    UPDATE,
    { moved: movedBy(({ moving, learningRate }, name) => moving[name].mul(learningRate * learningRate)) },
  ),
  mistake(
    "rate-divided",
    "the gradient is divided by the learning rate",
    "the parameters move by the gradient divided by the learning rate; it should be multiplied by it",
    UPDATE,
    { moved: movedBy(({ moving, learningRate }, name) => moving[name].div(learningRate)) },
  ),
  mistake(
    "slower-rate-written",
    "0.01 is written as a number",
    "the parameters move by 0.01 times the gradient, whatever the learning rate: it comes in as an argument",
    UPDATE,
    { moved: movedBy(({ moving }, name) => moving[name].mul(0.01)) },
  ),
  mistake(
    "step-over-n",
    "the step is divided by the batch's size",
    "the parameters move by 1/n of the step: the mean over the batch is in the gradients already",
    UPDATE,
    { moved: movedBy(({ moving, learningRate, n }, name) => moving[name].mul(learningRate / n)) },
  ),
  mistake(
    "step-alone",
    "the parameter is set to the step",
    "the parameters hold the step alone; they should hold what they were less the step",
    "A parameter keeps what it was; the step is taken from it.",
    { moved: ({ moving, learningRate }) => eachParameter((name) => moving[name].mul(-learningRate)) },
  ),
  mistake(
    "sign-of-gradient",
    "only the sign of the gradient counts",
    "each number moves by the learning rate, up or down: the size of its gradient is left out",
    UPDATE,
    {
      moved: movedBy(({ moving, learningRate }, name) => signs(moving[name]).mul(learningRate)),
    },
  ),
  mistake(
    "gradient-of-the-step-before",
    "a gradient is kept from the step before",
    "the parameters move by the gradients of the step before this one",
    STATE,
    {
      moved: movedBy((values, name) => (earlier(values, name) ?? values.moving[name].mul(0)).mul(values.learningRate)),
    },
  ),
  mistake(
    "gradient-of-the-step-before-but-first",
    "a gradient is kept from the step before, but for the first step",
    "from the second step on, the parameters move by the gradients of the step before",
    STATE,
    { moved: movedBy((values, name) => (values.before[0]?.moving ?? values.moving)[name].mul(values.learningRate)) },
  ),
  mistake(
    "gradients-of-the-first-step",
    "the gradients are computed once",
    "the gradients of the first step are returned and used again at every step",
    STATE,
    {
      moving: (values) => values.before.at(-1)?.moving ?? rightLoop.moving(values),
      returned: ({ moving }) => moving,
    },
  ),
  mistake(
    "returned-from-before",
    "the gradients of the step before are returned",
    "the gradients that are returned are those of the step before this one; the update is right",
    STATE,
    { returned: (values) => values.before[0]?.moving ?? rightLoop.returned(values) },
  ),
  mistake(
    "gradients-accumulated",
    "gradients are not set to zero between the steps",
    "the gradients add up over the steps: each step's own are asked for",
    STATE,
    {
      moving: (values) => {
        const own = rightLoop.moving(values);
        return eachParameter((name) => {
          const sum = earlier(values, name);
          return sum ? own[name].add(sum) : own[name];
        });
      },
      returned: ({ moving }) => moving,
    },
  ),
  mistake(
    "momentum",
    "momentum is added",
    "the parameters move on by a part of the steps before: momentum is not asked for",
    STATE,
    {
      moving: (values) => {
        const own = rightLoop.moving(values);
        return eachParameter((name) => {
          const last = earlier(values, name);
          return last ? own[name].add(last.mul(MOMENTUM)) : own[name];
        });
      },
    },
  ),
  mistake(
    "clipped-by-value",
    "gradients are limited to 1",
    "gradients beyond 1 or -1 are limited before the update: no limit is asked for",
    UPDATE,
    { moved: movedBy(({ moving, learningRate }, name) => moving[name].clamp(-1, 1).mul(learningRate)) },
  ),
  mistake(
    "clipped-by-norm",
    "gradients are scaled down to length 1",
    "a gradient longer than 1 is scaled to length 1 before the update: no limit is asked for",
    UPDATE,
    {
      moved: movedBy(({ moving, learningRate }, name) => {
        const length = Math.sqrt(moving[name].pow(2).sum().item());
        return moving[name].mul(learningRate / Math.max(length, 1));
      }),
    },
  ),
  mistake(
    "clipped-by-the-whole-norm",
    "all gradients together are scaled down to length 1",
    "the gradients are scaled so that all together have length 1 at most, before the update: no limit is asked for",
    UPDATE,
    {
      moved: (values) => {
        const { moving, learningRate } = values;
        const length = Math.sqrt(parameterNames.reduce((sum, name) => sum + moving[name].pow(2).sum().item(), 0));
        return movedBy((_, name) => moving[name].mul(learningRate / Math.max(length, 1)))(values);
      },
    },
  ),
  mistake(
    "gradients-normalized",
    "each gradient is divided by its length",
    "each gradient is divided by its length before the update: the step is the learning rate times the gradient itself",
    UPDATE,
    {
      moved: movedBy(({ moving, learningRate }, name) =>
        moving[name].mul(learningRate / Math.sqrt(moving[name].pow(2).sum().item())),
      ),
    },
  ),

  mistake(
    "bias-moved-by-the-gain's",
    "bnbias is updated by its neighbour's gradient",
    "bnbias moves by the gradient of bngain; all gradients are right",
    RECORD,
    { moving: (values) => ({ ...rightLoop.moving(values), bnbias: values.dbngain }) },
  ),
  mistake(
    "gain-moved-by-the-bias's",
    "bngain is updated by its neighbour's gradient",
    "bngain moves by the gradient of bnbias; all gradients are right",
    RECORD,
    { moving: (values) => ({ ...rightLoop.moving(values), bngain: values.dbnbias }) },
  ),
  mistake(
    "exchanged-in-the-update",
    "gain and bias are updated by each other's gradient",
    "bngain and bnbias move by each other's gradient; all gradients are right",
    RECORD,
    { moving: (values) => exchanged(rightLoop.moving(values)) },
  ),

  // what is returned
  mistake(
    "returned-scaled",
    "the gradients are multiplied by the learning rate in place",
    "the gradients that are returned are multiplied by the learning rate: the update changed them in place",
    RECORD,
    { returned: ({ moving, learningRate }) => eachParameter((name) => moving[name].mul(learningRate)) },
  ),
  mistake(
    "returned-negated",
    "the step is returned for the gradient",
    "the gradients that are returned are the steps, the gradients times minus the learning rate; the update is right",
    RECORD,
    { returned: ({ moving, learningRate }) => eachParameter((name) => moving[name].mul(-learningRate)) },
  ),
  mistake(
    "returned-exchanged",
    "the names of the gain and the bias change places",
    "the gradients of bngain and bnbias are returned under each other's name; the update is right",
    RECORD,
    { returned: ({ moving }) => exchanged(moving) },
  ),
  mistake(
    "parameters-returned",
    "the parameters are returned for their gradients",
    "the gradients that are returned are the parameters after the update; the update is right",
    RECORD,
    { returned: ({ moved }) => moved },
  ),
  mistake(
    "zeros-returned",
    "the gradients are set to zero before they are returned",
    "the gradients that are returned are zero, and the update is right: were they cleared before they were returned?",
    RECORD,
    { returned: ({ moving }) => eachParameter((name) => zerosLike(moving[name])) },
  ),
];

/** The lines that a mistake changes. */
export function changedLines({ changes }: Pick<LoopMistake, "changes">): LineName[] {
  return Object.keys(changes) as LineName[];
}

/** What to look at, by the mistake's id, or by the line that is off by a factor. */
export const trainingLooks: Readonly<Record<string, string>> = {
  ...Object.fromEntries(trainingMistakes.map(({ id, look }) => [id, look])),
  dlogits: LOGITS,
  dW2: "The gradient of W2 is a product of h and dlogits, as in step 10 of part 1, and of nothing else.",
  db2: SUMS,
  dhpreact: `Two steps lie between dlogits and dhpreact, 9 and 12 of part 1. ${SLOPE}`,
  dbngain: "The gain was copied down the batch and multiplied by bnraw, as in step 13 of part 1.",
  dbnbias: SUMS,
  dhprebn: TERMS,
  dW1: "The gradient of W1 is a product of embcat and dhprebn, as in step 23 of part 1, and of nothing else.",
  db1: SUMS,
  dC: `Three steps lead from dhprebn to C, 22, 25 and 26 of part 1. ${LOOKUP}`,
  step: UPDATE,
};

function placesOf(C: Tensor, Xb: Tensor, demb: Tensor, counts: (place: number, row: number) => boolean): Tensor {
  const dC = zerosLike(C);
  eachPlace(Xb, (i, j, character) => {
    if (!counts(j, i)) return;
    for (let k = 0; k < C.size(1); k++) dC.set(character, k, dC.get(character, k) + demb.get(i, j, k));
  });
  return dC;
}

/** [n, block*embd] read as [block, n, embd], and its first two dimensions exchanged. */
function turned(dembcat: Tensor, n: number, block: number, embd: number): Tensor {
  const read = dembcat.view(block, n, embd);
  const out = zerosLike(dembcat.view(n, block, embd));
  for (let i = 0; i < n; i++)
    for (let j = 0; j < block; j++) for (let k = 0; k < embd; k++) out.set(i, j, k, read.get(j, i, k));
  return out;
}

function signs(x: Tensor): Tensor {
  return tensor(
    [...x.toArray()].map((value) => Math.sign(value)),
    x.shape,
  );
}
