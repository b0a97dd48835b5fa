import path from "node:path";
import { parseArgs } from "node:util";
import { distance } from "fastest-levenshtein";
import { steps as allSteps } from "../course/steps.ts";
import { isOpen, openStep, type OpenStep } from "../grading/open.ts";
import {
  askTraining,
  trainInSlices,
  type AskedSlice,
  type BatchQuestion,
  type DoneSlice,
} from "../grading/training-answers.ts";
import type { Dataset } from "../course/makemore/dataset.ts";
import { calibrate, meanLoss, sampleNames } from "../course/makemore/evaluate.ts";
import type { Parameters } from "../course/makemore/parameters.ts";
import { trainingRun, type TrainingRun } from "../course/makemore/run.ts";
import { svgCurve, terminalCurve } from "../report/curve.ts";
import { trainingProgress } from "./progress-bar.ts";
import { printedLines } from "../report/terminal.ts";
import { fold, INDENT } from "../report/text.ts";
import { harmless } from "../report/harmless.ts";
import type { NamesFile } from "../runner/data.ts";
import { nodeHost } from "../runner/host.ts";
import { onStop } from "../runner/process.ts";
import { displayPath } from "../runner/project.ts";
import {
  appendLosses,
  createRun,
  latestRun,
  loadCheckpoint,
  lossesUpTo,
  RunError,
  saveCheckpoint,
  writingRun,
} from "../runner/workspace/training-runs.ts";
import { saveWhole } from "../runner/whole.mjs";
import type { Failure } from "../verdict/judge.ts";
import { explainNotFinite } from "../verdict/training.ts";
import { boxFor, namesFrom, optionAgain, resolvePath, spellOut, treeFrom, UsageError } from "./usage.ts";
import type { TrainStep } from "../kit/step.ts";

export const trainHelp = `train [--steps N] [--resume [--run FOLDER]] [--from FOLDER] [--data FILE] [--untrusted[=best-effort]]
    Trains with your train.ts (20,000 steps by default; the lecture's run has 200,000), then calibrates batchnorm,
    reports the losses of the three splits and samples 20 names. Everything is saved in runs/. Ctrl-C stops and saves;
    --resume continues the newest run, or the one named, as if it had never stopped.`;

/** The lecture's learning rates: 0.1, and 0.01 from this step on. */
const SLOWER_FROM = 100_000;
const STEPS = 20_000;
/** How long the steps sent to the process at once should take, in milliseconds, and how many they are at most. */
const SLICE_MS = 30;
const LARGEST_SLICE = 60;
/** How often a run is saved, in milliseconds. */
const SAVE_EVERY = 5000;
const SAMPLES = 20;

/** The lecture's learning rate at a step. */
export function learningRateAt(step: number): number {
  return step < SLOWER_FROM ? 0.1 : 0.01;
}

/** Exit status 0 if training ran to its end, 1 if trainStep failed, 130 if it was stopped and saved. */
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
  const root = treeFrom(values.from);
  const names = namesFrom(values.data);
  const dataset = names.dataset();
  const batches = trainingRun(dataset);
  const step = allSteps.find((step): step is TrainStep => step.kind === "train")!;
  const open = await openStep(nodeHost(root, { box }), step);
  if (!isOpen(open)) return failed(open, root, step);
  try {
    const folder = values.resume ? resumedRun(values.run) : createRun(new Date());
    const run = values.resume
      ? resume(folder, names, batches, asked)
      : { folder, names, batches, parameters: batches.start, losses: [], steps: asked ?? STEPS };
    const end = await runSteps(open, run);
    if (end === "stopped") {
      const command = `npm run train -- --resume${optionAgain("--from", values.from)}${optionAgain("--data", values.data)}`;
      process.stdout.write(
        `\nstopped after ${run.losses.length} steps and saved in ${displayPath(folder)}; continue with ${command}\n`,
      );
      return 130;
    }
    if (end !== "done") return failed(end, root, step);
    await report(run, dataset);
    return 0;
  } finally {
    onStop(undefined);
    open.learner.close();
  }
}

/** A run in memory, as far as it has come. */
interface Run {
  folder: string;
  names: NamesFile;
  batches: TrainingRun;
  parameters: Parameters;
  losses: number[];
  /** How many steps the run has in all. */
  steps: number;
}

function resumedRun(named: string | undefined): string {
  return named === undefined ? latestRun() : resolvePath(named);
}

/** @throws RunError if the run cannot be continued */
function resume(folder: string, names: NamesFile, batches: TrainingRun, asked: number | undefined): Run {
  const checkpoint = loadCheckpoint(folder, batches.start);
  if (checkpoint.sha256 !== names.sha256) {
    throw new RunError(
      `${displayPath(folder)} was trained on ${checkpoint.names}, and these are other names; give that file with --data`,
    );
  }
  const steps = asked ?? checkpoint.steps;
  if (steps < checkpoint.step) {
    throw new RunError(`${displayPath(folder)} has already done ${checkpoint.step} steps, more than ${steps}`);
  }
  const losses = lossesUpTo(folder, checkpoint.step);
  batches.skip(checkpoint.step);
  process.stdout.write(`continuing ${displayPath(folder)} at step ${checkpoint.step} of ${steps}\n`);
  return { folder, names, batches, parameters: checkpoint.parameters, losses, steps };
}

/** Trains to the last step, or until it is stopped or fails; in any case saves what has been done. */
async function runSteps(open: OpenStep<TrainStep>, run: Run): Promise<"done" | "stopped" | Failure> {
  const stop = new AbortController();
  onStop(() => stop.abort());
  const progress = trainingProgress(run.losses.length, run.steps);
  let saved = run.losses.length;
  let savedAt = performance.now();
  const save = (): void => {
    saved = saveRun(run, saved);
    savedAt = performance.now();
  };
  try {
    // if it cannot be saved, better to know before than after
    save();
    const slices = slicesOf(run);
    for await (const done of trainInSlices(open, run.parameters, slices.next, "last")) {
      const { slice } = done;
      slices.took(done);
      for (const line of printedLines(slice.printed, process.stdout.columns)) progress.print(line);
      if (!slice.losses.every(Number.isFinite)) return notFinite(open, done, run.losses.length);
      if (slice.failure) return slice.failure;
      run.losses.push(...slice.losses);
      run.parameters = slice.parameters as Parameters;
      progress.update(run.losses);
      if (stop.signal.aborted) break;
      if (performance.now() - savedAt > SAVE_EVERY) save();
    }
    return run.losses.length < run.steps ? "stopped" : "done";
  } finally {
    save();
    progress.stop();
  }
}

/** The slices of a run, from where it is: a few steps, then as many as take SLICE_MS. */
function slicesOf({ batches, losses, steps }: Run): {
  next: () => AskedSlice | undefined;
  took: (done: DoneSlice) => void;
} {
  let size = 5;
  let drawn = losses.length;
  const question = (): BatchQuestion => ({ batch: batches.nextBatch(), learningRate: learningRateAt(drawn++) });
  return {
    next() {
      const count = Math.min(size, steps - drawn);
      return count > 0 ? { questions: Array.from({ length: count }, question) } : undefined;
    },
    took({ asked, slice }) {
      size = Math.min(LARGEST_SLICE, Math.ceil((asked.questions.length * SLICE_MS) / slice.milliseconds));
    },
  };
}

/**
 * Says where a slice's loss is not finite. Runs the steps up to that one again, and that one with all its answers.
 *
 * @param before how many steps were done before the slice
 */
async function notFinite(
  open: OpenStep<TrainStep>,
  { asked, from, slice }: DoneSlice,
  before: number,
): Promise<Failure> {
  const at = slice.losses.findIndex((loss) => !Number.isFinite(loss));
  const failure = (where: string): Failure => {
    return { kind: "threw", message: `the loss at step ${before + at} is not finite: ${where}`, at: null };
  };
  const { parameters } = await askTraining(open, from, asked.questions.slice(0, at), "last");
  const question = asked.questions[at]!;
  const [answer] = (await askTraining(open, parameters, [question], "all")).answers;
  if (!answer) return failure("but it was when run again; does anything depend on chance?");
  return failure(explainNotFinite(open.step.network, { ...question, parameters }, answer));
}

/** Saves what is new; returns the number of steps that are saved. */
function saveRun({ folder, names, parameters, losses, steps }: Run, saved: number): number {
  writingRun(folder, () => {
    appendLosses(folder, saved, losses.slice(saved));
    saveCheckpoint(folder, { parameters, step: losses.length, steps, names: names.path, sha256: names.sha256 });
  });
  return losses.length;
}

/** Prints the loss curve, the losses of the splits and some sampled names, and saves them in the run's folder. */
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
  out(`${measured}\n${"sampled".padEnd(width)}   nearest name in the data\n${lines}`);
  writingRun(folder, () => {
    saveWhole(path.join(folder, "loss.svg"), svgCurve(losses));
    saveWhole(path.join(folder, "samples.txt"), measured + lines);
  });
  out(`\nsaved in ${displayPath(folder)}: checkpoint.safetensors, loss.csv, loss.svg, samples.txt\n`);
}

/** The real name with the smallest edit distance. */
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
