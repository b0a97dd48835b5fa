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
  const decoded = new Uint8Array(digits.length / 2);
  // a loop over character codes: each exercise decodes them again, in a context where V8 has optimized nothing yet
  for (let i = 0; i < decoded.length; i++) {
    decoded[i] = 16 * digitAt(digits.charCodeAt(2 * i)) + digitAt(digits.charCodeAt(2 * i + 1));
  }
  return decoded;
}

/** The value of a hexadecimal digit, 0 to 9 or a to f, from its character code. */
function digitAt(code: number): number {
  return code < 58 ? code - 48 : code - 87;
}
