import { describe, expect, it } from "vitest";
import { tensor, type Tensor } from "#tensor";

const sample = (): Tensor =>
  tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);

describe("single elements", () => {
  it("get counts from either end of each dimension", () => {
    expect([sample().get(1, 0), sample().get(-1, -3), sample().get(0, -1)]).toEqual([4, 4, 3]);
    expect(tensor(8).get()).toBe(8);
  });

  it("set takes the position first and the value last, rounds the value, and returns the tensor", () => {
    const a = sample();
    expect(a.set(1, -1, 0.1)).toBe(a);
    expect(a.get(1, 2)).toBe(Math.fround(0.1));
    expect(Array.from(a.toArray().slice(0, 5))).toEqual([1, 2, 3, 4, 5]);
  });

  it("item returns the only element, whatever the shape", () => {
    expect(tensor([[[5]]]).item()).toBe(5);
    expect(tensor([3], [1], "int32").item()).toBe(3);
  });

  it("toArray is a copy", () => {
    const a = sample();
    a.toArray()[0] = 99;
    expect(a.get(0, 0)).toBe(1);
  });
});

describe("operations do not change their inputs", () => {
  const row = tensor([10, 20, 30]);
  const index = tensor([1, 0], [2], "int32");
  const column = tensor([1, 0], [2, 1], "int32");

  it.each<[string, (a: Tensor) => unknown]>([
    ["add", (a) => a.add(row)],
    ["sub", (a) => row.sub(a)],
    ["mul with itself", (a) => a.mul(a)],
    ["div", (a) => a.div(3)],
    ["neg", (a) => a.neg()],
    ["exp", (a) => a.exp()],
    ["log", (a) => a.log()],
    ["tanh", (a) => a.tanh()],
    ["sqrt", (a) => a.sqrt()],
    ["pow", (a) => a.pow(2)],
    ["pow 1, changed afterwards", (a) => a.pow(1).add_(1)],
    ["clamp, changed afterwards", (a) => a.clamp(0, 9).mul_(0)],
    ["sum", (a) => a.sum(0)],
    ["mean", (a) => a.mean()],
    ["var", (a) => a.var(0)],
    ["max", (a) => a.max(1)],
    ["softmax", (a) => a.softmax(1)],
    ["matmul", (a) => a.matmul(a.T)],
    ["T, changed afterwards", (a) => a.T.mul_(0)],
    ["expand to its own shape, changed afterwards", (a) => a.expand(2, 3).mul_(0)],
    ["clone, changed afterwards", (a) => a.clone().mul_(0)],
    ["float, changed afterwards", (a) => a.float().mul_(0)],
    ["gatherRows, changed afterwards", (a) => a.gatherRows(index).mul_(0)],
    ["indexAdd", (a) => a.indexAdd(0, index, a)],
    ["gather", (a) => a.gather(1, column)],
    ["scatterAdd", (a) => a.scatterAdd(1, column, column.float())],
  ])("%s", (_, operate) => {
    const a = sample();
    operate(a);
    expect([...a.toArray()]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...row.toArray()]).toEqual([10, 20, 30]);
  });
});

describe("operations in place", () => {
  it("change the tensor and return it", () => {
    const a = sample();
    expect(a.add_(1)).toBe(a);
    expect([...a.toArray()]).toEqual([2, 3, 4, 5, 6, 7]);
    expect([...a.sub_(tensor([[2], [5]])).toArray()]).toEqual([0, 1, 2, 0, 1, 2]);
    expect([...a.mul_(tensor([1, 10, 100])).toArray()]).toEqual([0, 10, 200, 0, 10, 200]);
    expect([...a.div_(10).toArray()]).toEqual([0, 1, 20, 0, 1, 20]);
  });

  it("accept the tensor itself as the other operand", () => {
    const a = sample();
    expect([...a.add_(a).toArray()]).toEqual([2, 4, 6, 8, 10, 12]);
    expect([...a.sub_(a).toArray()]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("accept a view of the tensor as the other operand", () => {
    const a = sample();
    expect([...a.mul_(a.view(1, 2, 3).view(2, 3)).toArray()]).toEqual([1, 4, 9, 16, 25, 36]);
  });

  it("do not change the other operand", () => {
    const step = tensor([1, 2, 3]);
    sample().sub_(step);
    expect([...step.toArray()]).toEqual([1, 2, 3]);
  });
});
