/**
 * Guesses the symbols of a sequence, bit by bit. A guess is a logistic unit: its inputs are what followed in several contexts
 * so far, and its weights are trained by gradient descent with each bit. All of it is additions, multiplications, divisions
 * and tables, which are the same on every machine, as whoever packs and whoever unpacks must guess alike.
 */

/** What the next symbol of a sequence depends on. */
export interface Model {
  /** A symbol in bits. */
  readonly bits: number;
  /** How many of them are looked up at once, in places that are next to each other: a divisor of bits. */
  readonly group: number;
  readonly contexts: number;
  /** How many kinds of places there are: the unit has weights of its own for each. */
  readonly kinds: number;
  /**
   * Looks at the place of the next symbol.
   *
   * @param hashes is given a number for each context; the same number is the same context
   * @returns the kind of the place
   */
  look(hashes: Int32Array): number;
  /** Takes the symbol as known. */
  take(symbol: number): void;
}

/** Probabilities are in this many parts. */
export const PARTS = 65_536;

/** How many groups of places each context has. */
const TABLE_BITS = 16;
/** A group is of one number only: these bits of it, next to those that are the group's place, tell it from another one. */
const CHECK_BITS = 8;
/** How many bits a place has seen at most: from then on, its share of ones changes at the same rate. */
const LONGEST_MEMORY = 40;
/** Next to a share, as many bits say how many were seen. */
const SEEN_BITS = 8;
const SEEN = 2 ** SEEN_BITS - 1;
/** How often a place must have been seen to be sure. */
const SURE = 30;
const LEARNING_RATE = 0.015;
const FIRST_WEIGHT = 0.2;

/** The logistic function from -LIMIT to LIMIT, in equal steps, and its inverse for each part of 4096. */
const LIMIT = 12;
const STEPS = 4096;
const logistic = Float64Array.from({ length: STEPS }, (_, i) => 1 / (1 + exp(LIMIT - (2 * LIMIT * (i + 0.5)) / STEPS)));
const inverse = inverseOf(logistic);
/** By how many bits a place has seen: the part of the way that its share goes with the next one. */
const rates = Float64Array.from({ length: LONGEST_MEMORY + 1 }, (_, seen) => 1 / (seen + 1.5));
/** What a share less a half is multiplied by, to be an input. */
const sureness = rates.map((_, seen) => (4 * Math.min(seen, SURE)) / SURE / PARTS);

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

/** The number of a context that another number belongs to as well. */
export function mixed(hash: number, number: number): number {
  return Math.imul(hash ^ (number + 1), 0x2545f491) ^ (hash >>> 15);
}

export class Guess {
  readonly #model: Model;
  /**
   * By place: by how much the share of ones is above a half, in PARTS, and how many bits were seen, as one number: what is
   * looked up together is together in memory. The first place of a group, which has no bits, has its check.
   */
  readonly #places: Int32Array;
  /** By kind of place and what is known of the symbol: a weight for each context, and one for a constant. */
  readonly #weights: Float64Array;
  readonly #inputs: Float64Array;
  readonly #hashes: Int32Array;
  /** Where the places of each context begin. */
  readonly #starts: Int32Array;
  #firstUnit: number;
  /** 1, and behind it the symbol's bits that are known: all of them, and those since the starts were looked up. */
  #known = 1;
  #since = 1;
  /** How many bits are not known. */
  #left: number;
  #unit = 0;
  #output = 0;

  constructor(model: Model) {
    const { bits, group, contexts, kinds } = model;
    this.#model = model;
    this.#places = new Int32Array(contexts << (TABLE_BITS + group));
    this.#weights = new Float64Array((2 * contexts + 1) * kinds * 2 ** bits).fill(FIRST_WEIGHT);
    this.#inputs = new Float64Array(2 * contexts + 1).fill(FIRST_WEIGHT);
    this.#hashes = new Int32Array(contexts);
    this.#starts = new Int32Array(contexts);
    this.#left = bits;
    this.#firstUnit = model.look(this.#hashes) << bits;
    this.#findStarts();
  }

  /** The probability that the next bit is a one, from 1 to PARTS - 1. */
  probability(): number {
    // a field costs more than a constant, and this is done for each bit
    const places = this.#places;
    const weights = this.#weights;
    const inputs = this.#inputs;
    const starts = this.#starts;
    const since = this.#since;
    const unit = inputs.length * (this.#firstUnit + this.#known);
    let sum = FIRST_WEIGHT * weights[unit + inputs.length - 1]!;
    for (let i = 0; i < starts.length; i++) {
      const place = places[starts[i]! + since]!;
      const above = place >> SEEN_BITS;
      const times = place & SEEN;
      const input = times === 0 ? 0 : inverse[(above + PARTS / 2) >> 4]!;
      const sure = above * sureness[times]!;
      inputs[2 * i] = input;
      inputs[2 * i + 1] = sure;
      sum += input * weights[unit + 2 * i]! + sure * weights[unit + 2 * i + 1]!;
    }
    const step = Math.floor(((sum + LIMIT) / (2 * LIMIT)) * STEPS);
    this.#unit = unit;
    this.#output = logistic[Math.max(0, Math.min(STEPS - 1, step))]!;
    return Math.max(1, Math.min(PARTS - 1, Math.round(this.#output * PARTS)));
  }

  /** Learns which bit it was whose probability was asked for. */
  learn(bit: number): void {
    const places = this.#places;
    const weights = this.#weights;
    const inputs = this.#inputs;
    const starts = this.#starts;
    const since = this.#since;
    const unit = this.#unit;
    const slope = (bit - this.#output) * LEARNING_RATE;
    for (let i = 0; i < inputs.length; i++) weights[unit + i]! += slope * inputs[i]!;
    const goal = bit * (PARTS - 1) - PARTS / 2;
    for (let i = 0; i < starts.length; i++) {
      const at = starts[i]! + since;
      const place = places[at]!;
      const above = place >> SEEN_BITS;
      const times = place & SEEN;
      const next = above + Math.trunc((goal - above) * rates[times]!);
      places[at] = (next << SEEN_BITS) | (times < LONGEST_MEMORY ? times + 1 : times);
    }
    this.#known = 2 * this.#known + bit;
    this.#since = 2 * this.#since + bit;
    this.#left -= 1;
    if (this.#left === 0) this.#take();
    if (this.#left % this.#model.group === 0) this.#findStarts();
  }

  /** The symbol is known. */
  #take(): void {
    const { bits } = this.#model;
    this.#model.take(this.#known - 2 ** bits);
    this.#firstUnit = this.#model.look(this.#hashes) << bits;
    this.#known = 1;
    this.#left = bits;
  }

  #findStarts(): void {
    const hashes = this.#hashes;
    const starts = this.#starts;
    const known = Math.imul(this.#known, 0x9e3779b1);
    const { group } = this.#model;
    const places = this.#places;
    for (let i = 0; i < hashes.length; i++) {
      const number = Math.imul(hashes[i]! + known, 0x2c1b3c6d);
      const at = (i << TABLE_BITS) + (number >>> (32 - TABLE_BITS));
      const check = (number << TABLE_BITS) >>> (32 - CHECK_BITS);
      const start = at << group;
      if (places[start] !== check) {
        // it is of another number from now on
        places.fill(0, start, start + (1 << group));
        places[start] = check;
      }
      starts[i] = start;
    }
    this.#since = 1;
  }
}
