import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readSafetensors } from "../../grader/network/safetensors.ts";

/** A file's bytes: the header's length, the header as JSON, the data. */
function file(header: unknown, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const floats = (...numbers: number[]): Uint8Array => new Uint8Array(Float32Array.from(numbers).buffer);

describe("data/torch/lecture.safetensors", () => {
  const { tensors, metadata } = readSafetensors(
    readFileSync(new URL("../../data/torch/lecture.safetensors", import.meta.url)),
  );

  it("says which program it is from, and the sizes", () => {
    const sizes = { n: "32", block: "3", embd: "10", hidden: "64", vocab: "27" };
    expect(metadata).toEqual({ torch: "1.13.0a0", case: "lecture", ...sizes });
  });

  it.each([
    ["Xb", [32, 3], "int32"],
    ["Yb", [32], "int32"],
    ["C", [27, 10], "float32"],
    ["emb", [32, 3, 10], "float32"],
    ["bngain", [1, 64], "float32"],
    ["loss", [], "float32"],
    ["grad.W1", [30, 64], "float32"],
  ])("%s has shape %j and type %s", (name, shape, dtype) => {
    expect([tensors[name]?.shape, tensors[name]?.dtype]).toEqual([shape, dtype]);
  });

  it("contains the forward values and 26 gradients", () => {
    expect(Object.keys(tensors).filter((name) => name.startsWith("grad."))).toHaveLength(26);
  });

  it("contains the lecture's labels, which begin 8, 14, 15, and its loss", () => {
    expect(Array.from(tensors["Yb"]?.toArray() ?? []).slice(0, 3)).toEqual([8, 14, 15]);
    expect(tensors["loss"]?.item()).toBeCloseTo(3.344412, 6);
  });
});

describe("readSafetensors", () => {
  it("keeps every float32 unchanged, and reads a file without metadata", () => {
    const entry = { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] };
    const { tensors, metadata } = readSafetensors(file({ a: entry }, floats(-0, 2 ** -149, Infinity, 0.1)));
    expect([...(tensors["a"]?.toArray() ?? [])]).toEqual([-0, 2 ** -149, Infinity, Math.fround(0.1)]);
    expect(tensors["a"]?.shape).toEqual([2, 2]);
    expect(metadata).toEqual({});
  });

  it("reads bytes at any offset of a larger buffer", () => {
    const bytes = file({ a: { dtype: "F32", shape: [], data_offsets: [0, 4] } }, floats(1.5));
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 3);
    expect(readSafetensors(larger.subarray(3, 3 + bytes.length)).tensors["a"]?.item()).toBe(1.5);
  });

  it("names a tensor whose type it cannot read, and the type", () => {
    const half = file({ h: { dtype: "F16", shape: [1], data_offsets: [0, 2] } }, Uint8Array.of(0, 0));
    expect(() => readSafetensors(half)).toThrow("tensor h is of type F16; only F32 and I64 are read");
  });

  it("reports a file that ends within its header", () => {
    const whole = readFileSync(new URL("../../data/torch/lecture.safetensors", import.meta.url));
    expect(() => readSafetensors(whole.subarray(0, 1000))).toThrow(
      "not a safetensors file: its header is longer than the file",
    );
  });

  it("reports a truncated file, whether or not more memory follows", () => {
    const whole = readFileSync(new URL("../../data/torch/lecture.safetensors", import.meta.url));
    const cut = whole.subarray(0, 100_000);
    for (const bytes of [cut, Uint8Array.from(cut)]) {
      expect(() => readSafetensors(bytes)).toThrow(/truncated: it ends before tensor \S+ does/);
    }
    expect(() => readSafetensors(whole.subarray(0, 5))).toThrow("not a safetensors file");
  });

  it("reports a header that is not JSON", () => {
    expect(() => readSafetensors(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 65, 66))).toThrow("its header is not JSON");
  });

  it("reports a shape that does not match the data", () => {
    const wrong = file({ a: { dtype: "F32", shape: [3], data_offsets: [0, 8] } }, floats(1, 2));
    expect(() => readSafetensors(wrong)).toThrow("[3] holds 3 numbers, got 2");
  });
});
