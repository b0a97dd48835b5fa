import path from "node:path";
import { parseArgs } from "node:util";
import { distance } from "fastest-levenshtein";
import { steps as allSteps } from "../course/steps.ts";
import type { Dataset } from "../course/makemore/dataset.ts";
import { calibrate, meanLoss, sampleNames } from "../course/makemore/evaluate.ts";
import type { Parameters } from "../course/makemore/parameters.ts";
import { trainingRun, type TrainingRun } from "../course/makemore/run.ts";
import { svgCurve, terminalCurve } from "../report/curve.ts";
import { showProgress } from "../report/progress.ts";
import { printedLines } from "../report/terminal.ts";
import { fold, INDENT } from "../report/text.ts";
import { harmless } from "../runner/harmless.ts";
import { bundleLibrary, bundleSteps, type Bundle } from "../runner/bundle.ts";
import { readNames, shippedNames, type NamesFile } from "../runner/data.ts";
import { LearnerProcess, onStop } from "../runner/process.ts";
import { displayPath, exercisesFolder } from "../runner/project.ts";
import { runTraining } from "../runner/run.ts";
import {
  appendLosses,
  createRun,
  latestRun,
  loadCheckpoint,
  lossesUpTo,
  RunError,
  saveCheckpoint,
  writingRun,
} from "../runner/runs.ts";
import { saveWhole } from "../runner/whole.mjs";
import type { Failure } from "../verdict/judge.ts";
import { explainNotFinite } from "../verdict/training.ts";
import { boxFor, optionAgain, resolveFolder, resolvePath, spellOut, UsageError } from "./usage.ts";
import type { TrainStep } from "../kit/step.ts";
import type { TrainingQuestion } from "../kit/training.ts";

export const trainHelp = `train [--steps N] [--resume [--run FOLDER]] [--from FOLDER] [--data FILE] [--untrusted[=best-effort]]
    Trains with your train.ts (20,000 steps by default; the lecture's run has 200,000), then calibrates batchnorm,
    reports the losses of the three splits and samples 20 names. Everything is kept in runs/. Ctrl-C saves; --resume
    goes on with the newest run, or the one named, as if it had never stopped.`;

/** The lecture's learning rates: 0.1, and 0.01 from this step on. */
const SLOWER_FROM = 100_000;
const STEPS = 20_000;
/** How long the steps that go to the process at once are to take, in milliseconds, and how many they are at most. */
const SLICE_MS = 30;
const LARGEST_SLICE = 60;
/** How often a run is saved, in milliseconds. */
const SAVE_EVERY = 5000;
const SAMPLES = 20;

/** The lecture's learning rate at a step. */
export function learningRateAt(step: number): number {
  return step < SLOWER_FROM ? 0.1 : 0.01;
}

/** Exit status 0 where training ran to its end, 1 where trainStep failed, 130 where it was stopped and saved. */
export async function train(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args: spellOut(args),
    options: {
      steps: { type: "string" },
      resume: { type: "boolean", default: false },
      run: { type: "string" },
      from: { type: "string" },
      data: { type: "string" },
      untrusted: { type: "string" },
    },
  });
  const asked = values.steps === undefined ? undefined : Number(values.steps);
  if (asked !== undefined && !(Number.isInteger(asked) && asked > 0)) {
    throw new UsageError(`--steps ${values.steps}: give a whole number from 1`);
  }
  const box = boxFor(values.untrusted);
  const root = values.from === undefined ? exercisesFolder : resolveFolder(values.from);
  const names = readNames(values.data === undefined ? shippedNames : resolvePath(values.data));
  const dataset = names.dataset();
  const batches = trainingRun(dataset);
  const step = allSteps.find((step): step is TrainStep => step.kind === "train")!;
  const learner = new LearnerProcess(box);
  try {
    const [library, bundles] = await Promise.all([bundleLibrary(), bundleSteps(root, [step])]);
    learner.provide(library);
    const bundle = bundles.get(step.id)!;
    if ("kind" in bundle) return failed(bundle, root, step);
    const folder = values.resume ? resumedRun(values.run) : createRun(new Date());
    const run = values.resume
      ? resume(folder, names, batches, asked)
      : { folder, names, batches, parameters: batches.start, losses: [], steps: asked ?? STEPS };
    const end = await runSteps(learner, step, bundle, run);
    if (end === "stopped") {
      const command = `npm run train -- --resume${optionAgain("--from", values.from)}${optionAgain("--data", values.data)}`;
      process.stdout.write(
        `\nstopped after ${run.losses.length} steps, and saved in ${displayPath(folder)}; go on with ${command}\n`,
      );
      return 130;
    }
    if (end !== "done") return failed(end, root, step);
    await report(run, dataset);
    return 0;
  } finally {
    onStop(undefined);
    learner.close();
  }
}

/** A run in memory, as far as it has come. */
interface Run {
  folder: string;
  names: NamesFile;
  batches: TrainingRun;
  parameters: Parameters;
  losses: number[];
  /** How many steps there are to be. */
  steps: number;
}

function resumedRun(named: string | undefined): string {
  return named === undefined ? latestRun() : resolvePath(named);
}

/** @throws RunError where the run cannot be gone on with */
function resume(folder: string, names: NamesFile, batches: TrainingRun, asked: number | undefined): Run {
  const checkpoint = loadCheckpoint(folder, batches.start);
  if (checkpoint.sha256 !== names.sha256) {
    throw new RunError(
      `${displayPath(folder)} learned from ${checkpoint.names}, and these are other names; give that file with --data`,
    );
  }
  const steps = asked ?? checkpoint.steps;
  if (steps < checkpoint.step) {
    throw new RunError(`${displayPath(folder)} has done ${checkpoint.step} steps already, more than ${steps}`);
  }
  const losses = lossesUpTo(folder, checkpoint.step);
  batches.skip(checkpoint.step);
  process.stdout.write(`going on with ${displayPath(folder)} at step ${checkpoint.step} of ${steps}\n`);
  return { folder, names, batches, parameters: checkpoint.parameters, losses, steps };
}

/** Trains to the last step, or to where it is stopped or fails; what has been done is saved in any case. */
async function runSteps(
  learner: LearnerProcess,
  step: TrainStep,
  bundle: Bundle,
  run: Run,
): Promise<"done" | "stopped" | Failure> {
  const stop = new AbortController();
  onStop(() => stop.abort());
  const progress = showProgress(run.losses.length, run.steps);
  let saved = run.losses.length;
  let savedAt = performance.now();
  const save = (): void => {
    saved = saveRun(run, saved);
    savedAt = performance.now();
  };
  try {
    // what cannot be written is better known before than after
    save();
    let size = 5;
    let next = questionsFrom(run, run.losses.length, size);
    while (run.losses.length < run.steps && !stop.signal.aborted) {
      const questions = next;
      const done = run.losses.length;
      const running = runTraining(learner, step, bundle, run.parameters, questions, "last");
      // the next batches are drawn while these are learned from
      next = questionsFrom(run, done + questions.length, size);
      const slice = await running;
      size = Math.min(LARGEST_SLICE, Math.ceil((questions.length * SLICE_MS) / slice.milliseconds));
      for (const line of printedLines(slice.printed, process.stdout.columns)) progress.print(line);
      const at = slice.losses.findIndex((loss) => !Number.isFinite(loss));
      if (at >= 0) {
        const where = await whereNotFinite(learner, step, bundle, run, questions.slice(0, at + 1));
        return { kind: "threw", message: `the loss at step ${done + at} is not finite: ${where}`, at: null };
      }
      if (slice.failure) return slice.failure;
      run.losses.push(...slice.losses);
      run.parameters = slice.parameters;
      progress.update(run.losses);
      if (performance.now() - savedAt > SAVE_EVERY) save();
    }
    return run.losses.length < run.steps ? "stopped" : "done";
  } finally {
    save();
    progress.stop();
  }
}

/** What the next steps are asked. */
function questionsFrom({ batches, steps }: Run, done: number, size: number): Omit<TrainingQuestion, "parameters">[] {
  return Array.from({ length: Math.min(size, steps - done) }, (_, i) => ({
    batch: batches.nextBatch(),
    learningRate: learningRateAt(done + i),
  }));
}

/** Runs the steps up to one whose loss is not finite once more, that one with all it gives. */
async function whereNotFinite(
  learner: LearnerProcess,
  step: TrainStep,
  bundle: Bundle,
  run: Run,
  questions: Omit<TrainingQuestion, "parameters">[],
): Promise<string> {
  const before = await runTraining(learner, step, bundle, run.parameters, questions.slice(0, -1), "last");
  const { answers } = await runTraining(learner, step, bundle, before.parameters, questions.slice(-1), "all");
  const [answer] = answers;
  if (!answer) return "but not when it was run again; is anything left to chance?";
  return explainNotFinite(step.network, { ...questions.at(-1)!, parameters: before.parameters }, answer);
}

/** Saves what is new, and says up to which step all is saved. */
function saveRun({ folder, names, parameters, losses, steps }: Run, saved: number): number {
  writingRun(folder, () => {
    appendLosses(folder, saved, losses.slice(saved));
    saveCheckpoint(folder, { parameters, step: losses.length, steps, names: names.path, sha256: names.sha256 });
  });
  return losses.length;
}

/** The curve, the losses of the splits and some names; all of it in the run's folder too. */
async function report({ folder, losses, parameters }: Run, dataset: Dataset): Promise<void> {
  const out = (text: string): void => void process.stdout.write(text);
  out(`\n${terminalCurve(losses, process.stdout.columns ?? 80)}\n`);
  const training = dataset.split("train");
  out(`\ncalibrating batchnorm on all ${training.Yb.size(0)} training examples, then measuring the losses ...\n`);
  const calibration = await calibrate(parameters, training);
  const loss = async (name: "train" | "dev" | "test"): Promise<string> =>
    `${name} ${(await meanLoss(parameters, calibration, dataset.split(name))).toFixed(4)}`;
  const measured = `loss with calibrated batchnorm: ${await loss("train")}, ${await loss("dev")}, ${await loss("test")}\n`;
  const samples = sampleNames(parameters, calibration, dataset.characters, SAMPLES);
  const width = Math.max(...samples.map((name) => name.length));
  const lines = samples.map((name) => `${name.padEnd(width)}   ${nearest(name, dataset.names)}\n`).join("");
  out(`${measured}\n${"sampled".padEnd(width)}   nearest of the names it learned from\n${lines}`);
  writingRun(folder, () => {
    saveWhole(path.join(folder, "loss.svg"), svgCurve(losses));
    saveWhole(path.join(folder, "samples.txt"), measured + lines);
  });
  out(`\nkept in ${displayPath(folder)}: checkpoint.safetensors, loss.csv, loss.svg, samples.txt\n`);
}

/** The real name that takes the fewest changes of a letter. */
function nearest(sample: string, names: readonly string[]): string {
  let best = "";
  let least = Infinity;
  for (const name of names) {
    const away = distance(sample, name);
    if (away < least) [best, least] = [name, away];
    if (away === 0) return `${name} itself`;
  }
  return best;
}

function failed({ message, at }: Failure, root: string, { file }: TrainStep): number {
  const place = displayPath(`${root}/${file}`) + (at ? `:${at.line}:${at.column}` : "");
  const { columns = Infinity } = process.stdout;
  const lines = [...fold(harmless(message), columns, INDENT.length), ...fold(INDENT + place, columns)];
  process.stdout.write(`${lines.join("\n")}\n`);
  return 1;
}
