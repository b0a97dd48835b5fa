import type { Generator } from "../../network/random.ts";
import { HEADS, type TransformerSizes } from "./lines.ts";

/** Sizes of random batches; the number of heads is always the same. */
export type DrawnSizes = TransformerSizes & { readonly heads: number };

/** The factors that divisions are by, far enough apart that the ratio of a wrong one names it. */
const factorsOf = ({ batch, time, embd, head, hidden, vocab }: TransformerSizes): number[] => [
  batch,
  time,
  embd,
  head,
  hidden,
  vocab,
  batch * time,
];

/** Sizes that tell mistakes apart: no two equal or next to each other, batch * time included. */
export function drawSizes(generator: Generator): DrawnSizes {
  for (;;) {
    const head = between(generator, 2, 3);
    const sizes: DrawnSizes = {
      batch: between(generator, 3, 5),
      time: between(generator, 5, 7),
      embd: HEADS * head,
      heads: HEADS,
      head,
      hidden: between(generator, 14, 19),
      vocab: between(generator, 9, 24),
    };
    const all = factorsOf(sizes).sort((a, b) => a - b);
    if (all.every((size, i) => i === 0 || (size - all[i - 1]! > 1 && size / all[i - 1]! > 1.12))) return sizes;
  }
}

/** Larger than any size that drawSizes gives. */
export function drawLargeSizes(generator: Generator): DrawnSizes {
  const vocab = between(generator, 28, 31);
  return { batch: 6, time: 9, embd: 5 * HEADS, heads: HEADS, head: 5, hidden: 24, vocab };
}

function between(generator: Generator, low: number, high: number): number {
  return generator.randint(low, high + 1, 1).item();
}
