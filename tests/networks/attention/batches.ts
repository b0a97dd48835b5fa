import { tensor, type Tensor } from "#tensor";
import { arrange, type Arrangement } from "../../../grader/network/arrangement.ts";
import type { Named } from "../../../grader/network/named.ts";
import { batchFrom, forked, type Batches, type RandomBatch } from "../../../grader/network/batch.ts";
import type { Line } from "../../../grader/network/line.ts";
import type { Generator } from "../../../grader/network/random.ts";
import { shapeIn } from "../../../grader/network/shape.ts";
import { laterThan, lines, parameterShapes, type AttentionSizes, type ParameterName } from "./lines.ts";
import { drawLargeSizes, drawSizes } from "./sizes.ts";

/** What makes a batch hard in its own way. */
interface Flavour {
  readonly sizes: (generator: Generator) => AttentionSizes;
  /** How widely logits and scores are spread: at 2, many probabilities are tiny. */
  readonly sharpness: number;
  /** Added to all logits: where the maximum is not subtracted first, exp overflows, or all counts are 0. */
  readonly lift: number;
  readonly arrangement?: Arrangement;
}

/** A batch of two: a mean over it is hardly one. */
const pairs = (generator: Generator): AttentionSizes => ({ ...drawSizes(generator), batch: 2 });

const flavours: readonly Flavour[] = [
  { sizes: drawLargeSizes, sharpness: 0.5, lift: 0, arrangement: { largest: "first" } },
  { sizes: drawSizes, sharpness: 2, lift: 0, arrangement: { sign: -1 } },
  { sizes: drawSizes, sharpness: 1, lift: 100, arrangement: { sign: 1 } },
  { sizes: pairs, sharpness: 1, lift: -130, arrangement: { largest: "last" } },
];

/** The mark of the place where the layer norm's input hardly varies, so that its variance is as small as epsilon. */
export const QUIET = "quiet";

/** One batch of a flavour. */
function makeBatch(generator: Generator, flavour: Flavour): RandomBatch {
  const sizes = flavour.sizes(generator);
  const { batch, time, vocab } = sizes;
  // fewer characters than places, and than there are: some repeat, and some do not occur
  const different = Math.floor(Math.min(vocab, batch * time) / 2);
  const [flat, ...others] = generator.randperm(vocab).slice(0, different) as [number, ...number[]];
  const quiet = { batch: draw(generator, batch), time: draw(generator, time) };
  const Xb = tensor(
    generator
      .randint(0, others.length, batch, time)
      .toArray()
      .map((i) => others[i]!),
    [batch, time],
    "int32",
  ).set(quiet.batch, quiet.time, flat);
  const Yb = generator.randint(0, vocab, batch, time);
  const parameters = forked(generator);
  return batchFrom(lines as readonly Line[], {
    sizes,
    indices: { Xb, Yb, later: laterThan(time) },
    start: () => drawParameters(parameters, sizes, { flat, time: quiet.time }, flavour),
    marks: { [QUIET]: quiet },
    arrangement: flavour.arrangement,
  });
}

function draw(generator: Generator, extent: number): number {
  return generator.randint(0, extent, 1).item();
}

/** All parameters; the character `flat` is embedded so that, at one time, what is added up is nearly the same throughout. */
function drawParameters(
  generator: Generator,
  sizes: AttentionSizes,
  { flat, time }: { flat: number; time: number },
  { sharpness, lift, arrangement }: Flavour,
): Named<Tensor> {
  const normal = (name: ParameterName, scale: number): Tensor =>
    arrange(generator.randn(...shapeIn(parameterShapes[name], sizes)).mul(scale), arrangement, generator);
  const { embd, head } = sizes;
  const perEntry = 1 / Math.sqrt(embd);
  const parameters = {
    C: normal("C", 1),
    P: normal("P", 0.5),
    lngain: normal("lngain", 1),
    lnbias: normal("lnbias", 0.5),
    Wq: normal("Wq", 2 * sharpness * perEntry),
    Wk: normal("Wk", perEntry),
    Wv: normal("Wv", perEntry),
    Wo: normal("Wo", 1 / Math.sqrt(head)),
    Wl: normal("Wl", 2 * sharpness * perEntry),
    bl: normal("bl", 0.1).add(lift),
  };
  for (let i = 0; i < embd; i++) {
    parameters.C.set(flat, i, parameters.C.get(flat, i) * 1e-3 - parameters.P.get(time, i));
  }
  return parameters;
}

function withSizes(sizes: AttentionSizes): Flavour {
  return { sharpness: 0.5, lift: 0, sizes: () => sizes };
}

/** A step is asked about each of these; the last one is a batch of two. */
export const batches: Batches = {
  draw: (generator) => flavours.map((flavour) => makeBatch(generator, flavour)),
  plain: (generator) => makeBatch(generator, { sharpness: 0.5, lift: 0, sizes: drawSizes }),
  equal: [
    // nothing throws here for a transpose forgotten
    {
      id: "square",
      equal: ["time", "embd", "head", "vocab"],
      draw: (generator) => makeBatch(generator, withSizes({ batch: 4, time: 7, embd: 7, head: 7, vocab: 7 })),
    },
    // nor for a sum over the one in the place of the other
    {
      id: "even",
      equal: ["batch", "time"],
      forAll: true,
      draw: (generator) => makeBatch(generator, withSizes({ batch: 5, time: 5, embd: 11, head: 8, vocab: 14 })),
    },
  ],
};
