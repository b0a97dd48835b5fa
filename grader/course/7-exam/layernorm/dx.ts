import { onesLike } from "#tensor";
import { build } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { layernorm } from "./network.ts";

export const dx = gradientRoom(layernorm, {
  id: "layernorm-dx",
  tensor: "x",
  title: "the last two branches",
  idea: "Each feature enters its difference whole, and the mean as one share of it.",
  hints: {
    piece: "One term for each of the two lines. What does a mean over the features pass on to each of them?",
  },

  mistakes: [
    {
      id: "mean-branch-missing",
      idea: "the mean is treated as a constant",
      sentence: "the branch through lnmean is missing: the mean is made of x",
      namesBranch: true,
      look: looks.branchMissing("x"),
      answer: ({ dlndiff }) => dlndiff.clone(),
    },
    {
      id: "difference-branch-missing",
      idea: "the subtraction is overlooked",
      sentence: "the branch through lndiff is missing: the mean is subtracted from x itself",
      namesBranch: true,
      look: looks.branchMissing("x"),
      answer: ({ x, dlnmean }) => dlnmean.div(x.size(1)).expand(x.shape),
    },
    {
      id: "mean-as-sum",
      idea: "the mean is treated as a sum",
      sentence: "in the branch through lnmean the division by the number of features is missing: it is a mean",
      namesBranch: true,
      look: "How many numbers are averaged in the line of lnmean?",
      answer: ({ dlndiff, dlnmean }) => dlndiff.add(dlnmean),
    },
    {
      id: "over-n",
      idea: "the mean is taken over the examples, as in batchnorm",
      sentence: "the branch through lnmean is divided by n: the mean is over the features of each example",
      namesBranch: true,
      look: "Which dimension does the mean in the line of lnmean run over?",
      answer: ({ x, dlndiff, dlnmean }) => dlndiff.add(dlnmean.div(x.size(0))),
    },
    {
      id: "difference",
      idea: "the branches are subtracted",
      sentence: "the two branches are subtracted: the minus of the difference is in the gradient of the mean already",
      look: looks.difference("x"),
      answer: ({ x, dlndiff, dlnmean }) => dlndiff.sub(dlnmean.div(x.size(1))),
    },
    {
      id: "dlnmean-recomputed",
      idea: "dlnmean is computed again from another gradient",
      sentence:
        "dlnmean is not used, it is computed again from dlndiff: that is right in the whole network, where the two agree, but it is not the derivative of these lines",
      look: "Use dlnmean, which you are given. With the grader's upstream gradients it differs from what you computed.",
      answer: ({ dlndiff }) => dlndiff.sub(dlndiff.mean(1, true)),
    },
    {
      id: "sign",
      idea: "both branches are negated",
      sentence: "the sign is flipped",
      look: looks.sign("x"),
      answer: ({ x, dlndiff, dlnmean }) => dlndiff.add(dlnmean.div(x.size(1))).neg(),
    },
    {
      id: "halved",
      idea: "the branches are averaged",
      sentence: "the branches are averaged: their gradients add up",
      look: looks.halved("x"),
      answer: ({ x, dlndiff, dlnmean }) => dlndiff.add(dlnmean.div(x.size(1))).div(2),
    },
  ],

  alsoRight: [
    {
      code: "return onesLike(x).mul(dlnmean).div(x.size(1)).add(dlndiff);",
      why: "What the mean gets is spread over the row before it is divided and added: broadcasting, written out.",
    },
  ],

  forms: [
    ({ x, dlndiff, dlnmean }) => dlndiff.add(dlnmean.div(x.size(1))),
    ({ x, dlndiff, dlnmean }) => dlnmean.mul(1 / x.size(1)).add(dlndiff),
    ({ x, dlndiff, dlnmean }) => onesLike(x).mul(dlnmean).div(x.size(1)).add(dlndiff),
    ({ x, dlndiff, dlnmean }) => dlndiff.mul(x.size(1)).add(dlnmean).div(x.size(1)),
    ({ x, dlndiff, dlnmean }) => build([...x.shape], (i, j) => dlndiff.get(i, j) + dlnmean.get(i, 0) / x.size(1)),
  ],
});
