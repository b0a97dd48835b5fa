import { floatsAt, hasKernels, intsAt, place } from "./memory.ts";

/** float32 holds numbers to compute with; int32 holds indices. */
export type DType = "float32" | "int32";

/** Whether an int32 tensor can hold it. */
export function isInt32(x: number): boolean {
  return x === (x | 0);
}

type Elements = Float32Array | Int32Array;

/**
 * The elements of a tensor and of all that are views of it: in the kernels' memory where there is room, an ordinary
 * array elsewhere. A transpose borrows them: what is lent is not written to any more, the next write goes elsewhere.
 */
export class Storage {
  readonly dtype: DType;
  readonly length: number;
  /** Whether a transpose reads these elements too. */
  isLent = false;
  /** Where they lie in the kernels' memory, in bytes; -1 elsewhere. */
  address: number;
  /** Held so that the place is not given to others; see memory.ts. */
  #token: object | undefined;
  /** The elements as an array: where they lie in the kernels' memory, made when somebody asks. */
  #elements: Elements | undefined;

  private constructor(dtype: DType, length: number, address: number, token?: object, elements?: Elements) {
    this.dtype = dtype;
    this.length = length;
    this.address = address;
    this.#token = token;
    this.#elements = elements;
  }

  /** Elements that are there already; taken over, not copied. */
  static of(elements: Elements): Storage {
    const dtype = elements instanceof Float32Array ? "float32" : "int32";
    return new Storage(dtype, elements.length, -1, undefined, elements);
  }

  /** Elements to be written, all of them: what they are before is anything. */
  static empty(length: number, dtype: DType = "float32"): Storage {
    const found = hasKernels() ? place(length) : undefined;
    if (found) return new Storage(dtype, length, found.address, found.token);
    return Storage.of(dtype === "float32" ? new Float32Array(length) : new Int32Array(length));
  }

  get floats(): Float32Array {
    return (this.#elements ??= floatsAt(this.address, this.length)) as Float32Array;
  }

  get ints(): Int32Array {
    return (this.#elements ??= intsAt(this.address, this.length)) as Int32Array;
  }

  get elements(): Elements {
    return this.dtype === "float32" ? this.floats : this.ints;
  }

  /** Moves into the kernels' memory. False where there is no room. */
  enter(): boolean {
    if (this.address >= 0) return true;
    const found = place(this.length);
    if (!found) return false;
    const elements = this.elements;
    this.address = found.address;
    this.#token = found.token;
    this.#elements = undefined;
    this.elements.set(elements);
    return true;
  }

  /** The same elements for a transpose, which keeps them as they are. */
  lend(): Storage {
    this.isLent = true;
    const lent = new Storage(this.dtype, this.length, this.address, this.#token, this.#elements);
    lent.isLent = true;
    return lent;
  }

  /** A copy that changes on its own. */
  copy(): Storage {
    const copy = Storage.empty(this.length, this.dtype);
    copy.elements.set(this.elements);
    return copy;
  }

  /** Takes over another storage's elements, of the same number and kind; this one's views have them too. */
  become(other: Storage): void {
    this.address = other.address;
    this.#token = other.#token;
    this.#elements = other.#elements;
    this.isLent = other.isLent;
  }

  /** Makes sure that writing here changes nobody else's elements. */
  unlend(): void {
    if (this.isLent) this.become(this.copy());
  }
}
