import { networkOf } from "../../../grader/network/network.ts";
import { batches } from "./batches.ts";
import { indexShapes, lines, parameterShapes } from "./lines.ts";
import { words } from "./words.ts";

/** Layer norm, one head of causal self-attention with a residual connection, a linear layer, cross-entropy. */
export const attention = networkOf({
  name: "attention",
  lines,
  parameters: parameterShapes,
  indices: indexShapes,
  loss: "loss",
  words,
  batches,
  /**
   * Forward values count as given, so that the magnitudes are those of the backward pass; on the way into a softmax they
   * keep their own. What is rounded away from scores or logits comes back as a relative error of the probabilities, a
   * large one where they are large.
   */
  settle: (value, output) => (INTO_SOFTMAX.has(output) ? value : value.given()),
});

const INTO_SOFTMAX = new Set(["scores", "masked", "weights", "logits", "probs"]);
