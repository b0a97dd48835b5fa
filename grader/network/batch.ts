import type { Tensor } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import type { Arrangement } from "./arrangement.ts";
import { forward } from "./backward.ts";
import type { Indices, Named } from "./named.ts";
import type { Line } from "./line.ts";
import { once } from "./once.ts";
import { Generator } from "./random.ts";
import { factorsOf, sizeOf, type Extent, type Sizes } from "./shape.ts";
import type { Marks } from "./words.ts";

/** A random forward pass that cases are made from: the same one can serve every step. */
export interface RandomBatch {
  readonly sizes: Sizes;
  /** Its index tensors. */
  readonly indices: Indices;
  /** A forward value by name, float32, rounded once; drawn and computed when first needed. */
  readonly value: (name: string) => Tensor;
  /** Entries that are drawn to be hard: which neuron barely varies, which one saturates. */
  readonly marks?: Marks;
  /** How numbers are arranged that are drawn for a step alone, such as upstream gradients. */
  readonly arrangement?: Arrangement | undefined;
}

/** Two sizes, or products of sizes. */
export type Pair = readonly [Extent, Extent];

/** Batches in which sizes that mistakes confuse are equal, so that nothing throws. */
export interface EqualSizes {
  readonly id: string;
  readonly equal: readonly Extent[];
  /** Whether only steps that have all of these extents are asked it. */
  readonly forAll?: true;
  readonly draw: (generator: Generator) => RandomBatch;
}

/** Sizes with the first of two extents changed to equal the second; undefined if it is no size by itself. */
export function madeEqual<S extends Sizes>(sizes: S, [a, b]: Pair): S | undefined {
  return a in sizes && !factorsOf(b).includes(String(a)) ? { ...sizes, [a]: sizeOf(b, sizes) } : undefined;
}

/** How a network's random batches are drawn. */
export interface Batches {
  /**
   * The batches of a seed, each hard in its own way. A table in the tests says what each of them guarantees, whatever the
   * seed.
   */
  readonly draw: (generator: Generator) => readonly RandomBatch[];
  /** A small batch with nothing hard about it. */
  readonly plain: (generator: Generator) => RandomBatch;
  readonly equal: readonly EqualSizes[];
  /**
   * A small batch in which two of these sizes are equal and the others differ, which shows which of them a wrong answer
   * confuses; undefined if there is none.
   */
  readonly pair?: (generator: Generator, pair: Pair) => RandomBatch | undefined;
  /** Which of a batch's sizes is used for each size that only steps with tables of their own have. */
  readonly tables?: Readonly<Record<string, string>>;
}

/** A batch from a forward pass, whose values are computed when first needed; what it starts from needs no line. */
export function batchFrom(
  lines: readonly Line[],
  { start, ...batch }: Omit<RandomBatch, "value"> & { start: () => Readonly<Named<Tensor>> },
): RandomBatch {
  const begin = once(() => Object.fromEntries(Object.entries(start()).map(([name, x]) => [name, Measured.from(x)])));
  const values = once(() => forward<Measured>(lines, begin(), batch.indices));
  return { ...batch, value: roundedOnce((name) => begin()[name] ?? values()[name]!) };
}

/** Values as float32 tensors, the same one each time. */
export function roundedOnce(value: (name: string) => Measured): (name: string) => Tensor {
  const rounded = new Map<string, Tensor>();
  return (name) => {
    const known = rounded.get(name) ?? value(name).toTensor();
    rounded.set(name, known);
    return known;
  };
}

/** A generator whose numbers do not depend on how many are later drawn from the other. */
export function forked(generator: Generator): Generator {
  return new Generator(generator.randint(0, 2 ** 31 - 1, 1).item());
}
