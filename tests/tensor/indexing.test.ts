import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oneHot, tensor, zeros, type Tensor } from "#tensor";

const index = (numbers: number[], shape = [numbers.length]): Tensor => tensor(numbers, shape, "int32");
const table = tensor([
  [1, 2],
  [3, 4],
  [5, 6],
]);

describe("gatherRows", () => {
  it("looks up rows, in the index's shape: C[Xb]", () => {
    const emb = table.gatherRows(index([2, 0, 0, 1], [2, 2]));
    expect(emb.shape).toEqual([2, 2, 2]);
    expect([...emb.toArray()]).toEqual([5, 6, 1, 2, 1, 2, 3, 4]);
  });

  it("of a vector gives single elements", () => {
    const picked = tensor([10, 20, 30]).gatherRows(index([2, 2, 0]));
    expect([...picked.toArray()]).toEqual([30, 30, 10]);
  });

  it("of no rows is empty", () => {
    expect(table.gatherRows(index([])).shape).toEqual([0, 2]);
  });
});

describe("indexAdd", () => {
  it("adds rows where the index says, twice to a row that is named twice", () => {
    const source = tensor([
      [1, 1],
      [10, 10],
      [100, 100],
    ]);
    const sums = table.indexAdd(0, index([2, 0, 2]), source);
    expect([...sums.toArray()]).toEqual([11, 12, 3, 4, 106, 107]);
    expect([...table.toArray()]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("accepts an index of several dimensions", () => {
    const source = tensor([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
    expect([
      ...zeros(2, 2)
        .indexAdd(0, index([1, 0, 1, 1], [2, 2]), source)
        .toArray(),
    ]).toEqual([3, 4, 13, 16]);
  });

  it("in place changes the tensor itself", () => {
    const a = zeros(2, 1);
    expect(a.indexAdd_(0, index([1, 1]), tensor([[2], [3]]))).toBe(a);
    expect([...a.toArray()]).toEqual([0, 5]);
  });

  it("adds in the index's order, rounding each time", () => {
    const rows = tensor([[2 ** 24], [1], [1], [-(2 ** 24)]]);
    expect(
      zeros(1, 1)
        .indexAdd(0, index([0, 0, 0, 0]), rows)
        .item(),
    ).toBe(0);
    expect(
      zeros(1, 1)
        .indexAdd(0, index([0, 0, 0, 0]), tensor([[1], [1], [2 ** 24], [-(2 ** 24)]]))
        .item(),
    ).toBe(2);
  });

  it("is the backward pass of a lookup: each row counts as often as it was looked up", () => {
    const lookups = fc.array(fc.nat({ max: 6 }), { maxLength: 30 });
    const property = fc.property(lookups, (rows) => {
      const counts = zeros(7, 1).indexAdd(0, index(rows), zeros(rows.length, 1).add(1));
      for (let row = 0; row < 7; row++) expect(counts.get(row, 0)).toBe(rows.filter((r) => r === row).length);
    });
    fc.assert(property, { seed: 2, numRuns: 300 });
  });
});

describe("gather and scatterAdd", () => {
  it("gather picks the named columns of each row: logprobs[range(n), Yb]", () => {
    expect([...table.gather(1, index([1, 0, 1], [3, 1])).toArray()]).toEqual([2, 3, 6]);
    const twice = table.gather(1, index([1, 1, 0, 1, 1, 0], [3, 2]));
    expect(twice.shape).toEqual([3, 2]);
    expect([...twice.toArray()]).toEqual([2, 2, 3, 4, 6, 5]);
  });

  it("scatterAdd adds to the named columns, twice to a column that is named twice", () => {
    const added = table.scatterAdd(
      1,
      index([1, 1, 0, 1, 0, 0], [3, 2]),
      tensor([
        [10, 20],
        [30, 40],
        [50, 60],
      ]),
    );
    expect([...added.toArray()]).toEqual([1, 32, 33, 44, 115, 6]);
    expect([...table.toArray()]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("accept -1 for the last dimension", () => {
    expect([...table.gather(-1, index([0, 0, 0], [3, 1])).toArray()]).toEqual([1, 3, 5]);
  });
});

describe("oneHot", () => {
  it("has a one at each index and is float32", () => {
    const rows = oneHot(index([2, 0]), 3);
    expect([rows.shape, rows.dtype]).toEqual([[2, 3], "float32"]);
    expect([...rows.toArray()]).toEqual([0, 0, 1, 1, 0, 0]);
  });

  it("treats a column of indices, such as that of max(1, keepdim), as a vector", () => {
    expect(oneHot(table.max(1, true).indices, 2).shape).toEqual([3, 2]);
  });

  it("of contexts [n, block] adds a dimension", () => {
    expect(oneHot(index([0, 1, 2, 0, 1, 2], [2, 3]), 3).shape).toEqual([2, 3, 3]);
  });
});
