import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as float64 from "../../grader/autograd/float64.ts";
import { allocate, inScratch } from "../../grader/autograd/float64-memory.ts";
import { planBroadcast, planProduct, planReduction, planSwap } from "../../grader/tensor/plans.ts";
import { broadcastShapes, sizeOf } from "../../grader/tensor/shape.ts";

fc.configureGlobal({ seed: 20240229, numRuns: 300 });

const special = [0, -0, 1, NaN, Infinity, -Infinity, 2 ** -1074, 1e-310, 1e308];
const value = fc.oneof(
  { weight: 20, arbitrary: fc.double({ noNaN: true, min: -30, max: 30 }) },
  { weight: 4, arbitrary: fc.double({ noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(...special) },
);
const values = fc.array(value, { minLength: 5, maxLength: 97 });
const positive = fc.array(fc.double({ min: 1e-300, noNaN: true, noDefaultInfinity: true }), { minLength: 3 });
const extent = fc.integer({ min: 0, max: 23 });
const shape = fc.array(extent, { minLength: 1, maxLength: 3 });

function filled(count: number, from: readonly number[], step = 1): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => from[(step * i + step) % from.length]!);
}

/** Expects the same bits from the plain loops and in the kernels' memory; all NaN count as equal. */
function expectSame(compute: (copy: (a: Float64Array) => Float64Array) => Float64Array): void {
  const bits = (a: Float64Array): bigint[] => [...new BigInt64Array(a.map((x) => (x !== x ? NaN : x)).slice().buffer)];
  const plain = bits(compute((a) => a));
  const fast = inScratch(() => {
    const out = compute((a) => {
      const copy = allocate(a.length);
      copy.set(a);
      return copy;
    });
    // it really is in that memory
    expect(out.buffer.byteLength).toBeGreaterThan(2 ** 24);
    return bits(out);
  });
  expect(fast).toEqual(plain);
}

describe("the float64 SIMD kernels give the same bits as the plain loops", () => {
  it("for operations on two operands, however they broadcast, and for the magnitudes of products and quotients", () => {
    fc.assert(
      fc.property(
        shape,
        fc.array(fc.boolean(), { maxLength: 3 }),
        fc.boolean(),
        fc.constantFrom("add", "sub", "mul", "div" as const),
        values,
        (whole, ones, isSwapped, operation, from) => {
          const other = whole.map((extent, d) => (ones[d] ? 1 : extent));
          const [shapeA, shapeB] = isSwapped ? [other, whole] : [whole, other];
          const plan = planBroadcast(shapeA, shapeB, broadcastShapes("add", shapeA, shapeB));
          const [a, b] = [filled(sizeOf(shapeA), from), filled(sizeOf(shapeB), from, 7)];
          expectSame((copy) => float64.combine(operation, copy(a), copy(b), plan));
          if (operation !== "mul" && operation !== "div") return;
          const sizes = [a, b].map((x) => x.map((value, i) => Math.abs(value) * (1 + (i % 3))));
          expectSame((copy) =>
            float64.combineSizes(
              operation,
              { value: copy(a), magnitude: copy(sizes[0]!) },
              { value: copy(b), magnitude: copy(sizes[1]!) },
              plan,
            ),
          );
        },
      ),
    );
  });

  it("for variances: of roundings, and carried through functions", () => {
    const factor = fc.constantFrom(1 / 12, 3.5);
    const exponent = fc.constantFrom(2, -0.5, -1.5, 3);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 97 }),
        values,
        values,
        factor,
        exponent,
        (count, from, other, by, power) => {
          const [a, b, c] = [filled(count, from), filled(count, other, 3), filled(count, from, 7)];
          expectSame((copy) => float64.withRoundings(undefined, copy(a), by));
          expectSame((copy) => float64.withRoundings(copy(b), copy(a), by));
          expectSame((copy) => {
            const variance = copy(b.slice());
            return float64.withRoundings(variance, copy(a), by, variance);
          });
          expectSame((copy) => {
            const out = copy(c.slice());
            float64.addCarried(copy(a), copy(b), out);
            return out;
          });
          expectSame((copy) => float64.powerSlopes(copy(a), copy(b), power));
        },
      ),
    );
  });

  it("for functions, magnitudes and transposes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("exp", "log", "tanh", "neg", "sqrt" as const),
        extent,
        extent,
        fc.oneof(values, positive),
        (name, rows, columns, from) => {
          const a = filled(rows * columns, from);
          expectSame((copy) => float64.map(name, copy(a)));
          expectSame((copy) => float64.sizesOf(copy(a)));
          const batch = filled(3 * rows * columns, from);
          expectSame((copy) => float64.swap(copy(batch), planSwap([3, rows, columns], 1, 2)));
          expectSame((copy) => float64.swap(copy(batch), planSwap([3, rows, columns], 0, 1)));
        },
      ),
    );
  });

  it("for sums", () => {
    fc.assert(
      fc.property(shape, fc.nat(2), values, (whole, dim, from) => {
        const a = filled(sizeOf(whole), from);
        expectSame((copy) => float64.sum(copy(a), planReduction(whole, dim % whole.length)));
      }),
    );
  });

  it("for products of operands that are in that memory or copied to it", () => {
    const side = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(side, side, side, values, (n, k, m, from) => {
        const [a, b] = [filled(n * k, from), filled(k * m, from, 7)];
        const plan = planProduct([n, k], [k, m]);
        const expected = new Float64Array(n * m);
        for (let i = 0; i < n; i++)
          for (let j = 0; j < m; j++) for (let l = 0; l < k; l++) expected[i * m + j]! += a[i * k + l]! * b[l * m + j]!;
        expect([...float64.multiply(a, b, plan)]).toEqual([...expected]);
        expectSame((copy) => float64.multiply(copy(a), copy(b), plan));
        const [batchA, batchB] = [filled(2 * n * k, from), filled(3 * k * m, from, 7)];
        const batches = planProduct([2, 1, n, k], [3, k, m]);
        expectSame((copy) => float64.multiply(copy(batchA), copy(batchB), batches));
      }),
    );
  });
});
