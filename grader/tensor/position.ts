import { whatIs } from "./arguments.ts";
import { argumentError, tensorError } from "./error.ts";
import { describe, stridesOf, type Shape } from "./shape.ts";

/**
 * Where the element at a position is, counted row by row; -1 is the last index of a dimension.
 *
 * @throws TensorError where the position has too few indices or too many, or lies outside the shape
 */
export function offsetOf(operation: string, shape: Shape, position: readonly number[]): number {
  checkPosition(operation, shape, position);
  const strides = stridesOf(shape);
  let offset = 0;
  for (const [d, index] of position.entries()) {
    const extent = shape[d]!;
    const i = index < 0 ? index + extent : index;
    if (i < 0 || i >= extent) {
      throw tensorError("index", operation, `${describe(position)} lies outside ${describe(shape)}`, position, shape);
    }
    offset += i * strides[d]!;
  }
  return offset;
}

/** Throws unless there is a whole number for each dimension. */
function checkPosition(operation: string, shape: Shape, position: readonly unknown[]): void {
  const rank = shape.length;
  if (position.length !== rank) {
    const takes = `takes ${rank} ${rank === 1 ? "index" : "indices"}`;
    const few = operation === "set" ? "set writes one number, not a row" : "get reads one number, not a row";
    const why = position.length > 0 && position.length < rank ? `: ${few}` : "";
    throw argumentError(operation, `${describe(shape)} ${takes}, got ${position.length}${why}`);
  }
  for (let d = 0; d < rank; d++) {
    const index = position[d];
    if (Number.isInteger(index)) continue;
    const got = typeof index === "number" ? String(index) : whatIs(index);
    const isName = typeof index === "string" && /^\w+$/.test(index);
    const instead = isName ? "for (let i = 0; i < n; i++) counts, for ... in gives names" : "Yb.get(i) reads one";
    const read = typeof index === "number" ? "" : `; ${instead}`;
    throw argumentError(operation, `index ${d} is ${got}, expected a whole number${read}`);
  }
}
