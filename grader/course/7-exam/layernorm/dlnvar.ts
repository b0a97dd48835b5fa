import { build } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { layernorm } from "./network.ts";

export const dlnvar = gradientRoom(layernorm, {
  id: "layernorm-dlnvar",
  tensor: "lnvar",
  title: "the inverse root of a variance",
  idea: "A power lowers its exponent by one on the way back, and epsilon stays inside.",
  hints: {
    piece: "The power rule, with an exponent that is negative and a base that is a sum. The slope is negative.",
  },

  mistakes: [
    {
      id: "epsilon-forgotten",
      idea: "epsilon is left out",
      sentence: "epsilon is missing: where the variance is as small as epsilon, that is no small difference",
      look: "The power is taken of lnvar + 1e-5. What is the base of its derivative?",
      answer: ({ lnvar, dlnvar_inv }) => lnvar.pow(-1.5).mul(-0.5).mul(dlnvar_inv),
    },
    {
      id: "half-forgotten",
      idea: "the exponent does not come down as a factor",
      sentence: "the factor 1/2 is missing: the exponent comes down",
      look: looks.halfForgotten,
      answer: ({ lnvar, dlnvar_inv }) => lnvar.add(1e-5).pow(-1.5).neg().mul(dlnvar_inv),
    },
    {
      id: "exponent",
      idea: "the exponent is kept",
      sentence: "the exponent is that of the forward line: the power rule lowers it by one",
      look: looks.exponent,
      answer: ({ lnvar, dlnvar_inv }) => lnvar.add(1e-5).pow(-0.5).mul(-0.5).mul(dlnvar_inv),
    },
    {
      id: "exponent-raised",
      idea: "the exponent is raised by one",
      sentence: "the exponent is raised by one: the power rule lowers it",
      look: looks.exponentRaised,
      answer: ({ lnvar, dlnvar_inv }) => lnvar.add(1e-5).pow(0.5).mul(-0.5).mul(dlnvar_inv),
    },
    {
      id: "sign",
      idea: "the minus of the exponent is lost",
      sentence: "the sign is flipped: the larger the variance, the smaller its inverse root",
      look: looks.sign("lnvar"),
      answer: ({ lnvar, dlnvar_inv }) => lnvar.add(1e-5).pow(-1.5).mul(0.5).mul(dlnvar_inv),
    },
    {
      id: "upstream-forgotten",
      idea: "only the slope is returned",
      sentence: "this is the slope alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ lnvar }) => lnvar.add(1e-5).pow(-1.5).mul(-0.5),
    },
    {
      id: "bessel",
      idea: "the factor of an unbiased variance is applied",
      sentence: "every value is divided by the number of features minus 1: this line has no mean",
      look: looks.divided,
      answer: ({ lnvar, dlnvar_inv }) =>
        lnvar
          .add(1e-5)
          .pow(-1.5)
          .mul(-0.5)
          .mul(dlnvar_inv)
          .div(lnvar.size(0) - 1),
    },
    {
      id: "passed-through",
      idea: "the power is overlooked",
      sentence: "the upstream gradient is returned unchanged: the power has a slope of its own",
      look: looks.passedThrough,
      answer: ({ dlnvar_inv }) => dlnvar_inv.clone(),
    },
  ],

  alsoRight: [
    {
      code: "return lnvar_inv.pow(3).mul(-0.5).mul(dlnvar_inv);",
      why: "From the output: the power -1.5 is the cube of the power -0.5, so epsilon is in it already.",
    },
  ],

  forms: [
    ({ lnvar, dlnvar_inv }) => lnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dlnvar_inv),
    ({ lnvar_inv, dlnvar_inv }) => lnvar_inv.pow(3).mul(-0.5).mul(dlnvar_inv),
    ({ lnvar, lnvar_inv, dlnvar_inv }) => lnvar_inv.div(lnvar.add(1e-5)).mul(dlnvar_inv).div(-2),
    ({ lnvar, dlnvar_inv }) => dlnvar_inv.div(lnvar.add(1e-5).sqrt().pow(3)).mul(-0.5),
    ({ lnvar, dlnvar_inv }) =>
      build([...lnvar.shape], (i, j) => -0.5 * (lnvar.get(i, j) + 1e-5) ** -1.5 * dlnvar_inv.get(i, j)),
  ],
});
