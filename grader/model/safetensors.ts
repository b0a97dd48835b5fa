import { tensor, type Tensor } from "#tensor";

/** Tensors by name, and the file's metadata. */
export interface Safetensors {
  tensors: Record<string, Tensor>;
  metadata: Record<string, string>;
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/**
 * Reads the safetensors layout: a 64-bit header length, a JSON header, then the tensors' bytes, little-endian. F32
 * stays float32; I64 becomes int32 (indices).
 *
 * @throws Error where the bytes are not of that layout
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerEnd = 8 + Number(view.getBigUint64(0, true));
  if (headerEnd > bytes.length) throw new Error("not a safetensors file: its header is longer than the file");
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, headerEnd))) as Record<string, unknown>;
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors: Record<string, Tensor> = {};
  for (const [name, entry] of Object.entries(entries as Record<string, Entry>)) {
    const [begin, end] = entry.data_offsets;
    const data = new DataView(bytes.buffer, bytes.byteOffset + headerEnd + begin, end - begin);
    if (entry.dtype === "F32") {
      const values = Float32Array.from({ length: data.byteLength / 4 }, (_, i) => data.getFloat32(4 * i, true));
      tensors[name] = tensor(values, entry.shape);
    } else if (entry.dtype === "I64") {
      const values = Int32Array.from({ length: data.byteLength / 8 }, (_, i) => Number(data.getBigInt64(8 * i, true)));
      tensors[name] = tensor(values, entry.shape, "int32");
    } else throw new Error(`tensor ${name} is of type ${entry.dtype}; only F32 and I64 are read`);
  }
  return { tensors, metadata: metadata as Record<string, string> };
}
