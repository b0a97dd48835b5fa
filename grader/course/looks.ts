/**
 * What to look at, for mistakes that occur at many steps: a room refers to one by name. Those that are functions take the
 * tensor whose gradient the step asks for.
 */
export const looks = {
  half: "Is a factor of 2 missing, or are two things averaged that should be added?",
  zero: "Is the answer filled in after it is created? set changes a tensor; operations without _ return a new one.",
  keepdim: "The second argument of sum keeps the dimension: pass keepdim, which the file imports.",
  reshaped:
    "Compare the shape you return with that of the tensor. A sum can keep its dimension, and a view can give another " +
    "shape.",
  sign: (tensor: string) =>
    `Let one entry of ${tensor} grow a little and follow it through the forward line: does the output rise or fall?`,
  /** For a factor of a product: whether the output rises depends on the sign of the other factor. */
  signOfProduct: (tensor: string) =>
    "There is no minus sign in the forward lines of this step, and a product adds none: its local gradient with " +
    `respect to ${tensor} is the other factor, with the sign of that factor.`,
  difference: (tensor: string) =>
    `Let one entry of ${tensor} grow a little. If one branch alone makes the loss rise by 0.2, and the other alone by ` +
    "0.3, by how much does it rise along both?",
  halved: (tensor: string) =>
    `Let one entry of ${tensor} grow a little. If one branch alone makes the loss rise by 0.2, and the other alone by ` +
    "0.3, does it rise by 0.5 along both, or by 0.25?",
  double: "Is something counted twice, or is there a factor of 2 although nothing is squared?",
  upstreamForgotten:
    "The local gradient says how the line's output changes. The chain rule multiplies it by how the loss changes " +
    "with that output: by the upstream gradient, which is given. Its name begins with d.",
  passedThrough:
    "Which function is in the forward line? Write down its slope at one number; it is a factor of the answer.",
  divided:
    "Count the divisions: each one in the answer comes from a division, or an inverse, in the forward lines of this " +
    "step.",
  slopeSquared:
    "The chain rule multiplies by the slope once. Which square belongs to the slope itself, and which one squares " +
    "the whole slope?",
  ownFactor: (tensor: string) =>
    `In y = a * b, the local gradient with respect to b is a. Which tensor is ${tensor} multiplied by in the forward ` +
    "line?",
  weighted:
    "In a sum or a difference, the local gradient of each term is 1 or -1, whatever the values. What is left to " +
    "multiply?",
  summedApart:
    "Take the columns 1, 2 and 3, 4. Multiplied and then summed they give 1 * 3 + 2 * 4, which is 11; summed and then " +
    "multiplied, 3 * 7, which is 21. In which order does the forward line need them?",
  notSummed: (tensor: string) =>
    `Compare the shape of your answer with that of ${tensor}. sum takes the dimension in which they differ as its ` +
    "first argument; with keepdim as the second, it leaves a 1 there instead of dropping it.",
  wrongDimension:
    "Compare the shapes of the upstream gradient and the answer: the dimension that the answer lacks, or in which it " +
    "has length 1, is the one to sum over. Dimension 0 runs down the batch.",
  mean:
    "Take an entry with three copies, whose upstream gradients are 1, 2 and 3. If it grows by 0.1, so does every copy: " +
    "does the loss rise by 0.6, or by 0.2?",
  transposed:
    "Rows and columns are swapped. If it is a matrix product, write the shapes below it: the outer sizes are the " +
    "answer's.",
  exponent:
    "Write the power rule on paper: x ** 3 has slope 3 * x ** 2. Do the same with the exponent of the forward line.",
  exponentRaised: "Lower the exponent by one: from -1 that leads to -2, away from zero.",
  halfForgotten: "Try one number: x ** -0.5 is 1 at 1, and 0.953 at 1.1. Is the slope there close to -1/2, or to 1?",
  branchMissing: (tensor: string) =>
    `Read the forward lines in the comment: ${tensor} appears on the right-hand side of two of them.`,
  notTransposed:
    "Write the three shapes on paper. The size that the answer lacks is the one to sum over, and it must be last in " +
    "the left factor and first in the right one.",
  outerSizes:
    "Write the three shapes on paper. The answer's first size comes from the left factor, its last from the right one.",
  elementwise:
    "mul pairs entries at the same position, and needs shapes that broadcast; matmul, as @ in the forward line, pairs " +
    "rows with columns. Which sizes have to meet so that the answer has its shape?",
  valueForGradient: "Values and gradients have the same shapes. The name of an upstream gradient begins with d.",
  timesN: "Look for a division by n in the forward lines. If there is none, the upstream gradient was multiplied by n.",
  overN:
    "The 1/n of the mean is already in the upstream gradient. Is there a division by n in this step's forward lines?",
  meanForgotten: "In a batch of 4, let the loss of one example grow by 0.4. By how much does their mean grow?",
  dimensions: "Dimension 0 runs down the batch, dimension 1 across the neurons.",
};

/** For what the diagnosis finds at any step, by the finding's id. */
const atValues = { half: looks.half, zero: looks.zero, reshaped: looks.reshaped };

/**
 * What to look at if the diagnosis finds something other than a known mistake of the step, by the finding's id. A value
 * has no upstream gradient, and no loss depends on it.
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
