import type { TrainRoom } from "../../kit/room.ts";
import { makemoreTraining } from "../makemore/training.ts";
import { dhpreact } from "./dhpreact.ts";
import { dhprebn } from "./dhprebn.ts";
import { dlogits } from "./dlogits.ts";
import { firstLayer } from "./first-layer.ts";
import { rightTrainingForms, type TrainingForm } from "./forms.ts";
import { forwardPass } from "./forward-pass.ts";
import { gainAndBias } from "./gain-and-bias.ts";
import { looksAtLines } from "./looks.ts";
import type { LoopMistake } from "./mistake.ts";
import { returned } from "./returned.ts";
import { secondLayer } from "./second-layer.ts";
import { update } from "./update.ts";

export const train: TrainRoom<LoopMistake, TrainingForm> = {
  kind: "train",
  id: "train",
  export: "trainStep",
  training: makemoreTraining,
  lecture: [6601],

  idea: "All gradients belong to the point where the loss was computed, and the whole step starts from that point.",

  questions: [
    {
      id: "order",
      ask: "Which of these gradients can only be computed after all the others?",
      answer: "C",
      others: ["W1", "W2", "bngain"],
      why: "The backward pass goes through the lines in reverse, and C is used in the first line of the forward pass.",
    },
    {
      id: "update",
      ask: "A parameter is 2, its gradient is -3, and the learning rate is 0.1. What is the parameter after the step?",
      answer: "2.3",
      others: ["1.7", "-1", "5"],
      why: "A step goes against the gradient: 2 - 0.1 * (-3).",
    },
    {
      id: "when",
      ask: "When are the parameters updated?",
      answer: "after all gradients have been computed",
      others: [
        "each one as soon as its gradient is known",
        "before the backward pass, right after the loss",
        "in the order of the forward pass, layer by layer, between the gradients",
      ],
      why: "dh needs W2 as it was when the loss was computed: all gradients belong to the same point.",
    },
  ],

  hints: {
    ask:
      "Go back from the loss to C, and write next to each forward line which gradients it passes back, and to which " +
      "parameter. You should end up with seven gradients, each in its parameter's shape.",
    rule:
      "A parameter moves against its gradient, by the learning rate times the gradient. It is updated in place, " +
      "after all gradients have been computed: an operation whose name ends in _ changes the tensor itself.",
    numbers: { b2: [1, -2, 0.5], db2: [5, 1, -2], learningRate: 0.1 },
    worked: "b2_after[0] = {b2 0} - {learningRate} * {db2 0}",
    result: { name: "b2_after", of: ({ b2, db2, learningRate }) => b2!.sub(learningRate!.mul(db2!)) },
    piece:
      "Begin with part 2's formula for dlogits and end with part 1's last step for C. Between them: the three " +
      "gradients of the second layer, tanh, the gradients of the gain and the bias, part 3's formula, and the same " +
      "three gradients for the first layer. The two sums in part 3's formula are gradients of parameters. Return { " +
      "loss, gradients }, with the parameters' own names as keys (W1, not dW1), and update all seven.",
  },
  // by what the report is about, then by the line that is off by a factor
  looks: {
    "not-moved": "Which operation changes a tensor in place? Its name ends in _. The others return a new tensor.",
    "moved-along": "Check the sign of the step: the loss goes down against the gradient.",
    "step-alone": "A parameter keeps its value, and the step is subtracted from it.",
    update: "The step is the learning rate, which is an argument, times the gradient. Is it taken only once?",
    "updated-shape":
      "A parameter keeps its shape when it is updated. What shape does the gradient have that you update it with?",
    "written-size":
      "Numbers such as 32, 200 and 27 belong to the lecture's network. Here the sizes are in the shapes of the parameters " +
      "and of the batch.",
    loss: "Return the loss that the forward pass computed, from before the update.",
    "gradient-W2":
      "It is the first parameter gradient of the backward pass, computed from h and dlogits as in step 10. Check " +
      "dlogits before the product: it is part 2's formula, and each of its rows sums to zero.",
    "gradient-b2":
      "It is computed from dlogits alone, as in step 11, and dlogits is right if the gradient of W2 is. Mind the shape, [vocab].",
    "gradient-bngain": "It is computed from dhpreact as in step 13; before that come dh (step 9) and tanh (step 12).",
    "gradient-bnbias": "It is computed from dhpreact as in step 14; before that come dh (step 9) and tanh (step 12).",
    "gradient-b1": "It is computed from dhprebn as in step 24. Mind the shape, [hidden].",
    "gradient-W1":
      "It is computed from dhprebn as in step 23. If bngain and bnbias are right, check part 3's formula; the " +
      "variance here divides by n - 1.",
    "gradient-C": "It comes last in the backward pass: dembcat (step 22), the view (step 25), the lookup (step 26).",
    ...looksAtLines,
  },

  mistakes: [
    ...forwardPass,
    ...dlogits,
    ...secondLayer,
    ...dhpreact,
    ...gainAndBias,
    ...dhprebn,
    ...firstLayer,
    ...update,
    ...returned,
  ],

  forms: rightTrainingForms,
};
