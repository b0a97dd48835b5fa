import type { FrameLine } from "./frame-line.ts";
import { Runner, type Clock } from "./runner.ts";

/**
 * Time limits. A browser reports no processor time, so a limit is one of wall-clock time: as long as it should be on the
 * machine that it was chosen for, or longer, on a slower or a busy one, by as much as a run of our own takes longer there.
 */

/** What the run of our own takes, in milliseconds, on an idle machine of the kind that the limits were chosen for. */
const REFERENCE_MS = 40;
/** How many times its limit anything may take, however slow the machine is. */
const MOST = 10;

/** Wall-clock time. */
export const wallClock: Clock = (milliseconds, end) => {
  const timer = setTimeout(end, milliseconds);
  return () => clearTimeout(timer);
};

/** Runs of our own, one after another, beside what is limited. */
export interface Meter {
  /** How long the next run takes, in milliseconds; undefined if there can be none. */
  run(): Promise<number | undefined>;
  end(): void;
}

/**
 * Wall-clock time, as much more of it as runs of our own take longer than they should. They begin when half of a limit is
 * over, which right code hardly ever needs, and their mean counts: a single one can be lucky on a busy machine.
 *
 * @param open starts the runs
 */
export function calibratedClock(open: () => Meter): Clock {
  return (milliseconds, end) => {
    const begin = performance.now();
    let meter: Meter | undefined;
    let isStopped = false;
    let timer = setTimeout(() => void extend(), milliseconds / 2);
    const stop = (): void => {
      isStopped = true;
      clearTimeout(timer);
      meter?.end();
    };
    const extend = async (): Promise<void> => {
      meter = open();
      let [runs, taken] = [0, 0];
      for (;;) {
        const run = await meter.run();
        // meanwhile an answer may have been read that had been waiting
        if (isStopped) return;
        if (run !== undefined) [runs, taken] = [runs + 1, taken + run];
        const slow = runs === 0 ? 1 : Math.min(MOST, Math.max(1, taken / runs / REFERENCE_MS));
        const left = begin + slow * milliseconds - performance.now();
        if (left > 0 && run !== undefined) continue;
        timer = setTimeout(() => {
          stop();
          end();
        }, left);
        return;
      }
    };
    return stop;
  };
}

/** The run of our own: multiplications and additions of numbers, in the way that plain loops over tensors make them. */
const SCRIPT = `"use strict"; globalThis.__answer = () => {
  const a = new Float32Array(65536).fill(1.001), b = new Float32Array(65536);
  for (let round = 0; round < 400; round++) for (let i = 0; i < a.length; i++) b[i] = a[i] * a[65535 - i] + b[i] * 0.5;
  return String(b[7]);
};`;

/** Runs of our own in a worker of the frame. */
export function meterIn(frame: FrameLine): Meter {
  const runner = new Runner(frame, wallClock);
  const longest = MOST * REFERENCE_MS;
  let loading: ReturnType<Runner["load"]> | undefined;
  let isLate = false;
  return {
    async run() {
      if (isLate) return undefined;
      const begin = performance.now();
      loading ??= runner.load(SCRIPT, longest);
      const loaded = await loading;
      const called = performance.now();
      const ran = loaded ?? (await runner.call("", longest));
      // it may still be running: nothing more can be asked of it
      isLate = ran.status === "timeout";
      if (isLate) return Math.max(longest, performance.now() - begin);
      return ran.status === "said" ? performance.now() - called : undefined;
    },
    end: () => runner.end(),
  };
}
