import { SLOPE } from "./looks.ts";
import type { LoopMistake } from "./mistake.ts";
import { one } from "./pieces.ts";

/** Mistakes in the backward pass through tanh. */
export const dhpreact: readonly LoopMistake[] = [
  {
    id: "tanh-forgotten",
    idea: "tanh is skipped, as if it were not there",
    sentence: "the slope of tanh is missing: dhpreact is dh, unchanged",
    look: SLOPE,
    changes: { dhpreact: ({ dh }) => dh },
  },
  {
    id: "tanh-not-squared",
    idea: "1 - h is used as the slope",
    sentence: "the slope of tanh has h itself where its square belongs",
    look: SLOPE,
    changes: { dhpreact: ({ h, dh }) => one.sub(h).mul(dh) },
  },
  {
    id: "tanh-at-hpreact",
    idea: "the slope is taken from the input",
    sentence:
      "the slope of tanh is computed from the square of hpreact, its input; it is 1 minus the square of h, its output",
    look: SLOPE,
    changes: { dhpreact: ({ hpreact, dh }) => one.sub(hpreact.pow(2)).mul(dh) },
  },
  {
    id: "tanh-twice",
    idea: "tanh is applied to h again",
    sentence: "the slope of tanh is taken at h, as if tanh had been applied twice; h is already the output",
    look: SLOPE,
    changes: { dhpreact: ({ h, dh }) => one.sub(h.tanh().pow(2)).mul(dh) },
  },
  {
    id: "tanh-sigmoid",
    idea: "the slope of the sigmoid",
    sentence: "the slope is h times 1 - h, that of the logistic function; the slope of tanh is different",
    look: SLOPE,
    changes: { dhpreact: ({ h, dh }) => h.mul(one.sub(h)).mul(dh) },
  },
  {
    id: "tanh-squared-alone",
    idea: "the 1 is left out",
    sentence: "the square of h is used as the slope of tanh; the slope is 1 minus that square",
    look: SLOPE,
    changes: { dhpreact: ({ h, dh }) => h.pow(2).mul(dh) },
  },
  {
    id: "tanh-plus",
    idea: "the slope has a plus instead of a minus",
    sentence: "the slope of tanh is taken as 1 plus the square of h; it is 1 minus that square",
    look: SLOPE,
    changes: { dhpreact: ({ h, dh }) => h.pow(2).add(1).mul(dh) },
  },
  {
    id: "tanh-slope-squared",
    idea: "the slope is squared as a whole",
    sentence: "the slope of tanh is applied twice; dh should be multiplied by it once",
    look: SLOPE,
    changes: { dhpreact: ({ h, dh }) => one.sub(h.pow(2)).pow(2).mul(dh) },
  },
  {
    id: "tanh-relu",
    idea: "the slope of relu",
    sentence:
      "dh is kept where hpreact is positive and set to zero elsewhere: that is the slope of relu, and the forward pass has tanh",
    look: SLOPE,
    changes: {
      dhpreact: ({ hpreact, dh }) => dh.mul(hpreact.clamp(0, 1e-30).mul(1e30)),
    },
  },
  {
    id: "tanh-itself",
    idea: "the value is used as the slope",
    sentence: "dh is multiplied by h itself where the slope of tanh belongs",
    look: SLOPE,
    changes: { dhpreact: ({ h, dh }) => h.mul(dh) },
  },
];
