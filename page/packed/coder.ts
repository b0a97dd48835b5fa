import { Guess, PARTS, type Model } from "./guess.ts";

/** Packs symbols by arithmetic coding: only how far the guess of each bit was off is written. */

/** Codes one bit after another; who packs is given each, who unpacks finds it. */
interface Coder {
  /** @param one the probability of a one, in PARTS */
  code(one: number, bit: number): number;
}

/** How many bytes a number has: that of the parts, and that of the symbols of each. */
const COUNT_BYTES = 4;
const BYTE = 2 ** 24;

/** @param parts symbols, as numbers of the model's bits; each part is guessed from those before it */
export function packed(parts: readonly Uint8Array[], model: Model): Uint8Array {
  const head = new DataView(new ArrayBuffer(COUNT_BYTES * (1 + parts.length)));
  for (const [i, count] of [parts.length, ...parts.map(({ length }) => length)].entries()) {
    head.setUint32(COUNT_BYTES * i, count);
  }
  const bytes = [...new Uint8Array(head.buffer)];
  const packer = new Packer(bytes);
  const guess = new Guess(model);
  for (const part of parts) codeSymbols(packer, part.slice(), guess, model.bits);
  packer.end();
  return Uint8Array.from(bytes);
}

/**
 * The parts, each unpacked when it is asked for.
 *
 * @param model a new one, as it was when the parts were packed
 */
export function* unpacked(bytes: Uint8Array, model: Model): Generator<Uint8Array, undefined, undefined> {
  const head = new DataView(bytes.buffer, bytes.byteOffset);
  const count = head.getUint32(0);
  const unpacker = new Unpacker(bytes.subarray(COUNT_BYTES * (1 + count)));
  const guess = new Guess(model);
  for (let i = 1; i <= count; i++) {
    const part = new Uint8Array(head.getUint32(COUNT_BYTES * i));
    codeSymbols(unpacker, part, guess, model.bits);
    yield part;
  }
}

/** Codes symbols; those that the coder finds replace them. */
function codeSymbols(coder: Coder, symbols: Uint8Array, guess: Guess, bits: number): void {
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i]!;
    let found = 0;
    for (let place = bits - 1; place >= 0; place--) {
      const bit = coder.code(guess.probability(), (symbol >> place) & 1);
      guess.learn(bit);
      found = 2 * found + bit;
    }
    symbols[i] = found;
  }
}

/** What both sides of arithmetic coding share: the interval of 32-bit numbers that the bits so far lead to. */
class Interval {
  low = 0;
  high = 0xffffffff;

  /** Where the interval is divided: ones are up to there. */
  middle(one: number): number {
    return this.low + Math.floor(((this.high - this.low) * one) / PARTS);
  }

  /** Keeps one side. */
  narrow(middle: number, bit: number): void {
    if (bit === 1) this.high = middle;
    else this.low = middle + 1;
  }

  /** The first byte, which is removed, if all numbers of the interval have the same. */
  settled(): number | undefined {
    const first = Math.floor(this.low / BYTE);
    if (first !== Math.floor(this.high / BYTE)) return undefined;
    this.low = (this.low % BYTE) * 256;
    this.high = (this.high % BYTE) * 256 + 255;
    return first;
  }
}

class Packer implements Coder {
  readonly #interval = new Interval();
  readonly #bytes: number[];

  constructor(bytes: number[]) {
    this.#bytes = bytes;
  }

  code(one: number, bit: number): number {
    this.#interval.narrow(this.#interval.middle(one), bit);
    for (let byte = this.#interval.settled(); byte !== undefined; byte = this.#interval.settled())
      this.#bytes.push(byte);
    return bit;
  }

  /** Writes a number of the interval that is left. */
  end(): void {
    for (let place = 3; place >= 0; place--) this.#bytes.push(Math.floor(this.#interval.high / 256 ** place) % 256);
  }
}

class Unpacker implements Coder {
  readonly #interval = new Interval();
  readonly #bytes: Uint8Array;
  #at = 0;
  #number = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    for (let i = 0; i < 4; i++) this.#read();
  }

  code(one: number): number {
    const middle = this.#interval.middle(one);
    const bit = this.#number <= middle ? 1 : 0;
    this.#interval.narrow(middle, bit);
    while (this.#interval.settled() !== undefined) this.#read();
    return bit;
  }

  #read(): void {
    this.#number = (this.#number % BYTE) * 256 + (this.#bytes[this.#at] ?? 0);
    this.#at += 1;
  }
}
