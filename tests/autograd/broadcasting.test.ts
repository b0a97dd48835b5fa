import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tensor, type Tensor } from "#tensor";
import { inScratch } from "../../grader/autograd/float64-memory.ts";
import { Measured } from "../../grader/autograd/measured.ts";
import type { Operations } from "../../grader/autograd/operations.ts";
import { differentiate } from "../../grader/autograd/tape.ts";
import { broadcast, elements, everyPair, pairs, size, sources, type Pair } from "../tensor/arbitrary.ts";

type Name = "add" | "sub" | "mul" | "div";

/** Each operation with its local gradients with respect to x and y, and its magnitude. */
const operations: Record<Name, { f: Slope; slopeA: Slope; slopeB: Slope; size: Slope }> = {
  add: { f: (x, y) => x + y, slopeA: () => 1, slopeB: () => 1, size: (x, y) => Math.abs(x) + Math.abs(y) },
  sub: { f: (x, y) => x - y, slopeA: () => 1, slopeB: () => -1, size: (x, y) => Math.abs(x) + Math.abs(y) },
  mul: { f: (x, y) => x * y, slopeA: (_, y) => y, slopeB: (x) => x, size: (x, y) => Math.abs(x * y) },
  div: { f: (x, y) => x / y, slopeA: (_, y) => 1 / y, slopeB: (x, y) => -x / y / y, size: (x, y) => Math.abs(x / y) },
};
type Slope = (x: number, y: number) => number;

/** Small integers, and powers of two as divisors: every sum is exact even in float32, so its order does not matter. */
function elementsFor({ shapeA, shapeB }: Pair): { a: number[]; b: number[]; upstream: number[] } {
  return {
    a: Array.from({ length: size(shapeA) }, (_, i) => ((i * 7) % 23) - 11),
    b: Array.from({ length: size(shapeB) }, (_, i) => (i % 3 ? 1 : -1) * 2 ** ((i * 5) % 4)),
    upstream: Array.from({ length: size(broadcast({ shapeA, shapeB })) }, (_, i) => ((i * 3) % 17) - 8),
  };
}

interface Result {
  value: number[];
  da: number[];
  db: number[];
}

/** Value and gradients by hand: each position of the result passes back its upstream gradient times the local gradient. */
function byHand(name: Name, pair: Pair): { values: Result; sizes: Result } {
  const { f, slopeA, slopeB, size: sizeOfResult } = operations[name];
  const { a, b, upstream } = elementsFor(pair);
  const target = broadcast(pair);
  const [fromA, fromB] = [sources(pair.shapeA, target), sources(pair.shapeB, target)];
  const zeros = (): Result => ({ value: [], da: a.map(() => 0), db: b.map(() => 0) });
  const [values, sizes] = [zeros(), zeros()];
  for (const [i, g] of upstream.entries()) {
    const [atA, atB] = [fromA[i]!, fromB[i]!];
    const [x, y] = [a[atA]!, b[atB]!];
    values.value.push(f(x, y));
    values.da[atA]! += g * slopeA(x, y);
    values.db[atB]! += g * slopeB(x, y);
    sizes.value.push(sizeOfResult(x, y));
    sizes.da[atA]! += Math.abs(g * slopeA(x, y));
    sizes.db[atB]! += Math.abs(g * slopeB(x, y));
  }
  return { values, sizes };
}

/** 0 for -0: an empty sum, or a sum in another order, may be either. */
const unsigned = ({ value, da, db }: Result): Result => {
  const all = (numbers: number[]): number[] => numbers.map((x) => x + 0);
  return { value: all(value), da: all(da), db: all(db) };
};

function tensorsFor(pair: Pair): { a: Tensor; b: Tensor; upstream: Tensor } {
  const { a, b, upstream } = elementsFor(pair);
  return { a: tensor(a, pair.shapeA), b: tensor(b, pair.shapeB), upstream: tensor(upstream, broadcast(pair)) };
}

const expression =
  (name: Name) =>
  <X extends Operations<X>>({ a, b }: Record<"a" | "b", X>): X =>
    a[name](b);

function checkFloat32(name: Name, pair: Pair): void {
  const { a, b, upstream } = tensorsFor(pair);
  const gradients = differentiate(expression(name), { a, b }, upstream);
  expect(gradients.a!.shape).toEqual(pair.shapeA);
  expect(gradients.b!.shape).toEqual(pair.shapeB);
  const found = { value: elements(a[name](b)), da: elements(gradients.a!), db: elements(gradients.b!) };
  expect(unsigned(found), `${name} of [${pair.shapeA}] and [${pair.shapeB}]`).toEqual(
    unsigned(byHand(name, pair).values),
  );
}

function checkFloat64(name: Name, pair: Pair): void {
  const given = tensorsFor(pair);
  const inputs = { a: Measured.from(given.a), b: Measured.from(given.b) };
  const gradients = differentiate(expression(name), inputs, Measured.from(given.upstream));
  const value = inputs.a[name](inputs.b);
  const of = (read: (x: Measured) => Float64Array): Result =>
    unsigned({ value: [...read(value)], da: [...read(gradients.a!)], db: [...read(gradients.b!)] });
  const expected = byHand(name, pair);
  const which = `${name} of [${pair.shapeA}] and [${pair.shapeB}]`;
  expect(
    of((x) => x.value),
    which,
  ).toEqual(unsigned(expected.values));
  expect(
    of((x) => x.magnitude),
    `magnitudes, ${which}`,
  ).toEqual(expected.sizes);
}

const checks: [arithmetic: string, check: (name: Name, pair: Pair) => void][] = [
  ["float32", checkFloat32],
  ["float64 with magnitudes", checkFloat64],
  ["float64 with magnitudes, by SIMD", (name, pair) => inScratch(() => checkFloat64(name, pair))],
];

describe.each(checks)("in %s, what is broadcast forward is summed backward", (_, check) => {
  it("for every way in which five dimensions can be in a, in b, in both or in neither", () => {
    for (const [i, pair] of everyPair.entries()) check(i % 2 === 0 ? "mul" : "div", pair);
  });

  it("for all operations, also with extents of 0 and 1 and with fewer dimensions", () => {
    const names = Object.keys(operations) as Name[];
    fc.assert(
      fc.property(fc.constantFrom(...names), pairs, (name, pair) => check(name, pair)),
      { seed: 3, numRuns: 1000 },
    );
  });
});

it("the backward pass of expand sums what it repeated", () => {
  const expand = fc.property(pairs, (pair) => {
    const target = broadcast(pair);
    const { a } = tensorsFor(pair);
    const upstream = tensor(elementsFor(pair).upstream, target);
    const expected = elements(a).map(() => 0);
    for (const [i, at] of sources(pair.shapeA, target).entries()) expected[at]! += upstream.toArray()[i]!;
    const fast = differentiate(({ a }) => a.expand(...target), { a }, upstream).a!;
    const slow = differentiate(({ a }) => a.expand(...target), { a: Measured.from(a) }, Measured.from(upstream)).a!;
    expect(elements(fast).map((x) => x + 0)).toEqual(expected.map((x) => x + 0));
    expect([...slow.value].map((x) => x + 0)).toEqual(expected.map((x) => x + 0));
  });
  fc.assert(expand, { seed: 4, numRuns: 300 });
});
