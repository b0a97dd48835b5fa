import { keepdim, type Tensor } from "#tensor";
import type { Operations } from "../../autograd/operations.ts";

/** The sizes that shapes are made of, under the lecture's names. */
export interface Sizes {
  /** Examples in a batch. */
  n: number;
  /** Characters of context. */
  block: number;
  /** Numbers an embedded character has. */
  embd: number;
  /** Neurons of the hidden layer. */
  hidden: number;
  /** Different characters, '.' included. */
  vocab: number;
  /** Sizes of tables that are none of the model's, in warm-ups and traps. */
  rows?: number;
  columns?: number;
  /** What a product of two tables is summed over. */
  inner?: number;
}

/** One extent of a shape, as a size's name, the product block*embd, or 1. */
export type Extent = keyof Sizes | "block*embd" | 1;

/** What a line computes with: index tensors as they are, everything else in the arithmetic at hand. */
export type Values<Name extends string, X> = { readonly [K in Name]: K extends "Xb" | "Yb" ? Tensor : X };

/** One line of the forward pass. */
export interface Line<Output extends string = string, Input extends string = string> {
  output: Output;
  inputs: readonly Input[];
  /** The expression in the lecture's notation. */
  text: string;
  /** The output's shape. */
  shape: readonly Extent[];
  expression: <X extends Operations<X>>(values: Values<Input, X>) => X;
}

/** The parameters and their shapes, in the order they are drawn and reported. */
export const parameterShapes = {
  C: ["vocab", "embd"],
  W1: ["block*embd", "hidden"],
  b1: ["hidden"],
  W2: ["hidden", "vocab"],
  b2: ["vocab"],
  bngain: [1, "hidden"],
  bnbias: [1, "hidden"],
} as const satisfies Record<string, readonly Extent[]>;

/** The batch: contexts Xb and labels Yb, both int32. */
export const batchShapes = { Xb: ["n", "block"], Yb: ["n"] } as const satisfies Record<string, readonly Extent[]>;

/**
 * The forward pass, a line at a time. Everything else (forward values, the tape, the graded tensors and their order,
 * what each step is given) is derived from this table. Inputs stand in the order in which their gradients are asked for.
 */
export const lines = [
  line("emb", ["C", "Xb"], "C[Xb]", ["n", "block", "embd"], ({ C, Xb }) => C.gatherRows(Xb)),
  line("embcat", ["emb"], "emb.view(n, block*embd)", ["n", "block*embd"], ({ emb }) => emb.view(emb.shape[0]!, -1)),
  line("hprebn", ["embcat", "W1", "b1"], "embcat @ W1 + b1", ["n", "hidden"], ({ embcat, W1, b1 }) =>
    embcat.matmul(W1).add(b1),
  ),
  line("bnmeani", ["hprebn"], "1/n * hprebn.sum(0, keepdim)", [1, "hidden"], ({ hprebn }) =>
    hprebn.sum(0, keepdim).mul(1 / hprebn.shape[0]!),
  ),
  line("bndiff", ["hprebn", "bnmeani"], "hprebn - bnmeani", ["n", "hidden"], ({ hprebn, bnmeani }) =>
    hprebn.sub(bnmeani),
  ),
  line("bndiff2", ["bndiff"], "bndiff ** 2", ["n", "hidden"], ({ bndiff }) => bndiff.pow(2)),
  line("bnvar", ["bndiff2"], "1/(n-1) * bndiff2.sum(0, keepdim)", [1, "hidden"], ({ bndiff2 }) =>
    bndiff2.sum(0, keepdim).mul(1 / (bndiff2.shape[0]! - 1)),
  ),
  line("bnvar_inv", ["bnvar"], "(bnvar + 1e-5) ** -0.5", [1, "hidden"], ({ bnvar }) => bnvar.add(1e-5).pow(-0.5)),
  line("bnraw", ["bndiff", "bnvar_inv"], "bndiff * bnvar_inv", ["n", "hidden"], ({ bndiff, bnvar_inv }) =>
    bndiff.mul(bnvar_inv),
  ),
  line(
    "hpreact",
    ["bngain", "bnbias", "bnraw"],
    "bngain * bnraw + bnbias",
    ["n", "hidden"],
    ({ bngain, bnbias, bnraw }) => bngain.mul(bnraw).add(bnbias),
  ),
  line("h", ["hpreact"], "tanh(hpreact)", ["n", "hidden"], ({ hpreact }) => hpreact.tanh()),
  line("logits", ["h", "W2", "b2"], "h @ W2 + b2", ["n", "vocab"], ({ h, W2, b2 }) => h.matmul(W2).add(b2)),
  line(
    "logit_maxes",
    ["logits"],
    "logits.max(1, keepdim).values",
    ["n", 1],
    ({ logits }) => logits.max(1, keepdim).values,
  ),
  line("norm_logits", ["logits", "logit_maxes"], "logits - logit_maxes", ["n", "vocab"], ({ logits, logit_maxes }) =>
    logits.sub(logit_maxes),
  ),
  line("counts", ["norm_logits"], "exp(norm_logits)", ["n", "vocab"], ({ norm_logits }) => norm_logits.exp()),
  line("counts_sum", ["counts"], "counts.sum(1, keepdim)", ["n", 1], ({ counts }) => counts.sum(1, keepdim)),
  line("counts_sum_inv", ["counts_sum"], "counts_sum ** -1", ["n", 1], ({ counts_sum }) => counts_sum.pow(-1)),
  line("probs", ["counts", "counts_sum_inv"], "counts * counts_sum_inv", ["n", "vocab"], ({ counts, counts_sum_inv }) =>
    counts.mul(counts_sum_inv),
  ),
  line("logprobs", ["probs"], "log(probs)", ["n", "vocab"], ({ probs }) => probs.log()),
  line("loss", ["logprobs", "Yb"], "-mean of logprobs[i, Yb[i]]", [], ({ logprobs, Yb }) =>
    logprobs.gather(1, Yb.view(-1, 1)).mean().neg(),
  ),
] as const;

type AnyLine = (typeof lines)[number];

/** Every tensor that a line computes. */
export type Output = AnyLine["output"];
export type ParameterName = keyof typeof parameterShapes;
export type BatchName = keyof typeof batchShapes;
export type TensorName = Output | ParameterName | BatchName;
/** The tensors that have a gradient to be written. */
export type Graded = Exclude<AnyLine["inputs"][number], BatchName>;
/** dX for a tensor X. */
export type GradientName<Name extends string> = `d${Name}`;

/** The lines that use a tensor. */
export type LinesUsing<Name extends string> = AnyLine extends infer L
  ? L extends Line<string, infer Input>
    ? Name extends Input
      ? L
      : never
    : never
  : never;

/** A row of a table of lines: the model's, or that of a step with lines of its own. */
export function line<const Name extends string, const Input extends string>(
  output: Name,
  inputs: readonly Input[],
  text: string,
  shape: readonly Extent[],
  expression: Line<Name, Input>["expression"],
): Line<Name, Input> {
  return { output, inputs, text, shape, expression };
}

/** The lines that use a tensor, in forward order. */
export function linesUsing(name: string): readonly Line[] {
  return (lines as readonly Line[]).filter((line) => line.inputs.includes(name));
}

/** The shape of any tensor of the model, in the sizes' names. A gradient has its tensor's shape. */
export function symbolicShape(name: TensorName): readonly Extent[] {
  const parameter = { ...parameterShapes, ...batchShapes }[name as ParameterName | BatchName];
  return parameter ?? lines.find((line) => line.output === name)!.shape;
}

/** A shape in numbers. */
export function shapeIn(extents: readonly Extent[], sizes: Sizes): number[] {
  return extents.map((extent) => {
    if (extent === 1) return 1;
    return extent === "block*embd" ? sizes.block * sizes.embd : (sizes[extent] ?? NaN);
  });
}

/**
 * The tensors whose gradients are asked for, in backward order: from the last line to the first, each tensor as soon as
 * all lines that use it have been passed.
 */
export function gradedTensors(): Graded[] {
  const order: Graded[] = [];
  for (const [i, line] of [...lines.entries()].reverse()) {
    for (const input of line.inputs as readonly string[]) {
      const usedEarlier = lines.slice(0, i).some((earlier) => (earlier.inputs as readonly string[]).includes(input));
      if (!usedEarlier && !(input in batchShapes)) order.push(input as Graded);
    }
  }
  return order;
}
