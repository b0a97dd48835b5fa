import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tensor } from "#tensor";
import { elements, extents, f32, filled, numbers } from "./arbitrary.ts";

// The order of additions in sums, bit for bit, written a second time as plain loops. toEqual distinguishes -0 from 0 and
// treats all NaN as equal.

fc.configureGlobal({ seed: 20240229, numRuns: 400 });

const inOrder = (xs: readonly number[]): number => xs.reduce((sum, x) => f32(sum + x), 0);

/** Element i goes to lane i mod 4; the lanes are added as (0+1)+(2+3). */
function inLanes(xs: readonly number[]): number {
  const lanes = [0, 1, 2, 3].map((lane) => inOrder(xs.filter((_, i) => i % 4 === lane)));
  const [lane0 = 0, lane1 = 0, lane2 = 0, lane3 = 0] = lanes;
  return f32(f32(lane0 + lane1) + f32(lane2 + lane3));
}

describe("sums add in float32, in a fixed order", () => {
  /** The elements summed into each result, for a reduction over one dimension. */
  function runs({ shape, values }: { shape: number[]; values: number[] }, dim: number): number[][] {
    const length = shape[dim] ?? 0;
    const inner = shape.slice(dim + 1).reduce((size, extent) => size * extent, 1);
    const outer = shape.slice(0, dim).reduce((size, extent) => size * extent, 1);
    return Array.from({ length: outer * inner }, (_, result) => {
      const first = Math.floor(result / inner) * length * inner + (result % inner);
      return Array.from({ length }, (_, i) => values[first + i * inner] ?? NaN);
    });
  }

  it.each([
    ["over dim 0 of a matrix, in order", 2, 0, inOrder],
    ["over dim 1 of a matrix, in four lanes", 2, 1, inLanes],
    ["over the only dimension, in order", 1, 0, inOrder],
    ["over dim 0 of three, in order", 3, 0, inOrder],
    ["over the middle one of three dimensions, in order", 3, 1, inOrder],
    ["over the last of three dimensions, in four lanes", 3, 2, inLanes],
  ])("%s", (_, rank, dim, summed) => {
    fc.assert(
      fc.property(filled(extents(rank, rank === 3 ? 6 : 11)), (a) => {
        expect(elements(tensor(a.values, a.shape).sum(dim))).toEqual(runs(a, dim).map(summed));
      }),
    );
  });

  it("of everything, in four lanes through all rows", () => {
    fc.assert(
      fc.property(filled(extents(2, 9)), ({ shape, values }) => {
        expect(tensor(values, shape).sum().item()).toBe(inLanes(values));
      }),
    );
  });
});

describe("matmul adds rounded products over k in order", () => {
  const factors = extents(3, 9).chain(([n = 0, k = 0, m = 0]) =>
    fc.record({ n: fc.constant(n), k: fc.constant(k), m: fc.constant(m), a: numbers(n * k), b: numbers(k * m) }),
  );

  /** Element (i, j) of a [n, k] @ b [k, m]. */
  function product({ n, k, m, a, b }: { n: number; k: number; m: number; a: number[]; b: number[] }): number[] {
    return Array.from({ length: n * m }, (_, at) => {
      const i = Math.floor(at / m);
      const j = at % m;
      return inOrder(Array.from({ length: k }, (_, l) => f32((a[i * k + l] ?? NaN) * (b[l * m + j] ?? NaN))));
    });
  }

  it("of two matrices", () => {
    fc.assert(
      fc.property(factors, (given) => {
        const { n, k, m, a, b } = given;
        expect(elements(tensor(a, [n, k]).matmul(tensor(b, [k, m])))).toEqual(product(given));
      }),
    );
  });

  it("for transposed operands as well", () => {
    fc.assert(
      fc.property(factors, (given) => {
        const { n, k, m, a, b } = given;
        const [left, right] = [tensor(a, [n, k]).T, tensor(b, [k, m]).T];
        expect(elements(left.T.matmul(right.T))).toEqual(product(given));
        expect(elements(right.matmul(left).T)).toEqual(product(given));
      }),
    );
  });
});
