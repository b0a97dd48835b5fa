import type { Elementwise } from "../tensor/memory.ts";
import { instantiate } from "../tensor/wasm.ts";
import { bytes } from "./float64-bytes.ts";

/** The memory that float64 is computed in: that of the SIMD kernels inside inScratch, ordinary arrays elsewhere. */
export type Floats = Float64Array;

/** How a kernel walks its operands: rows, columns, and the steps of BroadcastPlan, in elements. */
export type Walk = readonly [
  rows: number,
  columns: number,
  rowStepA: number,
  rowStepB: number,
  stepA: number,
  stepB: number,
];
type Sizes = (a: number, sizesA: number, b: number, sizesB: number, out: number, ...walk: Walk) => void;
type Mapping = (a: number, out: number, count: number) => number;

interface Kernels {
  add64: Elementwise;
  sub64: Elementwise;
  mul64: Elementwise;
  div64: Elementwise;
  productSizes: Sizes;
  quotientSizes: Sizes;
  abs64: Mapping;
  exp64: Mapping;
  log64: Mapping;
  tanh64: Mapping;
  neg64: Mapping;
  sqrt64: Mapping;
  roundings64: (variance: number, value: number, out: number, count: number, factor: number) => void;
  carried64: (slope: number, variance: number, out: number, count: number) => void;
  powerSlopes64: (x: number, y: number, out: number, count: number, exponent: number) => void;
  sum64: (a: number, out: number, outer: number, length: number, inner: number) => void;
  transpose64: (a: number, out: number, rows: number, columns: number) => void;
  matmul64: (a: number, b: number, out: number, n: number, k: number, m: number) => void;
  normals: (at: number, blocks: number) => void;
}

export const PAGE = 65_536;
/** 32 MB: a training step of the lecture's size needs 8. The first page has the kernels' constants. */
const PAGES = 512;
/** From here on lies what inScratch computes; before it, what a single product copies in. */
export const SCRATCH = 64 * PAGE;
let module: { kernels: Kernels; buffer: ArrayBuffer } | undefined;
let isLoaded = false;

/** The kernels and their memory; undefined where the engine has no WebAssembly with SIMD. */
export function load(): typeof module {
  if (!isLoaded) module = instantiate<Kernels>(bytes, PAGES);
  isLoaded = true;
  return module;
}

/** The kernels, if all of these lie in their memory: inside inScratch. */
export function kernelsFor(...arrays: Floats[]): Kernels | undefined {
  // elsewhere, no buffer is asked for: a small array has none until then
  return isScratching && arrays.every(({ buffer }) => buffer === module?.buffer) ? module?.kernels : undefined;
}

/** The block of normals: see network/random.ts. */
const BLOCK = 16;

/**
 * Turns uniform numbers into normal ones in place, in whole blocks of sixteen, as far as they fit into the memory; the rest
 * stays as it is.
 *
 * @returns how many numbers are normal now; 0 where the engine has no WebAssembly with SIMD
 */
export function makeNormal(uniform: Float32Array): number {
  const found = load();
  if (!found) return 0;
  const blocks = Math.floor(Math.min(uniform.length, (SCRATCH - PAGE) / 4) / BLOCK);
  const inMemory = new Float32Array(found.buffer, PAGE, BLOCK * blocks);
  inMemory.set(uniform.subarray(0, inMemory.length));
  found.kernels.normals(PAGE, blocks);
  uniform.set(inMemory);
  return inMemory.length;
}

/** Memory that is used again and again while inScratch runs; see there. */
let isScratching = false;
let used = SCRATCH;
/** The arrays in it, in order, and how many are in use: one training step makes the same ones as another. */
const arrays: Floats[] = [];
let made = 0;

/**
 * Runs a computation whose Measured values are needed no longer than the computation: they all lie in one piece of
 * memory that the next one uses again. (A training step makes about 150 arrays of 51 kB; collecting them took as long
 * as the arithmetic.) Only plain numbers and float32 tensors may leave.
 */
export function inScratch<R>(compute: () => R): R {
  load();
  isScratching = true;
  used = SCRATCH;
  made = 0;
  try {
    return compute();
  } finally {
    isScratching = false;
  }
}

/** An array to be filled; its elements are arbitrary. */
export function allocate(length: number): Floats {
  const end = used + ((8 * length + 15) & ~15);
  if (!isScratching || !module || end > PAGES * PAGE) return new Float64Array(length);
  let array = arrays[made];
  if (array?.byteOffset !== used || array.length !== length) array = new Float64Array(module.buffer, used, length);
  arrays[made++] = array;
  used = end;
  return array;
}

/** An array of one number, for an operation with a number. */
export function single(value: number): Floats {
  const array = allocate(1);
  array[0] = value;
  return array;
}
