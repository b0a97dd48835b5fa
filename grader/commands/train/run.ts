import { trainOn, type LongRun } from "../../grading/long-run.ts";
import type { OpenStep } from "../../grading/open.ts";
import type { TrainStep } from "../../kit/step.ts";
import type { TrainingRun } from "../../kit/training.ts";
import { printedLines } from "../../report/terminal.ts";
import type { NamesFile } from "../../runner/data.ts";
import { onStop } from "../../runner/process.ts";
import { displayPath } from "../../runner/project.ts";
import {
  appendLosses,
  createRun,
  loadCheckpoint,
  lossesUpTo,
  RunError,
  saveCheckpoint,
  writingRun,
} from "../../runner/workspace/training-runs.ts";
import type { Failure } from "../../verdict/judge.ts";
import { trainingProgress } from "../progress-bar.ts";
import { say } from "../tell.ts";

/** How often a run is saved, in milliseconds. */
const SAVE_EVERY = 5000;

/** A run, and where it is saved. */
export interface Run extends LongRun {
  readonly folder: string;
  /** The name of the network. */
  readonly network: string;
  readonly names: NamesFile;
}

/** What a run is begun or continued with. */
interface Begin<Steps> extends Pick<Run, "network" | "names"> {
  readonly begin: () => TrainingRun;
  /** How many steps it is asked for. */
  readonly asked: Steps;
}

export function newRun({ asked, ...given }: Begin<number>): Run {
  return { ...given, folder: createRun(new Date()), parameters: given.begin().start, losses: [], steps: asked };
}

/** @throws RunError if the run cannot be continued */
export function resumedRun(folder: string, { asked, ...given }: Begin<number | undefined>): Run {
  const { network, names, begin } = given;
  const checkpoint = loadCheckpoint(folder, network, begin().start);
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
  say(`continuing ${displayPath(folder)} at step ${checkpoint.step} of ${steps}`);
  return { ...given, folder, parameters: checkpoint.parameters, losses, steps };
}

/** Trains to the last step, or until it is stopped or fails; in any case saves what has been done. */
export async function runSteps(open: OpenStep<TrainStep>, run: Run): Promise<"done" | "stopped" | Failure> {
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
function saveRun({ folder, network, names, parameters, losses, steps }: Run, saved: number): number {
  const { path, sha256 } = names;
  writingRun(folder, () => {
    appendLosses(folder, saved, losses.slice(saved));
    saveCheckpoint(folder, { network, parameters, step: losses.length, steps, names: path, sha256 });
  });
  return losses.length;
}
