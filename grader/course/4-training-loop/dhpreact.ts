import { SLOPE } from "./looks.ts";
import type { LoopMistake } from "./mistake.ts";
import { one } from "./pieces.ts";

/** Wrong in the way back through tanh. */
export const dhpreact: readonly LoopMistake[] = [
  {
    id: "tanh-forgotten",
    idea: "tanh is passed as if it were not there",
    sentence: "the slope of tanh is missing: dhpreact is dh as it is",
    look: SLOPE,
    changes: { dhpreact: ({ dh }) => dh },
  },
  {
    id: "tanh-not-squared",
    idea: "1 - h stands for the slope",
    sentence: "the slope of tanh has h itself where its square belongs",
    look: SLOPE,
    changes: { dhpreact: ({ h, dh }) => one.sub(h).mul(dh) },
  },
  {
    id: "tanh-at-hpreact",
    idea: "the slope is taken from the input",
    sentence:
      "the slope of tanh is made from the square of hpreact, its input; it is 1 less the square of h, its output",
    look: SLOPE,
    changes: { dhpreact: ({ hpreact, dh }) => one.sub(hpreact.pow(2)).mul(dh) },
  },
  {
    id: "tanh-twice",
    idea: "tanh is applied to h once more",
    sentence: "the slope of tanh is taken at h, as if tanh had been applied twice; h is the output already",
    look: SLOPE,
    changes: { dhpreact: ({ h, dh }) => one.sub(h.tanh().pow(2)).mul(dh) },
  },
  {
    id: "tanh-sigmoid",
    idea: "the slope of the sigmoid",
    sentence: "the slope is h times 1 - h, that of the logistic function; tanh has another",
    look: SLOPE,
    changes: { dhpreact: ({ h, dh }) => h.mul(one.sub(h)).mul(dh) },
  },
  {
    id: "tanh-squared-alone",
    idea: "the 1 is left out",
    sentence: "the slope of tanh is the square of h; it is 1 less that square",
    look: SLOPE,
    changes: { dhpreact: ({ h, dh }) => h.pow(2).mul(dh) },
  },
  {
    id: "tanh-plus",
    idea: "a sign slips in the slope",
    sentence: "the slope of tanh has a plus: it is 1 less the square of h, and yours is 1 plus the square",
    look: SLOPE,
    changes: { dhpreact: ({ h, dh }) => h.pow(2).add(1).mul(dh) },
  },
  {
    id: "tanh-slope-squared",
    idea: "the slope is squared as a whole",
    sentence: "the slope of tanh is there twice: dh is multiplied by it once more",
    look: SLOPE,
    changes: { dhpreact: ({ h, dh }) => one.sub(h.pow(2)).pow(2).mul(dh) },
  },
  {
    id: "tanh-relu",
    idea: "the slope of relu",
    sentence:
      "dh passes where hpreact is positive and is zero elsewhere: that is the slope of relu, and the forward pass has tanh",
    look: SLOPE,
    changes: {
      dhpreact: ({ hpreact, dh }) => dh.mul(hpreact.clamp(0, 1e-30).mul(1e30)),
    },
  },
  {
    id: "tanh-itself",
    idea: "the value stands for the slope",
    sentence: "dh is multiplied by h itself where the slope of tanh belongs",
    look: SLOPE,
    changes: { dhpreact: ({ h, dh }) => h.mul(dh) },
  },
];
