import path from "node:path";
import { parseArgs } from "node:util";
import { steps as allSteps } from "../course/steps.ts";
import { isOpen, openStep, type OpenStep } from "../grading/open.ts";
import type { Dataset } from "../course/makemore/dataset.ts";
import { outcomeOf, trainOn, type LongRun } from "../course/makemore/long-run.ts";
import { trainingRun, type TrainingRun } from "../course/makemore/run.ts";
import { svgCurve, terminalCurve } from "../report/curve.ts";
import { trainingProgress } from "./progress-bar.ts";
import { printedLines } from "../report/terminal.ts";
import { fold, INDENT } from "../report/text.ts";
import { harmless } from "../report/harmless.ts";
import type { NamesFile } from "../runner/data.ts";
import { nodeHost } from "../runner/host.ts";
import { onStop } from "../runner/process.ts";
import { displayPath, exercisesFolder } from "../runner/project.ts";
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
import { progressIn } from "../runner/workspace/tree.ts";
import { readVerdicts } from "../runner/workspace/progress-file.ts";
import { say, tell } from "./tell.ts";
import { boxFor, namesFrom, oneStep, optionAgain, resolvePath, spellOut, treeFrom, UsageError } from "./usage.ts";
import type { TrainStep } from "../kit/step.ts";

export const trainHelp = `train [engine] [--steps N] [--resume [--run FOLDER]] [--from FOLDER] [--data FILE] [--untrusted[=best-effort]]
    Trains with your train.ts (20,000 steps by default; the lecture's run has 200,000), then calibrates batchnorm,
    reports the losses of the three splits and samples 20 names. Everything is saved in runs/. Ctrl-C stops and saves.
    engine             trains with the engine of part 6
    --resume           continues the newest run, or the one named by --run, as if it had never stopped`;

const STEPS = 20_000;
/** How often a run is saved, in milliseconds. */
const SAVE_EVERY = 5000;

/** Exit status 0 if training ran to its end, 1 if trainStep failed, 130 if it was stopped and saved. */
export async function train(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: spellOut(args),
    allowPositionals: true,
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
  const step = trainedBy(positionals);
  if (values.from === undefined) warn(step);
  const open = await openStep(nodeHost(root, { box }), step);
  if (!isOpen(open)) return failed(open, root, step);
  try {
    const folder = values.resume ? resumedRun(values.run) : createRun(new Date());
    const run = values.resume
      ? resume(folder, names, batches, asked)
      : { folder, names, batches, parameters: batches.start, losses: [], steps: asked ?? STEPS };
    const end = await runSteps(open, run);
    if (end === "stopped") {
      const command = `npm run train -- ${positionals.map((word) => `${word} `).join("")}--resume${optionAgain("--from", values.from)}${optionAgain("--data", values.data)}`;
      process.stdout.write("\n");
      say(`stopped after ${run.losses.length} steps and saved in ${displayPath(folder)}; continue with ${command}`);
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

/** The step whose function trains: the first one of the course, or the one that is named. */
function trainedBy(words: readonly string[]): TrainStep {
  const loops = allSteps.filter((step): step is TrainStep => step.kind === "train");
  const [word, ...others] = words;
  if (word === undefined) return loops[0]!;
  const found = loops.find((step) => step === oneStep("train", word));
  if (found && others.length === 0) return found;
  throw new UsageError(`train ${words.join(" ")}: ${loops.map(({ id }) => id).join(" and ")} train; name one of them`);
}

/** Says that a step which trains anyway is not known to be right. */
function warn(step: TrainStep): void {
  const progress = progressIn(exercisesFolder, readVerdicts()).find((one) => one.step === step);
  const verdict = progress?.verdict ?? null;
  if (progress === undefined || ["passed", "not-started", "missing"].includes(progress.state)) return;
  const why = verdict === null ? "has not been graded since its last change" : `does not pass: ${verdict}`;
  tell(`${displayPath(path.join(exercisesFolder, step.file))} ${why}; npm run grade -- ${step.id}`);
}

/** A run, and where it is saved. */
interface Run extends LongRun {
  folder: string;
  names: NamesFile;
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
  say(`continuing ${displayPath(folder)} at step ${checkpoint.step} of ${steps}`);
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
    return await trainOn(open, run, stop.signal, (printed) => {
      for (const line of printedLines(printed, process.stdout.columns)) progress.print(line);
      progress.update(run.losses);
      if (performance.now() - savedAt > SAVE_EVERY) save();
    });
  } finally {
    save();
    progress.stop();
  }
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
  const examples = dataset.split("train").Yb.size(0);
  out("\n");
  say(`calibrating batchnorm on all ${examples} training examples, then measuring the losses ...`);
  const { splits, samples } = await outcomeOf(parameters, dataset);
  const [train, dev, test] = splits.map(({ split, loss }) => `${split} ${loss.toFixed(4)}`);
  const measured = `loss with calibrated batchnorm: ${train}, ${dev}, ${test}`;
  const width = Math.max(...samples.map(({ name }) => name.length));
  const lines = samples.map(({ name, nearest }) => `${name.padEnd(width)}   ${nearest}\n`).join("");
  say(measured);
  out(`\n${"sampled".padEnd(width)}   nearest name in the data\n${lines}`);
  writingRun(folder, () => {
    saveWhole(path.join(folder, "loss.svg"), svgCurve(losses));
    saveWhole(path.join(folder, "samples.txt"), `${measured}\n${lines}`);
  });
  out("\n");
  say(`saved in ${displayPath(folder)}: checkpoint.safetensors, loss.csv, loss.svg, samples.txt`);
}

function failed({ message, at }: Failure, root: string, { file }: TrainStep): number {
  const place = displayPath(`${root}/${file}`) + (at ? `:${at.line}:${at.column}` : "");
  const { columns = Infinity } = process.stdout;
  const lines = [...fold(harmless(message), columns, INDENT.length), ...fold(INDENT + place, columns)];
  process.stdout.write(`${lines.join("\n")}\n`);
  return 1;
}
