import type { WrongLoop } from "./ask.ts";
import { crossEntropy, keepdim, oneHot, tensor, zerosLike, type Tensor } from "#tensor";

type TrainFunction = (
  parameters: Record<string, Tensor>,
  batch: { Xb: Tensor; Yb: Tensor },
  learningRate: number,
) => { loss: Tensor | number; gradients: Record<string, Tensor> };

type Gradients = Record<string, Tensor>;

/** The forward pass's tensors in the order in which they are computed; then the gradients, in that of the backward pass. */
const forwardLines = [
  "emb",
  "embcat",
  "hprebn",
  "bnmean",
  "bnvar",
  "bnvar_inv",
  "bnraw",
  "hpreact",
  "h",
  "logits",
  "loss",
] as const;
const backwardLines = [
  "dlogits",
  "dW2",
  "db2",
  "dh",
  "dhpreact",
  "dbngain",
  "dbnbias",
  "dhprebn",
  "dW1",
  "db1",
  "dembcat",
  "demb",
  "dC",
] as const;

type Line = (typeof forwardLines)[number] | (typeof backwardLines)[number];
type Name = "C" | "W1" | "b1" | "W2" | "b2" | "bngain" | "bnbias";

/** Everything in one step; a line's tensor is present once the line has been computed. */
type Context = Record<Line | Name | "Xb" | "Yb", Tensor> & { n: number; learningRate: number };

/** What an entry does differently from the correct loop. */
interface Hooks extends Partial<Record<Line, (c: Context) => Tensor>> {
  /** The gradients by name, as they are returned. */
  gradients?: (c: Context) => Gradients;
  update?: (parameters: Record<string, Tensor>, gradients: Gradients, learningRate: number, c: Context) => void;
  /** The loss that is returned, computed after the update. */
  returned?: (c: Context, parameters: Record<string, Tensor>) => Tensor | number;
}

/** The correct lines. */
const right: Record<Line, (c: Context) => Tensor> = {
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
  dhpreact: ({ h, dh }) => tensor(1).sub(h.mul(h)).mul(dh),
  dbngain: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim),
  dbnbias: ({ dhpreact }) => dhpreact.sum(0, keepdim),
  dhprebn: (c) => throughBatchnorm(c, {}),
  dW1: ({ embcat, dhprebn }) => embcat.T.matmul(dhprebn),
  db1: ({ dhprebn }) => dhprebn.sum(0),
  dembcat: ({ dhprebn, W1 }) => dhprebn.matmul(W1.T),
  demb: ({ emb, dembcat }) => dembcat.view(emb.shape),
  dC: ({ C, Xb, demb }) => zerosLike(C).indexAdd(0, Xb, demb),
};

/** Part 3's formula, gain * s / n * (n g - sum(g) - factor r sum(g r)), with the factor n/(n-1). */
function throughBatchnorm(
  { n, bngain, bnvar_inv, bnraw, dhpreact }: Context,
  { factor = n / (n - 1), mean = 1 }: { factor?: number; mean?: number },
): Tensor {
  const sum = dhpreact.sum(0, keepdim).mul(mean);
  const dot = bnraw.mul(dhpreact).sum(0, keepdim);
  const bracket = dhpreact.mul(n).sub(sum).sub(bnraw.mul(dot).mul(factor));
  return bngain.mul(bnvar_inv).div(n).mul(bracket);
}

function named({ dC, dW1, db1, dW2, db2, dbngain, dbnbias }: Context): Gradients {
  return { C: dC, W1: dW1, b1: db1, W2: dW2, b2: db2, bngain: dbngain, bnbias: dbnbias };
}

/** The correct update, except for the parameters that `but` names. */
function descend(parameters: Record<string, Tensor>, gradients: Gradients, learningRate: number, but = ""): void {
  for (const [name, gradient] of Object.entries(gradients)) {
    if (name !== but) parameters[name]!.sub_(gradient.mul(learningRate));
  }
}

/** One step in which everything is correct that the hooks do not change. */
function loop(hooks: Hooks): TrainFunction {
  return (parameters, { Xb, Yb }, learningRate) => {
    const given = parameters as Record<Name, Tensor>;
    const c = { ...given, Xb, Yb, n: Xb.size(0), learningRate } as Context;
    for (const line of [...forwardLines, ...backwardLines]) c[line] = (hooks[line] ?? right[line])(c);
    const gradients = (hooks.gradients ?? named)(c);
    if (hooks.update) hooks.update(parameters, gradients, learningRate, c);
    else descend(parameters, gradients, learningRate);
    return { loss: hooks.returned ? hooks.returned(c, parameters) : c.loss, gradients };
  };
}

/** The correct training step, to compare the others with. */
export const rightTrainStep: TrainFunction = loop({});

/** What a step keeps for the next one. */
function memory(): (gradients: Gradients) => Gradients {
  let kept: Gradients = {};
  return (gradients) => {
    const fits = Object.entries(gradients).every(([name, g]) => kept[name]?.shape.join() === g.shape.join());
    if (!fits) kept = Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, zerosLike(g)]));
    return kept;
  };
}

/** Wrong training loops as learners would write them, by somebody who has not seen the catalogue of mistakes. */
export const heldBackLoops: readonly WrongLoop[] = [
  // ---- forward
  {
    what: "forward: the batch's variance is the biased one, divided by n (loss and everything behind it change); the backward pass is for n-1",
    trainStep: loop({ bnvar: ({ hprebn, n }) => hprebn.var(0, keepdim).mul((n - 1) / n) }),
  },
  {
    what: "forward: epsilon is 1e-3, another library's default, in place of 1e-5",
    trainStep: loop({ bnvar_inv: ({ bnvar }) => bnvar.add(1e-3).pow(-0.5) }),
  },
  {
    what: "forward: b2 is not added to the logits",
    trainStep: loop({ logits: ({ h, W2 }) => h.matmul(W2) }),
  },
  {
    what: "forward: embcat is emb.view(-1, n).T, which has the right shape and mixes the examples",
    trainStep: loop({ embcat: ({ emb, n }) => emb.view(-1, n).T }),
  },

  // ---- backward: the logits and the output layer
  {
    what: "dlogits: the division by n is forgotten, so every gradient is n times too large",
    trainStep: loop({ dlogits: ({ logits, Yb }) => logits.softmax(1).sub(oneHot(Yb, logits.size(1))) }),
  },
  {
    what: "dlogits: softmax is taken down the batch, over dimension 0",
    trainStep: loop({
      dlogits: ({ logits, Yb, n }) =>
        logits
          .softmax(0)
          .sub(oneHot(Yb, logits.size(1)))
          .div(n),
    }),
  },
  {
    what: "dlogits: divided by a hard-coded 32; wrong for batches of another size",
    trainStep: loop({
      dlogits: ({ logits, Yb }) =>
        logits
          .softmax(1)
          .sub(oneHot(Yb, logits.size(1)))
          .div(32),
    }),
  },
  {
    what: "dW2: made from hpreact, the numbers before tanh, in place of h",
    trainStep: loop({ dW2: ({ hpreact, dlogits }) => hpreact.T.matmul(dlogits) }),
  },
  {
    what: "db2: the mean of dlogits over the batch in place of the sum",
    trainStep: loop({ db2: ({ dlogits }) => dlogits.mean(0) }),
  },
  {
    what: "W2 is moved as soon as dW2 is known, and dh is computed from the moved W2, so all gradients behind it are off",
    trainStep: loop({
      dh: ({ dlogits, W2, dW2, learningRate }) => dlogits.matmul(W2.sub_(dW2.mul(learningRate)).T),
      update: (parameters, gradients, learningRate) => descend(parameters, gradients, learningRate, "W2"),
    }),
  },

  // ---- backward: tanh and batchnorm
  {
    what: "dhpreact: tanh's slope is computed from its input, 1 - hpreact ** 2",
    trainStep: loop({ dhpreact: ({ hpreact, dh }) => tensor(1).sub(hpreact.pow(2)).mul(dh) }),
  },
  {
    what: "dbngain: hpreact stands for bnraw",
    trainStep: loop({ dbngain: ({ hpreact, dhpreact }) => hpreact.mul(dhpreact).sum(0, keepdim) }),
  },
  {
    what: "dbnbias: summed from dh in place of dhpreact, a variable from before tanh's step back",
    trainStep: loop({ dbnbias: ({ dh }) => dh.sum(0, keepdim) }),
  },
  {
    what: "dhprebn: the factor n/(n-1) of the variance's term is missing",
    trainStep: loop({ dhprebn: (c) => throughBatchnorm(c, { factor: 1 }) }),
  },
  {
    what: "dhprebn: mean and variance are treated as constants: bngain * bnvar_inv * dhpreact only",
    trainStep: loop({ dhprebn: (c) => throughBatchnorm(c, { factor: 0, mean: 0 }) }),
  },
  {
    what: "dhprebn: the factor n/(n-1) is hard-coded as 32/31; slightly wrong for batches of another size",
    trainStep: loop({ dhprebn: (c) => throughBatchnorm(c, { factor: 32 / 31 }) }),
  },
  {
    what: "dhprebn: the gain is forgotten in front of the bracket",
    trainStep: loop({
      dhprebn: ({ n, bnvar_inv, bnraw, dhpreact, dbngain, dbnbias }) =>
        bnvar_inv.div(n).mul(
          dhpreact
            .mul(n)
            .sub(dbnbias)
            .sub(bnraw.mul(dbngain).mul(n / (n - 1))),
        ),
    }),
  },

  // ---- backward: first layer and embedding
  {
    what: "dW1: made from dhpreact in place of dhprebn, as if there were no batchnorm; C's gradient is right",
    trainStep: loop({ dW1: ({ embcat, dhpreact }) => embcat.T.matmul(dhpreact) }),
  },
  {
    what: "db1: the sum of dhpreact, so b1 gets the gradient of bnbias in place of (nearly) zero",
    trainStep: loop({ db1: ({ dhpreact }) => dhpreact.sum(0) }),
  },
  {
    what: "dC: = in place of +=: of each character's places in the batch only the last counts",
    trainStep: loop({
      dC: ({ C, Xb, demb, n }) => {
        const dC = zerosLike(C);
        for (let i = 0; i < n; i++) {
          for (let k = 0; k < Xb.size(1); k++) {
            for (let l = 0; l < C.size(1); l++) dC.set(Xb.get(i, k), l, demb.get(i, k, l));
          }
        }
        return dC;
      },
    }),
  },
  {
    what: "demb: dembcat is transposed before the view back, so that C's rows get numbers of other places",
    trainStep: loop({ demb: ({ emb, dembcat }) => dembcat.T.view(emb.shape) }),
  },

  // ---- update
  {
    what: "update: the sign is turned round, each parameter moves along its gradient and the loss climbs",
    trainStep: loop({ update: (parameters, gradients, learningRate) => descend(parameters, gradients, -learningRate) }),
  },
  {
    what: "update: made twice in each step, so the step is 2 * learningRate long",
    trainStep: loop({
      update: (parameters, gradients, learningRate) => {
        descend(parameters, gradients, learningRate);
        descend(parameters, gradients, learningRate);
      },
    }),
  },
  {
    what: "update: C is never moved, though its gradient is right and returned",
    trainStep: loop({
      update: (parameters, gradients, learningRate) => descend(parameters, gradients, learningRate, "C"),
    }),
  },
  {
    what: "update: the learning rate is ignored, 0.1 is written into the loop; wrong where another rate is asked for",
    trainStep: loop({ update: (parameters, gradients) => descend(parameters, gradients, 0.1) }),
  },
  {
    what: "update: the gradients are multiplied by the learning rate in place (mul_), so those returned are learningRate times the right ones; the parameters move right",
    trainStep: loop({
      update: (parameters, gradients, learningRate) => {
        for (const [name, gradient] of Object.entries(gradients)) parameters[name]!.sub_(gradient.mul_(learningRate));
      },
    }),
  },
  {
    what: "update: with momentum 0.9, so from the second step on the moves hold earlier gradients (the returned gradients are right)",
    make: () => {
      const velocities = memory();
      return loop({
        update: (parameters, gradients, learningRate) => {
          const velocity = velocities(gradients);
          for (const [name, gradient] of Object.entries(gradients)) velocity[name]!.mul_(0.9).add_(gradient);
          descend(parameters, velocity, learningRate);
        },
      });
    },
  },
  {
    what: "update: with weight decay, 0.01 times the parameter is added to its gradient before the step",
    trainStep: loop({
      update: (parameters, gradients, learningRate) => {
        for (const [name, gradient] of Object.entries(gradients)) {
          const p = parameters[name]!;
          p.sub_(gradient.add(p.mul(0.01)).mul(learningRate));
        }
      },
    }),
  },
  {
    what: "update: the gradients are clipped to [-0.01, 0.01] for the step (those returned are not)",
    trainStep: loop({
      update: (parameters, gradients, learningRate) => {
        for (const [name, gradient] of Object.entries(gradients)) {
          parameters[name]!.sub_(gradient.clamp(-0.01, 0.01).mul(learningRate));
        }
      },
    }),
  },
  {
    what: "update: made with the gradients of the step before; the first step moves nothing (the returned gradients are right)",
    make: () => {
      const former = memory();
      return loop({
        update: (parameters, gradients, learningRate) => {
          const old = former(gradients);
          descend(parameters, old, learningRate);
          for (const [name, gradient] of Object.entries(gradients)) old[name]!.mul_(0).add_(gradient);
        },
      });
    },
  },
  {
    what: "the gradients are never set back to zero: those of all steps so far add up, and are returned and applied (the first step is right)",
    make: () => {
      const accumulated = memory();
      return loop({
        gradients: (c) => {
          const fresh = named(c);
          const sums = accumulated(fresh);
          for (const [name, gradient] of Object.entries(fresh)) sums[name]!.add_(gradient);
          return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum.clone()]));
        },
      });
    },
  },
  {
    what: "update: a line copied and not changed throughout, bnbias is moved by bngain's gradient (the returned gradients are right)",
    trainStep: loop({
      update: (parameters, gradients, learningRate) =>
        descend(parameters, { ...gradients, bnbias: gradients.bngain! }, learningRate),
    }),
  },
  {
    what: "update: not in place, the new tensors go to local variables and the parameters never move",
    trainStep: loop({
      update: (parameters, gradients, learningRate) => {
        for (const [name, gradient] of Object.entries(gradients)) {
          let p = parameters[name]!;
          p = p.sub(gradient.mul(learningRate));
        }
      },
    }),
  },

  // ---- what is returned
  {
    what: "returned: the loss is computed again after the update",
    trainStep: loop({
      returned: (c, parameters) => {
        const after = { ...c, ...parameters } as Context;
        for (const line of forwardLines) after[line] = right[line](after);
        return after.loss;
      },
    }),
  },
  {
    what: "returned: the logarithm to base 10 of the loss, as it is kept for the plot",
    trainStep: loop({ returned: ({ loss }) => Math.log10(loss.item()) }),
  },
  {
    what: "returned: bngain's gradient has lost a dimension, [hidden] in place of [1, hidden] (broadcasting moves the gain right)",
    trainStep: loop({ dbngain: ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0) }),
  },
  {
    what: "returned: the gradients are named as in part 1, dC, dW1, db1 and so on, not by the parameters (which move right)",
    trainStep: loop({
      gradients: ({ dC, dW1, db1, dW2, db2, dbngain, dbnbias }) => ({ dC, dW1, db1, dW2, db2, dbngain, dbnbias }),
      update: (parameters, _, learningRate, c) => descend(parameters, named(c), learningRate),
    }),
  },

  // ---- two mistakes
  {
    what: "two mistakes that cancel in the move: dlogits is onehot - p, so all gradients have the wrong sign, and the update adds them",
    trainStep: loop({
      dlogits: (c) => right.dlogits(c).neg(),
      update: (parameters, gradients, learningRate) => descend(parameters, gradients, -learningRate),
    }),
  },
  {
    what: "two mistakes that cancel in the move: dlogits is not divided by n, so all gradients are n times too large, and the update divides the learning rate by n",
    trainStep: loop({
      dlogits: (c) => right.dlogits(c).mul(c.n),
      update: (parameters, gradients, learningRate, { n }) => descend(parameters, gradients, learningRate / n),
    }),
  },
  {
    what: "two mistakes: the learning rate is squared in the update, and the gradients of bngain and bnbias stand under each other's name (and move each other)",
    trainStep: loop({
      gradients: (c) => ({ ...named(c), bngain: c.dbnbias, bnbias: c.dbngain }),
      update: (parameters, gradients, learningRate) => descend(parameters, gradients, learningRate ** 2),
    }),
  },
];
