import cliProgress from "cli-progress";
import { mean } from "../report/statistics.ts";

/** How many lines a run prints where there is no terminal. */
const PROGRESS_LINES = 20;

/** How far a run has come, as it goes on. */
export interface Progress {
  update: (losses: readonly number[]) => void;
  print: (line: string) => void;
  stop: () => void;
}

/**
 * A bar in a terminal; elsewhere a line now and then.
 *
 * @param from how many steps were done before
 */
export function showProgress(from: number, steps: number): Progress {
  const began = performance.now();
  const speed = (done: number): number => (done - from) / ((performance.now() - began) / 1000);
  if (process.stdout.isTTY) {
    const bar = new cliProgress.SingleBar({
      format: "{bar} {value} of {total}   loss {loss}   {speed} steps/s   {eta_formatted} left",
      barsize: 20,
      barCompleteChar: "#",
      barIncompleteChar: ".",
      stream: process.stdout,
      hideCursor: true,
      etaBuffer: 100,
    });
    bar.start(steps, from, { loss: "-", speed: "-" });
    return {
      update: (losses) =>
        bar.update(losses.length, {
          loss: mean(losses.slice(-100)).toFixed(4),
          speed: speed(losses.length).toFixed(0),
        }),
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
      const width = String(steps).length;
      const loss = mean(losses.slice(-100)).toFixed(4);
      process.stdout.write(
        `step ${String(shown).padStart(width)} of ${steps}   loss ${loss}   ${speed(shown).toFixed(0)} steps/s\n`,
      );
    },
    print: (line) => process.stdout.write(`${line}\n`),
    stop() {},
  };
}
