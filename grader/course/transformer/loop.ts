import type { Tensor } from "#tensor";
import type { LoopState, TrainingQuestion } from "../../kit/training.ts";
import { forward } from "../../network/backward.ts";
import type { Named } from "../../network/named.ts";
import { clipped, stepOf } from "./adamw.ts";
import { backwardAttention, backwardNeurons, throughCrossEntropy, throughNorm } from "./backward.ts";
import { lines, parameterNames, type ParameterName } from "./lines.ts";
import { flat } from "../elements.ts";
import { eachParameter } from "./parameters.ts";

/** All values of a training step: the parameters, the batch, every forward line, and the lines below. */
export interface LoopValues extends LoopState {
  readonly [name: string]: unknown;
  readonly parameters: Readonly<Named<Tensor>>;
  readonly before: readonly LoopValues[];
}

/** Reads tensors of a training step by name, with a block's number behind it if there is one. */
export const read = (values: LoopState, name: string, block?: number): Tensor =>
  (values as LoopValues)[block === undefined ? name : `${name}_${block}`] as Tensor;

type Lines = Readonly<Record<string, (values: LoopValues) => unknown>>;

/** The gradients inside a block, in the order of the backward pass, each behind its own name and the block's number. */
function backwardLines(block: number): Lines {
  const at = (name: string): string => `${name}_${block}`;
  const [x, out] = [at("dx"), `dx_${block + 1}`];
  const of = <Name extends string>(values: LoopState, ...names: Name[]): Readonly<Record<Name, Tensor>> =>
    Object.fromEntries(names.map((name) => [name, read(values, name, block)])) as Record<Name, Tensor>;
  const neurons = (values: LoopValues): ReturnType<typeof backwardNeurons> =>
    backwardNeurons(of(values, "gain2", "inv2", "raw2", "W1", "h", "W2"), read(values, out));
  const attention = (values: LoopValues): ReturnType<typeof backwardAttention> =>
    backwardAttention(of(values, "Wq", "Wk", "Wv", "q", "k", "v", "weights"), read(values, at("dmixed")));
  return {
    [at("dpre")]: (values) => neurons(values).dpre,
    [at("dln2")]: (values) => read(values, "dpre", block).matmul(read(values, "W1", block).T),
    [at("dy")]: (values) => {
      const { gain2, raw2, inv2, dln2 } = of(values, "gain2", "raw2", "inv2", "dln2");
      return throughNorm(dln2, gain2, raw2, inv2).add(read(values, out));
    },
    [at("dmixed")]: (values) => read(values, "dy", block).matmul(read(values, "Wo", block).T),
    [at("dq")]: (values) => attention(values).dq,
    [at("dk")]: (values) => attention(values).dk,
    [at("dv")]: (values) => attention(values).dv,
    [at("dln1")]: (values) => {
      const { dq, dk, dv, Wq, Wk, Wv } = of(values, "dq", "dk", "dv", "Wq", "Wk", "Wv");
      return dq.matmul(Wq.T).add(dk.matmul(Wk.T)).add(dv.matmul(Wv.T));
    },
    [x]: (values) => {
      const { gain1, raw1, inv1, dln1, dy } = of(values, "gain1", "raw1", "inv1", "dln1", "dy");
      return throughNorm(dln1, gain1, raw1, inv1).add(dy);
    },
  };
}

/** What each kind of parameter's gradient is a product of, or a sum: by its name without the block's number. */
const products: Readonly<Record<string, readonly [input: string, gradient: string]>> = {
  Wq: ["ln1", "dq"],
  Wk: ["ln1", "dk"],
  Wv: ["ln1", "dv"],
  Wo: ["mixed", "dy"],
  W1: ["ln2", "dpre"],
};
const sums: Readonly<Record<string, string>> = { bias1: "dln1", bias2: "dln2", b1: "dpre" };
const gains: Readonly<Record<string, readonly [raw: string, gradient: string]>> = {
  gain1: ["raw1", "dln1"],
  gain2: ["raw2", "dln2"],
};

/** The gradient of a parameter, from the gradients of the values that it went into. */
export function gradientOf(values: LoopState, name: ParameterName): Tensor {
  const [, kind, number] = /^(\w+?)(?:_(\d))?$/.exec(name)! as unknown as [string, string, string | undefined];
  const get = (what: string): Tensor => read(values, what);
  if (name === "Wl") return flat(get("ln")).T.matmul(flat(get("dlogits")));
  if (name === "bl") return get("dlogits").sum([0, 1]);
  if (name === "gain") return get("raw").mul(get("dln")).sum([0, 1]);
  if (name === "bias") return get("dln").sum([0, 1]);
  if (name === "P") return get("dx_0").sum(0);
  if (name === "C") return get("C").newZeros(get("C").shape).indexAdd(0, get("Xb"), get("dx_0"));
  const block = Number(number);
  const own = (what: string): Tensor => read(values, what, block);
  if (kind === "W2") return flat(own("h")).T.matmul(flat(read(values, `dx_${block + 1}`)));
  if (kind === "b2") return read(values, `dx_${block + 1}`).sum([0, 1]);
  const product = products[kind];
  if (product) return flat(own(product[0])).T.matmul(flat(own(product[1])));
  const gain = gains[kind];
  if (gain) return own(gain[0]).mul(own(gain[1])).sum([0, 1]);
  return own(sums[kind]!).sum([0, 1]);
}

/** The correct training step, line by line, behind the forward pass. */
export const rightLoop: Lines = {
  dlogits: (values) => {
    const Yb = read(values, "Yb");
    return throughCrossEntropy(read(values, "probs"), Yb, Yb.numel());
  },
  dln: (values) => read(values, "dlogits").matmul(read(values, "Wl").T),
  dx_2: (values) => throughNorm(read(values, "dln"), read(values, "gain"), read(values, "raw"), read(values, "inv")),
  ...backwardLines(1),
  ...backwardLines(0),
  gradients: (values) => eachParameter((name) => gradientOf(values, name)),
  moving: ({ gradients }) => clipped<Tensor>(gradients as Named<Tensor>),
  moved: ({ parameters, moving, learningRate }) => stepOf<Tensor>(parameters, moving, learningRate),
  returned: ({ gradients }) => gradients,
  returnedLoss: (values) => read(values, "loss"),
};

export const lineNames = Object.keys(rightLoop);

/**
 * All values of one training step. The parameters stay as they are.
 *
 * @param changes the lines that replace the correct ones
 * @param base the values of the correct step for the same question: what no change affects is taken from there
 * @throws TensorError if the changed lines' shapes do not fit
 */
export function runLoop(
  { parameters, batch, learningRate }: TrainingQuestion,
  changes: Readonly<Record<string, ((values: LoopValues) => unknown) | undefined>> = {},
  before: readonly LoopValues[] = [],
  base?: LoopValues,
): LoopValues {
  const own = Object.fromEntries(parameterNames.map((name) => [name, parameters[name]!]));
  const values: Record<string, unknown> =
    base === undefined
      ? { ...forward<Tensor>(lines, own, batch), ...batch }
      : Object.fromEntries(Object.entries(base).filter(([name]) => !lineNames.includes(name)));
  Object.assign(values, { parameters, learningRate, before });
  const first = lineNames.findIndex((name) => changes[name]);
  for (const [i, name] of lineNames.entries()) {
    const isUntouched = base !== undefined && (first < 0 || i < first);
    values[name] = isUntouched ? base[name] : (changes[name] ?? rightLoop[name]!)(values as unknown as LoopValues);
  }
  return values as unknown as LoopValues;
}
