import { tensor, type DType, type Tensor } from "#tensor";
import { tensorOver } from "../tensor/create.ts";
import { elementsOf } from "../tensor/tensor.ts";
import type { Message } from "./messages.ts";

/**
 * Messages as what every host can pass: one line of JSON, then the bytes of the tensors' elements.
 *
 * Runs on both sides, so it uses nothing but the language.
 */

/** A snapshot of a tensor, unaffected by later changes to it or to its methods. */
export function snapshot(t: Tensor): Tensor {
  return tensor(elementsOf(t), t.shape, t.dtype);
}

interface TensorSpec {
  dtype: DType;
  shape: number[];
}

/** A message's first line, and the elements of its tensors, which follow it: the tensors' own, not copies. */
export function partsOf<H>({ header, tensors }: Message<H>): { line: string; elements: (Float32Array | Int32Array)[] } {
  const specs: TensorSpec[] = tensors.map(({ dtype, shape }) => ({ dtype, shape: [...shape] }));
  return { line: `${JSON.stringify({ header, specs })}\n`, elements: tensors.map((t) => elementsOf(t)) };
}

/**
 * A message from its first line and the bytes that follow it, which are its tensors' from then on.
 *
 * @throws Error if they are not a message: the JSON is invalid, or the tensors' sizes do not match
 */
export function messageOf<H>(line: string, bytes: ArrayBuffer): Message<H> {
  const { header, specs } = JSON.parse(line) as { header: H; specs: TensorSpec[] };
  let offset = 0;
  const tensors = specs.map(({ dtype, shape }) => {
    const count = shape.reduce((product, extent) => product * extent, 1);
    const start = offset;
    offset += 4 * count;
    if (!Number.isSafeInteger(count) || count < 0 || offset > bytes.byteLength)
      throw new Error("a tensor is truncated");
    if (dtype !== "float32" && dtype !== "int32") throw new Error("a tensor of another kind");
    const Elements = dtype === "int32" ? Int32Array : Float32Array;
    return tensorOver(new Elements(bytes, start, count), shape);
  });
  if (offset !== bytes.byteLength) throw new Error("the message is longer than its tensors");
  return { header, tensors };
}
