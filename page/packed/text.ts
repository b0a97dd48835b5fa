import { packed, unpacked } from "./coder.ts";
import { mixed, type Model } from "./guess.ts";

/** Texts in three quarters of the bytes that gzip needs, or less. Unpacking takes about a microsecond for each byte. */

/** @param texts each is smaller for what is in those before it */
export function packedTexts(texts: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  return packed(
    texts.map((text) => encoder.encode(text)),
    new OfText(),
  );
}

/** The texts, each unpacked when it is asked for. */
export function* unpackedTexts(bytes: Uint8Array): Generator<string, undefined, undefined> {
  const decoder = new TextDecoder();
  for (const part of unpacked(bytes, new OfText())) yield decoder.decode(part);
}

/** How many bytes must be alike for what followed them to be expected again. */
const ALIKE = 6;
/** How many bytes that are alike make an expectation surer than one does, and still surer. */
const [SURER, SUREST] = [16, 32];
const TABLE_BITS = 18;
/** The last byte, the last two, three and four, and the last so many are a context each. */
const LONGEST = 6;

/** A byte of a text depends on those before it, on its word and the one before, and on what followed where it was last alike. */
class OfText implements Model {
  readonly bits = 8;
  readonly group = 4;
  readonly contexts = 8;
  readonly kinds = 4;
  /** The bytes so far, with room for more. */
  #bytes = new Uint8Array(2 ** 16);
  #length = 0;
  /** The letters of the word so far, and those of the word before it, each as one number. */
  #word = 0;
  #wordBefore = 0;
  /** The place whose byte is expected again, and how many bytes before it are those before the next one. */
  #again = 0;
  #alike = 0;
  /** By the last few bytes, as one number: the place behind where they were last. */
  readonly #behind = new Int32Array(2 ** TABLE_BITS);

  look(hashes: Int32Array): number {
    const last = this.#back(1);
    const expected = this.#alike === 0 ? -1 : this.#bytes[this.#again]!;
    let before = 0;
    for (let back = 1; back <= LONGEST; back++) {
      before = mixed(before, this.#back(back));
      hashes[Math.min(back, LONGEST - 1) - 1] = before;
    }
    hashes[LONGEST - 1] = mixed(this.#word, last);
    hashes[LONGEST] = mixed(mixed(this.#word, this.#wordBefore), last);
    hashes[LONGEST + 1] = mixed(mixed(0, expected), Math.min(this.#alike, SUREST));
    if (this.#alike === 0) return 0;
    return this.#alike < SURER ? 1 : this.#alike < SUREST ? 2 : 3;
  }

  take(byte: number): void {
    this.#keep(byte);
    const isLetter = byte >= 128 || ((byte | 32) >= 97 && (byte | 32) <= 122);
    if (!isLetter && this.#word !== 0) this.#wordBefore = this.#word;
    this.#word = isLetter ? mixed(this.#word, byte | 32) : 0;
    this.#alike = this.#alike > 0 && this.#bytes[this.#again] === byte ? this.#alike + 1 : 0;
    this.#again += 1;
    const place = this.#placeOfLast();
    if (this.#alike === 0) this.#expectAfter(this.#behind[place]!);
    this.#behind[place] = this.#length;
  }

  /** Where the last few bytes are in the table. */
  #placeOfLast(): number {
    let hash = 0;
    for (let back = 1; back <= ALIKE; back++) hash = mixed(hash, this.#back(back));
    return hash >>> (32 - TABLE_BITS);
  }

  /** Expects the byte at a place again, if those before it are the last ones. */
  #expectAfter(place: number): void {
    let alike = 0;
    while (alike < SUREST && alike < place && this.#bytes[place - 1 - alike] === this.#back(1 + alike)) alike += 1;
    this.#again = place;
    this.#alike = alike;
  }

  /** The last byte, the second to last, and so on; 0 before the first. */
  #back(count: number): number {
    return count <= this.#length ? this.#bytes[this.#length - count]! : 0;
  }

  #keep(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const before = this.#bytes;
      this.#bytes = new Uint8Array(2 * before.length);
      this.#bytes.set(before);
    }
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }
}
