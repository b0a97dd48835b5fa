import { stridesOf, type Shape } from "./shape.ts";

/** Longer dimensions show this many entries at each end, as PyTorch does. */
const EDGE = 3;
/** Tensors up to this many elements are shown whole: they fit on a screen of 80 columns. */
const WHOLE = 100;

/**
 * A tensor as PyTorch prints it: tensor([[0.1000, 0.2000], ...]), four decimals, or exponents where sizes ask for it;
 * tensor([], shape [0, 3]) where it is empty.
 *
 * @param isShapeShown whether its shape is shown even if all of its elements are
 */
export function print(values: ArrayLike<number>, shape: Shape, dtype: string, isShapeShown = false): string {
  const format = dtype === "int32" ? String : formatFor(values);
  const shorten = values.length > WHOLE;
  const strides = stridesOf(shape);

  function nested(dim: number, offset: number): string {
    if (dim === shape.length) return format(values[offset]!);
    const extent = shape[dim]!;
    const cut = shorten && extent > 2 * EDGE;
    const shown = cut ? [0, 1, 2, extent - 3, extent - 2, extent - 1] : Array.from({ length: extent }, (_, i) => i);
    const parts = shown.map((i) => nested(dim + 1, offset + i * strides[dim]!));
    if (cut) parts.splice(EDGE, 0, "...");
    const last = dim === shape.length - 1;
    return `[${parts.join(last ? ", " : `,\n${" ".repeat("tensor(".length + dim + 1)}`)}]`;
  }

  const suffix = dtype === "int32" ? ", int32" : "";
  if (values.length === 0) return `tensor([]${shape.length === 1 ? "" : `, shape [${shape.join(", ")}]`}${suffix})`;
  return `tensor(${nested(0, 0)}${shorten || isShapeShown ? `, shape [${shape.join(", ")}]` : ""}${suffix})`;
}

function formatFor(values: ArrayLike<number>): (x: number) => string {
  let largest = 0;
  let smallest = Infinity;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (!Number.isFinite(size) || size === 0) continue;
    largest = Math.max(largest, size);
    smallest = Math.min(smallest, size);
  }
  const exponents = largest >= 1e6 || smallest < 1e-4 || largest / smallest > 1e5;
  const width = Math.max(
    0,
    ...Array.from({ length: Math.min(values.length, WHOLE) }, (_, i) => text(values[i]!).length),
  );

  function text(x: number): string {
    if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
    return exponents ? x.toExponential(4) : x.toFixed(4);
  }
  return (x) => text(x).padStart(width);
}
