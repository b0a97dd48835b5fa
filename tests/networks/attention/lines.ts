import { keepdim, tensor, type Tensor } from "#tensor";
import { lineWriter } from "../../../grader/network/line.ts";
import type { Extent } from "../../../grader/network/shape.ts";

/**
 * A second network: layer norm and one head of causal self-attention with a residual connection. It reads `time`
 * characters and predicts the next one after each of them.
 */

/** The sizes that shapes are made of. */
export type AttentionSizes = Readonly<
  Record<
    | /** Sequences in a batch. */ "batch"
    | /** Characters in a sequence. */ "time"
    | /** Numbers per embedded character. */ "embd"
    | /** Numbers per query, key and value. */ "head"
    | /** Different characters. */ "vocab",
    number
  >
>;

/** The parameters and their shapes, in the order they are drawn and reported. */
export const parameterShapes = {
  C: ["vocab", "embd"],
  P: ["time", "embd"],
  lngain: ["embd"],
  lnbias: ["embd"],
  Wq: ["embd", "head"],
  Wk: ["embd", "head"],
  Wv: ["embd", "head"],
  Wo: ["head", "embd"],
  Wl: ["embd", "vocab"],
  bl: ["vocab"],
} as const satisfies Record<string, readonly Extent[]>;

/** The index tensors, int32: the characters read, those to predict, and 1 where a later character would be read. */
export const indexShapes = {
  Xb: ["batch", "time"],
  Yb: ["batch", "time"],
  later: ["time", "time"],
} as const satisfies Record<string, readonly Extent[]>;

export type ParameterName = keyof typeof parameterShapes;
export type IndexName = keyof typeof indexShapes;

/** Writes a line that may read the index tensors. */
const line = lineWriter<IndexName>();

const rows = ["batch", "time", "embd"] as const;
const heads = ["batch", "time", "head"] as const;
const pairs = ["batch", "time", "time"] as const;
const scores = ["batch", "time", "vocab"] as const;
const onePerRow = ["batch", "time", 1] as const;

/** The forward pass, a line at a time. Inputs are in the order in which their gradients are asked for. */
export const lines = [
  line("emb", ["C", "Xb"], "C[Xb]", rows, ({ C, Xb }) => C.gatherRows(Xb)),
  line("x", ["emb", "P"], "emb + P", rows, ({ emb, P }) => emb.add(P)),
  line("lnmean", ["x"], "x.mean(-1, keepdim)", onePerRow, ({ x }) => x.mean(-1, keepdim)),
  line("lndiff", ["x", "lnmean"], "x - lnmean", rows, ({ x, lnmean }) => x.sub(lnmean)),
  line("lnvar", ["lndiff"], "(lndiff ** 2).mean(-1, keepdim)", onePerRow, ({ lndiff }) =>
    lndiff.pow(2).mean(-1, keepdim),
  ),
  line("lnvar_inv", ["lnvar"], "(lnvar + 1e-5) ** -0.5", onePerRow, ({ lnvar }) => lnvar.add(1e-5).pow(-0.5)),
  line("lnraw", ["lndiff", "lnvar_inv"], "lndiff * lnvar_inv", rows, ({ lndiff, lnvar_inv }) => lndiff.mul(lnvar_inv)),
  line("ln", ["lngain", "lnbias", "lnraw"], "lngain * lnraw + lnbias", rows, ({ lngain, lnbias, lnraw }) =>
    lngain.mul(lnraw).add(lnbias),
  ),
  line("query", ["ln", "Wq"], "ln @ Wq", heads, ({ ln, Wq }) => ln.matmul(Wq)),
  line("key", ["ln", "Wk"], "ln @ Wk", heads, ({ ln, Wk }) => ln.matmul(Wk)),
  line("value", ["ln", "Wv"], "ln @ Wv", heads, ({ ln, Wv }) => ln.matmul(Wv)),
  line("scores", ["query", "key"], "query @ key.transpose(1, 2) * head ** -0.5", pairs, ({ query, key }) =>
    query.matmul(key.transpose(1, 2)).mul(query.shape[2]! ** -0.5),
  ),
  line("masked", ["scores", "later"], "scores.masked_fill(later, -inf)", pairs, ({ scores, later }) =>
    scores.maskedFill(later, -Infinity),
  ),
  line("weights", ["masked"], "softmax(masked, -1)", pairs, ({ masked }) => masked.softmax(-1)),
  line("mixed", ["weights", "value"], "weights @ value", heads, ({ weights, value }) => weights.matmul(value)),
  line("out", ["x", "mixed", "Wo"], "x + mixed @ Wo", rows, ({ x, mixed, Wo }) => x.add(mixed.matmul(Wo))),
  line("logits", ["out", "Wl", "bl"], "out @ Wl + bl", scores, ({ out, Wl, bl }) => out.matmul(Wl).add(bl)),
  line("probs", ["logits"], "softmax(logits, -1)", scores, ({ logits }) => logits.softmax(-1)),
  line("logprobs", ["probs"], "log(probs)", scores, ({ probs }) => probs.log()),
  line("loss", ["logprobs", "Yb"], "-mean of logprobs[b, t, Yb[b, t]]", [], ({ logprobs, Yb }) =>
    logprobs
      .gather(2, Yb.view(...Yb.shape, 1))
      .mean()
      .neg(),
  ),
] as const;

/** 1 above the diagonal of [time, time]: where a query would read a later character. */
export function laterThan(time: number): Tensor {
  const marks = Array.from({ length: time * time }, (_, i) => (i % time > Math.floor(i / time) ? 1 : 0));
  return tensor(marks, [time, time], "int32");
}
