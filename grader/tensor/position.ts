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
      const last = operation === "set" ? "; the position comes first, the value last" : "";
      const outside = `${describe(position)} lies outside ${describe(shape)}${last}`;
      throw tensorError("index", operation, outside, position, shape);
    }
    offset += i * strides[d]!;
  }
  return offset;
}

/** Where other indices come from. */
const readings: Readonly<Record<string, string>> = {
  string: "; for (const i in x) gives names: write for (let i = 0; i < x.size(0); i++)",
  undefined: "",
};

/** Throws unless there is a whole number for each dimension. */
function checkPosition(operation: string, shape: Shape, position: readonly unknown[]): void {
  const rank = shape.length;
  if (position.length !== rank) {
    const takes = `takes ${rank} ${rank === 1 ? "index" : "indices"}`;
    const few = operation === "set" ? "set writes one number, not a row" : "get reads one number, not a row";
    const why = position.length > 0 && position.length < rank ? `: ${few}` : "";
    const write = [...[..."ijklmnop"].slice(0, rank), ...(operation === "set" ? ["value"] : [])].join(", ");
    const got = `got ${position.length}${why}; write ${operation}(${write})`;
    throw argumentError(operation, `${describe(shape)} ${takes}, ${got}`);
  }
  for (let d = 0; d < rank; d++) {
    const index = position[d];
    if (Number.isInteger(index)) continue;
    const got = typeof index === "number" ? String(index) : whatIs(index);
    const read = typeof index === "number" ? "" : (readings[typeof index] ?? "; Yb.get(i) reads one");
    throw argumentError(operation, `index ${d} is ${got}, expected a whole number${read}`);
  }
}
