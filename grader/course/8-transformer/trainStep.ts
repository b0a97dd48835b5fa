import type { LoopMistake } from "../../kit/training.ts";
import type { TrainRoom } from "../../kit/room.ts";
import { rightTrainingForms, type TrainingForm } from "./forms.ts";
import { loopMistakes } from "./loop-mistakes.ts";
import { transformerTraining } from "../transformer/training.ts";

export const trainStep: TrainRoom<LoopMistake, TrainingForm> = {
  kind: "train",
  id: "train-transformer",
  export: "trainStep",
  training: transformerTraining,

  idea: "The optimizer is a part of the step: what it keeps is changed in place, once per step, like the parameters.",

  questions: [
    {
      id: "same-gradient",
      ask: "The gradient of a parameter has been 0.5 at each of many steps, and the learning rate is 0.1. Apart from the decay, how far does AdamW move the parameter in the next step?",
      answer: "0.1",
      others: ["0.05", "0.5", "0.005"],
      why: "m and the root of v have both become 0.5: their quotient is 1, and the step is the learning rate.",
    },
    {
      id: "common-norm",
      ask: "There are two gradients, of norms 3 and 4, and the limit is 1. Which norms do they have after clipping?",
      answer: "0.6 and 0.8",
      others: ["1 and 1", "0.75 and 1", "3/7 and 4/7"],
      why: "Together their norm is 5, so both are divided by 5, and the direction of all gradients together stays.",
    },
  ],

  hints: {
    ask:
      "Go back from the loss to C and P, and write next to each forward line which gradients it passes back, and to which " +
      "parameter. You should end up with thirty gradients: twelve for each block, four behind them and two before.",
    rule:
      "The blocks are alike, so one function takes the gradient of a block's output and returns that of its input with the " +
      "gradients of its twelve parameters. Then AdamW: the norm of all gradients together, the factor, t, both averages, " +
      "and the parameters, each in place: an operation whose name ends in _ changes the tensor itself.",
    numbers: { m: [0.5, -0.2], g: [1, 0.8] },
    worked: "m_after[0] = 0.9 * {m 0} + 0.1 * {g 0}",
    result: { name: "m_after", of: ({ m, g }) => m!.mul(0.9).add(g!.mul(0.1)) },
    piece:
      "Steps 5 to 7 are the backward pass of the activations. The gradient of a matrix is the product of its input, " +
      "transposed, and its output's gradient, both viewed as [batch*time, columns]; that of a bias or a gain is a sum over " +
      "batch and time. P is added to every sequence, and C is looked up. Return the gradients as they are before clipping.",
  },
  looks: {
    update: "Compare the update with step 4, and the factor with step 1: is the norm taken over all gradients?",
    "updated-shape": "A tensor keeps its shape when it is updated. What shape does the gradient have?",
    "written-size": "Sizes are in the shapes of the parameters and of the batch; only the number of heads is always 4.",
    loss: "Return the loss that the forward pass computed, from before the update.",
  },

  mistakes: loopMistakes as unknown as readonly LoopMistake[],
  forms: rightTrainingForms,
};
