import { keepdim, tensor, type Tensor } from "#tensor";
import type { Parameters } from "../makemore/parameters.ts";
import { runLoop, type LoopValues } from "../makemore/loop.ts";
import { FORWARD, LOSS } from "./looks.ts";
import type { LoopMistake } from "./mistake.ts";
import { MOMENTUM, short } from "./pieces.ts";

/** The loss on the same batch, computed again from these parameters. */
const lossAt = (values: LoopValues, parameters: Parameters): Tensor => {
  const { Xb, Yb, learningRate } = values;
  return runLoop({ parameters, batch: { Xb, Yb }, learningRate }).loss;
};

/** Mistakes in the returned loss and in the forward pass. */
export const forwardPass: readonly LoopMistake[] = [
  {
    id: "loss-sum",
    idea: "the loss is summed over the batch",
    sentence: "the returned loss is n times what it should be: it is a mean over the examples; the gradients are right",
    alone: "; the gradients are right",
    look: LOSS,
    changes: { returnedLoss: ({ loss, n }) => loss.mul(n) },
  },
  {
    id: "loss-sign",
    idea: "a log-likelihood is returned",
    sentence: "the returned loss has the wrong sign; the gradients are right",
    alone: "; the gradients are right",
    look: LOSS,
    changes: { returnedLoss: ({ loss }) => loss.neg() },
  },
  {
    id: "loss-after",
    idea: "the loss is computed again after the update",
    sentence: "the returned loss is the one after the update; it should be the one from before the update",
    look: LOSS,
    changes: { returnedLoss: (values) => lossAt(values, values.moved) },
  },
  {
    id: "loss-over-n",
    idea: "the mean is taken twice",
    sentence: "the returned loss is n times too small: it is already a mean over the examples; the gradients are right",
    alone: "; the gradients are right",
    look: LOSS,
    changes: { returnedLoss: ({ loss, n }) => loss.div(n) },
  },
  {
    id: "loss-zero",
    idea: "nothing is returned for the loss",
    sentence: "the returned loss is zero; the gradients are right",
    alone: "; the gradients are right",
    look: LOSS,
    changes: { returnedLoss: () => tensor(0) },
  },
  {
    id: "epsilon-missing",
    idea: "epsilon is left out under the root of the variance",
    sentence:
      "epsilon is missing in bnvar_inv, or far smaller than 1e-5: it matters for a neuron with almost constant values",
    look: FORWARD,
    changes: { bnvar_inv: ({ bnvar }) => bnvar.pow(-0.5) },
  },
  ...[1e-2, 1e-3, 1e-4, 5e-5, 2e-5, 5e-6, 1e-6, 1e-7].map((epsilon): LoopMistake => ({
    id: `epsilon-${short(epsilon)}`,
    idea: `epsilon is ${short(epsilon)}`,
    sentence: `epsilon in bnvar_inv is ${short(epsilon)}; in the given forward pass it is 1e-5, and the difference shows in a neuron with almost constant values`,
    look: FORWARD,
    changes: { bnvar_inv: ({ bnvar }) => bnvar.add(epsilon).pow(-0.5) },
  })),
  {
    id: "variance-biased",
    idea: "the variance is divided by n",
    sentence: "the forward pass divides the variance by n; the given one divides by n - 1",
    look: FORWARD,
    changes: { bnvar: ({ hprebn, n }) => hprebn.var(0, keepdim).mul((n - 1) / n) },
  },
  {
    id: "moving-average",
    idea: "batchnorm normalizes with statistics that are kept over the steps",
    sentence: "the batch is normalized with a mean and a variance kept over the steps; training uses the batch's own",
    look: FORWARD,
    changes: {
      bnmean: ({ hprebn, before }) => {
        const mean = hprebn.mean(0, keepdim);
        return before[0] ? before[0].bnmean.mul(MOMENTUM).add(mean.mul(1 - MOMENTUM)) : mean;
      },
    },
  },
];
