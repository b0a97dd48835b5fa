import { crossEntropy, keepdim, oneHot, tensor, zerosLike, type Tensor } from "#tensor";
import type { Batch } from "./lines.ts";
import { parameterNames, type Parameters } from "./parameters.ts";
import type { TrainStepResult } from "../exercise.ts";

/** What a learner writes in part 4. */
export type TrainFunction = (parameters: Parameters, batch: Batch, learningRate: number) => TrainStepResult;

/** The tensors that a training step computes, in order; most are called as in the lecture. */
export interface LoopTensors {
  emb: Tensor;
  embcat: Tensor;
  hprebn: Tensor;
  bnmean: Tensor;
  bnvar: Tensor;
  bnvar_inv: Tensor;
  bnraw: Tensor;
  hpreact: Tensor;
  h: Tensor;
  logits: Tensor;
  loss: Tensor;
  dlogits: Tensor;
  dW2: Tensor;
  db2: Tensor;
  dh: Tensor;
  dhpreact: Tensor;
  dbngain: Tensor;
  dbnbias: Tensor;
  dhprebn: Tensor;
  dW1: Tensor;
  db1: Tensor;
  dembcat: Tensor;
  demb: Tensor;
  dC: Tensor;
}

/** What is computed from the gradients, in order. */
export interface LoopOutcome {
  /** What each parameter moves by: the gradients as the update uses them. */
  moving: Parameters;
  /** The parameters after the step. */
  moved: Parameters;
  /** The gradients that are returned. */
  returned: Parameters;
  /** The loss that is returned. */
  returnedLoss: Tensor;
}

/** All values of a training step: each line reads what the lines before it have computed. */
export interface LoopValues extends Parameters, LoopTensors, LoopOutcome {
  Xb: Tensor;
  Yb: Tensor;
  n: number;
  learningRate: number;
  parameters: Parameters;
  /** The steps before this one, the newest first; none at the first. */
  before: readonly LoopValues[];
}

/** A training step, line by line. */
export type Loop = { readonly [Name in LineName]: (values: LoopValues) => LoopValues[Name] };
export type LineName = keyof LoopTensors | keyof LoopOutcome;

/** Each parameter's, by its name. */
export function eachParameter(make: (name: keyof Parameters) => Tensor): Parameters {
  return Object.fromEntries(parameterNames.map((name) => [name, make(name)])) as unknown as Parameters;
}

/** The gradients by the names of their parameters. */
function gradientsByParameter({ dC, dW1, db1, dW2, db2, dbngain, dbnbias }: LoopTensors): Parameters {
  return { C: dC, W1: dW1, b1: db1, W2: dW2, b2: db2, bngain: dbngain, bnbias: dbnbias };
}

/** The correct training step: the model's forward pass and the shortest backward pass. */
export const rightLoop: Loop = {
  emb: ({ C, Xb }) => C.gatherRows(Xb),
  embcat: ({ emb, n }) => emb.view(n, -1),
  hprebn: ({ embcat, W1, b1 }) => embcat.matmul(W1).add(b1),
  bnmean: ({ hprebn }) => hprebn.mean(0, keepdim),
  bnvar: ({ hprebn }) => hprebn.var(0, keepdim),
  bnvar_inv: ({ bnvar }) => bnvar.add(1e-5).pow(-0.5),
  bnraw: ({ hprebn, bnmean, bnvar_inv }) => hprebn.sub(bnmean).mul(bnvar_inv),
  hpreact: ({ bngain, bnraw, bnbias }) => bngain.mul(bnraw).add(bnbias),
  h: ({ hpreact }) => hpreact.tanh(),
  logits: ({ h, W2, b2 }) => h.matmul(W2).add(b2),
  loss: ({ logits, Yb }) => crossEntropy(logits, Yb),
  dlogits: ({ logits, Yb, n }) =>
    logits
      .softmax(1)
      .sub(oneHot(Yb, logits.size(1)))
      .div(n),
  dW2: ({ h, dlogits }) => h.T.matmul(dlogits),
  db2: ({ dlogits }) => dlogits.sum(0),
  dh: ({ dlogits, W2 }) => dlogits.matmul(W2.T),
  dhpreact: ({ h, dh }) => tensor(1).sub(h.pow(2)).mul(dh),
  dbngain: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim),
  dbnbias: ({ dhpreact }) => dhpreact.sum(0, keepdim),
  dhprebn: ({ bngain, bnvar_inv, bnraw, dhpreact, n }) => {
    const mean = dhpreact.sum(0, keepdim).div(n);
    const slope = bnraw
      .mul(dhpreact)
      .sum(0, keepdim)
      .div(n - 1);
    return bngain.mul(bnvar_inv).mul(dhpreact.sub(mean).sub(bnraw.mul(slope)));
  },
  dW1: ({ embcat, dhprebn }) => embcat.T.matmul(dhprebn),
  db1: ({ dhprebn }) => dhprebn.sum(0),
  dembcat: ({ dhprebn, W1 }) => dhprebn.matmul(W1.T),
  demb: ({ dembcat, emb }) => dembcat.view(emb.shape),
  dC: ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, Xb, demb),
  moving: gradientsByParameter,
  moved: ({ parameters, moving, learningRate }) =>
    // as in an update in place, in which a gradient's shape has to fit its parameter's
    eachParameter((name) => parameters[name].clone().add_(moving[name].mul(-learningRate))),
  returned: gradientsByParameter,
  returnedLoss: ({ loss }) => loss,
};

export const lineNames = Object.keys(rightLoop) as LineName[];

/**
 * All values of one training step. The parameters stay as they are.
 *
 * @param changes the lines that replace the correct ones
 * @param before see LoopValues
 * @param base the values of the correct step for the same question: what no change affects is taken from there
 * @throws TensorError if the changed lines' shapes do not fit
 */
export function runLoop(
  { parameters, batch, learningRate }: { parameters: Parameters; batch: Batch; learningRate: number },
  changes: Partial<Loop> = {},
  before: readonly LoopValues[] = [],
  base?: LoopValues,
): LoopValues {
  const values = {
    ...parameters,
    ...batch,
    parameters,
    n: batch.Xb.size(0),
    learningRate,
    before,
  } as LoopValues;
  const first = lineNames.findIndex((name) => changes[name]);
  for (const [i, name] of lineNames.entries()) {
    const isUntouched = base !== undefined && (first < 0 || i < first);
    Object.assign(values, { [name]: isUntouched ? base[name] : (changes[name] ?? rightLoop[name])(values) });
  }
  return values;
}

/** How many earlier steps a loop remembers: more than are ever asked consecutively. */
const MEMORY = 8;

/** A training step with some lines replaced, as a function with a memory of its own. */
export function trainStepWith(changes: Partial<Loop>): TrainFunction {
  let before: LoopValues[] = [];
  return (parameters, batch, learningRate) => {
    const given = eachParameter((name) => parameters[name].clone());
    const values = runLoop({ parameters: given, batch, learningRate }, changes, before);
    // without what that step remembered: otherwise the chain would never end
    before = [{ ...values, before: [] }, ...before].slice(0, MEMORY);
    for (const name of parameterNames) parameters[name] = values.moved[name];
    return { loss: values.returnedLoss, gradients: values.returned };
  };
}
