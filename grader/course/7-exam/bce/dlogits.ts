import { tensor } from "#tensor";
import { sigmoid } from "../../../tensor/functions.ts";
import { build } from "../../elements.ts";
import { gradientRoom } from "../../rooms.ts";
import { bce } from "./network.ts";

export const dlogits = gradientRoom(bce, {
  id: "bce-dlogits",
  tensor: "logits",
  title: "binary cross-entropy, fused",
  idea: "The gradient of a binary cross-entropy is the predicted probability minus the target, over the number of elements.",
  hints: {
    piece:
      "A difference of two tensors, and a division. One of the two is what the slope of softplus is, a function with a " +
      "name that you have met; the other is given. The mean is over all elements. No exponential should overflow.",
  },
  looks: { sign: "With target 1, does the loss fall or rise if the logit grows?" },

  mistakes: [
    {
      id: "mean-forgotten",
      idea: "the mean is treated as a sum",
      sentence: "every value should be divided by the number of elements: the loss is their mean",
      look: "How many numbers are averaged in the forward line? A mean passes that part of its gradient to each.",
      answer: ({ logits, target }) => logits.sigmoid().sub(target),
    },
    {
      id: "over-n",
      idea: "the mean is taken over the examples only",
      sentence: "the mean is taken over the examples: it is over all elements, every task of every example",
      look: "How many numbers are averaged in the forward line? Count rows and columns.",
      answer: ({ logits, target }) => logits.sigmoid().sub(target).div(logits.size(0)),
    },
    {
      id: "over-tasks",
      idea: "the mean is taken over the tasks only",
      sentence: "the mean is taken over the tasks: it is over all elements, every task of every example",
      look: "How many numbers are averaged in the forward line? Count rows and columns.",
      answer: ({ logits, target }) => logits.sigmoid().sub(target).div(logits.size(1)),
    },
    {
      id: "target-forgotten",
      idea: "the second term is left out",
      sentence: "the targets are missing: the second term of the loss contains the logits as well",
      look: "Read the forward line: how often do the logits appear in it?",
      answer: ({ logits }) => logits.sigmoid().div(logits.numel()),
    },
    {
      id: "sign",
      idea: "the two terms of the difference are swapped",
      sentence: "the sign is flipped: a larger logit lowers the loss if the target is 1",
      look: "With target 1, does the loss fall or rise if the logit grows?",
      answer: ({ logits, target }) => target.sub(logits.sigmoid()).div(logits.numel()),
    },
    {
      id: "logits-for-probabilities",
      idea: "softplus is taken for its input",
      sentence: "the targets are subtracted from the logits: the slope of softplus is a probability, not its input",
      look: "softplus is flat far below 0 and rises with slope 1 far above. Which function goes from 0 to 1 like that?",
      answer: ({ logits, target }) => logits.sub(target).div(logits.numel()),
    },
    {
      id: "softplus-for-slope",
      idea: "the value is used as the slope",
      sentence: "softplus itself is in the answer instead of its slope",
      look: "Differentiate log(1 + e ** x) on paper, with the chain rule.",
      answer: ({ logits, target }) => logits.softplus().sub(target).div(logits.numel()),
    },
    {
      id: "slope-of-sigmoid",
      idea: "the slope of the sigmoid is multiplied in, as for a squared error",
      sentence:
        "the slope of the sigmoid is a factor, as it would be with a squared error: in a cross-entropy from logits it cancels",
      look: "Where the loss says softplus, which derivative comes first? Is there a second function inside?",
      answer: ({ logits, target }) => {
        const probs = logits.sigmoid();
        return probs
          .sub(target)
          .mul(probs.mul(tensor(1).sub(probs)))
          .div(logits.numel());
      },
    },
    {
      id: "softmax",
      idea: "the tasks are treated as classes that exclude each other",
      sentence: "a softmax runs over the tasks: each task has a probability of its own",
      look: "Do the probabilities of a row have to add up to 1 here?",
      answer: ({ logits, target }) => logits.softmax(1).sub(target).div(logits.numel()),
    },
  ],

  alsoRight: [
    {
      code: "return tensor(1).div(logits.neg().exp().add(1)).sub(target).div(logits.numel());",
      why: "The sigmoid written out. Where a logit is far below 0, exp overflows to infinity, and 1 over infinity is the right 0.",
    },
  ],

  forms: [
    ({ logits, target }) => logits.sigmoid().sub(target).div(logits.numel()),
    ({ logits, target }) => tensor(1).div(logits.neg().exp().add(1)).sub(target).div(logits.numel()),
    ({ logits, target }) =>
      logits
        .neg()
        .softplus()
        .neg()
        .exp()
        .sub(target)
        .mul(1 / logits.numel()),
    ({ logits, target }) =>
      build([...logits.shape], (i, j) => (sigmoid(logits.get(i, j)) - target.get(i, j)) / logits.numel()),
    ({ logits, target }) => logits.sigmoid().div(logits.numel()).sub(target.div(logits.numel())),
    ({ logits, target }) =>
      logits
        .each((x) => 1 / (1 + Math.exp(-x)))
        .sub(target)
        .div(logits.numel()),
  ],
});
