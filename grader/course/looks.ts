/**
 * What to look at, for mistakes that are the same at many steps: a room takes one by name. Those that are functions take
 * the tensor whose gradient is asked for.
 */
export const looks = {
  half: "Is a factor of 2 lost, or are two things that add up averaged?",
  zero: "Is the answer filled in after it was made? set changes a tensor; the operations without _ return a new one.",
  keepdim: "The second argument of sum keeps the dimension: pass keepdim, which the file imports.",
  reshaped:
    "Compare the shape you return with the tensor's own. A sum can keep its dimension, and a view can give another shape.",
  sign: (tensor: string) =>
    `Let one number of ${tensor} grow a little and follow it through the forward line: does the output rise or fall?`,
  /** Where the slope is another factor, which has either sign: whether the output rises depends on that number. */
  signOfProduct: (tensor: string) =>
    "No minus stands in the forward lines of this step, and a product brings none: its slope with respect to " +
    `${tensor} is the other factor, with the sign that this factor has.`,
  difference: (tensor: string) =>
    `Two ways lead from ${tensor} to the loss, and a change of it moves the loss along both: their gradients add up.`,
  halved: (tensor: string) =>
    `A change of ${tensor} moves the loss along each way in full. Nothing is shared out, so nothing is averaged.`,
  double: "Is something counted twice, or the factor of a square put in where there is none?",
  upstreamForgotten:
    "The slope says how the line's output moves. The chain rule multiplies it by how the loss moves with that output, " +
    "which is given: its name begins with d.",
  passedThrough:
    "Which function stands in the forward line? Write its slope at one number on paper; it is a factor of the answer.",
  divided:
    "Count the divisions: each one in the answer has a division, or an inverse, in the forward lines of this step.",
  slopeSquared:
    "The chain rule multiplies by the slope one time. Which square belongs to the slope itself, and which stands around " +
    "all of it?",
  ownFactor: (tensor: string) =>
    `In y = a * b the slope by b is a. Which tensor stands beside ${tensor} in the forward line?`,
  weighted:
    "In a sum or a difference the slope by each term is 1 or -1, whatever the values. What is left to multiply?",
  summedApart:
    "Order matters here: the product of two sums is another number than the sum of the products. Multiply entry by " +
    "entry, then sum.",
  notSummed: (tensor: string) =>
    `Compare what comes from above with the answer: where the answer has length 1, or a dimension less, ${tensor} was ` +
    "copied, and that dimension is the one to sum over.",
  wrongDimension:
    "Compare what comes from above with the answer: the dimension that the answer lacks, or has with length 1, is the " +
    "one to sum over. Dimension 0 runs down the batch.",
  mean: "The number was copied, and a change of it moves every copy. What all of them do to the loss is the sum, not the mean.",
  transposed:
    "Rows and columns are exchanged. If it is a matrix product, write its shapes under it: the outer sizes are the answer's.",
  exponent: "The power rule on paper: x ** 3 has slope 3 * x ** 2. Do the same to the exponent of the forward line.",
  exponentRaised: "Lower the exponent by one: from -1 that leads to -2, away from zero.",
  halfForgotten: "The power rule has two parts: the exponent is lowered, and the old one comes down as a factor.",
  branchMissing: (tensor: string) =>
    `Read the forward lines in the comment: ${tensor} stands on the right of two of them.`,
  notTransposed:
    "Write the three shapes on paper. The size that the answer lacks is the one to sum over, and it has to be last in " +
    "the left factor and first in the right one.",
  outerSizes:
    "Write the three shapes on paper. The answer's first size comes from the left factor, its last from the right one.",
  elementwise: "The forward line has @, so both gradients are matrix products as well.",
  valueForGradient: "Values and gradients have the same shapes. What comes from above has a name that begins with d.",
  timesN: "Read the forward lines for a division by n. If there is none, what comes from above was multiplied by n.",
  overN:
    "The mean of the loss is in what comes from above already. Is there a division by n in this step's forward lines?",
  meanForgotten: "The loss is a mean: each example has a share of 1/n in it.",
  dimensions: "Dimension 0 runs down the batch, dimension 1 along the neurons.",
};

/** Those of what the diagnosis finds at any step, by the finding's id. */
const atValues = { half: looks.half, zero: looks.zero, reshaped: looks.reshaped };

/**
 * What to look at where the diagnosis finds something that is none of the step's known mistakes, by the finding's id. A
 * value has no upstream gradient, and no loss moves with it.
 */
export function looksAtFindings(tensor: string, asks: "gradient" | "value"): Readonly<Record<string, string>> {
  if (asks === "value") return atValues;
  return {
    ...atValues,
    sign: looks.sign(tensor),
    double: looks.double,
    "not-summed": looks.notSummed(tensor),
    transposed: looks.transposed,
    "times-n": looks.timesN,
    "over-n": looks.overN,
  };
}
