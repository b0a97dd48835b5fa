import { argumentError, tensorError, type TensorError } from "./error.ts";

/** A tensor's extent along each dimension; [] is a scalar. A tensor's own shape is frozen, see frozenShape. */
export type Shape = readonly number[];

/** The shape of a scalar. */
export const SCALAR: Shape = Object.freeze([]);

/** The last frozen shape of each hash. */
const frozen: Shape[] = [];

/**
 * A frozen array of these extents, the same one for the same extents as a rule: freezing takes longer than adding 200
 * numbers, and a program has few shapes.
 */
export function frozenShape(extents: readonly number[]): Shape {
  let hash = extents.length;
  for (let d = 0; d < extents.length; d++) hash = (31 * hash + extents[d]!) & 255;
  const earlier = frozen[hash];
  if (earlier !== undefined && sameShape(earlier, extents)) return earlier;
  return (frozen[hash] = Object.freeze(copyOf(extents)));
}

/** A copy of extents that may be anything with a length. It calls nothing that an array can have of its own, such as a map. */
export function copyOf(extents: readonly number[]): number[] {
  const copy: number[] = [];
  for (let d = 0; d < extents.length; d++) {
    const extent = extents[d]!;
    // plus 0 makes -0 an ordinary 0
    copy[d] = typeof extent === "number" ? extent + 0 : extent;
  }
  return copy;
}

/** The dimension that an operation runs over, or several of them; -1 is the last one. */
export type Dims = number | readonly number[];

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
    throw argumentError(operation, `a shape is an array such as [2, 3] or x.shape, got ${kindOf(shape)}`);
  }
  for (const extent of shape as readonly unknown[]) {
    if (typeof extent !== "number") {
      throw argumentError(operation, `a shape holds numbers, as [2, 3] does, got ${kindOf(extent)} in it`);
    }
  }
  for (const extent of shape) {
    if ((!Number.isInteger(extent) || extent < 0) && !(open && extent === -1)) {
      throw tensorError(
        "extent",
        operation,
        `${describe(shape)} is not a shape: ${extent} is not a whole number from 0 up`,
      );
    }
  }
  checkSize(operation, shape);
}

/** Throws where a tensor of this shape would be too large. */
export function checkSize(operation: string, shape: Shape): void {
  if (shape.length > MOST_DIMENSIONS) {
    throw tensorError(
      "extent",
      operation,
      `${shape.length} dimensions are too many; at most ${MOST_DIMENSIONS} are possible`,
    );
  }
  let product = 1;
  for (let d = 0; d < shape.length; d++) if (shape[d]! > 0) product *= shape[d]!;
  if (product <= MOST_ELEMENTS) return;
  const which = shape.includes(0) ? "its extents other than 0" : "its extents";
  throw tensorError(
    "extent",
    operation,
    `a tensor of shape ${describe(shape)} is too large: ${which} multiply to ${product}, ` +
      `and at most ${MOST_ELEMENTS} is possible`,
    shape,
  );
}

/** The shape of a view of `count` elements, with an extent of -1 worked out; it shows as `from` in errors. */
export function viewedShape(from: Shape, count: number, asked: readonly number[]): Shape {
  checkShape("view", asked, true);
  const open = asked.indexOf(-1);
  const rest = open < 0 ? asked : asked.toSpliced(open, 1);
  if (rest.includes(-1)) throw argumentError("view", `only one extent can be -1, got ${describe(asked)}`);
  const known = sizeOf(rest);
  if (open >= 0 && known === 0 && count === 0) {
    const any = `-1 could be any number in ${describe(asked)}: every shape with a 0 holds 0 elements`;
    throw tensorError("shapes", "view", any, from, asked);
  }
  const shape = open < 0 ? asked : asked.with(open, count / known);
  if (open < 0 ? known === count : Number.isInteger(count / known)) return frozenShape(shape);
  const holds = `${describe(from)} holds ${count} elements, which ${describe(asked)} cannot hold`;
  throw tensorError("shapes", "view", holds, from, asked);
}

/** A shape given as numbers, view(2, 3), or as an array, view(x.shape). */
export function extentsOf(operation: string, extents: readonly number[] | readonly [Shape]): number[] {
  const [first] = extents;
  const shape = copyOf(extents.length === 1 && Array.isArray(first) ? first : (extents as Shape));
  const wrong = shape.findIndex((extent) => typeof extent !== "number");
  if (wrong < 0) return shape;
  const write = `write ${operation}(2, 3) or ${operation}(x.shape)`;
  throw argumentError(operation, `a shape is made of numbers, got ${kindOf(shape[wrong])}; ${write}`);
}

/** How a call of each operation over a dimension is written; those not listed are written as sum(1, keepdim). */
const written: Readonly<Record<string, string>> = {
  size: "size(0)",
  softmax: "softmax(1)",
  transpose: "transpose(0, 1)",
  gather: "gather(1, index)",
  scatterAdd: "scatterAdd(1, index, source)",
};

/** The dimension meant by `dim`, where -1 is the last one, as in PyTorch. */
export function resolveDim(operation: string, shape: Shape, dim: number): number {
  if (typeof dim !== "number") {
    const write = written[operation] ?? `${operation}(1, keepdim)`;
    throw argumentError(operation, `the dimension is a number, got ${kindOf(dim)}; write ${write}`);
  }
  const resolved = dim < 0 ? dim + shape.length : dim;
  if (!Number.isInteger(dim) || resolved < 0 || resolved >= shape.length) {
    const range = shape.length === 0 ? "a scalar has no dimensions" : `dimensions are 0 to ${shape.length - 1}`;
    const none = `${describe(shape)} has no dimension ${String(dim)}; ${range}`;
    throw tensorError("no-dimension", operation, none, shape, [dim]);
  }
  return resolved;
}

/** The dimensions meant by `dim`, one or several, in ascending order. */
export function resolveDims(operation: string, shape: Shape, dim: Dims): number[] {
  if (!Array.isArray(dim)) return [resolveDim(operation, shape, dim as number)];
  const dims = Array.from(dim as readonly number[], (d) => resolveDim(operation, shape, d)).sort((a, b) => a - b);
  if (dims.length === 0) throw argumentError(operation, `[] names no dimension; write ${operation}([0, 1])`);
  const twice = dims.find((d, i) => d === dims[i - 1]);
  if (twice === undefined) return dims;
  throw argumentError(operation, `${describe(dim as Shape)} names dimension ${twice} twice`);
}

/** Throws where there is nothing along a dimension, so that it has no largest element. */
export function checkNotEmpty(operation: string, shape: Shape, dim: number): void {
  if (shape[dim] !== 0) return;
  throw tensorError("shapes", operation, `${describe(shape)} has nothing along dimension ${dim}`, shape, [dim]);
}

/** Throws unless the shape is that of a matrix. */
export function checkMatrix(operation: string, shape: Shape): void {
  if (shape.length === 2) return;
  const write = shape.length > 2 ? "; transpose(-2, -1) swaps the last two dimensions" : "";
  throw tensorError("shapes", operation, `only a matrix is transposed, this is ${describe(shape)}${write}`, shape);
}

/** The shape without these dimensions, or with extents of 1 there. */
export function reducedShape(shape: Shape, dims: readonly number[], keepdim: boolean): Shape {
  const reduced: number[] = [];
  for (let d = 0; d < shape.length; d++) {
    if (!dims.includes(d)) reduced.push(shape[d]!);
    else if (keepdim) reduced.push(1);
  }
  return frozenShape(reduced);
}

/** The shape with two dimensions swapped. */
export function swappedShape(shape: Shape, first: number, second: number): Shape {
  const swapped = [...shape];
  swapped[first] = shape[second]!;
  swapped[second] = shape[first]!;
  return frozenShape(swapped);
}

/** The shape that two shapes broadcast to, by NumPy's rule; undefined where they do not. */
export function commonShape(a: Shape, b: Shape): Shape | undefined {
  if (repeatsTo(b, a)) return a;
  if (repeatsTo(a, b)) return b;
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let fromEnd = 1; fromEnd <= rank; fromEnd++) {
    const x = a[a.length - fromEnd] ?? 1;
    const y = b[b.length - fromEnd] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return undefined;
    shape[rank - fromEnd] = x === 1 ? y : x;
  }
  return frozenShape(shape);
}

/**
 * NumPy's rule: aligned at the last dimension, extents are equal or one of them is 1.
 *
 * @throws TensorError where the shapes do not broadcast
 */
export function broadcastShapes(operation: string, a: Shape, b: Shape): Shape {
  const shape = commonShape(a, b);
  if (shape === undefined) throw notBroadcast(operation, a, b);
  if (shape !== a && shape !== b) checkSize(operation, shape);
  return shape;
}

function notBroadcast(operation: string, a: Shape, b: Shape): TensorError {
  const rank = Math.max(a.length, b.length);
  let fromEnd = 1;
  while (commonShape(a.slice(-fromEnd), b.slice(-fromEnd)) !== undefined) fromEnd++;
  const where = fromEnd === 1 ? "the last dimension" : `dimension ${rank - fromEnd}`;
  const { kind, words } = likelyCause(a, b);
  return tensorError(
    kind,
    operation,
    `${describe(a)} and ${describe(b)} do not broadcast: ` +
      `${a.at(-fromEnd)} against ${b.at(-fromEnd)} in ${where}${words}`,
    a,
    b,
  );
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

/** A sum without keepdim and a missing transpose are the usual causes; anything else gets no guess. */
function likelyCause(a: Shape, b: Shape): { kind: "shapes" | "dropped-dimension"; words: string } {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  // where dimensions are equal, several sums give the same shape
  const dropped = [...long.keys()].filter((d) => sameShape(reducedShape(long, [d], false), short));
  if (dropped.length > 0) {
    const words = `; did a sum drop its dimension? sum(${dropped.join(" or ")}, keepdim) keeps it`;
    return { kind: "dropped-dimension", words };
  }
  const areFlipped = a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0];
  return { kind: "shapes", words: areFlipped ? "; is one of them transposed? .T flips it" : "" };
}
