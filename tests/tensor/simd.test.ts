import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as plain from "../../grader/tensor/kernels.ts";
import * as simd from "../../grader/tensor/simd.ts";

fc.configureGlobal({ seed: 20240229, numRuns: 150 });

const special = [0, -0, 1, -1, NaN, Infinity, -Infinity, 2 ** -149, -(2 ** -149), 2 ** -126, 3.4e38, -3.4e38, 1e-40];
const value = fc.oneof(
  { weight: 20, arbitrary: fc.float({ noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(...special) },
);

/** Bits, every NaN being the same. */
function bits(values: Float32Array): number[] {
  return [...new Int32Array(Float32Array.from(values, (x) => (x !== x ? NaN : x)).buffer)];
}

describe("the SIMD matmul", () => {
  const compare = (n: number, k: number, m: number, values: readonly number[]): void => {
    const a = Float32Array.from({ length: n * k }, (_, i) => values[i % values.length]!);
    const b = Float32Array.from({ length: k * m }, (_, i) => values[(7 * i + 3) % values.length]!);
    const [fast, slow] = [new Float32Array(n * m), new Float32Array(n * m)];
    simd.matmul(a, b, fast, n, k, m);
    plain.matmul(a, b, slow, n, k, m);
    expect(bits(fast)).toEqual(bits(slow));
  };

  it("gives the plain one's bits for all shapes and values", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 70 }),
        fc.array(value, { minLength: 5, maxLength: 211 }),
        compare,
      ),
    );
  });

  it("gives them for the course's sizes and for larger ones", () => {
    const values = Array.from({ length: 997 }, (_, i) => Math.fround(Math.sin(i) * 10 ** ((i % 9) - 4)));
    for (const [n, k, m] of [
      [32, 30, 200],
      [30, 32, 200],
      [200, 32, 27],
      [1, 4096, 1],
      [4096, 1, 1],
      [300, 300, 300],
    ] as const) {
      compare(n, k, m, values);
    }
  });
});
