import { keepdim, oneHot, tensor, zeros, zerosLike, type Tensor } from "#tensor";
import {
  eachParameter,
  rightLoop,
  trainStepWith,
  type Loop,
  type LoopTensors,
  type LoopValues,
} from "../../../grader/course/makemore/loop.ts";
import type { WrongLoop } from "./ask.ts";

const EPSILON = 1e-5;

function loop(what: string, changes: Partial<Loop>): WrongLoop {
  return { what, make: () => trainStepWith(changes) };
}

/** A line times a factor. */
function times(line: keyof LoopTensors, factor: (values: LoopValues) => number): Partial<Loop> {
  return { [line]: (values: LoopValues) => rightLoop[line](values).mul(factor(values)) };
}

/** Some parameters updated by a wrong step. */
function moving(step: (values: LoopValues, name: keyof LoopValues["parameters"]) => Tensor | undefined): Partial<Loop> {
  return {
    moved: (values) => {
      const moved = rightLoop.moved(values);
      return eachParameter((name) => {
        const other = step(values, name);
        return other ? values.parameters[name].sub(other) : moved[name];
      });
    },
  };
}

/** Part 3's formula as the lesson writes it, with its pieces. */
function fused(
  { bngain, bnvar_inv, bnraw, dhpreact, dbngain, dbnbias, n }: LoopValues,
  { front = n, correction = n / (n - 1) }: { front?: number; correction?: number },
): Tensor {
  return bngain
    .mul(bnvar_inv)
    .div(front)
    .mul(dhpreact.mul(n).sub(dbnbias).sub(bnraw.mul(correction).mul(dbngain)));
}

/** Wrong loops that are not in the catalogue, by its author. */
export const beside: readonly WrongLoop[] = [
  loop(
    "dW2 times n",
    times("dW2", ({ n }) => n),
  ),
  loop(
    "dW2 negated",
    times("dW2", () => -1),
  ),
  loop(
    "dC doubled",
    times("dC", () => 2),
  ),
  loop(
    "dC times 1.001",
    times("dC", () => 1.001),
  ),
  loop(
    "dW1 times 1.0001",
    times("dW1", () => 1.0001),
  ),
  loop(
    "dh halved",
    times("dh", () => 0.5),
  ),
  loop(
    "dhprebn over n - 1",
    times("dhprebn", ({ n }) => 1 / (n - 1)),
  ),
  loop(
    "dhprebn times the number of neurons",
    times("dhprebn", ({ h }) => h.size(1)),
  ),
  loop(
    "dbngain over the root of n",
    times("dbngain", ({ n }) => 1 / Math.sqrt(n)),
  ),
  loop(
    "dlogits times the learning rate",
    times("dlogits", ({ learningRate }) => learningRate),
  ),
  loop(
    "the gradient of b2 is zero",
    times("db2", () => 0),
  ),
  loop(
    "the gradient of C is zero",
    times("dC", () => 0),
  ),
  loop(
    "the gradient of W1 is zero",
    times("dW1", () => 0),
  ),
  loop("epsilon is 2e-5, on the way back alone", {
    dhprebn: (values) => rightLoop.dhprebn({ ...values, bnvar_inv: values.bnvar.add(2 * EPSILON).pow(-0.5) }),
  }),
  loop("epsilon is 3e-5 in the forward pass", { bnvar_inv: ({ bnvar }) => bnvar.add(3 * EPSILON).pow(-0.5) }),
  loop("the fused formula has 1/(n - 1) in front", { dhprebn: (values) => fused(values, { front: values.n - 1 }) }),
  loop("the fused formula without n/(n - 1)", { dhprebn: (values) => fused(values, { correction: 1 }) }),
  loop("the fused formula with n - 1 for n/(n - 1)", {
    dhprebn: (values) => fused(values, { correction: values.n - 1 }),
  }),
  loop("dhprebn is bnraw times dhpreact", { dhprebn: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact) }),
  loop("the gain is squared in dhprebn", {
    dhprebn: (values) => rightLoop.dhprebn(values).mul(values.bngain),
  }),
  loop("tanh is missing, and db2 is a mean", {
    dhpreact: ({ dh }) => dh,
    db2: ({ dlogits }) => dlogits.mean(0),
  }),
  loop("every bias's and the gain's gradient is a mean", {
    db2: ({ dlogits }) => dlogits.mean(0),
    dbngain: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).mean(0, keepdim),
    dbnbias: ({ dhpreact }) => dhpreact.mean(0, keepdim),
  }),
  loop("dW2 is made from the probabilities without labels", {
    dW2: ({ h, logits, n }) => h.T.matmul(logits.softmax(1).div(n)),
  }),
  loop("dW1 is a transposed product, read as W1's shape", {
    dW1: ({ embcat, dhprebn, W1 }) => dhprebn.T.matmul(embcat).view(W1.shape),
  }),
  loop("labels are shifted by one", {
    dlogits: ({ logits, Yb, n }) => {
      const vocab = logits.size(1);
      const shifted = tensor(
        [...Yb.toArray()].map((label) => (label + 1) % vocab),
        Yb.shape,
        "int32",
      );
      return logits.softmax(1).sub(oneHot(shifted, vocab)).div(n);
    },
  }),
  loop("labels are smoothed", {
    dlogits: ({ logits, Yb, n }) => {
      const vocab = logits.size(1);
      return logits
        .softmax(1)
        .sub(
          oneHot(Yb, vocab)
            .mul(0.9)
            .add(0.1 / vocab),
        )
        .div(n);
    },
  }),
  loop("the first row of dlogits is left out", {
    dlogits: (values) => {
      const dlogits = rightLoop.dlogits(values);
      for (let j = 0; j < dlogits.size(1); j++) dlogits.set(0, j, 0);
      return dlogits;
    },
  }),
  loop("each context's first place is left out of dC", {
    dC: ({ C, Xb, demb, n }) => {
      const dC = zerosLike(C);
      for (let i = 0; i < n; i++)
        for (let j = 1; j < Xb.size(1); j++)
          for (let k = 0; k < C.size(1); k++) {
            const row = Xb.get(i, j);
            dC.set(row, k, dC.get(row, k) + demb.get(i, j, k));
          }
      return dC;
    },
  }),
  loop("the last row of C gets no gradient", {
    dC: (values) => {
      const dC = rightLoop.dC(values);
      for (let k = 0; k < dC.size(1); k++) dC.set(dC.size(0) - 1, k, 0);
      return dC;
    },
  }),
  loop("dC is looked up by the labels", {
    dC: ({ C, Yb, demb }) => zerosLike(C).indexAdd(0, Yb, demb.sum(1)),
  }),
  loop("the last neuron's column of dW1 is left out", {
    dW1: (values) => {
      const dW1 = rightLoop.dW1(values);
      for (let i = 0; i < dW1.size(0); i++) dW1.set(i, dW1.size(1) - 1, 0);
      return dW1;
    },
  }),
  loop("b1's gradient is one", { db1: ({ b1 }) => zerosLike(b1).add(1) }),
  loop(
    "dbngain has NaN",
    times("dbngain", () => NaN),
  ),
  loop("hidden is written as 200", { dbnbias: ({ dhpreact }) => dhpreact.sum(0, keepdim).add(zeros(1, 200)) }),
  loop("the batch is written as 32, in a view", { dlogits: (values) => rightLoop.dlogits(values).view(32, -1) }),
  loop("the vocabulary is written as 27", { db2: ({ dlogits }) => dlogits.sum(0).add(zeros(27)) }),
  loop("a sum drops its dimension where it is multiplied", {
    dhprebn: (values) => rightLoop.dhprebn(values).mul(values.dhpreact.sum(1)),
  }),
  loop(
    "W2 and C are not moved",
    moving(({ C }, name) => (name === "W2" || name === "C" ? C.sum().mul(0) : undefined)),
  ),
  loop(
    "C is moved twice",
    moving(({ dC, learningRate }, name) => (name === "C" ? dC.mul(2 * learningRate) : undefined)),
  ),
  loop(
    "b2 and bnbias are moved along",
    moving(({ moving, learningRate }, name) =>
      name === "b2" || name === "bnbias" ? moving[name].mul(-learningRate) : undefined,
    ),
  ),
  loop(
    "half a step",
    moving(({ moving, learningRate }, name) => moving[name].mul(learningRate / 2)),
  ),
  loop(
    "n steps",
    moving(({ moving, learningRate, n }, name) => moving[name].mul(learningRate * n)),
  ),
  loop(
    "a rate of 0.05",
    moving(({ moving }, name) => moving[name].mul(0.05)),
  ),
  loop(
    "W1 alone with a rate of 0.1",
    moving(({ dW1 }, name) => (name === "W1" ? dW1.mul(0.1) : undefined)),
  ),
  loop(
    "weight decay in the update",
    moving(({ moving, parameters, learningRate }, name) =>
      moving[name].add(parameters[name].mul(0.01)).mul(learningRate),
    ),
  ),
  loop("weight decay in the gradients", {
    moving: (values) => {
      const own = rightLoop.moving(values);
      return eachParameter((name) => own[name].add(values.parameters[name].mul(0.01)));
    },
    returned: ({ moving }) => moving,
  }),
  loop("parameters shrink after the step", {
    moved: (values) => {
      const moved = rightLoop.moved(values);
      return eachParameter((name) => moved[name].mul(0.999));
    },
  }),
  loop(
    "W1 alone shrinks",
    moving(({ W1, dW1, learningRate }, name) => (name === "W1" ? dW1.mul(learningRate).add(W1.mul(0.001)) : undefined)),
  ),
  loop("half of the step before is added", {
    moved: (values) =>
      eachParameter((name) => {
        const [last] = values.before;
        const step = last ? values.moving[name].add(last.moving[name].mul(0.5)) : values.moving[name];
        return values.parameters[name].sub(step.mul(values.learningRate));
      }),
  }),
  loop("the rate falls from step to step", {
    moved: ({ parameters, moving, learningRate, before }) =>
      eachParameter((name) => parameters[name].sub(moving[name].mul(learningRate / (1 + before.length)))),
  }),
  loop(
    "gradients are limited to 0.01",
    moving(({ moving, learningRate }, name) => moving[name].clamp(-0.01, 0.01).mul(learningRate)),
  ),
  loop(
    "a step divided by its own size",
    moving(({ moving, learningRate }, name) =>
      moving[name].div(moving[name].pow(2).sqrt().add(1e-4)).mul(learningRate),
    ),
  ),
  loop("the loss to the base of 2", { returnedLoss: ({ loss }) => loss.div(Math.LN2) }),
  loop("the loss of the first example", {
    returnedLoss: ({ logits, Yb }) =>
      logits
        .softmax(1)
        .gather(1, Yb.view(-1, 1))
        .gatherRows(tensor([0], [1], "int32"))
        .log()
        .neg()
        .view([]),
  }),
  loop("the probability of the labels for the loss", {
    returnedLoss: ({ logits, Yb }) => logits.softmax(1).gather(1, Yb.view(-1, 1)).mean(),
  }),
];
