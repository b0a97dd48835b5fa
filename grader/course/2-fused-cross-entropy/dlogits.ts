import { keepdim, oneHot, tensor, zeros, zerosLike, type Tensor } from "#tensor";
import { added, build, delta, each, eye, reader, sum, throughRows } from "../elements.ts";
import { dlogitsByLogSumExp } from "../makemore/logsumexp.ts";
import { looks } from "../looks.ts";
import { spanRoom } from "../rooms.ts";

export const dlogits = spanRoom({
  id: "fused-dlogits",
  tensor: "logits",
  from: "logit_maxes",
  to: "loss",
  given: ["logits", "Yb"],
  terms: { direct: "the label's term", through: { counts_sum: "the probabilities' term" }, idle: ["logit_maxes"] },
  otherWay: dlogitsByLogSumExp,
  softmaxOf: { given: "logits", one: "logit" },

  hints: {
    ask:
      "Nothing comes from above: the lines go all the way to the loss. Which tensor of the forward pass has the " +
      "answer's shape and hardly needs a change?",
    rule:
      "On paper, for one row: the loss is minus the label's logit plus the logarithm of a sum of exponentials. The " +
      "first term has slope -1 at the label. The slope of the second by each logit is a quotient that the forward pass " +
      "has a name for. Below, n is 2: multiply the answer by 2, compare it with probs, and see which entries agree.",
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
      "Three parts: the probabilities of each row, which softmax along dimension 1 gives; a one at the label's column, " +
      "taken away from them; and the mean over the n examples, which scales it all. oneHot makes the rows of the second " +
      "part from the labels.",
  },

  mistakes: [
    {
      id: "mean-forgotten",
      idea: "the mean is taken for a sum",
      sentence: "everything is too large by the number of examples: the loss is a mean over them",
      look: looks.meanForgotten,
      answer: ({ logits, Yb }) => logits.softmax(1).sub(labels(logits, Yb)),
    },
    {
      id: "label-forgotten",
      idea: "the right character is not singled out",
      sentence: "this is the push down on every character; the pull up on the right one is missing",
      look: "Which logit pulls the loss down when it grows? Its entry is negative in every right answer.",
      answer: ({ logits }) => logits.softmax(1).div(logits.size(0)),
    },
    {
      id: "subtracted-everywhere",
      idea: "one is subtracted from every entry",
      sentence: "one is subtracted everywhere: only the right character is pulled up",
      look: "Each row of a right answer sums to zero. How many ones may be taken from it?",
      answer: ({ logits }) => logits.softmax(1).sub(1).div(logits.size(0)),
    },
    {
      id: "softmax-down",
      idea: "the softmax is taken over the batch",
      sentence: "the softmax runs down the batch: each example has probabilities of its own, along its row",
      look: "Check that each row of your probabilities sums to one.",
      answer: ({ logits, Yb }) => logits.softmax(0).sub(labels(logits, Yb)).div(logits.size(0)),
    },
    {
      id: "sign",
      idea: "the difference is taken the other way round",
      sentence: "the sign is flipped: more of the right character lowers the loss",
      look:
        "If the label's logit grows, does the loss rise or fall? The label's entry has that sign, and all others of the " +
        "row have the opposite one.",
      answer: ({ logits, Yb }) => labels(logits, Yb).sub(logits.softmax(1)).div(logits.size(0)),
    },
    {
      id: "divided-by-vocab",
      idea: "the mean is taken over the vocabulary",
      sentence: "divided by the size of the vocabulary: the mean is over the examples",
      look: "How many numbers are averaged? One for each row, however long the rows are.",
      answer: ({ logits, Yb }) => logits.softmax(1).sub(labels(logits, Yb)).div(logits.size(1)),
    },
    {
      id: "divided-by-all",
      idea: "the mean is divided by the number of elements",
      sentence: "divided by the number of all elements: the mean is over the examples",
      look: "How many numbers are averaged? One for each row, however long the rows are.",
      answer: ({ logits, Yb }) => logits.softmax(1).sub(labels(logits, Yb)).div(logits.numel()),
    },
    {
      id: "one-after-mean",
      idea: "the one is subtracted after the division",
      sentence: "the one is not divided by the number of examples, the probabilities are",
      look: "Both parts belong to the same mean. Sum a row: it is to be zero.",
      answer: ({ logits, Yb }) => logits.softmax(1).div(logits.size(0)).sub(labels(logits, Yb)),
    },
    {
      id: "logits-for-probs",
      idea: "the softmax is forgotten",
      sentence: "the logits stand where their probabilities are to be",
      look: "Sum a row of what you take the ones from: it is to be one.",
      answer: ({ logits, Yb }) => logits.sub(labels(logits, Yb)).div(logits.size(0)),
    },
    {
      id: "sigmoid",
      idea: "the sigmoid is taken for the softmax",
      sentence: "each logit goes through a sigmoid of its own: the probabilities of a row share one sum",
      look: "Sum a row of what you take the ones from: it should be one. Which function of a whole row gives that?",
      answer: ({ logits, Yb }) => sigmoid(logits).sub(labels(logits, Yb)).div(logits.size(0)),
    },
    {
      id: "log-probs",
      idea: "the log-probabilities stand for the probabilities",
      sentence: "the logarithms of the probabilities stand where the probabilities should be",
      look: "Sum a row of what you take the ones from: it should be one, and logarithms of probabilities are negative.",
      answer: ({ logits, Yb }) => logits.softmax(1).log().sub(labels(logits, Yb)).div(logits.size(0)),
    },
    {
      id: "not-normalised",
      idea: "the counts are not divided by their sum",
      sentence: "the counts stand where the probabilities should be: they are not divided by the sum of their row",
      look: "Sum a row of what you take the ones from: it should be one.",
      answer: ({ logits, Yb }) => counts(logits).sub(labels(logits, Yb)).div(logits.size(0)),
    },
    {
      id: "slope-besides",
      idea: "the slope of a sigmoid is multiplied in",
      sentence: "the slope p * (1 - p) is multiplied in, as with a squared error: with cross-entropy it cancels",
      look: "Sum a row of the answer: it should be zero, and without the last factor it is.",
      answer: ({ logits, Yb }) => {
        const p = logits.softmax(1);
        return p.sub(labels(logits, Yb)).mul(p).mul(p.neg().add(1)).div(logits.size(0));
      },
    },
    {
      id: "label-alone",
      idea: "the softmax is taken for a constant",
      sentence: "only the right character's pull is there: the others are pushed down by their probabilities",
      look: "Sum a row of the answer: it is to be zero. What pushes the other characters down?",
      answer: ({ logits, Yb }) => labels(logits, Yb).div(-logits.size(0)),
    },
    {
      id: "winner-for-label",
      idea: "the winner is taken for the label",
      sentence: "the one is subtracted at the largest logit: it belongs to the right character",
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
      sentence: "the one is added at the right character, which pushes it down",
      look: "Look at the entry of the label: its logit lowers the loss, so the entry is negative.",
      answer: ({ logits, Yb }) => logits.softmax(1).add(labels(logits, Yb)).div(logits.size(0)),
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
    // the same, kept in float32 from step to step
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
