import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ones, tensor, zeros } from "#tensor";
import * as plain from "../../grader/tensor/kernels.ts";
import { loadKernels } from "../../grader/tensor/memory.ts";
import { planBroadcast } from "../../grader/tensor/plans.ts";
import { broadcast, elements, everyPair, pairs, size, sources, type Pair } from "./arbitrary.ts";

const operations = {
  add: (x: number, y: number) => x + y,
  sub: (x: number, y: number) => x - y,
  mul: (x: number, y: number) => x * y,
  div: (x: number, y: number) => x / y,
};
const names = Object.keys(operations) as (keyof typeof operations)[];

/** Different elements of both signs. */
const elementsA = (shape: readonly number[]): Float32Array =>
  Float32Array.from({ length: size(shape) }, (_, i) => (i % 2 ? -1 : 1) * (i + 1));
/** Powers of two, so that every result with elementsA is exact. */
const elementsB = (shape: readonly number[]): Float32Array =>
  Float32Array.from({ length: size(shape) }, (_, i) => (i % 3 ? 1 : -1) * 2 ** ((i * 5) % 13));

/** The results by hand: for each position of the target, from the elements that a and b have there. */
function byHand(operation: keyof typeof operations, pair: Pair): number[] {
  const target = broadcast(pair);
  const [fromA, fromB] = [sources(pair.shapeA, target), sources(pair.shapeB, target)];
  const [a, b] = [elementsA(pair.shapeA), elementsB(pair.shapeB)];
  return fromA.map((at, i) => operations[operation](a[at]!, b[fromB[i]!]!));
}

describe("broadcasting", () => {
  it("repeats both operands in turn, over four dimensions", () => {
    const product = tensor([1, 2, 3, 4])
      .view(2, 1, 2, 1)
      .mul(tensor([1, 10, 100, 1000]).view(1, 2, 1, 2));
    expect(product.shape).toEqual([2, 2, 2, 2]);
    const [first, second] = [
      [1, 10, 2, 20, 100, 1000, 200, 2000],
      [3, 30, 4, 40, 300, 3000, 400, 4000],
    ];
    expect([...product.toArray()]).toEqual([...first, ...second]);
  });

  it("follows NumPy's rule in every way in which five dimensions can be in a, in b, in both or in neither", () => {
    for (const pair of everyPair) {
      const { shapeA, shapeB } = pair;
      const target = broadcast(pair);
      const out = new Float32Array(size(target));
      plain.binary("sub", elementsA(shapeA), elementsB(shapeB), out, planBroadcast(shapeA, shapeB, target));
      expect([...out], `[${shapeA}] - [${shapeB}]`).toEqual(byHand("sub", pair));
    }
  });

  it("follows NumPy's rule for all operations: a dimension that is 1 or missing is repeated", () => {
    expect(loadKernels()).toBe(true);
    const property = fc.property(pairs, fc.constantFrom(...names), (pair, operation) => {
      const target = broadcast(pair);
      const [a, b] = [tensor(elementsA(pair.shapeA), pair.shapeA), tensor(elementsB(pair.shapeB), pair.shapeB)];
      const result = a[operation](b);
      const expected = byHand(operation, pair);
      expect(result.shape).toEqual(target);
      expect(elements(result)).toEqual(expected);
      const slow = new Float32Array(expected.length);
      const plan = planBroadcast(pair.shapeA, pair.shapeB, target);
      plain.binary(operation, elementsA(pair.shapeA), elementsB(pair.shapeB), slow, plan);
      expect([...slow]).toEqual(expected);
      if (String(target) !== String(pair.shapeA)) return;
      expect(elements(a[`${operation}_`](b))).toEqual(expected);
    });
    fc.assert(property, { seed: 1, numRuns: 2000 });
  });

  it("expands as it broadcasts", () => {
    const property = fc.property(pairs, (pair) => {
      const target = broadcast(pair);
      const a = elementsA(pair.shapeA);
      const expanded = tensor(a, pair.shapeA).expand(target);
      expect(expanded.shape).toEqual(target);
      expect(elements(expanded)).toEqual(sources(pair.shapeA, target).map((at) => a[at]));
    });
    fc.assert(property, { seed: 2, numRuns: 500 });
  });

  it("repeats a row down the batch, and a column across it", () => {
    const matrix = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([...matrix.mul(tensor([1, 10, 100])).toArray()]).toEqual([1, 20, 300, 4, 50, 600]);
    expect([...matrix.mul(tensor([[1], [10]])).toArray()]).toEqual([1, 2, 3, 40, 50, 60]);
  });

  it("treats a number as a tensor without dimensions", () => {
    expect(tensor(3).shape).toEqual([]);
    expect(tensor(3).sub(1).item()).toBe(2);
    expect(zeros(2, 1).add(tensor(3)).shape).toEqual([2, 1]);
  });

  it("an extent of 0 with one of 1 gives an empty result", () => {
    expect(ones(0, 1).add(ones(1, 3)).shape).toEqual([0, 3]);
    expect(ones(3, 0).add(ones(1)).shape).toEqual([3, 0]);
  });

  it("in place keeps the tensor's own shape", () => {
    const a = ones(2, 3);
    expect(a.add_(tensor([1, 2, 3]))).toBe(a);
    expect([...a.toArray()]).toEqual([2, 3, 4, 2, 3, 4]);
  });
});
