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

/**
 * Wall-clock time on a machine whose speed is measured when a limit is reached.
 *
 * @param measure how many times as long as usual a run of our own takes now
 */
export function calibratedClock(measure: () => Promise<number>): Clock {
  return (milliseconds, end) => {
    const begin = performance.now();
    let isStopped = false;
    let timer = setTimeout(() => void extend(), milliseconds);
    const extend = async (): Promise<void> => {
      const slow = Math.min(MOST, Math.max(1, await measure()));
      // while it was measured, an answer may have been read that had been waiting
      if (!isStopped) timer = setTimeout(end, begin + slow * milliseconds - performance.now());
    };
    return () => {
      isStopped = true;
      clearTimeout(timer);
    };
  };
}

/** The run of our own: multiplications and additions of numbers, in the way that plain loops over tensors make them. */
const SCRIPT = `"use strict"; globalThis.__answer = () => {
  const a = new Float32Array(65536).fill(1.001), b = new Float32Array(65536);
  for (let round = 0; round < 400; round++) for (let i = 0; i < a.length; i++) b[i] = a[i] * a[65535 - i] + b[i] * 0.5;
  return String(b[7]);
};`;

/** Measures how many times as long as usual the run of our own takes in a worker of the frame. */
export function speedOf(frame: FrameLine): () => Promise<number> {
  let measuring: Promise<number> | undefined;
  const measure = async (): Promise<number> => {
    const runner = new Runner(frame, wallClock);
    try {
      const longest = MOST * REFERENCE_MS;
      const problem = await runner.load(SCRIPT, longest);
      const begin = performance.now();
      const ran = problem ?? (await runner.call("", longest));
      if (ran.status === "timeout") return MOST;
      return ran.status === "said" ? (performance.now() - begin) / REFERENCE_MS : 1;
    } finally {
      runner.end();
    }
  };
  return () => {
    measuring ??= measure().finally(() => (measuring = undefined));
    return measuring;
  };
}
