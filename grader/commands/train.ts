import { parseArgs } from "node:util";
import { steps, type TrainStep } from "../course/steps.ts";
import { calibrate, meanLoss, sampleNames } from "../model/evaluate.ts";
import { trainingRun } from "../model/training.ts";
import { harmless, printedLines } from "../report/terminal.ts";
import { bundleLibrary, bundleSteps } from "../runner/bundle.ts";
import { readNames, shippedNames } from "../runner/data.ts";
import { LearnerProcess } from "../runner/process.ts";
import { displayPath, exercisesFolder } from "../runner/project.ts";
import { runTraining } from "../runner/run.ts";
import type { Failure } from "../verdict/judge.ts";
import { boxFor, resolveFolder, resolvePath, spellOut, UsageError } from "./usage.ts";

export const trainHelp = `train [--steps N] [--from FOLDER] [--data FILE] [--untrusted[=best-effort]]
    Trains with your train.ts (20,000 steps by default; the lecture's run has 200,000), then calibrates batchnorm,
    reports the losses of the three splits and samples 20 names.`;

/** The lecture's learning rates: 0.1, and 0.01 from this step on. */
const SLOWER_FROM = 100_000;
/** How many steps go to the process at once. */
const SLICE = 20;
/** How many lines of progress a run prints. */
const PROGRESS_LINES = 20;
const SAMPLES = 20;

/** Exit status 0 where training ran to its end, 1 where trainStep failed. */
export async function train(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args: spellOut(args),
    options: {
      steps: { type: "string", default: "20000" },
      from: { type: "string" },
      data: { type: "string" },
      untrusted: { type: "string" },
    },
  });
  const count = Number(values.steps);
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`--steps ${values.steps}: give a whole number from 1`);
  const root = values.from === undefined ? exercisesFolder : resolveFolder(values.from);
  const dataset = readNames(values.data === undefined ? shippedNames : resolvePath(values.data)).dataset();
  const step = steps.find((step): step is TrainStep => step.kind === "train")!;
  const learner = new LearnerProcess(boxFor(values.untrusted));
  try {
    const [library, bundles] = await Promise.all([bundleLibrary(), bundleSteps(root, [step])]);
    learner.provide(library);
    const bundle = bundles.get(step.id)!;
    if ("kind" in bundle) return failed(bundle, root, step);
    const { start, nextBatch } = trainingRun(dataset);
    let parameters = start;
    const began = performance.now();
    const every = Math.ceil(count / PROGRESS_LINES);
    for (let done = 0; done < count;) {
      const questions = Array.from({ length: Math.min(SLICE, count - done) }, (_, i) => ({
        batch: nextBatch(),
        learningRate: done + i < SLOWER_FROM ? 0.1 : 0.01,
      }));
      const slice = await runTraining(learner, step, bundle, parameters, questions, "last");
      for (const line of printedLines(slice.printed)) process.stdout.write(`${line}\n`);
      const at = slice.losses.findIndex((loss) => !Number.isFinite(loss));
      if (at >= 0)
        return failed({ kind: "threw", message: `the loss at step ${done + at} is not finite`, at: null }, root, step);
      if (slice.failure) return failed(slice.failure, root, step);
      for (const [i, loss] of slice.losses.entries()) {
        if ((done + i) % every === 0 || done + i === count - 1) {
          const rate = (done + i + 1) / ((performance.now() - began) / 1000);
          process.stdout.write(progress(done + i, count, loss, rate));
        }
      }
      parameters = slice.parameters;
      done += questions.length;
    }
    const examples = dataset.split("train").Yb.size(0);
    process.stdout.write(
      `\ncalibrating batchnorm on all ${examples} training examples, then measuring the losses ...\n`,
    );
    const calibration = calibrate(parameters, dataset.split("train"));
    const loss = (name: "train" | "dev" | "test"): string =>
      meanLoss(parameters, calibration, dataset.split(name)).toFixed(4);
    process.stdout.write(
      `loss with calibrated batchnorm: train ${loss("train")}, dev ${loss("dev")}, test ${loss("test")}\n`,
    );
    process.stdout.write(`\n${sampleNames(parameters, calibration, dataset.characters, SAMPLES).join("\n")}\n`);
    return 0;
  } finally {
    learner.close();
  }
}

function progress(step: number, count: number, loss: number, rate: number): string {
  const width = String(count).length;
  return `step ${String(step).padStart(width)} of ${count}   loss ${loss.toFixed(4)}   ${rate.toFixed(0)} steps/s\n`;
}

function failed({ message, at }: Failure, root: string, { file }: TrainStep): number {
  const place = displayPath(`${root}/${file}`) + (at ? `:${at.line}:${at.column}` : "");
  process.stdout.write(`${harmless(message)}\n  ${place}\n`);
  return 1;
}
