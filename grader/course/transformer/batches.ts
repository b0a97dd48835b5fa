import { tensor, type Tensor } from "#tensor";
import { arrange, type Arrangement } from "../../network/arrangement.ts";
import { batchFrom, forked, madeEqual, type Batches, type RandomBatch } from "../../network/batch.ts";
import type { Generator } from "../../network/random.ts";
import type { Indices } from "../../network/named.ts";
import { shapeIn, type Sizes } from "../../network/shape.ts";
import { lines, parameterShapes, type ParameterName, type Parameters } from "./lines.ts";
import { eachParameter } from "./parameters.ts";
import { draw, drawInside } from "../drawn-sizes.ts";
import { laterThan } from "../elements.ts";
import { drawLargeSizes, drawOddAndEven, drawSizes, type DrawnSizes } from "./sizes.ts";

/** What makes a batch hard in its own way. */
interface Flavor {
  /** How widely queries and logits are spread: at 2, many probabilities are tiny. */
  readonly sharpness: number;
  /** Added to all logits: where the maximum is not subtracted first, exp overflows, or all counts are 0. */
  readonly lift: number;
  /** What all is scaled by that is added up from block to block: below 1, each place's inverse root is above 1. */
  readonly volume: number;
  readonly arrangement?: Arrangement;
}

const large: Flavor = { sharpness: 0.5, lift: 0, volume: 1, arrangement: { largest: "first" } };
const sharp: Flavor = { sharpness: 2, lift: 0, volume: 1, arrangement: { sign: -1 } };
const lifted: Flavor = { sharpness: 1, lift: 100, volume: 0.3, arrangement: { sign: 1 } };
const pair: Flavor = { sharpness: 1, lift: -130, volume: 1, arrangement: { largest: "last" } };
const plain: Flavor = { sharpness: 0.5, lift: 0, volume: 1 };
/** Kinds of a start of training. */
const kinds = [sharp, lifted, pair, large];

/** What is added to the logits of the last character. */
const LIKELY = 3;

/** The mark of the place where the first layer norm's input hardly varies, so that its variance is as small as epsilon. */
export const QUIET = "quiet";

/** One batch of a flavor. */
function makeBatch(generator: Generator, flavor: Flavor, sizes: DrawnSizes): RandomBatch {
  const { batch, time, vocab } = sizes;
  // fewer characters than places, and than there are: some repeat, and some do not occur
  const different = Math.floor(Math.min(vocab, batch * time) / 2);
  const [flat, ...others] = generator.randperm(vocab).slice(0, different) as [number, ...number[]];
  const quiet = { batch: drawInside(generator, batch), time: drawInside(generator, time) };
  const read = generator.randint(0, others.length, batch, time).toArray();
  const Xb = tensor(
    Int32Array.from(read, (i) => others[i]!),
    [batch, time],
    "int32",
  ).set(quiet.batch, quiet.time, flat);
  const Yb = generator.randint(0, vocab, batch, time);
  const parameters = forked(generator);
  return batchFrom(lines, {
    sizes,
    indices: { Xb, Yb, later: laterThan(time) },
    start: () => {
      const drawn = drawParameters(parameters, sizes, { flat, time: quiet.time }, flavor);
      // likely enough somewhere that a loop which misses the last character shows
      drawn.bl.set(-1, flavor.lift + LIKELY);
      return drawn;
    },
    marks: { [QUIET]: quiet },
    arrangement: flavor.arrangement,
  });
}

/** How widely a parameter is drawn, by its name without the block's number. */
function spreadOf(kind: string, { embd, hidden }: DrawnSizes, sharpness: number): number {
  const perChannel = 1 / Math.sqrt(embd);
  if (kind === "C" || kind.startsWith("gain")) return 1;
  if (kind === "P" || kind.startsWith("bias")) return 0.5;
  if (kind === "Wq" || kind === "Wl") return 2 * sharpness * perChannel;
  if (kind === "W2") return 1 / Math.sqrt(hidden);
  if (kind === "b1" || kind === "b2") return 0.3;
  return kind === "bl" ? 0.1 : perChannel;
}

/** The parameters of what is added up from block to block. */
const ADDED = new Set(["C", "P", "Wo", "W2", "b2"]);

/** All parameters; the character `flat` is embedded so that, at one time, what is added up is nearly the same throughout. */
export function drawParameters(
  generator: Generator,
  sizes: DrawnSizes,
  { flat, time }: { flat: number; time: number },
  { sharpness, lift, volume, arrangement }: Flavor,
): Parameters {
  const normal = (name: ParameterName): Tensor => {
    const kind = name.replace(/_\d$/, "");
    const scale = spreadOf(kind, sizes, sharpness) * (ADDED.has(kind) ? volume : 1);
    return arrange(generator.randn(...shapeIn(parameterShapes[name], sizes)).mul(scale), arrangement, generator);
  };
  const drawn = eachParameter(normal);
  const parameters = { ...drawn, bl: drawn.bl.add(lift) };
  for (let i = 0; i < sizes.embd; i++) {
    parameters.C.set(flat, i, parameters.C.get(flat, i) * 1e-3 - parameters.P.get(time, i));
  }
  return parameters;
}

/** A step is asked about each of these; the last one is a batch of two. */
export const batches: Batches = {
  draw: (generator) => {
    const [some, others] = drawOddAndEven(generator);
    return [
      makeBatch(generator, large, drawLargeSizes(generator)),
      makeBatch(generator, sharp, some),
      makeBatch(generator, lifted, others),
      // a mean over a batch of two is hardly one
      makeBatch(generator, pair, { ...drawSizes(generator), batch: 2 }),
    ];
  },
  plain: (generator) => makeBatch(generator, plain, drawSizes(generator)),
  equal: [
    // nothing throws here if a transpose is forgotten
    {
      id: "square",
      // embd last, which depends on the width of a head: of two sizes, the first is changed
      equal: ["time", "hidden", "vocab", "embd"],
      draw: (generator) =>
        makeBatch(generator, plain, { batch: 3, time: 8, embd: 8, heads: 4, head: 2, hidden: 8, vocab: 8 }),
    },
    // nor if a sum runs over one of these instead of the other
    {
      id: "even",
      equal: ["batch", "time"],
      forAll: true,
      draw: (generator) =>
        makeBatch(generator, plain, { batch: 5, time: 5, embd: 12, heads: 4, head: 3, hidden: 16, vocab: 14 }),
    },
  ],
  pair: (generator, pair) => {
    const sizes = madeEqual(drawSizes(generator), pair);
    return sizes && makeBatch(generator, plain, sizes);
  },
  // embd is never odd
  tables: { rows: "time", columns: "hidden" },
};

/** Parameters of a kind of start, and batches for them, each with another number of sequences. */
export function drawStartBatch(
  generator: Generator,
  i: number,
): { sizes: Sizes; parameters: Parameters; nextBatch: () => Indices } {
  const flavor = kinds[i % kinds.length]!;
  const all = drawSizes(generator);
  const { time: length, embd, head, hidden, vocab } = all;
  const sizes = { time: length, embd, head, hidden, vocab };
  const flat = draw(generator, sizes.vocab);
  const time = draw(generator, sizes.time);
  const parameters = drawParameters(generator, all, { flat, time }, { ...flavor, lift: 0 });
  return {
    sizes,
    parameters,
    nextBatch: () => {
      const size = 2 + draw(generator, 4);
      const Xb = generator.randint(0, sizes.vocab, size, sizes.time).set(0, time, flat);
      return { Xb, Yb: generator.randint(0, sizes.vocab, size, sizes.time), later: laterThan(sizes.time) };
    },
  };
}
