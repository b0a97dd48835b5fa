import type { Tensor } from "#tensor";
import { arrange, type Arrangement } from "../network/arrangement.ts";
import { batchFrom, forked, madeEqual, type Batches, type RandomBatch } from "../network/batch.ts";
import type { Line } from "../network/line.ts";
import type { Named } from "../network/named.ts";
import type { Network } from "../network/network.ts";
import type { Generator } from "../network/random.ts";
import { factorsOf, shapeIn, type Sizes } from "../network/shape.ts";
import type { SizeWords } from "../network/words.ts";

type Shapes = Network["parameters"];

/** What random batches are drawn from. */
export interface Drawn extends Pick<Network, "parameters"> {
  readonly lines: readonly Pick<Line, "output" | "inputs">[];
  readonly inputs?: Shapes;
  /** Index tensors: each entry is a whole number from 0 to the size `below` minus 1. */
  readonly indices?: Readonly<Record<string, { readonly shape: Shapes[string]; readonly below: string }>>;
  readonly sizes: Readonly<Record<string, SizeWords>>;
  /** The size that counts the examples of a batch. */
  readonly examples: string;
  /** How a tensor is drawn that should not be normal numbers: positive, or close to a border. */
  readonly draw?: Readonly<Record<string, (generator: Generator, shape: readonly number[]) => Tensor>>;
}

/** The smallest size that is drawn, the batch of two apart. */
const SMALLEST = 3;
/** The size of all tensors where all sizes are equal. */
const EQUAL = 7;
/** Sizes this far apart, as a ratio, are told apart by the factor that one of them is missing. */
const APART = 1.15;
const ATTEMPTS = 10_000;

type Draw = (generator: Generator) => Sizes;

/**
 * Random batches of normal numbers: one that is larger than the others in every size, two whose numbers have the same sign
 * along a row and a column, and a batch of two examples. In each, no two sizes are equal or next to each other.
 */
export function plainBatches(from: Drawn): Batches {
  const names = [...new Set(Object.keys(from.sizes).flatMap(factorsOf))];
  const most = SMALLEST + 4 * names.length;
  const some: Draw = (generator) => sizesBetween(generator, names, SMALLEST, most);
  const large: Draw = (generator) => sizesBetween(generator, names, most + 1, most + 1 + 6 * names.length);
  const pair: Draw = (generator) => ({
    ...sizesBetween(generator, names, SMALLEST + 1, most),
    [from.examples]: 2,
  });
  const flavours: readonly [Draw, Arrangement][] = [
    [large, { largest: "first" }],
    [some, { sign: -1 }],
    [some, { sign: 1 }],
    [pair, { largest: "last" }],
  ];
  const same = Object.fromEntries(names.map((name) => [name, EQUAL]));
  return {
    draw: (generator) => flavours.map(([draw, arrangement]) => batchOf(from, draw(generator), generator, arrangement)),
    plain: (generator) => batchOf(from, some(generator), generator),
    pair: (generator, pair) => {
      const sizes = madeEqual(some(generator), pair);
      return sizes && batchOf(from, sizes, generator);
    },
    // a transpose that is missing throws nothing here
    equal: [{ id: "square", equal: names, draw: (generator) => batchOf(from, same, generator) }],
  };
}

/** Sizes between two numbers, both included, no two of them equal or next to each other. */
function sizesBetween(generator: Generator, names: readonly string[], low: number, high: number): Sizes {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const drawn = names.map(() => generator.randint(low, high + 1, 1).item());
    const sorted = [...drawn].sort((a, b) => a - b);
    const areApart = sorted.every((size, i) => {
      const before = sorted[i - 1];
      return before === undefined || (size - before > 1 && size / before > APART);
    });
    if (areApart) return Object.fromEntries(names.map((name, i) => [name, drawn[i]!]));
  }
  throw new Error(`${names.length} sizes between ${low} and ${high} are never far enough apart`);
}

function batchOf(from: Drawn, sizes: Sizes, generator: Generator, arrangement?: Arrangement): RandomBatch {
  const indices = Object.fromEntries(
    Object.entries(from.indices ?? {}).map(([name, { shape, below }]) => [
      name,
      generator.randint(0, shapeIn([below], sizes)[0]!, ...shapeIn(shape, sizes)),
    ]),
  );
  const own = forked(generator);
  const start = (): Named<Tensor> => {
    const draw = (name: string, scale: number, extents: Shapes[string]): Tensor => {
      const shape = shapeIn(extents, sizes);
      const drawn = from.draw?.[name]?.(own, shape);
      return drawn ?? arrange(own.randn(...shape).mul(scale), arrangement, own);
    };
    const drawAll = (shapes: Shapes, scaleOf: (extents: Shapes[string]) => number): Named<Tensor> =>
      Object.fromEntries(
        Object.entries(shapes).map(([name, extents]) => [name, draw(name, scaleOf(extents), extents)]),
      );
    return {
      // the sum that a weight is part of stays near 1, so that no function of it is flat everywhere
      ...drawAll(from.parameters, (extents) =>
        extents.length < 2 ? 1 : 1 / Math.sqrt(shapeIn(extents.slice(0, 1), sizes)[0]!),
      ),
      ...drawAll(from.inputs ?? {}, () => 1),
    };
  };
  return batchFrom(from.lines as readonly Line[], { sizes, indices, start, arrangement });
}
