import type { TrainRoom } from "../../kit/room.ts";
import { train } from "../4-training-loop/train.ts";
import type { LoopMistake } from "../4-training-loop/mistake.ts";
import type { TrainingForm } from "../4-training-loop/forms.ts";

/**
 * The known mistakes of part 4 that an engine can make: in the update, in what is returned, and in what flows back where a
 * value is used several times.
 */
const known = [
  "gradients-accumulated",
  "gradients-of-the-first-step",
  "returned-from-before",
  "returned-scaled",
  "returned-negated",
  "parameters-returned",
  "zeros-returned",
  "loss-after",
  "loss-zero",
  "not-moved",
  "moved-along",
  "moved-twice",
  "rate-ignored",
  "rate-written",
  "rate-squared",
  "step-alone",
  "step-over-n",
  "gradient-of-the-step-before",
  "no-mean-term",
  "no-variance-term",
  "direct-term-alone",
  "tanh-forgotten",
  "tanh-at-hpreact",
  "db2-keepdim",
  "db2-not-summed",
  "gain-keepdim",
  "bias-keepdim",
  "db1-keepdim",
  "last-use-wins",
  "first-use-alone",
];

// the lecture derives no engine of this kind
const { lecture: _, ...room } = train;

export const engine: TrainRoom<LoopMistake, TrainingForm> = {
  ...room,
  id: "engine",
  idea: "An engine needs a rule for each operation, and an order: no formula for the whole.",
  questions: [
    {
      id: "fused",
      ask: "Your engine goes through the lines of batchnorm one by one. How does its gradient compare with part 3's formula?",
      answer: "it is the same, except for rounding",
      others: [
        "it is less accurate by a factor of n",
        "it lacks the variance's term",
        "it is right for large batches alone",
      ],
      why: "Part 3's formula is what the chain rule gives for these lines, simplified. An engine applies the same rule without simplifying.",
    },
    {
      id: "again",
      ask: "The engine is called for each training step. What does the graph of one step have to do with that of the next?",
      answer: "nothing: each forward pass builds a new one",
      others: [
        "its gradients are added to those of the next",
        "its order is used again, and only the values change",
        "it is the first part of the next one",
      ],
      why: "The nodes hold the values of one forward pass. That is what a framework with dynamic graphs, such as PyTorch, does too.",
    },
  ],
  hints: {
    ...train.hints,
    ask: "Two of your functions take you from the loss to all gradients. Which one's answer does the other need?",
    piece:
      "topologicalOrder(loss) is what backward takes. After it, the gradient of each parameter is in its leaf. Update as " +
      "in part 4: in place, against the gradient, by the learning rate. The loss is a node; its value is returned.",
  },
  looks: {
    ...train.looks,
    "gradient-W2":
      "It is the product of the second layer: check matrixProduct, and the rules that the loss goes through.",
    "gradient-b2": "b2 is broadcast down the batch: check unbroadcast.",
    "gradient-bngain": "It is broadcast and multiplied: check arithmetic and unbroadcast, and elementwise for tanh.",
    "gradient-bnbias": "It is broadcast and added: check unbroadcast, and elementwise for tanh.",
    "gradient-b1":
      "It goes through all of batchnorm: check reduction, and whether backward adds up where bndiff is used twice.",
    "gradient-W1":
      "It goes through all of batchnorm: check reduction, and whether backward adds up where bndiff is used twice.",
    "gradient-C": "It comes last: check rearrangement.",
  },
  mistakes: train.mistakes.filter(({ id }) => known.includes(id)),
};
