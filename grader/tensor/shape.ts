import type { BroadcastPlan, ReductionPlan } from "./kernels.ts";

/** A tensor's extent along each dimension; [] is a scalar. */
export type Shape = readonly number[];

/** What a learner (or the grader) asked of a tensor that it cannot do. The message names the operation and the shapes. */
export class TensorError extends Error {
  override name = "TensorError";
}

/**
 * The most elements of a tensor: 512 MB of float32, half of what a process that runs exercises may use. Extents of 0
 * do not count, so that no result over the other dimensions is larger either.
 */
const MOST_ELEMENTS = 2 ** 27;
/** As many as NumPy and PyTorch take. */
export const MOST_DIMENSIONS = 64;

/** [32, 27] as text; a shape of absurd length is cut. */
export function describe(shape: Shape): string {
  return `[${shape.slice(0, 8).join(", ")}${shape.length > 8 ? ", ..." : ""}]`;
}

/** What kind of thing an argument is, for an error message: "undefined", "a string", "a Tensor [2, 3]". */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value !== "object") return `a ${typeof value}`;
  return "dtype" in value && "shape" in value && Array.isArray(value.shape)
    ? `a Tensor ${describe(value.shape)}`
    : "an object";
}

/** How many elements a shape holds; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let d = 0; d < shape.length; d++) size *= shape[d]!;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let d = 0; d < a.length; d++) if (a[d] !== b[d]) return false;
  return true;
}

/** Row-major strides. */
export function stridesOf(shape: Shape): number[] {
  const strides: number[] = [];
  let stride = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = stride;
    stride *= shape[d]!;
  }
  return strides;
}

/** Which indices an extent takes, for an error message. */
export function indicesOf(extent: number): string {
  return extent > 0 ? `0 to ${extent - 1}` : "none";
}

/** Throws unless it is an array of whole numbers of at least 0, for a tensor that can be; `open` allows -1 too. */
export function checkShape(operation: string, shape: Shape, open = false): void {
  if (!Array.isArray(shape)) {
    throw new TensorError(`${operation}: a shape is an array such as [2, 3] or x.shape, got ${kindOf(shape)}`);
  }
  for (const extent of shape as readonly unknown[]) {
    if (typeof extent !== "number") {
      throw new TensorError(`${operation}: a shape holds numbers, as [2, 3] does, got ${kindOf(extent)} in it`);
    }
  }
  for (const extent of shape) {
    if ((!Number.isInteger(extent) || extent < 0) && !(open && extent === -1)) {
      throw new TensorError(`${operation}: ${describe(shape)} is no shape: ${extent} is not a whole number from 0 up`);
    }
  }
  checkSize(operation, shape);
}

/** Throws where a tensor of this shape would be larger than any can be. */
export function checkSize(operation: string, shape: Shape): void {
  if (shape.length > MOST_DIMENSIONS) {
    throw new TensorError(
      `${operation}: ${shape.length} dimensions are too many; at most ${MOST_DIMENSIONS} are possible`,
    );
  }
  let product = 1;
  for (let d = 0; d < shape.length; d++) if (shape[d]! > 0) product *= shape[d]!;
  if (product <= MOST_ELEMENTS) return;
  const which = shape.includes(0) ? "its extents other than 0" : "its extents";
  throw new TensorError(
    `${operation}: a tensor of shape ${describe(shape)} is too large: ${which} multiply to ${product}, ` +
      `and at most ${MOST_ELEMENTS} is possible`,
  );
}

/** The shape of a view of `count` elements, with an extent of -1 worked out; it shows as `from` in errors. */
export function viewedShape(from: Shape, count: number, asked: readonly number[]): readonly number[] {
  checkShape("view", asked, true);
  const open = asked.indexOf(-1);
  const rest = open < 0 ? asked : asked.toSpliced(open, 1);
  if (rest.includes(-1)) throw new TensorError(`view: only one extent can be -1, got ${describe(asked)}`);
  const known = sizeOf(rest);
  if (open >= 0 && known === 0 && count === 0) {
    throw new TensorError(`view: -1 could be any number in ${describe(asked)}: every shape with a 0 holds 0 elements`);
  }
  const shape = open < 0 ? asked : asked.with(open, count / known);
  if (open < 0 ? known === count : Number.isInteger(count / known)) return shape;
  throw new TensorError(`view: ${describe(from)} holds ${count} elements, which ${describe(asked)} cannot hold`);
}

/** A shape given as numbers, view(2, 3), or as an array, view(x.shape). */
export function extentsOf(operation: string, extents: readonly number[] | readonly [Shape]): number[] {
  const [first] = extents;
  const shape: readonly unknown[] = extents.length === 1 && Array.isArray(first) ? first : extents;
  const wrong = shape.findIndex((extent) => typeof extent !== "number");
  // plus 0 makes -0 an ordinary 0
  if (wrong < 0) return (shape as Shape).map((extent) => extent + 0);
  const write = `write ${operation}(2, 3) or ${operation}(x.shape)`;
  throw new TensorError(`${operation}: a shape is made of numbers, got ${kindOf(shape[wrong])}; ${write}`);
}

/** How operations over a dimension are written; the others as sum(1, keepdim). */
const written: Readonly<Record<string, string>> = {
  size: "size(0)",
  softmax: "softmax(1)",
  gather: "gather(1, index)",
  scatterAdd: "scatterAdd(1, index, source)",
};

/** The dimension meant by `dim`, where -1 is the last one, as in PyTorch. */
export function resolveDim(operation: string, shape: Shape, dim: number): number {
  if (typeof dim !== "number") {
    const write = written[operation] ?? `${operation}(1, keepdim)`;
    throw new TensorError(`${operation}: the dimension is a number, got ${kindOf(dim)}; write ${write}`);
  }
  const resolved = dim < 0 ? dim + shape.length : dim;
  if (!Number.isInteger(dim) || resolved < 0 || resolved >= shape.length) {
    const range = shape.length === 0 ? "a scalar has no dimensions" : `dimensions are 0 to ${shape.length - 1}`;
    throw new TensorError(`${operation}: ${describe(shape)} has no dimension ${String(dim)}; ${range}`);
  }
  return resolved;
}

/** The shape without dimension `dim`, or with extent 1 there. */
export function reducedShape(shape: Shape, dim: number, keepdim: boolean): number[] {
  return keepdim ? shape.map((extent, d) => (d === dim ? 1 : extent)) : shape.filter((_, d) => d !== dim);
}

/** NumPy's rule: aligned at the last dimension, extents are equal or one of them is 1. */
export function broadcastShapes(operation: string, a: Shape, b: Shape): Shape {
  if (repeatsTo(b, a)) return a;
  if (repeatsTo(a, b)) return b;
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let fromEnd = 1; fromEnd <= rank; fromEnd++) {
    const x = a[a.length - fromEnd] ?? 1;
    const y = b[b.length - fromEnd] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new TensorError(
        `${operation}: ${describe(a)} and ${describe(b)} do not broadcast: ` +
          `${x} against ${y} in ${fromEnd === 1 ? "the last dimension" : `dimension ${rank - fromEnd}`}` +
          likelyCause(a, b),
      );
    }
    shape[rank - fromEnd] = x === 1 ? y : x;
  }
  checkSize(operation, shape);
  return shape;
}

/** Whether broadcasting gives a tensor of one shape the other one: the usual case, in which no new shape is made. */
function repeatsTo(from: Shape, to: Shape): boolean {
  const missing = to.length - from.length;
  if (missing < 0) return false;
  for (let d = 0; d < from.length; d++) {
    if (from[d] !== to[d + missing] && from[d] !== 1) return false;
  }
  return true;
}

/** A sum without keepdim and a missing transpose are what learners run into; anything else gets no guess. */
function likelyCause(a: Shape, b: Shape): string {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const dropped =
    short.length + 1 === long.length ? long.findIndex((_, d) => sameShape(reducedShape(long, d, false), short)) : -1;
  if (dropped >= 0) return `; did a sum drop its dimension? sum(${dropped}, keepdim) keeps it`;
  if (a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0])
    return "; is one of them transposed? .T flips it";
  return "";
}

/** How a broadcast operation walks its operands; see kernels.ts. Neighbouring dimensions are one where they lie as one. */
export function planBroadcast(a: Shape, b: Shape, target: Shape): BroadcastPlan {
  const plan = { starts: ONE_START, rows: 1, columns: 1, rowStepA: 0, rowStepB: 0, stepA: 0, stepB: 0 };
  // the distance from one position to the next along a dimension, in each operand, from the last dimension on
  let [nextA, nextB] = [1, 1];
  let found = 0;
  for (let d = target.length - 1; d >= 0; d--) {
    const extent = target[d]!;
    const extentA = a[d - target.length + a.length] ?? 1;
    const extentB = b[d - target.length + b.length] ?? 1;
    const strideA = extentA === 1 ? 0 : nextA;
    const strideB = extentB === 1 ? 0 : nextB;
    nextA *= extentA;
    nextB *= extentB;
    if (extent === 1) continue;
    if (found === 0) {
      plan.columns = extent;
      plan.stepA = strideA;
      plan.stepB = strideB;
      found = 1;
    } else if (found === 1 && strideA === plan.columns * plan.stepA && strideB === plan.columns * plan.stepB) {
      plan.columns *= extent;
    } else if (found === 1) {
      plan.rows = extent;
      plan.rowStepA = strideA;
      plan.rowStepB = strideB;
      found = 2;
    } else if (found === 2 && strideA === plan.rows * plan.rowStepA && strideB === plan.rows * plan.rowStepB) {
      plan.rows *= extent;
    } else {
      // from here on rows take no further dimension: theirs would vary faster than this one
      plan.starts = repeated(plan.starts, extent, strideA, strideB);
      found = 3;
    }
  }
  return plan;
}

const ONE_START: BroadcastPlan["starts"] = [[0, 0]];

/** Where a and b begin, for each position along one more dimension. */
function repeated(
  starts: BroadcastPlan["starts"],
  extent: number,
  strideA: number,
  strideB: number,
): BroadcastPlan["starts"] {
  return Array.from({ length: extent }, (_, i) =>
    starts.map(([a, b]) => [a + i * strideA, b + i * strideB] as const),
  ).flat();
}

/** How a reduction over `dim` walks its operand; see kernels.ts. */
export function planReduction(shape: Shape, dim: number): ReductionPlan {
  let [outer, inner] = [1, 1];
  for (let d = 0; d < dim; d++) outer *= shape[d]!;
  for (let d = dim + 1; d < shape.length; d++) inner *= shape[d]!;
  return { outer, length: shape[dim]!, inner, lanes: dim > 0 && dim === shape.length - 1 };
}
