import type { Tensor } from "#tensor";
import { lineWriter } from "../../../network/line.ts";
import type { Named } from "../../../network/named.ts";
import { networkOf } from "../../../network/network.ts";
import { drawInside } from "../../drawn-sizes.ts";
import { laterThan } from "../../elements.ts";
import { batchesOf, type Drawing } from "../batches.ts";
import { sequenceWords } from "../sequences.ts";
import { attend, forHeads, gelu, normalized } from "./functions.ts";

const line = lineWriter<"later">();

const rows = ["sequences", "time", "embd"] as const;
const split = ["sequences", "heads", "time", "width"] as const;
const hidden = ["sequences", "time", "hidden"] as const;
const projection = ["heads", "embd", "width"] as const;

const parameters = {
  x: rows,
  gain1: ["embd"],
  Wq: projection,
  Wk: projection,
  Wv: projection,
  Wo: ["heads", "width", "embd"],
  gain2: ["embd"],
  W1: ["embd", "hidden"],
  W2: ["hidden", "embd"],
} as const;
const indices = { later: ["time", "time"] } as const;
const inputs = { target: rows } as const;

const lines = [
  line("raw1", ["x"], "(x - x.mean(2, keepdim)) * (x.var(2, unbiased=False, keepdim) + 1e-5) ** -0.5", rows, ({ x }) =>
    normalized(x),
  ),
  line("norm1", ["gain1", "raw1"], "gain1 * raw1", rows, ({ gain1, raw1 }) => raw1.mul(gain1)),
  line("Q", ["norm1", "Wq"], "norm1.view(sequences, 1, time, embd) @ Wq", split, ({ norm1, Wq }) =>
    forHeads(norm1).matmul(Wq),
  ),
  line("K", ["norm1", "Wk"], "norm1.view(sequences, 1, time, embd) @ Wk", split, ({ norm1, Wk }) =>
    forHeads(norm1).matmul(Wk),
  ),
  line("V", ["norm1", "Wv"], "norm1.view(sequences, 1, time, embd) @ Wv", split, ({ norm1, Wv }) =>
    forHeads(norm1).matmul(Wv),
  ),
  line(
    "weights",
    ["Q", "K", "later"],
    "softmax((Q @ K.transpose(2, 3) * width ** -0.5).masked_fill(later, -inf), 3)",
    ["sequences", "heads", "time", "time"],
    ({ Q, K, later }) => attend(Q, K, later),
  ),
  line("mixed", ["weights", "V"], "weights @ V", split, ({ weights, V }) => weights.matmul(V)),
  line("res", ["x", "mixed", "Wo"], "x + (mixed @ Wo).sum(1)", rows, ({ x, mixed, Wo }) =>
    x.add(mixed.matmul(Wo).sum(1)),
  ),
  line(
    "raw2",
    ["res"],
    "(res - res.mean(2, keepdim)) * (res.var(2, unbiased=False, keepdim) + 1e-5) ** -0.5",
    rows,
    ({ res }) => normalized(res),
  ),
  line("norm2", ["gain2", "raw2"], "gain2 * raw2", rows, ({ gain2, raw2 }) => raw2.mul(gain2)),
  line("pre", ["norm2", "W1"], "norm2 @ W1", hidden, ({ norm2, W1 }) => norm2.matmul(W1)),
  line("act", ["pre"], "0.5 * pre * (1 + tanh((2 / pi) ** 0.5 * (pre + 0.044715 * pre ** 3)))", hidden, ({ pre }) =>
    gelu(pre),
  ),
  line("out", ["res", "act", "W2"], "res + act @ W2", rows, ({ res, act, W2 }) => res.add(act.matmul(W2))),
  line("loss", ["out", "target"], "((out - target) ** 2).mean()", [], ({ out, target }) =>
    out.sub(target).pow(2).mean(),
  ),
] as const;

/** The mark of the position that hardly varies, so that its variance is as small as epsilon. */
const QUIET = "quiet";

function start({ sizes, flavor, marks, normal }: Drawing): Named<Tensor> {
  const per = (size: "embd" | "width" | "heads" | "hidden"): number => 1 / Math.sqrt(sizes[size]!);
  const sharpness = flavor === "sharp" ? 3 : 1;
  const x = normal("x");
  const { sequences = 0, time = 0 } = marks[QUIET]!;
  // around another number than 0, so that the mean matters
  const center = flavor === "lifted" ? 2 : 0;
  for (let k = 0; k < sizes["embd"]!; k++)
    if (flavor !== "plain") x.set(sequences, time, k, center + x.get(sequences, time, k) * 2e-3);
  return {
    x,
    gain1: normal("gain1"),
    Wq: normal("Wq", sharpness * per("embd")),
    Wk: normal("Wk", per("embd")),
    Wv: normal("Wv", per("embd")),
    Wo: normal("Wo", per("width") * per("heads")),
    gain2: normal("gain2"),
    W1: normal("W1", sharpness * per("embd")),
    W2: normal("W2", per("hidden")),
    target: normal("target"),
  };
}

/** A transformer block with its layer norms first: attention with several heads, and a layer with GELU, each added to what it reads. */
export const block = networkOf({
  name: "block",
  lines,
  parameters,
  indices,
  inputs,
  loss: "loss",
  words: {
    ...sequenceWords(["embd", "heads", "width", "hidden"]),
    places: (answer) =>
      answer[0] === "sequences" && answer[1] === "time"
        ? [
            {
              id: "small-variance",
              words: "at the position that barely varies, whose variance is as small as epsilon",
              holds: ({ marks }, [b, t]) => b === marks?.[QUIET]?.["sequences"] && t === marks?.[QUIET]?.["time"],
            },
          ]
        : [],
  },
  batches: batchesOf({
    lines,
    shapes: { ...parameters, ...inputs },
    sizes: { sequences: [3, 5], time: [5, 7], heads: [2, 4], width: [7, 9], embd: [9, 11], hidden: [11, 14] },
    large: { sequences: 6, time: 8, heads: 3, width: 10, embd: 12, hidden: 16 },
    indices: ({ time }) => ({ later: laterThan(time!) }),
    marks: ({ sequences, time }, generator) => ({
      [QUIET]: { sequences: drawInside(generator, sequences!), time: drawInside(generator, time!) },
    }),
    start,
    equal: [
      {
        id: "square",
        equal: ["embd", "width", "hidden"],
        sizes: { sequences: 2, time: 4, heads: 3, width: 6, embd: 6, hidden: 6 },
      },
      {
        id: "even",
        equal: ["time", "heads"],
        sizes: { sequences: 4, time: 3, heads: 3, width: 5, embd: 7, hidden: 9 },
      },
    ],
  }),
  settle: (value, output) => (INTO_SOFTMAX.has(output) ? value : value.given()),
});

/** A rounding error of a query or a key comes back as a relative error of the probabilities. */
const INTO_SOFTMAX = new Set(["Q", "K", "weights"]);
