import { keepdim, ones, zerosLike } from "#tensor";
import { build, delta, each, spread, throughColumns } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dhprebn = gradientRoom(makemore, {
  tensor: "hprebn",
  lecture: [4470, 4610],

  idea: "A mean distributes its gradient evenly over its terms.",

  hints: {
    ask:
      "Two lines use hprebn. The gradient of bnmeani is one row for n examples: how large a share of it does each of " +
      "them get?",
    rule:
      "Used twice: two gradients, added. A subtraction passes the gradient on to its first term unchanged. In a mean " +
      "of n numbers each has slope 1/n, so each receives that share of the gradient of the mean.",
    numbers: {
      hprebn: [
        [0, 5],
        [0, -1],
      ],
      dbndiff: [
        [2, 3],
        [4, -1],
      ],
      dbnmeani: [[-6, 10]],
    },
    worked: "dhprebn[0, 1] = {dbndiff 0 1} + {dbnmeani 0 1} / 2",
    piece:
      "The answer is a sum of two terms. Through bndiff: its gradient, unchanged. Through bnmeani: the gradient of " +
      "the mean, divided among the n examples, the same for every row; broadcasting expands [1, hidden] to [n, " +
      "hidden]. Take n from the tensor's shape.",
  },

  mistakes: [
    {
      id: "mean-branch-missing",
      idea: "the mean is overlooked",
      sentence: "the branch through bnmeani is missing: hprebn is also used in the mean",
      namesBranch: true,
      look: "The line of bnmeani: every example is a term of a mean. What share of the gradient of the mean does it get?",
      answer: ({ dbndiff }) => dbndiff.clone(),
    },
    {
      id: "direct-branch-missing",
      idea: "the subtraction is overlooked",
      sentence: "only the branch through bnmeani is there: hprebn is also used in the subtraction itself",
      namesBranch: true,
      look: "The line of bndiff: hprebn is the first term of a subtraction, with slope 1.",
      answer: ({ hprebn, dbnmeani }) => spread(dbnmeani, hprebn).div(hprebn.size(0)),
    },
    {
      id: "factor-forgotten",
      idea: "the mean is mistaken for a sum",
      sentence: "the branch through bnmeani is not divided: each example has a share of 1/n in the mean",
      namesBranch: true,
      look: "Read the line of bnmeani again: what is in front of the sum?",
      answer: ({ dbndiff, dbnmeani }) => dbndiff.add(dbnmeani),
    },
    {
      id: "bessel",
      idea: "the variance's divisor is used for the mean",
      sentence: "the branch through bnmeani is divided by n - 1: that is the variance's divisor, the mean's is n",
      namesBranch: true,
      look: "Two forward lines divide, by different counts. Which one is in this step's comment?",
      answer: ({ dbndiff, dbnmeani }) => dbndiff.add(dbnmeani.div(dbndiff.size(0) - 1)),
    },
    {
      id: "sign",
      idea: "the branch through the mean is subtracted",
      sentence: "the branch through bnmeani is subtracted: the sign of the subtraction is already in dbnmeani",
      namesBranch: true,
      look: looks.sign("hprebn"),
      answer: ({ dbndiff, dbnmeani }) => dbndiff.sub(dbnmeani.div(dbndiff.size(0))),
    },
    {
      id: "centred-by-itself",
      idea: "dbndiff is centered by its own mean",
      sentence:
        "dbndiff is centered by its own mean, and dbnmeani is not used: that is right in the whole network, where the two agree, but it is not the derivative of these lines",
      look:
        "Use dbnmeani, which you are given, for the second term. In the full network it agrees with what you " +
        "computed; with the grader's upstream gradients it does not.",
      answer: ({ dbndiff }) => dbndiff.sub(dbndiff.mean(0, keepdim)),
    },
    {
      id: "divided-by-hidden",
      idea: "the number of neurons is used instead of the number of examples",
      sentence: "the branch through bnmeani is divided by the number of neurons: the mean is over the examples",
      namesBranch: true,
      look:
        "The mean is taken down a column. How many entries does a column of hprebn have: as many as there are " +
        "examples, or neurons?",
      answer: ({ dbndiff, dbnmeani }) => dbndiff.add(dbnmeani.div(dbndiff.size(1))),
    },
    {
      id: "weighted",
      idea: "the values are used as slopes",
      sentence: "the branch through bnmeani is multiplied by hprebn: every example has the same share in the mean",
      namesBranch: true,
      look: looks.weighted,
      answer: ({ hprebn, dbndiff, dbnmeani }) => dbndiff.add(hprebn.mul(dbnmeani).div(hprebn.size(0))),
    },
    {
      id: "negated",
      idea: "both branches are negated",
      sentence: "the sign of both branches is flipped",
      look: "Let one entry of hprebn grow by 0.1. Does its own entry of bndiff rise or fall? And the mean of its column?",
      answer: ({ dbndiff, dbnmeani }) => dbndiff.add(dbnmeani.div(dbndiff.size(0))).neg(),
    },
  ],

  alsoRight: [
    {
      code: "return dbndiff.add(dbnmeani.div(hprebn.size(0)));",
      why: "The row is divided first, and broadcasting copies it while it is added: no tensor of ones is needed.",
    },
  ],

  forms: [
    ({ dbndiff, dbnmeani }) => dbndiff.add(dbnmeani.div(dbndiff.size(0))),
    ({ dbndiff, dbnmeani }) => dbndiff.add(dbnmeani.mul(1 / dbndiff.size(0))),
    ({ dbndiff, dbnmeani }) => ones(dbndiff.size(0), 1).matmul(dbnmeani).div(dbndiff.size(0)).add(dbndiff),
    ({ dbndiff, dbnmeani }) => dbndiff.mul(dbndiff.size(0)).add(dbnmeani).div(dbndiff.size(0)),
    ({ dbndiff, dbnmeani }) =>
      build([...dbndiff.shape], (i, j) => dbndiff.get(i, j) + dbnmeani.get(0, j) / dbndiff.size(0)),
    ({ hprebn, dbndiff, dbnmeani }) => {
      const d = each(zerosLike(hprebn), (i, j, d) => d.set(i, j, dbndiff.get(i, j)));
      return each(d, (i, j) => d.set(i, j, d.get(i, j) + (1 / d.size(0)) * dbnmeani.get(0, j)));
    },
    ({ dbndiff, dbnmeani }) => {
      const n = dbndiff.size(0);
      return throughColumns(dbndiff, n, (_, k, i) => delta(k, i)).add(throughColumns(dbnmeani, n, () => 1 / n));
    },
    ({ dbndiff, dbnmeani }) => dbndiff.T.add(dbnmeani.T.div(dbndiff.size(0))).T,
  ],
});
