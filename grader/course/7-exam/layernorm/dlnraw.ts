import { zerosLike } from "#tensor";
import { build, each } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { layernorm } from "./network.ts";

export const dlnraw = gradientRoom(layernorm, {
  id: "layernorm-dlnraw",
  tensor: "lnraw",
  title: "what the gain multiplies",
  idea: "The gain scales the gradient, feature by feature, as it scaled the values.",
  hints: {
    piece: "A product of two given tensors, one of which is broadcast down the batch, as in the forward line.",
  },
  looks: { sign: looks.signOfProduct("lnraw") },

  mistakes: [
    {
      id: "gain-forgotten",
      idea: "the gain is overlooked",
      sentence: "the upstream gradient is returned unchanged: the gain scales what it multiplies",
      look: looks.ownFactor("lnraw"),
      answer: ({ dout }) => dout.clone(),
    },
    {
      id: "own-factor",
      idea: "the wrong factor of the product is used",
      sentence:
        "the upstream gradient is multiplied by lnraw itself; the local gradient of a factor is the other factor",
      look: looks.ownFactor("lnraw"),
      answer: ({ lnraw, dout }) => lnraw.mul(dout),
    },
    {
      id: "bias-for-gain",
      idea: "the bias is used instead of the gain",
      sentence: "the upstream gradient is multiplied by the bias: the bias is added, the gain is the factor",
      look: looks.ownFactor("lnraw"),
      answer: ({ lnbias, dout }) => lnbias.mul(dout),
    },
    {
      id: "divided",
      idea: "the product is undone",
      sentence: "the upstream gradient is divided by the gain: that undoes the product, but it is not its slope",
      look: looks.divided,
      answer: ({ lngain, dout }) => dout.div(lngain),
    },
    {
      id: "sign",
      idea: "a minus is put where there is none",
      sentence: "the sign is flipped",
      look: looks.signOfProduct("lnraw"),
      answer: ({ lngain, dout }) => lngain.mul(dout).neg(),
    },
    {
      id: "averaged-gain",
      idea: "one gain is used for all features",
      sentence: "all features get the mean of the gains: each has a gain of its own",
      look: "Which shape has the gain, and along which dimension is it broadcast?",
      answer: ({ lngain, dout }) => dout.mul(lngain.mean()),
    },
    {
      id: "upstream-forgotten",
      idea: "only the local gradient is returned",
      sentence: "this is the gain alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ lngain, lnraw }) => lngain.expand(lnraw.shape),
    },
    {
      id: "out-for-dout",
      idea: "the output is used instead of its gradient",
      sentence: "out is multiplied instead of its gradient",
      look: looks.valueForGradient,
      answer: ({ lngain, out }) => lngain.mul(out),
    },
  ],

  alsoRight: [
    {
      code: "return dout.mul(lngain.view(1, -1));",
      why: "The gain as a row of a matrix, which is how broadcasting reads it: the bits are the same.",
    },
  ],

  forms: [
    ({ lngain, dout }) => lngain.mul(dout),
    ({ lngain, dout }) => dout.div(lngain.pow(-1)),
    ({ lngain, dout }) => lngain.expand(dout.shape).mul(dout),
    ({ lngain, dout }) => build([...dout.shape], (i, j) => lngain.get(j) * dout.get(i, j)),
    ({ lngain, dout }) => each(zerosLike(dout), (i, j, d) => d.set(i, j, lngain.get(j) * dout.get(i, j))),
  ],
});
