import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { TensorError, keepdim, tensor, zeros, type Tensor } from "#tensor";
import { broadcast, elements, f32, filled, pairs, size, sources } from "./arbitrary.ts";

/** Operations over any dimension, over several, and on batches of matrices. */

interface Recorded {
  shapes: {
    operation: string;
    a: number[];
    b?: number[];
    dims?: number[];
    keepdim?: boolean;
    output: number[] | null;
  }[];
}

const recorded = JSON.parse(
  readFileSync(new URL("../../data/torch/operations.json", import.meta.url), "utf8"),
) as Recorded;

/** Numbers of mixed sizes and signs, so that the order of additions shows. */
function mixed(shape: readonly number[], seed = 1): Tensor {
  const values = Array.from({ length: size(shape) }, (_, i) => Math.sin(seed * 100 + i) * 10 ** ((i * 7) % 5));
  return tensor(values, shape);
}

const shape = fc.array(fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 5 }) }, fc.constant(0)), {
  minLength: 1,
  maxLength: 4,
});
const shapeAndDim = shape.chain((shape) => fc.tuple(fc.constant(shape), fc.nat(shape.length - 1)));

/** The position of an element in a shape, from its index row by row. */
function positionOf(flat: number, shape: readonly number[]): number[] {
  return shape.map((extent, d) => Math.floor(flat / size(shape.slice(d + 1))) % extent);
}

describe("shapes are those of PyTorch, and what it refuses is refused here", () => {
  const shapeOf = ({ operation, a, b, dims, keepdim }: Recorded["shapes"][number]): readonly number[] | null => {
    const x = zeros(a).add(1);
    try {
      if (operation === "matmul") return x.matmul(zeros(b!)).shape;
      if (operation === "maskedFill") return x.maskedFill(tensor(zeros(b!).toArray(), b!, "int32"), 0).shape;
      return x[operation as "sum" | "mean" | "var"](dims!, keepdim).shape;
    } catch (error) {
      expect(error).toBeInstanceOf(TensorError);
      return null;
    }
  };

  for (const operation of ["matmul", "maskedFill", "sum", "mean", "var"]) {
    it(`of ${operation}`, () => {
      const calls = recorded.shapes.filter((call) => call.operation === operation);
      for (const call of calls) expect({ ...call, output: shapeOf(call) }).toEqual(call);
      expect(calls.filter(({ output }) => output === null).length).toBeGreaterThan(3);
      expect(calls.filter(({ output }) => output !== null).length).toBeGreaterThan(10);
    });
  }
});

describe("a sum over several dimensions", () => {
  it("treats neighbouring dimensions as one: the same bits as the sum over a view", () => {
    const x = mixed([3, 4, 5, 6]);
    expect(elements(x.sum([1, 2]))).toEqual(elements(x.view(3, 20, 6).sum(1)));
    expect(elements(x.sum([3, 2]))).toEqual(elements(x.view(12, 30).sum(1)));
    expect(elements(x.sum([0, 1]))).toEqual(elements(x.view(12, 30).sum(0)));
    expect(elements(x.sum([0, 1, 2, 3]))).toEqual(elements(x.sum()));
  });

  it("sums separate dimensions one after another, the last one first", () => {
    const x = mixed([3, 4, 5, 6]);
    expect(elements(x.sum([0, 2]))).toEqual(elements(x.sum(2).sum(0)));
    expect(elements(x.sum([3, 1, 0]))).toEqual(elements(x.sum(3).view(12, 5).sum(0)));
    expect(elements(x.sum([0, 2]))).not.toEqual(elements(x.sum(0).sum(1)));
  });

  it("over the middle one of three adds in order, and over the last one in four lanes", () => {
    const x = mixed([2, 9, 3]);
    const inOrder = x.toArray().slice(0, 27);
    let sum = 0;
    for (let i = 0; i < 27; i += 3) sum = f32(sum + inOrder[i]!);
    expect(x.sum(1).get(0, 0)).toBe(sum);
    const lanes = [0, 0, 0, 0];
    for (const [i, value] of inOrder.entries()) lanes[i % 4] = f32(lanes[i % 4]! + value);
    expect(x.sum([1, 2]).get(0)).toBe(f32(f32(lanes[0]! + lanes[1]!) + f32(lanes[2]! + lanes[3]!)));
  });

  it("mean and var over several dimensions equal those over a view", () => {
    const x = mixed([3, 4, 5]);
    expect(elements(x.mean([1, 2]))).toEqual(elements(x.view(3, 20).mean(1)));
    expect(elements(x.var([0, 1], keepdim))).toEqual(elements(x.view(12, 5).var(0)));
    expect(x.var([0, 1], keepdim).shape).toEqual([1, 1, 5]);
  });
});

describe("transpose", () => {
  it("moves each element to its swapped position, also for indices", () => {
    const property = fc.property(shapeAndDim, fc.nat(3), fc.boolean(), ([shape, first], other, isInt) => {
      const second = other % shape.length;
      const values = Array.from({ length: size(shape) }, (_, i) => i);
      const x = tensor(values, shape, isInt ? "int32" : "float32");
      const swapped = x.transpose(first, second - shape.length);
      expect(swapped.shape).toEqual(shape.with(first, shape[second]!).with(second, shape[first]!));
      expect(swapped.dtype).toBe(x.dtype);
      for (const [i, at] of elements(swapped).entries()) {
        const position = positionOf(at, shape);
        expect(positionOf(i, swapped.shape)).toEqual(
          position.with(first, position[second]!).with(second, position[first]!),
        );
      }
      expect(elements(swapped.transpose(first, second))).toEqual(values);
    });
    fc.assert(property, { seed: 11, numRuns: 500 });
  });

  it("of the last two dimensions twice, or followed by T, restores the tensor", () => {
    const x = mixed([2, 3, 4]);
    expect(elements(x.transpose(1, 2).transpose(-1, -2))).toEqual(elements(x));
    expect(elements(mixed([3, 4]).transpose(0, 1).T)).toEqual(elements(mixed([3, 4])));
  });

  it("makes an independent copy, as T does", () => {
    for (const [dim0, dim1] of [
      [1, 2],
      [0, 1],
      [1, 1],
    ] as const) {
      const x = zeros(2, 2, 2);
      const swapped = x.transpose(dim0, dim1);
      x.add_(1);
      expect(elements(swapped)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
      swapped.set(0, 0, 0, 5);
      expect(x.get(0, 0, 0)).toBe(1);
    }
  });
});

describe("a product of batches", () => {
  const extent = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 6 }) }, fc.constant(0));
  const transposed = (x: Tensor, isTransposed: boolean): Tensor => (isTransposed ? x.transpose(-2, -1) : x);

  it("is the product of the matrices one by one, with the same bits, however the batches broadcast", () => {
    const property = fc.property(
      pairs,
      fc.tuple(extent, extent, extent),
      fc.tuple(fc.boolean(), fc.boolean()),
      ({ shapeA, shapeB }, [n, k, m], [isTransposedA, isTransposedB]) => {
        const target = broadcast({ shapeA, shapeB });
        const a = transposed(mixed([...shapeA, ...(isTransposedA ? [k, n] : [n, k])]), isTransposedA);
        const b = transposed(mixed([...shapeB, ...(isTransposedB ? [m, k] : [k, m])], 2), isTransposedB);
        const product = a.matmul(b);
        expect(product.shape).toEqual([...target, n, m]);
        const found = elements(product);
        const [fromA, fromB] = [sources(shapeA, target), sources(shapeB, target)];
        for (const [i, at] of fromA.entries()) {
          const x = tensor(a.toArray().slice(at * n * k, (at + 1) * n * k), [n, k]);
          const y = tensor(b.toArray().slice(fromB[i]! * k * m, (fromB[i]! + 1) * k * m), [k, m]);
          expect(found.slice(i * n * m, (i + 1) * n * m)).toEqual(elements(x.matmul(y)));
        }
      },
    );
    fc.assert(property, { seed: 12, numRuns: 400 });
  });
});

describe("maskedFill", () => {
  it("uses the value where the mask is 1 and the element where it is 0, and broadcasts both", () => {
    const property = fc.property(pairs, fc.float(), ({ shapeA, shapeB }, value) => {
      const target = broadcast({ shapeA, shapeB });
      const marks = Array.from({ length: size(shapeB) }, (_, i) => ((i * 5) % 3) & 1);
      const x = mixed(shapeA);
      const out = x.maskedFill(tensor(marks, shapeB, "int32"), value);
      expect(out.shape).toEqual(target);
      const fromMask = sources(shapeB, target);
      const expected = sources(shapeA, target).map((at, i) => (marks[fromMask[i]!] ? value : x.toArray()[at]!));
      expect(elements(out)).toEqual(expected);
    });
    fc.assert(property, { seed: 13, numRuns: 500 });
  });

  it("does not change its inputs, and rounds the value to float32", () => {
    const x = tensor([1, 2]);
    const mask = tensor([0, 1], [2], "int32");
    expect(elements(x.maskedFill(mask, 0.1))).toEqual([1, f32(0.1)]);
    expect([elements(x), elements(mask)]).toEqual([
      [1, 2],
      [0, 1],
    ]);
  });

  it("with -Infinity before a softmax leaves probabilities for the other elements", () => {
    const causal = tensor([0, 1, 1, 0, 0, 1, 0, 0, 0], [3, 3], "int32");
    const probs = zeros(2, 3, 3).maskedFill(causal, -Infinity).softmax(-1);
    const third = f32(1 / 3);
    expect(elements(probs).slice(9)).toEqual([1, 0, 0, 0.5, 0.5, 0, third, third, third]);
  });
});

describe("along any dimension", () => {
  it("max, softmax and var are those of the transposed tensor along the last one", () => {
    const property = fc.property(shapeAndDim, ([shape, dim]) => {
      fc.pre(!shape.includes(0));
      const x = mixed(shape);
      const turned = x.transpose(dim, -1);
      const { values, indices } = x.max(dim, keepdim);
      const expected = turned.max(-1, keepdim);
      expect(elements(values)).toEqual(elements(expected.values.transpose(dim, -1)));
      expect(elements(indices)).toEqual(elements(expected.indices.transpose(dim, -1)));
      const [probs, others] = [elements(x.softmax(dim)), elements(turned.softmax(-1).transpose(dim, -1))];
      for (const [i, p] of probs.entries()) expect(p).toBeCloseTo(others[i]!, 6);
      const [spread, same] = [x.var(dim), turned.var(-1, keepdim).transpose(dim, -1)];
      for (const [i, v] of elements(spread).entries())
        expect(Math.abs(v - elements(same)[i]!)).not.toBeGreaterThan(1e-5 * v);
    });
    fc.assert(property, { seed: 14, numRuns: 300 });
  });

  it("gather picks, and scatterAdd adds in order, what an index names", () => {
    const property = fc.property(shapeAndDim, fc.nat(4), ([shape, dim], count) => {
      fc.pre(shape[dim]! > 0);
      const indexShape = shape.with(dim, count);
      const picks = Array.from({ length: size(indexShape) }, (_, i) => (i * 7 + 3) % shape[dim]!);
      const index = tensor(picks, indexShape, "int32");
      const [x, source] = [mixed(shape), mixed(indexShape, 2)];
      const picked = x.gather(dim - shape.length, index);
      expect(picked.shape).toEqual(indexShape);
      const sums = x.clone();
      for (const [i, pick] of picks.entries()) {
        const to = positionOf(i, indexShape).with(dim, pick);
        expect(picked.toArray()[i]).toBe(x.get(...to));
        sums.set(...to, sums.get(...to) + source.toArray()[i]!);
      }
      expect(elements(x.scatterAdd(dim, index, source))).toEqual(elements(sums));
    });
    fc.assert(property, { seed: 15, numRuns: 400 });
  });

  it("gather at the indices of max gives the maxima", () => {
    const x = mixed([3, 4, 5]);
    for (const dim of [0, 1, 2]) {
      const { values, indices } = x.max(dim, keepdim);
      expect(elements(x.gather(dim, indices))).toEqual(elements(values));
    }
  });
});

describe("each", () => {
  it("applies a function to each element, rounds to float32, and does not change its input", () => {
    const property = fc.property(filled(fc.array(fc.nat(4), { maxLength: 3 })), ({ shape, values }) => {
      const x = tensor(values, shape);
      const out = x.each((value) => value * 0.1);
      expect(out.shape).toEqual(shape);
      expect(elements(out)).toEqual(values.map((value) => f32(value * 0.1)));
      expect(elements(x)).toEqual(values);
    });
    fc.assert(property, { seed: 16, numRuns: 200 });
  });

  it("passes the function one argument, so that functions with more parameters work as expected", () => {
    expect(elements(tensor([4, -9]).each(Math.max))).toEqual([4, -9]);
  });

  it("goes through a transpose in the order of its rows", () => {
    const seen: number[] = [];
    tensor([
      [1, 2],
      [3, 4],
    ]).T.each((x) => seen.push(x));
    expect(seen).toEqual([1, 3, 2, 4]);
  });
});

it("newTensor makes an independent float32 copy", () => {
  const counts = tensor([1, 2], [2], "int32");
  const values = zeros(3).newTensor(counts);
  expect([values.dtype, values.shape, elements(values)]).toEqual(["float32", [2], [1, 2]]);
  const x = tensor([1, 2]);
  const copy = x.newTensor(x).add_(1);
  expect([elements(x), elements(copy)]).toEqual([
    [1, 2],
    [2, 3],
  ]);
});
