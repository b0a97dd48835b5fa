import type { Step } from "../../kit/step.ts";

/** Those of the texts below that speak of no gradient, so that they hold where a value is asked for. */
const valueLooks: Readonly<Record<string, string>> = {
  half: "Is a factor of 2 lost, or are two things that add up averaged?",
  zero: "Is the answer filled in after it was made? set changes a tensor; the operations without _ return a new one.",
  keepdim: "The second argument of sum keeps the dimension: pass keepdim, which the file imports.",
  reshaped:
    "Compare the shape you return with the tensor's own. A sum can keep its dimension, and a view can give another shape.",
};

/**
 * What to look at, by the id of a mistake, for those that are the same at many steps. `{tensor}` is the tensor whose
 * gradient is asked for. A step's own texts come first.
 */
const looks: Readonly<Record<string, string>> = {
  ...valueLooks,

  sign: "Let one number of {tensor} grow a little and follow it through the forward line: does the output rise or fall?",
  difference:
    "Two ways lead from {tensor} to the loss, and a change of it moves the loss along both: their gradients add up.",
  halved: "A change of {tensor} moves the loss along each way in full. Nothing is shared out, so nothing is averaged.",
  double: "Is something counted twice, or the factor of a square put in where there is none?",

  "upstream-forgotten":
    "The slope says how the line's output moves. The chain rule multiplies it by how the loss moves with that output, " +
    "which is given: its name begins with d.",
  "passed-through":
    "Which function stands in the forward line? Write its slope at one number on paper; it is a factor of the answer.",
  divided:
    "Count the divisions: each one in the answer has a division, or an inverse, in the forward lines of this step.",
  "slope-squared":
    "The chain rule multiplies by the slope one time. Which square belongs to the slope itself, and which stands around " +
    "all of it?",
  "own-factor": "In y = a * b the slope by b is a. Which tensor stands beside {tensor} in the forward line?",
  weighted:
    "In a sum or a difference the slope by each term is 1 or -1, whatever the values. What is left to multiply?",
  "summed-apart":
    "Order matters here: the product of two sums is another number than the sum of the products. Multiply entry by " +
    "entry, then sum.",

  "not-summed":
    "Compare what comes from above with the answer: where the answer has length 1, or a dimension less, {tensor} was " +
    "copied, and that dimension is the one to sum over.",
  "wrong-dimension":
    "Compare what comes from above with the answer: the dimension that the answer lacks, or has with length 1, is the " +
    "one to sum over. Dimension 0 runs down the batch.",
  mean: "The number was copied, and a change of it moves every copy. What all of them do to the loss is the sum, not the mean.",
  transposed:
    "Rows and columns are exchanged. If it is a matrix product, write its shapes under it: the outer sizes are the answer's.",

  exponent: "The power rule on paper: x ** 3 has slope 3 * x ** 2. Do the same to the exponent of the forward line.",
  "exponent-raised": "Lower the exponent by one: from -1 that leads to -2, away from zero.",
  "half-forgotten": "The power rule has two parts: the exponent is lowered, and the old one comes down as a factor.",

  "second-branch-missing": "Read the forward lines in the comment: {tensor} stands on the right of two of them.",
  "first-branch-missing": "Read the forward lines in the comment: {tensor} stands on the right of two of them.",
  "not-transposed":
    "Write the three shapes on paper. The size that the answer lacks is the one to sum over, and it has to be last in " +
    "the left factor and first in the right one.",
  order:
    "Write the three shapes on paper. The answer's first size comes from the left factor, its last from the right one.",
  "result-transposed":
    "Write the three shapes on paper. The answer's first size comes from the left factor, its last from the right one.",
  elementwise: "The forward line has @, so both gradients are matrix products as well.",

  "logits-for-dlogits":
    "Values and gradients have the same shapes. What comes from above has a name that begins with d.",
  "hprebn-for-dhprebn":
    "Values and gradients have the same shapes. What comes from above has a name that begins with d.",

  "times-n": "Read the forward lines for a division by n. If there is none, what comes from above was multiplied by n.",
  "over-n":
    "The mean of the loss is in what comes from above already. Is there a division by n in this step's forward lines?",
  "mean-forgotten": "The loss is a mean: each example has a share of 1/n in it.",
};

/**
 * Steps whose slope is another factor, which has either sign: whether the output rises or falls depends on that
 * number, so asking for it would lead nowhere. A test holds this list against the slopes.
 */
const products: ReadonlySet<string> = new Set([
  "dy",
  "dx",
  "dleft",
  "dh",
  "dW2",
  "dbngain",
  "dbnraw",
  "dbnvar_inv",
  "dbndiff",
  "dembcat",
  "dW1",
]);

const productLooks: Readonly<Record<string, string>> = {
  ...looks,
  sign:
    "No minus stands in the forward lines of this step, and a product brings none: its slope with respect to {tensor} is " +
    "the other factor, with the sign that this factor has.",
};

/** The texts that are the same at many steps, as far as they are true at this one. */
export function commonLooks(step: Step): Readonly<Record<string, string>> {
  if (step.kind === "train") return {};
  if (step.asks === "value") return valueLooks;
  return products.has(step.id) ? productLooks : looks;
}
