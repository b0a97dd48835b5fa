import type { Generator } from "../../../grader/network/random.ts";
import type { AttentionSizes } from "./lines.ts";

/** The factors that divisions are by, far enough apart that the ratio of a wrong one names it. */
const factorsOf = ({ batch, time, embd, head, vocab }: AttentionSizes): number[] => [
  batch,
  time,
  embd,
  head,
  vocab,
  batch * time,
];

/** Sizes that tell mistakes apart: no two equal or next to each other, batch * time included. */
export function drawSizes(generator: Generator): AttentionSizes {
  for (;;) {
    const sizes: AttentionSizes = {
      batch: between(generator, 3, 7),
      time: between(generator, 3, 9),
      embd: between(generator, 5, 16),
      head: between(generator, 3, 14),
      vocab: between(generator, 8, 24),
    };
    const all = factorsOf(sizes).sort((a, b) => a - b);
    if (all.every((size, i) => i === 0 || (size - all[i - 1]! > 1 && size / all[i - 1]! > 1.15))) return sizes;
  }
}

/** Larger than any size that drawSizes gives. */
export function drawLargeSizes(generator: Generator): AttentionSizes {
  return { batch: between(generator, 8, 9), time: 12, embd: 21, head: 16, vocab: between(generator, 27, 31) };
}

function between(generator: Generator, low: number, high: number): number {
  return generator.randint(low, high + 1, 1).item();
}
