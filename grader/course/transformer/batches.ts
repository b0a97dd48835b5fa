import { tensor, type Tensor } from "#tensor";
import { arrange, type Arrangement } from "../../network/arrangement.ts";
import { batchFrom, forked, type Batches, type RandomBatch } from "../../network/batch.ts";
import type { Generator } from "../../network/random.ts";
import type { Indices } from "../../network/named.ts";
import { shapeIn, type Sizes } from "../../network/shape.ts";
import { laterThan, lines, parameterShapes, type ParameterName, type Parameters } from "./lines.ts";
import { eachParameter } from "./parameters.ts";
import { drawLargeSizes, drawSizes, type DrawnSizes } from "./sizes.ts";

/** What makes a batch hard in its own way. */
interface Flavor {
  readonly sizes: (generator: Generator) => DrawnSizes;
  /** How widely queries and logits are spread: at 2, many probabilities are tiny. */
  readonly sharpness: number;
  /** Added to all logits: where the maximum is not subtracted first, exp overflows, or all counts are 0. */
  readonly lift: number;
  readonly arrangement?: Arrangement;
}

/** A batch of two: a mean over it is hardly one. */
const pairs = (generator: Generator): DrawnSizes => ({ ...drawSizes(generator), batch: 2 });

const flavors: readonly Flavor[] = [
  { sizes: drawLargeSizes, sharpness: 0.5, lift: 0, arrangement: { largest: "first" } },
  { sizes: drawSizes, sharpness: 2, lift: 0, arrangement: { sign: -1 } },
  { sizes: drawSizes, sharpness: 1, lift: 100, arrangement: { sign: 1 } },
  { sizes: pairs, sharpness: 1, lift: -130, arrangement: { largest: "last" } },
];

/** The mark of the place where the first layer norm's input hardly varies, so that its variance is as small as epsilon. */
export const QUIET = "quiet";

/** One batch of a flavor. */
function makeBatch(generator: Generator, flavor: Flavor): RandomBatch {
  const sizes = flavor.sizes(generator);
  const { batch, time, vocab } = sizes;
  // fewer characters than places, and than there are: some repeat, and some do not occur
  const different = Math.floor(Math.min(vocab, batch * time) / 2);
  const [flat, ...others] = generator.randperm(vocab).slice(0, different) as [number, ...number[]];
  const quiet = { batch: draw(generator, batch), time: draw(generator, time) };
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
    start: () => drawParameters(parameters, sizes, { flat, time: quiet.time }, flavor),
    marks: { [QUIET]: quiet },
    arrangement: flavor.arrangement,
  });
}

function draw(generator: Generator, extent: number): number {
  return generator.randint(0, extent, 1).item();
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

/** All parameters; the character `flat` is embedded so that, at one time, what is added up is nearly the same throughout. */
export function drawParameters(
  generator: Generator,
  sizes: DrawnSizes,
  { flat, time }: { flat: number; time: number },
  { sharpness, lift, arrangement }: Pick<Flavor, "sharpness" | "lift" | "arrangement">,
): Parameters {
  const normal = (name: ParameterName): Tensor => {
    const scale = spreadOf(name.replace(/_\d$/, ""), sizes, sharpness);
    return arrange(generator.randn(...shapeIn(parameterShapes[name], sizes)).mul(scale), arrangement, generator);
  };
  const drawn = eachParameter(normal);
  const parameters = { ...drawn, bl: drawn.bl.add(lift) };
  for (let i = 0; i < sizes.embd; i++) {
    parameters.C.set(flat, i, parameters.C.get(flat, i) * 1e-3 - parameters.P.get(time, i));
  }
  return parameters;
}

function withSizes(sizes: DrawnSizes): Flavor {
  return { sharpness: 0.5, lift: 0, sizes: () => sizes };
}

/** A step is asked about each of these; the last one is a batch of two. */
export const batches: Batches = {
  draw: (generator) => flavors.map((flavor) => makeBatch(generator, flavor)),
  plain: (generator) => makeBatch(generator, { sharpness: 0.5, lift: 0, sizes: drawSizes }),
  equal: [
    // nothing throws here if a transpose is forgotten
    {
      id: "square",
      equal: ["time", "embd", "hidden", "vocab"],
      draw: (generator) =>
        makeBatch(generator, withSizes({ batch: 3, time: 8, embd: 8, heads: 4, head: 2, hidden: 8, vocab: 8 })),
    },
    // nor if a sum runs over one of these instead of the other
    {
      id: "even",
      equal: ["batch", "time"],
      forAll: true,
      draw: (generator) =>
        makeBatch(generator, withSizes({ batch: 5, time: 5, embd: 12, heads: 4, head: 3, hidden: 16, vocab: 14 })),
    },
  ],
  tables: { rows: "time", columns: "embd" },
};

/** Parameters of a kind of start, and batches for them, each with another number of sequences. */
export function drawStartBatch(
  generator: Generator,
  i: number,
): { sizes: Sizes; parameters: Parameters; nextBatch: () => Indices } {
  const flavor = flavors[(i + 1) % flavors.length]!;
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
