import cliProgress from "cli-progress";
import { mean } from "../report/statistics.ts";

/** How many lines a training run prints if the output is not a terminal. */
const PROGRESS_LINES = 20;

/** The columns of a terminal that does not say how many it has. */
const NO_WIDTH = 80;

const shape: cliProgress.Options = {
  barsize: 20,
  barCompleteChar: "#",
  barIncompleteChar: ".",
  stream: process.stdout,
  hideCursor: true,
};

/** What the bar says of a training run, which no terminal may cut: with a speed where there is room for it. */
export const formats = [
  { from: 84, bar: 20, format: "{bar} {value} of {total}   loss {loss}   {speed} steps/s   {eta_formatted} left" },
  { from: 0, bar: 8, format: "{bar} {value} of {total}  loss {loss}  {eta_formatted} left" },
] as const;

/** Shows how far a training run has come. */
export interface TrainingProgress {
  update: (losses: readonly number[]) => void;
  print: (line: string) => void;
  stop: () => void;
}

/**
 * A bar in a terminal; elsewhere a line now and then.
 *
 * @param from how many steps had been done before
 */
export function trainingProgress(from: number, steps: number): TrainingProgress {
  const began = performance.now();
  const speed = (done: number): string => ((done - from) / ((performance.now() - began) / 1000)).toFixed(0);
  const recent = (losses: readonly number[]): string => mean(losses.slice(-100)).toFixed(4);
  if (process.stdout.isTTY) {
    const { bar: barsize, format } = formats.find(({ from }) => (process.stdout.columns || NO_WIDTH) >= from)!;
    const bar = new cliProgress.SingleBar({ ...shape, barsize, format, etaBuffer: 100 });
    bar.start(steps, from, { loss: "-", speed: "-" });
    return {
      update: (losses) => bar.update(losses.length, { loss: recent(losses), speed: speed(losses.length) }),
      print: (line) => process.stdout.write(`\n${line}\n`),
      stop: () => bar.stop(),
    };
  }
  const every = Math.ceil(steps / PROGRESS_LINES);
  let shown = from;
  return {
    update(losses) {
      if (losses.length < shown + every && losses.length < steps) return;
      shown = losses.length;
      const done = String(shown).padStart(String(steps).length);
      process.stdout.write(`step ${done} of ${steps}   loss ${recent(losses)}   ${speed(shown)} steps/s\n`);
    },
    print: (line) => process.stdout.write(`${line}\n`),
    stop() {},
  };
}

/**
 * Shows a bar in a terminal while something runs, and removes it afterwards.
 *
 * @param run gets a function to call with the fraction that is done, from 0 to 1
 */
export async function withBar<R>(run: (progress: (done: number) => void) => Promise<R>): Promise<R> {
  const bar = new cliProgress.SingleBar({ ...shape, format: "{bar} {percentage} %", clearOnComplete: true });
  if (process.stdout.isTTY) bar.start(1, 0);
  try {
    return await run((done) => bar.update(done));
  } finally {
    bar.stop();
  }
}
