import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ones, tensor, zeros } from "#tensor";

const size = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** Two shapes that broadcast, made from a common one: leading dimensions dropped, some extents set to 1. */
const shapes = fc.array(fc.nat({ max: 4 }), { maxLength: 4 }).chain((target) => {
  const part = fc
    .tuple(fc.nat({ max: target.length }), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
    .map(([dropped, repeated]) => target.map((extent, d) => (repeated[d] ? 1 : extent)).slice(dropped));
  return fc.tuple(part, part);
});

/** NumPy's rule, from the last dimension: the larger extent, or the other one where one is 1. */
function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, d) => {
    const x = a[a.length - rank + d] ?? 1;
    const y = b[b.length - rank + d] ?? 1;
    return x === 1 ? y : x;
  });
}

/** All positions of a shape, row by row. */
function positions(shape: readonly number[]): number[][] {
  return Array.from({ length: size(shape) }, (_, flat) => {
    const position: number[] = [];
    for (const extent of shape.toReversed()) {
      position.unshift(flat % extent);
      flat = Math.floor(flat / extent);
    }
    return position;
  });
}

/** Where a shape has its element for a position of the broadcast result. */
const within = (shape: readonly number[], position: readonly number[]): number[] =>
  position.slice(position.length - shape.length).map((i, d) => (shape[d] === 1 ? 0 : i));

describe("broadcasting", () => {
  it("follows NumPy's rule: a dimension that is 1 or missing is repeated", () => {
    const property = fc.property(shapes, ([shapeA, shapeB]) => {
      const a = tensor(
        Array.from({ length: size(shapeA) }, (_, i) => i + 1),
        shapeA,
      );
      const b = tensor(
        Array.from({ length: size(shapeB) }, (_, i) => 1000 * i),
        shapeB,
      );
      const sum = a.add(b);
      expect(sum.shape).toEqual(broadcast(shapeA, shapeB));
      const expected = positions(sum.shape).map((at) => a.get(...within(shapeA, at)) + b.get(...within(shapeB, at)));
      expect([...sum.toArray()]).toEqual(expected);
    });
    fc.assert(property, { seed: 1, numRuns: 1000 });
  });

  it("repeats a row down the batch, and a column across it", () => {
    const matrix = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([...matrix.mul(tensor([1, 10, 100])).toArray()]).toEqual([1, 20, 300, 4, 50, 600]);
    expect([...matrix.mul(tensor([[1], [10]])).toArray()]).toEqual([1, 2, 3, 40, 50, 60]);
  });

  it("takes a number as a tensor of no dimensions", () => {
    expect(tensor(3).shape).toEqual([]);
    expect(tensor(3).sub(1).item()).toBe(2);
    expect(zeros(2, 1).add(tensor(3)).shape).toEqual([2, 1]);
  });

  it("of an extent 0 with 1 is empty", () => {
    expect(ones(0, 1).add(ones(1, 3)).shape).toEqual([0, 3]);
    expect(ones(3, 0).add(ones(1)).shape).toEqual([3, 0]);
  });

  it("in place keeps the tensor's own shape", () => {
    const a = ones(2, 3);
    expect(a.add_(tensor([1, 2, 3]))).toBe(a);
    expect([...a.toArray()]).toEqual([2, 3, 4, 2, 3, 4]);
  });
});
