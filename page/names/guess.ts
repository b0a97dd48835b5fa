/**
 * Guesses the letters of sorted names, bit by bit. A guess is a logistic unit: its inputs are what followed in several
 * contexts so far, and its weights are trained by gradient descent with each bit. All of it is additions, multiplications,
 * divisions and tables, which are the same on every machine, as whoever packs and whoever unpacks must guess alike.
 */

/** A letter in bits: 0 ends a name, 1 to 26 are a to z. */
export const LETTER_BITS = 5;
/** Probabilities are in this many parts. */
export const PARTS = 65_536;

const CONTEXTS = 5;
/** Two inputs for each context, and a constant. */
const INPUTS = 2 * CONTEXTS + 1;
const TABLE_BITS = 20;
/** How many bits a context has seen at most: from then on, its share of ones changes at the same rate. */
const LONGEST_MEMORY = 255;
const LEARNING_RATE = 0.015;
const FIRST_WEIGHT = 0.3;
/** How often a context must have been seen to be sure. */
const SURE = 30;

/** The logistic function from -LIMIT to LIMIT, in equal steps, and the step of its value for each part of 4096. */
const LIMIT = 12;
const STEPS = 4096;
const logistic = Float64Array.from({ length: STEPS }, (_, i) => 1 / (1 + exp(LIMIT - (2 * LIMIT * (i + 0.5)) / STEPS)));
const inverse = inverseOf(logistic);

/** e to the x, as the power of a number close to 1. */
function exp(x: number): number {
  let power = 1 + x / 2 ** 20;
  for (let i = 0; i < 20; i++) power *= power;
  return power;
}

function inverseOf(values: Float64Array): Float64Array {
  let at = 0;
  return Float64Array.from({ length: STEPS }, (_, i) => {
    while (at < STEPS - 1 && values[at]! < (i + 0.5) / STEPS) at += 1;
    return (2 * LIMIT * (at + 0.5)) / STEPS - LIMIT;
  });
}

export class Guess {
  /** By context and what is known of the letter: the share of ones in PARTS, and how many bits were seen. */
  readonly #shares = Array.from({ length: CONTEXTS }, () => new Uint16Array(2 ** TABLE_BITS).fill(PARTS / 2));
  readonly #seen = Array.from({ length: CONTEXTS }, () => new Uint8Array(2 ** TABLE_BITS));
  readonly #weights = new Float64Array(INPUTS * 2 ** (LETTER_BITS + 1)).fill(FIRST_WEIGHT);
  readonly #inputs = new Float64Array(INPUTS).fill(FIRST_WEIGHT);
  readonly #contexts = new Int32Array(CONTEXTS);
  readonly #places = new Int32Array(CONTEXTS);
  #unit = 0;
  #output = 0;
  /** The letters of the name so far, and of the one before. */
  #name: number[] = [];
  #before: readonly number[] = [];
  /** Whether the name has begun as the one before, which is then a lower limit for its next letter. */
  #isAlike = true;

  constructor() {
    this.#setContexts();
  }

  /**
   * The probability that the next bit is a one, from 1 to PARTS - 1.
   *
   * @param known 1, and behind it the letter's bits that are known
   */
  probability(known: number): number {
    this.#unit = INPUTS * (known + (this.#isAlike ? 2 ** LETTER_BITS : 0));
    let sum = 0;
    for (let i = 0; i < CONTEXTS; i++) {
      const place = Math.imul(this.#contexts[i]! + Math.imul(known, 0x9e3779b1), 0x2c1b3c6d) >>> (32 - TABLE_BITS);
      const [share, seen] = [this.#shares[i]![place]!, this.#seen[i]![place]!];
      this.#places[i] = place;
      this.#inputs[2 * i] = seen === 0 ? 0 : inverse[Math.floor((share / PARTS) * STEPS)]!;
      this.#inputs[2 * i + 1] = (4 * (share / PARTS - 0.5) * Math.min(seen, SURE)) / SURE;
    }
    for (let i = 0; i < INPUTS; i++) sum += this.#inputs[i]! * this.#weights[this.#unit + i]!;
    const step = Math.floor(((sum + LIMIT) / (2 * LIMIT)) * STEPS);
    this.#output = logistic[Math.max(0, Math.min(STEPS - 1, step))]!;
    return Math.max(1, Math.min(PARTS - 1, Math.round(this.#output * PARTS)));
  }

  /** Learns which bit it was that it has guessed. */
  learn(bit: number): void {
    const slope = (bit - this.#output) * LEARNING_RATE;
    for (let i = 0; i < INPUTS; i++) this.#weights[this.#unit + i]! += slope * this.#inputs[i]!;
    for (let i = 0; i < CONTEXTS; i++) {
      const [shares, counts, place] = [this.#shares[i]!, this.#seen[i]!, this.#places[i]!];
      const seen = counts[place]!;
      shares[place]! += Math.trunc((bit * (PARTS - 1) - shares[place]!) / (seen + 1.5));
      counts[place] = Math.min(seen + 1, LONGEST_MEMORY);
    }
  }

  /** Takes a letter as known; 0 ends the name. */
  take(letter: number): void {
    if (letter === 0) [this.#before, this.#name, this.#isAlike] = [this.#name, [], true];
    else {
      this.#isAlike &&= this.#before[this.#name.length] === letter;
      this.#name.push(letter);
    }
    this.#setContexts();
  }

  #setContexts(): void {
    const [d, c, b, a] = [4, 3, 2, 1].map((back) => this.#name.at(-back) ?? 0) as [number, number, number, number];
    const limit = this.#isAlike ? (this.#before[this.#name.length] ?? 0) : 27;
    const contexts = [
      [b, a],
      [c, b, a],
      [d, c, b, a],
      [limit, a],
      [limit, Math.min(this.#before.length, 15), this.#name.length],
    ];
    for (const [i, numbers] of contexts.entries()) {
      let hash = i;
      for (const number of numbers) hash = Math.imul(hash ^ (number + 1), 0x2545f491) ^ (hash >>> 15);
      this.#contexts[i] = hash;
    }
  }
}
