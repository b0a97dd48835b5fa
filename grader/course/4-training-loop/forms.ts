import { keepdim, oneHot, ones, tensor, zeros, zerosLike, type Tensor } from "#tensor";
import type { Batch } from "../makemore/lines.ts";
import { parameterNames, type Parameters } from "../makemore/parameters.ts";
import type { TrainStepResult } from "../exercise.ts";
import {
  eachParameter,
  runLoop,
  trainStepWith,
  type Loop,
  type LoopValues,
  type TrainFunction,
} from "../makemore/loop.ts";
import { byGetAndSet, inDouble } from "./forms-in-loops.ts";

/** A correct training step, in one of many forms. */
export interface TrainingForm {
  what: string;
  trainStep: TrainFunction;
}

const form = (what: string, changes: Partial<Loop>): TrainingForm => ({ what, trainStep: trainStepWith(changes) });

/**
 * Correct training steps that differ in form from the solution and from each other, as learners write them. The course's
 * tests check that every one of them is accepted.
 */
export const rightTrainingForms: readonly TrainingForm[] = [
  form("the shortest backward pass", {}),
  form("part 1's lines, all 26 of them", { dlogits: stepByStepLogits, dhprebn: stepByStepBatchnorm }),
  form("products of transposed operands, transposed", {
    dh: ({ dlogits, W2 }) => W2.matmul(dlogits.T).T,
    dW2: ({ h, dlogits }) => dlogits.T.matmul(h).T,
    dembcat: ({ dhprebn, W1 }) => W1.matmul(dhprebn.T).T,
    dW1: ({ embcat, dhprebn }) => dhprebn.T.matmul(embcat).T,
  }),
  form("the division by n comes last, at each gradient", {
    dlogits: ({ logits, Yb }) => logits.softmax(1).sub(oneHot(Yb, logits.size(1))),
    ...dividedByN("dW2", ({ h, dlogits }) => h.T.matmul(dlogits)),
    ...dividedByN("db2", ({ dlogits }) => dlogits.sum(0)),
    ...dividedByN("dbngain", ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim)),
    ...dividedByN("dbnbias", ({ dhpreact }) => dhpreact.sum(0, keepdim)),
    ...dividedByN("dW1", ({ embcat, dhprebn }) => embcat.T.matmul(dhprebn)),
    ...dividedByN("db1", ({ dhprebn }) => dhprebn.sum(0)),
    ...dividedByN("dC", ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, Xb, demb)),
  }),
  form("means times n instead of sums", {
    dlogits: ({ logits, Yb, n }) =>
      logits
        .softmax(1)
        .mul(1 / n)
        .sub(oneHot(Yb, logits.size(1)).mul(1 / n)),
    db2: ({ dlogits, n }) => dlogits.mean(0).mul(n),
    dbnbias: ({ dhpreact, n }) => dhpreact.mean(0, keepdim).mul(n),
    dbngain: ({ dhpreact, bnraw, n }) => dhpreact.mul(bnraw).mean(0, keepdim).mul(n),
  }),
  { what: "loops over arrays in double precision", trainStep: inDouble },
  { what: "loops with get and set, sums from the last term to the first", trainStep: byGetAndSet },
  form("the fused formula with its two sums taken from the gradients that they are", {
    dhprebn: ({ bngain, bnvar_inv, bnraw, dhpreact, dbngain, dbnbias, n }) =>
      bngain
        .mul(bnvar_inv)
        .div(n)
        .mul(
          dhpreact
            .mul(n)
            .sub(dbnbias)
            .sub(bnraw.mul(n / (n - 1)).mul(dbngain)),
        ),
  }),
  form("softmax and loss by the log of the sum of exponentials", {
    dlogits: ({ logits, Yb, n }) =>
      logits
        .sub(logSumExp(logits))
        .exp()
        .sub(oneHot(Yb, logits.size(1)))
        .div(n),
    loss: ({ logits, Yb }) =>
      logSumExp(logits)
        .sub(logits.gather(1, Yb.view(-1, 1)))
        .mean(),
  }),
  form("softmax and loss row by row, in loops", {
    dlogits: ({ logits, Yb, n }) => {
      const probs = softmaxByRow(logits);
      for (let i = 0; i < n; i++) probs.set(i, Yb.get(i), probs.get(i, Yb.get(i)) - 1);
      return probs.div(n);
    },
    loss: ({ logits, Yb, n }) => {
      const probs = softmaxByRow(logits);
      let sum = 0;
      for (let i = 0; i < n; i++) sum -= Math.log(probs.get(i, Yb.get(i)));
      return tensor(sum / n);
    },
  }),
  form("softmax's Jacobian, a row at a time", {
    dlogits: ({ logits, Yb, n }) => {
      const probs = logits.softmax(1);
      const dprobs = oneHot(Yb, logits.size(1)).div(probs).div(-n);
      return probs.mul(dprobs.sub(probs.mul(dprobs).sum(1, keepdim)));
    },
  }),
  form("batchnorm by means of the normalized gradient", {
    dhprebn: ({ bngain, bnvar_inv, bnraw, dhpreact, n }) => {
      const dbnraw = dhpreact.mul(bngain);
      const along = bnraw
        .mul(dbnraw)
        .mean(0, keepdim)
        .mul(n / (n - 1));
      return dbnraw.sub(dbnraw.mean(0, keepdim)).sub(bnraw.mul(along)).mul(bnvar_inv);
    },
  }),
  form("batchnorm by the gradients of its variance and its mean", {
    dhprebn: ({ hprebn, bnmean, bnvar, bnvar_inv, bngain, dhpreact, n }) => {
      const dbnraw = bngain.mul(dhpreact);
      const centered = hprebn.sub(bnmean);
      const dvar = dbnraw.mul(centered).sum(0, keepdim).mul(-0.5).mul(bnvar.add(1e-5).pow(-1.5));
      const dmean = dbnraw.mul(bnvar_inv).sum(0, keepdim).neg();
      return dbnraw
        .mul(bnvar_inv)
        .add(dvar.mul(centered).mul(2 / (n - 1)))
        .add(dmean.div(n));
    },
  }),
  form("batchnorm's Jacobian, a neuron at a time", { dhprebn: byJacobian }),
  form("the variance and its root in their own lines, with quotients", {
    bnmean: ({ hprebn, n }) => hprebn.sum(0, keepdim).div(n),
    bnvar: ({ hprebn, bnmean, n }) =>
      hprebn
        .sub(bnmean)
        .pow(2)
        .sum(0, keepdim)
        .mul(1 / (n - 1)),
    bnvar_inv: ({ bnvar }) => tensor(1).div(bnvar.add(1e-5).sqrt()),
    bnraw: ({ hprebn, bnmean, bnvar }) => hprebn.sub(bnmean).div(bnvar.add(1e-5).sqrt()),
  }),
  form("the gradients of products as sums over examples, one after the other", {
    dW2: ({ h, dlogits }) => overExamples(h, dlogits),
    dW1: ({ embcat, dhprebn }) => overExamples(embcat, dhprebn),
  }),
  form("the lookup as a product with one-hot rows", {
    emb: ({ C, Xb }) => oneHot(Xb.view(-1), C.size(0)).matmul(C).view(Xb.size(0), Xb.size(1), C.size(1)),
    dC: ({ C, Xb, demb }) => oneHot(Xb.view(-1), C.size(0)).T.matmul(demb.view(-1, C.size(1))),
  }),
  form("the lookup in loops, the last position first", {
    dC: ({ C, Xb, demb, n }) => {
      const dC = zerosLike(C);
      for (let i = n - 1; i >= 0; i--)
        for (let j = Xb.size(1) - 1; j >= 0; j--)
          for (let k = 0; k < C.size(1); k++) {
            const row = Xb.get(i, j);
            dC.set(row, k, dC.get(row, k) + demb.get(i, j, k));
          }
      return dC;
    },
  }),
  form("the slope of tanh as (1 - h)(1 + h)", {
    dhpreact: ({ h, dh }) => tensor(1).sub(h).mul(h.add(1)).mul(dh),
  }),
  form("the slope of tanh by exponentials", {
    dhpreact: ({ hpreact, dh }) => {
      const size = hpreact.exp().add(hpreact.neg().exp()).div(2);
      return dh.div(size.mul(size));
    },
  }),
  form("dh minus its product with h squared", { dhpreact: ({ h, dh }) => dh.sub(h.mul(h).mul(dh)) }),
  form("sums as products with ones", {
    db2: ({ dlogits, n }) => ones(1, n).matmul(dlogits).view(-1),
    dbngain: ({ bnraw, dhpreact, n }) => ones(1, n).matmul(bnraw.mul(dhpreact)),
    dbnbias: ({ dhpreact, n }) => ones(1, n).matmul(dhpreact),
    db1: ({ dhprebn, n }) => ones(1, n).matmul(dhprebn).view(-1),
  }),
  form("sums along the rows of the transpose", {
    db2: ({ dlogits }) => dlogits.T.sum(1),
    dbnbias: ({ dhpreact }) => dhpreact.T.sum(1).view(1, -1),
    db1: ({ dhprebn }) => dhprebn.T.sum(1),
  }),
  { what: "an update element by element, in place", trainStep: updateByElement },
  {
    what: "an update in place, by a gradient that was scaled first",
    trainStep: (parameters, batch, learningRate) => {
      const { returned, loss } = valuesOf(parameters, batch, learningRate);
      for (const name of parameterNames) parameters[name].sub_(returned[name].mul(learningRate));
      return { loss, gradients: returned };
    },
  },
  {
    what: "an update by a step times -1, divided by the rate's inverse",
    trainStep: (parameters, batch, learningRate) => {
      const { returned, loss } = valuesOf(parameters, batch, learningRate);
      for (const name of parameterNames) parameters[name].add_(returned[name].neg().div(1 / learningRate));
      return { loss, gradients: returned };
    },
  },
  form("b1's gradient as zeros, which it is up to rounding", { db1: ({ b1 }) => zerosLike(b1) }),
];

/** The values of a correct step, computed from copies, so that the parameters can be updated in another way. */
function valuesOf(parameters: Parameters, batch: Batch, learningRate: number): LoopValues {
  return runLoop({ parameters: eachParameter((name) => parameters[name].clone()), batch, learningRate });
}

/** A line whose result is divided by n. */
function dividedByN<Name extends "dW2" | "db2" | "dbngain" | "dbnbias" | "dW1" | "db1" | "dC">(
  name: Name,
  line: (values: LoopValues) => Tensor,
): Partial<Loop> {
  return { [name]: (values: LoopValues) => line(values).div(values.n) };
}

/** Part 1, steps 1 to 8. */
function stepByStepLogits({ logits, Yb, n }: LoopValues): Tensor {
  const { values: logit_maxes, indices } = logits.max(1, keepdim);
  const norm_logits = logits.sub(logit_maxes);
  const counts = norm_logits.exp();
  const counts_sum_inv = counts.sum(1, keepdim).pow(-1);
  const probs = counts.mul(counts_sum_inv);
  const dlogprobs = oneHot(Yb, logits.size(1)).mul(-1 / n);
  const dprobs = dlogprobs.div(probs);
  const dcounts_sum_inv = counts.mul(dprobs).sum(1, keepdim);
  const dcounts_sum = counts_sum_inv.pow(2).neg().mul(dcounts_sum_inv);
  const dcounts = counts_sum_inv.mul(dprobs).add(dcounts_sum);
  const dnorm_logits = counts.mul(dcounts);
  const dlogit_maxes = dnorm_logits.neg().sum(1, keepdim);
  return dnorm_logits.scatterAdd(1, indices, dlogit_maxes);
}

/** Part 1, steps 15 to 21. */
function stepByStepBatchnorm({ hprebn, bnmean, bnvar, bnvar_inv, bngain, dhpreact, n }: LoopValues): Tensor {
  const bndiff = hprebn.sub(bnmean);
  const dbnraw = bngain.mul(dhpreact);
  const dbnvar_inv = bndiff.mul(dbnraw).sum(0, keepdim);
  const dbnvar = bnvar.add(1e-5).pow(-1.5).mul(-0.5).mul(dbnvar_inv);
  const dbndiff2 = dbnvar.mul(1 / (n - 1)).expand(...hprebn.shape);
  const dbndiff = bnvar_inv.mul(dbnraw).add(bndiff.mul(2).mul(dbndiff2));
  const dbnmeani = dbndiff.sum(0, keepdim).neg();
  return dbndiff.add(dbnmeani.mul(1 / n));
}

/** log(sum(exp(logits))) of each row [n, 1], with the row's maximum subtracted first. */
function logSumExp(logits: Tensor): Tensor {
  const maxes = logits.max(1, keepdim).values;
  return maxes.add(logits.sub(maxes).exp().sum(1, keepdim).log());
}

function softmaxByRow(logits: Tensor): Tensor {
  const probs = zerosLike(logits);
  const [rows, columns] = [logits.size(0), logits.size(1)];
  for (let i = 0; i < rows; i++) {
    let largest = -Infinity;
    for (let j = 0; j < columns; j++) largest = Math.max(largest, logits.get(i, j));
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += Math.exp(logits.get(i, j) - largest);
    for (let j = 0; j < columns; j++) probs.set(i, j, Math.exp(logits.get(i, j) - largest) / sum);
  }
  return probs;
}

/** The Jacobian of each neuron's normalization [n, n], times its gradients. */
function byJacobian({ bngain, bnvar_inv, bnraw, dhpreact, n }: LoopValues): Tensor {
  const out = zerosLike(bnraw);
  for (let j = 0; j < bnraw.size(1); j++) {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k < n; k++) {
        const slope = (i === k ? 1 : 0) - 1 / n - (bnraw.get(i, j) * bnraw.get(k, j)) / (n - 1);
        sum += slope * bngain.get(0, j) * dhpreact.get(k, j);
      }
      out.set(i, j, sum * bnvar_inv.get(0, j));
    }
  }
  return out;
}

/** a.T @ b as a sum of outer products. */
function overExamples(a: Tensor, b: Tensor): Tensor {
  const sum = zeros(a.size(1), b.size(1));
  const rowOf = (x: Tensor, i: number): Tensor => x.gatherRows(tensor([i], [1], "int32"));
  for (let i = 0; i < a.size(0); i++) sum.add_(rowOf(a, i).view(-1, 1).matmul(rowOf(b, i)));
  return sum;
}

function updateByElement(parameters: Parameters, batch: Batch, learningRate: number): TrainStepResult {
  const { returned, loss } = valuesOf(parameters, batch, learningRate);
  for (const name of parameterNames) {
    const [values, gradient] = [parameters[name], returned[name]];
    const columns = values.shape.length === 2 ? values.size(1) : undefined;
    for (let i = 0; i < values.size(0); i++) {
      if (columns === undefined) values.set(i, values.get(i) - learningRate * gradient.get(i));
      else for (let j = 0; j < columns; j++) values.set(i, j, values.get(i, j) - learningRate * gradient.get(i, j));
    }
  }
  return { loss, gradients: returned };
}
