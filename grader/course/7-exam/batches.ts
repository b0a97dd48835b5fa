import type { Tensor } from "#tensor";
import { arrange, type Arrangement } from "../../network/arrangement.ts";
import { batchFrom, forked, madeEqual, type Batches, type EqualSizes, type RandomBatch } from "../../network/batch.ts";
import type { Line } from "../../network/line.ts";
import type { Indices, Named } from "../../network/named.ts";
import type { Generator } from "../../network/random.ts";
import { shapeIn, type Extent, type Sizes } from "../../network/shape.ts";
import type { Marks } from "../../network/words.ts";
import { drawOddAndEven, drawWithin, type Ranges } from "../drawn-sizes.ts";

/** What makes a batch hard in its own way. */
export type Flavor = "large" | "sharp" | "lifted" | "pair" | "plain";

/** What a layer draws its numbers with. */
export interface Drawing {
  readonly sizes: Sizes;
  readonly flavor: Flavor;
  readonly generator: Generator;
  /** Entries that the batch marks, by mark and extent. */
  readonly marks: Marks;
  /** Normal numbers for a tensor of the layer, times a scale, arranged as the batch requires. */
  readonly normal: (name: string, scale?: number) => Tensor;
}

/** How the batches of one layer are drawn. */
interface LayerBatches {
  readonly lines: readonly unknown[];
  /** The shapes of everything that is drawn. */
  readonly shapes: Readonly<Record<string, readonly Extent[]>>;
  /** The smallest and the largest of each size, the number of examples first; a large batch is larger than these. */
  readonly sizes: Ranges<string>;
  /** The large batch, where one of twice the largest sizes would take too long. */
  readonly large?: Sizes;
  readonly start: (drawing: Drawing) => Readonly<Named<Tensor>>;
  readonly indices?: (sizes: Sizes, generator: Generator, flavor: Flavor) => Indices;
  readonly marks?: (sizes: Sizes, generator: Generator) => Marks;
  readonly equal: readonly (Omit<EqualSizes, "draw"> & { readonly sizes: Sizes })[];
}

const flavors: readonly Flavor[] = ["large", "sharp", "lifted", "pair"];

/** One row and one column of one sign, or the largest number at an end: see Arrangement. */
const arrangements: Readonly<Record<Flavor, Arrangement | undefined>> = {
  large: { largest: "first" },
  sharp: { sign: -1 },
  lifted: { sign: 1 },
  pair: { largest: "last" },
  plain: undefined,
};

/** The batches of a layer: a large one, two of ordinary sizes, each difficult in the layer's own way, and a batch of two. */
export function batchesOf(layer: LayerBatches): Batches {
  const make = (generator: Generator, flavor: Flavor, sizes = drawSizes(layer, generator, flavor)): RandomBatch => {
    const indices = layer.indices?.(sizes, generator, flavor) ?? {};
    const marks = layer.marks?.(sizes, generator) ?? {};
    const own = forked(generator);
    const arrangement = arrangements[flavor];
    const normal = (name: string, scale = 1): Tensor =>
      arrange(own.randn(...shapeIn(layer.shapes[name]!, sizes)).mul(scale), arrangement, own);
    const start = (): Readonly<Named<Tensor>> => layer.start({ sizes, flavor, generator: own, marks, normal });
    return batchFrom(layer.lines as readonly Line[], { sizes, indices, start, marks, arrangement });
  };
  return {
    draw: (generator) => {
      const [some, others] = drawOddAndEven(layer.sizes, generator, areApart);
      const drawn: Partial<Record<Flavor, Sizes>> = { sharp: some, lifted: others };
      return flavors.map((flavor) => make(generator, flavor, drawn[flavor]));
    },
    plain: (generator) => make(generator, "plain"),
    pair: (generator, pair) => {
      const sizes = madeEqual(drawSizes(layer, generator, "plain"), pair);
      return sizes && make(generator, "plain", sizes);
    },
    equal: layer.equal.map(({ sizes, ...equal }) => ({
      ...equal,
      draw: (generator) => make(generator, "plain", sizes),
    })),
  };
}

/** Sizes that tell mistakes apart. */
function drawSizes(layer: LayerBatches, generator: Generator, flavor: Flavor): Sizes {
  if (flavor === "large" && layer.large) return layer.large;
  for (;;) {
    const sizes = drawnSizes(layer, generator, flavor);
    if (areApart(sizes)) return sizes;
  }
}

/** No two sizes are equal or next to each other, and no ratio is near 1. */
function areApart(sizes: Sizes): boolean {
  const all = Object.values(sizes).sort((a, b) => a - b);
  return all.every((size, i) => i === 0 || (size - all[i - 1]! > 1 && size / all[i - 1]! > 1.15));
}

/** Sizes within their ranges, as a flavor requires. */
function drawnSizes({ sizes }: LayerBatches, generator: Generator, flavor: Flavor): Sizes {
  const [examples] = Object.keys(sizes);
  if (flavor === "large") return drawWithin(beyond(sizes), generator);
  return drawWithin(flavor === "pair" ? { ...sizes, [examples!]: [2, 2] } : sizes, generator);
}

/** Ranges above the usual ones. */
function beyond(sizes: LayerBatches["sizes"]): LayerBatches["sizes"] {
  return Object.fromEntries(Object.entries(sizes).map(([name, [, high]]) => [name, [high + 1, 2 * high]]));
}
