import { oneHot, ones, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import { build, eye } from "../elements.ts";
import { looks } from "../looks.ts";
import { gradientRoom } from "../rooms.ts";

export const dlogprobs = gradientRoom({
  tensor: "logprobs",

  hints: {
    ask: "Which entries of logprobs does the loss read? What is left for those that it does not read?",
    rule:
      "The loss is minus a mean of n numbers, one from each row. Each number that is read moves the loss by the same " +
      "amount, whatever its own value; a number that is not read moves nothing.",
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
      "Begin with zeros in the shape of logprobs. In each row one place is filled, the column that Yb names for that " +
      "row. All n places get the same number: its sign comes from the minus before the mean, its size from the number " +
      "of examples, which is the length of Yb.",
  },

  mistakes: [
    {
      id: "sign",
      idea: "the loss is taken for the mean, not minus the mean",
      sentence: "the sign is flipped: a larger log-probability of the right character lowers the loss",
      look: looks.sign("logprobs"),
      answer: ({ logprobs, Yb }) => atLabels(logprobs, Yb, 1 / Yb.size(0)),
    },
    {
      id: "mean-forgotten",
      idea: "the mean is taken for a sum",
      sentence: "each picked entry is too large by the number of examples: the loss is a mean over them",
      look: looks.meanForgotten,
      answer: ({ logprobs, Yb }) => atLabels(logprobs, Yb, -1),
    },
    {
      id: "everywhere",
      idea: "the mean is taken over everything, as if all entries were picked",
      sentence: "every entry is filled, but the loss reads one entry of each row; the others do not move it",
      look: "The loss line picks logprobs[i, Yb[i]]: count how many entries that is in a batch of n.",
      answer: ({ logprobs, Yb }) => onesLike(logprobs).mul(-1 / Yb.size(0)),
    },
    {
      id: "divided-by-all",
      idea: "the mean is divided by the number of elements",
      sentence:
        "the picked entries are too small by the size of the vocabulary: the mean is over the examples, not over all elements",
      look: "How many numbers are averaged? One for each row, however long the rows are.",
      answer: ({ logprobs, Yb }) => atLabels(logprobs, Yb, -1 / logprobs.numel()),
    },
    {
      id: "divided-by-vocab",
      idea: "the mean is divided by the size of the vocabulary",
      sentence: "the picked entries are divided by the size of the vocabulary, but the mean is over the examples",
      look: "How many numbers are averaged? One for each row, however long the rows are.",
      answer: ({ logprobs, Yb }) => atLabels(logprobs, Yb, -1 / logprobs.size(1)),
    },
    {
      id: "other-entries",
      idea: "the picked entries and the others are exchanged",
      sentence: "the entries that the loss does not read are filled, and those that it reads are zero",
      look: "The loss reads logprobs[i, Yb[i]] and no other entry. If one of the others grows, does the loss move?",
      answer: ({ logprobs, Yb }) =>
        onesLike(logprobs)
          .sub(atLabels(logprobs, Yb, 1))
          .mul(-1 / Yb.size(0)),
    },
    {
      id: "fused",
      idea: "the gradient by the logits is given",
      sentence:
        "this is the gradient with respect to the logits, probabilities less ones at the labels: logprobs is read at the labels alone",
      look: "Only the last line is asked about here: the loss reads logprobs[i, Yb[i]]. If another entry of the row grows, does the loss move?",
      answer: ({ logprobs, Yb }) =>
        logprobs
          .exp()
          .sub(atLabels(logprobs, Yb, 1))
          .div(Yb.size(0)),
    },
    {
      id: "first-column",
      idea: "the labels are not used as columns",
      sentence: "one column is filled for all rows: which column is read differs from row to row, by the label",
      look: "The column differs from row to row: read it from Yb for each row.",
      answer: ({ logprobs, Yb }) => atLabels(logprobs, zeroIndices(Yb), -1 / Yb.size(0)),
    },
    {
      id: "logprobs-kept",
      idea: "the value is taken for the slope",
      sentence:
        "the picked log-probabilities themselves are in the answer; the slope of a mean does not depend on its terms",
      look:
        "Let a picked number grow by 0.3 in a batch of 3: once from -1, once from -2. How far does the mean move " +
        "each time?",
      answer: ({ logprobs, Yb }) => logprobs.mul(atLabels(logprobs, Yb, -1 / Yb.size(0))),
    },
    {
      id: "zeros",
      idea: "nothing was written into the zeros",
      sentence: "every entry is zero: nothing would move the loss",
      look: "Zeros are the right beginning. n places are still to be filled, one in each row.",
      answer: ({ logprobs }) => zerosLike(logprobs),
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

/** Indices of the first column, one a row. */
function zeroIndices(Yb: Tensor): Tensor {
  const first = Yb.clone();
  for (let i = 0; i < first.size(0); i++) first.set(i, 0);
  return first;
}
