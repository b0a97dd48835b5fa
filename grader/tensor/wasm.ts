/** The part of WebAssembly that is used: TypeScript's own types for it come with the browser's. */
interface Engine {
  Memory: new (size: { initial: number; maximum: number }) => { buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: object };
}

// kept from the start: it is removed before exercises run
const engine = (globalThis as { WebAssembly?: Engine }).WebAssembly;

/**
 * Instantiates kernels compiled by simd/build.mjs, and their memory, which never grows or moves.
 *
 * @param bytes in hexadecimal
 * @param pages of 65,536 bytes; the system gives each when it is first written to
 * @returns undefined where the engine has no WebAssembly with SIMD
 */
export function instantiate<Kernels>(
  bytes: string,
  pages: number,
): { kernels: Kernels; buffer: ArrayBuffer } | undefined {
  if (!engine) return undefined;
  try {
    const memory = new engine.Memory({ initial: pages, maximum: pages });
    const { exports } = new engine.Instance(new engine.Module(decode(bytes)), { env: { memory } });
    return { kernels: exports as Kernels, buffer: memory.buffer };
  } catch {
    return undefined;
  }
}

/** Hexadecimal digits to bytes, by hand: where exercises run there is neither atob nor Buffer. */
function decode(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}
