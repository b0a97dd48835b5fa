import { notANumber, standBehind } from "./absent.ts";
import { checkCount, checkKeepdim, whatIs } from "./arguments.ts";
import * as compute from "./compute.ts";
import { argumentError, tensorError } from "./error.ts";
import type { BinaryOperation, PickPlan, PlainOperation, UnaryOperation } from "./kernels.ts";
import { planBroadcast, planPick, planProduct, planReduction, planSum, planSwap } from "./plans.ts";
import { offsetOf } from "./position.ts";
import { print } from "./print.ts";
import {
  SCALAR,
  broadcastShapes,
  checkMatrix,
  checkNotEmpty,
  checkShape,
  checkSize,
  describe,
  extentsOf,
  frozenShape,
  indicesOf,
  kindOf,
  reducedShape,
  resolveDim,
  resolveDims,
  sameShape,
  sizeOf,
  swappedShape,
  viewedShape,
  type Dims,
  type Shape,
} from "./shape.ts";
import { Storage, isInt32, type DType } from "./storage.ts";

/**
 * A tensor's own elements, for the grader, which reads them at once and neither keeps nor changes them. (toArray copies,
 * and for the 100 graded steps of training that takes as long as comparing them.)
 */
export let elementsOf: (t: Tensor) => Float32Array | Int32Array;

/**
 * A float32 (or int32, for indices) array with a shape, under PyTorch's names. Operations allocate a new tensor and
 * leave their inputs alone; those that end in `_` change the tensor itself and return it. Elements are reached through
 * get, set, toArray and tensor(...) only.
 *
 * What an operation cannot do throws a TensorError that names the operation, the shapes and the likely cause; so does
 * reading or writing what a tensor does not have, such as x[0] or x.negate.
 */
export class Tensor {
  static {
    elementsOf = (t) => t.#elements();
    standBehind(Tensor);
  }

  /** The size of each dimension: `x.shape[0]` is the number of rows. */
  readonly shape: Shape;
  /** `"float32"`, or `"int32"` for indices. */
  readonly dtype: DType;
  /** What operations go by, whatever is written to `shape`: it fits the storage, which knows its own dtype. */
  readonly #shape: Shape;
  #storage: Storage;
  /** Whether a transpose is still to be carried out: the elements are stored with the last two dimensions swapped. */
  #isTransposed: boolean;

  /** For this folder; everyone else calls tensor(...). The storage is taken over, not copied; the shape is frozen, see frozenShape. */
  constructor(storage: Storage, shape: Shape, isTransposed = false) {
    if (!(storage instanceof Storage)) throw argumentError("new Tensor", "write tensor([1, 2]) or zeros(2, 3)");
    this.shape = shape;
    this.dtype = storage.dtype;
    this.#shape = shape;
    this.#storage = storage;
    this.#isTransposed = isTransposed;
  }

  // ---- elements

  /** The size of one dimension: `x.size(0)` is the number of rows; -1 is the last dimension. */
  size(dim: number): number {
    return this.#shape[resolveDim("size", this.#shape, dim)]!;
  }

  /** How many elements there are. */
  numel(): number {
    return this.#storage.length;
  }

  /** The element at one position, a number: `x.get(1, 2)`; -1 counts from the end. PyTorch: `x[1, 2].item()`. */
  get(...position: number[]): number {
    return this.#elements()[offsetOf("get", this.#shape, position)]!;
  }

  /** Changes one element, position first, value last: `x.set(0, 2, 1.5)` writes 1.5. PyTorch: `x[0, 2] = 1.5`. */
  set(...positionAndValue: number[]): this {
    const value = positionAndValue.at(-1);
    if (typeof value !== "number")
      throw argumentError("set", `the last argument is the value, a number, got ${gotInstead(value)}`);
    if (this.#storage.dtype === "int32" && !Number.isInteger(value)) {
      throw argumentError("set", `an int32 tensor holds whole numbers, got ${value}; .float() makes it float32`);
    }
    if (this.#storage.dtype === "int32" && !isInt32(value)) {
      throw argumentError("set", `an int32 tensor holds whole numbers from -(2 ** 31) to 2 ** 31 - 1, got ${value}`);
    }
    const offset = offsetOf("set", this.#shape, positionAndValue.slice(0, -1));
    this.#inOrder().unlend();
    this.#elements()[offset] = value;
    return this;
  }

  /** The one element of a tensor of size 1, as a number: `x.sum().item()`. */
  item(): number {
    if (this.numel() !== 1) {
      const holds = `${describe(this.#shape)} holds ${this.numel()} elements, not one`;
      throw tensorError("shapes", "item", holds, this.#shape);
    }
    return this.#elements()[0]!;
  }

  /** A copy of the elements as one flat array, row by row. PyTorch: `x.flatten().tolist()`. */
  toArray(): Float32Array | Int32Array {
    return this.#elements().slice();
  }

  /** The text that `console.log(x)` prints, as PyTorch prints it. PyTorch: `str(x)`. */
  toString(): string {
    return print(this.#elements(), this.#shape, this.#storage.dtype);
  }

  /** JavaScript's operators and Math convert a tensor to a number: refused here, before it becomes NaN. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw notANumber();
  }

  /** What console.log shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  // ---- elementwise, with broadcasting

  /** The sum of each pair of elements: `a.add(b)`; `b` may be a number. PyTorch: `a + b`. */
  add(other: Tensor | number): Tensor {
    return this.#binary("add", other, arguments.length);
  }

  /** The difference of each pair of elements: `a.sub(b)`; `tensor(1).sub(x)` is 1 - x. PyTorch: `a - b`. */
  sub(other: Tensor | number): Tensor {
    return this.#binary("sub", other, arguments.length);
  }

  /** The product of each pair of elements: `a.mul(b)`. PyTorch: `a * b`. */
  mul(other: Tensor | number): Tensor {
    return this.#binary("mul", other, arguments.length);
  }

  /** The quotient of each pair of elements: `a.div(b)`. PyTorch: `a / b`. */
  div(other: Tensor | number): Tensor {
    return this.#binary("div", other, arguments.length);
  }

  /** Adds `b` to `a` itself: `a.add_(b)`. `b` must broadcast to the shape of `a`. PyTorch: `a += b`. */
  add_(other: Tensor | number): this {
    return this.#inPlace("add", other, arguments.length);
  }

  /** Subtracts `b` from `a` itself: `a.sub_(b)`. PyTorch: `a -= b`. */
  sub_(other: Tensor | number): this {
    return this.#inPlace("sub", other, arguments.length);
  }

  /** Multiplies `a` itself by `b`: `a.mul_(b)`. PyTorch: `a *= b`. */
  mul_(other: Tensor | number): this {
    return this.#inPlace("mul", other, arguments.length);
  }

  /** Divides `a` itself by `b`: `a.div_(b)`. PyTorch: `a /= b`. */
  div_(other: Tensor | number): this {
    return this.#inPlace("div", other, arguments.length);
  }

  /** The negative of each element. PyTorch: `-x`. */
  neg(): Tensor {
    return this.#unary("neg", arguments.length);
  }

  /** The exponential of each element. */
  exp(): Tensor {
    return this.#unary("exp", arguments.length);
  }

  /** The natural logarithm of each element. */
  log(): Tensor {
    return this.#unary("log", arguments.length);
  }

  /** The hyperbolic tangent of each element. */
  tanh(): Tensor {
    return this.#unary("tanh", arguments.length);
  }

  /** The square root of each element. */
  sqrt(): Tensor {
    return this.#unary("sqrt", arguments.length);
  }

  /** The sigmoid of each element, 1 / (1 + e^-x), without overflow. */
  sigmoid(): Tensor {
    return this.#plainly("sigmoid", arguments.length);
  }

  /** The softplus of each element, log(1 + e^x), without overflow. PyTorch: `F.softplus(x)`. */
  softplus(): Tensor {
    return this.#plainly("softplus", arguments.length);
  }

  /** Each element, or 0 where it is negative. */
  relu(): Tensor {
    return this.#plainly("relu", arguments.length);
  }

  /** The sign of each element: 1, -1, or 0 where it is 0. */
  sign(): Tensor {
    return this.#plainly("sign", arguments.length);
  }

  /** Each element to the power of one number: `x.pow(2)`, `x.pow(-0.5)`. PyTorch: `x ** 2`. */
  pow(exponent: number): Tensor {
    checkCount("pow", arguments.length, 1);
    if (typeof exponent !== "number")
      throw argumentError("pow", `the exponent is a number, got ${gotInstead(exponent)}`);
    const a = this.#floats("pow");
    const out = Storage.empty(a.length);
    compute.power(a, exponent, out);
    return new Tensor(out, this.#shape);
  }

  /**
   * Each element limited to a range: `x.clamp(-1, 1)`. It is min where it is below that, max where it is above. -Infinity
   * and Infinity leave a side open; NaN stays NaN.
   */
  clamp(min: number, max: number): Tensor {
    checkCount("clamp", arguments.length, 2);
    for (const bound of [min, max]) {
      if (typeof bound === "number") continue;
      throw argumentError("clamp", `min and max are numbers, got ${gotInstead(bound)}; write clamp(-1, 1)`);
    }
    const a = this.#floats("clamp");
    const out = Storage.empty(a.length);
    compute.clamp(a, min, max, out);
    return new Tensor(out, this.#shape);
  }

  /**
   * A number where the mask is 1, this tensor's element where it is 0: `x.maskedFill(mask, -Infinity)`. The mask is an
   * int32 tensor of zeros and ones; both broadcast. PyTorch: `x.masked_fill(mask, -torch.inf)`.
   */
  maskedFill(mask: Tensor, value: number): Tensor {
    checkCount("maskedFill", arguments.length, 2);
    if (typeof value !== "number") {
      const write = "write maskedFill(mask, -Infinity)";
      throw argumentError("maskedFill", `the value is a number, got ${gotInstead(value)}; ${write}`);
    }
    const a = this.#floats("maskedFill");
    const marks = maskOf(mask).#inOrder();
    const shape = broadcastShapes("maskedFill", this.#shape, mask.#shape);
    const out = Storage.empty(sizeOf(shape));
    compute.maskedFill(a, marks, value, out, planBroadcast(this.#shape, mask.#shape, shape));
    return new Tensor(out, shape);
  }

  /**
   * A function of each element: `x.each((v) => Math.max(v, 0))`. Each result is rounded to float32. PyTorch:
   * `x.clone().apply_(f)`.
   */
  each(f: (x: number) => number): Tensor {
    checkCount("each", arguments.length, 1);
    const write = "write each((x) => Math.max(x, 0))";
    if (typeof f !== "function") throw argumentError("each", `takes a function, got ${whatIs(f)}; ${write}`);
    // Math.max and the like take any number of numbers
    if (f.length > 1 && !(f.name in Math)) {
      const two = "for two tensors write a.mul(b), and the like, or a loop with get and set";
      throw argumentError("each", `calls the function with one number, and with no index; ${two}`);
    }
    const results = this.#floats("each").floats.map((x) => {
      const y: unknown = f(x);
      if (typeof y === "number") return y;
      throw argumentError("each", `the function should return a number, got ${whatIs(y)}; ${write}`);
    });
    return new Tensor(Storage.of(results), this.#shape);
  }

  // ---- reductions

  /**
   * The sum over one dimension, over several, or of everything: `x.sum(1)`, `x.sum([0, 1])`, `x.sum()`. `x.sum(1,
   * keepdim)` leaves that dimension in place with size 1. PyTorch: `x.sum(1, keepdim=True)`.
   */
  sum(dim?: Dims, keepdim = false): Tensor {
    checkFloat("sum", this);
    checkKeepdim("sum", keepdim, arguments.length);
    return this.#sumOver(dim === undefined ? undefined : resolveDims("sum", this.#shape, dim), keepdim);
  }

  /** The mean over one dimension, over several, or of everything: `x.mean(0, keepdim)`. PyTorch: `x.mean(0, keepdim=True)`. */
  mean(dim?: Dims, keepdim = false): Tensor {
    checkFloat("mean", this);
    checkKeepdim("mean", keepdim, arguments.length);
    return this.#meanOver(dim === undefined ? undefined : resolveDims("mean", this.#shape, dim), keepdim);
  }

  /**
   * The variance over one dimension or several, divided by n - 1 (Bessel's correction): `x.var(0, keepdim)`. NaN over one
   * element or none. Unlike in PyTorch, keepdim is the second argument and there is no third: for division by n,
   * multiply by (n - 1) / n. PyTorch: `x.var(0, keepdim=True)`.
   */
  var(dim: Dims, keepdim = false): Tensor {
    checkFloat("var", this);
    checkKeepdim("var", keepdim, arguments.length, "; it divides by n - 1: for n, multiply by (n - 1) / n");
    const dims = resolveDims("var", this.#shape, dim);
    const difference = this.sub(this.#meanOver(dims, true));
    const squares = difference.mul_(difference).#sumOver(dims, keepdim);
    difference.#storage.release();
    return squares.div_(Math.max(0, countAlong(this.#shape, dims) - 1));
  }

  /**
   * The largest element along one dimension and its index there, the first if several are equal: `x.max(1).values`,
   * `x.max(1, keepdim).indices`. PyTorch: `x.max(1, keepdim=True).indices`.
   */
  max(dim: number, keepdim = false): { values: Tensor; indices: Tensor } {
    const a = this.#floats("max");
    checkKeepdim("max", keepdim, arguments.length);
    const over = resolveDim("max", this.#shape, dim);
    checkNotEmpty("max", this.#shape, over);
    const shape = reducedShape(this.#shape, [over], keepdim);
    const values = Storage.empty(sizeOf(shape));
    const indices = Storage.empty(values.length, "int32");
    compute.max(a, values, indices, planReduction(this.#shape, over));
    return { values: new Tensor(values, shape), indices: new Tensor(indices, shape) };
  }

  /** The exponentials divided by their sum, along one dimension: `x.softmax(1)` has rows of probabilities. */
  softmax(dim: number): Tensor {
    checkCount("softmax", arguments.length, 1);
    const a = this.#floats("softmax");
    const over = resolveDim("softmax", this.#shape, dim);
    checkNotEmpty("softmax", this.#shape, over);
    // over the last of several dimensions, sums run in four lanes: one kernel does it all
    const { lanes, length } = planReduction(this.#shape, over);
    if (lanes) {
      const out = Storage.empty(a.length);
      compute.softmax(a, out, length);
      return new Tensor(out, this.#shape);
    }
    const counts = this.sub(this.max(over, true).values);
    compute.unary("exp", counts.#storage, counts.#storage);
    return counts.div_(counts.sum(over, true));
  }

  // ---- matrices and shapes

  /**
   * The matrix product, [n, m] from [n, k] and [k, m]: `A.matmul(B)`. Dimensions in front of these are a batch, which
   * broadcasts: [batch, n, k] @ [k, m] is [batch, n, m]. There is no product with a vector, unlike in PyTorch. PyTorch:
   * `A @ B`.
   */
  matmul(other: Tensor): Tensor {
    checkCount("matmul", arguments.length, 1);
    if (!(other instanceof Tensor)) throw argumentError("matmul", `expected a Tensor, got ${whatIs(other)}`);
    checkFloat("matmul", this);
    checkFloat("matmul", other);
    const [turnedA, turnedB] = [this.#isTransposed, other.#isTransposed];
    const batch = planProduct(this.#shape, other.#shape, turnedA);
    const { n, k, m, shape } = batch;
    const out = Storage.empty(sizeOf(shape));
    compute.matmul(this.#storage, other.#storage, out, { n, k, m, turnedA, turnedB }, batch);
    return new Tensor(out, shape);
  }

  /** The transpose of a matrix: rows and columns swapped. It is independent of this tensor; its elements are copied when they are needed. */
  get T(): Tensor {
    checkMatrix("T", this.#shape);
    return this.#lastTwoSwapped();
  }

  /** Two dimensions swapped: `x.transpose(0, 1)`. transpose(1, 2) makes [batch, m, n] of [batch, n, m]. */
  transpose(dim0: number, dim1: number): Tensor {
    checkCount("transpose", arguments.length, 2);
    const first = resolveDim("transpose", this.#shape, dim0);
    const second = resolveDim("transpose", this.#shape, dim1);
    if (first === second) return this.clone();
    if (Math.min(first, second) === this.#shape.length - 2 && Math.max(first, second) === this.#shape.length - 1)
      return this.#lastTwoSwapped();
    const out = Storage.empty(this.numel(), this.#storage.dtype);
    compute.swap(this.#inOrder(), out, planSwap(this.#shape, Math.min(first, second), Math.max(first, second)));
    return new Tensor(out, swappedShape(this.#shape, first, second));
  }

  #lastTwoSwapped(): Tensor {
    const rank = this.#shape.length;
    return new Tensor(this.#storage.lend(), swappedShape(this.#shape, rank - 2, rank - 1), !this.#isTransposed);
  }

  /** The same elements, in the same order, under another shape: `x.view(3, 2)`, `x.view(y.shape)`, `x.view(-1)`. They are shared, not copied; one extent may be -1: the rest. */
  view(...extents: number[] | [Shape]): Tensor {
    const asked = extentsOf("view", extents);
    if (extents.length === 0 && this.numel() !== 1)
      throw argumentError("view", "takes a shape; write view(2, 3) or view(x.shape)");
    const shape = viewedShape(this.#shape, this.numel(), asked);
    return new Tensor(this.#inOrder(), shape);
  }

  /**
   * A tensor repeated along its dimensions of extent 1, as broadcasting does: `row.expand(2, 3)`. -1 keeps a dimension's
   * extent.
   */
  expand(...extents: number[] | [Shape]): Tensor {
    const shape = extentsOf("expand", extents);
    this.#floats("expand");
    if (extents.length === 0 && this.#shape.length > 0)
      throw argumentError("expand", "takes a shape; write expand(2, 3) or expand(x.shape)");
    const missing = shape.length - this.#shape.length;
    const target = shape.map((extent, d) => (extent === -1 ? (this.#shape[d - missing] ?? -1) : extent));
    checkShape("expand", target);
    if (!sameShape(broadcastShapes("expand", this.#shape, target), target)) {
      const cannot = `${describe(this.#shape)} cannot be expanded to ${describe(target)}`;
      throw tensorError("shapes", "expand", cannot, this.#shape, target);
    }
    const ones = Storage.empty(sizeOf(target));
    compute.fill(ones, 1);
    return new Tensor(ones, frozenShape(target)).mul_(this);
  }

  /** An independent copy: what changes one does not change the other. */
  clone(): Tensor {
    return new Tensor(this.#inOrder().copy(), this.#shape);
  }

  /** The same numbers as float32: `index.float()` can be multiplied and added. */
  float(): Tensor {
    return new Tensor(Storage.of(Float32Array.from(this.#elements())), this.#shape);
  }

  /** Zeros of another shape: `x.newZeros([2, 3])`. PyTorch: `x.new_zeros(2, 3)`. */
  newZeros(shape: Shape): Tensor {
    checkShape("newZeros", shape);
    const out = Storage.empty(sizeOf(shape));
    compute.fill(out, 0);
    return new Tensor(out, frozenShape(shape));
  }

  /** The same numbers as float32, in the arithmetic of this tensor: `x.newTensor(index)`. PyTorch: `x.new_tensor(index)`. */
  newTensor(values: Tensor): Tensor {
    checkCount("newTensor", arguments.length, 1);
    if (!(values instanceof Tensor)) throw argumentError("newTensor", `expected a Tensor, got ${whatIs(values)}`);
    return values.float();
  }

  // ---- rows and single elements by index

  /** The rows that an index tensor names: `C.gatherRows(Xb)`. It has shape [...Xb.shape, embd]. PyTorch: `C[Xb]`. */
  gatherRows(index: Tensor): Tensor {
    const a = this.#floats("gatherRows");
    const width = this.#rowWidth("gatherRows");
    const rows = this.#indices("gatherRows", index, this.#shape[0]!);
    const shape = frozenShape([...index.#shape, ...this.#shape.slice(1)]);
    checkSize("gatherRows", shape);
    const out = Storage.empty(rows.length * width);
    compute.gatherRows(a, rows, out, width);
    return new Tensor(out, shape);
  }

  /**
   * A copy with rows added to the rows that an index names: `C.indexAdd(0, index, rows)`. A row that is named twice collects
   * twice; the dimension is 0. PyTorch: `C.index_add(0, index, rows)`.
   */
  indexAdd(dim: number, index: Tensor, source: Tensor): Tensor {
    return this.clone().#addRows("indexAdd", dim, index, source);
  }

  /** The same, in place: `C.indexAdd_(0, index, rows)`. PyTorch: `C.index_add_(0, index, rows)`. */
  indexAdd_(dim: number, index: Tensor, source: Tensor): this {
    return this.#addRows("indexAdd_", dim, index, source);
  }

  /**
   * Elements picked along one dimension: `x.gather(1, columns)` has x[i, columns[i, j]] at [i, j]. The index has this
   * tensor's shape, but for the size of that dimension.
   */
  gather(dim: number, index: Tensor): Tensor {
    const a = this.#floats("gather");
    const { indices, plan } = this.#picked("gather", dim, index);
    const out = Storage.empty(indices.length);
    compute.gather(a, indices, out, plan);
    return new Tensor(out, index.#shape);
  }

  /**
   * A copy with elements added where an index picks, along one dimension: `x.scatterAdd(1, columns, s)` adds s[i, j] at
   * [i, columns[i, j]]. An element picked twice collects twice. PyTorch: `x.scatter_add(1, columns, s)`.
   */
  scatterAdd(dim: number, index: Tensor, source: Tensor): Tensor {
    const { indices, plan } = this.#picked("scatterAdd", dim, index);
    const expected = `the source has the index's shape ${describe(index.#shape)}`;
    if (!(source instanceof Tensor)) {
      throw argumentError("scatterAdd", `${expected}, got ${whatIs(source)}`);
    }
    if (!sameShape(source.#shape, index.#shape)) {
      const got = `${expected}, got ${describe(source.#shape)}`;
      throw tensorError("shapes", "scatterAdd", got, index.#shape, source.#shape);
    }
    const out = this.#floats("scatterAdd").copy();
    compute.scatterAdd(out, indices, source.#floats("scatterAdd"), plan);
    return new Tensor(out, this.#shape);
  }

  // ---- private: storage

  /** The elements row by row: a transpose is carried out where it has not been. */
  #inOrder(): Storage {
    if (this.#isTransposed) {
      const [first, second] = [this.#shape.length - 2, this.#shape.length - 1];
      const out = Storage.empty(this.#storage.length, this.#storage.dtype);
      compute.swap(this.#storage, out, planSwap(swappedShape(this.#shape, first, second), first, second));
      this.#storage = out;
      this.#isTransposed = false;
    }
    return this.#storage;
  }

  #elements(): Float32Array | Int32Array {
    return this.#inOrder().elements;
  }

  #floats(operation: string): Storage {
    checkFloat(operation, this);
    return this.#inOrder();
  }

  #unary(operation: UnaryOperation, given: number): Tensor {
    checkCount(operation, given, 0);
    const a = this.#floats(operation);
    const out = Storage.empty(a.length);
    compute.unary(operation, a, out);
    return new Tensor(out, this.#shape);
  }

  #plainly(operation: PlainOperation, given: number): Tensor {
    checkCount(operation, given, 0);
    const a = this.#floats(operation);
    const out = Storage.empty(a.length);
    compute.plainly(operation, a, out);
    return new Tensor(out, this.#shape);
  }

  #binary(operation: BinaryOperation, other: Tensor | number, given: number): Tensor {
    const a = this.#floats(operation);
    const b = operand(operation, other, given);
    const shapeOfB = typeof b === "number" ? SCALAR : b.#shape;
    const shape = broadcastShapes(operation, this.#shape, shapeOfB);
    const out = Storage.empty(sizeOf(shape));
    const elements = typeof b === "number" ? b : b.#floats(operation);
    compute.binary(operation, a, elements, out, planBroadcast(this.#shape, shapeOfB, shape));
    return new Tensor(out, shape);
  }

  #inPlace(operation: BinaryOperation, other: Tensor | number, given: number): this {
    const name = `${operation}_`;
    const a = this.#floats(name);
    const b = operand(name, other, given);
    const shapeOfB = typeof b === "number" ? SCALAR : b.#shape;
    const shape = broadcastShapes(name, this.#shape, shapeOfB);
    if (!sameShape(shape, this.#shape)) {
      throw tensorError(
        "shapes",
        name,
        `${describe(this.#shape)} cannot hold the result ${describe(shape)}; ` +
          `${operation} without _ makes a new tensor`,
        this.#shape,
        shape,
      );
    }
    // each element is read before it is written, so b may share this storage
    const elements = typeof b === "number" ? b : b.#floats(name);
    const out = a.isLent ? Storage.empty(a.length) : a;
    compute.binary(operation, a, elements, out, planBroadcast(this.#shape, shapeOfB, shape));
    if (out !== a) a.become(out);
    return this;
  }

  #sumOver(dims: readonly number[] | undefined, keepdim: boolean): Tensor {
    let sums = this.#inOrder();
    for (const plan of planSum(this.#shape, dims)) {
      const out = Storage.empty(plan.outer * plan.inner);
      compute.sum(sums, out, plan);
      sums = out;
    }
    return new Tensor(sums, dims === undefined ? SCALAR : reducedShape(this.#shape, dims, keepdim));
  }

  #meanOver(dims: readonly number[] | undefined, keepdim: boolean): Tensor {
    return this.#sumOver(dims, keepdim).div_(countAlong(this.#shape, dims));
  }

  #addRows(operation: string, dim: number, index: Tensor, source: Tensor): this {
    const width = this.#rowWidth(operation);
    if (dim !== 0) {
      const got = typeof dim === "number" ? dim : `${kindOf(dim)}; write ${operation}(0, index, source)`;
      throw argumentError(operation, `rows are added along dimension 0, got ${got}`);
    }
    const rows = this.#indices(operation, index, this.#shape[0]!);
    if (!(source instanceof Tensor)) throw argumentError(operation, `the source is a Tensor, got ${whatIs(source)}`);
    const expected = [...index.#shape, ...this.#shape.slice(1)];
    if (!sameShape(source.#shape, expected)) {
      throw tensorError(
        "shapes",
        operation,
        `indices ${describe(index.#shape)} into ${describe(this.#shape)} need a source ` +
          `${describe(expected)}, got ${describe(source.#shape)}`,
        index.#shape,
        this.#shape,
        source.#shape,
      );
    }
    const added = source.#floats(operation);
    const out = this.#floats(operation);
    out.unlend();
    // a source that shares this storage is read as it was before
    compute.addRows(out, rows, added === out ? added.copy() : added, width);
    return this;
  }

  #rowWidth(operation: string): number {
    if (this.#shape.length === 0) throw tensorError("shapes", operation, "a scalar has no rows", this.#shape);
    return sizeOf(this.#shape.slice(1));
  }

  /** The indices in `index`, each of them checked against `extent`. */
  #indices(operation: string, index: Tensor, extent: number): Storage {
    if (!(index instanceof Tensor) || index.#storage.dtype !== "int32") {
      const got = index instanceof Tensor ? `a float32 tensor ${describe(index.#shape)}` : whatIs(index);
      throw argumentError(operation, `the index is an int32 tensor such as Xb or Yb, got ${got}`);
    }
    const indices = index.#inOrder();
    const { ints } = indices;
    // by position: an iterator takes three times as long
    for (let at = 0; at < ints.length; at++) {
      const i = ints[at]!;
      if (i < 0 || i >= extent) {
        const outside = `index ${i} is out of range; ${describe(this.#shape)} takes ${indicesOf(extent)}`;
        throw tensorError("index", operation, outside, [i], this.#shape);
      }
    }
    return indices;
  }

  /** What an index picks along a dimension, for gather and scatterAdd. */
  #picked(operation: string, dim: number, index: Tensor): { indices: Storage; plan: PickPlan } {
    const over = resolveDim(operation, this.#shape, dim);
    const indices = this.#indices(operation, index, this.#shape[over]!);
    return { indices, plan: planPick(operation, this.#shape, over, index.#shape) };
  }
}

/** How many elements of a tensor come together in one of a reduction over these dimensions, or over all. */
function countAlong(shape: Shape, dims: readonly number[] | undefined): number {
  return sizeOf(dims === undefined ? shape : dims.map((dim) => shape[dim]!));
}

/** The mask, if it is one. */
function maskOf(mask: unknown): Tensor {
  if (!(mask instanceof Tensor) || mask.dtype !== "int32") {
    const got = mask instanceof Tensor ? `a float32 tensor ${describe(mask.shape)}` : whatIs(mask);
    throw argumentError("maskedFill", `the mask is an int32 tensor of zeros and ones, got ${got}`);
  }
  const other = elementsOf(mask).find((mark) => mark !== 0 && mark !== 1);
  if (other === undefined) return mask;
  throw argumentError("maskedFill", `the mask ${describe(mask.shape)} holds ${other}, expected zeros and ones`);
}

function checkFloat(operation: string, { dtype, shape }: Tensor): void {
  if (dtype === "float32") return;
  throw argumentError(operation, `this is an int32 tensor of indices ${describe(shape)}; .float() makes it float32`);
}

/** What an operation takes besides its tensor: one thing. (PyTorch's add takes a factor too, alpha.) */
function operand(operation: string, other: unknown, given: number): Tensor | number {
  const several = `; write ${operation}(b).${operation}(c) for two, and ${operation}(b.mul(2)) for a factor`;
  if (given > 1) checkCount(operation, given, 1, several);
  if (other instanceof Tensor || typeof other === "number") return other;
  throw argumentError(operation, `expected a Tensor or a number, got ${whatIs(other)}`);
}

/** What is given instead of a number; for a tensor with one number, also how to get that. */
function gotInstead(value: unknown): string {
  return value instanceof Tensor && value.numel() === 1 ? `${whatIs(value)}, whose number is x.item()` : whatIs(value);
}
