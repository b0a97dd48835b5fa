import { keepdim, zerosLike } from "#tensor";
import { build, each } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

export const dbndiff = gradientRoom(makemore, {
  tensor: "bndiff",
  lecture: [3691, 4359],

  idea: "Count the lines whose right-hand side uses a tensor: its gradient has as many terms.",

  hints: {
    ask: "Two lines use bndiff. Both of their gradients have the answer's shape: what is the slope of each line?",
    rule:
      "Used twice: two gradients, added. As a factor of a product, bndiff has the other factor as its local " +
      "gradient. As the base of a square, its slope is twice the base.",
    numbers: {
      // the first neuron does not vary
      bndiff: [
        [0, -3],
        [0, 3],
      ],
      bnvar_inv: [[0.5, 0.25]],
      dbnraw: [
        [2, 4],
        [4, -8],
      ],
      dbndiff2: [
        [10, 1],
        [10, 1],
      ],
    },
    worked: "dbndiff[0, 1] = {bnvar_inv 0 1} * {dbnraw 0 1} + 2 * {bndiff 0 1} * {dbndiff2 0 1}",
    piece:
      "The answer is a sum of two terms. Through bnraw: the factor that bndiff is multiplied by, times the gradient " +
      "of bnraw. Through bndiff2: the slope of a square, which contains bndiff itself, times the gradient of " +
      "bndiff2.",
  },

  mistakes: [
    {
      id: "second-branch-missing",
      idea: "the square is overlooked",
      sentence: "the branch through bndiff2 is missing: bndiff is also squared",
      namesBranch: true,
      look: "The line of bndiff2: a square. What is its slope, and what is the gradient of bndiff2?",
      answer: ({ bnvar_inv, dbnraw }) => bnvar_inv.mul(dbnraw),
    },
    {
      id: "dbndiff2-recomputed",
      idea: "dbndiff2 is computed again from another gradient",
      sentence:
        "dbndiff2 is not used, it is computed again from dbnraw: that is right in the whole network, where the two agree, but it is not the derivative of these lines",
      look:
        "Use dbndiff2, which you are given. In the full network it agrees with what you computed; with the grader's " +
        "upstream gradients it does not.",
      answer: ({ bndiff, bnvar_inv, dbnraw }) => {
        const dbnvar = bndiff.mul(dbnraw).sum(0, keepdim).mul(bnvar_inv.pow(3)).mul(-0.5);
        return bnvar_inv.mul(dbnraw).add(bndiff.mul(2).mul(dbnvar.div(bndiff.size(0) - 1)));
      },
    },
    {
      id: "first-branch-missing",
      idea: "the product is overlooked",
      sentence: "the branch through bnraw is missing: bndiff is also a factor of the product that gives bnraw",
      namesBranch: true,
      look:
        "The line of bnraw: bndiff is one factor of a product. Which is the other, and what is the gradient of the " +
        "product?",
      answer: ({ bndiff, dbndiff2 }) => bndiff.mul(2).mul(dbndiff2),
    },
    {
      id: "two-forgotten",
      idea: "the exponent does not come down as a factor",
      sentence: "the 2 of the square is missing: the power rule brings it down",
      look: "Differentiate x ** 2 on paper: the exponent comes down.",
      answer: ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => bnvar_inv.mul(dbnraw).add(bndiff.mul(dbndiff2)),
    },
    {
      id: "difference",
      idea: "the branches are subtracted",
      sentence: "the two branches are subtracted: both affect the loss, so their gradients add up",
      look: looks.difference("bndiff"),
      answer: ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => bnvar_inv.mul(dbnraw).sub(bndiff.mul(2).mul(dbndiff2)),
    },
    {
      id: "bndiff-forgotten",
      idea: "the slope of the square is taken to be 2",
      sentence: "the branch through bndiff2 has the 2 without bndiff: the slope of a square grows with its base",
      namesBranch: true,
      look: "Differentiate x ** 2 on paper: what is the 2 multiplied by?",
      answer: ({ bnvar_inv, dbnraw, dbndiff2 }) => bnvar_inv.mul(dbnraw).add(dbndiff2.mul(2)),
    },
    {
      id: "bndiff2-for-bndiff",
      idea: "the output of the square is used",
      sentence: "the branch through bndiff2 contains bndiff2 instead of bndiff, the base of the square",
      namesBranch: true,
      look: "Differentiate x ** 2 on paper: the slope contains x, not its square.",
      answer: ({ bndiff2, bnvar_inv, dbnraw, dbndiff2 }) => bnvar_inv.mul(dbnraw).add(bndiff2.mul(2).mul(dbndiff2)),
    },
    {
      id: "bnvar_inv-forgotten",
      idea: "the factor of the product is left out",
      sentence:
        "in the branch through bnraw, the upstream gradient is added unchanged: bndiff is multiplied by bnvar_inv there",
      namesBranch: true,
      look: "In the line of bnraw, what is bndiff multiplied by? It scales the gradient of that branch.",
      answer: ({ bndiff, dbnraw, dbndiff2 }) => dbnraw.add(bndiff.mul(2).mul(dbndiff2)),
    },
    {
      id: "sign",
      idea: "both branches are negated",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("bndiff"),
      answer: ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => bnvar_inv.mul(dbnraw).add(bndiff.mul(2).mul(dbndiff2)).neg(),
    },
    {
      id: "own-factor",
      idea: "the wrong factor of the product is used",
      sentence:
        "in the branch through bnraw, the upstream gradient is multiplied by bndiff; the local gradient of a factor is the other factor",
      namesBranch: true,
      look: looks.ownFactor("bndiff"),
      answer: ({ bndiff, dbnraw, dbndiff2 }) => bndiff.mul(dbnraw).add(bndiff.mul(2).mul(dbndiff2)),
    },
    {
      id: "halved",
      idea: "the branches are averaged",
      sentence: "the branches are averaged: their gradients add up",
      look: looks.halved("bndiff"),
      answer: ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) =>
        bnvar_inv.mul(dbnraw).add(bndiff.mul(2).mul(dbndiff2)).mul(0.5),
    },
  ],

  alsoRight: [
    {
      code: "return bndiff.mul(dbndiff2).mul(2).add(dbnraw.mul(bnvar_inv));",
      why: "The branches in the other order, and the 2 last. A factor of 2 is exact, and addition commutes, so the bits are the same.",
    },
  ],

  forms: [
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => bnvar_inv.mul(dbnraw).add(bndiff.mul(2).mul(dbndiff2)),
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => bndiff.mul(dbndiff2).mul(2).add(dbnraw.mul(bnvar_inv)),
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => bndiff.add(bndiff).mul(dbndiff2).add(dbnraw.mul(bnvar_inv)),
    ({ bnraw, bnvar_inv, dbnraw, dbndiff2 }) => bnraw.div(bnvar_inv).mul(2).mul(dbndiff2).add(dbnraw.mul(bnvar_inv)),
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) =>
      build(
        [...bndiff.shape],
        (i, j) => bnvar_inv.get(0, j) * dbnraw.get(i, j) + 2 * bndiff.get(i, j) * dbndiff2.get(i, j),
      ),
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => bndiff.pow(1).mul(2).mul(dbndiff2).add(bnvar_inv.mul(dbnraw)),
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => dbnraw.add(bndiff.mul(dbndiff2).mul(2).div(bnvar_inv)).mul(bnvar_inv),
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) => {
      const d = each(zerosLike(bndiff), (i, j, d) => d.set(i, j, bnvar_inv.get(0, j) * dbnraw.get(i, j)));
      return each(d, (i, j) => d.set(i, j, d.get(i, j) + 2 * bndiff.get(i, j) * dbndiff2.get(i, j)));
    },
    ({ bndiff, bnvar_inv, dbnraw, dbndiff2 }) =>
      bndiff.mul(dbndiff2).add(bndiff.mul(dbndiff2)).add(dbnraw.mul(bnvar_inv)),
  ],
});
