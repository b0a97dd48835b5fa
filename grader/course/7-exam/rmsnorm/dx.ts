import { build } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { rmsnorm } from "./network.ts";

export const dx = gradientRoom(rmsnorm, {
  id: "rmsnorm-dx",
  tensor: "x",
  title: "scaled by its own size",
  idea: "x is what is scaled, and it makes the scale: two terms.",
  hints: {
    piece:
      "One term for each of the two lines. Through out, what remains of three factors. Through meansq, a square and a " +
      "mean in one line.",
  },
  looks: { sign: "Neither of the two lines has a minus sign. Which sign has each term, for positive numbers?" },

  mistakes: [
    {
      id: "scale-constant",
      idea: "the scale is treated as a constant",
      sentence: "the branch through meansq is missing: the scale is made of x",
      namesBranch: true,
      look: looks.branchMissing("x"),
      answer: ({ rms_inv, gain, dout }) => rms_inv.mul(gain).mul(dout),
    },
    {
      id: "product-missing",
      idea: "the product is overlooked",
      sentence: "the branch through out is missing: x is also a factor of the product",
      namesBranch: true,
      look: looks.branchMissing("x"),
      answer: ({ x, dmeansq }) => x.mul(dmeansq).mul(2 / x.size(1)),
    },
    {
      id: "two-forgotten",
      idea: "the exponent does not come down as a factor",
      sentence: "the 2 of the square is missing in the branch through meansq",
      namesBranch: true,
      look: "Differentiate x ** 2 on paper: the exponent comes down.",
      answer: ({ x, rms_inv, gain, dout, dmeansq }) =>
        rms_inv
          .mul(gain)
          .mul(dout)
          .add(x.mul(dmeansq).div(x.size(1))),
    },
    {
      id: "mean-forgotten",
      idea: "the mean is treated as a sum",
      sentence: "in the branch through meansq the division by the number of features is missing: it is a mean",
      namesBranch: true,
      look: "How many squares are averaged in the line of meansq?",
      answer: ({ x, rms_inv, gain, dout, dmeansq }) => rms_inv.mul(gain).mul(dout).add(x.mul(dmeansq).mul(2)),
    },
    {
      id: "over-n",
      idea: "the mean is taken over the examples",
      sentence: "the branch through meansq is divided by n: the mean is over the features of each example",
      namesBranch: true,
      look: "Which dimension does the mean in the line of meansq run over?",
      answer: ({ x, rms_inv, gain, dout, dmeansq }) =>
        rms_inv
          .mul(gain)
          .mul(dout)
          .add(x.mul(dmeansq).mul(2 / x.size(0))),
    },
    {
      id: "gain-forgotten",
      idea: "one of the other factors is left out",
      sentence: "in the branch through out the gain is missing",
      namesBranch: true,
      look: "The line of out has three factors. What remains if x is taken away?",
      answer: ({ x, rms_inv, dout, dmeansq }) => rms_inv.mul(dout).add(x.mul(dmeansq).mul(2 / x.size(1))),
    },
    {
      id: "base-forgotten",
      idea: "the slope of the square is taken to be 2",
      sentence: "the branch through meansq has the 2 without x: the slope of a square grows with its base",
      namesBranch: true,
      look: "Differentiate x ** 2 on paper: what is the 2 multiplied by?",
      answer: ({ x, rms_inv, gain, dout, dmeansq }) =>
        rms_inv
          .mul(gain)
          .mul(dout)
          .add(dmeansq.mul(2 / x.size(1))),
    },
    {
      id: "difference",
      idea: "the branches are subtracted",
      sentence: "the two branches are subtracted: both affect the loss, so their gradients add up",
      look: looks.difference("x"),
      answer: ({ x, rms_inv, gain, dout, dmeansq }) =>
        rms_inv
          .mul(gain)
          .mul(dout)
          .sub(x.mul(dmeansq).mul(2 / x.size(1))),
    },
  ],

  alsoRight: [
    {
      code: `const pair = x.mul(dmeansq).div(x.size(1));
return dout.mul(gain).mul(rms_inv).add(pair).add(pair);`,
      why: "Both factors of the square are x: one term for each of them.",
    },
  ],

  forms: [
    ({ x, rms_inv, gain, dout, dmeansq }) =>
      rms_inv
        .mul(gain)
        .mul(dout)
        .add(x.mul(dmeansq).mul(2 / x.size(1))),
    ({ x, rms_inv, gain, dout, dmeansq }) => x.mul(2).div(x.size(1)).mul(dmeansq).add(dout.mul(gain).mul(rms_inv)),
    ({ x, rms_inv, gain, dout, dmeansq }) =>
      x
        .add(x)
        .mul(dmeansq.div(x.size(1)))
        .add(gain.mul(dout).mul(rms_inv)),
    ({ x, rms_inv, gain, dout, dmeansq }) =>
      build(
        [...x.shape],
        (i, j) =>
          rms_inv.get(i, 0) * gain.get(j) * dout.get(i, j) + ((2 * x.get(i, j)) / x.size(1)) * dmeansq.get(i, 0),
      ),
  ],
});
