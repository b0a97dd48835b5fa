import { packed, unpacked } from "./coder.ts";
import { mixed, type Model } from "./guess.ts";

/** Sorted names in half the bytes that gzip needs. */

/** @throws Error if the text is not names in the letters a to z, each on a line of its own */
export function packedNames(text: string): Uint8Array {
  if (!/^([a-z]+\n)*$/.test(text)) throw new Error("only lines in the letters a to z can be packed");
  const letters = Uint8Array.from(text, (letter) => (letter === "\n" ? 0 : letter.charCodeAt(0) - 96));
  return packed([letters], new OfNames());
}

export function unpackedNames(bytes: Uint8Array): string {
  const letters = unpacked(bytes, new OfNames()).next().value!;
  return new TextDecoder().decode(letters.map((letter) => (letter === 0 ? 10 : letter + 96)));
}

/** A letter of a name depends on those before it, and on the name before, as names are sorted: 0 ends one, 1 to 26 are a to z. */
class OfNames implements Model {
  readonly bits = 5;
  readonly group = 5;
  readonly contexts = 5;
  /** Whether the name has begun as the one before. */
  readonly kinds = 2;
  /** The letters of the name so far, and of the one before. */
  #name: number[] = [];
  #before: readonly number[] = [];
  /** Whether the name has begun as the one before, which is then a lower limit for its next letter. */
  #isAlike = true;

  look(hashes: Int32Array): number {
    const [d, c, b, a] = [4, 3, 2, 1].map((back) => this.#name.at(-back) ?? 0) as [number, number, number, number];
    const limit = this.#isAlike ? (this.#before[this.#name.length] ?? 0) : 27;
    const contexts = [
      [b, a],
      [c, b, a],
      [d, c, b, a],
      [limit, a],
      [limit, Math.min(this.#before.length, 15), this.#name.length],
    ];
    for (const [i, numbers] of contexts.entries()) hashes[i] = numbers.reduce(mixed, i);
    return this.#isAlike ? 1 : 0;
  }

  take(letter: number): void {
    if (letter === 0) [this.#before, this.#name, this.#isAlike] = [this.#name, [], true];
    else {
      this.#isAlike &&= this.#before[this.#name.length] === letter;
      this.#name.push(letter);
    }
  }
}
