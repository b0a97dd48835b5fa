import { describe, expect, it } from "vitest";
import { crossEntropy, keepdim, oneHot, tensor, zeros } from "#tensor";
import { elements } from "./arbitrary.ts";

const matrix = tensor([
  [1, 5, 3],
  [4, 2, 6],
]);

describe("sum and mean", () => {
  it("remove one dimension, or keep it with extent 1 if keepdim is given", () => {
    expect(matrix.sum(0).shape).toEqual([3]);
    expect(matrix.sum(0, keepdim).shape).toEqual([1, 3]);
    expect(matrix.sum(1, keepdim).shape).toEqual([2, 1]);
    expect([...matrix.sum(0).toArray()]).toEqual([5, 7, 9]);
    expect([...matrix.sum(1, keepdim).toArray()]).toEqual([9, 12]);
    expect([...matrix.mean(1).toArray()]).toEqual([3, 4]);
    expect(matrix.mean(0, keepdim).shape).toEqual([1, 3]);
  });

  it("count negative dimensions from the end", () => {
    expect([...matrix.sum(-1).toArray()]).toEqual([9, 12]);
    expect([...matrix.sum(-2).toArray()]).toEqual([5, 7, 9]);
  });

  it("over everything are scalars", () => {
    expect(matrix.sum().shape).toEqual([]);
    expect(matrix.sum().item()).toBe(21);
    expect(matrix.mean().item()).toBe(3.5);
    expect(tensor(7).sum().item()).toBe(7);
  });

  it("over nothing are 0 and NaN, as in PyTorch", () => {
    expect([...zeros(0, 2).sum(0).toArray()]).toEqual([0, 0]);
    expect(zeros(0).mean().item()).toBe(NaN);
    expect([...zeros(0, 2).mean(0).toArray()]).toEqual([NaN, NaN]);
    expect(zeros(0).sum().item()).toBe(0);
    expect([zeros(0, 2).sum(1).shape, zeros(0, 2).mean(1, keepdim).shape]).toEqual([[0], [0, 1]]);
  });

  it("reduce the middle one of three dimensions", () => {
    const cube = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, 3, 2]);
    expect(cube.sum(1).shape).toEqual([2, 2]);
    expect([...cube.sum(1).toArray()]).toEqual([9, 12, 27, 30]);
  });
});

describe("max", () => {
  it("returns the values, and their positions as int32", () => {
    const { values, indices } = matrix.max(1);
    expect([values.shape, indices.shape]).toEqual([[2], [2]]);
    expect([values.dtype, indices.dtype]).toEqual(["float32", "int32"]);
    expect([...values.toArray()]).toEqual([5, 6]);
    expect([...indices.toArray()]).toEqual([1, 2]);
  });

  it("keeps the dimension if keepdim is given, and goes down the columns for dim 0", () => {
    expect(matrix.max(1, keepdim).values.shape).toEqual([2, 1]);
    const { values, indices } = matrix.max(0, keepdim);
    expect(indices.shape).toEqual([1, 3]);
    expect([...values.toArray()]).toEqual([4, 5, 6]);
    expect([...indices.toArray()]).toEqual([1, 0, 1]);
  });

  it("over no rows returns no values", () => {
    const { values, indices } = zeros(0, 3).max(1);
    expect([values.shape, indices.shape]).toEqual([[0], [0]]);
    expect(() => zeros(0, 3).max(0)).toThrow("max: [0, 3] has nothing along dimension 0");
  });

  it("returns the first of equal elements; -0 and 0 are equal", () => {
    expect(tensor([2, 7, 7, 7]).max(0).indices.item()).toBe(1);
    expect(tensor([-0, 0]).max(0).indices.item()).toBe(0);
    expect(tensor([-Infinity, -Infinity]).max(0).indices.item()).toBe(0);
  });

  it("returns the first NaN if there is one, as in PyTorch", () => {
    const { values, indices } = tensor([1, NaN, Infinity, NaN]).max(0);
    expect([values.item(), indices.item()]).toEqual([NaN, 1]);
  });
});

describe("var", () => {
  it("divides by n - 1", () => {
    expect([
      ...tensor([[1], [2], [3], [6]])
        .var(0)
        .toArray(),
    ]).toEqual([Math.fround(14 / 3)]);
    expect(matrix.var(0, keepdim).shape).toEqual([1, 3]);
    expect([...matrix.var(1).toArray()]).toEqual([4, 4]);
  });

  it("over nothing is NaN at each position, as in PyTorch", () => {
    expect([...zeros(0, 3).var(0).toArray()]).toEqual([NaN, NaN, NaN]);
    expect(elements(zeros(2, 0).var(1, keepdim))).toEqual([NaN, NaN]);
    expect(zeros(2, 0).var(1, keepdim).shape).toEqual([2, 1]);
    expect(zeros(0).var(0).item()).toBe(NaN);
    expect(zeros(2, 0).var(0).shape).toEqual([0]);
    expect(tensor([Infinity]).var(0).item()).toBe(NaN);
  });

  it("of a single element is NaN, as in PyTorch", () => {
    expect([
      ...tensor([[1, 2]])
        .var(0)
        .toArray(),
    ]).toEqual([NaN, NaN]);
  });
});

describe("softmax", () => {
  it("turns each row into probabilities", () => {
    const probs = matrix.softmax(1);
    expect(probs.shape).toEqual([2, 3]);
    for (const total of probs.sum(1).toArray()) expect(total).toBeCloseTo(1, 6);
    expect(probs.get(0, 1) / probs.get(0, 2)).toBeCloseTo(Math.exp(2), 4);
  });

  it("does not overflow", () => {
    expect([
      ...tensor([[1000, 1000, -1000]])
        .softmax(1)
        .toArray(),
    ]).toEqual([0.5, 0.5, 0]);
  });

  it("goes down the columns for dim 0", () => {
    for (const total of matrix.softmax(0).sum(0).toArray()) expect(total).toBeCloseTo(1, 6);
  });
});

describe("crossEntropy", () => {
  it("of equal logits is the logarithm of the number of classes", () => {
    expect(crossEntropy(zeros(4, 27), tensor([0, 5, 26, 5], [4], "int32")).item()).toBeCloseTo(Math.log(27), 6);
  });

  it("of no rows is NaN, as in PyTorch", () => {
    const none = tensor([], [0], "int32");
    expect([crossEntropy(zeros(0, 27), none).item(), crossEntropy(zeros(0, 0), none).item()]).toEqual([NaN, NaN]);
  });

  it("of a confident correct prediction is near 0, and of a wrong one the distance between the logits", () => {
    const Yb = tensor([2], [1], "int32");
    const confident = oneHot(Yb, 3).mul(50);
    expect(crossEntropy(confident, Yb).item()).toBeCloseTo(0, 6);
    expect(crossEntropy(confident, tensor([0], [1], "int32")).item()).toBeCloseTo(50, 4);
  });
});
