import { tensor, type Tensor } from "#tensor";
import { makeNormal } from "../autograd/float64-memory.ts";
import { cos, log, sin } from "../tensor/functions.ts";
import { MersenneTwister } from "./mt19937.ts";

const round = Math.fround;
const TWO_PI = 2 * Math.PI;
/** From how many normals on a kernel is called: for fewer it takes longer to copy them. */
const WORTH_A_KERNEL = 64;

/** A whole number, as PyTorch takes it, or the 32-bit words of a longer one, as CPython's generator takes it. */
export type Seed = number | readonly number[];

/**
 * Random numbers as PyTorch's CPU generator draws them: the same integers and uniforms, bit for bit, and normals within
 * 2e-6 (PyTorch's vectorized logarithm, sine and cosine differ in the last digits from build to build).
 *
 * Source: ATen's CPUGeneratorImpl, DistributionTemplates.h and MultinomialKernel, as described in the course's notes.
 */
export class Generator {
  readonly #twister: MersenneTwister;
  /** The second of a pair of normals, kept for the next draw. */
  #spareNormal: number | undefined;

  /** torch.Generator().manual_seed(seed), the seed modulo 2^32; several words seed it as CPython does. */
  constructor(seed: Seed) {
    this.#twister = typeof seed === "number" ? MersenneTwister.seeded(seed) : MersenneTwister.seededByArray(seed);
  }

  /** A uniform float32 in [0, 1), in steps of 2^-24. */
  #uniform(): number {
    return (this.#twister.draw() & 0xffffff) / 2 ** 24;
  }

  /** A uniform float64 in [0, 1), in steps of 2^-53. */
  #uniformDouble(): number {
    const first = this.#twister.draw();
    const second = this.#twister.draw();
    return ((first & 0x1fffff) * 2 ** 32 + second) / 2 ** 53;
  }

  /** torch.rand: uniform float32 in [0, 1). */
  rand(...shape: number[]): Tensor {
    const values = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
    return tensor(
      values.map(() => this.#uniform()),
      shape,
    );
  }

  /** torch.randn: standard normal float32. Sixteen or more are drawn in blocks, fewer one pair at a time. */
  randn(...shape: number[]): Tensor {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const values = new Float32Array(size);
    if (size < 16)
      return tensor(
        values.map(() => this.#normal()),
        shape,
      );
    for (let i = 0; i < size; i++) values[i] = this.#uniform();
    // the kernel gives the same bits
    const done = size < WORTH_A_KERNEL ? 0 : makeNormal(values);
    for (let start = done; start + 16 <= size; start += 16) normalsInPlace(values, start);
    if (size % 16 !== 0) {
      for (let i = size - 16; i < size; i++) values[i] = this.#uniform();
      normalsInPlace(values, size - 16);
    }
    return tensor(values, shape);
  }

  /** One normal by Box and Muller in float64; every second one comes from the pair drawn before. */
  #normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    const u1 = this.#uniformDouble();
    const u2 = this.#uniformDouble();
    // 1 - u2 is exact for multiples of 2^-53, so this is log1p(-u2)
    const radius = Math.sqrt(-2 * log(1 - u2));
    this.#spareNormal = radius * sin(TWO_PI * u1);
    return radius * cos(TWO_PI * u1);
  }

  /** torch.randint(low, high): whole numbers from low to high - 1, int32. */
  randint(low: number, high: number, ...shape: number[]): Tensor {
    const values = new Int32Array(shape.reduce((product, extent) => product * extent, 1));
    return tensor(
      values.map(() => low + (this.#twister.draw() % (high - low))),
      shape,
      "int32",
    );
  }

  /** torch.randperm: the whole numbers 0 to n - 1 in random order. */
  randperm(n: number): number[] {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n - 1; i++) {
      const j = i + (this.#twister.draw() % (n - i));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }

  /** torch.multinomial(p, 1): one index, drawn with probability proportional to p (any shape, read flat). */
  multinomial(p: Tensor): number {
    let best = 0;
    let largest = -Infinity;
    for (const [i, probability] of p.toArray().entries()) {
      const exponential = round(-log(1 - this.#uniformDouble()));
      const ratio = round(probability / exponential);
      if (ratio > largest) [best, largest] = [i, ratio];
    }
    return best;
  }

  /** torch.multinomial(p, count, replacement=True): indices, each drawn with probability proportional to p. */
  multinomialWithReplacement(p: Tensor, count: number): number[] {
    let total = 0;
    const sums = Float32Array.from(p.toArray(), (probability) => (total = round(total + probability)));
    const cumulative = sums.map((sum) => sum / total);
    cumulative[cumulative.length - 1] = 1;
    return Array.from({ length: count }, () => {
      const u = this.#uniformDouble();
      return cumulative.findIndex((sum) => sum >= u);
    });
  }
}

/** Sixteen uniforms from `start` on become sixteen normals (Box and Muller, in float32, element j paired with j + 8). */
function normalsInPlace(values: Float32Array, start: number): void {
  for (let j = start; j < start + 8; j++) {
    const u1 = round(1 - values[j]!);
    const u2 = values[j + 8]!;
    const radius = round(Math.sqrt(round(-2 * round(log(u1)))));
    const angle = round(TWO_PI * u2);
    values[j] = radius * round(cos(angle));
    values[j + 8] = radius * round(sin(angle));
  }
}

/** CPython's random.seed(seed); random.shuffle(items): a shuffled copy. The seed is a whole number below 2^32. */
export function pythonShuffle<Item>(items: readonly Item[], seed: number): Item[] {
  const twister = MersenneTwister.seededByArray([seed]);
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = randomBelow(twister, i + 1);
    const item = shuffled[i]!;
    shuffled[i] = shuffled[j]!;
    shuffled[j] = item;
  }
  return shuffled;
}

/** CPython's randbelow: as many bits as n has, drawn again until they are below n. */
function randomBelow(twister: MersenneTwister, n: number): number {
  const bits = 32 - Math.clz32(n);
  for (;;) {
    const value = twister.draw() >>> (32 - bits);
    if (value < n) return value;
  }
}
