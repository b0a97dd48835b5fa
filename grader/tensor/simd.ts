import * as plain from "./kernels.ts";
import { bytes } from "./simd-bytes.ts";

/**
 * The SIMD kernels: the same bits as the plain ones, sooner. Operands are copied into the module's memory and results
 * out of it, so that tensors stay ordinary garbage-collected arrays; where copying would take as long as computing, or
 * WebAssembly is not to be had, the plain kernels run.
 */

/** What is used of WebAssembly: the types that TypeScript has of it belong to browsers. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: object };
};

type Matmul = (a: number, b: number, out: number, n: number, k: number, m: number) => void;

interface Module {
  memory: { buffer: ArrayBuffer; grow: (pages: number) => number };
  matmul: Matmul;
  matmul64: Matmul;
}

/** Multiplications below which the plain kernel is as fast. */
const WORTH_IT = 4096;
const PAGE = 65_536;

let loaded: Module | null | undefined;
let floats = new Float32Array();
let doubles = new Float64Array();

/** out [n, m] = a [n, k] @ b [k, m]; see kernels.ts. */
export function matmul(a: Float32Array, b: Float32Array, out: Float32Array, n: number, k: number, m: number): void {
  const module = n * k * m < WORTH_IT ? null : load();
  if (!module || !reserve(module, 4 * (a.length + b.length + out.length))) return plain.matmul(a, b, out, n, k, m);
  run(module.matmul, floats, a, b, out, n, k, m);
}

/** The same in float64. False where it cannot be done here, and nothing has been done. */
export function matmul64(
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  n: number,
  k: number,
  m: number,
): boolean {
  const module = n * k * m < WORTH_IT ? null : load();
  if (!module || !reserve(module, 8 * (a.length + b.length + out.length))) return false;
  run(module.matmul64, doubles, a, b, out, n, k, m);
  return true;
}

function run<Elements extends Float32Array | Float64Array>(
  kernel: Matmul,
  memory: Elements,
  a: Elements,
  b: Elements,
  out: Elements,
  n: number,
  k: number,
  m: number,
): void {
  const size = memory.BYTES_PER_ELEMENT;
  const end = a.length + b.length;
  memory.set(a, 0);
  memory.set(b, a.length);
  kernel(0, size * a.length, size * end, n, k, m);
  out.set(memory.subarray(end, end + out.length));
}

/** The module, compiled when it is first used; null where the engine has no WebAssembly with SIMD. */
function load(): Module | null {
  if (loaded !== undefined) return loaded;
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(decode(bytes)));
    loaded = exports as Module;
  } catch {
    loaded = null;
  }
  return loaded;
}

/** Makes the memory hold so many bytes, if the machine has that much. */
function reserve({ memory }: Module, bytes: number): boolean {
  const missing = bytes - memory.buffer.byteLength;
  try {
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  } catch {
    return false;
  }
  // growing moves the buffer
  if (floats.buffer !== memory.buffer) {
    floats = new Float32Array(memory.buffer);
    doubles = new Float64Array(memory.buffer);
  }
  return true;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base64 to bytes, with nothing but the language: where exercises run there is neither atob nor Buffer. */
function decode(text: string): Uint8Array {
  const digits = text.replace(/=+$/, "");
  const decoded = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  for (let i = 0, at = 0; i < digits.length; i++) {
    bits = (bits << 6) | DIGITS.indexOf(digits[i]!);
    if (i % 4 !== 0) decoded[at++] = (bits >> (6 - 2 * (i % 4))) & 255;
  }
  return decoded;
}
