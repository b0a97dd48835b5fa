import { SIZE } from "./memory.ts";

/**
 * Places in the kernels' memory. Nobody frees tensors: memory is allocated in chunks, each tensor holds its chunk's
 * token, and once the garbage collector has taken the token, the chunk is free again.
 *
 * In a training loop, that takes some 120 steps, and each of them writes to memory that has left the cache by then. What
 * inStep runs uses the memory of the step before the last again, whoever holds tensors in it: storage.ts rescues those
 * that are read in time, and for the others says that they are lost.
 */

/** A piece of the memory. */
export interface Place {
  /** In bytes. */
  readonly address: number;
  /** Its chunk, which is not allocated again while something holds this. */
  readonly token: object;
  /** The step of inStep that has it; 0 outside of any. */
  readonly step: number;
}

/** A chunk that is being allocated: what is left of it. */
interface Chunk {
  address: number;
  readonly end: number;
  readonly token: object;
}

const MB = 2 ** 20;
const CHUNK = 4 * MB;

/** Whether each chunk is in use; the first one holds the kernels' own constants. */
const taken = new Uint8Array(SIZE / CHUNK).fill(1, 0, 1);
let chunksInUse = 1;
const registry = new FinalizationRegistry(([first, count]: [number, number]) => {
  taken.fill(0, first, first + count);
  chunksInUse -= count;
});

/** Small tensors have chunks of their own: those that are kept, such as a list of losses, keep no large ones from being freed. */
const SMALL = 4096;
let small: Chunk = { address: 0, end: 0, token: {} };
let large = small;

/** A place for so many elements of four bytes; undefined if there is no room. Call only with kernels loaded. */
export function place(elements: number): Place | undefined {
  return (step > 0 && placeInStep((4 * elements + 15) & ~15)) || lastingPlace(elements);
}

/** One that outlasts the step that is running. */
export function lastingPlace(elements: number): Place | undefined {
  const size = (4 * elements + 15) & ~15;
  const isSmall = size <= SMALL;
  let chunk = isSmall ? small : large;
  if (chunk.address + size > chunk.end) {
    const next = nextChunk(size);
    if (!next) return undefined;
    chunk = next;
    if (isSmall) small = next;
    else large = next;
  }
  const { address, token } = chunk;
  chunk.address += size;
  return { address, token, step: 0 };
}

/** How much of the memory is in use, from 0 to 1, as far as the garbage collector has said. Calls nothing that code can change. */
export function partInUse(): number {
  return (chunksInUse * CHUNK) / SIZE;
}

/** Gives back the place of so many elements at an address, if it is the last one that was taken. */
export function giveBack(address: number, elements: number): void {
  const size = (4 * elements + 15) & ~15;
  for (const chunk of [small, large, ring[current]]) if (chunk?.address === address + size) chunk.address = address;
}

/** A chunk that is free, or several together where one is too small. */
function nextChunk(size: number): Chunk | undefined {
  const count = Math.max(1, Math.ceil(size / CHUNK));
  let first = taken.indexOf(0);
  while (first >= 0 && taken.subarray(first, first + count).includes(1)) first = taken.indexOf(0, first + 1);
  if (first < 0 || first + count > taken.length) return undefined;
  taken.fill(1, first, first + count);
  chunksInUse += count;
  // as large as its chunks, so that the collector knows what it would free; its own memory is never touched
  const options = { maxByteLength: count * CHUNK };
  const token = new (ArrayBuffer as unknown as new (size: number, options: object) => object)(count * CHUNK, options);
  registry.register(token, [first, count]);
  return { address: first * CHUNK, end: (first + count) * CHUNK, token };
}

// ---- steps

/** A chunk of the memory that steps use in turns. */
interface RingChunk extends Chunk {
  readonly start: number;
  /** The first and the last step that have places in it now. */
  first: number;
  last: number;
}

const RING_CHUNK = MB;
/** How many there may be: half of the memory. */
const MOST = SIZE / 2 / RING_CHUNK;
const ring: RingChunk[] = [];
let current = 0;

/** The step that inStep runs, counted from 1; 0 outside of any. */
export let step = 0;
let steps = 0;
let hasLost = false;

/**
 * Runs one step of a training loop. The memory of what it allocates is used again from the step after the next on. Until
 * then it can be read: by the next step, which takes it over, and between steps, which keeps it for good. A tensor from
 * before the loop that steps transpose and change in place is then in their memory too: it has to be read after the last.
 */
export function inStep<R>(compute: () => R): R {
  step = ++steps;
  try {
    return compute();
  } finally {
    step = 0;
  }
}

/** Whether a tensor has been read whose memory another step had used again. */
export function hasLostTensors(): boolean {
  return hasLost;
}

/** @throws Error if the memory at a place has been used again */
export function checkPlace({ token, step: made }: Place): void {
  if ((token as RingChunk).first <= made) return;
  hasLost = true;
  throw new Error("used again");
}

function placeInStep(size: number): Place | undefined {
  let chunk = ring[current];
  if (!chunk || chunk.address + size > chunk.end) {
    if (size > RING_CHUNK) return undefined;
    chunk = nextInRing();
    if (!chunk) return undefined;
  }
  const { address } = chunk;
  chunk.address += size;
  chunk.last = step;
  return { address, token: chunk, step };
}

/** The next chunk of the ring, if the step before this one has nothing in it, or else a new one. */
function nextInRing(): RingChunk | undefined {
  current = current + 1 < ring.length ? current + 1 : 0;
  const next = ring[current];
  if (!next || next.last >= step - 1) {
    const more = ring.length < MOST ? nextChunk(CHUNK) : undefined;
    if (!more) return undefined;
    for (let start = more.address; start < more.end; start += RING_CHUNK) {
      const end = start + RING_CHUNK;
      ring.splice(current, 0, { start, address: start, end, token: more.token, first: step, last: -1 });
    }
  }
  const chunk = ring[current]!;
  chunk.address = chunk.start;
  chunk.first = step;
  return chunk;
}
