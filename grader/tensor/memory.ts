import { bytes } from "./simd-bytes.ts";
import { instantiate } from "./wasm.ts";

/** The SIMD kernels and the memory that they compute in. Without WebAssembly with SIMD, tensors are ordinary arrays. */

/** An operation on two arrays at addresses in bytes, broadcast as planned; steps count elements. */
export type Elementwise = (
  a: number,
  b: number,
  out: number,
  rows: number,
  columns: number,
  rowStepA: number,
  rowStepB: number,
  stepA: number,
  stepB: number,
) => void;
type Mapping = (a: number, out: number, count: number) => void;

/** The kernels as simd/kernels.ts has them. */
export interface Kernels {
  add: Elementwise;
  sub: Elementwise;
  mul: Elementwise;
  div: Elementwise;
  neg: Mapping;
  exp: Mapping;
  log: Mapping;
  tanh: Mapping;
  sqrt: Mapping;
  pow(a: number, out: number, count: number, exponent: number): void;
  fill(out: number, count: number, value: number): void;
  maskedFill(...given: [...Parameters<Elementwise>, value: number]): void;
  sumInLanes(a: number, out: number, outer: number, length: number): void;
  sum(a: number, out: number, outer: number, length: number, inner: number): void;
  max(a: number, values: number, indices: number, outer: number, length: number, inner: number): void;
  softmax(a: number, out: number, rows: number, length: number): void;
  matmul(
    a: number,
    b: number,
    out: number,
    n: number,
    k: number,
    m: number,
    turnedA: boolean,
    turnedB: boolean,
    count: number,
    stepA: number,
    stepB: number,
  ): void;
  swap(a: number, out: number, outer: number, first: number, middle: number, second: number, inner: number): void;
  gatherRows(a: number, index: number, out: number, count: number, width: number): void;
  addRows(out: number, index: number, source: number, count: number, width: number): void;
  gather(a: number, index: number, out: number, rows: number, columns: number, perRow: number): void;
  scatterAdd(out: number, index: number, source: number, rows: number, columns: number, perRow: number): void;
}

const PAGE = 65_536;
/** The size of the memory in bytes. The system gives a page only when it is first written to. */
export const SIZE = 2 ** 27;
/** At the end of the first page, of which the kernels use the beginning. */
const NUMBER = PAGE - 16;
/** How many elements are computed by the plain kernels before it is worth the milliseconds to compile the others. */
const WORTH_IT = 2 ** 16;

let work = 0;
let kernels: Kernels | null | undefined;
let buffer: ArrayBuffer;
let numbers: Float32Array;

/** The kernels, once so much is computed that they are worth it; null if there are none. */
export function kernelsFor(elements: number): Kernels | null {
  if (kernels !== undefined) return kernels;
  work += elements;
  if (work > WORTH_IT) loadKernels();
  return kernels ?? null;
}

export function hasKernels(): boolean {
  return kernels !== undefined && kernels !== null;
}

/** Loads the kernels now, whatever has been computed. False where the engine has no WebAssembly with SIMD. */
export function loadKernels(): boolean {
  if (kernels !== undefined) return kernels !== null;
  const module = instantiate<Kernels>(bytes, SIZE / PAGE);
  kernels = module?.kernels ?? null;
  if (module) {
    buffer = module.buffer;
    numbers = floatsAt(NUMBER, 1);
  }
  return kernels !== null;
}

/** Has what `wrap` makes of the kernels called instead of them, for `npm run bench`; what it returns ends that. */
export function wrapKernels(wrap: (kernels: Kernels) => Kernels): () => void {
  if (!loadKernels()) return () => {};
  const own = kernels!;
  kernels = wrap(own);
  return () => void (kernels = own);
}

/** A number where kernels can read it, until the next one comes: its address. */
export function numberAt(value: number): number {
  numbers[0] = value;
  return NUMBER;
}

/** The elements at a place. */
export function floatsAt(address: number, length: number): Float32Array {
  return new Float32Array(buffer, address, length);
}

export function intsAt(address: number, length: number): Int32Array {
  return new Int32Array(buffer, address, length);
}
