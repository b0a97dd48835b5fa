// What to look at, for mistakes that are the same at several lines.

export const LOGITS = "Part 2's formula has the probabilities of each row, less 1 at the row's label, over n.";
export const SLOPE = "The slope of tanh at a number is 1 less the square of tanh there: h holds those values.";
export const SUMS = "A bias is added to every row of the batch: its gradient is the sum of the rows.";
export const TERMS =
  "Part 3's formula has three terms: the upstream gradient itself, less its mean, less bnraw times a sum over n - 1.";
export const FACTORS =
  "Part 3's formula ends with two factors for each neuron: the gain, and the inverse of the deviation.";
export const LOOKUP = "A row of C that is looked up several times collects a contribution from each of its uses.";
export const UPDATE = "The step is the learning rate that came in as an argument, times the gradient, taken once.";
export const STATE =
  "Each call gets its parameters and its batch; the gradients of this batch are all that the step is made of.";
export const LOSS = "The forward pass has the loss already; it is returned as it is, from before the update.";
export const RECORD =
  "Follow each name in what you return: which gradient stands under it, and is it as the backward pass left it?";
export const ORDER = "Compute all seven gradients before the first parameter moves.";
export const FORWARD =
  "The forward pass is given. Compare its lines with those of the stub: npm run diff -- train shows changes.";
export const SHAPE =
  "A gradient has its parameter's shape. The second argument of sum keeps the dimension; without it, it is dropped.";
export const PRODUCT =
  "Write the three shapes of the product on paper. The size that the gradient lacks is the one to sum over: last in the left factor, first in the right one.";

/** What to look at where a line is off by a factor, by the line. */
export const looksAtLines: Readonly<Record<string, string>> = {
  dlogits: LOGITS,
  dW2: "The gradient of W2 is a product of h and dlogits, as in step 10 of part 1, and of nothing else.",
  db2: SUMS,
  dhpreact: `Two steps lie between dlogits and dhpreact, 9 and 12 of part 1. ${SLOPE}`,
  dbngain: "The gain was copied down the batch and multiplied by bnraw, as in step 13 of part 1.",
  dbnbias: SUMS,
  dhprebn: TERMS,
  dW1: "The gradient of W1 is a product of embcat and dhprebn, as in step 23 of part 1, and of nothing else.",
  db1: SUMS,
  dC: `Three steps lead from dhprebn to C, 22, 25 and 26 of part 1. ${LOOKUP}`,
  step: UPDATE,
};
