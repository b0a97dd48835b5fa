import type { Tensor } from "#tensor";
import type { LoopState, Reuse, StrayFactor, Training, TrainingQuestion } from "../../kit/training.ts";
import type { Sizes } from "../../network/shape.ts";
import { rightLoop, runLoop, type LineName, type Loop, type LoopValues } from "./loop.ts";
import type { Batch, ParameterName } from "./lines.ts";
import type { Dataset } from "./dataset.ts";
import { lectureSizes, type Parameters } from "./parameters.ts";
import { trainingRun } from "./run.ts";
import { long } from "./long.ts";
import { drawRate, drawTrainingProbes, drawTrainingStart } from "./starts.ts";

/** The line that computes each parameter's gradient. */
const ownLine = {
  C: "dC",
  W1: "dW1",
  b1: "db1",
  W2: "dW2",
  b2: "db2",
  bngain: "dbngain",
  bnbias: "dbnbias",
} as const satisfies Record<ParameterName, LineName>;

type BackwardLine = (typeof ownLine)[ParameterName] | "dlogits" | "dhpreact" | "dhprebn";

const linesBehind: Readonly<Record<ParameterName, readonly BackwardLine[]>> = {
  W2: ["dlogits", "dW2"],
  b2: ["db2"],
  bngain: ["dhpreact", "dbngain"],
  bnbias: ["dbnbias"],
  W1: ["dhprebn", "dW1"],
  b1: ["db1"],
  C: ["dC"],
};

const factors: Readonly<Record<string, (values: LoopValues) => Tensor>> = {
  bngain: ({ bngain }) => bngain,
  bnbias: ({ bnbias }) => bnbias,
  bnvar_inv: ({ bnvar_inv }) => bnvar_inv,
  bnraw: ({ bnraw }) => bnraw,
  h: ({ h }) => h,
  "the slope of tanh": ({ h }) => h.pow(2).neg().add(1),
};

const strayAt: Partial<Record<BackwardLine, readonly string[]>> = {
  dhpreact: ["bngain", "bnvar_inv", "bnraw", "h", "the slope of tanh"],
  dbngain: ["bngain", "bnbias", "bnvar_inv"],
  dbnbias: ["bngain", "bnbias", "bnvar_inv"],
  dhprebn: ["bngain", "bnvar_inv", "bnraw", "the slope of tanh"],
  dW1: ["bngain", "bnvar_inv"],
};

const strayFactors = Object.entries(strayAt).flatMap(([line, names]) =>
  names.map((factor): StrayFactor => ({ line, factor, of: (values) => factors[factor]!(values as LoopValues) })),
);

/** Part 3's formula contains two sums that are gradients as well. */
const sumsUsedAgain: Reuse = {
  of: ["dbngain", "dbnbias"],
  changes: {
    dhprebn: (values) => {
      const { bngain, bnvar_inv, bnraw, dhpreact, dbngain, dbnbias, n } = values as LoopValues;
      const bracket = dhpreact.sub(dbnbias.div(n)).sub(bnraw.mul(dbngain.div(n - 1)));
      return bracket.mul(bngain).mul(bnvar_inv);
    },
  },
  says: "; dhprebn is computed from it, so what follows is wrong as well",
};

/** How the lecture's network is trained. */
export const makemoreTraining: Training = {
  runOn: (data) => trainingRun(data as Dataset),
  long,
  plan: { turns: 10, steps: 5, rate: 0.1, batch: lectureSizes.batch, batches: { from: 6, to: 44 } },
  run: (question, changes, before, base) =>
    runLoop(
      questionOf(question),
      changes as Partial<Loop> | undefined,
      before as readonly LoopValues[] | undefined,
      base as LoopValues | undefined,
    ),
  right: (line, values) => rightLoop[line as BackwardLine](values as LoopState as LoopValues),
  moving: (values) => rightLoop.moving(values as LoopState as LoopValues),
  ownLine,
  linesBehind,
  shared: new Set<LineName>(["bnmean", "bnvar", "bnvar_inv", "dlogits", "dh", "dhpreact", "dhprebn"]),
  strayFactors,
  reuses: [sumsUsedAgain],
  vanishing: { b1: "dhprebn" },
  whereFrom,
  sizesOf,
  drawStart: drawTrainingStart,
  drawProbes: drawTrainingProbes,
  drawRate,
};

function questionOf({ parameters, batch, learningRate }: TrainingQuestion): {
  parameters: Parameters;
  batch: Batch;
  learningRate: number;
} {
  return { parameters: parameters as Parameters, batch: batch as Batch, learningRate };
}

function sizesOf(question: TrainingQuestion): Sizes {
  const {
    parameters: { C, W1 },
    batch: { Xb },
  } = questionOf(question);
  const [n, block] = Xb.shape as [number, number];
  return { n, block, embd: C.size(1), hidden: W1.size(1), vocab: C.size(0) };
}

/** Where to look, judging by the gradients that are right. */
function whereFrom(name: string, isRight: (other: string) => boolean, isLossRight: () => boolean): string {
  const own = ownLine[name as ParameterName];
  if (name === "W2" && !isLossRight()) return "; the loss is wrong as well: is the forward pass unchanged?";
  if (name === "W2" && isRight("b2")) return `; the gradient of b2 is right, so dlogits probably is: look at ${own}`;
  if (name === "W2") return "; the gradient of b2 is wrong as well, and both are computed from dlogits: look there";
  if (name === "bngain" && isRight("bnbias")) {
    return `; the gradient of bnbias is right, so dhpreact probably is: look at ${own}`;
  }
  if (name === "bngain")
    return "; those of W2 and b2 are right, so look at what follows dlogits: dh and the slope of tanh";
  if (name === "W1" && isRight("C")) return `; the gradient of C is right, so dhprebn probably is: look at ${own}`;
  if (name === "W1") return "; those of bngain and bnbias are right, so look at what follows dhpreact: dhprebn";
  return `; look at ${own}`;
}
