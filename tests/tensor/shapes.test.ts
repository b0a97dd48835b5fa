import { describe, expect, it, vi } from "vitest";
import {
  Tensor,
  TensorError,
  crossEntropy,
  oneHot,
  ones,
  onesLike,
  tensor,
  zeros,
  zerosLike,
  type Shape,
} from "#tensor";

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

describe("a shape cannot be changed:", () => {
  const row = tensor([[1, 2, 3]]);
  const rows = tensor([0, 1], [2], "int32");
  const picked = tensor([[0], [2]], [2, 1], "int32");
  /** One call of every operation whose result is a tensor, or has one. */
  const results: Readonly<Record<string, () => Tensor>> = {
    ...Object.fromEntries((["add", "sub", "mul", "div"] as const).map((name) => [name, () => matrix[name](row)])),
    ...Object.fromEntries(
      (["add_", "sub_", "mul_", "div_"] as const).map((name) => [name, () => matrix.clone()[name](row)]),
    ),
    ...Object.fromEntries(
      (["neg", "exp", "log", "tanh", "sqrt", "sigmoid", "softplus", "relu", "sign"] as const).map((name) => [
        name,
        () => matrix[name](),
      ]),
    ),
    pow: () => matrix.pow(2),
    clamp: () => matrix.clamp(0, 1),
    maskedFill: () => row.maskedFill(tensor([[0], [1]], [2, 1], "int32"), 0),
    each: () => matrix.each((x) => x),
    sum: () => matrix.sum(1),
    mean: () => matrix.mean([0, 1], true),
    var: () => matrix.var(0),
    max: () => matrix.max(1, true).indices,
    softmax: () => matrix.softmax(1),
    matmul: () => matrix.matmul(row.T),
    T: () => matrix.T,
    transpose: () => matrix.view(1, 2, 3).transpose(0, 1),
    view: () => matrix.view(3, -1),
    expand: () => row.expand(2, -1),
    clone: () => matrix.clone(),
    float: () => rows.float(),
    newZeros: () => matrix.newZeros([2]),
    newTensor: () => matrix.newTensor(rows),
    gatherRows: () => row.T.gatherRows(picked),
    indexAdd: () => matrix.indexAdd(0, rows, matrix),
    indexAdd_: () => matrix.clone().indexAdd_(0, rows, matrix),
    gather: () => matrix.gather(1, picked),
    scatterAdd: () => matrix.scatterAdd(1, picked, ones(2, 1)),
    set: () => matrix.clone().set(0, 0, 1),
  };
  const withoutTensor = ["constructor", "size", "numel", "get", "item", "toArray", "toString"];

  it("the list of operations is complete", () => {
    const names = Object.getOwnPropertyNames(Tensor.prototype);
    expect(Object.keys(results).sort()).toEqual(names.filter((name) => !withoutTensor.includes(name)).sort());
  });

  for (const [name, call] of Object.entries(results)) {
    it(name, () => expect(Object.isFrozen(call().shape)).toBe(true));
  }

  it("of functions", () => {
    const made = [zeros(2), ones([2, 3]), zerosLike(row), onesLike(row), oneHot(rows, 3), crossEntropy(matrix, rows)];
    expect(made.map(({ shape }) => Object.isFrozen(shape))).toEqual(made.map(() => true));
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

describe("a shape that is not what it was", () => {
  const product = ({ shape }: Tensor): number => shape.reduce((all, extent) => all * extent, 1);
  /** An array whose extents are read differently from the `after`th time on. */
  const lying = (after: number): number[] => {
    let times = 0;
    return new Proxy([2, 3], {
      get: (own, key) => (key === "0" && times++ >= after ? 4096 : (Reflect.get(own, key) as unknown)),
    });
  };
  const six = (): Tensor => tensor([1, 2, 3, 4, 5, 6], [2, 3]);

  it.each<[string, (shape: number[]) => Tensor]>([
    ["tensor", (shape) => tensor(new Float32Array(6), shape)],
    ["zeros", (shape) => zeros(shape)],
    ["view", (shape) => six().view(shape)],
    ["expand", (shape) => tensor([[1], [2]]).expand(shape)],
  ])("holds as many numbers as it says, in %s", (_name, make) => {
    for (let after = 0; after < 8; after++) {
      let made: Tensor;
      try {
        made = make(lying(after));
      } catch (error) {
        expect(error).toBeInstanceOf(TensorError);
        continue;
      }
      expect([made.numel(), made.add(1).toArray().length]).toEqual([product(made), product(made)]);
    }
  });

  it("is copied by nothing that the array brings along", () => {
    const shape = [2, 3];
    const called = vi.fn(() => [2, 4]);
    for (const name of ["map", "slice", "findIndex", Symbol.iterator])
      Object.defineProperty(shape, name, { value: called });
    Object.defineProperty(shape, "constructor", { value: { [Symbol.species]: called } });
    expect(tensor(new Float32Array(6), shape).shape).toEqual([2, 3]);
    expect(zeros(shape).shape).toEqual([2, 3]);
    expect(called).not.toHaveBeenCalled();
  });

  it("fits numbers that say there are more of them", () => {
    const numbers = new Float32Array(6);
    Object.defineProperty(numbers, "length", { value: 12 });
    expect(() => tensor(numbers, [12])).toThrow("[12] holds 12 numbers, got 6");
  });

  it("is not the one that is written to a tensor", () => {
    const x = six();
    (x as { shape: Shape }).shape = [2, 4096];
    expect(x.add(1).toArray()).toEqual(new Float32Array([2, 3, 4, 5, 6, 7]));
    expect(x.sum(1).toArray()).toEqual(new Float32Array([6, 15]));
  });
});
