import { build } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { layernorm } from "./network.ts";

export const dlndiff = gradientRoom(layernorm, {
  id: "layernorm-dlndiff",
  tensor: "lndiff",
  title: "used twice",
  idea: "The differences are scaled, and they make the scale: two terms.",
  hints: {
    piece:
      "One term for each of the two lines. Through lnraw, a product. Through lnvar, a square and a mean, in one line: " +
      "the slope of the first, and the division of the second.",
  },

  mistakes: [
    {
      id: "variance-branch-missing",
      idea: "the variance is treated as a constant",
      sentence: "the branch through lnvar is missing: the variance is made of these differences",
      namesBranch: true,
      look: looks.branchMissing("lndiff"),
      answer: ({ lnvar_inv, dlnraw }) => lnvar_inv.mul(dlnraw),
    },
    {
      id: "product-branch-missing",
      idea: "the product is overlooked",
      sentence: "the branch through lnraw is missing: the differences are also a factor of the product",
      namesBranch: true,
      look: looks.branchMissing("lndiff"),
      answer: ({ lndiff, dlnvar }) => lndiff.mul(dlnvar).mul(2 / lndiff.size(1)),
    },
    {
      id: "two-forgotten",
      idea: "the exponent does not come down as a factor",
      sentence: "the 2 of the square is missing in the branch through lnvar",
      namesBranch: true,
      look: "Differentiate x ** 2 on paper: the exponent comes down.",
      answer: ({ lndiff, lnvar_inv, dlnraw, dlnvar }) =>
        lnvar_inv.mul(dlnraw).add(lndiff.mul(dlnvar).div(lndiff.size(1))),
    },
    {
      id: "mean-forgotten",
      idea: "the mean is treated as a sum",
      sentence: "in the branch through lnvar the division by the number of features is missing: it is a mean",
      namesBranch: true,
      look: "How many squares are averaged in the line of lnvar?",
      answer: ({ lndiff, lnvar_inv, dlnraw, dlnvar }) => lnvar_inv.mul(dlnraw).add(lndiff.mul(2).mul(dlnvar)),
    },
    {
      id: "over-n",
      idea: "the mean is taken over the examples, as in batchnorm",
      sentence: "the branch through lnvar is divided by n: the mean is over the features of each example",
      namesBranch: true,
      look: "Which dimension does the mean in the line of lnvar run over?",
      answer: ({ lndiff, lnvar_inv, dlnraw, dlnvar }) =>
        lnvar_inv.mul(dlnraw).add(lndiff.mul(2 / lndiff.size(0)).mul(dlnvar)),
    },
    {
      id: "bessel",
      idea: "the variance is taken to divide by one less",
      sentence:
        "the branch through lnvar is divided by the number of features minus 1: layer norm takes the biased variance",
      namesBranch: true,
      look: "Is there a minus 1 in the line of lnvar?",
      answer: ({ lndiff, lnvar_inv, dlnraw, dlnvar }) =>
        lnvar_inv.mul(dlnraw).add(lndiff.mul(2 / (lndiff.size(1) - 1)).mul(dlnvar)),
    },
    {
      id: "base-forgotten",
      idea: "the slope of the square is taken to be 2",
      sentence: "the branch through lnvar has the 2 without lndiff: the slope of a square grows with its base",
      namesBranch: true,
      look: "Differentiate x ** 2 on paper: what is the 2 multiplied by?",
      answer: ({ lndiff, lnvar_inv, dlnraw, dlnvar }) => lnvar_inv.mul(dlnraw).add(dlnvar.mul(2 / lndiff.size(1))),
    },
    {
      id: "difference",
      idea: "the branches are subtracted",
      sentence: "the two branches are subtracted: both affect the loss, so their gradients add up",
      look: looks.difference("lndiff"),
      answer: ({ lndiff, lnvar_inv, dlnraw, dlnvar }) =>
        lnvar_inv.mul(dlnraw).sub(lndiff.mul(2 / lndiff.size(1)).mul(dlnvar)),
    },
    {
      id: "sign",
      idea: "both branches are negated",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("lndiff"),
      answer: ({ lndiff, lnvar_inv, dlnraw, dlnvar }) =>
        lnvar_inv
          .mul(dlnraw)
          .add(lndiff.mul(2 / lndiff.size(1)).mul(dlnvar))
          .neg(),
    },
  ],

  alsoRight: [
    {
      code: `const pair = lndiff.mul(dlnvar);
return lnvar_inv.mul(dlnraw).add(pair.add(pair).div(lndiff.size(1)));`,
      why: "The two factors of the square give one term each: adding them is the 2 of the power rule.",
    },
  ],

  forms: [
    ({ lndiff, lnvar_inv, dlnraw, dlnvar }) => lnvar_inv.mul(dlnraw).add(lndiff.mul(2 / lndiff.size(1)).mul(dlnvar)),
    ({ lndiff, lnvar_inv, dlnraw, dlnvar }) => lndiff.mul(dlnvar).mul(2).div(lndiff.size(1)).add(dlnraw.mul(lnvar_inv)),
    ({ lndiff, lnvar_inv, dlnraw, dlnvar }) =>
      lndiff
        .add(lndiff)
        .mul(dlnvar.div(lndiff.size(1)))
        .add(dlnraw.mul(lnvar_inv)),
    ({ lnraw, lnvar_inv, dlnraw, dlnvar }) =>
      lnraw
        .div(lnvar_inv)
        .mul(dlnvar)
        .mul(2 / lnraw.size(1))
        .add(dlnraw.mul(lnvar_inv)),
    ({ lndiff, lnvar_inv, dlnraw, dlnvar }) =>
      build(
        [...lndiff.shape],
        (i, j) => lnvar_inv.get(i, 0) * dlnraw.get(i, j) + (2 / lndiff.size(1)) * lndiff.get(i, j) * dlnvar.get(i, 0),
      ),
  ],
});
