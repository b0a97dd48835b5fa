import { keepdim, oneHot, tensor, zeros, zerosLike, type Tensor } from "#tensor";
import { added, build, delta, each, eye, reader, sum, throughRows } from "../elements.ts";
import { dlogitsByLogSumExp } from "../makemore/logsumexp.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { spanRoom } from "../rooms.ts";

export const dlogits = spanRoom(makemore, {
  id: "fused-dlogits",
  tensor: "logits",
  from: "logit_maxes",
  to: "loss",
  given: ["logits", "Yb"],
  terms: { direct: "the label's term", through: { counts_sum: "the probabilities' term" }, idle: ["logit_maxes"] },
  otherWay: dlogitsByLogSumExp,
  softmaxOf: { given: "logits", one: "logit" },
  // first, the label's own logit dominates its row, and none is large: what is added to a sum of exponentials near 1 shows;
  // then, a row that is far above these: only its own maximum keeps the exponentials of each row in range
  hostile: {
    logits: [
      [0, -12, -14],
      [-13, -12, 0],
      [300, 302, 299],
    ],
    Yb: [0, 2, 0],
  },
  lecture: [5191],

  idea: "A fused formula is the long chain without everything that cancels.",

  questions: [
    {
      id: "row-sums",
      ask: "What does each row of dlogits sum to?",
      answer: "0",
      others: ["1/n", "1", "-1/n"],
      why: "Adding one number to a whole row changes no probability, so the gradient has no part in that direction.",
    },
    {
      id: "sign",
      ask: "Which entries of dlogits are negative?",
      answer: "one in each row, at the label",
      others: ["all but one in each row, which is at the label", "one in each row, at the largest logit", "none"],
      why: "The loss falls when the label's logit rises, and rises when any other logit does.",
    },
  ],

  hints: {
    ask:
      "There is no upstream gradient: the lines go all the way to the loss. Which tensor of the forward pass has the " +
      "answer's shape and needs only a small change?",
    rule:
      "On paper, for one row: the loss is minus the label's logit plus the logarithm of a sum of exponentials. The " +
      "derivative of the first term with respect to the label's logit is -1. The derivative of the second with " +
      "respect to each logit is a quotient that already has a name in the forward pass. Below, n is 2: multiply the " +
      "answer by 2, compare it with probs, and see which entries agree.",
    numbers: {
      logits: [
        [0, 1, 2],
        [1, 1, 1],
      ],
      Yb: [2, 0],
    },
    show: ["logits", "Yb", "probs"],
    worked: "{dlogits 0 0} + {dlogits 0 1} + {dlogits 0 2} = 0",
    piece:
      "Three parts: the probabilities of each row, which softmax computes along dimension 1; a one in the label's " +
      "column, which is subtracted from them; and the mean over the n examples, which scales everything. oneHot " +
      "makes the rows of the second part from the labels.",
  },

  mistakes: [
    {
      id: "mean-forgotten",
      idea: "the mean is treated as a sum",
      sentence: "every value is n times too large: the loss is a mean over the n examples",
      look: looks.meanForgotten,
      answer: ({ logits, Yb }) => logits.softmax(1).sub(labels(logits, Yb)),
    },
    {
      id: "label-forgotten",
      idea: "the label's term is left out",
      sentence: "every character is pushed down: the pull up on the correct one is missing",
      look: "Which logit lowers the loss when it grows? Its entry is negative in every correct answer.",
      answer: ({ logits }) => logits.softmax(1).div(logits.size(0)),
    },
    {
      id: "subtracted-everywhere",
      idea: "one is subtracted from every entry",
      sentence: "one is subtracted from every entry: only the correct character should be pulled up",
      look: "Each row of a correct answer sums to zero. How many ones may be subtracted from a row of probabilities?",
      answer: ({ logits }) => logits.softmax(1).sub(1).div(logits.size(0)),
    },
    {
      id: "softmax-down",
      idea: "the softmax is taken over the batch",
      sentence: "the softmax runs down the batch: each example has its own probabilities, along its row",
      look: "Check that each row of your probabilities sums to one.",
      answer: ({ logits, Yb }) => logits.softmax(0).sub(labels(logits, Yb)).div(logits.size(0)),
    },
    {
      id: "sign",
      idea: "the two terms of the difference are swapped",
      sentence: "the sign is flipped: a larger logit of the correct character lowers the loss",
      look:
        "If the label's logit grows, does the loss rise or fall? The label's entry has that sign, and all other " +
        "entries of its row have the opposite one.",
      answer: ({ logits, Yb }) => labels(logits, Yb).sub(logits.softmax(1)).div(logits.size(0)),
    },
    {
      id: "maxima-of-columns",
      idea: "the maximum of each column is subtracted before exp",
      sentence:
        "before exp, the maximum of each column is subtracted: it cancels only if all logits of a row lose the same number",
      look: "The softmax divides by a sum along the row. Along which dimension is the maximum constant in that sum?",
      answer: ({ logits, Yb }) => {
        const e = logits.sub(logits.max(0, keepdim).values).exp();
        return e.div(e.sum(1, keepdim)).sub(labels(logits, Yb)).div(logits.size(0));
      },
    },
    {
      id: "label-smoothing",
      idea: "the labels are smoothed",
      sentence:
        "the one at the label is smoothed, to 0.9 and a tenth that all characters share: the loss of these lines has the whole one at the label",
      look: "Which entries of logprobs does the loss pick? The others have no share in the label's term.",
      answer: ({ logits, Yb }) => {
        const smoothed = labels(logits, Yb)
          .mul(0.9)
          .add(0.1 / logits.size(1));
        return logits.softmax(1).sub(smoothed).div(logits.size(0));
      },
    },
    {
      id: "divided-by-vocab",
      idea: "the mean is taken over the vocabulary",
      sentence: "every value is divided by the size of the vocabulary: the mean is over the examples",
      look: "How many numbers are averaged? One per row, however long the rows are.",
      answer: ({ logits, Yb }) => logits.softmax(1).sub(labels(logits, Yb)).div(logits.size(1)),
    },
    {
      id: "divided-by-all",
      idea: "the mean is divided by the number of elements",
      sentence: "every value is divided by the number of elements: the mean is over the examples",
      look: "How many numbers are averaged? One per row, however long the rows are.",
      answer: ({ logits, Yb }) => logits.softmax(1).sub(labels(logits, Yb)).div(logits.numel()),
    },
    {
      id: "one-after-mean",
      idea: "the one is subtracted after the division",
      sentence: "the one is not divided by the number of examples, although the probabilities are",
      look: "Both parts belong to the same mean. Sum a row: it should be zero.",
      answer: ({ logits, Yb }) => logits.softmax(1).div(logits.size(0)).sub(labels(logits, Yb)),
    },
    {
      id: "logits-for-probs",
      idea: "the softmax is forgotten",
      sentence: "the logits are used instead of their probabilities",
      look: "Sum a row of what you subtract the ones from: it should be one.",
      answer: ({ logits, Yb }) => logits.sub(labels(logits, Yb)).div(logits.size(0)),
    },
    {
      id: "sigmoid",
      idea: "a sigmoid is used instead of the softmax",
      sentence: "each logit goes through a sigmoid separately: the probabilities of a row share one sum",
      look: "Sum a row of what you subtract the ones from: it should be one. Which function of a whole row gives that?",
      answer: ({ logits, Yb }) => sigmoid(logits).sub(labels(logits, Yb)).div(logits.size(0)),
    },
    {
      id: "log-probs",
      idea: "log-probabilities are used instead of probabilities",
      sentence: "the logarithms of the probabilities are used instead of the probabilities",
      look:
        "Sum a row of what you subtract the ones from: it should be one, and logarithms of probabilities are " +
        "negative.",
      answer: ({ logits, Yb }) => logits.softmax(1).log().sub(labels(logits, Yb)).div(logits.size(0)),
    },
    {
      id: "not-normalised",
      idea: "the counts are not divided by their sum",
      sentence: "the counts are used instead of the probabilities: they are not divided by the sum of their row",
      look: "Sum a row of what you subtract the ones from: it should be one.",
      answer: ({ logits, Yb }) => counts(logits).sub(labels(logits, Yb)).div(logits.size(0)),
    },
    {
      id: "slope-besides",
      idea: "the slope of a sigmoid is an extra factor",
      sentence: "the slope p * (1 - p) is an extra factor, as with a squared error: with cross-entropy it cancels",
      look: "Sum a row of the answer: it should be zero, and without the last factor it is.",
      answer: ({ logits, Yb }) => {
        const p = logits.softmax(1);
        return p.sub(labels(logits, Yb)).mul(p).mul(p.neg().add(1)).div(logits.size(0));
      },
    },
    {
      id: "label-alone",
      idea: "the softmax is treated as a constant",
      sentence: "only the pull on the correct character is there: the others are pushed down by their probabilities",
      look: "Sum a row of the answer: it should be zero. What pushes the other characters down?",
      answer: ({ logits, Yb }) => labels(logits, Yb).div(-logits.size(0)),
    },
    {
      id: "winner-for-label",
      idea: "the largest logit is taken for the label",
      sentence: "the one is subtracted at the largest logit: it belongs at the correct character",
      look: "The loss reads the column that Yb names, whichever logit is the largest.",
      answer: ({ logits }) =>
        logits
          .softmax(1)
          .sub(oneHot(logits.max(1).indices, logits.size(1)))
          .div(logits.size(0)),
    },
    {
      id: "one-added",
      idea: "the one is added",
      sentence: "the one is added at the correct character, which pushes that character down",
      look: "Look at the label's entry: a larger logit there lowers the loss, so the entry is negative.",
      answer: ({ logits, Yb }) => logits.softmax(1).add(labels(logits, Yb)).div(logits.size(0)),
    },
  ],

  alsoRight: [
    {
      code: "const dlogits = logits.softmax(1);\nfor (let i = 0; i < Yb.size(0); i++) dlogits.set(i, Yb.get(i), dlogits.get(i, Yb.get(i)) - 1);\nreturn dlogits.div(Yb.size(0));",
      why: "As the lecture writes it: 1 is subtracted in place, at one entry per row, and no one-hot matrix is made.",
    },
  ],

  forms: [
    ({ logits, Yb }) =>
      logits
        .softmax(1)
        .sub(oneHot(Yb, logits.size(1)))
        .div(logits.size(0)),
    ({ logits, Yb }) =>
      logits
        .softmax(1)
        .div(logits.size(0))
        .sub(oneHot(Yb, logits.size(1)).div(logits.size(0))),
    ({ logits, Yb }) => {
      const nl = logits.sub(logits.max(1, keepdim).values);
      const lp = nl.sub(nl.exp().sum(1, keepdim).log());
      return lp
        .exp()
        .sub(oneHot(Yb, logits.size(1)))
        .div(logits.size(0));
    },
    ({ logits, Yb }) => {
      const p = logits.softmax(1);
      for (let i = 0; i < p.size(0); i++) p.set(i, Yb.get(i), p.get(i, Yb.get(i)) - 1);
      return p.div(p.size(0));
    },
    ({ logits, Yb }) => {
      const n = logits.size(0),
        v = logits.size(1);
      const m = logits.max(1, keepdim),
        nl = logits.sub(m.values),
        c = nl.exp(),
        cs = c.sum(1, keepdim),
        ci = cs.pow(-1),
        p = c.mul(ci);
      const dlp = oneHot(Yb, v).div(-n),
        dp = dlp.div(p),
        dci = c.mul(dp).sum(1, keepdim),
        dcs = cs.pow(-2).neg().mul(dci),
        dc = ci.mul(dp).add(dcs),
        dnl = c.mul(dc),
        dm = dnl.neg().sum(1, keepdim);
      return dnl.add(oneHot(m.indices, v).mul(dm));
    },
    // by the logarithm of the sum of exponentials
    ({ logits, Yb }) => {
      const m = logits.max(1, keepdim).values;
      const lse = m.add(logits.sub(m).exp().sum(1, keepdim).log());
      return logits
        .sub(lse)
        .exp()
        .sub(oneHot(Yb, logits.size(1)))
        .div(logits.size(0));
    },
    ({ logits, Yb }) => {
      const m = logits.max(1, keepdim).values;
      const lse = logits.sub(m).exp().sum(1, keepdim).log().add(m);
      const p = tensor(1).div(lse.sub(logits).exp());
      return p.div(logits.size(0)).add(oneHot(Yb, logits.size(1)).div(-logits.size(0)));
    },
    ({ logits, Yb }) => {
      const n = logits.size(0),
        v = logits.size(1);
      const p = logits.softmax(1);
      const dp = oneHot(Yb, v).div(p).div(-n);
      return p.mul(dp.sub(p.mul(dp).sum(1, keepdim)));
    },
    ({ logits, Yb }) => {
      const at = reader(logits);
      return build([...logits.shape], (i, j) => {
        const s = sum(logits.size(1), (k) => Math.exp(at(i, k) - at(i, j)));
        return (1 / s - (Yb.get(i) === j ? 1 : 0)) / logits.size(0);
      });
    },
    // log-sum-exp by hand, in float64
    ({ logits, Yb }) => {
      const [n, vocab] = logits.shape as [number, number];
      const d = zerosLike(logits);
      for (let i = 0; i < n; i++) {
        let largest = -Infinity;
        for (let j = 0; j < vocab; j++) largest = Math.max(largest, logits.get(i, j));
        const lse = largest + Math.log(sum(vocab, (j) => Math.exp(logits.get(i, j) - largest)));
        for (let j = 0; j < vocab; j++) d.set(i, j, Math.exp(logits.get(i, j) - lse) / n);
        d.set(i, Yb.get(i), d.get(i, Yb.get(i)) - 1 / n);
      }
      return d;
    },
    // the same, rounded to float32 after each step
    ({ logits, Yb }) => {
      const [n, vocab] = logits.shape as [number, number];
      const lse = zeros(n, 1);
      for (let i = 0; i < n; i++) {
        let largest = logits.get(i, 0);
        for (let j = 1; j < vocab; j++) if (logits.get(i, j) > largest) largest = logits.get(i, j);
        for (let j = 0; j < vocab; j++) lse.set(i, 0, lse.get(i, 0) + Math.exp(logits.get(i, j) - largest));
        lse.set(i, 0, Math.log(lse.get(i, 0)) + largest);
      }
      return each(zerosLike(logits), (i, j, d) => {
        d.set(i, j, (Math.exp(Math.fround(logits.get(i, j) - lse.get(i, 0))) - delta(j, Yb.get(i))) / n);
      });
    },
    // softmax by hand
    ({ logits, Yb }) => {
      const n = logits.size(0);
      const counts = zerosLike(logits);
      const maxima = logits.max(1).values;
      each(counts, (i, j) => counts.set(i, j, Math.exp(logits.get(i, j) - maxima.get(i))));
      const sums = added(zeros(n, 1), counts, (i) => [i, 0]);
      return each(counts, (i, j) => {
        counts.set(i, j, (counts.get(i, j) / sums.get(i, 0) - (j === Yb.get(i) ? 1 : 0)) / n);
      });
    },
    // Jacobians row by row: of log softmax, and of softmax
    ({ logits, Yb }) => {
      const [n, vocab] = logits.shape as [number, number];
      const p = logits.softmax(1);
      const dlogprobs = oneHot(Yb, vocab).div(-n);
      const at = reader(p);
      return throughRows(dlogprobs, vocab, (i, k, j) => delta(k, j) - at(i, j));
    },
    ({ logits, Yb }) => {
      const [n, vocab] = logits.shape as [number, number];
      const p = logits.softmax(1);
      const dprobs = oneHot(Yb, vocab).div(p).div(-n);
      const at = reader(p);
      return throughRows(dprobs, vocab, (i, k, j) => at(i, k) * (delta(k, j) - at(i, j)));
    },
    ({ logits, Yb }) => eye(logits.size(1)).gatherRows(Yb).sub(logits.softmax(1)).div(-logits.size(0)),
  ],
});

function labels(logits: Tensor, Yb: Tensor): Tensor {
  return oneHot(Yb, logits.size(1));
}

function sigmoid(x: Tensor): Tensor {
  return x.neg().exp().add(1).pow(-1);
}

/** exp, with the row's maximum subtracted first. */
function counts(logits: Tensor): Tensor {
  return logits.sub(logits.max(1, keepdim).values).exp();
}
