import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { steps, type TrainStep } from "../course/steps.ts";
import { calibrate, meanLoss, sampleNames } from "../model/evaluate.ts";
import { trainingRun } from "../model/training.ts";
import { bundleLibrary, bundleSteps } from "../runner/bundle.ts";
import { readNames } from "../runner/data.ts";
import { LearnerProcess } from "../runner/process.ts";
import { projectRoot, solutionsFolder } from "../runner/project.ts";
import { runTraining } from "../runner/run.ts";
import { learningRateAt } from "./train.ts";
import { resolveFolder, resolvePath, UsageError } from "./usage.ts";

export const parityHelp = `parity --data FILE [--from FOLDER]
    The lecture's run of 200,000 steps on the lecture's names, against PyTorch's losses and samples (minutes).`;

/** PyTorch's own run; see data/torch/training.py. */
interface TorchRun {
  steps: number;
  losses: number[];
  every_10000: number[];
  final: Record<"train" | "dev" | "test", number>;
  names: string[];
}

const SLICE = 20;
/** How far a loss may be from PyTorch's: at every 10,000th step and the end, and over the first 1,000. */
const CLOSE = 2e-4;
const VERY_CLOSE = 1e-5;
const SAME_NAMES = 15;

/** Exit status 0 where the run keeps to PyTorch's, 1 where it parts from it. */
export async function parity(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { data: { type: "string" }, from: { type: "string" } } });
  if (values.data === undefined)
    throw new UsageError("parity needs the lecture's names, which the course does not ship: add --data FILE");
  const torch = JSON.parse(readFileSync(path.join(projectRoot, "data", "torch", "training.json"), "utf8")) as TorchRun;
  const root = values.from === undefined ? solutionsFolder : resolveFolder(values.from);
  const dataset = readNames(resolvePath(values.data)).dataset();
  const losses = await lossesOf(root, dataset, torch.steps);
  if (typeof losses === "string") throw new UsageError(losses);

  let parted = 0;
  const row = (what: string, ours: number, theirs: number, allowed: number): void => {
    const away = Math.abs(ours - theirs);
    if (!(away <= allowed)) parted += 1;
    const mark = away <= allowed ? "" : "   parts";
    process.stdout.write(
      `${what.padEnd(24)} ${ours.toFixed(4)}   ${theirs.toFixed(4)}   ${away.toExponential(1)}${mark}\n`,
    );
  };
  process.stdout.write(`${"loss".padEnd(24)} ours     PyTorch  apart\n`);
  for (const [i, theirs] of torch.every_10000.entries())
    row(`step ${i * 10_000}`, losses.losses[i * 10_000]!, theirs, CLOSE);
  const apart = torch.losses.map((theirs, i) => Math.abs(theirs - losses.losses[i]!));
  const worst = apart.indexOf(Math.max(...apart));
  row(`first ${torch.losses.length}, worst: ${worst}`, losses.losses[worst]!, torch.losses[worst]!, VERY_CLOSE);
  const calibration = await calibrate(losses.parameters, dataset.split("train"));
  for (const name of ["train", "dev", "test"] as const) {
    row(name, await meanLoss(losses.parameters, calibration, dataset.split(name)), torch.final[name], CLOSE);
  }
  const names = sampleNames(losses.parameters, calibration, dataset.characters, torch.names.length);
  const same = names.filter((name, i) => name === torch.names[i]);
  if (same.length < SAME_NAMES) parted += 1;
  process.stdout.write(`\n${same.length} of ${names.length} names are the same: ${names.join(" ")}\n`);
  process.stdout.write(
    parted === 0 ? "the run keeps to PyTorch's\n" : `the run parts from PyTorch's in ${parted} places\n`,
  );
  return parted === 0 ? 0 : 1;
}

/** All losses of a run, and its last parameters; in words, what ended it before. */
async function lossesOf(
  root: string,
  dataset: Parameters<typeof trainingRun>[0],
  count: number,
): Promise<{ losses: number[]; parameters: ReturnType<typeof trainingRun>["start"] } | string> {
  const step = steps.find((step): step is TrainStep => step.kind === "train")!;
  const learner = new LearnerProcess("plain");
  try {
    const [library, bundles] = await Promise.all([bundleLibrary(), bundleSteps(root, [step])]);
    learner.provide(library);
    const bundle = bundles.get(step.id)!;
    if ("kind" in bundle) return bundle.message;
    const { start, nextBatch } = trainingRun(dataset);
    let parameters = start;
    const losses: number[] = [];
    while (losses.length < count) {
      const done = losses.length;
      const questions = Array.from({ length: SLICE }, (_, i) => ({
        batch: nextBatch(),
        learningRate: learningRateAt(done + i),
      }));
      const slice = await runTraining(learner, step, bundle, parameters, questions, "last");
      if (slice.failure) return `at step ${done}: ${slice.failure.message}`;
      losses.push(...slice.losses);
      parameters = slice.parameters;
    }
    return { losses, parameters };
  } finally {
    learner.close();
  }
}
