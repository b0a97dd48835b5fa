import { describe, expect, it } from "vitest";
import { TensorError, crossEntropy, oneHot, ones, tensor, zeros, zerosLike } from "#tensor";

const index = tensor([0, 1], [2], "int32");
const column = index.view(-1, 1);
const matrix = zeros(2, 3);

/** An argument that the types forbid, as a learner's file may hand it over: learner files run unchecked. */
const unchecked = (value: unknown): never => value as never;

const mistakes: readonly [what: string, call: () => unknown, message: string][] = [
  [
    "a sum that dropped its dimension",
    () => ones(32, 27).mul(ones(32)),
    "mul: [32, 27] and [32] do not broadcast: 27 against 32 in the last dimension; " +
      "did a sum drop its dimension? sum(1, keepdim) keeps it",
  ],
  [
    "a transposed operand",
    () => ones(2, 3).sub(ones(3, 2)),
    "sub: [2, 3] and [3, 2] do not broadcast: 3 against 2 in the last dimension; is one of them transposed? .T flips it",
  ],
  [
    "shapes that differ in an earlier dimension",
    () => ones(4, 3).div(ones(2, 3)),
    "div: [4, 3] and [2, 3] do not broadcast: 4 against 2 in dimension 0",
  ],
  [
    "shapes without a likely cause get no guess",
    () => ones(4).add(ones(5)),
    "add: [4] and [5] do not broadcast: 4 against 5 in the last dimension",
  ],
  [
    "a result too large for the tensor in place",
    () => ones(3).add_(ones(2, 3)),
    "add_: [3] cannot hold the result [2, 3]; add without _ makes a new tensor",
  ],
  ["a shape that does not broadcast in place", () => ones(3).mul_(ones(2)), "mul_: [3] and [2] do not broadcast"],
  [
    "an array as operand",
    () => matrix.add(unchecked([1])),
    "add: expected a Tensor or a number, got an array; tensor(",
  ],
  ["nothing as operand", () => matrix.mul(unchecked(undefined)), "mul: expected a Tensor or a number, got undefined"],
  ["text as operand", () => matrix.sub_(unchecked("1")), "sub_: expected a Tensor or a number, got a string"],
  [
    "indices in arithmetic",
    () => index.mul(2),
    "mul: this is an int32 tensor of indices [2]; .float() makes it float32",
  ],
  ["indices as second operand", () => ones(2).sub(index), "sub: this is an int32 tensor of indices [2]; .float()"],
  ["indices expanded", () => index.expand(2, 2), "expand: this is an int32 tensor of indices [2]"],
  ["softmax over a dimension that is not there", () => matrix.softmax(5), "softmax: [2, 3] has no dimension 5"],
  ["softmax over nothing", () => zeros(2, 0).softmax(1), "softmax: [2, 0] is empty along dimension 1"],
  ["fractions as indices", () => tensor([1.5], [1], "int32"), "tensor: int32 holds whole numbers, got 1.5"],
  ["a fraction set as index", () => index.clone().set(0, 1.7), "set: an int32 tensor holds whole numbers, got 1.7"],
  [
    "an unknown dtype",
    () => tensor([1], [1], unchecked("float64")),
    'tensor: there are "float32" and "int32", got float64',
  ],
  ["zeros like nothing", () => zerosLike(unchecked(undefined)), "zerosLike: expected a Tensor, got undefined"],
  ["zeros like a shape", () => zerosLike(unchecked([2, 3])), "zerosLike: expected a Tensor, got an array"],
  ["zeros of no shape", () => zeros(), "zeros: takes a shape; write zeros(2, 3) or zeros(x.shape)"],
  [
    "zeros of a tensor",
    () => zeros(unchecked(matrix)),
    "zeros: a shape is made of numbers, got a Tensor [2, 3]; write zeros(2, 3) or zeros(x.shape)",
  ],
  [
    "ones of text",
    () => ones(2, unchecked("3")),
    "ones: a shape is made of numbers, got a string; write ones(2, 3) or ones(x.shape)",
  ],
  [
    "new zeros of numbers",
    () => matrix.newZeros(unchecked(2)),
    "newZeros: a shape is an array such as [2, 3] or x.shape, got a number",
  ],
  [
    "a tensor with a number for its shape",
    () => tensor([1, 2], unchecked(2)),
    "tensor: a shape is an array such as [2, 3] or x.shape, got a number",
  ],
  [
    "a shape with a hole",
    () => tensor([1, 2], unchecked([2, undefined])),
    "tensor: a shape holds numbers, as [2, 3] does, got undefined in it",
  ],
  [
    "a tensor of a tensor",
    () => tensor(unchecked(matrix)),
    "tensor: expected numbers or nested arrays of numbers, got a Tensor [2, 3]",
  ],
  ["a view of no shape", () => matrix.view(), "view: takes a shape; write view(2, 3) or view(x.shape)"],
  [
    "a view of nothing",
    () => matrix.view(unchecked(undefined)),
    "view: a shape is made of numbers, got undefined; write view(2, 3) or view(x.shape)",
  ],
  [
    "a view as a tensor",
    () => matrix.view(unchecked(matrix)),
    "view: a shape is made of numbers, got a Tensor [2, 3]; write view(2, 3) or view(x.shape)",
  ],
  ["an expansion to no shape", () => matrix.expand(), "expand: takes a shape; write expand(2, 3) or expand(x.sh"],
  ["no indices for rows", () => matrix.gatherRows(unchecked(undefined)), "or Yb, got undefined"],
  [
    "rows added without a dimension",
    () => matrix.indexAdd(unchecked(index), unchecked(matrix), unchecked(undefined)),
    "indexAdd: rows are added along dimension 0, got a Tensor [2]; write indexAdd(0, index, source)",
  ],
  ["no rows to add", () => matrix.indexAdd(0, index, unchecked(undefined)), "the source is a Tensor, got undefined"],
  [
    "columns picked without a dimension",
    () => matrix.gather(unchecked(column), unchecked(undefined)),
    "gather: the dimension is a number, got a Tensor [2, 1]; write gather(1, index)",
  ],
  ["a loss of nothing", () => crossEntropy(matrix, unchecked(undefined)), "the logits and Yb, got undefined"],
  ["indices in a sum", () => index.sum(), "sum: this is an int32 tensor of indices [2]"],
  ["indices in a mean", () => index.mean(), "mean: this is an int32 tensor of indices [2]"],
  ["indices under exp", () => column.exp(), "exp: this is an int32 tensor of indices [2, 1]"],
  ["indices in a product", () => matrix.T.matmul(column), "matmul: this is an int32 tensor of indices [2, 1]"],
  ["a tensor as exponent", () => matrix.pow(unchecked(matrix)), "pow: the exponent is a number, got a Tensor [2, 3]"],
  [
    "one bound",
    () => matrix.clamp(1, unchecked(undefined)),
    "clamp: min and max are numbers, got undefined; write clamp(-1",
  ],
  ["a tensor as bound", () => matrix.clamp(0, unchecked(matrix)), "clamp: min and max are numbers, got a Tensor"],
  ["indices within bounds", () => index.clamp(0, 1), "clamp: this is an int32 tensor of indices [2]"],
  ["a dimension too many", () => matrix.sum(2), "sum: [2, 3] has no dimension 2; dimensions are 0 to 1"],
  ["a dimension too many from the end", () => matrix.max(-3), "max: [2, 3] has no dimension -3; dimensions are 0 to 1"],
  [
    "keepdim for the dimension",
    () => matrix.mean(unchecked(true)),
    "mean: the dimension is a number, got a boolean; write mean(1, keepdim)",
  ],
  [
    "text for the dimension",
    () => matrix.sum(unchecked("1"), true),
    "sum: the dimension is a number, got a string; write sum(1, keepdim)",
  ],
  [
    "no dimension",
    () => matrix.max(unchecked(undefined)),
    "max: the dimension is a number, got undefined; write max(1, keepdim)",
  ],
  ["no dimension to measure", () => matrix.size(unchecked(undefined)), "got undefined; write size(0)"],
  ["a dimension of a scalar", () => tensor(1).sum(0), "sum: [] has no dimension 0; a scalar has no dimensions"],
  ["the maximum of nothing", () => zeros(2, 0).max(1), "max: [2, 0] has nothing along dimension 1"],
  [
    "factors that do not fit",
    () => ones(32, 64).matmul(ones(27, 64)),
    "matmul: [32, 64] @ [27, 64] does not fit: 64 columns meet 27 rows; " +
      "is one of them to be transposed (.T), or the order to be swapped?",
  ],
  ["a vector as factor", () => matrix.matmul(ones(3)), "matmul: takes two matrices, got [2, 3] and [3]"],
  ["a number as factor", () => matrix.matmul(unchecked(2)), "matmul: expected a Tensor, got a number"],
  ["a vector to transpose", () => ones(3).T, "T: only a matrix is transposed, this is [3]"],
  ["a view of another size", () => matrix.view(4, 2), "view: [2, 3] holds 6 elements, which [4, 2] cannot hold"],
  ["a view that does not divide", () => matrix.view(4, -1), "view: [2, 3] holds 6 elements, which [4, -1] cannot hold"],
  ["a view with two open extents", () => matrix.view(-1, -1), "view: [2, 3] holds 6 elements, which [-1, -1]"],
  ["an expansion of more than 1", () => matrix.expand(4, 3), "expand: [2, 3] and [4, 3] do not broadcast: 2 against 4"],
  ["an expansion to less", () => matrix.expand(3), "expand: [2, 3] does not repeat into [3]"],
  [
    "an extent that is no whole number",
    () => zeros(2.5),
    "zeros: [2.5] is no shape: 2.5 is not a whole number from 0 up",
  ],
  ["rows of different lengths", () => tensor([[1], [1, 2]]), "tensor: rows differ: one is [1], another [2]"],
  ["a shape that does not hold the numbers", () => tensor([1, 2, 3], [2, 2]), "tensor: [2, 2] holds 4 numbers, got 3"],
  [
    "text among the numbers",
    () => tensor(unchecked([1, "2"])),
    "tensor: expected numbers or nested arrays of numbers, got",
  ],
  ["a position outside", () => matrix.get(2, 0), "get: [2, 0] lies outside [2, 3]"],
  ["a position too short", () => matrix.get(1), "get: [2, 3] takes 2 indices, got 1"],
  ["a position with a fraction", () => ones(3).set(0.5, 1), "set: [0.5] lies outside [3]"],
  [
    "no value to set",
    () => ones(1).set(0, unchecked(ones(1))),
    "set: the last argument is the value, got a Tensor [1]",
  ],
  ["item of many", () => matrix.item(), "item: [2, 3] holds 6 elements, not one"],
  [
    "float32 as index",
    () => matrix.gatherRows(ones(2)),
    "gatherRows: the index is an int32 tensor such as Xb or Yb, got a float32 tensor [2]",
  ],
  [
    "a row out of range",
    () => ones(1, 3).gatherRows(index),
    "gatherRows: index 1 is out of range; [1, 3] takes 0 to 0",
  ],
  ["rows of a scalar", () => tensor(1).gatherRows(index), "gatherRows: a scalar has no rows"],
  [
    "a source of the wrong shape",
    () => zeros(5, 3).indexAdd(0, index, ones(3, 3)),
    "indexAdd: indices [2] into [5, 3] need a source [2, 3], got [3, 3]",
  ],
  [
    "rows added along dim 1",
    () => matrix.indexAdd(1, index, matrix),
    "indexAdd: rows are added along dimension 0, got 1",
  ],
  [
    "a number as source",
    () => matrix.indexAdd(0, index, unchecked(1)),
    "indexAdd: the source is a Tensor, got a number",
  ],
  [
    "a vector as index of columns",
    () => matrix.gather(1, index),
    "gather: [2, 3] needs an index [2, m], got [2]; a vector becomes a column by .view(-1, 1)",
  ],
  ["a column out of range", () => ones(2, 1).gather(1, column), "gather: index 1 is out of range; [2, 1] takes 0 to 0"],
  [
    "columns picked along dim 0",
    () => matrix.gather(0, column),
    "gather: takes a matrix and dim 1, got [2, 3] and dim 0",
  ],
  [
    "a source unlike its index",
    () => matrix.scatterAdd(1, column, ones(2)),
    "scatterAdd: the source has the index's shape [2, 1], got [2]",
  ],
  ["a class out of range", () => oneHot(index, 1), "oneHot: index 1 is out of range for 1 classes (0 to 0)"],
  [
    "float32 as classes",
    () => oneHot(ones(2), 3),
    "oneHot: the index is an int32 tensor such as Yb or max(...).indices, got a float32 tensor [2]",
  ],
  [
    "no number of classes",
    () => oneHot(index, unchecked(undefined)),
    "oneHot: takes two arguments, the indices and how many classes there are; the second is missing; " +
      "write oneHot(Yb, x.size(1))",
  ],
  [
    "a tensor for the number of classes",
    () => oneHot(index, unchecked(matrix)),
    "oneHot: how many classes there are is a number, got a Tensor [2, 3]; write oneHot(Yb, x.size(1))",
  ],
  ["no indices for classes", () => oneHot(unchecked(undefined), 3), "max(...).indices, got undefined"],
];

describe("an operation that cannot be done says which, on what shapes, and why", () => {
  it.each(mistakes)("%s", (_, call, message) => {
    expect(call).toThrow(TensorError);
    expect(call).toThrow(message);
  });
});

it("what failed in place changed nothing", () => {
  const a = ones(2);
  expect(() => a.add_(ones(3, 2))).toThrow(TensorError);
  expect(() => a.indexAdd_(0, tensor([0, 2], [2], "int32"), ones(2))).toThrow("indexAdd: index 2 is out of range");
  expect([...a.toArray()]).toEqual([1, 1]);
});
