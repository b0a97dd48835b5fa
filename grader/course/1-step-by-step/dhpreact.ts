import { tensor, zerosLike, type Tensor } from "#tensor";
import { build, each } from "../elements.ts";
import { looks } from "../looks.ts";
import { makemore } from "../makemore/network.ts";
import { gradientRoom } from "../rooms.ts";

const one = tensor(1);

export const dhpreact = gradientRoom(makemore, {
  tensor: "hpreact",
  lecture: [3213],

  idea: "The slope of tanh can be written in terms of its output alone: it is 1 in the middle and goes to zero at both ends.",

  hints: {
    ask: "All shapes are the same, so only a slope is missing. Can it be written in terms of the output alone?",
    rule:
      "Elementwise: the slope of tanh times the upstream gradient. If tanh gives y, its slope is 1 minus the square " +
      "of y: 1 at y = 0, and close to 0 where y is close to 1 or -1.",
    numbers: {
      hpreact: [
        [0, 1],
        [-2, 0.5],
      ],
      dh: [
        [3, 2],
        [10, -1],
      ],
    },
    show: ["hpreact"],
    worked: "dhpreact[0, 1] = (1 - {h 0 1} ** 2) * {dh 0 1}",
    piece:
      "Square the output h, which is given, subtract that from one, and scale the upstream gradient by it, " +
      "elementwise. A number minus a tensor begins with the number as a tensor: see exercises/TENSORS.md, section " +
      '"Arithmetic is written with methods".',
  },

  mistakes: [
    {
      id: "input-squared",
      idea: "the input is used instead of the output",
      sentence: "hpreact, the input, is squared: the slope of tanh is written in terms of its output",
      look:
        "Substitute a number: at -4 the square is 16, and one minus that is a slope of -15. But tanh never falls. " +
        "Which given tensor stays between -1 and 1?",
      answer: ({ hpreact, dh }) => one.sub(hpreact.pow(2)).mul(dh),
    },
    {
      id: "not-squared",
      idea: "the square is forgotten",
      sentence: "h is not squared: the slope has the square of h in it",
      look:
        "tanh is flat at both ends, where h is close to 1 and where it is close to -1. What does your slope give " +
        "at -1?",
      answer: ({ h, dh }) => one.sub(h).mul(dh),
    },
    {
      id: "upstream-forgotten",
      idea: "only the slope is returned",
      sentence: "this is the slope of tanh alone: the upstream gradient is missing",
      look: looks.upstreamForgotten,
      answer: ({ h }) => one.sub(h.pow(2)),
    },
    {
      id: "plus",
      idea: "a wrong sign in the slope",
      sentence: "the square of h is added to one: the slope of tanh falls to zero as h approaches one",
      look: "tanh is flat at its ends, where h is close to 1 or -1. What does your slope give there?",
      answer: ({ h, dh }) => one.add(h.pow(2)).mul(dh),
    },
    {
      id: "sigmoid",
      idea: "the slope of the sigmoid is used",
      sentence: "this is the slope of a sigmoid: tanh runs from -1 to 1 and has a different one",
      look: "Where h is 0, tanh rises with slope 1. What does your slope give there?",
      answer: ({ h, dh }) => h.mul(one.sub(h)).mul(dh),
    },
    {
      id: "passed-through",
      idea: "tanh is overlooked",
      sentence: "the upstream gradient is returned unchanged: tanh has a slope of its own",
      look: looks.passedThrough,
      answer: ({ dh }) => dh.clone(),
    },
    {
      id: "square-alone",
      idea: "the one is forgotten",
      sentence: "the one in the slope is missing: at h = 0 nothing would get through",
      look: "tanh is steepest where h is 0, and flat where h is close to 1. What does your slope give at each?",
      answer: ({ h, dh }) => h.pow(2).mul(dh),
    },
    {
      id: "sign",
      idea: "the difference is taken the other way round",
      sentence: "the sign is flipped: tanh rises",
      look: looks.sign("hpreact"),
      answer: ({ h, dh }) => h.pow(2).sub(1).mul(dh),
    },
    {
      id: "times-h",
      idea: "the value is used as the slope",
      sentence: "the upstream gradient is multiplied by h itself instead of the slope of tanh at h",
      look: "tanh is steepest where h is 0. What does your slope give there?",
      answer: ({ h, dh }) => h.mul(dh),
    },
    {
      id: "tanh-twice",
      idea: "tanh is applied to its output",
      sentence: "tanh is applied to h, which is already its output",
      look:
        "Where h is close to 1, tanh is flat. What does your slope give if h is 1? h is the output of tanh: it need " +
        "not go through tanh again.",
      answer: ({ h, dh }) => one.sub(h.tanh().pow(2)).mul(dh),
    },
    {
      id: "relu",
      idea: "the slope of relu is used",
      sentence:
        "the gradient passes where h is positive and stops where it is not: that is the slope of relu, not of tanh",
      look: "At -0.5 tanh rises, with slope 0.79. Does yours let anything through where hpreact is negative?",
      answer: ({ h, dh }) => dh.mul(positive(h)),
    },
    {
      id: "square-of-difference",
      idea: "the whole bracket is squared",
      sentence: "the whole bracket is squared: only h should be",
      look: "Where h is close to -1, tanh is flat. What does your slope give there? Look at what is squared.",
      answer: ({ h, dh }) => one.sub(h).pow(2).mul(dh),
    },
    {
      id: "slope-squared",
      idea: "the slope is applied twice",
      sentence: "the slope of tanh is squared: it is a factor only once",
      look: looks.slopeSquared,
      answer: ({ h, dh }) => one.sub(h.pow(2)).pow(2).mul(dh),
    },
  ],

  alsoRight: [
    {
      code: "return dh.sub(h.mul(h).mul(dh));",
      why: "Multiplied out: no 1 to subtract from is needed.",
    },
    {
      code: "return tensor(1).sub(h).mul(h.add(1)).mul(dh);",
      why: "1 - h ** 2 as (1 - h) * (1 + h): near the ends, where h is close to 1 or -1, less is lost to rounding.",
    },
  ],

  forms: [
    ({ h, dh }) => tensor(1).sub(h.pow(2)).mul(dh),
    ({ h, dh }) => dh.sub(h.mul(h).mul(dh)),
    ({ hpreact, dh }) => hpreact.tanh().pow(2).neg().add(1).mul(dh),
    ({ h, dh }) => tensor(1).sub(h).mul(h.add(1)).mul(dh),
    ({ hpreact, dh }) => {
      const c = hpreact.exp().add(hpreact.neg().exp()).div(2);
      return dh.div(c.mul(c));
    },
    ({ hpreact, dh }) => {
      const s = tensor(1).div(hpreact.mul(-2).exp().add(1));
      return s.mul(tensor(1).sub(s)).mul(4).mul(dh);
    },
    ({ h, dh }) => build([...h.shape], (i, j) => (1 - h.get(i, j) ** 2) * dh.get(i, j)),
    ({ hpreact, dh }) => build([...dh.shape], (i, j) => dh.get(i, j) / Math.cosh(hpreact.get(i, j)) ** 2),
    ({ h, dh }) => h.mul(h).sub(1).mul(dh).neg(),
    ({ h, dh }) => dh.add(h.mul(dh)).sub(h.mul(dh.add(h.mul(dh)))),
    ({ hpreact, h, dh }) =>
      each(zerosLike(hpreact), (i, j, d) => d.set(i, j, (1 - h.get(i, j) * h.get(i, j)) * dh.get(i, j))),
    ({ hpreact, dh }) => build([...dh.shape], (i, j) => (1 - Math.tanh(hpreact.get(i, j)) ** 2) * dh.get(i, j)),
    ({ h, dh }) => h.neg().mul(h).add(1).mul(dh),
  ],
});

/** 1 where x is positive, else 0. */
function positive(x: Tensor): Tensor {
  return tensor(
    x.toArray().map((value) => (value > 0 ? 1 : 0)),
    x.shape,
  );
}
