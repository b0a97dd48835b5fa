import type { Generator } from "../../network/random.ts";
import type { MakemoreSizes } from "./lines.ts";

/**
 * Sizes that tell mistakes apart: no two equal or next to each other, block * embd included, and n, n - 1, vocab and
 * hidden far enough apart that the ratio of a wrong factor names it.
 *
 * @param unlike sizes from which each of these differs by an odd number
 */
export function drawSizes(generator: Generator, n?: number, unlike?: MakemoreSizes): MakemoreSizes {
  for (;;) {
    const sizes: MakemoreSizes = {
      n: n ?? between(generator, 5, 14, unlike?.n),
      block: between(generator, 3, 6, unlike?.block),
      embd: between(generator, 3, 8, unlike?.embd),
      hidden: between(generator, 6, 26, unlike?.hidden),
      vocab: between(generator, 8, 32, unlike?.vocab),
    };
    const all = [...Object.values(sizes), sizes.block * sizes.embd].sort((a, b) => a - b);
    const apart = all.every((size, i) => i === 0 || size - all[i - 1]! > 1);
    const { hidden, vocab } = sizes;
    const distinct = [sizes.n, sizes.n - 1].every((a) => [hidden, vocab].every((b) => ratio(a, b) > 1.3));
    if (apart && distinct && ratio(hidden, vocab) > 1.3) return sizes;
  }
}

/** A whole number from low to high; odd if `unlike` is even, and even if it is odd. */
function between(generator: Generator, low: number, high: number, unlike?: number): number {
  if (unlike === undefined) return generator.randint(low, high + 1, 1).item();
  const first = (low - unlike) % 2 === 0 ? low + 1 : low;
  return first + 2 * generator.randint(0, Math.floor((high - first) / 2) + 1, 1).item();
}

/** Sizes slightly larger than the lecture's; n, hidden, vocab and embd are odd. */
export function drawLargeSizes(generator: Generator): MakemoreSizes {
  return {
    n: between(generator, 41, 43, 0),
    block: 4,
    embd: 11,
    hidden: between(generator, 67, 71, 0),
    vocab: 29,
  };
}

function ratio(a: number, b: number): number {
  return Math.max(a, b) / Math.min(a, b);
}
