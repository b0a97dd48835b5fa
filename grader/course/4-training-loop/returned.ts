import { zerosLike } from "#tensor";
import { eachParameter } from "../makemore/loop.ts";
import { RECORD } from "./looks.ts";
import type { LoopMistake } from "./mistake.ts";
import { exchanged } from "./pieces.ts";

/** Mistakes in the returned gradients. */
export const returned: readonly LoopMistake[] = [
  {
    id: "returned-scaled",
    idea: "the gradients are multiplied by the learning rate, in place or before they are returned",
    sentence: "the returned gradients are multiplied by the learning rate: it scales the update alone",
    look: RECORD,
    changes: { returned: ({ moving, learningRate }) => eachParameter((name) => moving[name].mul(learningRate)) },
  },
  {
    id: "returned-negated",
    idea: "the step is returned instead of the gradient",
    sentence: "the returned gradients are the steps, the gradients times minus the learning rate; the update is right",
    alone: "; the update is right",
    look: RECORD,
    changes: { returned: ({ moving, learningRate }) => eachParameter((name) => moving[name].mul(-learningRate)) },
  },
  {
    id: "returned-exchanged",
    idea: "the names of the gain and the bias are swapped",
    sentence: "the gradients of bngain and bnbias are returned under each other's name; the update is right",
    alone: "; the update is right",
    look: RECORD,
    changes: { returned: ({ moving }) => exchanged(moving) },
  },
  {
    id: "parameters-returned",
    idea: "the parameters are returned instead of their gradients",
    sentence: "the returned gradients are the parameters after the update; the update is right",
    alone: "; the update is right",
    look: RECORD,
    changes: { returned: ({ moved }) => moved },
  },
  {
    id: "zeros-returned",
    idea: "the gradients are set to zero before they are returned",
    sentence: "the returned gradients are zero, and the update is right: were they cleared before they were returned?",
    alone: ", and the update is right",
    look: RECORD,
    changes: { returned: ({ moving }) => eachParameter((name) => zerosLike(moving[name])) },
  },
];
