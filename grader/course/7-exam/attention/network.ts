import { lineWriter } from "../../../network/line.ts";
import { networkOf } from "../../../network/network.ts";
import type { Extent } from "../../../network/shape.ts";
import { laterThan } from "../../elements.ts";
import { batchesOf } from "../batches.ts";
import { drawScores, sequenceWords } from "../sequences.ts";

const line = lineWriter<"later">();

const rows = ["sequences", "time", "width"] as const;
const pairs = ["sequences", "time", "time"] as const;

const parameters = { Q: rows, K: rows, V: rows } as const satisfies Record<string, readonly Extent[]>;
const indices = { later: ["time", "time"] } as const satisfies Record<string, readonly Extent[]>;
const inputs = { target: rows } as const satisfies Record<string, readonly Extent[]>;

const lines = [
  line("scores", ["Q", "K"], "Q @ K.transpose(1, 2) * width ** -0.5", pairs, ({ Q, K }) =>
    Q.matmul(K.transpose(1, 2)).mul(Q.shape[2]! ** -0.5),
  ),
  line("masked", ["scores", "later"], "scores.masked_fill(later, -inf)", pairs, ({ scores, later }) =>
    scores.maskedFill(later, -Infinity),
  ),
  line("weights", ["masked"], "softmax(masked, 2)", pairs, ({ masked }) => masked.softmax(2)),
  line("out", ["weights", "V"], "weights @ V", rows, ({ weights, V }) => weights.matmul(V)),
  line("loss", ["out", "target"], "((out - target) ** 2).mean()", [], ({ out, target }) =>
    out.sub(target).pow(2).mean(),
  ),
] as const;

/** One head of causal self-attention: each position reads itself and what is before it, from queries, keys and values. */
export const attention = networkOf({
  name: "attention",
  lines,
  parameters,
  indices,
  inputs,
  loss: "loss",
  words: sequenceWords(["width"]),
  batches: batchesOf({
    lines,
    shapes: { ...parameters, ...inputs },
    sizes: { sequences: [3, 5], time: [5, 7], width: [7, 10] },
    large: { sequences: 6, time: 9, width: 12 },
    indices: ({ time }) => ({ later: laterThan(time!) }),
    start: (drawing) => {
      const [Q, K] = drawScores(drawing);
      return { Q, K, V: drawing.normal("V"), target: drawing.normal("target") };
    },
    equal: [{ id: "square", equal: ["time", "width"], sizes: { sequences: 4, time: 6, width: 6 } }],
  }),
  settle: (value, output) => (INTO_SOFTMAX.has(output) ? value : value.given()),
});

/** A rounding error of a score comes back as a relative error of the probabilities: a large one where scores are large. */
const INTO_SOFTMAX = new Set(["scores", "masked", "weights"]);
