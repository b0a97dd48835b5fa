import { keepdim, type Tensor } from "#tensor";
import { lineWriter } from "../../network/line.ts";
import type { Extent } from "../../network/shape.ts";

/** The sizes that shapes consist of, by the lecture's names. */
export type MakemoreSizes = Readonly<
  Record<
    | /** Examples in a batch. */ "n"
    | /** Characters of context. */ "block"
    | /** Numbers per embedded character. */ "embd"
    | /** Neurons of the hidden layer. */ "hidden"
    | /** Different characters, '.' included. */ "vocab",
    number
  >
>;

/** The batch: contexts Xb [n, block] and labels Yb [n], int32. */
export type Batch = Readonly<Record<BatchName, Tensor>>;

/** The parameters and their shapes, in the order in which they are drawn and reported. */
export const parameterShapes = {
  C: ["vocab", "embd"],
  W1: ["block*embd", "hidden"],
  b1: ["hidden"],
  W2: ["hidden", "vocab"],
  b2: ["vocab"],
  bngain: [1, "hidden"],
  bnbias: [1, "hidden"],
} as const satisfies Record<string, readonly Extent[]>;

/** The shapes of a batch's index tensors. */
export const batchShapes = { Xb: ["n", "block"], Yb: ["n"] } as const satisfies Record<string, readonly Extent[]>;

/** Writes a row of a table of lines that may read the batch. */
export const line = lineWriter<BatchName>();

/**
 * The forward pass, line by line. Everything else (forward values, the tape, the graded tensors and their order, what
 * each step is given) is derived from this table. Inputs are in the order in which their gradients are asked for.
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

/** The lines, as a union. */
export type AnyLine = (typeof lines)[number];

/** Every tensor that a line computes. */
export type Output = AnyLine["output"];
export type ParameterName = keyof typeof parameterShapes;
export type BatchName = keyof typeof batchShapes;
export type TensorName = Output | ParameterName | BatchName;
/** The tensors whose gradients are asked for. */
export type Graded = Exclude<AnyLine["inputs"][number], BatchName>;
