import { networkOf } from "../../network/network.ts";
import { batches } from "./batches.ts";
import { batchShapes, BLOCKS, lines, parameterShapes } from "./lines.ts";
import { words } from "./words.ts";

/**
 * A small decoder: characters and their places embedded, blocks of attention and neurons, a last layer norm, a linear
 * layer, cross-entropy at each place.
 */
export const transformer = networkOf({
  name: "transformer",
  lines,
  parameters: parameterShapes,
  indices: batchShapes,
  loss: "loss",
  words,
  batches,
  /**
   * Forward values count as given, so that the magnitudes are those of the backward pass; on the way into a softmax they
   * keep their own. What is rounded away from scores or logits comes back as a relative error of the probabilities.
   */
  settle: (value, output) => (INTO_SOFTMAX.has(output) ? value : value.given()),
});

const INTO_SOFTMAX = new Set([
  "logits",
  "probs",
  ...Array.from({ length: BLOCKS }, (_, block) =>
    ["scores", "masked", "weights"].map((name) => `${name}_${block}`),
  ).flat(),
]);
