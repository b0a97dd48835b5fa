import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { steps } from "../course/steps.ts";
import { isOpen, openStep } from "../grading/open.ts";
import { trainInSlices, type AskedSlice, type BatchQuestion } from "../grading/training-answers.ts";
import type { Dataset } from "../course/makemore/dataset.ts";
import { learningRateAt } from "../course/makemore/long.ts";
import { calibrate, meanLoss, sampleNames } from "../course/makemore/evaluate.ts";
import type { Parameters } from "../course/makemore/parameters.ts";
import { trainingRun } from "../course/makemore/run.ts";
import { readNames } from "../runner/data.ts";
import { nodeHost } from "../runner/host.ts";
import { projectRoot, solutionsFolder } from "../runner/project.ts";
import { hasSolutions, NO_SOLUTIONS } from "../runner/workspace/stubs.ts";
import { trainingProgress, type TrainingProgress } from "./progress-bar.ts";
import { resolveFolder, resolvePath, UsageError } from "./usage.ts";
import type { TrainStep } from "../kit/step.ts";

export const parityHelp = `parity --data FILE [--from FOLDER]
    Repeats the lecture's run of 200,000 steps on the lecture's names and compares it with PyTorch's losses and samples.
    Takes minutes.`;

/** PyTorch's run, see data/torch/training.py. */
interface TorchRun {
  steps: number;
  losses: number[];
  every_10000: number[];
  final: Record<"train" | "dev" | "test", number>;
  names: string[];
}

const SLICE = 20;
/** The largest difference allowed between losses: at every 10,000th step and the end, and in the first 1,000 steps. */
const CLOSE = 2e-4;
const VERY_CLOSE = 1e-5;
const SAME_NAMES = 15;

/** Exit status 0 if the run agrees with PyTorch's, 1 if it does not. */
export async function parity(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { data: { type: "string" }, from: { type: "string" } } });
  if (values.data === undefined)
    throw new UsageError("parity needs the lecture's names, which the course does not ship: add --data FILE");
  const torch = JSON.parse(readFileSync(path.join(projectRoot, "data", "torch", "training.json"), "utf8")) as TorchRun;
  if (values.from === undefined && !hasSolutions()) throw new UsageError(`parity: ${NO_SOLUTIONS} Add --from FOLDER`);
  const root = values.from === undefined ? solutionsFolder : resolveFolder(values.from);
  const dataset = readNames(resolvePath(values.data)).dataset();
  const progress = trainingProgress(0, torch.steps);
  const losses = await lossesOf(root, dataset, torch.steps, progress).finally(progress.stop);
  if (typeof losses === "string") throw new UsageError(losses);

  let parted = 0;
  const row = (what: string, ours: number, theirs: number, allowed: number): void => {
    const away = Math.abs(ours - theirs);
    if (!(away <= allowed)) parted += 1;
    const mark = away <= allowed ? "" : "   too far";
    process.stdout.write(
      `${what.padEnd(24)} ${ours.toFixed(4)}   ${theirs.toFixed(4)}   ${away.toExponential(1)}${mark}\n`,
    );
  };
  process.stdout.write(`${"loss".padEnd(24)} ours     PyTorch  difference\n`);
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
    parted === 0 ? "the run agrees with PyTorch's\n" : `the run differs from PyTorch's in ${parted} places\n`,
  );
  return parted === 0 ? 0 : 1;
}

/** All losses of a run and its last parameters; or, in words, what ended it early. */
async function lossesOf(
  root: string,
  dataset: Dataset,
  count: number,
  progress: TrainingProgress,
): Promise<{ losses: number[]; parameters: Parameters } | string> {
  const step = steps.find((step): step is TrainStep => step.kind === "train")!;
  const open = await openStep(nodeHost(root), step);
  if (!isOpen(open)) return open.message;
  try {
    const { start, nextBatch } = trainingRun(dataset);
    let drawn = 0;
    const next = (): AskedSlice | undefined => {
      if (drawn >= count) return undefined;
      const questions = Array.from({ length: SLICE }, (): BatchQuestion => {
        return { batch: nextBatch(), learningRate: learningRateAt(drawn++) };
      });
      return { questions };
    };
    let parameters = start;
    const losses: number[] = [];
    for await (const { slice } of trainInSlices(open, start, next, "last")) {
      if (slice.failure) return `at step ${losses.length}: ${slice.failure.message}`;
      losses.push(...slice.losses);
      parameters = slice.parameters as Parameters;
      progress.update(losses);
    }
    return { losses, parameters };
  } finally {
    open.learner.close();
  }
}
