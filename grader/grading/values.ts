import { Tensor } from "#tensor";
import type { Value } from "../kit/program.ts";

/**
 * Values of programs as JSON: each tensor is the number of its place among the message's tensors. Runs on both sides of a
 * host's border, so it uses nothing but the language.
 */

/** A value in which `{ tensor: 3 }` is the message's fourth tensor, and `{ number: "NaN" }` what JSON cannot write. */
export type PackedValue =
  string | boolean | null | number | readonly PackedValue[] | { tensor: number } | { number: string } | Packed;

/** A record. */
interface Packed {
  record: Readonly<Record<string, PackedValue>>;
}

/** A part of an answer that is no value, and where it is: `[2]`, `.gradient`. */
export class NoValue {
  readonly part: unknown;
  readonly where: string;

  constructor(part: unknown, where: string) {
    this.part = part;
    this.where = where;
  }
}

/** How deeply values are nested: an answer could contain itself. */
const DEEPEST = 6;

/**
 * Packs a value, or finds the first part of it that is none.
 *
 * @param tensors those of the message so far; the value's are appended
 * @param convert what to append for a tensor; undefined if it cannot be part of a value
 */
export function packValue(
  value: unknown,
  tensors: Tensor[],
  convert: (tensor: Tensor) => Tensor | undefined,
  where = "",
  depth = 0,
): PackedValue | NoValue {
  if (value instanceof Tensor) {
    const tensor = convert(value);
    if (!tensor) return new NoValue(value, where);
    tensors.push(tensor);
    return { tensor: tensors.length - 1 };
  }
  if (typeof value === "number") return Number.isFinite(value) ? value : { number: String(value) };
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (depth === DEEPEST || !isPlain(value)) return new NoValue(value, where);
  if (Array.isArray(value)) {
    const list: PackedValue[] = [];
    for (let i = 0; i < value.length; i++) {
      const packed = packValue(value[i], tensors, convert, `${where}[${i}]`, depth + 1);
      if (packed instanceof NoValue) return packed;
      list.push(packed);
    }
    return list;
  }
  const record: Record<string, PackedValue> = {};
  for (const [name, part] of Object.entries(value)) {
    const packed = packValue(part, tensors, convert, `${where}.${name}`, depth + 1);
    if (packed instanceof NoValue) return packed;
    record[name] = packed;
  }
  return { record };
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * The value that was packed.
 *
 * @param tensorAt the message's tensor of a number
 * @throws Error if it is not one: learner code could have forged it
 */
export function unpackValue(packed: unknown, tensorAt: (i: number) => Tensor | undefined): Value {
  if (typeof packed === "number" || typeof packed === "string" || typeof packed === "boolean" || packed === null)
    return packed;
  if (Array.isArray(packed)) return packed.map((part) => unpackValue(part, tensorAt));
  if (typeof packed !== "object") throw new Error("a part of a value is missing");
  if ("tensor" in packed) {
    const tensor = tensorAt(packed.tensor as number);
    if (!tensor) throw new Error("fewer tensors than a value has");
    return tensor;
  }
  if ("number" in packed) return Number(packed.number);
  const { record } = packed as Partial<Packed>;
  if (typeof record !== "object" || record === null) throw new Error("a part of a value is of no known kind");
  return Object.fromEntries(Object.entries(record).map(([name, part]) => [name, unpackValue(part, tensorAt)]));
}
