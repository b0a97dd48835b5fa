import * as fc from "fast-check";
import type { Tensor } from "#tensor";

export const f32 = Math.fround;

/** Float32 numbers: of all kinds (NaN, infinite, -0), or ordinary, or subnormal, so that sums seldom end in NaN at once. */
export function numbers(length: number): fc.Arbitrary<number[]> {
  const fixedLength = { minLength: length, maxLength: length };
  const any = fc.float();
  const ordinary = fc.float({ min: -1000, max: 1000, noNaN: true });
  const tiny = fc.float({ min: -f32(2 ** -124), max: f32(2 ** -124), noNaN: true });
  return fc.oneof(...[any, ordinary, tiny].map((kind) => fc.array(kind, fixedLength)));
}

/** Extents from 0, so that empty tensors and single rows are among them. */
export const extents = (rank: number, max: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat({ max }), { minLength: rank, maxLength: rank });

export const filled = (shape: fc.Arbitrary<number[]>): fc.Arbitrary<{ shape: number[]; values: number[] }> =>
  shape.chain((shape) =>
    fc.record({ shape: fc.constant(shape), values: numbers(shape.reduce((size, extent) => size * extent, 1)) }),
  );

export const elements = (t: Tensor): number[] => [...t.toArray()];
