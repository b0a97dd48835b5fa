import { tensorError, type TensorError } from "./error.ts";
import type { Batch, BroadcastPlan, PickPlan, ReductionPlan, SwapPlan } from "./kernels.ts";
import {
  checkSize,
  commonShape,
  describe,
  frozenShape,
  reducedShape,
  resolveDim,
  sizeOf,
  type Shape,
} from "./shape.ts";

/** How the loops of kernels.ts walk tensors of given shapes. */

/** How a broadcast operation walks its operands. Neighboring dimensions become one where both operands store them so. */
export function planBroadcast(a: Shape, b: Shape, target: Shape): BroadcastPlan {
  const plan = { starts: ONE_START, rows: 1, columns: 1, rowStepA: 0, rowStepB: 0, stepA: 0, stepB: 0 };
  // the distance from one position to the next along a dimension, in each operand, from the last dimension on
  let [nextA, nextB] = [1, 1];
  let found = 0;
  // how many dimensions each operand lacks at the front
  const lackA = target.length - a.length;
  const lackB = target.length - b.length;
  for (let d = target.length - 1; d >= 0; d--) {
    const extent = target[d]!;
    const extentA = d < lackA ? 1 : a[d - lackA]!;
    const extentB = d < lackB ? 1 : b[d - lackB]!;
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

/** How a reduction over one dimension walks its operand. */
export function planReduction(shape: Shape, dim: number): ReductionPlan {
  return planRun(shape, dim, dim);
}

/**
 * The reductions of a sum over several dimensions, one after the other: neighboring dimensions are summed as one, and
 * the last ones first. Without dimensions, of everything: one, in lanes.
 *
 * @param dims in ascending order; see resolveDims
 */
export function planSum(
  shape: Shape,
  dims: readonly number[] | undefined,
): readonly [ReductionPlan, ...ReductionPlan[]] {
  if (dims === undefined) return [{ outer: 1, length: sizeOf(shape), inner: 1, lanes: true }];
  const last = dims.at(-1)!;
  let first = last;
  while (dims.includes(first - 1)) first--;
  const others = dims.filter((d) => d < first);
  const plan = planRun(shape, first, last);
  if (others.length === 0) return [plan];
  return [plan, ...planSum(reducedShape(shape, dims.slice(others.length), true), others)];
}

/** A reduction over the dimensions from `first` to `last`. */
function planRun(shape: Shape, first: number, last: number): ReductionPlan {
  return {
    outer: sizeBetween(shape, 0, first),
    length: sizeBetween(shape, first, last + 1),
    inner: sizeBetween(shape, last + 1, shape.length),
    lanes: last > 0 && last === shape.length - 1,
  };
}

/** How many elements the dimensions from `from` to before `to` have together. */
function sizeBetween(shape: Shape, from: number, to: number): number {
  let size = 1;
  for (let d = from; d < to; d++) size *= shape[d]!;
  return size;
}

/** A product of matrices [n, k] @ [k, m], or of batches of them. */
export interface BatchPlan extends Batch {
  n: number;
  k: number;
  m: number;
  /** The shape of the result: [n, m], behind the dimensions of the batch. */
  shape: readonly number[];
}

/**
 * How a matrix product walks its operands; in front of [n, k] and [k, m], the dimensions of a batch broadcast. A batch of
 * matrices that are all multiplied by the same one is one matrix with more rows, unless a is stored transposed.
 */
export function planProduct(a: Shape, b: Shape, turnedA = false): BatchPlan {
  const [n, k] = [a[a.length - 2], a[a.length - 1]];
  const [k2, m] = [b[b.length - 2], b[b.length - 1]];
  if (n === undefined || k === undefined || k2 === undefined || m === undefined) {
    throw tensorError(
      "shapes",
      "matmul",
      `takes two matrices, got ${describe(a)} and ${describe(b)}; ` +
        "a vector becomes a row by .view(1, -1) and a column by .view(-1, 1)",
      a,
      b,
    );
  }
  if (k !== k2) {
    const transposed = a.length === 2 && b.length === 2 ? ".T" : ".transpose(-2, -1)";
    throw notFitting(a, b, `${k} columns meet ${k2} rows; transpose one of them (${transposed}), or swap their order?`);
  }
  if (a.length === 2 && b.length === 2) {
    checkSize("matmul", [n, m]);
    return { n, k, m, starts: ONE_START, count: 1, stepA: 0, stepB: 0, shape: frozenShape([n, m]) };
  }
  const [batchA, batchB] = [a.slice(0, -2), b.slice(0, -2)];
  const batch = commonShape(batchA, batchB);
  if (batch === undefined) {
    throw notFitting(
      a,
      b,
      `the dimensions in front of the matrices, ${describe(batchA)} and ${describe(batchB)}, do not broadcast`,
    );
  }
  const shape = frozenShape([...batch, n, m]);
  checkSize("matmul", shape);
  const [sizeA, sizeB] = [n * k, k * m];
  if (sizeOf(batchB) === 1 && !turnedA) {
    return { n: sizeOf(batchA) * n, k, m, starts: ONE_START, count: 1, stepA: 0, stepB: 0, shape };
  }
  const { starts, rows, columns, rowStepA, rowStepB, stepA, stepB } = planBroadcast(batchA, batchB, batch);
  const matrices = starts.flatMap(([i, j]) =>
    Array.from({ length: rows }, (_, row) => [(i + row * rowStepA) * sizeA, (j + row * rowStepB) * sizeB] as const),
  );
  return { n, k, m, starts: matrices, count: columns, stepA: stepA * sizeA, stepB: stepB * sizeB, shape };
}

function notFitting(a: Shape, b: Shape, why: string): TensorError {
  return tensorError("shapes", "matmul", `${describe(a)} @ ${describe(b)} does not fit: ${why}`, a, b);
}

/** How gather and scatterAdd walk a tensor and an index of the same shape but along `dim`. */
export function planPick(operation: string, shape: Shape, dim: number, index: Shape): PickPlan {
  const over = resolveDim(operation, shape, dim);
  if (index.length !== shape.length || index.some((extent, d) => d !== over && extent !== shape[d])) {
    const needed = shape.map((extent, d) => (d === over ? "m" : extent)).join(", ");
    const column = index.length === 1 && shape.length === 2 && over === 1;
    throw tensorError(
      "shapes",
      operation,
      `${describe(shape)} needs an index [${needed}], got ${describe(index)}` +
        (column ? "; a vector becomes a column by .view(-1, 1)" : ""),
      shape,
      index,
    );
  }
  const { outer, inner, length } = planReduction(shape, over);
  return { outer, length, count: index[over]!, inner };
}

/** How the elements move when two dimensions, of which `first` is the earlier one, change places. */
export function planSwap(shape: Shape, first: number, second: number): SwapPlan {
  return {
    outer: sizeOf(shape.slice(0, first)),
    first: shape[first]!,
    middle: sizeOf(shape.slice(first + 1, second)),
    second: shape[second]!,
    inner: sizeOf(shape.slice(second + 1)),
  };
}
