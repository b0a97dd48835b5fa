import { keepdim, type Tensor } from "#tensor";
import { Measured } from "../../autograd/measured.ts";
import { arrange, type Arrangement } from "../../network/arrangement.ts";
import { evaluate, forward } from "../../network/backward.ts";
import type { Named } from "../../network/named.ts";
import { once } from "../../network/once.ts";
import { forked, madeEqual, roundedOnce, type Batches, type RandomBatch } from "../../network/batch.ts";
import type { Line } from "../../network/line.ts";
import type { Generator } from "../../network/random.ts";
import { shapeIn } from "../../network/shape.ts";
import { drawContexts, drawLabels, type Contexts, type Labels } from "./contexts.ts";
import { lines, parameterShapes, type Batch, type MakemoreSizes, type ParameterName } from "./lines.ts";
import { drawMaxima, withMaxima, type Maxima } from "./maxima.ts";
import { drawLargeSizes, drawSizes } from "./sizes.ts";

/** What makes a batch hard in its own way; whatever is left out is left to chance. */
export interface Flavour {
  /** How widely W2 is spread, and so the logits: at 2, many probabilities are tiny. */
  sharpness: number;
  /** Added to all logits: if the maximum is not subtracted first, exp overflows, or all counts are 0. */
  lift: number;
  sizes: (generator: Generator) => MakemoreSizes;
  contexts?: Contexts;
  labels?: Labels;
  /** Whether every column has some row's maximum, and some rows are on one side of 0; needs n > vocab and hidden > n. */
  maximaEverywhere?: boolean;
  /** How freely drawn numbers are arranged: parameters, upstream gradients, tables. */
  arrangement?: Arrangement;
  /** Which neuron barely varies, by default the first; the one that saturates is at an end. */
  quiet?: "middle" | "last";
  /** Whether that neuron varies around 0, so that its numbers have both signs; otherwise around another number. */
  aroundZero?: boolean;
}

/** The flavors of a seed. Among them, every size, and block * embd, is odd once and even once: a loop may step by two. */
function flavoursWith(generator: Generator): readonly Flavour[] {
  let some = drawSizes(generator);
  // the product is odd if both are, and sizes of the other parity differ from both
  while ((some.block - some.embd) % 2 !== 0) some = drawSizes(generator);
  const others = drawSizes(generator, undefined, some);
  return [
    // larger than the lecture's in every size, so that nothing is right only up to a bound
    {
      sharpness: 0.5,
      lift: 0,
      sizes: drawLargeSizes,
      contexts: "most",
      labels: "many",
      maximaEverywhere: true,
      arrangement: { largest: "first" },
      quiet: "middle",
      aroundZero: true,
    },
    { sharpness: 2, lift: 0, sizes: () => some, contexts: "last", labels: "many", arrangement: { sign: -1 } },
    {
      sharpness: 1,
      lift: 100,
      sizes: () => others,
      contexts: "first",
      labels: "last",
      arrangement: { sign: 1 },
      quiet: "last",
    },
    // n - 1 is 1, and a variance has one degree of freedom
    {
      sharpness: 1,
      lift: -130,
      sizes: (generator) => drawSizes(generator, 2),
      labels: "different",
      arrangement: { largest: "last" },
      quiet: "middle",
    },
  ];
}

/** How close two logits of a row are, often the two largest, and how far one is below the others. */
const NEARLY = 5e-4;
const FAR = 38;
/** A gain that drives tanh to its flat ends. */
const LARGE_GAIN = 4;

/** The marks of a batch: the neuron that barely varies, so that its variance is as small as epsilon, and one that saturates. */
export const QUIET = "quiet";
const SATURATING = "saturating";

/** The first line of the second half of the forward pass. */
const LOGITS = (lines as readonly Line[]).findIndex(({ output }) => output === "logits");

/** One batch of a flavor. */
export function makeBatch(generator: Generator, flavour: Flavour): RandomBatch {
  const sizes = flavour.sizes(generator);
  const maxima = flavour.maximaEverywhere ? drawMaxima(generator, sizes) : undefined;
  const indices: Batch = {
    Xb: drawContexts(generator, sizes, flavour.contexts),
    Yb: drawLabels(generator, sizes, flavour.labels, maxima?.columns),
  };
  const last = sizes.hidden - 1;
  const quiet = { first: 0, middle: Math.floor(last / 2), last }[flavour.quiet ?? "first"];
  const saturating = quiet === last ? 0 : last;
  // each half has a generator of its own: a value does not depend on what was needed before it
  const [below, above] = [forked(generator), forked(generator)];
  const upToH = once(() => {
    const parameters = drawParameters(below, sizes, { quiet, saturating }, flavour);
    return forward(lines.slice(0, LOGITS), parameters, indices);
  });
  const logits = once(() => drawLogits(above, sizes, upToH()["h"]!, flavour, maxima));
  const fromLogits = once(() => forward(lines.slice(LOGITS + 1), logits(), indices));
  const value = roundedOnce((name) => upToH()[name] ?? logits()[name] ?? fromLogits()[name]!);
  const marks = { [QUIET]: { hidden: quiet }, [SATURATING]: { hidden: saturating } };
  return { sizes, indices, value, marks, arrangement: flavour.arrangement };
}

/** Every step is asked about each of these; the last one is a batch of two. */
export const batches: Batches = {
  draw: (generator) => flavoursWith(generator).map((flavour) => makeBatch(generator, flavour)),
  plain: (generator) => makeBatch(generator, { sharpness: 0.5, lift: 0, sizes: (drawn) => drawSizes(drawn) }),
  equal: [
    // with these, a forgotten transpose does not throw
    {
      id: "square",
      equal: ["n", "vocab", "hidden", "block*embd"],
      draw: (generator) => makeBatch(generator, withSizes({ n: 12, block: 3, embd: 4, hidden: 12, vocab: 12 })),
    },
    // nor does confusing one of these with the other
    {
      id: "even",
      equal: ["block", "embd"],
      forAll: true,
      draw: (generator) => makeBatch(generator, withSizes({ n: 7, block: 4, embd: 4, hidden: 13, vocab: 10 })),
    },
  ],
  pair: (generator, pair) => {
    const sizes = madeEqual(drawSizes(generator), pair);
    return sizes && makeBatch(generator, withSizes(sizes));
  },
  tables: { rows: "n", columns: "hidden", inner: "vocab", pages: "vocab", layers: "block", slots: "embd" },
};

function withSizes(sizes: MakemoreSizes): Flavour {
  return { sharpness: 0.5, lift: 0, sizes: () => sizes };
}

/** All parameters but those of the logits. */
function drawParameters(
  generator: Generator,
  sizes: MakemoreSizes,
  { quiet, saturating }: { quiet: number; saturating: number },
  { arrangement, aroundZero }: Flavour,
): Named<Measured> {
  const draw = (name: ParameterName, scale: number): Tensor => {
    const numbers = generator.randn(...shapeIn(parameterShapes[name], sizes)).mul(scale);
    return arrange(numbers, arrangement, generator);
  };
  const C = draw("C", 1);
  const W1 = draw("W1", 5 / 3 / Math.sqrt(sizes.block * sizes.embd));
  // one neuron barely varies, so its variance is about epsilon
  for (let row = 0; row < W1.size(0); row++) W1.set(row, quiet, W1.get(row, quiet) * 1e-3);
  const b1 = draw("b1", 0.1);
  if (aroundZero) b1.set(quiet, 0);
  const bngain = draw("bngain", 1);
  const bnbias = draw("bnbias", 1);
  // one neuron saturates, and gains are sure to have both signs
  const sign = bngain.get(0, quiet) < 0 ? 1 : -1;
  bngain.set(0, saturating, sign * LARGE_GAIN);
  return measured({ C, W1, b1, bngain, bnbias });
}

/** W2, b2 and the logits: the first drawn ones that make a fair question. */
function drawLogits(
  generator: Generator,
  sizes: MakemoreSizes,
  h: Measured,
  { sharpness, lift, arrangement }: Flavour,
  maxima: Maxima | undefined,
): Named<Measured> {
  const line = lines[LOGITS]!;
  for (;;) {
    let W2 = arrange(generator.randn(sizes.hidden, sizes.vocab).mul(sharpness), arrangement, generator);
    const b2 = arrange(generator.randn(sizes.vocab).mul(0.1), arrangement, generator).add(lift);
    if (maxima) W2 = withMaxima(maxima, h, Measured.from(W2), Measured.from(b2));
    else setColumns(generator, W2, b2, lift);
    const parameters = measured({ W2, b2 });
    const logits = evaluate<Measured>(line, { ...parameters, h });
    if (isFair(logits.toTensor(), maxima)) return { ...parameters, logits };
  }
}

/** Makes the logits of two characters nearly equal, and puts one far below the others, anywhere. */
function setColumns(generator: Generator, W2: Tensor, b2: Tensor, lift: number): void {
  const [one, other, far] = generator.randperm(b2.numel());
  for (let row = 0; row < W2.size(0); row++) {
    W2.set(row, other!, W2.get(row, one!));
    W2.set(row, far!, 0);
  }
  b2.set(one!, lift + 1);
  b2.set(other!, lift + 1 + NEARLY);
  b2.set(far!, lift - FAR);
}

function measured(tensors: Readonly<Named<Tensor>>): Named<Measured> {
  return Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, Measured.from(t)]));
}

/**
 * Whether every row has a single maximum, in the wanted column, not all of them in the first column, and no logit is so
 * far below it that exp underflows in float32.
 */
function isFair(logits: Tensor, maxima: Maxima | undefined): boolean {
  const { values, indices } = logits.max(1, keepdim);
  const below = logits.sub(values).toArray();
  const atMaximum = below.filter((difference) => difference === 0).length;
  const columns = indices.toArray();
  const inPlace = maxima ? columns.every((column, row) => column === maxima.columns[row]) : columns.some((c) => c > 0);
  return inPlace && atMaximum === logits.size(0) && below.every((difference) => difference > -60);
}
