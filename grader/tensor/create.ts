import * as compute from "./compute.ts";
import { Storage, isInt32, type DType } from "./storage.ts";
import { argumentError, tensorError } from "./error.ts";
import { Tensor, elementsOf } from "./tensor.ts";
import {
  MOST_DIMENSIONS,
  checkShape,
  checkSize,
  copyOf,
  describe,
  extentsOf,
  frozenShape,
  indicesOf,
  kindOf,
  sameShape,
  sizeOf,
  type Shape,
} from "./shape.ts";

/** Numbers nested as deep as the tensor has dimensions: 3, [1, 2] or [[1, 2], [3, 4]]. */
export type Nested = number | readonly Nested[];

/** Flat elements, row by row, to go with a shape. */
export type Flat = readonly number[] | Float32Array | Float64Array | Int32Array;

/**
 * A tensor of these numbers: `tensor([[1, 2], [3, 4]])`, `tensor([1, 2, 3, 4], [2, 2])`, `tensor([0, 2], [2], "int32")`.
 * They are nested arrays, or flat ones with a shape; float32 unless "int32" is asked for. PyTorch:
 * `torch.tensor([[1., 2.], [3., 4.]])`.
 *
 * @throws TensorError where the rows differ in length, the shape does not hold the numbers, or int32 does not
 */
export function tensor(values: Nested | Flat, shape?: Shape, dtype: DType = "float32"): Tensor {
  const numbers = isTyped(values) ? values : flatten(values, [], 0);
  const actual = ownShape("tensor", shape ?? nestedShape(values));
  if (dtype === "float32") return holding(new Float32Array(numbers), actual);
  if (dtype !== "int32") {
    const got = typeof dtype === "string" ? dtype : kindOf(dtype);
    throw argumentError("tensor", `the dtype is "float32" or "int32", got ${got}`);
  }
  if (!(numbers instanceof Int32Array)) {
    for (const x of numbers) {
      if (isInt32(x)) continue;
      if (!Number.isInteger(x)) throw argumentError("tensor", `int32 holds whole numbers, got ${x}`);
      throw argumentError("tensor", `int32 holds whole numbers from -(2 ** 31) to 2 ** 31 - 1, got ${x}`);
    }
  }
  return holding(new Int32Array(numbers), actual);
}

function holding(elements: Float32Array | Int32Array, shape: Shape): Tensor {
  if (elements.length === sizeOf(shape)) return new Tensor(Storage.of(elements), shape);
  const holds = `${describe(shape)} holds ${sizeOf(shape)} numbers, got ${elements.length}`;
  throw tensorError("shapes", "tensor", holds, shape, [elements.length]);
}

/** A tensor of elements that nobody else has: they are taken over, not copied. For messages; learners do not have it. */
export function tensorOver(elements: Float32Array | Int32Array, shape: Shape): Tensor {
  return holding(elements, ownShape("tensor", shape));
}

/** Zeros of a shape: `zeros(2, 3)` or `zeros(x.shape)`. PyTorch: `torch.zeros(2, 3)`. */
export function zeros(...extents: number[] | [Shape]): Tensor {
  return constant("zeros", shapeFrom("zeros", extents), 0);
}

/** Ones of a shape: `ones(2, 3)` or `ones(x.shape)`. PyTorch: `torch.ones(2, 3)`. */
export function ones(...extents: number[] | [Shape]): Tensor {
  return constant("ones", shapeFrom("ones", extents), 1);
}

/** Zeros of another tensor's shape: `zerosLike(x)`. PyTorch: `torch.zeros_like(x)`. */
export function zerosLike(other: Tensor): Tensor {
  return constant("zerosLike", shapeOf("zerosLike", other), 0);
}

/** Ones of another tensor's shape: `onesLike(x)`. PyTorch: `torch.ones_like(x)`. */
export function onesLike(other: Tensor): Tensor {
  return constant("onesLike", shapeOf("onesLike", other), 1);
}

/**
 * Rows of zeros with a one at each index, float32: `oneHot(Yb, 3)` has shape [n, 3], for `Yb` of shape [n] or [n, 1]
 * (PyTorch gives [n, 1, 3] for the latter). PyTorch: `F.one_hot(Yb, 3).float()`.
 *
 * @throws TensorError where an index is not from 0 to classes - 1
 */
export function oneHot(index: Tensor, classes: number): Tensor {
  if (!(index instanceof Tensor) || index.dtype !== "int32") {
    const got = index instanceof Tensor ? `a float32 tensor ${describe(index.shape)}` : kindOf(index);
    throw argumentError("oneHot", `the index is an int32 tensor such as Yb or max(...).indices, got ${got}`);
  }
  if (typeof classes !== "number") {
    const write = "write oneHot(Yb, x.size(1)), with a tensor x that has a column for each class";
    throw argumentError(
      "oneHot",
      classes === undefined
        ? `takes two arguments, the indices and how many classes there are; the second is missing; ${write}`
        : `how many classes there are is a number, got ${kindOf(classes)}; ${write}`,
    );
  }
  checkShape("oneHot", [classes]);
  const indices = elementsOf(index);
  const rows = index.shape.length === 2 && index.shape[1] === 1 ? index.shape.slice(0, 1) : index.shape;
  const shape = frozenShape([...rows, classes]);
  checkSize("oneHot", shape);
  const out = filled(sizeOf(shape), 0);
  const elements = out.floats;
  for (let row = 0; row < indices.length; row++) {
    const column = indices[row]!;
    if (column < 0 || column >= classes) {
      const taken = indicesOf(classes);
      const outside = `index ${column} is out of range for ${classes} classes (${taken})`;
      throw tensorError("index", "oneHot", outside, [column], [classes]);
    }
    elements[row * classes + column] = 1;
  }
  return new Tensor(out, shape);
}

/**
 * The mean cross-entropy of logits [n, vocab] with labels [n], a scalar: `crossEntropy(logits, Yb)`. It is forward only;
 * NaN of nothing, as in PyTorch. PyTorch: `F.cross_entropy(logits, Yb)`.
 *
 * @throws TensorError where the shapes do not fit, or a label is not from 0 to vocab - 1
 */
export function crossEntropy(logits: Tensor, Yb: Tensor): Tensor {
  for (const argument of [logits, Yb]) {
    if (argument instanceof Tensor) continue;
    throw argumentError("crossEntropy", `takes two tensors, the logits and Yb, got ${kindOf(argument)}`);
  }
  checkLabels(logits, Yb, arguments.length);
  if (logits.numel() === 0) return tensor(NaN);
  const norm_logits = logits.sub(logits.max(1, true).values);
  const logprobs = norm_logits.sub_(norm_logits.exp().sum(1, true).log());
  return logprobs.gather(1, Yb.view(-1, 1)).mean().neg();
}

function checkLabels({ dtype, shape }: Tensor, Yb: Tensor, given: number): void {
  if (given > 2) {
    throw argumentError(
      "crossEntropy",
      `takes the logits and Yb, got ${given} arguments; it is the mean over the rows`,
    );
  }
  if (dtype !== "float32" || shape.length !== 2) {
    const got = `${dtype === "float32" ? "" : "an int32 tensor of indices "}${describe(shape)}`;
    const kind = dtype === "float32" ? "shapes" : "argument";
    throw tensorError(kind, "crossEntropy", `the logits come first, a float32 matrix [n, vocab], got ${got}`, shape);
  }
  const [n, vocab] = shape as [number, number];
  if (Yb.dtype !== "int32" || !sameShape(Yb.shape, [n])) {
    const got = `${Yb.dtype === "int32" ? "" : "a float32 tensor "}${describe(Yb.shape)}`;
    const kind = Yb.dtype === "int32" ? "shapes" : "argument";
    const text = `logits ${describe(shape)} take int32 labels [${n}] such as Yb, got ${got}`;
    throw tensorError(kind, "crossEntropy", text, shape, Yb.shape);
  }
  for (const label of elementsOf(Yb)) {
    if (label >= 0 && label < vocab) continue;
    const outside = `label ${label} is out of range for ${vocab} classes (${indicesOf(vocab)})`;
    throw tensorError("index", "crossEntropy", outside, [label], [vocab]);
  }
}

function shapeFrom(operation: string, extents: number[] | [Shape]): number[] {
  if (extents.length > 0) return extentsOf(operation, extents);
  throw argumentError(operation, `takes a shape; write ${operation}(2, 3) or ${operation}(x.shape)`);
}

function constant(operation: string, shape: Shape, value: number): Tensor {
  const own = ownShape(operation, shape);
  return new Tensor(filled(sizeOf(own), value), own);
}

/**
 * A shape that is what it was when it was checked: an array can have getters.
 *
 * @throws TensorError unless it is a shape
 */
function ownShape(operation: string, shape: Shape): Shape {
  if (!Array.isArray(shape)) checkShape(operation, shape);
  const own = copyOf(shape);
  checkShape(operation, own);
  return frozenShape(own);
}

function filled(length: number, value: number): Storage {
  const out = Storage.empty(length);
  compute.fill(out, value);
  return out;
}

function shapeOf(operation: string, other: unknown): Shape {
  if (other instanceof Tensor) return other.shape;
  throw argumentError(operation, `expected a Tensor, got ${kindOf(other)}`);
}

function nestedShape(values: Nested | Flat): number[] {
  if (typeof values === "number") return [];
  if (isTyped(values)) return [values.length];
  const [first, ...rest] = values.map((inner) => nestedShape(inner));
  if (first === undefined) return [0];
  const ragged = rest.find((shape) => !sameShape(shape, first));
  if (ragged) {
    const differ = `rows differ: one has shape ${describe(first)}, another ${describe(ragged)}`;
    throw tensorError("shapes", "tensor", differ, first, ragged);
  }
  return [values.length, ...first];
}

/** Typed arrays of numbers; those of bigints and a DataView are not. */
function isTyped(values: Nested | Flat): values is Exclude<Flat, readonly number[]> {
  // for these two, which most are, without a look at their name
  if (values instanceof Float32Array || values instanceof Int32Array) return true;
  return ArrayBuffer.isView(values) && /^(Float|Int|Uint)/.test(Object.prototype.toString.call(values).slice(8));
}

function flatten(values: Nested, into: number[], depth: number): number[] {
  // an array that holds itself ends here too
  if (depth > MOST_DIMENSIONS) {
    throw argumentError(
      "tensor",
      `the arrays are nested too deeply; at most ${MOST_DIMENSIONS} dimensions are possible`,
    );
  }
  if (typeof values === "number") into.push(values);
  else if (Array.isArray(values)) for (const value of values) flatten(value, into, depth + 1);
  else throw argumentError("tensor", `expected numbers or nested arrays of numbers, got ${kindOf(values)}`);
  return into;
}
