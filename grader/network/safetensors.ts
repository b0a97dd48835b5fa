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
 * @throws Error if the bytes do not have that layout
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const headerEnd = bytes.length < 8 ? Infinity : 8 + Number(viewOf(bytes).getBigUint64(0, true));
  if (headerEnd > bytes.length) throw new Error("not a safetensors file: its header is longer than the file");
  const { __metadata__: metadata = {}, ...entries } = readHeader(bytes.subarray(8, headerEnd));
  const tensors: Record<string, Tensor> = {};
  for (const [name, entry] of Object.entries(entries as Record<string, Entry>)) {
    const [begin, end] = entry.data_offsets;
    if (headerEnd + end > bytes.length) throw new Error(`the file is truncated: it ends before tensor ${name} does`);
    tensors[name] = readTensor(name, entry, viewOf(bytes.subarray(headerEnd + begin, headerEnd + end)));
  }
  return { tensors, metadata: metadata as Record<string, string> };
}

function readHeader(bytes: Uint8Array): Record<string, unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    throw new Error("not a safetensors file: its header is not JSON");
  }
}

function readTensor(name: string, { dtype, shape }: Entry, data: DataView): Tensor {
  if (dtype === "F32") {
    const values = Float32Array.from({ length: data.byteLength / 4 }, (_, i) => data.getFloat32(4 * i, true));
    return tensor(values, shape);
  }
  if (dtype !== "I64") throw new Error(`tensor ${name} is of type ${dtype}; only F32 and I64 are read`);
  const values = Int32Array.from({ length: data.byteLength / 8 }, (_, i) => Number(data.getBigInt64(8 * i, true)));
  return tensor(values, shape, "int32");
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** The bytes of float32 tensors and some text in the same layout. */
export function writeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const entries: Record<string, Entry | Record<string, string>> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, ...rest }] of Object.entries(tensors)) {
    const begin = end;
    end += 4 * shape.reduce((product, extent) => product * extent, 1);
    if (rest.dtype !== "float32") throw new Error(`tensor ${name} is not float32`);
    entries[name] = { dtype: "F32", shape: [...shape], data_offsets: [begin, end] };
  }
  const header = new TextEncoder().encode(JSON.stringify(entries));
  const bytes = new Uint8Array(8 + header.length + end);
  const view = viewOf(bytes);
  view.setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  let at = 8 + header.length;
  for (const tensor of Object.values(tensors)) {
    for (const value of tensor.toArray()) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}
