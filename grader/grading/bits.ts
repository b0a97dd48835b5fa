import { tensor, type Tensor } from "#tensor";
import { elementsOf } from "../tensor/tensor.ts";

/** A tensor as JSON: its shape, and the bytes of its float32 elements in base64. */
export interface KeptTensor {
  shape: readonly number[];
  bytes: string;
}

/** How many bytes are converted to characters at once: more arguments could be too many for one call. */
const CHUNK = 8192;

export function keptTensor(t: Tensor): KeptTensor {
  const { buffer, byteOffset, byteLength } = t.toArray();
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  let text = "";
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return { shape: t.shape, bytes: btoa(text) };
}

export function tensorOf({ shape, bytes }: KeptTensor): Tensor {
  const elements = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
  return tensor(new Float32Array(elements.buffer), [...shape]);
}

/** Whether two tensors have the same bits: 0 differs from -0, and one NaN from another. */
export function sameBits(a: Tensor, b: Tensor): boolean {
  const one = bitsOf(a);
  const other = bitsOf(b);
  const { length } = one;
  if (length !== other.length) return false;
  for (let i = 0; i < length; i++) if (one[i] !== other[i]) return false;
  return true;
}

function bitsOf(t: Tensor): Int32Array {
  const { buffer, byteOffset, length } = elementsOf(t);
  return new Int32Array(buffer, byteOffset, length);
}
