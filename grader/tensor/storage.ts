import { floatsAt, hasKernels, intsAt } from "./memory.ts";
import { checkPlace, giveBack, lastingPlace, place, step, type Place } from "./places.ts";

/** float32 holds numbers to compute with; int32 holds indices. */
export type DType = "float32" | "int32";

/** Whether an int32 tensor can hold it. */
export function isInt32(x: number): boolean {
  return x === (x | 0);
}

type Elements = Float32Array | Int32Array;

/**
 * The elements of a tensor and of all that are views of it: in the kernels' memory where there is room, an ordinary
 * array otherwise. A transpose borrows them; what is lent is not overwritten: the next write goes to a copy.
 */
export class Storage {
  readonly dtype: DType;
  readonly length: number;
  /** Whether a transpose reads these elements too. */
  isLent = false;
  /** The address in the kernels' memory, in bytes; -1 for an ordinary array. */
  address: number;
  /** Held so that the memory is not allocated again; see places.ts. */
  #place: Place | undefined;
  /** The training step whose memory this is; 0 for none. */
  #step: number;
  /** The elements as an array; for those in the kernels' memory, made when first asked for. */
  #elements: Elements | undefined;

  private constructor(dtype: DType, length: number, place?: Place, elements?: Elements) {
    this.dtype = dtype;
    this.length = length;
    this.address = place?.address ?? -1;
    this.#place = place;
    this.#step = place?.step ?? 0;
    this.#elements = elements;
  }

  /** From existing elements; taken over, not copied. */
  static of(elements: Elements): Storage {
    const dtype = elements instanceof Float32Array ? "float32" : "int32";
    return new Storage(dtype, elements.length, undefined, elements);
  }

  /** Elements that the caller writes, all of them: they are arbitrary before. */
  static empty(length: number, dtype: DType = "float32"): Storage {
    const found = hasKernels() ? place(length) : undefined;
    if (found) return new Storage(dtype, length, found);
    return Storage.of(dtype === "float32" ? new Float32Array(length) : new Int32Array(length));
  }

  get floats(): Float32Array {
    this.#rescue();
    return (this.#elements ??= floatsAt(this.address, this.length)) as Float32Array;
  }

  get ints(): Int32Array {
    this.#rescue();
    return (this.#elements ??= intsAt(this.address, this.length)) as Int32Array;
  }

  get elements(): Elements {
    return this.dtype === "float32" ? this.floats : this.ints;
  }

  /** Moves what an earlier training step has made out of that step's memory, before it is used again. */
  #rescue(): void {
    if (this.#step === 0 || this.#step === step) return;
    checkPlace(this.#place!);
    this.#step = 0;
    this.become(this.copy());
  }

  /** Moves into the kernels' memory. False where there is no room. */
  enter(): boolean {
    this.#rescue();
    if (this.address >= 0) return true;
    const found = lastingPlace(this.length);
    if (!found) return false;
    const inMemory = new Storage(this.dtype, this.length, found);
    inMemory.elements.set(this.elements);
    inMemory.isLent = this.isLent;
    this.become(inMemory);
    return true;
  }

  /** The same elements for a transpose. */
  lend(): Storage {
    this.#rescue();
    this.isLent = true;
    const lent = new Storage(this.dtype, this.length, this.#place, this.#elements);
    lent.isLent = true;
    return lent;
  }

  /** An independent copy. */
  copy(): Storage {
    const copy = Storage.empty(this.length, this.dtype);
    copy.elements.set(this.elements);
    return copy;
  }

  /** Takes over another storage's elements, of the same number and kind; views of this storage see them too. */
  become(other: Storage): void {
    this.address = other.address;
    this.#place = other.#place;
    this.#step = other.#step;
    this.#elements = other.#elements;
    this.isLent = other.isLent;
  }

  /** Gives the memory back early, if these elements were the last to be allocated. Nothing may use them from here on. */
  release(): void {
    if (this.address >= 0) giveBack(this.address, this.length);
  }

  /** Makes sure that a write here changes no other tensor. */
  unlend(): void {
    if (this.isLent) this.become(this.copy());
  }
}
