/** Sizes by name: how many examples, neurons, characters. */
export type Sizes = Readonly<Record<string, number>>;

/** One extent of a shape: a size's name, a product of names such as "block*embd", or 1. */
export type Extent = string | 1;

/** The names whose product an extent is; none for 1. */
export function factorsOf(extent: Extent): string[] {
  return extent === 1 ? [] : extent.split("*");
}

/** An extent as a number; undefined if one of its sizes is not known. */
export function sizeOf(extent: Extent, sizes: Sizes): number | undefined {
  let product = 1;
  for (const name of factorsOf(extent)) {
    const size = sizes[name];
    if (size === undefined) return undefined;
    product *= size;
  }
  return product;
}

/**
 * A shape in numbers.
 *
 * @throws Error if a size is not known
 */
export function shapeIn(extents: readonly Extent[], sizes: Sizes): number[] {
  return extents.map((extent) => {
    const size = sizeOf(extent, sizes);
    if (size === undefined) throw new Error(`the size ${extent} is not among ${Object.keys(sizes).join(", ")}`);
    return size;
  });
}

/** Whether two shapes have the same extents. */
export function sameExtents(a: readonly Extent[], b: readonly Extent[]): boolean {
  return a.length === b.length && a.every((extent, dim) => extent === b[dim]);
}

/** A shape as it is written: [n, 1] */
export function shapeText(extents: readonly Extent[]): string {
  return `[${extents.join(", ")}]`;
}
