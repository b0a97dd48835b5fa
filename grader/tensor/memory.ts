import { bytes } from "./simd-bytes.ts";
import { instantiate } from "./wasm.ts";

/**
 * The memory that the SIMD kernels compute in. Nobody frees tensors: memory is allocated in chunks, each tensor holds
 * its chunk's token, and once the garbage collector has taken the token, the chunk is free again. If there is no room,
 * or no WebAssembly with SIMD, tensors are ordinary arrays.
 */

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

/** A piece of the memory: free again once nothing holds its token. */
export interface Place {
  /** In bytes. */
  address: number;
  token: object;
}

const MB = 2 ** 20;
const PAGE = 65_536;
/** The system gives a page only when it is first written to. */
const SIZE = 128 * MB;
const CHUNK = 4 * MB;
/** At the end of the first page, of which the kernels use the beginning. */
const NUMBER = PAGE - 16;
/** How many elements are computed by the plain kernels before it is worth the milliseconds to compile the others. */
const WORTH_IT = 2 ** 18;

let work = 0;
let kernels: Kernels | null | undefined;
let buffer: ArrayBuffer;
let numbers: Float32Array;

/** Whether each chunk is in use; the first one holds the kernels' own constants. */
const taken = new Uint8Array(SIZE / CHUNK).fill(1, 0, 1);
const registry = new FinalizationRegistry(([first, count]: [number, number]) => taken.fill(0, first, first + count));

/** The chunk that is being allocated: what is left of it. */
interface Chunk extends Place {
  end: number;
}

/** Small tensors have chunks of their own: those that are kept, such as a list of losses, keep no large ones from being freed. */
const SMALL = 4096;
let small: Chunk = { address: 0, end: 0, token: {} };
let large = small;

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

/** A place for so many elements of four bytes; undefined if there is no room. Call only with kernels loaded. */
export function place(elements: number): Place | undefined {
  const size = (4 * elements + 15) & ~15;
  const isSmall = size <= SMALL;
  let chunk = isSmall ? small : large;
  if (chunk.address + size > chunk.end) {
    const next = nextChunk(size);
    if (!next) return undefined;
    chunk = next;
    if (isSmall) small = next;
    else large = next;
  }
  const { address, token } = chunk;
  chunk.address += size;
  return { address, token };
}

/** Gives back the place of so many elements at an address, if it is the last one that was taken. */
export function giveBack(address: number, elements: number): void {
  const size = (4 * elements + 15) & ~15;
  for (const chunk of [small, large]) if (chunk.address === address + size) chunk.address = address;
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

/** A chunk that is free, or several together where one is too small. */
function nextChunk(size: number): Chunk | undefined {
  const count = Math.max(1, Math.ceil(size / CHUNK));
  let first = taken.indexOf(0);
  while (first >= 0 && taken.subarray(first, first + count).includes(1)) first = taken.indexOf(0, first + 1);
  if (first < 0 || first + count > taken.length) return undefined;
  taken.fill(1, first, first + count);
  // as large as its chunks, so that the collector knows what it would free; its own memory is never touched
  const options = { maxByteLength: count * CHUNK };
  const token = new (ArrayBuffer as unknown as new (size: number, options: object) => object)(count * CHUNK, options);
  registry.register(token, [first, count]);
  return { address: first * CHUNK, end: (first + count) * CHUNK, token };
}
