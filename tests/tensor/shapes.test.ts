import { describe, expect, it } from "vitest";
import { ones, onesLike, tensor, zeros, zerosLike } from "#tensor";

const matrix = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

describe("tensor(...)", () => {
  it("takes its shape from nested arrays", () => {
    expect(tensor(3).shape).toEqual([]);
    expect(tensor([1, 2]).shape).toEqual([2]);
    expect(tensor([[[1], [2]]]).shape).toEqual([1, 2, 1]);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
  });

  it("accepts flat numbers with a shape, and copies them", () => {
    const numbers = Float32Array.of(1, 2, 3, 4);
    const a = tensor(numbers, [2, 2]);
    numbers[0] = 9;
    expect([...a.toArray()]).toEqual([1, 2, 3, 4]);
  });

  it("rounds to float32 unless int32 is requested", () => {
    expect(tensor(0.1).item()).toBe(Math.fround(0.1));
    expect(tensor([3, 1], [2], "int32").dtype).toBe("int32");
    expect(tensor([16777217], [1], "int32").item()).toBe(16777217);
  });

  it("has a shape that cannot be changed", () => {
    expect(Object.isFrozen(matrix.shape)).toBe(true);
    const shape = [2, 3];
    const a = zeros(...shape);
    shape[0] = 3;
    expect(a.shape).toEqual([2, 3]);
  });
});

it("zeros, ones, zerosLike and onesLike make float32 tensors of a shape", () => {
  expect([...zeros(2, 1).toArray()]).toEqual([0, 0]);
  expect([...ones(2).toArray()]).toEqual([1, 1]);
  expect(zerosLike(matrix).shape).toEqual([2, 3]);
  expect([...onesLike(tensor([7, 8], [2], "int32")).toArray()]).toEqual([1, 1]);
  expect([onesLike(matrix).sum().item(), matrix.newZeros([4]).sum().item()]).toEqual([6, 0]);
});

it("size counts dimensions from either end, numel counts elements", () => {
  expect([matrix.size(0), matrix.size(1), matrix.size(-1)]).toEqual([2, 3, 3]);
  expect([matrix.numel(), tensor(1).numel(), zeros(3, 0).numel()]).toEqual([6, 1, 0]);
});

describe("T", () => {
  it("swaps rows and columns, also of indices", () => {
    expect(matrix.T.shape).toEqual([3, 2]);
    expect([...matrix.T.toArray()]).toEqual([1, 4, 2, 5, 3, 6]);
    expect(tensor([1, 2], [1, 2], "int32").T.dtype).toBe("int32");
  });

  it("of a matrix without rows has no columns", () => {
    expect(zeros(0, 3).T.shape).toEqual([3, 0]);
  });
});

describe("view", () => {
  it("keeps the elements in their order, and works out an extent of -1", () => {
    expect(matrix.view(3, 2).get(1, 0)).toBe(3);
    expect(matrix.view(-1).shape).toEqual([6]);
    expect(matrix.view(2, -1, 1).shape).toEqual([2, 3, 1]);
    expect(tensor([[5]]).view().shape).toEqual([]);
    expect(zeros(0, 4).view(2, -1).shape).toEqual([2, 0]);
  });

  it("shares the elements, as in PyTorch: a change shows in both", () => {
    const a = zeros(2, 2);
    const flat = a.view(4);
    flat.set(3, 7);
    a.add_(1);
    expect(a.get(1, 1)).toBe(8);
    expect(flat.get(0)).toBe(1);
  });
});

describe("expand", () => {
  it("repeats along extents of 1 and along new leading dimensions", () => {
    expect([
      ...tensor([[1], [2]])
        .expand(2, 3)
        .toArray(),
    ]).toEqual([1, 1, 1, 2, 2, 2]);
    expect(tensor([1, 2]).expand(3, 2).shape).toEqual([3, 2]);
    expect([...tensor(5).expand(2).toArray()]).toEqual([5, 5]);
    expect(tensor([1, 2]).expand([3, 2]).shape).toEqual([3, 2]);
    expect([...tensor(-0).expand(2).toArray()]).toEqual([-0, -0]);
    expect(tensor([[1], [2]]).expand(-1, 3).shape).toEqual([2, 3]);
  });
});

describe("matmul", () => {
  it("multiplies rows by columns", () => {
    const product = matrix.matmul(tensor([[1], [10], [100]]));
    expect(product.shape).toEqual([2, 1]);
    expect([...product.toArray()]).toEqual([321, 654]);
  });

  it("over an extent of 0 gives zeros", () => {
    expect([...zeros(2, 0).matmul(zeros(0, 2)).toArray()]).toEqual([0, 0, 0, 0]);
  });
});

it("clone makes an independent copy", () => {
  const copy = matrix.clone();
  copy.set(0, 0, 99);
  expect(matrix.get(0, 0)).toBe(1);
  expect(tensor([1], [1], "int32").clone().dtype).toBe("int32");
});

it("float makes float32 of indices", () => {
  const index = tensor([3, 1], [2], "int32");
  expect(index.float().dtype).toBe("float32");
  expect([...index.float().div(2).toArray()]).toEqual([1.5, 0.5]);
});
