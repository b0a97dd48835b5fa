import type { Tensor } from "#tensor";
import type { LoopState, Training, TrainingStart } from "../../kit/training.ts";
import type { Generator } from "../../network/random.ts";
import { sizesOfBatch } from "../../network/network.ts";
import type { Dataset } from "../makemore/dataset.ts";
import { adamw, keptNames } from "./adamw.ts";
import { drawStartBatch } from "./batches.ts";
import { BLOCKS, parameterNames, type ParameterName } from "./lines.ts";
import { rightLoop, runLoop, type LoopValues } from "./loop.ts";
import { transformer } from "./network.ts";
import { eachParameter } from "./parameters.ts";
import { transformerRun } from "./run.ts";
import { long } from "./long.ts";

/** How many steps each start has, and how many of them tell mistakes apart. */
const STEPS = 5;
const PROBED = 3;
/** Learning rates are drawn between these, uniformly in their logarithms. */
const RATES = { from: 1e-3, to: 3e-2 };

/** What the logits of a start with short gradients are made of, and how much of it is left. */
const END: ReadonlySet<ParameterName> = new Set(["gain", "bias", "Wl"]);
const FLAT = 0.1;

/** The lines behind each gradient: those of its block, nearest first. */
const linesBehind = Object.fromEntries(
  parameterNames.map((name) => {
    const block = /_(\d)$/.exec(name)?.[1];
    const behind = Object.keys(rightLoop).filter((line) => block !== undefined && line.endsWith(`_${block}`));
    return [name, behind];
  }),
);

/** How the decoder is trained. */
export const transformerTraining: Training = {
  runOn: (data) => transformerRun(data as Dataset),
  long,
  // a batch of a few sequences has more places than the lecture's has examples
  plan: { turns: 5, steps: 5, rate: 3e-3, batch: 4, batches: { from: 2, to: 6 } },
  optimizer: { called: "averages", keeps: keptNames, moved: adamw },
  run: (question, changes, before, base) =>
    runLoop(
      question,
      changes as Parameters<typeof runLoop>[1],
      before as readonly LoopValues[] | undefined,
      base as LoopValues | undefined,
    ),
  right: (line, values) => rightLoop[line]!(values as LoopValues) as Tensor,
  moving: (values) => rightLoop["moving"]!(values as LoopValues) as LoopState["moving"],
  ownLine: Object.fromEntries(parameterNames.map((name) => [name, "gradients"])),
  linesBehind,
  shared: new Set(Object.keys(rightLoop).filter((line) => line.startsWith("d"))),
  strayFactors: [],
  reuses: [],
  vanishing: {},
  whereFrom,
  sizesOf: ({ parameters, batch }) => sizesOfBatch(transformer, { ...parameters, ...batch }),
  drawStart,
  drawProbes: (generator) =>
    [0, 1].map((i) => {
      const start = drawStart(generator, i);
      return { ...start, steps: start.steps.slice(0, PROBED) };
    }),
  drawRate,
};

/** A learning rate that is not a round number. */
function drawRate(generator: Generator): number {
  return RATES.from * (RATES.to / RATES.from) ** generator.rand(1).item();
}

/** Parameters of other sizes, with averages as they are after some steps; each step has a batch of its own size. */
function drawStart(generator: Generator, i: number): TrainingStart {
  const { sizes, parameters, nextBatch } = drawStartBatch(generator, i);
  const averages = Object.fromEntries(
    parameterNames.flatMap((name): [string, Tensor][] => {
      const { shape } = parameters[name];
      const m = generator.randn(...shape).mul(0.02);
      return [
        [`m.${name}`, m],
        [
          `v.${name}`,
          generator
            .randn(...shape)
            .pow(2)
            .mul(4e-4)
            .add(1e-6),
        ],
      ];
    }),
  );
  const t = generator.randint(0, 12, 1).float().view([]);
  const steps = Array.from({ length: STEPS }, () => ({ batch: nextBatch(), learningRate: drawRate(generator) }));
  // every other start has gradients that are short enough not to be clipped
  const isFlat = (name: ParameterName): boolean => i % 2 === 1 && END.has(name);
  const start = eachParameter((name) => parameters[name].mul(isFlat(name) ? FLAT : 1));
  return { sizes, parameters: { ...start, ...averages, t }, steps };
}

/** Where to look, judging by the gradients that are right. */
function whereFrom(name: string, isRight: (other: string) => boolean, isLossRight: () => boolean): string {
  if (!isLossRight()) return "; the loss is wrong as well: is the forward pass unchanged?";
  const block = /_(\d)$/.exec(name)?.[1];
  if (block === undefined && name !== "C" && name !== "P") {
    return isRight("bl") ? "; the gradient of bl is right, so dlogits probably is" : "; look at dlogits first";
  }
  const after = block === String(BLOCKS - 1) ? "gain" : block === undefined ? "gain1_0" : "gain1_1";
  return isRight(after)
    ? `; the gradient of ${after} is right, so look at what follows it in the backward pass`
    : `; the gradient of ${after}, which comes before, is wrong as well: look there first`;
}
