import { describe, expect, it } from "vitest";
import { kernelsFor, loadKernels, type Kernels } from "../../grader/tensor/memory.ts";
import { place } from "../../grader/tensor/places.ts";
import { tensor, zeros } from "../../grader/tensor/index.ts";

/** Takes all of the kernels' memory, small places last; what is held here keeps it taken. */
function fill(): { end: number; held: object[] } {
  const held = [];
  const sizes = [2 ** 20, 2 ** 10];
  let end = 0;
  for (const elements of sizes) {
    // the last chunk is left for small places
    const most = elements === sizes[0] ? 30 : Infinity;
    for (let i = 0; i < most; i++) {
      const found = place(elements);
      if (!found) break;
      held.push(found.token);
      end = Math.max(end, found.address + 4 * elements);
    }
  }
  return { end, held };
}

describe("once the kernels' memory is full,", () => {
  expect(loadKernels()).toBe(true);
  const { end, held } = fill();

  it("an empty tensor is placed where the memory ends", () => {
    expect(end).toBe(2 ** 27);
    expect(place(0)?.address).toBe(end);
    expect(place(1)).toBeUndefined();
    expect(held.length).toBeGreaterThan(30);
  });

  /** Operands and results without elements, and one with them. */
  const [A, B, OUT, FILLED] = [end, end, end, 2 ** 22];
  const broadcast = (name: "add" | "sub" | "mul" | "div" | "maskedFill") => (kernels: Kernels) => {
    for (const [rows, columns] of [
      [0, 0],
      [0, 3],
      [3, 0],
    ] as const) {
      for (const [stepA, stepB] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ] as const) {
        kernels[name](A, B, OUT, rows, columns, stepA, stepB, stepA, stepB, 1);
      }
    }
  };
  const mapping = (name: "neg" | "exp" | "log" | "tanh" | "sqrt") => (kernels: Kernels) => kernels[name](A, OUT, 0);
  /** Each kernel, with extents of which at least one is 0. */
  const calls: { [Name in keyof Kernels]: (kernels: Kernels) => void } = {
    add: broadcast("add"),
    sub: broadcast("sub"),
    mul: broadcast("mul"),
    div: broadcast("div"),
    neg: mapping("neg"),
    exp: mapping("exp"),
    log: mapping("log"),
    tanh: mapping("tanh"),
    sqrt: mapping("sqrt"),
    pow: (kernels) => [2, -1, -2, 0.5, -0.5, 1, 0, 3.7].forEach((p) => kernels.pow(A, OUT, 0, p)),
    fill: (kernels) => kernels.fill(OUT, 0, 1),
    maskedFill: broadcast("maskedFill"),
    softmax: (kernels) => kernels.softmax(A, OUT, 0, 5),
    sumInLanes: (kernels) => {
      kernels.sumInLanes(A, OUT, 0, 5);
      kernels.sumInLanes(A, FILLED, 5, 0);
    },
    sum: (kernels) => {
      kernels.sum(A, OUT, 0, 5, 7);
      kernels.sum(A, FILLED, 5, 0, 7);
      kernels.sum(A, OUT, 5, 7, 0);
    },
    max: (kernels) => {
      kernels.max(A, OUT, OUT, 0, 5, 1);
      kernels.max(A, OUT, OUT, 3, 5, 0);
    },
    matmul: (kernels) => {
      for (const turnedA of [false, true]) {
        for (const turnedB of [false, true]) {
          kernels.matmul(A, FILLED, OUT, 0, 3, 9, turnedA, turnedB, 2, 0, 27);
          kernels.matmul(FILLED, B, OUT, 3, 4, 0, turnedA, turnedB, 2, 12, 0);
          kernels.matmul(A, B, FILLED, 9, 0, 9, turnedA, turnedB, 2, 0, 0);
          kernels.matmul(A, B, OUT, 0, 0, 0, turnedA, turnedB, 2, 0, 0);
          kernels.matmul(A, B, OUT, 3, 4, 9, turnedA, turnedB, 0, 12, 36);
        }
      }
    },
    swap: (kernels) => {
      for (let empty = 0; empty < 5; empty++) {
        const [outer, first, middle, second, inner] = [2, 3, 4, 5, 6].map((extent, d) => (d === empty ? 0 : extent));
        kernels.swap(A, OUT, outer!, first!, middle!, second!, inner!);
      }
    },
    gatherRows: (kernels) => kernels.gatherRows(A, B, OUT, 0, 5),
    addRows: (kernels) => kernels.addRows(OUT, A, B, 0, 5),
    gather: (kernels) => {
      kernels.gather(A, B, OUT, 0, 5, 3);
      kernels.gather(A, B, OUT, 5, 3, 0);
    },
    scatterAdd: (kernels) => {
      kernels.scatterAdd(OUT, A, B, 0, 5, 3);
      kernels.scatterAdd(OUT, A, B, 5, 3, 0);
    },
  };

  it.each(Object.keys(calls) as (keyof Kernels)[])("%s over nothing touches no memory", (name) => {
    calls[name](kernelsFor(0)!);
  });

  it("tensors are plain arrays, with and without elements", () => {
    for (const x of [zeros(0), zeros(2, 0)]) {
      for (const result of [x.add(1), x.sub(x), x.mul(2), x.div(x), x.exp(), x.pow(2), x.clone().mul_(3)]) {
        expect(result.shape).toEqual(x.shape);
      }
    }
    const rows = zeros(2, 0);
    expect(rows.sum(0).shape).toEqual([0]);
    expect([...rows.sum(1).toArray()]).toEqual([0, 0]);
    expect([...rows.mean(1).toArray()]).toEqual([NaN, NaN]);
    expect([...rows.matmul(zeros(0, 3)).toArray()]).toEqual([0, 0, 0, 0, 0, 0]);
    const [ones, twos] = [zeros(2, 3, 2, 2).add(1), zeros(3, 2, 1).add(2)];
    expect([...ones.matmul(twos).toArray()]).toEqual(Array(12).fill(4));
    expect([...zeros(3, 2).softmax(1).toArray()]).toEqual(Array(6).fill(0.5));
    expect([
      ...tensor([1, 2])
        .add(tensor([[1], [2]]))
        .toArray(),
    ]).toEqual([2, 3, 3, 4]);
  });
});
