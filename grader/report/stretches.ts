import { mean } from "./statistics.ts";

/** The mean losses of `count` stretches of equal length: those of single batches jump up and down. */
export function stretches(losses: readonly number[], count: number): number[] {
  const length = Math.max(1, Math.ceil(losses.length / count));
  const starts = Array.from({ length: Math.ceil(losses.length / length) }, (_, i) => i * length);
  return starts.map((start) => mean(losses.slice(start, start + length)));
}
