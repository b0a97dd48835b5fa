import type { Generator } from "../../network/random.ts";
import { drawOddAndEven as drawBoth, drawWithin, type Ranges } from "../drawn-sizes.ts";
import { HEADS, type TransformerSizes } from "./lines.ts";

/** Sizes of random batches; the number of heads is always the same. */
export type DrawnSizes = TransformerSizes & { readonly heads: number };

/** The sizes that are drawn: embd is a multiple of the number of heads. */
type Free = Omit<TransformerSizes, "embd">;

const usual: Ranges<keyof Free> = { batch: [3, 5], time: [5, 7], head: [2, 3], hidden: [14, 19], vocab: [9, 24] };
/** Larger than any of these. */
const large: Ranges<keyof Free> = { batch: [6, 6], time: [9, 9], head: [5, 5], hidden: [24, 24], vocab: [28, 31] };

/** Sizes that tell mistakes apart. */
export function drawSizes(generator: Generator): DrawnSizes {
  for (;;) {
    const sizes = drawWithin(usual, generator);
    if (areApart(sizes)) return whole(sizes);
  }
}

/** Two lists of sizes: each size that is drawn is odd in one of them and even in the other. */
export function drawOddAndEven(generator: Generator): readonly [DrawnSizes, DrawnSizes] {
  const [some, others] = drawBoth(usual, generator, areApart);
  return [whole(some), whole(others)];
}

/** Larger than any size that drawSizes gives. */
export function drawLargeSizes(generator: Generator): DrawnSizes {
  return whole(drawWithin(large, generator));
}

/** No two sizes are equal or next to each other, batch * time included, and no ratio is near 1. */
function areApart(sizes: Free): boolean {
  const { batch, time, embd, head, hidden, vocab } = whole(sizes);
  const all = [batch, time, embd, head, hidden, vocab, batch * time].sort((a, b) => a - b);
  return all.every((size, i) => i === 0 || (size - all[i - 1]! > 1 && size / all[i - 1]! > 1.12));
}

function whole(sizes: Free): DrawnSizes {
  return { ...sizes, embd: HEADS * sizes.head, heads: HEADS };
}
