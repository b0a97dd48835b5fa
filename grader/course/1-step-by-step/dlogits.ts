import { keepdim, oneHot, zerosLike } from "#tensor";
import { build, delta, eye, rowOf, throughRows } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dlogits = gradientRoom(makemore, {
  tensor: "logits",
  // given so that the usual mistake is possible: the label mistaken for the winner
  besides: ["Yb"],
  lecture: [2090, 2305],

  idea: "Sums and differences pass the gradient on to all operands; a maximum passes it on to the winner alone.",

  questions: [
    {
      id: "entries",
      ask: "Which entries of dlogits [n, vocab] does one entry of dlogit_maxes [n, 1] contribute to?",
      answer: "one: in its row, at the largest logit",
      others: [
        "one: in its row, at the label",
        "all vocab entries of its row",
        "vocab - 1: all entries of its row but the largest logit",
      ],
      why: "The maximum of a row is a copy of one of its entries; a small change in any other leaves it as it is.",
    },
  ],

  hints: {
    ask:
      "Two lines use logits. For norm_logits the shapes agree. The gradient of logit_maxes is one number per row: in " +
      "which column of the row does it belong?",
    rule:
      "Used twice: two gradients, added. A subtraction passes the gradient on to its first term unchanged. A maximum " +
      "copied one entry of the row, so its whole gradient goes to that position, and the other columns get nothing.",
    numbers: {
      logits: [
        [1, 3, 2],
        [4, 0, 1],
      ],
      dnorm_logits: [
        [2, -1, 4],
        [0, 5, -2],
      ],
      dlogit_maxes: [[10], [20]],
    },
    show: ["logits"],
    worked: "dlogits[0, 1] = {dnorm_logits 0 1} + {dlogit_maxes 0 0}",
    piece:
      "The gradient of logit_maxes goes to one position in each row, the winner's; the other positions get nothing " +
      "from it. max gives the winners' indices, and oneHot makes rows of zeros with a one at such an index. The " +
      "label in Yb plays no part.",
  },

  mistakes: [
    {
      id: "max-branch-missing",
      idea: "the maximum is overlooked",
      sentence: "the branch through logit_maxes is missing: logits is also used in the maximum",
      namesBranch: true,
      look:
        "The line of logit_maxes: a maximum took one entry of the row. The gradient of logit_maxes belongs to the " +
        "position it was taken from.",
      answer: ({ dnorm_logits }) => dnorm_logits.clone(),
    },
    {
      id: "maximum-from-zero",
      idea: "the search for the maximum starts at 0",
      sentence:
        "the search for the maximum starts at 0, not at a logit: where all logits of a row are negative, it finds none of them",
      look: "Which value does your search begin with? Begin with the row's first logit, or with -Infinity.",
      answer: ({ logits, dlogit_maxes, dnorm_logits }) => {
        const { indices } = logits.clamp(0, Infinity).max(1);
        return dnorm_logits.add(oneHot(indices, logits.size(1)).mul(dlogit_maxes));
      },
    },
    {
      id: "dlogit_maxes-recomputed",
      idea: "dlogit_maxes is computed again from another gradient",
      sentence:
        "dlogit_maxes is not used, it is computed again from dnorm_logits: that is right in the whole network, where the two agree, but it is not the derivative of these lines",
      look:
        "Use dlogit_maxes, which you are given. In the full network it agrees with what you computed; with the grader's " +
        "upstream gradients it does not.",
      answer: ({ logits, dnorm_logits }) => {
        const winners = oneHot(logits.max(1).indices, logits.size(1));
        return dnorm_logits.sub(winners.mul(dnorm_logits.sum(1, keepdim)));
      },
    },
    {
      id: "max-branch-doubled",
      idea: "the maximum is counted twice",
      sentence: "the branch through logit_maxes is counted twice: one line takes the maximum",
      namesBranch: true,
      look: "Let the winner of a row grow by 0.1. Does the maximum of the row grow by 0.1, or by 0.2?",
      answer: ({ logits, dnorm_logits, dlogit_maxes }) =>
        dnorm_logits.add(oneHot(logits.max(1).indices, logits.size(1)).mul(dlogit_maxes).mul(2)),
    },
    {
      id: "max-branch-subtracted",
      idea: "the sign of the subtraction is applied again",
      sentence: "the branch through logit_maxes is subtracted: the sign of the subtraction is already in dlogit_maxes",
      namesBranch: true,
      look: "Let the largest logit of a row grow by 0.1. Does the maximum rise or fall? Its gradient is passed on with that sign.",
      answer: ({ logits, dnorm_logits, dlogit_maxes }) =>
        dnorm_logits.sub(oneHot(logits.max(1).indices, logits.size(1)).mul(dlogit_maxes)),
    },
    {
      id: "every-column",
      idea: "the maximum is mistaken for a sum",
      sentence:
        "the branch through logit_maxes is added to every column: it belongs only to the position of the maximum",
      namesBranch: true,
      look: "Take the row 1, 3, 2, and let its 2 grow by 0.1. Does the maximum change? Adding [n, 1] to [n, vocab] reaches this column too.",
      answer: ({ dnorm_logits, dlogit_maxes }) => dnorm_logits.add(dlogit_maxes),
    },
    {
      id: "routed-to-label",
      idea: "the label is mistaken for the winner",
      sentence:
        "the branch through logit_maxes goes to the label's column: it belongs to the column with the largest logit",
      namesBranch: true,
      look: "Take the row 1, 3, 2, with the label 0. Which of the three numbers moves the maximum if it grows by 0.1?",
      answer: ({ logits, dnorm_logits, dlogit_maxes, Yb }) =>
        dnorm_logits.add(oneHot(Yb, logits.size(1)).mul(dlogit_maxes)),
    },
    {
      id: "max-branch-alone",
      idea: "the subtraction is overlooked",
      sentence: "only the branch through logit_maxes is there: logits is also used in the subtraction",
      namesBranch: true,
      look: "The line of norm_logits: logits is the first term of a subtraction, with slope 1.",
      answer: ({ logits, dlogit_maxes }) => oneHot(logits.max(1).indices, logits.size(1)).mul(dlogit_maxes),
    },
    {
      id: "max-over-batch",
      idea: "the maximum is taken over the wrong dimension",
      sentence: "the winner is looked for down the batch: the maximum was taken along the row",
      look: "The forward line takes the maximum over dimension 1. Look for the winner in the same direction.",
      answer: ({ logits, dnorm_logits, dlogit_maxes }) =>
        dnorm_logits.add(oneHot(logits.max(0).indices, logits.size(0)).T.mul(dlogit_maxes)),
    },
    {
      id: "max-over-batch-as-columns",
      idea: "the maximum is taken over the wrong dimension, and rows are used as columns",
      sentence:
        "the maximum is taken over the wrong dimension: down the batch there is one winner per character, along the row one per example",
      look: "The forward line takes the maximum over dimension 1. How many winners are there, n of them or vocab?",
      answer: ({ logits, dnorm_logits, dlogit_maxes }) =>
        dnorm_logits.add(oneHot(logits.max(0).indices, logits.size(1)).mul(dlogit_maxes)),
    },
    {
      id: "max-branch-spread",
      idea: "the maximum is mistaken for a mean",
      sentence: "the branch through logit_maxes is divided evenly over the row: all of it belongs to the winner",
      namesBranch: true,
      look: "Take the row 1, 3, 2. If the 1 grows by 0.1, does the maximum grow? And if the 3 does?",
      answer: ({ logits, dnorm_logits, dlogit_maxes }) => dnorm_logits.add(dlogit_maxes.div(logits.size(1))),
    },
    {
      id: "winner-times-value",
      idea: "the value is used as the slope",
      sentence: "the branch through logit_maxes is multiplied by the logit: a maximum passes its gradient on unchanged",
      namesBranch: true,
      look: "Take the row 1, 3, 2, and let the 3 grow by 0.1. Does the maximum grow by 0.1, or by 3 times that?",
      answer: ({ logits, dnorm_logits, dlogit_maxes }) =>
        dnorm_logits.add(oneHot(logits.max(1).indices, logits.size(1)).mul(logits).mul(dlogit_maxes)),
    },
    {
      id: "sign",
      idea: "both branches are negated",
      sentence: "the sign of both branches is flipped",
      look: looks.sign("logits"),
      answer: ({ logits, dnorm_logits, dlogit_maxes }) =>
        dnorm_logits.add(oneHot(logits.max(1).indices, logits.size(1)).mul(dlogit_maxes)).neg(),
    },
  ],

  alsoRight: [
    {
      code: "return dnorm_logits.scatterAdd(1, logits.max(1, keepdim).indices, dlogit_maxes);",
      why: "scatterAdd adds each row's number at its index, without the zeros of a one-hot matrix. This is how a maximum is differentiated in practice.",
    },
    {
      code: "const dlogits = dnorm_logits.clone();\nconst { indices } = logits.max(1);\nfor (let i = 0; i < logits.size(0); i++) {\n  const winner = indices.get(i);\n  dlogits.set(i, winner, dlogits.get(i, winner) + dlogit_maxes.get(i, 0));\n}\nreturn dlogits;",
      why: "A loop, one example at a time: each row's gradient is added where the maximum was found.",
    },
  ],

  forms: [
    ({ logits, dnorm_logits, dlogit_maxes }) =>
      dnorm_logits.add(oneHot(logits.max(1).indices, logits.size(1)).mul(dlogit_maxes)),
    ({ logits, dnorm_logits, dlogit_maxes }) =>
      dnorm_logits.scatterAdd(1, logits.max(1, keepdim).indices, dlogit_maxes),
    ({ norm_logits, dnorm_logits, dlogit_maxes }) =>
      build(
        [...dnorm_logits.shape],
        (i, j) => dnorm_logits.get(i, j) + (norm_logits.get(i, j) === 0 ? dlogit_maxes.get(i, 0) : 0),
      ),
    ({ logits, logit_maxes, dnorm_logits, dlogit_maxes }) =>
      build(
        [...dnorm_logits.shape],
        (i, j) => dnorm_logits.get(i, j) + (logits.get(i, j) === logit_maxes.get(i, 0) ? dlogit_maxes.get(i, 0) : 0),
      ),
    ({ norm_logits, dnorm_logits, dlogit_maxes }) => {
      const r = dnorm_logits.clone();
      const k = norm_logits.max(1).indices;
      for (let i = 0; i < r.size(0); i++) r.set(i, k.get(i), r.get(i, k.get(i)) + dlogit_maxes.get(i, 0));
      return r;
    },
    ({ norm_logits, dnorm_logits, dlogit_maxes }) =>
      oneHot(norm_logits.max(1, keepdim).indices, norm_logits.size(1)).mul(dlogit_maxes).add(dnorm_logits),
    // the maximum found by a loop that starts from -Infinity
    ({ logits, dnorm_logits, dlogit_maxes }) => {
      const d = dnorm_logits.clone();
      for (let i = 0; i < logits.size(0); i++) {
        let [best, at] = [-Infinity, -1];
        for (let j = 0; j < logits.size(1); j++) if (logits.get(i, j) > best) [best, at] = [logits.get(i, j), j];
        d.set(i, at, d.get(i, at) + dlogit_maxes.get(i, 0));
      }
      return d;
    },
    // and by one that starts from the first entry
    ({ logits, dnorm_logits, dlogit_maxes }) => {
      const d = zerosLike(dnorm_logits);
      for (let i = 0; i < logits.size(0); i++) {
        let at = 0;
        for (let j = 1; j < logits.size(1); j++) if (logits.get(i, j) >= logits.get(i, at)) at = j;
        for (let j = 0; j < logits.size(1); j++) d.set(i, j, dnorm_logits.get(i, j));
        d.set(i, at, dnorm_logits.get(i, at) + dlogit_maxes.get(i, 0));
      }
      return d;
    },
    ({ logits, dnorm_logits, dlogit_maxes }) => {
      const d = dnorm_logits.clone();
      for (let i = 0; i < logits.size(0); i++) {
        const row = [...rowOf(logits, i).toArray()];
        const at = row.indexOf(Math.max(...row));
        d.set(i, at, d.get(i, at) + dlogit_maxes.get(i, 0));
      }
      return d;
    },
    ({ logits, dnorm_logits, dlogit_maxes }) => {
      const at = logits.max(1).indices;
      const vocab = logits.size(1);
      return throughRows(dnorm_logits, vocab, (_, k, j) => delta(k, j)).add(
        throughRows(dlogit_maxes, vocab, (i, _, j) => delta(at.get(i), j)),
      );
    },
    ({ logits, dnorm_logits, dlogit_maxes }) =>
      eye(logits.size(1)).gatherRows(logits.max(1).indices).mul(dlogit_maxes).add(dnorm_logits),
  ],
});
