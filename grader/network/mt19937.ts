const N = 624;
const M = 397;

/** The Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998): 32-bit draws from a state of 624 words. */
export class MersenneTwister {
  readonly #state: Uint32Array;
  #position = N;

  /** @param state 624 words; see seeded() and seededByArray() */
  constructor(state: Uint32Array) {
    this.#state = state;
  }

  /** init_genrand: what PyTorch's manual_seed does with a seed. */
  static seeded(seed: number): MersenneTwister {
    return new MersenneTwister(initialState(seed));
  }

  /** init_by_array: what CPython's random.seed does with the 32-bit words of a whole number. */
  static seededByArray(key: readonly number[]): MersenneTwister {
    const state = STATE_FOR_ARRAYS.slice();
    let i = 1;
    let j = 0;
    let last = state[0]!;
    for (let k = Math.max(N, key.length); k > 0; k--) {
      last = ((state[i]! ^ Math.imul(last ^ (last >>> 30), 1664525)) + key[j]! + j) >>> 0;
      state[i] = last;
      i = i + 1 < N ? i + 1 : 1;
      j = j + 1 < key.length ? j + 1 : 0;
    }
    for (let k = N - 1; k > 0; k--) {
      last = ((state[i]! ^ Math.imul(last ^ (last >>> 30), 1566083941)) - i) >>> 0;
      state[i] = last;
      i = i + 1 < N ? i + 1 : 1;
    }
    state[0] = 0x80000000;
    return new MersenneTwister(state);
  }

  /** The next 32-bit draw, 0 to 2^32 - 1. */
  draw(): number {
    if (this.#position === N) this.#refill();
    let y = this.#state[this.#position++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < N; i++) {
      const next = i + 1 === N ? 0 : i + 1;
      const far = i + M < N ? i + M : i + M - N;
      const y = (state[i]! & 0x80000000) | (state[next]! & 0x7fffffff);
      state[i] = state[far]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#position = 0;
  }
}

function initialState(seed: number): Uint32Array {
  const state = new Uint32Array(N);
  state[0] = seed;
  for (let j = 1; j < N; j++) state[j] = Math.imul(1812433253, state[j - 1]! ^ (state[j - 1]! >>> 30)) + j;
  return state;
}

const STATE_FOR_ARRAYS = initialState(19650218);
