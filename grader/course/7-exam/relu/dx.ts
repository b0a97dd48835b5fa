import { build, productBy, sum } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { relu } from "./network.ts";

export const dx = gradientRoom(relu, {
  id: "relu-dx",
  tensor: "x",
  title: "a residual connection",
  idea: "A residual connection adds the upstream gradient, unchanged, to what comes through the layer.",
  hints: {
    piece:
      "x is used in two lines, so the answer has two terms. Through pre: a matrix product. Through out: what a sum " +
      "passes on.",
  },

  mistakes: [
    {
      id: "residual-missing",
      idea: "the residual connection is overlooked",
      sentence: "the branch through out is missing: x is also added to the output",
      namesBranch: true,
      look: looks.branchMissing("x"),
      answer: ({ W1, dpre }) => dpre.matmul(W1.T),
    },
    {
      id: "layer-missing",
      idea: "only the residual connection is followed",
      sentence: "the branch through pre is missing: the layer reads x as well",
      namesBranch: true,
      look: looks.branchMissing("x"),
      answer: ({ dout }) => dout.clone(),
    },
    {
      id: "difference",
      idea: "the branches are subtracted",
      sentence: "the two branches are subtracted: both affect the loss, so their gradients add up",
      look: looks.difference("x"),
      answer: ({ W1, dpre, dout }) => dpre.matmul(W1.T).sub(dout),
    },
    {
      id: "halved",
      idea: "the branches are averaged",
      sentence: "the branches are averaged: their gradients add up",
      look: looks.halved("x"),
      answer: ({ W1, dpre, dout }) => dpre.matmul(W1.T).add(dout).div(2),
    },
    {
      id: "sign",
      idea: "both branches are negated",
      sentence: "the sign is flipped",
      look: "Neither of the two lines has a minus sign. Which sign has the term through out?",
      answer: ({ W1, dpre, dout }) => dpre.matmul(W1.T).add(dout).neg(),
    },
    {
      id: "residual-scaled",
      idea: "the residual connection is taken for a product",
      sentence: "in the branch through out, the upstream gradient is multiplied by x: x is a term of the sum there",
      namesBranch: true,
      look: looks.weighted,
      answer: ({ x, W1, dpre, dout }) => dpre.matmul(W1.T).add(x.mul(dout)),
    },
    {
      id: "residual-twice",
      idea: "the residual connection is counted in both lines",
      sentence: "the branch through out is counted twice: x is added to the output once",
      namesBranch: true,
      look: looks.double,
      answer: ({ W1, dpre, dout }) => dpre.matmul(W1.T).add(dout.mul(2)),
    },
    {
      id: "wrong-matrix",
      idea: "the matrix that has the right shape as it is",
      sentence: "in the branch through pre, the gradient is multiplied by W2: x meets W1, which should be transposed",
      namesBranch: true,
      look: "Which matrix multiplies x in the forward lines?",
      answer: ({ W2, dpre, dout }) => dpre.matmul(W2).add(dout),
    },
  ],

  alsoRight: [
    {
      code: "return dout.clone().add_(dpre.matmul(W1.T));",
      why: "The second branch is added in place to a copy of the first, as an autograd engine accumulates.",
    },
  ],

  forms: [
    ({ W1, dpre, dout }) => dpre.matmul(W1.T).add(dout),
    ({ W1, dpre, dout }) => dout.add(W1.matmul(dpre.T).T),
    ({ W1, dpre, dout }) => productBy(sum, dpre, W1.T).add(dout),
    ({ x, W1, dpre, dout }) =>
      build([...x.shape], (i, j) => dout.get(i, j) + sum(dpre.size(1), (k) => dpre.get(i, k) * W1.get(j, k))),
    ({ W1, dpre, dout }) => dout.clone().add_(dpre.matmul(W1.T)),
  ],
});
