import { tensor, type Tensor } from "#tensor";
import { parameterNames, type Parameters } from "../makemore/parameters.ts";
import { eachParameter, rightLoop, type LoopValues } from "../makemore/loop.ts";
import { NAMES, STATE, UPDATE } from "./looks.ts";
import type { LoopMistake } from "./mistake.ts";
import { exchanged, MOMENTUM } from "./pieces.ts";

/** Each parameter moved by a step. */
const movedBy =
  (step: (values: LoopValues, name: keyof Parameters) => Tensor) =>
  (values: LoopValues): Parameters =>
    eachParameter((name) => values.parameters[name].sub(step(values, name)));

/** The gradient that the previous step moved a parameter by; undefined at the first step. */
const earlier = ({ before }: LoopValues, name: keyof Parameters): Tensor | undefined => before[0]?.moving[name];

/** Mistakes in the update. */
export const update: readonly LoopMistake[] = [
  {
    id: "moved-along",
    idea: "the gradient is added",
    sentence: "the parameters move along their gradients, which makes the loss larger; they should move against them",
    look: "Check the sign of the step: the loss goes down against the gradient.",
    changes: { moved: movedBy(({ moving, learningRate }, name) => moving[name].mul(-learningRate)) },
  },
  {
    id: "moved-twice",
    idea: "the update is made twice",
    sentence: "the parameters move by twice the step: is the update made twice?",
    look: UPDATE,
    changes: { moved: movedBy(({ moving, learningRate }, name) => moving[name].mul(2 * learningRate)) },
  },
  {
    id: "not-moved",
    idea: "the result of the update is thrown away",
    sentence: "the parameters have not moved: is the update in place?",
    look: "Which operation changes a tensor in place? Its name ends in _. The others return a new tensor.",
    changes: { moved: ({ parameters }) => parameters },
  },
  {
    id: "rate-ignored",
    idea: "the learning rate is left out",
    sentence: "the parameters move by the whole gradient: the learning rate is missing",
    look: UPDATE,
    changes: { moved: movedBy(({ moving }, name) => moving[name]) },
  },
  {
    id: "rate-written",
    idea: "0.1 is written instead of the learning rate",
    sentence: "the parameters move by 0.1 times the gradient, whatever the learning rate is: the rate is an argument",
    look: UPDATE,
    changes: { moved: movedBy(({ moving }, name) => moving[name].mul(0.1)) },
  },
  {
    id: "rate-squared",
    idea: "the learning rate is applied twice",
    sentence: "the parameters move by the gradient times the square of the learning rate: it is applied twice",
    look: UPDATE,
    changes: { moved: movedBy(({ moving, learningRate }, name) => moving[name].mul(learningRate * learningRate)) },
  },
  {
    id: "rate-divided",
    idea: "the gradient is divided by the learning rate",
    sentence: "the parameters move by the gradient divided by the learning rate; it should be multiplied by it",
    look: UPDATE,
    changes: { moved: movedBy(({ moving, learningRate }, name) => moving[name].div(learningRate)) },
  },
  {
    id: "slower-rate-written",
    idea: "0.01 is written instead of the learning rate",
    sentence: "the parameters move by 0.01 times the gradient, whatever the learning rate is: the rate is an argument",
    look: UPDATE,
    changes: { moved: movedBy(({ moving }, name) => moving[name].mul(0.01)) },
  },
  {
    id: "step-over-n",
    idea: "the step is divided by the batch's size",
    sentence: "the parameters move by 1/n of the step: the 1/n of the mean is already in the gradients",
    look: UPDATE,
    changes: { moved: movedBy(({ moving, learningRate, n }, name) => moving[name].mul(learningRate / n)) },
  },
  {
    id: "step-alone",
    idea: "the parameter is set to the step",
    sentence: "the parameters hold the step alone; they should hold their old values minus the step",
    look: "A parameter keeps its value, and the step is subtracted from it.",
    changes: { moved: ({ moving, learningRate }) => eachParameter((name) => moving[name].mul(-learningRate)) },
  },
  {
    id: "sign-of-gradient",
    idea: "only the sign of the gradient counts",
    sentence: "each entry moves by the learning rate, up or down: the size of its gradient is left out",
    look: UPDATE,
    changes: {
      moved: movedBy(({ moving, learningRate }, name) => signs(moving[name]).mul(learningRate)),
    },
  },
  {
    id: "gradient-of-the-step-before",
    idea: "a gradient is kept from the previous step",
    sentence: "the parameters move by the gradients of the previous step",
    look: STATE,
    changes: {
      moved: movedBy((values, name) => (earlier(values, name) ?? values.moving[name].mul(0)).mul(values.learningRate)),
    },
  },
  {
    id: "gradient-of-the-step-before-but-first",
    idea: "a gradient is kept from the previous step, except at the first step",
    sentence: "from the second step on, the parameters move by the gradients of the previous step",
    look: STATE,
    changes: {
      moved: movedBy((values, name) => (values.before[0]?.moving ?? values.moving)[name].mul(values.learningRate)),
    },
  },
  {
    id: "gradients-of-the-first-step",
    idea: "the gradients are computed once",
    sentence: "the gradients of the first step are returned and used again at every step",
    look: STATE,
    changes: {
      moving: (values) => values.before.at(-1)?.moving ?? rightLoop.moving(values),
      returned: ({ moving }) => moving,
    },
  },
  {
    id: "returned-from-before",
    idea: "the gradients of the previous step are returned",
    sentence: "the returned gradients are those of the previous step; the update is right",
    alone: "; the update is right",
    look: STATE,
    changes: { returned: (values) => values.before[0]?.moving ?? rightLoop.returned(values) },
  },
  {
    id: "gradients-accumulated",
    idea: "gradients are not set to zero between the steps",
    sentence: "the gradients add up over the steps: each step should use only its own",
    look: STATE,
    changes: {
      moving: (values) => {
        const own = rightLoop.moving(values);
        return eachParameter((name) => {
          const sum = earlier(values, name);
          return sum ? own[name].add(sum) : own[name];
        });
      },
      returned: ({ moving }) => moving,
    },
  },
  {
    id: "momentum",
    idea: "momentum is added",
    sentence: "the parameters also move by a part of the earlier steps: the task does not ask for momentum",
    look: STATE,
    changes: {
      moving: (values) => {
        const own = rightLoop.moving(values);
        return eachParameter((name) => {
          const last = earlier(values, name);
          return last ? own[name].add(last.mul(MOMENTUM)) : own[name];
        });
      },
    },
  },
  {
    id: "clipped-by-value",
    idea: "gradients are clipped to 1",
    sentence: "gradients beyond 1 or -1 are clipped before the update: the task does not ask for clipping",
    look: UPDATE,
    changes: { moved: movedBy(({ moving, learningRate }, name) => moving[name].clamp(-1, 1).mul(learningRate)) },
  },
  {
    id: "clipped-by-norm",
    idea: "gradients are scaled down to norm 1",
    sentence:
      "a gradient with a norm above 1 is scaled to norm 1 before the update: the task does not ask for clipping",
    look: UPDATE,
    changes: {
      moved: movedBy(({ moving, learningRate }, name) => {
        const length = Math.sqrt(moving[name].pow(2).sum().item());
        return moving[name].mul(learningRate / Math.max(length, 1));
      }),
    },
  },
  {
    id: "clipped-by-the-whole-norm",
    idea: "all gradients together are scaled down to norm 1",
    sentence:
      "the gradients are scaled so that all together have a norm of at most 1, before the update: the task does not ask for clipping",
    look: UPDATE,
    changes: {
      moved: (values) => {
        const { moving, learningRate } = values;
        const length = Math.sqrt(parameterNames.reduce((sum, name) => sum + moving[name].pow(2).sum().item(), 0));
        return movedBy((_, name) => moving[name].mul(learningRate / Math.max(length, 1)))(values);
      },
    },
  },
  {
    id: "gradients-normalized",
    idea: "each gradient is divided by its norm",
    sentence:
      "each gradient is divided by its norm before the update: the step is the learning rate times the gradient itself",
    look: UPDATE,
    changes: {
      moved: movedBy(({ moving, learningRate }, name) =>
        moving[name].mul(learningRate / Math.sqrt(moving[name].pow(2).sum().item())),
      ),
    },
  },
  {
    id: "bias-moved-by-the-gain's",
    idea: "bnbias is updated with bngain's gradient",
    sentence: "bnbias moves by the gradient of bngain; all gradients are right",
    alone: "; all gradients are right",
    look: NAMES,
    changes: { moving: (values) => ({ ...rightLoop.moving(values), bnbias: values.dbngain }) },
  },
  {
    id: "gain-moved-by-the-bias's",
    idea: "bngain is updated with bnbias's gradient",
    sentence: "bngain moves by the gradient of bnbias; all gradients are right",
    alone: "; all gradients are right",
    look: NAMES,
    changes: { moving: (values) => ({ ...rightLoop.moving(values), bngain: values.dbnbias }) },
  },
  {
    id: "exchanged-in-the-update",
    idea: "gain and bias are updated with each other's gradient",
    sentence: "bngain and bnbias move by each other's gradient; all gradients are right",
    alone: "; all gradients are right",
    look: NAMES,
    changes: { moving: (values) => exchanged(rightLoop.moving(values)) },
  },
];

function signs(x: Tensor): Tensor {
  return tensor(
    [...x.toArray()].map((value) => Math.sign(value)),
    x.shape,
  );
}
