import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import * as compute from "../../grader/tensor/compute.ts";
import * as plain from "../../grader/tensor/kernels.ts";
import { loadKernels } from "../../grader/tensor/memory.ts";
import { planBroadcast, planReduction, planSwap } from "../../grader/tensor/plans.ts";
import { broadcastShapes, sizeOf, type Shape } from "../../grader/tensor/shape.ts";
import { tensor } from "../../grader/tensor/index.ts";
import { Storage } from "../../grader/tensor/storage.ts";
import { pairs } from "./arbitrary.ts";

fc.configureGlobal({ seed: 20240229, numRuns: 300 });

beforeAll(() => {
  expect(loadKernels()).toBe(true);
});

const special = [0, -0, 1, -1, NaN, Infinity, -Infinity, 2 ** -149, -(2 ** -149), 2 ** -126, 3.4e38, -3.4e38, 1e-40];
const value = fc.oneof(
  { weight: 20, arbitrary: fc.float({ noNaN: true }) },
  { weight: 3, arbitrary: fc.float({ min: -4, max: 4, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(...special) },
  // any bits at all, including NaN of every payload and sign
  { weight: 2, arbitrary: fc.nat(2 ** 32 - 1).map((bits) => new Float32Array(Uint32Array.of(bits).buffer)[0]!) },
);
/** Fewer values than elements: they are repeated out of step with the rows. */
const values = fc.array(value, { minLength: 5, maxLength: 211 });
const extent = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 37 }) }, fc.constantFrom(0, 1, 64, 65));
const shape = fc.array(extent, { minLength: 1, maxLength: 3 });

function filled(count: number, from: readonly number[], step = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => from[(step * i + step) % from.length]!);
}

/** Elements in the kernels' memory, which these tests need. */
function inMemory(elements: Float32Array | Int32Array): Storage {
  const storage = Storage.of(elements.slice());
  expect(storage.enter()).toBe(true);
  return storage;
}

function emptyInMemory(length: number, dtype: "float32" | "int32" = "float32"): Storage {
  const out = Storage.empty(length, dtype);
  expect(out.address).toBeGreaterThanOrEqual(0);
  // the old content must not matter
  out.elements.fill(77);
  return out;
}

/** Expects the same bits; all NaN count as equal. */
function expectSame(fast: Storage, slow: Float32Array | Int32Array): void {
  const bits = (elements: Float32Array | Int32Array): Int32Array =>
    elements instanceof Int32Array ? elements : new Int32Array(elements.map((x) => (x !== x ? NaN : x)).buffer);
  const [a, b] = [bits(fast.elements), bits(slow)];
  const at = a.findIndex((x, i) => x !== b[i]);
  expect({ length: a.length, at, value: fast.elements[at] }).toEqual({ length: b.length, at: -1, value: slow[at] });
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Memory is freed between turns of the event loop, once it is collected: whenever it will, but here before it runs out. */
function forAll<T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  check: (...given: T) => void,
): Promise<void> {
  const all = fc.tuple(...arbitraries) as unknown as fc.Arbitrary<T>;
  let runs = 0;
  const property = fc.asyncProperty(all, async (given) => {
    if (runs++ % 64 === 0) {
      collect();
      await new Promise(setImmediate);
    }
    check(...given);
  });
  return fc.assert(property);
}

/** A shape that broadcasts with the given one. */
function partner(shape: Shape, ones: readonly boolean[], dropped: number): number[] {
  return shape.map((extent, d) => (ones[d] ? 1 : extent)).slice(dropped % (shape.length + 1));
}

describe("the SIMD kernels give the same bits as the plain ones:", () => {
  for (const operation of ["add", "sub", "mul", "div"] as const) {
    it(`${operation}, however it broadcasts, also in place`, () =>
      forAll(
        [shape, fc.array(fc.boolean(), { maxLength: 3 }), fc.nat(3), fc.boolean(), values],
        (whole, ones, dropped, isSwapped, from) => {
          const other = partner(whole, ones, dropped);
          const [shapeA, shapeB] = isSwapped ? [other, whole] : [whole, other];
          const target = broadcastShapes(operation, shapeA, shapeB);
          const plan = planBroadcast(shapeA, shapeB, target);
          const [a, b] = [filled(sizeOf(shapeA), from), filled(sizeOf(shapeB), from, 7)];
          const slow = new Float32Array(sizeOf(target));
          plain.binary(operation, a, b, slow, plan);
          const out = emptyInMemory(slow.length);
          compute.binary(operation, inMemory(a), inMemory(b), out, plan);
          expectSame(out, slow);
          if (slow.length !== a.length) return;
          const same = inMemory(a);
          compute.binary(operation, same, inMemory(b), same, plan);
          expectSame(same, slow);
        },
      ));

    it(`${operation} with a number`, () =>
      forAll([shape, value, values], (whole, number, from) => {
        const plan = planBroadcast(whole, [], whole);
        const a = filled(sizeOf(whole), from);
        const slow = new Float32Array(a.length);
        plain.binary(operation, a, Float32Array.of(number), slow, plan);
        const out = emptyInMemory(a.length);
        compute.binary(operation, inMemory(a), number, out, plan);
        expectSame(out, slow);
      }));
  }

  it("all four, with both operands broadcasting in turn over up to five dimensions", () =>
    forAll([pairs, fc.constantFrom("add", "sub", "mul", "div"), values], ({ shapeA, shapeB }, operation, from) => {
      const target = broadcastShapes(operation, shapeA, shapeB);
      const plan = planBroadcast(shapeA, shapeB, target);
      const [a, b] = [filled(sizeOf(shapeA), from), filled(sizeOf(shapeB), from, 7)];
      const slow = new Float32Array(sizeOf(target));
      plain.binary(operation, a, b, slow, plan);
      const out = emptyInMemory(slow.length);
      compute.binary(operation, inMemory(a), inMemory(b), out, plan);
      expectSame(out, slow);
    }));

  it("maskedFill, however it broadcasts", () =>
    forAll([pairs, fc.infiniteStream(fc.boolean()), value, values], ({ shapeA, shapeB }, marks, number, from) => {
      const target = broadcastShapes("maskedFill", shapeA, shapeB);
      const plan = planBroadcast(shapeA, shapeB, target);
      const a = filled(sizeOf(shapeA), from);
      const mask = Int32Array.from({ length: sizeOf(shapeB) }, () => Number(marks.next().value));
      const slow = new Float32Array(sizeOf(target));
      plain.maskedFill(a, mask, number, slow, plan);
      const out = emptyInMemory(slow.length);
      compute.maskedFill(inMemory(a), inMemory(mask), number, out, plan);
      expectSame(out, slow);
    }));

  it("softmax over the last dimension, also of nothing but -Infinity, NaN or zeros of both signs", () =>
    forAll(
      [
        fc.nat(9),
        fc.integer({ min: 1, max: 70 }),
        fc.oneof({ weight: 4, arbitrary: values }, fc.array(fc.constantFrom(...special), { minLength: 1 })),
        fc.double({ min: -90, max: 90, noNaN: true }),
      ],
      (rows, length, from, shift) => {
        // numbers of any magnitude, and such that most exponentials are neither 0 nor 1
        for (const a of [filled(rows * length, from), filled(rows * length, from).map((x) => shift + (x % 8))]) {
          const slow = new Float32Array(a.length);
          plain.softmax(a, slow, length);
          const out = emptyInMemory(a.length);
          compute.softmax(inMemory(a), out, length);
          expectSame(out, slow);
        }
      },
    ));

  it("softmax, as max, sub, exp, sum and div one after the other", () =>
    forAll([fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 70 }), values], (rows, length, from) => {
      const x = tensor(filled(rows * length, from), [rows, length]);
      const counts = x.sub(x.max(1, true).values).exp();
      const parts = counts.div(counts.sum(1, true));
      expectSame(Storage.of(x.softmax(1).toArray()), parts.toArray());
    }));

  for (const operation of ["neg", "exp", "log", "tanh", "sqrt"] as const) {
    it(`${operation}, for numbers of every magnitude`, () => {
      // every 4,099th float32, including NaN and subnormal numbers
      const all = new Float32Array(Int32Array.from({ length: 2 ** 20 }, (_, i) => 4099 * i).buffer);
      for (let start = 0; start < all.length; start += 65_521) {
        const a = all.subarray(start, start + 65_521);
        const slow = new Float32Array(a.length);
        plain.unary(operation, a, slow);
        const out = emptyInMemory(a.length);
        compute.unary(operation, inMemory(a), out);
        expectSame(out, slow);
      }
    });

    it(`${operation}, for those near 0 and 1, of any count`, () =>
      forAll(
        [fc.integer({ min: 0, max: 40 }), fc.array(fc.float({ min: -25, max: 25 }), { minLength: 3 })],
        (n, from) => {
          const a = filled(n, from);
          const slow = new Float32Array(n);
          plain.unary(operation, a, slow);
          const out = emptyInMemory(n);
          compute.unary(operation, inMemory(a), out);
          expectSame(out, slow);
        },
      ));
  }

  it("clamp, which has no kernel of its own and reads their memory", () =>
    forAll([fc.integer({ min: 0, max: 40 }), values, fc.float(), fc.float()], (n, from, min, max) => {
      const a = filled(n, from);
      const slow = new Float32Array(n);
      plain.clamp(a, min, max, slow);
      const out = emptyInMemory(n);
      compute.clamp(inMemory(a), min, max, out);
      expectSame(out, slow);
    }));

  const exponents = [
    2,
    1,
    -1,
    -2,
    0,
    0.5,
    -0.5,
    3,
    -3,
    1.5,
    0.1,
    -7.25,
    40,
    2 ** 53,
    2 ** 60,
    NaN,
    Infinity,
    -Infinity,
  ];

  it("pow, for every exponent", () =>
    forAll(
      [fc.integer({ min: 0, max: 40 }), values, fc.oneof(fc.constantFrom(...exponents), fc.double())],
      (n, from, exponent) => {
        const a = filled(n, from);
        const slow = new Float32Array(n);
        plain.power(a, exponent, slow);
        const out = emptyInMemory(n);
        compute.power(inMemory(a), exponent, out);
        expectSame(out, slow);
      },
    ));

  it("sums and maxima over each dimension", () =>
    forAll([shape, fc.nat(2), values], (whole, dim, from) => {
      const plan = planReduction(whole, dim % whole.length);
      const a = filled(sizeOf(whole), from);
      const slow = new Float32Array(plan.outer * plan.inner);
      plain.sum(a, slow, plan);
      const out = emptyInMemory(slow.length);
      compute.sum(inMemory(a), out, plan);
      expectSame(out, slow);
      if (plan.length === 0) return;
      const indices = new Int32Array(slow.length);
      plain.max(a, slow, indices, plan);
      const fastIndices = emptyInMemory(slow.length, "int32");
      compute.max(inMemory(a), out, fastIndices, plan);
      expectSame(out, slow);
      expectSame(fastIndices, indices);
    }));

  it("a sum of everything, and maxima of equal elements", () =>
    forAll([fc.integer({ min: 0, max: 300 }), fc.constantFrom(special, [0, -0], [1, 2, 2], [NaN, 3])], (n, from) => {
      const plan = planReduction([1, n], 1);
      const a = filled(n, from, 3);
      const slow = new Float32Array(1);
      plain.sum(a, slow, plan);
      const out = emptyInMemory(1);
      compute.sum(inMemory(a), out, plan);
      expectSame(out, slow);
      if (n === 0) return;
      const [index, fastIndex] = [new Int32Array(1), emptyInMemory(1, "int32")];
      plain.max(a, slow, index, plan);
      compute.max(inMemory(a), out, fastIndex, plan);
      expectSame(out, slow);
      expectSame(fastIndex, index);
    }));

  function compareProducts(n: number, k: number, m: number, from: readonly number[]): void {
    const [a, b] = [filled(n * k, from), filled(k * m, from, 7)];
    for (const turnedA of [false, true]) {
      for (const turnedB of [false, true]) {
        const plan = { n, k, m, turnedA, turnedB };
        const slow = new Float32Array(n * m);
        plain.matmul(a, b, slow, plan);
        const out = emptyInMemory(n * m);
        compute.matmul(inMemory(a), inMemory(b), out, plan);
        expectSame(out, slow);
      }
    }
  }

  it("matmul, each operand transposed or not", () => {
    const side = fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 40 }) },
      fc.constantFrom(1, 2, 70, 257, 300),
    );
    return forAll([side, side, side, values], compareProducts);
  });

  it("matmul, for the course's sizes and for larger ones", () => {
    const from = Array.from({ length: 997 }, (_, i) => Math.fround(Math.sin(i) * 10 ** ((i % 9) - 4)));
    for (const [n, k, m] of [
      [32, 30, 200],
      [30, 32, 200],
      [200, 32, 27],
      [1, 4096, 1],
      [4096, 1, 1],
      [300, 300, 300],
    ] as const) {
      compareProducts(n, k, m, from);
    }
  });

  it("a product with a transposed operand is the product with the transposed matrix", () =>
    forAll([extent, extent, extent, values], (n, k, m, from) => {
      const [a, b] = [filled(n * k, from), filled(k * m, from, 7)];
      const [turnedA, turnedB] = [new Float32Array(n * k), new Float32Array(k * m)];
      plain.transpose(a, turnedA, n, k);
      plain.transpose(b, turnedB, k, m);
      const expected = new Float32Array(n * m);
      plain.matmul(a, b, expected, { n, k, m, turnedA: false, turnedB: false });
      const out = new Float32Array(n * m);
      plain.matmul(turnedA, turnedB, out, { n, k, m, turnedA: true, turnedB: true });
      expectSame(Storage.of(out), expected);
    }));

  it("products of batches, matrix by matrix, with some used several times", () => {
    const side = fc.integer({ min: 0, max: 20 });
    const starts = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 6 });
    const turned = fc.tuple(fc.boolean(), fc.boolean());
    const run = fc.record({ count: fc.nat(4), stepA: fc.nat(1), stepB: fc.nat(1) });
    return forAll([side, side, side, starts, run, turned, values], (n, k, m, pairs, run, [turnedA, turnedB], from) => {
      const { count, stepA, stepB } = run;
      const [a, b] = [filled(7 * n * k, from), filled(7 * k * m, from, 7)];
      const plan = { n, k, m, turnedA, turnedB };
      const slow = new Float32Array(pairs.length * count * n * m);
      for (const [i, [x, y]] of pairs.entries()) {
        for (let j = 0; j < count; j++) {
          const [first, second] = [a.subarray((x + j * stepA) * n * k), b.subarray((y + j * stepB) * k * m)];
          plain.matmul(first, second, slow.subarray((i * count + j) * n * m), plan);
        }
      }
      const batch = {
        starts: pairs.map(([x, y]) => [x * n * k, y * k * m] as const),
        count,
        stepA: stepA * n * k,
        stepB: stepB * k * m,
      };
      const out = emptyInMemory(slow.length);
      compute.matmul(inMemory(a), inMemory(b), out, plan, batch);
      expectSame(out, slow);
    });
  });

  it("two dimensions swapped: the last two of a batch, and any others", () =>
    forAll([fc.array(fc.nat(9), { minLength: 2, maxLength: 4 }), fc.nat(3), fc.nat(3), values], (whole, i, j, from) => {
      const [first, second] = [Math.min(i, j) % whole.length, Math.max(i, j) % whole.length];
      fc.pre(first < second);
      const plan = planSwap(whole, first, second);
      const a = filled(sizeOf(whole), from);
      const slow = new Float32Array(a.length);
      plain.swap(a, slow, plan);
      const out = emptyInMemory(a.length);
      compute.swap(inMemory(a), out, plan);
      expectSame(out, slow);
    }));

  it("transposes, fills and copies", () =>
    forAll([extent, extent, values, value], (rows, columns, from, number) => {
      const a = filled(rows * columns, from);
      const slow = new Float32Array(a.length);
      plain.transpose(a, slow, rows, columns);
      const out = emptyInMemory(a.length);
      compute.swap(inMemory(a), out, planSwap([rows, columns], 0, 1));
      expectSame(out, slow);
      expectSame(out.copy(), slow);
      compute.fill(out, number);
      expectSame(out, slow.fill(number));
    }));

  it("rows gathered and added by index", () =>
    forAll(
      [fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 23 }), fc.array(fc.nat(8)), values],
      (rows, width, at, from) => {
        const index = Int32Array.from(at, (i) => i % rows);
        const a = filled(rows * width, from);
        const taken = new Float32Array(index.length * width);
        plain.gatherRows(a, index, taken, width);
        const out = emptyInMemory(taken.length);
        compute.gatherRows(inMemory(a), inMemory(index), out, width);
        expectSame(out, taken);
        const source = filled(taken.length, from, 5);
        const sums = inMemory(a);
        compute.addRows(sums, inMemory(index), inMemory(source), width);
        plain.addRows(a, index, source, width);
        expectSame(sums, a);
      },
    ));

  it("single elements gathered and added by index, along the last dimension and others", () =>
    forAll(
      [
        fc.nat(9),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(5),
        fc.constantFrom(1, 1, 3),
        fc.infiniteStream(fc.nat(8)),
        values,
      ],
      (outer, length, count, inner, at, from) => {
        const plan = { outer, length, count, inner };
        const index = Int32Array.from({ length: outer * count * inner }, () => at.next().value % length);
        const a = filled(outer * length * inner, from);
        const taken = new Float32Array(index.length);
        plain.gather(a, index, taken, plan);
        const out = emptyInMemory(index.length);
        compute.gather(inMemory(a), inMemory(index), out, plan);
        expectSame(out, taken);
        const source = filled(index.length, from, 5);
        const sums = inMemory(a);
        compute.scatterAdd(sums, inMemory(index), inMemory(source), plan);
        plain.scatterAdd(a, index, source, plan);
        expectSame(sums, a);
      },
    ));
});
