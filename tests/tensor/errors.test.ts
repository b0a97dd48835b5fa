import { describe, expect, it } from "vitest";
import { sameFault, type TensorErrorKind, type TensorFault } from "../../grader/tensor/error.ts";
import { Tensor, TensorError, crossEntropy, oneHot, ones, tensor, zeros, zerosLike } from "#tensor";

const index = tensor([0, 1], [2], "int32");
const column = index.view(-1, 1);
const matrix = zeros(2, 3);

/** An argument that the types forbid, as a learner's file may pass it: learner files run without type checks. */
const unchecked = (value: unknown): never => value as never;

type Variadic = (...all: unknown[]) => unknown;

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
    "shapes without a likely cause",
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
  ["softmax over a dimension that does not exist", () => matrix.softmax(5), "softmax: [2, 3] has no dimension 5"],
  ["softmax over nothing", () => zeros(2, 0).softmax(1), "softmax: [2, 0] has nothing along dimension 1"],
  ["fractions as indices", () => tensor([1.5], [1], "int32"), "tensor: int32 holds whole numbers, got 1.5"],
  ["a fraction set as index", () => index.clone().set(0, 1.7), "set: an int32 tensor holds whole numbers, got 1.7"],
  [
    "an unknown dtype",
    () => tensor([1], [1], unchecked("float64")),
    'tensor: the dtype is "float32" or "int32", got float64',
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
      "transpose one of them (.T), or swap their order?",
  ],
  [
    "a vector as factor",
    () => matrix.matmul(ones(3)),
    "matmul: takes two matrices, got [2, 3] and [3]; " +
      "a vector becomes a row by .view(1, -1) and a column by .view(-1, 1)",
  ],
  [
    "factors of a batch that do not fit",
    () => zeros(2, 4, 3).matmul(zeros(2, 4, 3)),
    "matmul: [2, 4, 3] @ [2, 4, 3] does not fit: 3 columns meet 4 rows; " +
      "transpose one of them (.transpose(-2, -1)), or swap their order?",
  ],
  [
    "batches that do not broadcast",
    () => zeros(2, 4, 3).matmul(zeros(5, 3, 4)),
    "matmul: [2, 4, 3] @ [5, 3, 4] does not fit: the dimensions in front of the matrices, [2] and [5], do not broadcast",
  ],
  [
    "a batch to transpose",
    () => zeros(2, 3, 4).T,
    "T: only a matrix is transposed, this is [2, 3, 4]; transpose(-2, -1) swaps the last two dimensions",
  ],
  [
    "one dimension to swap",
    () => (matrix.transpose as Variadic).call(matrix, 0),
    "transpose: the dimension is a number, got undefined; write transpose(0, 1)",
  ],
  [
    "dimensions to swap in an array",
    () => (matrix.transpose as Variadic).call(matrix, [0, 1]),
    "transpose: the dimension is a number, got an array; write transpose(0, 1)",
  ],
  ["a dimension to swap that is not there", () => matrix.transpose(0, 2), "transpose: [2, 3] has no dimension 2"],
  ["a sum over no dimension", () => matrix.sum([]), "sum: [] names no dimension; write sum([0, 1])"],
  ["a mean over a dimension twice", () => matrix.mean([0, -2]), "mean: [0, -2] names dimension 0 twice"],
  ["a variance over a dimension that is not there", () => matrix.var([0, 2]), "var: [2, 3] has no dimension 2"],
  [
    "a sum over dimensions that are not in an array",
    () => matrix.sum(0, unchecked(1)),
    "sum: keepdim is true or false, got a number; write sum(1, keepdim), or sum([0, 1], keepdim) for several dimensions",
  ],
  [
    "maxima along two dimensions",
    () => matrix.max(unchecked([0, 1])),
    "max: the dimension is a number, got an array; write max(1, keepdim)",
  ],
  [
    "a float32 mask",
    () => matrix.maskedFill(ones(3), 0),
    "maskedFill: the mask is an int32 tensor of zeros and ones, got a float32 tensor [3]",
  ],
  [
    "an array for a mask",
    () => matrix.maskedFill(unchecked([0, 1, 0]), 0),
    "maskedFill: the mask is an int32 tensor of zeros and ones, got an array; tensor([...]) makes a Tensor of it",
  ],
  [
    "indices for a mask",
    () => matrix.maskedFill(tensor([0, 1, 2], [3], "int32"), 0),
    "maskedFill: the mask [3] holds 2, expected zeros and ones",
  ],
  [
    "a mask of another shape",
    () => matrix.maskedFill(index, 0),
    "maskedFill: [2, 3] and [2] do not broadcast: 3 against 2 in the last dimension; did a sum drop its dimension?",
  ],
  [
    "no value for a mask",
    () => (matrix.maskedFill as Variadic).call(matrix, tensor([0, 1, 0], [3], "int32")),
    "maskedFill: the value is a number, got undefined; write maskedFill(mask, -Infinity)",
  ],
  [
    "a tensor for a function",
    () => matrix.each(unchecked(matrix)),
    "each: takes a function, got a Tensor [2, 3]; write each((x) => Math.max(x, 0))",
  ],
  [
    "a function that returns nothing",
    () => matrix.each(unchecked(() => undefined)),
    "each: the function should return a number, got undefined",
  ],
  ["numbers for a tensor", () => matrix.newTensor(unchecked([1])), "newTensor: expected a Tensor, got an array"],
  [
    "an index of fewer dimensions",
    () => zeros(2, 3, 4).gather(1, column),
    "gather: [2, 3, 4] needs an index [2, m, 4], got [2, 1]",
  ],
  [
    "a product of batches that is too large",
    () => zeros(2 ** 10, 2 ** 9, 1).matmul(zeros(1, 2 ** 9)),
    "matmul: a tensor of shape [1024, 512, 512] is too large",
  ],
  ["a number as factor", () => matrix.matmul(unchecked(2)), "matmul: expected a Tensor, got a number"],
  ["a vector to transpose", () => ones(3).T, "T: only a matrix is transposed, this is [3]"],
  ["a view of another size", () => matrix.view(4, 2), "view: [2, 3] holds 6 elements, which [4, 2] cannot hold"],
  ["a view that does not divide", () => matrix.view(4, -1), "view: [2, 3] holds 6 elements, which [4, -1] cannot hold"],
  ["a view of one element with two", () => ones(1).view(-1, -1), "view: only one extent can be -1, got [-1, -1]"],
  ["a view of nothing with two", () => zeros(0).view(-1, -1), "view: only one extent can be -1, got [-1, -1]"],
  [
    "a view whose open extent could be any",
    () => zeros(0).view(-1, 0),
    "view: -1 could be any number in [-1, 0]: every shape with a 0 holds 0 elements",
  ],
  ["a view of something as nothing", () => matrix.view(-1, 0), "view: [2, 3] holds 6 elements, which [-1, 0] cannot"],
  [
    "a view with a fraction",
    () => matrix.view(-1, 1.5),
    "view: [-1, 1.5] is not a shape: 1.5 is not a whole number from",
  ],
  [
    "a view with a negative extent",
    () => matrix.view(-2, -3),
    "view: [-2, -3] is not a shape: -2 is not a whole number",
  ],
  ["a view with NaN", () => matrix.view(NaN, 6), "view: [NaN, 6] is not a shape: NaN is not a whole number from 0 up"],
  ["a view with Infinity", () => matrix.view(-1, Infinity), "view: [-1, Infinity] is not a shape: Infinity is not a"],
  ["a view with two open extents", () => matrix.view(-1, -1), "view: only one extent can be -1, got [-1, -1]"],
  ["an expansion of more than 1", () => matrix.expand(4, 3), "expand: [2, 3] and [4, 3] do not broadcast: 2 against 4"],
  ["an expansion to less", () => matrix.expand(3), "expand: [2, 3] cannot be expanded to [3]"],
  [
    "an extent that is no whole number",
    () => zeros(2.5),
    "zeros: [2.5] is not a shape: 2.5 is not a whole number from 0 up",
  ],
  ["rows of different lengths", () => tensor([[1], [1, 2]]), "tensor: rows differ: one has shape [1], another [2]"],
  ["a shape that does not hold the numbers", () => tensor([1, 2, 3], [2, 2]), "tensor: [2, 2] holds 4 numbers, got 3"],
  [
    "text among the numbers",
    () => tensor(unchecked([1, "2"])),
    "tensor: expected numbers or nested arrays of numbers, got",
  ],
  ["a position outside", () => matrix.get(2, 0), "get: [2, 0] lies outside [2, 3]"],
  [
    "a position too short",
    () => matrix.get(1),
    "get: [2, 3] takes 2 indices, got 1: get reads one number, not a row; write get(i, j)",
  ],
  [
    "a position as an array",
    () => matrix.clone().set(unchecked([0, 1]), 5),
    "set: [2, 3] takes 2 indices, got 1: set writes one number, not a row; write set(i, j, value)",
  ],
  [
    "the value first",
    () => matrix.set(-4, 0, 0),
    "set: [-4, 0] lies outside [2, 3]; the position comes first, the value",
  ],
  [
    "names of for in",
    () => matrix.get(unchecked("0"), 0),
    "get: index 0 is a string, expected a whole number; for (const",
  ],
  ["a function of an element and its index", () => matrix.each(unchecked((v: number, i: number) => v * i)), "no index"],
  ["a position with a fraction", () => ones(3).set(0.5, 1), "set: index 0 is 0.5, expected a whole number"],
  [
    "no value to set",
    () => ones(1).set(0, unchecked(ones(1))),
    "set: the last argument is the value, a number, got a Tensor [1], whose number is x.item()",
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
  ["a column as index of rows", () => matrix.gather(0, column), "gather: [2, 3] needs an index [m, 3], got [2, 1]"],
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
  ["a class where there is none", () => oneHot(index, 0), "oneHot: index 0 is out of range for 0 classes (none)"],
  [
    "a row where there is none",
    () => zeros(0, 3).gatherRows(index),
    "gatherRows: index 0 is out of range; [0, 3] takes n",
  ],
  [
    "logits that are no matrix",
    () => crossEntropy(ones(3), index),
    "crossEntropy: the logits come first, a float32 matrix [n, vocab], got [3]",
  ],
  [
    "labels before the logits",
    () => crossEntropy(index, matrix),
    "crossEntropy: the logits come first, a float32 matrix [n, vocab], got an int32 tensor of indices [2]",
  ],
  [
    "labels of float32",
    () => crossEntropy(matrix, ones(2)),
    "crossEntropy: logits [2, 3] take int32 labels [2] such as Yb, got a float32 tensor [2]",
  ],
  [
    "labels of another number",
    () => crossEntropy(ones(3, 3), index),
    "crossEntropy: logits [3, 3] take int32 labels [3] such as Yb, got [2]",
  ],
  [
    "a column of labels",
    () => crossEntropy(matrix, column),
    "crossEntropy: logits [2, 3] take int32 labels [2] such as Yb, got [2, 1]",
  ],
  [
    "a label out of range",
    () => crossEntropy(matrix, tensor([0, 3], [2], "int32")),
    "crossEntropy: label 3 is out of range for 3 classes (0 to 2)",
  ],
  [
    "a label below 0",
    () => crossEntropy(matrix, tensor([-1, 0], [2], "int32")),
    "crossEntropy: label -1 is out of range for 3 classes (0 to 2)",
  ],
  [
    "a label of no class",
    () => crossEntropy(zeros(2, 0), index),
    "crossEntropy: label 0 is out of range for 0 classes (n",
  ],
  [
    "a kind of reduction",
    () => (crossEntropy as (...all: unknown[]) => unknown)(matrix, index, "sum"),
    "crossEntropy: takes the logits and Yb, got 3 arguments; it is the mean over the rows",
  ],
  [
    "a variance divided by n",
    () => (matrix.var as Variadic).call(matrix, 0, true, false),
    "var: takes two arguments, got 3; write var(1, keepdim); it divides by n - 1: for n, multiply by (n - 1) / n",
  ],
  [
    "a variance in PyTorch's order",
    () => (matrix.var as Variadic).call(matrix, 0, false, true),
    "var: takes two arguments, got 3",
  ],
  [
    "three arguments for a sum",
    () => (matrix.sum as Variadic).call(matrix, 0, true, "float64"),
    "sum: takes two arguments, got 3; write sum(1, keepdim)",
  ],
  [
    "two dimensions for a mean",
    () => matrix.mean(0, unchecked(1)),
    "mean: keepdim is true or false, got a number; write mean(1, keepdim)",
  ],
  [
    "a factor in a sum of two",
    () => (matrix.add_ as Variadic).call(matrix, matrix, -0.1),
    "add_: takes one argument, got 2; write add_(b).add_(c) for two, and add_(b.mul(2)) for a factor",
  ],
  ["a new Tensor", () => new Tensor(unchecked([1, 2]), [2]), "new Tensor: write tensor([1, 2]) or zeros(2, 3)"],
  [
    "bigints",
    () => tensor(unchecked(BigInt64Array.of(1n))),
    "tensor: expected numbers or nested arrays of numbers, got",
  ],
  [
    "a DataView",
    () => tensor(unchecked(new DataView(new ArrayBuffer(8)))),
    "tensor: expected numbers or nested arrays",
  ],
  ["an object for the dtype", () => tensor([1], [1], unchecked({})), '"float32" or "int32", got an object'],
  ["a position that is NaN", () => matrix.get(0, NaN), "get: index 1 is NaN, expected a whole number"],
  [
    "a position as text",
    () => matrix.get(9, unchecked("0")),
    "get: index 1 is a string, expected a whole number; for (const i in x)",
  ],
  ["no indices for classes", () => oneHot(unchecked(undefined), 3), "max(...).indices, got undefined"],
];

/** Tensors that are too large, requested in every way in which tensors grow. */
const tooLarge: readonly [what: string, call: () => unknown, message: string][] = [
  [
    "zeros",
    () => zeros(1e9, 1e9),
    "zeros: a tensor of shape [1000000000, 1000000000] is too large: its extents multiply to 1000000000000000000, " +
      "and at most 134217728 is possible",
  ],
  ["one extent", () => ones(2 ** 27 + 1), "ones: a tensor of shape [134217729] is too large"],
  [
    "a number beyond all whole ones",
    () => zeros(1e308, 1e308),
    "zeros: a tensor of shape [1e+308, 1e+308] is too large",
  ],
  [
    "nothing, many times",
    () => zeros(0, 1e9),
    "zeros: a tensor of shape [0, 1000000000] is too large: its extents other than 0 multiply to 1000000000",
  ],
  ["nothing, infinitely often", () => zeros(1e308, 1e308, 0), "zeros: a tensor of shape [1e+308, 1e+308, 0] is too la"],
  ["new zeros", () => matrix.newZeros([2 ** 14, 2 ** 14]), "newZeros: a tensor of shape [16384, 16384] is too large"],
  [
    "a tensor with a shape",
    () => tensor([1], [1e200, 1e200]),
    "tensor: a tensor of shape [1e+200, 1e+200] is too large",
  ],
  ["a view", () => matrix.view(1e200, 1e200), "view: a tensor of shape [1e+200, 1e+200] is too large"],
  ["a view of nothing", () => zeros(0).view(-1, 1e300), "view: a tensor of shape [-1, 1e+300] is too large"],
  [
    "an expansion",
    () => ones(1, 1).expand(2 ** 20, 2 ** 20),
    "expand: a tensor of shape [1048576, 1048576] is too large",
  ],
  ["a broadcast", () => ones(2 ** 14, 1).add(ones(2 ** 14)), "add: a tensor of shape [16384, 16384] is too large"],
  ["a broadcast in place", () => ones(2 ** 14, 1).mul_(ones(2 ** 14)), "mul_: a tensor of shape [16384, 16384] is too"],
  [
    "a product",
    () => ones(2 ** 14, 1).matmul(ones(1, 2 ** 14)),
    "matmul: a tensor of shape [16384, 16384] is too large",
  ],
  [
    "rows by index",
    () => ones(1, 2 ** 14).gatherRows(tensor(new Int32Array(2 ** 14), [2 ** 14], "int32")),
    "gatherRows: a tensor of shape [16384, 16384] is too large",
  ],
  ["classes", () => oneHot(index, 1e9), "oneHot: a tensor of shape [1000000000] is too large"],
  [
    "infinitely many classes",
    () => oneHot(index, Infinity),
    "oneHot: [Infinity] is not a shape: Infinity is not a whole",
  ],
  ["dimensions", () => zeros(Array.from({ length: 65 }, () => 1)), "zeros: 65 dimensions are too many; at most 64 are"],
  [
    "dimensions by index",
    () =>
      ones(1, 1).gatherRows(
        tensor(
          [0],
          Array.from({ length: 64 }, () => 1),
          "int32",
        ),
      ),
    "gatherRows: 65 dimensions are too many; at most 64 are possible",
  ],
  [
    "an array in itself",
    () => {
      const nested: unknown[] = [];
      nested.push(nested, nested);
      return tensor(unchecked(nested));
    },
    "tensor: the arrays are nested too deeply; at most 64 dimensions are possible",
  ],
];

describe("a tensor larger than the limit is refused before memory is allocated", () => {
  it.each(tooLarge)("%s", (_, call, message) => {
    expect(call).toThrow(TensorError);
    expect(call).toThrow(message);
  });

  it("but not one of 2 ** 26 elements", () => {
    expect(zeros(2 ** 26).numel()).toBe(2 ** 26);
  });
});

describe("int32 holds integers from -(2 ** 31) to 2 ** 31 - 1", () => {
  const range = "from -(2 ** 31) to 2 ** 31 - 1, got";
  const calls: [what: string, call: () => unknown, message: string][] = [
    ["one above", () => tensor([2 ** 31], [1], "int32"), `tensor: int32 holds whole numbers ${range} 2147483648`],
    [
      "one below",
      () => tensor([-(2 ** 31) - 1], [1], "int32"),
      `tensor: int32 holds whole numbers ${range} -2147483649`,
    ],
    ["one in an array of floats", () => tensor(Float64Array.of(1, 1e300), [2], "int32"), `${range} 1e+300`],
    ["one in an array without signs", () => tensor(unchecked(Uint32Array.of(2 ** 32 - 1)), [1], "int32"), range],
    ["Infinity", () => tensor([Infinity], [1], "int32"), "tensor: int32 holds whole numbers, got Infinity"],
    ["NaN", () => tensor([NaN], [1], "int32"), "tensor: int32 holds whole numbers, got NaN"],
    ["one set", () => index.clone().set(0, 2 ** 31), `set: an int32 tensor holds whole numbers ${range} 2147483648`],
    [
      "one set far below",
      () => index.clone().set(0, -1e18),
      `set: an int32 tensor holds whole numbers ${range} -1000000`,
    ],
    ["NaN set", () => index.clone().set(0, NaN), "set: an int32 tensor holds whole numbers, got NaN"],
  ];
  it.each(calls)("%s", (_, call, message) => {
    expect(call).toThrow(TensorError);
    expect(call).toThrow(message);
  });

  it("including both ends", () => {
    const ends = [-(2 ** 31), 2 ** 31 - 1];
    expect([...tensor(ends, [2], "int32").toArray()]).toEqual(ends);
    expect(index.clone().set(0, ends[0]!).set(1, ends[1]!).toArray()).toEqual(Int32Array.from(ends));
  });
});

it.each([
  ["neg", [1], "neg: takes no argument, got 1"],
  ["exp", [2], "exp: takes no argument, got 1"],
  ["log", [10], "log: takes no argument, got 1"],
  ["tanh", [matrix], "tanh: takes no argument, got 1"],
  ["sqrt", [3], "sqrt: takes no argument, got 1"],
  ["pow", [2, 3], "pow: takes one argument, got 2"],
  ["clamp", [0, 1, 2], "clamp: takes two arguments, got 3"],
  ["softmax", [1, "float32"], "softmax: takes one argument, got 2"],
  ["matmul", [matrix.T, matrix], "matmul: takes one argument, got 2"],
  ["add", [matrix, 2], "add: takes one argument, got 2; write add(b).add(c) for two, and add(b.mul(2)) for a factor"],
  ["max", [0, true, true], "max: takes two arguments, got 3; write max(1, keepdim)"],
  ["mean", [0, true, "float64"], "mean: takes two arguments, got 3; write mean(1, keepdim)"],
] as [keyof Tensor, unknown[], string][])(
  "an argument that %s does not accept is not ignored",
  (name, given, message) => {
    const call = (): unknown => (matrix[name] as Variadic).apply(matrix, given);
    expect(call).toThrow(TensorError);
    expect(call).toThrow(message);
  },
);

describe("an operation that fails says which it is, on which shapes, and why", () => {
  it.each(mistakes)("%s", (_, call, message) => {
    expect(call).toThrow(TensorError);
    expect(call).toThrow(message);
  });
});

const kinds: [kind: TensorErrorKind, call: () => unknown, operation: string, numbers: readonly number[][]][] = [
  ["shapes", () => matrix.add(ones(4)), "add", [[2, 3], [4]]],
  [
    "shapes",
    () => matrix.matmul(matrix),
    "matmul",
    [
      [2, 3],
      [2, 3],
    ],
  ],
  [
    "shapes",
    () => matrix.view(4, 2),
    "view",
    [
      [2, 3],
      [4, 2],
    ],
  ],
  ["shapes", () => ones(3).add_(matrix), "add_", [[3], [2, 3]]],
  ["dropped-dimension", () => matrix.sub(matrix.sum(1)), "sub", [[2, 3], [2]]],
  ["no-dimension", () => matrix.sum(2), "sum", [[2, 3], [2]]],
  [
    "index",
    () => matrix.get(0, 3),
    "get",
    [
      [0, 3],
      [2, 3],
    ],
  ],
  ["index", () => matrix.gatherRows(tensor([2], [1], "int32")), "gatherRows", [[2], [2, 3]]],
  ["index", () => oneHot(tensor([5], [1], "int32"), 5), "oneHot", [[5], [5]]],
  ["extent", () => zeros(2, 1.5), "zeros", []],
  ["extent", () => zeros(2 ** 20, 2 ** 20), "zeros", [[2 ** 20, 2 ** 20]]],
  ["argument", () => matrix.pow(unchecked("2")), "pow", []],
  ["argument", () => index.exp(), "exp", []],
  ["absent", () => (matrix as unknown as { negate: unknown }).negate, "", []],
  ["brackets", () => (matrix as unknown as Tensor[])[0], "", []],
  ["operator", () => (matrix as unknown as number) * 2, "", []],
];

describe("an error says in fields what it is about", () => {
  it.each(kinds)("%s: %s", (kind, call, operation, numbers) => {
    expect(faultOf(call)).toEqual({ kind, operation, numbers });
  });

  it("in no field that a learner who prints it would see", () => {
    expect(
      Object.keys(
        new TensorError(
          "no",
          faultOf(() => matrix.sum(2)),
        ),
      ),
    ).toEqual(["name"]);
  });

  it("and no other error does, whatever it is made to look like", () => {
    const fault = faultOf(() => matrix.sum(2));
    const forged = Object.assign(Object.create(TensorError.prototype) as object, { fault });
    for (const other of [
      forged,
      new Error("sum: [2, 3] has no dimension 2"),
      new TensorError("mine"),
      fault,
      null,
      "no",
    ]) {
      expect(TensorError.faultOf(other)).toBeUndefined();
    }
  });

  it("the same operation on the same shapes fails in the same way; an argument's error is like no other", () => {
    const [sum, mean] = [faultOf(() => matrix.sum(2))!, faultOf(() => matrix.mean(2))!];
    expect(
      sameFault(
        sum,
        faultOf(() => ones(2, 3).sum(2))!,
      ),
    ).toBe(true);
    expect(
      sameFault(
        sum,
        faultOf(() => ones(3, 3).sum(2))!,
      ),
    ).toBe(false);
    expect(
      sameFault(
        sum,
        faultOf(() => matrix.sum(3))!,
      ),
    ).toBe(false);
    expect(sameFault(sum, mean)).toBe(false);
    const argument = faultOf(() => matrix.pow(unchecked("2")))!;
    expect(sameFault(argument, argument)).toBe(false);
  });
});

function faultOf(call: () => unknown): TensorFault | undefined {
  try {
    call();
  } catch (error) {
    return TensorError.faultOf(error);
  }
  throw new Error("nothing was thrown");
}

it("a failed operation in place changes nothing", () => {
  const a = ones(2);
  expect(() => a.add_(ones(3, 2))).toThrow(TensorError);
  expect(() => a.indexAdd_(0, tensor([0, 2], [2], "int32"), ones(2))).toThrow("indexAdd_: index 2 is out of range");
  expect([...a.toArray()]).toEqual([1, 1]);
});
