import type { Tensor } from "#tensor";
import type { TrainingStart } from "../../kit/training.ts";
import type { Generator } from "../../network/random.ts";
import { shapeIn } from "../../network/shape.ts";
import { parameterShapes, type Batch, type MakemoreSizes, type ParameterName } from "./lines.ts";
import type { Parameters } from "./parameters.ts";
import { drawSizes } from "./sizes.ts";

/** A start of this network's. */
interface MakemoreStart extends TrainingStart {
  readonly sizes: Omit<MakemoreSizes, "n">;
  readonly parameters: Parameters;
  readonly steps: readonly { readonly batch: Batch; readonly learningRate: number }[];
}

/** What makes a start hard in its own way. */
interface Flavour {
  /** How widely W2, and with it the logits, is spread. */
  sharpness: number;
  /** Larger than the lecture's in the batch, the context, the embedding and the vocabulary. */
  isLarge?: boolean;
  /** Few characters, so that each row of C collects many contributions. */
  hasFewCharacters?: boolean;
}

const flavours: readonly Flavour[] = [
  { sharpness: 0.5 },
  { sharpness: 0.5, isLarge: true },
  { sharpness: 2 },
  { sharpness: 1, hasFewCharacters: true },
];

/** How many steps each start has. */
const STEPS = 5;
/** Learning rates are drawn between these, uniformly in their logarithms. */
const RATES = { from: 0.02, to: 0.5 };
/** The spread of the neuron that barely varies: the variance of its inputs is near epsilon, 1e-5. */
const HARDLY = 2e-3;
/** A gain that drives tanh to its flat ends. */
const SATURATING = 4;

/**
 * A start whose sizes are none of the lecture's, so that no size and no batch can be written as a number. One neuron
 * barely varies, so that epsilon shows; another one saturates; gains have both signs; batch sizes alternate between odd
 * and even.
 *
 * @param i selects the flavor, modulo their number
 */
export function drawTrainingStart(generator: Generator, i: number): MakemoreStart {
  const flavour = flavours[i % flavours.length]!;
  const sizes = flavour.isLarge ? drawLargeSizes(generator) : drawSizes(generator);
  const parameters = drawParameters(generator, sizes, flavour.sharpness);
  const steps = Array.from({ length: STEPS }, (_, step) => {
    const n = drawBatchSize(generator, sizes, (i + step) % 2);
    return { batch: drawBatch(generator, { ...sizes, n }, flavour), learningRate: drawRate(generator) };
  });
  const { block, embd, hidden, vocab } = sizes;
  return { sizes: { block, embd, hidden, vocab }, parameters, steps };
}

/** The flavors, and how many of their steps, that tell mistakes apart: the smaller ones, whose sizes all differ. */
const PROBES = { flavours: [0, 2, 3], steps: 3 };

/** The starts that tell mistakes apart. */
export function drawTrainingProbes(generator: Generator): MakemoreStart[] {
  return PROBES.flavours.map((i) => {
    const start = drawTrainingStart(generator, i);
    return { ...start, steps: start.steps.slice(0, PROBES.steps) };
  });
}

/** A learning rate that is not a round number. */
export function drawRate(generator: Generator): number {
  return RATES.from * (RATES.to / RATES.from) ** generator.rand(1).item();
}

/** Sizes slightly larger than the lecture's, except for the neurons: no other start has as many as the lecture's 200. */
function drawLargeSizes(generator: Generator): MakemoreSizes {
  const between = (low: number, high: number): number => generator.randint(low, high + 1, 1).item();
  return { n: between(44, 48), block: 4, embd: between(11, 12), hidden: between(20, 22), vocab: between(28, 30) };
}

/** An odd or an even batch size near the drawn one, kept apart from the other sizes as in drawSizes. */
function drawBatchSize(generator: Generator, { n, block, embd, hidden, vocab }: MakemoreSizes, parity: number): number {
  const others = [block, embd, hidden, vocab, block * embd];
  for (let reach = 9; ; reach++) {
    const drawn = Math.max(5, n + generator.randint(-reach, reach + 1, 1).item());
    const isApart = others.every((other) => Math.abs(other - drawn) > 1);
    const isDistinct = [drawn, drawn - 1].every((a) =>
      [hidden, vocab].every((b) => Math.max(a, b) / Math.min(a, b) > 1.2),
    );
    if (drawn % 2 === parity && isApart && isDistinct) return drawn;
  }
}

function drawBatch(generator: Generator, { n, block, vocab }: MakemoreSizes, { hasFewCharacters }: Flavour): Batch {
  const characters = hasFewCharacters ? Math.ceil(vocab / 3) : vocab;
  // the characters that occur are chosen at random; the first and the last are set below
  const order = generator.randperm(vocab);
  const Xb = generator.randint(0, characters, n, block);
  const Yb = generator.randint(0, vocab, n);
  for (let row = 0; row < n; row++) {
    for (let place = 0; place < block; place++) Xb.set(row, place, order[Xb.get(row, place)]!);
  }
  Xb.set(0, 0, 0);
  Xb.set(n - 1, block - 1, vocab - 1);
  Yb.set(n - 1, 0);
  Yb.set(0, vocab - 1);
  return { Xb, Yb };
}

function drawParameters(generator: Generator, sizes: MakemoreSizes, sharpness: number): Parameters {
  const draw = (name: ParameterName, scale: number): Tensor =>
    generator.randn(...shapeIn(parameterShapes[name], sizes)).mul(scale);
  const C = draw("C", 1);
  const W1 = draw("W1", 5 / 3 / Math.sqrt(sizes.block * sizes.embd));
  for (let row = 0; row < W1.size(0); row++) W1.set(row, 0, W1.get(row, 0) * HARDLY);
  const b1 = draw("b1", 0.1);
  // nor is it far from zero: rounding would leave little of its variation
  b1.set(0, b1.get(0) * 10 * HARDLY);
  const W2 = draw("W2", sharpness);
  const b2 = draw("b2", 0.3);
  const bngain = draw("bngain", 1);
  if (bngain.get(0, 0) * bngain.get(0, 1) > 0) bngain.set(0, 0, -bngain.get(0, 0));
  bngain.set(0, 1, bngain.get(0, 1) < 0 ? -SATURATING : SATURATING);
  const bnbias = draw("bnbias", 0.5);
  return { C, W1, b1, W2, b2, bngain, bnbias };
}
