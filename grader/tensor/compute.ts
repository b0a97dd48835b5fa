import * as plain from "./kernels.ts";
import { kernelsFor, numberAt } from "./memory.ts";
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
  const { starts, rows, columns, rowStepA, rowStepB, stepA, stepB } = plan;
  const addressB = typeof b === "number" ? numberAt(b) : b.address;
  for (let i = 0; i < starts.length; i++) {
    const [startA, startB] = starts[i]!;
    kernels[operation](
      a.address + 4 * startA,
      addressB + 4 * startB,
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

export function matmul(a: Storage, b: Storage, out: Storage, plan: plain.ProductPlan): void {
  const { n, k, m, turnedA, turnedB } = plan;
  const kernels = kernelsFor((n * k * m) / 4);
  if (kernels && a.enter() && b.enter() && out.enter()) {
    kernels.matmul(a.address, b.address, out.address, n, k, m, turnedA, turnedB);
  } else {
    plain.matmul(a.floats, b.floats, out.floats, plan);
  }
}

export function transpose(a: Storage, out: Storage, rows: number, columns: number): void {
  const kernels = kernelsFor(a.length);
  if (kernels && a.enter() && out.enter()) kernels.transpose(a.address, out.address, rows, columns);
  else plain.transpose(a.elements, out.elements, rows, columns);
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
  if (kernels && a.enter() && index.enter() && out.enter()) {
    kernels.gather(a.address, index.address, out.address, plan.rows, plan.columns, plan.perRow);
  } else {
    plain.gather(a.floats, index.ints, out.floats, plan);
  }
}

export function scatterAdd(out: Storage, index: Storage, source: Storage, plan: plain.PickPlan): void {
  const kernels = kernelsFor(source.length);
  if (kernels && out.enter() && index.enter() && source.enter()) {
    kernels.scatterAdd(out.address, index.address, source.address, plan.rows, plan.columns, plan.perRow);
  } else {
    plain.scatterAdd(out.floats, index.ints, source.floats, plan);
  }
}
