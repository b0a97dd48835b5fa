// What to look at, for mistakes that occur at several lines.

export const LOGITS = "Part 2's formula has the probabilities of each row, minus 1 at the row's label, divided by n.";
export const SLOPE = "The slope of tanh at a number is 1 minus the square of tanh there; h holds the values of tanh.";
export const SUMS =
  "A bias is added to every row of the batch: its gradient is the sum of the upstream gradient's rows.";
export const TERMS =
  "Part 3's formula has three terms: the upstream gradient itself, minus its mean, minus bnraw times a sum divided " +
  "by n - 1.";
export const FACTORS =
  "Part 3's formula has two factors per neuron: the gain, and the inverse of the standard deviation.";
export const EPSILON =
  "The forward pass has computed bnvar_inv with its epsilon: the backward pass can use that tensor as it is.";
export const OVER_BATCH =
  "Mean and variance belong to one neuron: both sums of part 3's formula run over dimension 0, and leave one number per " +
  "neuron.";
export const BOTH_SUMS =
  "Gain and bias were broadcast down the batch: the gradient of each is a sum over dimension 0, and part 3's formula " +
  "needs these sums.";
export const LOOKUP = "A row of C that is looked up several times receives a contribution from each of its uses.";
export const UPDATE = "The step is the learning rate, which is an argument, times the gradient, and it is taken once.";
export const STATE = "Each call gets its own parameters and batch; the step uses the gradients of this batch alone.";
export const LOSS = "The forward pass has already computed the loss; return it unchanged, from before the update.";
export const RECORD =
  "Follow each name in what you return: which gradient is under it, and is it still what the backward pass computed?";
export const NAMES = "Follow each name in the update: which gradient does each parameter move by?";
export const ORDER = "Compute all seven gradients before you update the first parameter.";
export const FORWARD =
  "The forward pass is given, and its lines should stay as they are. Did you change one? git diff shows the changes " +
  "to the file.";
export const SHAPE =
  "A gradient has its parameter's shape. The second argument of sum keeps the dimension; without it, the dimension " +
  "is dropped.";
export const PRODUCT =
  "Write the three shapes of the product on paper. The size that the gradient lacks is the one to sum over: last in " +
  "the left factor, first in the right one.";

/** What to look at if a line is off by a factor, by the line's name. */
export const looksAtLines: Readonly<Record<string, string>> = {
  dlogits: LOGITS,
  dW2: "The gradient of W2 is a product of h and dlogits, as in step 10 of part 1, with no other factor.",
  db2: SUMS,
  dhpreact: `There are two steps between dlogits and dhpreact, 9 and 12 of part 1. ${SLOPE}`,
  dbngain: "The gain was broadcast down the batch and multiplied by bnraw, as in step 13 of part 1.",
  dbnbias: SUMS,
  dhprebn:
    "Part 3's formula has no factor besides the gain and the inverse of the standard deviation. Written with n times " +
    "the upstream gradient, it divides everything by n.",
  dW1: "The gradient of W1 is a product of embcat and dhprebn, as in step 23 of part 1, with no other factor.",
  db1: SUMS,
  dC: `Three steps lead from dhprebn to C, 22, 25 and 26 of part 1. ${LOOKUP}`,
  step: UPDATE,
};
