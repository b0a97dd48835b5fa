import * as fc from "fast-check";
import type { Tensor } from "#tensor";

export const f32 = Math.fround;

/** Float32 numbers of all kinds (NaN, infinite, -0), or only ordinary or subnormal ones, so that not every sum is NaN. */
export function numbers(length: number): fc.Arbitrary<number[]> {
  const fixedLength = { minLength: length, maxLength: length };
  const any = fc.float();
  const ordinary = fc.float({ min: -1000, max: 1000, noNaN: true });
  const tiny = fc.float({ min: -f32(2 ** -124), max: f32(2 ** -124), noNaN: true });
  return fc.oneof(...[any, ordinary, tiny].map((kind) => fc.array(kind, fixedLength)));
}

/** Extents from 0 up, so that empty tensors and single rows are included. */
export const extents = (rank: number, max: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat({ max }), { minLength: rank, maxLength: rank });

export const filled = (shape: fc.Arbitrary<number[]>): fc.Arbitrary<{ shape: number[]; values: number[] }> =>
  shape.chain((shape) =>
    fc.record({ shape: fc.constant(shape), values: numbers(shape.reduce((size, extent) => size * extent, 1)) }),
  );

export const elements = (t: Tensor): number[] => [...t.toArray()];

/** Two shapes that broadcast. */
export interface Pair {
  shapeA: number[];
  shapeB: number[];
}

/** The tensors that have a dimension's extent; the others have 1. */
const owners = ["a", "b", "both", "none"] as const;
type Owner = (typeof owners)[number];

/** The two shapes, dimension by dimension, without up to `droppedA` and `droppedB` leading dimensions of extent 1. */
export function pairOf(dimensions: readonly [Owner, number][], droppedA = 0, droppedB = 0): Pair {
  const shape = (who: "a" | "b", dropped: number): number[] => {
    const whole = dimensions.map(([owner, extent]) => (owner === who || owner === "both" ? extent : 1));
    const first = whole.findIndex((extent) => extent !== 1);
    return whole.slice(Math.min(dropped, first < 0 ? whole.length : first));
  };
  return { shapeA: shape("a", droppedA), shapeB: shape("b", droppedB) };
}

/** Up to five dimensions, each with its extent in a, in b, in both or in neither. */
export const pairs: fc.Arbitrary<Pair> = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.constantFrom(...owners),
        fc.oneof({ weight: 9, arbitrary: fc.constantFrom(2, 3) }, fc.constantFrom(0, 1, 5)),
      ),
      { maxLength: 5 },
    ),
    fc.nat(5),
    fc.nat(5),
  )
  .map(([dimensions, droppedA, droppedB]) => pairOf(dimensions, droppedA, droppedB));

/** All 1,024 ways in which five dimensions can be in a, in b, in both or in neither. */
export const everyPair: readonly Pair[] = Array.from({ length: owners.length ** 5 }, (_, code) =>
  pairOf([2, 3, 2, 3, 2].map((extent, d) => [owners[Math.floor(code / 4 ** d) % 4]!, extent])),
);

export const size = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** NumPy's rule, from the last dimension: equal extents, or the other one if one is 1. */
export function broadcast({ shapeA, shapeB }: Pair): number[] {
  const rank = Math.max(shapeA.length, shapeB.length);
  return Array.from({ length: rank }, (_, d) => {
    const x = shapeA[shapeA.length - rank + d] ?? 1;
    const y = shapeB[shapeB.length - rank + d] ?? 1;
    return x === 1 ? y : x;
  });
}

/** For each element of the target, row by row: the flat index of its source in the shape that broadcasts to it. */
export function sources(shape: readonly number[], target: readonly number[]): number[] {
  return Array.from({ length: size(target) }, (_, flat) => {
    let at = 0;
    let stride = 1;
    for (let d = target.length - 1; d >= 0; d--) {
      const extent = shape[d - target.length + shape.length] ?? 1;
      if (extent !== 1) at += stride * (flat % target[d]!);
      stride *= extent;
      flat = Math.floor(flat / target[d]!);
    }
    return at;
  });
}
