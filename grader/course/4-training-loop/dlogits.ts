import { oneHot, type Tensor } from "#tensor";
import type { LoopValues } from "../makemore/loop.ts";
import { LOGITS } from "./looks.ts";
import type { LoopMistake } from "./mistake.ts";
import { one, probs, right } from "./pieces.ts";

const labels = ({ logits, Yb }: LoopValues): Tensor => oneHot(Yb, logits.size(1));

/** Mistakes in dlogits, part 2's formula. */
export const dlogits: readonly LoopMistake[] = [
  {
    id: "label-kept",
    idea: "the 1 is not subtracted",
    sentence: "dlogits has only the probabilities, divided by n: 1 should be subtracted at each row's label first",
    look: LOGITS,
    changes: { dlogits: (values) => probs(values).div(values.n) },
  },
  {
    id: "dlogits-sum",
    idea: "the loss is treated as a sum",
    sentence:
      "dlogits is n times what it should be: the loss is a mean over the examples, so each row has a factor of 1/n",
    look: LOGITS,
    changes: { dlogits: (values) => probs(values).sub(labels(values)) },
  },
  {
    id: "dlogits-sign",
    idea: "labels minus probabilities",
    sentence: "dlogits has the wrong sign: the gradient is positive where a probability is too large",
    look: LOGITS,
    changes: { dlogits: (values) => right("dlogits", values).neg() },
  },
  {
    id: "softmax-over-batch",
    idea: "softmax runs down the batch",
    sentence: "the probabilities in dlogits sum to 1 down the batch; each row should sum to 1",
    look: "Softmax turns the logits of one example into probabilities: those of a row, along dimension 1.",
    changes: { dlogits: (values) => values.logits.softmax(0).sub(labels(values)).div(values.n) },
  },
  {
    id: "logits-for-probs",
    idea: "the logits are used instead of the probabilities",
    sentence: "dlogits has the logits themselves where their softmax belongs",
    look: LOGITS,
    changes: { dlogits: (values) => values.logits.sub(labels(values)).div(values.n) },
  },
  {
    id: "logprobs-for-probs",
    idea: "log-probabilities are used instead of probabilities",
    sentence: "dlogits has the logarithms of the probabilities where the probabilities belong",
    look: LOGITS,
    changes: { dlogits: (values) => probs(values).log().sub(labels(values)).div(values.n) },
  },
  {
    id: "counts-for-probs",
    idea: "the exponentials are not normalized",
    sentence: "dlogits has exponentials, not divided by their row's sum, where the probabilities belong",
    look: LOGITS,
    changes: { dlogits: (values) => values.logits.exp().sub(labels(values)).div(values.n) },
  },
  {
    id: "label-alone",
    idea: "only the label's logit gets a gradient",
    sentence: "dlogits is -1/n at the labels and zero elsewhere: the probabilities are missing",
    look: LOGITS,
    changes: { dlogits: (values) => labels(values).div(-values.n) },
  },
  {
    id: "n-for-labels-alone",
    idea: "only the labels are divided by n",
    sentence: "in dlogits, only the labels' part is divided by n, and the probabilities are not",
    look: LOGITS,
    changes: { dlogits: (values) => probs(values).sub(labels(values).div(values.n)) },
  },
  {
    id: "n-for-probs-alone",
    idea: "only the probabilities are divided by n",
    sentence: "in dlogits, only the probabilities are divided by n, and the 1 at each label is not",
    look: LOGITS,
    changes: { dlogits: (values) => probs(values).div(values.n).sub(labels(values)) },
  },
  {
    id: "over-all-logits",
    idea: "the mean is taken over all logits",
    sentence: "dlogits is divided by the number of all logits, n times vocab; the loss is a mean over the n examples",
    look: LOGITS,
    changes: { dlogits: (values) => right("dlogits", values).div(values.logits.size(1)) },
  },
  {
    id: "over-vocab",
    idea: "the size of the vocabulary is used instead of the size of the batch",
    sentence: "dlogits is divided by the size of the vocabulary; the loss is a mean over the n examples",
    look: LOGITS,
    changes: { dlogits: (values) => right("dlogits", values).mul(values.n / values.logits.size(1)) },
  },
  {
    id: "one-everywhere",
    idea: "1 is subtracted from every probability",
    sentence: "in dlogits, 1 is subtracted from every entry; it should be subtracted only at each row's label",
    look: LOGITS,
    changes: { dlogits: (values) => probs(values).sub(1).div(values.n) },
  },
  {
    id: "probs-squared",
    idea: "the slope of softmax is used instead of the probability",
    sentence:
      "dlogits has each probability times 1 minus itself, the slope of softmax alone; with cross-entropy, the probability itself is left",
    look: LOGITS,
    changes: {
      dlogits: (values) =>
        probs(values)
          .mul(one.sub(probs(values)))
          .sub(labels(values))
          .div(values.n),
    },
  },
  {
    id: "last-example-without-gradient",
    idea: "a loop over the batch ends one row early",
    sentence: "the last row of dlogits is zero: does a loop over the examples end too early?",
    look: "How many rows does this batch have, and which is the last one that the loop visits?",
    changes: {
      dlogits: (values) => {
        const dlogits = right("dlogits", values);
        for (let j = 0; j < dlogits.size(1); j++) dlogits.set(values.n - 1, j, 0);
        return dlogits;
      },
    },
  },
];
