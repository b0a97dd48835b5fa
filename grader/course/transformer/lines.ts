import { keepdim, type Tensor } from "#tensor";
import type { Operations } from "../../autograd/operations.ts";
import { lineWriter, type Line } from "../../network/line.ts";
import type { Extent } from "../../network/shape.ts";

/** The sizes that shapes consist of; embd is HEADS * head. */
export type TransformerSizes = Readonly<
  Record<
    | /** Sequences in a batch. */ "batch"
    | /** Characters in a sequence. */ "time"
    | /** Channels: numbers per character. */ "embd"
    | /** Numbers per query, key and value. */ "head"
    | /** Neurons of a block's second half. */ "hidden"
    | /** Different characters, '.' included. */ "vocab",
    number
  >
>;

/** How many heads each block has, whatever the other sizes are. */
export const HEADS = 4;
/** How many blocks there are: the parameters of the first end in _0. */
export const BLOCKS = 2;

/** A block's parameters and their shapes, in the order in which the forward pass uses them. */
const blockShapes = {
  gain1: ["embd"],
  bias1: ["embd"],
  Wq: ["embd", "embd"],
  Wk: ["embd", "embd"],
  Wv: ["embd", "embd"],
  Wo: ["embd", "embd"],
  gain2: ["embd"],
  bias2: ["embd"],
  W1: ["embd", "hidden"],
  b1: ["hidden"],
  W2: ["hidden", "embd"],
  b2: ["embd"],
} as const satisfies Record<string, readonly Extent[]>;

type BlockParameter = keyof typeof blockShapes;
type Numbered<Name extends string> = `${Name}_${0 | 1}`;

/** The batch: characters Xb, the ones that follow them Yb, and 1 where a query would read a later character; int32. */
export const batchShapes = {
  Xb: ["batch", "time"],
  Yb: ["batch", "time"],
  later: ["time", "time"],
} as const satisfies Record<string, readonly Extent[]>;

export type BatchName = keyof typeof batchShapes;
export type ParameterName = "C" | "P" | Numbered<BlockParameter> | "gain" | "bias" | "Wl" | "bl";
export type Batch = Readonly<Record<BatchName, Tensor>>;
/** The parameters by name, or a tensor for each of them. */
export type Parameters = Record<ParameterName, Tensor>;

/** The parameters and their shapes, in the order in which they are drawn and reported. */
export const parameterShapes = {
  C: ["vocab", "embd"],
  P: ["time", "embd"],
  ...numbered(0),
  ...numbered(1),
  gain: ["embd"],
  bias: ["embd"],
  Wl: ["embd", "vocab"],
  bl: ["vocab"],
} as Readonly<Record<string, readonly Extent[]>> as Readonly<Record<ParameterName, readonly Extent[]>>;

/** The parameters' names, in the order in which they are reported. */
export const parameterNames = Object.keys(parameterShapes) as ParameterName[];

function numbered(block: number): Record<string, readonly Extent[]> {
  return Object.fromEntries(Object.entries(blockShapes).map(([name, shape]) => [`${name}_${block}`, shape]));
}

const channels = ["batch", "time", "embd"] as const;
const perPlace = ["batch", "time", 1] as const;
const neurons = ["batch", "time", "hidden"] as const;
const perHead = ["batch", "heads", "time", "head"] as const;
const pairs = ["batch", "heads", "time", "time"] as const;
const scoresPerCharacter = ["batch", "time", "vocab"] as const;

const line = lineWriter<BatchName>();

/** The forward pass, line by line: x_0 goes into the first block, x_1 into the second, and x_2 comes out. */
export const lines: readonly Line[] = [
  line("emb", ["C", "Xb"], "C[Xb]", channels, ({ C, Xb }) => C.gatherRows(Xb)),
  line("x_0", ["emb", "P"], "emb + P", channels, ({ emb, P }) => emb.add(P)),
  ...Array.from({ length: BLOCKS }, (_, block) => blockLines(block)).flat(),
  ...normLines("", `x_${BLOCKS}`),
  line("logits", ["ln", "Wl", "bl"], "ln @ Wl + bl", scoresPerCharacter, ({ ln, Wl, bl }) => ln.matmul(Wl).add(bl)),
  line("probs", ["logits"], "softmax(logits, -1)", scoresPerCharacter, ({ logits }) => logits.softmax(-1)),
  line("logprobs", ["probs"], "log(probs)", scoresPerCharacter, ({ probs }) => probs.log()),
  line("loss", ["logprobs", "Yb"], "-mean of logprobs[b, t, Yb[b, t]]", [], ({ logprobs, Yb }) =>
    logprobs
      .gather(2, Yb.view(...Yb.shape, 1))
      .mean()
      .neg(),
  ),
] as readonly unknown[] as readonly Line[];

/** A block: attention and a layer of neurons, each behind a layer norm, each added to what went in. */
function blockLines(block: number): Line[] {
  const at = (name: string): string => `${name}_${block}`;
  const [x, y, mixed, h] = [at("x"), at("y"), at("mixed"), at("h")] as const;
  const [q, k, v, scores, masked, weights] = ["q", "k", "v", "scores", "masked", "weights"].map(at) as Six;
  const projected = (out: string, weight: string): Line =>
    row(out, [at("ln1"), weight], `heads of (${at("ln1")} @ ${weight})`, perHead, ([ln, W]) =>
      intoHeads(ln!.matmul(W!)),
    );
  return [
    ...normLines(`1_${block}`, x),
    projected(q, at("Wq")),
    projected(k, at("Wk")),
    projected(v, at("Wv")),
    row(scores, [q, k], `${q} @ ${k}.transpose(2, 3) * head ** -0.5`, pairs, ([query, key]) =>
      query!.matmul(key!.transpose(2, 3)).mul(query!.shape[3]! ** -0.5),
    ),
    row(masked, [scores, "later"], `${scores}.masked_fill(later, -inf)`, pairs, ([score, later]) =>
      // an index tensor in every arithmetic
      score!.maskedFill(later as unknown as Tensor, -Infinity),
    ),
    row(weights, [masked], `softmax(${masked}, -1)`, pairs, ([m]) => m!.softmax(-1)),
    row(mixed, [weights, v], `${weights} @ ${v}, heads side by side`, channels, ([w, value]) =>
      sideBySide(w!.matmul(value!)),
    ),
    row(y, [x, mixed, at("Wo")], `${x} + ${mixed} @ ${at("Wo")}`, channels, ([before, m, W]) =>
      before!.add(m!.matmul(W!)),
    ),
    ...normLines(`2_${block}`, y),
    row(h, [at("ln2"), at("W1"), at("b1")], `tanh(${at("ln2")} @ ${at("W1")} + ${at("b1")})`, neurons, ([ln, W, b]) =>
      ln!.matmul(W!).add(b!).tanh(),
    ),
    row(
      `x_${block + 1}`,
      [y, h, at("W2"), at("b2")],
      `${y} + ${h} @ ${at("W2")} + ${at("b2")}`,
      channels,
      ([before, neuron, W, b]) => before!.add(neuron!.matmul(W!).add(b!)),
    ),
  ];
}

type Six = [string, string, string, string, string, string];

/** Layer norm: each place's channels to mean 0 and variance 1, then a gain and a bias. */
function normLines(suffix: string, x: string): Line[] {
  const at = (name: string): string => `${name}${suffix}`;
  const [diff, inverse, raw] = [at("diff"), at("inv"), at("raw")] as const;
  return [
    row(diff, [x], `${x} - ${x}.mean(-1, keepdim)`, channels, ([before]) => before!.sub(before!.mean(-1, keepdim))),
    row(inverse, [diff], `((${diff} ** 2).mean(-1, keepdim) + 1e-5) ** -0.5`, perPlace, ([d]) =>
      d!.pow(2).mean(-1, keepdim).add(1e-5).pow(-0.5),
    ),
    row(raw, [diff, inverse], `${diff} * ${inverse}`, channels, ([d, i]) => d!.mul(i!)),
    row(
      at("ln"),
      [at("gain"), at("bias"), raw],
      `${at("gain")} * ${raw} + ${at("bias")}`,
      channels,
      ([gain, bias, r]) => gain!.mul(r!).add(bias!),
    ),
  ];
}

/** A line over inputs by their places instead of their names. */
function row(
  output: string,
  inputs: readonly string[],
  text: string,
  shape: readonly Extent[],
  expression: <X extends Operations<X>>(inputs: readonly X[]) => X,
): Line {
  return {
    output,
    inputs,
    text,
    shape,
    expression: <X extends Operations<X>>(values: Readonly<Record<string, X>>): X =>
      expression(inputs.map((name) => values[name]!)),
  };
}

/** [batch, heads, time, head] from [batch, time, embd]. */
export function intoHeads<X extends Operations<X>>(x: X): X {
  const [batch, time, embd] = x.shape as [number, number, number];
  return x.view(batch, time, HEADS, embd / HEADS).transpose(1, 2);
}

/** [batch, time, embd] from [batch, heads, time, head]. */
export function sideBySide<X extends Operations<X>>(x: X): X {
  const [batch, heads, time, head] = x.shape as [number, number, number, number];
  return x.transpose(1, 2).view(batch, time, heads * head);
}
