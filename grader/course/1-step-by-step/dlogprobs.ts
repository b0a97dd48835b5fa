import { oneHot, ones, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import { build, eye } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dlogprobs = gradientRoom(makemore, {
  tensor: "logprobs",
  lecture: [780],
  // in each row another entry has the value of the label's: code that looks for the value finds both
  hostile: {
    logprobs: [
      [-1, -1, -0.5],
      [-0.7, -1.5, -0.7],
    ],
    Yb: [0, 2],
  },

  idea: "Only entries that were read can change the loss; all others have gradient zero.",

  questions: [
    {
      id: "zeros",
      ask: "How many entries of dlogprobs [n, vocab] are not zero?",
      answer: "one in each row, so n",
      others: [
        "all of them, so n * vocab",
        "only one, because the loss is a single number",
        "one in each column, so vocab",
      ],
      why: "The loss reads one entry from each row, that of the label. An entry that is not read cannot change it.",
    },
    {
      id: "sign",
      ask: "Which sign do the nonzero entries of dlogprobs have?",
      answer: "minus",
      others: ["plus", "either sign: it depends on the values"],
      why: "The loss is minus a mean: it falls when the log probability of a correct character rises.",
    },
  ],

  hints: {
    ask: "Which entries of logprobs does the loss read? What is the gradient of those that it does not read?",
    rule:
      "The loss is minus a mean of n numbers, one from each row. Every entry that is read affects the loss equally, " +
      "whatever its own value; an entry that is not read has no effect.",
    numbers: {
      logprobs: [
        [-1, -2, -0.5],
        [-0.7, -1.5, -1.2],
      ],
      Yb: [2, 0],
    },
    show: ["logprobs", "Yb"],
    worked: "dlogprobs[0, 2] = -1 / 2",
    piece:
      "Start from zeros in the shape of logprobs. In each row one position is filled, the column that Yb names for " +
      "that row. All n positions get the same number: its sign comes from the minus in front of the mean, its size " +
      "from the number of examples, which is the length of Yb.",
  },

  mistakes: [
    {
      id: "sign",
      idea: "the loss is taken to be the mean, not minus the mean",
      sentence: "the sign is flipped: a larger log-probability of the correct character lowers the loss",
      look: looks.sign("logprobs"),
      answer: ({ logprobs, Yb }) => atLabels(logprobs, Yb, 1 / Yb.size(0)),
    },
    {
      id: "mean-forgotten",
      idea: "the mean is mistaken for a sum",
      sentence: "each picked entry is too large by a factor of n, the number of examples: the loss is a mean over them",
      look: looks.meanForgotten,
      answer: ({ logprobs, Yb }) => atLabels(logprobs, Yb, -1),
    },
    {
      id: "everywhere",
      idea: "the mean is taken over all entries, as if every one were picked",
      sentence: "every entry is filled, but the loss reads one entry of each row; the others have no effect on it",
      look: "The loss line picks logprobs[i, Yb[i]]: count how many entries that is in a batch of n.",
      answer: ({ logprobs, Yb }) => onesLike(logprobs).mul(-1 / Yb.size(0)),
    },
    {
      id: "divided-by-all",
      idea: "the mean is divided by the number of elements",
      sentence:
        "the picked entries are too small by a factor of the vocabulary size: the mean is over the examples, not over all elements",
      look: "How many numbers are averaged? One per row, however long the rows are.",
      answer: ({ logprobs, Yb }) => atLabels(logprobs, Yb, -1 / logprobs.numel()),
    },
    {
      id: "divided-by-vocab",
      idea: "the mean is divided by the size of the vocabulary",
      sentence: "the picked entries are divided by the size of the vocabulary, but the mean is over the examples",
      look: "How many numbers are averaged? One per row, however long the rows are.",
      answer: ({ logprobs, Yb }) => atLabels(logprobs, Yb, -1 / logprobs.size(1)),
    },
    {
      id: "other-entries",
      idea: "the picked entries and the others are swapped",
      sentence: "the entries that the loss does not read are filled, and those that it reads are zero",
      look: "The loss reads logprobs[i, Yb[i]] and no other entry. If one of the others grows, does the loss change?",
      answer: ({ logprobs, Yb }) =>
        onesLike(logprobs)
          .sub(atLabels(logprobs, Yb, 1))
          .mul(-1 / Yb.size(0)),
    },
    {
      id: "fused",
      idea: "the gradient with respect to the logits is returned",
      sentence:
        "this is the gradient with respect to the logits, the probabilities minus one at each label: the loss reads logprobs only at the labels",
      look:
        "Only the last line is asked about here: the loss reads logprobs[i, Yb[i]]. If another entry of the row " +
        "grows, does the loss change?",
      answer: ({ logprobs, Yb }) =>
        logprobs
          .exp()
          .sub(atLabels(logprobs, Yb, 1))
          .div(Yb.size(0)),
    },
    {
      id: "first-column",
      idea: "the labels are not used as columns",
      sentence: "the same column is filled in every row: which column is read differs from row to row, with the label",
      look: "The column differs from row to row: read it from Yb for each row.",
      answer: ({ logprobs, Yb }) => atLabels(logprobs, zeroIndices(Yb), -1 / Yb.size(0)),
    },
    {
      id: "logprobs-kept",
      idea: "the value is used as the slope",
      sentence:
        "the picked log-probabilities themselves are in the answer: the slope of a mean does not depend on its terms",
      look:
        "Let a picked entry grow by 0.3 in a batch of 3: once from -1, once from -2. How much does the mean change " +
        "each time?",
      answer: ({ logprobs, Yb }) => logprobs.mul(atLabels(logprobs, Yb, -1 / Yb.size(0))),
    },
    {
      id: "zeros",
      idea: "nothing was written into the zeros",
      sentence: "every entry is zero, as if none had an effect on the loss",
      look: "Zeros are the right start. n positions still have to be filled, one in each row.",
      answer: ({ logprobs }) => zerosLike(logprobs),
    },
  ],

  alsoRight: [
    {
      code: "return oneHot(Yb, logprobs.size(1)).div(-Yb.size(0));",
      why: "No loop: a row of zeros with a one at the label, divided by -n. Whole batches are usually written like this.",
    },
  ],

  forms: [
    ({ logprobs, Yb }) => oneHot(Yb, logprobs.size(1)).mul(-1 / Yb.size(0)),
    ({ logprobs, Yb }) => oneHot(Yb, logprobs.size(1)).div(-Yb.size(0)),
    ({ logprobs, Yb }) => zerosLike(logprobs).scatterAdd(1, Yb.view(-1, 1), ones(Yb.size(0), 1).div(Yb.size(0)).neg()),
    ({ logprobs, Yb }) => build([...logprobs.shape], (i, j) => (Yb.get(i) === j ? -1 / logprobs.size(0) : 0)),
    ({ logprobs, Yb }) =>
      oneHot(Yb, logprobs.size(1))
        .neg()
        .mul(tensor(1).div(Yb.size(0))),
    ({ logprobs, Yb }) => {
      const d = zerosLike(logprobs);
      for (let i = 0; i < Yb.size(0); i++) d.set(i, Yb.get(i), d.get(i, Yb.get(i)) - 1 / Yb.size(0));
      return d;
    },
    ({ logprobs, Yb }) => eye(logprobs.size(1)).gatherRows(Yb).div(-Yb.size(0)),
    ({ logprobs, Yb }) =>
      ones(Yb.size(0), 1)
        .mul(-1 / Yb.size(0))
        .mul(oneHot(Yb, logprobs.size(1))),
  ],
});

/** A tensor with one value at row i, column Yb[i]. */
function atLabels(like: Tensor, Yb: Tensor, value: number): Tensor {
  return oneHot(Yb, like.size(1)).mul(value);
}

/** Indices of the first column, one per row. */
function zeroIndices(Yb: Tensor): Tensor {
  const first = Yb.clone();
  for (let i = 0; i < first.size(0); i++) first.set(i, 0);
  return first;
}
