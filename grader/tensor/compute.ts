import * as plain from "./kernels.ts";
import { kernelsFor, numberAt, type Elementwise, type Kernels } from "./memory.ts";
import type { Storage } from "./storage.ts";

/**
 * Every operation on storage: by the SIMD kernels if all operands are in their memory, by the plain ones otherwise. Both
 * give the same bits.
 */

export function binary(
  operation: plain.BinaryOperation,
  a: Storage,
  b: Storage | number,
  out: Storage,
  plan: plain.BroadcastPlan,
): void {
  const kernels = kernelsFor(out.length);
  if (!kernels || !a.enter() || !out.enter() || (typeof b !== "number" && !b.enter())) {
    // a number is rounded to float32 first, as in PyTorch
    return plain.binary(operation, a.floats, typeof b === "number" ? Float32Array.of(b) : b.floats, out.floats, plan);
  }
  const kernel = kernelOf(operation, kernels);
  const { starts, rows, columns, rowStepA, rowStepB, stepA, stepB } = plan;
  const addressB = typeof b === "number" ? numberAt(b) : b.address;
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i]!;
    kernel(
      a.address + 4 * start[0],
      addressB + 4 * start[1],
      out.address + 4 * i * rows * columns,
      rows,
      columns,
      rowStepA,
      rowStepB,
      stepA,
      stepB,
    );
  }
}

/** Its kernel. V8 finds a name that is spelled out much faster than one that varies. */
function kernelOf(operation: plain.BinaryOperation, kernels: Kernels): Elementwise {
  switch (operation) {
    case "add":
      return kernels.add;
    case "sub":
      return kernels.sub;
    case "mul":
      return kernels.mul;
    case "div":
      return kernels.div;
  }
}

export function unary(operation: plain.UnaryOperation, a: Storage, out: Storage): void {
  const kernels = kernelsFor(8 * a.length);
  if (kernels && a.enter() && out.enter()) kernels[operation](a.address, out.address, a.length);
  else plain.unary(operation, a.floats, out.floats);
}

export function power(a: Storage, exponent: number, out: Storage): void {
  const kernels = kernelsFor(4 * a.length);
  if (kernels && a.enter() && out.enter()) kernels.pow(a.address, out.address, a.length, exponent);
  else plain.power(a.floats, exponent, out.floats);
}

/** By the plain kernel alone: no line of the lecture's network has one of these functions. */
export function plainly(operation: plain.PlainOperation, a: Storage, out: Storage): void {
  plain.unary(operation, a.floats, out.floats);
}

export function maskedFill(a: Storage, mask: Storage, value: number, out: Storage, plan: plain.BroadcastPlan): void {
  const kernels = kernelsFor(out.length);
  if (!kernels || !a.enter() || !mask.enter() || !out.enter()) {
    return plain.maskedFill(a.floats, mask.ints, value, out.floats, plan);
  }
  const { starts, rows, columns, rowStepA, rowStepB, stepA, stepB } = plan;
  for (const [i, [startA, startMask]] of starts.entries()) {
    const from = [a.address + 4 * startA, mask.address + 4 * startMask] as const;
    const to = out.address + 4 * i * rows * columns;
    kernels.maskedFill(...from, to, rows, columns, rowStepA, rowStepB, stepA, stepB, value);
  }
}

/** By the plain kernel alone: no line of the model clamps. */
export function clamp(a: Storage, min: number, max: number, out: Storage): void {
  plain.clamp(a.floats, min, max, out.floats);
}

export function fill(out: Storage, value: number): void {
  if (out.address >= 0) kernelsFor(0)!.fill(out.address, out.length, value);
  else out.elements.fill(value);
}

export function sum(a: Storage, out: Storage, plan: plain.ReductionPlan): void {
  const kernels = kernelsFor(a.length);
  if (!kernels || !a.enter() || !out.enter()) plain.sum(a.floats, out.floats, plan);
  else if (plan.lanes) kernels.sumInLanes(a.address, out.address, plan.outer, plan.length);
  else kernels.sum(a.address, out.address, plan.outer, plan.length, plan.inner);
}

export function max(a: Storage, values: Storage, indices: Storage, plan: plain.ReductionPlan): void {
  const kernels = kernelsFor(a.length);
  if (kernels && a.enter() && values.enter() && indices.enter()) {
    kernels.max(a.address, values.address, indices.address, plan.outer, plan.length, plan.inner);
  } else {
    plain.max(a.floats, values.floats, indices.ints, plan);
  }
}

/** Each row of `length` elements becomes its softmax. */
export function softmax(a: Storage, out: Storage, length: number): void {
  const kernels = kernelsFor(12 * a.length);
  if (kernels && a.enter() && out.enter()) kernels.softmax(a.address, out.address, a.length / length, length);
  else plain.softmax(a.floats, out.floats, length);
}

/** Products of matrices. */
export function matmul(
  a: Storage,
  b: Storage,
  out: Storage,
  plan: plain.ProductPlan,
  { starts, count, stepA, stepB }: plain.Batch = ONE_PRODUCT,
): void {
  const { n, k, m, turnedA, turnedB } = plan;
  const kernels = kernelsFor((starts.length * count * n * k * m) / 4);
  const fast = kernels && a.enter() && b.enter() && out.enter() ? kernels : undefined;
  for (let i = 0; i < starts.length; i++) {
    const [startA, startB] = starts[i]!;
    const start = i * count * n * m;
    if (fast) {
      const [x, y, z] = [a.address + 4 * startA, b.address + 4 * startB, out.address + 4 * start];
      fast.matmul(x, y, z, n, k, m, turnedA, turnedB, count, stepA, stepB);
      continue;
    }
    for (let j = 0; j < count; j++) {
      const [x, y] = [a.floats.subarray(startA + j * stepA), b.floats.subarray(startB + j * stepB)];
      plain.matmul(x, y, out.floats.subarray(start + j * n * m), plan);
    }
  }
}

const ONE_PRODUCT: plain.Batch = { starts: [[0, 0]], count: 1, stepA: 0, stepB: 0 };

/** Two dimensions swapped. */
export function swap(a: Storage, out: Storage, plan: plain.SwapPlan): void {
  const { outer, first, middle, second, inner } = plan;
  const kernels = kernelsFor(a.length);
  if (kernels && a.enter() && out.enter()) {
    kernels.swap(a.address, out.address, outer, first, middle, second, inner);
  } else {
    plain.swap(a.elements, out.elements, plan);
  }
}

export function gatherRows(a: Storage, index: Storage, out: Storage, width: number): void {
  const kernels = kernelsFor(out.length);
  if (kernels && a.enter() && index.enter() && out.enter()) {
    kernels.gatherRows(a.address, index.address, out.address, index.length, width);
  } else {
    plain.gatherRows(a.floats, index.ints, out.floats, width);
  }
}

export function addRows(out: Storage, index: Storage, source: Storage, width: number): void {
  const kernels = kernelsFor(source.length);
  if (kernels && out.enter() && index.enter() && source.enter()) {
    kernels.addRows(out.address, index.address, source.address, index.length, width);
  } else {
    plain.addRows(out.floats, index.ints, source.floats, width);
  }
}

export function gather(a: Storage, index: Storage, out: Storage, plan: plain.PickPlan): void {
  const kernels = kernelsFor(out.length);
  if (plan.inner === 1 && kernels && a.enter() && index.enter() && out.enter()) {
    kernels.gather(a.address, index.address, out.address, plan.outer, plan.length, plan.count);
  } else {
    plain.gather(a.floats, index.ints, out.floats, plan);
  }
}

export function scatterAdd(out: Storage, index: Storage, source: Storage, plan: plain.PickPlan): void {
  const kernels = kernelsFor(source.length);
  if (plan.inner === 1 && kernels && out.enter() && index.enter() && source.enter()) {
    kernels.scatterAdd(out.address, index.address, source.address, plan.outer, plan.length, plan.count);
  } else {
    plain.scatterAdd(out.floats, index.ints, source.floats, plan);
  }
}
