import { lineWriter } from "../../../network/line.ts";
import { networkOf } from "../../../network/network.ts";
import { laterThan } from "../../elements.ts";
import { batchesOf } from "../batches.ts";
import { sequenceWords } from "../sequences.ts";
import { apart, together } from "./shapes.ts";

const line = lineWriter();

const whole = ["sequences", "time", "heads*width"] as const;
const split = ["sequences", "heads", "time", "width"] as const;
const rows = ["sequences", "time", "embd"] as const;

const parameters = {
  V: whole,
  weights: ["sequences", "heads", "time", "time"],
  Wo: ["heads*width", "embd"],
} as const;
const inputs = { target: rows } as const;

const lines = [
  line(
    "mixed",
    ["weights", "V"],
    "weights @ V.view(sequences, time, heads, width).transpose(1, 2)",
    split,
    ({ weights, V }) => weights.matmul(apart(V, weights.shape[1]!)),
  ),
  line("joined", ["mixed"], "mixed.transpose(1, 2).reshape(sequences, time, heads*width)", whole, ({ mixed }) =>
    together(mixed),
  ),
  line("out", ["joined", "Wo"], "joined @ Wo", rows, ({ joined, Wo }) => joined.matmul(Wo)),
  line("loss", ["out", "target"], "((out - target) ** 2).mean()", [], ({ out, target }) =>
    out.sub(target).pow(2).mean(),
  ),
] as const;

/** Several heads side by side: each mixes its own part of the values, and a matrix mixes the heads. */
export const heads = networkOf({
  name: "heads",
  lines,
  parameters,
  indices: {},
  inputs,
  loss: "loss",
  words: sequenceWords(["heads", "width", "heads*width", "embd"]),
  batches: batchesOf({
    lines,
    shapes: { ...parameters, ...inputs },
    sizes: { sequences: [3, 5], time: [5, 7], heads: [2, 4], width: [7, 9], embd: [9, 12] },
    large: { sequences: 6, time: 8, heads: 5, width: 10, embd: 13 },
    start: ({ normal, flavor, sizes }) => {
      const scores = normal("weights", flavor === "sharp" ? 4 : 1);
      return {
        V: normal("V"),
        weights: scores.maskedFill(laterThan(sizes["time"]!), -Infinity).softmax(3),
        Wo: normal("Wo"),
        target: normal("target"),
      };
    },
    equal: [
      { id: "square", equal: ["heads*width", "embd"], sizes: { sequences: 4, time: 5, heads: 2, width: 4, embd: 8 } },
      { id: "even", equal: ["time", "heads"], sizes: { sequences: 5, time: 3, heads: 3, width: 4, embd: 9 } },
    ],
  }),
});
