import { keepdim, tensor, type Shape, type Tensor } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import type { Operations } from "../autograd/operations.ts";
import { differentiateLines, evaluate, forward, type Batch, type Named } from "../network/backward.ts";
import {
  lines,
  parameterShapes,
  shapeIn,
  type Extent,
  type Line,
  type ParameterName,
  type Sizes,
} from "../course/makemore/lines.ts";
import { Generator, type Seed } from "../network/random.ts";
import { arrange, type Arrangement } from "./arrangement.ts";
import { drawContexts, drawLabels, type Contexts, type Labels } from "../course/makemore/contexts.ts";
import { drawMaxima, withMaxima, type Maxima } from "../course/makemore/maxima.ts";
import { drawNumbers } from "./row.ts";
import { givenShape, gradientOf, type FunctionStep } from "../course/steps.ts";

/** One question put to a step: what it is given, and what the answer should be. */
export interface Case {
  sizes: Sizes;
  /** The batch that the given tensors come from; a step with lines of its own has nothing of it. */
  batch: Batch;
  /** The tensors the step is given, by name: float32, each rounded once. */
  given: Named<Tensor>;
  /**
   * The vector-Jacobian product in float64 at those very values, with the magnitudes that tolerances are made of.
   * Computed when it is first asked for: learner code can run meanwhile.
   */
  readonly truth: Measured;
  /** The branches, or terms, that the truth is the sum of, each with its name; computed when first asked for. */
  readonly branches: readonly Branch[];
  /** In a random batch: the neuron that hardly varies. */
  quiet?: number;
}

/** What makes a batch hard in its own way; what is left out is left to chance. */
export interface Flavour {
  /** How widely W2 is spread, and so the logits: at 2, many probabilities are tiny. */
  sharpness: number;
  /** Added to all logits: where the maximum is not subtracted first, exp overflows, or all counts are 0. */
  lift: number;
  sizes: (generator: Generator) => Sizes;
  contexts?: Contexts;
  labels?: Labels;
  /** Whether every column has a row's maximum, and some rows are on one side of 0; takes n > vocab and hidden > n. */
  maximaEverywhere?: boolean;
  /** How freely drawn numbers lie: parameters, upstream gradients, tables. */
  arrangement?: Arrangement;
  /** Where the neuron that hardly varies stands, first unless said; one that saturates stands at an end. */
  quiet?: "middle" | "last";
  /** Whether that neuron varies around 0, so that its numbers have both signs; else around a number of its own. */
  aroundZero?: boolean;
}

/** The flavours of a seed. Between them, every size is odd once and even once, block * embd too: a loop may go by twos. */
function flavoursWith(generator: Generator): readonly Flavour[] {
  let some = drawSizes(generator);
  // the product is odd where both are, and what is unlike these is unlike in both
  while ((some.block - some.embd) % 2 !== 0) some = drawSizes(generator);
  const others = drawSizes(generator, undefined, some);
  return [
    // larger than the lecture's in every size, so that nothing is right up to a bound
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

/** How close two logits of a row come, often the two largest, and how far below the others one lies. */
const NEARLY = 5e-4;
const FAR = 38;
/** A gain that takes tanh to its flat ends. */
const SATURATING = 4;

/** The line that the second half of the forward pass begins with. */
const LOGITS = lines.findIndex(({ output }) => output === "logits");

/** A random forward pass that cases are made from: every step can be asked about the same one. */
export interface RandomBatch {
  sizes: Sizes;
  batch: Batch;
  /** A forward value by name, float32, rounded once; drawn and computed when something first asks for it. */
  value: (name: string) => Tensor;
  /** The neuron that hardly varies. */
  quiet: number;
  arrangement: Arrangement | undefined;
}

/**
 * Random batches. All of them have a column of tiny variance, where epsilon matters, characters repeated within the
 * batch, gains of both signs, no ties in a maximum; the last one is a batch of two. What else one of them has for sure,
 * whatever the seed, a table in the tests lists (tests/course/coverage.test.ts).
 *
 * @param seed the same seed gives the same batches
 */
export function makeBatches(seed: Seed): RandomBatch[] {
  const generator = new Generator(seed);
  return flavoursWith(generator).map((flavour) => makeBatch(generator, flavour));
}

/** One batch of a flavour. */
export function makeBatch(generator: Generator, flavour: Flavour): RandomBatch {
  const sizes = flavour.sizes(generator);
  const maxima = flavour.maximaEverywhere ? drawMaxima(generator, sizes) : undefined;
  const batch: Batch = {
    Xb: drawContexts(generator, sizes, flavour.contexts),
    Yb: drawLabels(generator, sizes, flavour.labels, maxima?.columns),
  };
  const last = sizes.hidden - 1;
  const quiet = { first: 0, middle: Math.floor(last / 2), last }[flavour.quiet ?? "first"];
  const saturating = quiet === last ? 0 : last;
  // each half has a generator of its own: a value is the same whatever was asked for before it
  const [below, above] = [forked(generator), forked(generator)];
  const upToH = once(() => {
    const parameters = drawParameters(below, sizes, { quiet, saturating }, flavour);
    return forward(parameters, batch, lines.slice(0, LOGITS));
  });
  const logits = once(() => drawLogits(above, sizes, upToH()["h"]!, flavour, maxima));
  const fromLogits = once(() => forward(logits(), batch, lines.slice(LOGITS + 1)));
  const rounded = new Map<string, Tensor>();
  const value = (name: string): Tensor => {
    const known = rounded.get(name) ?? (upToH()[name] ?? logits()[name] ?? fromLogits()[name]!).toTensor();
    rounded.set(name, known);
    return known;
  };
  return { sizes, batch, value, quiet, arrangement: flavour.arrangement };
}

/** A step's case from a random batch: upstream gradients are normal numbers, so that no mistake hides behind zeros. */
export function makeCase(step: FunctionStep, made: RandomBatch, generator: Generator): Case {
  const { sizes, batch, value, quiet } = made;
  const arranged = (numbers: Tensor): Tensor => arrange(numbers, made.arrangement, generator);
  if (step.example) {
    return ownCase(step, sizesOfTables(step, sizes), batch, (name, shape, drawn) => {
      const draw = step.draw?.[name];
      return draw ? draw(generator, shape, drawn, arranged) : arranged(drawNumbers(generator, shape));
    });
  }
  const upstream = (name: string): Tensor => arranged(generator.randn(...shapeIn(givenShape(name), sizes)));
  return caseOf(step, sizes, batch, value, upstream, quiet);
}

/** The case that a batch with known forward values and gradients makes: for the lecture's own batch. */
export function caseFromBatch(
  step: FunctionStep,
  sizes: Sizes,
  batch: Batch,
  values: Readonly<Named<Tensor>>,
  gradients: Readonly<Named<Tensor>>,
): Case {
  return caseOf(
    step,
    sizes,
    batch,
    (name) => values[name]!,
    (name) => gradients[gradientOf(name)!]!,
  );
}

/** The case of a step with lines of its own at its example's numbers: there, it stands for the lecture's batch. */
export function exampleCase(step: FunctionStep, batch: Batch): Case {
  const sizes = { ...noSizes };
  for (const [name, rows] of Object.entries(step.example!)) {
    const shape = [rows.length, rows[0]!.length];
    for (const [dim, extent] of givenShape(name).entries()) {
      if (extent !== 1 && extent !== "block*embd") sizes[extent] = shape[dim]!;
    }
  }
  return ownCase(step, sizes, batch, (name) => {
    const rows = step.example![name]!;
    return tensor(rows.flat(), [rows.length, rows[0]!.length]);
  });
}

/** The float32 reference of a step with lines of its own: the same autograd in float32, at a case's numbers. */
export function float32Reference(step: FunctionStep, { given, batch }: Pick<Case, "given" | "batch">): Tensor {
  if (step.asks === "value") return valueOf(step, given, batch);
  const parts = step.runs.map((run) => {
    const output = run.at(-1)!.output;
    return differentiateLines<Tensor>(run, given, batch, { [output]: given[`d${output}`]! })[step.tensor]!;
  });
  return parts.reduce((sum, part) => sum.add(part));
}

/** A case of a step with lines of its own: their inputs and gradients from above as they come, their outputs computed. */
function ownCase(
  step: FunctionStep,
  sizes: Sizes,
  batch: Batch,
  take: (name: string, shape: Shape, taken: Readonly<Named<Tensor>>) => Tensor,
): Case {
  const values: Named<Tensor> = {};
  const of = (name: string): Tensor => take(name, shapeIn(givenShape(name), sizes), values);
  const outputs = new Set(step.runs.flat().map(({ output }) => output));
  for (const name of step.runs.flat().flatMap(({ inputs }) => inputs)) {
    if (!outputs.has(name)) values[name] ??= of(name);
  }
  for (const line of step.runs.flat()) {
    const inputs = Object.fromEntries(line.inputs.map((name) => [name, Measured.from(values[name]!)]));
    values[line.output] = evaluate<Measured>(line, inputs).toTensor();
  }
  return caseOf(step, sizes, batch, (name) => values[name]!, of);
}

/** Sizes that a step does not have are no numbers: nothing is said of them, and no factor is taken for one. */
const noSizes: Sizes = { n: NaN, block: NaN, embd: NaN, hidden: NaN, vocab: NaN };

/** The sizes of a step's own tables, from those of a batch: as random, and as far apart. */
function sizesOfTables(step: FunctionStep, { n, hidden, vocab }: Sizes): Sizes {
  const all: Partial<Record<Extent, number>> = { rows: n, columns: hidden, inner: vocab, vocab };
  const extents = step.given.flatMap(givenShape);
  return {
    ...noSizes,
    ...Object.fromEntries(Object.entries(all).filter(([name]) => extents.includes(name as Extent))),
  };
}

function caseOf(
  step: FunctionStep,
  sizes: Sizes,
  batch: Batch,
  value: (name: string) => Tensor,
  gradient: (name: string) => Tensor,
  quiet?: number,
): Case {
  const given: Named<Tensor> = {};
  for (const name of step.given) {
    if (name in batch) given[name] = batch[name as keyof Batch];
    else given[name] = gradientOf(name) === undefined ? value(name) : gradient(name);
  }
  return caseWith(step, { sizes, batch, given, ...(quiet !== undefined && { quiet }) }, {});
}

/** A case with some of the given tensors replaced. */
export function caseWith(
  step: FunctionStep,
  { sizes, batch: { Xb, Yb }, given: before, quiet }: Pick<Case, "sizes" | "batch" | "given" | "quiet">,
  others: Readonly<Named<Tensor>>,
): Case {
  const given = { ...before, ...others };
  const batch: Batch = { Xb: others["Xb"] ?? Xb, Yb: others["Yb"] ?? Yb };
  let truth: Measured | undefined;
  let branches: readonly Branch[] | undefined;
  return {
    sizes,
    batch,
    given,
    ...(quiet !== undefined && { quiet }),
    get truth() {
      return (truth ??= truthOf(step, given, batch));
    },
    get branches() {
      return (branches ??= branchesOf(step, given, batch));
    },
  };
}

/** The step's gradient, or value, in float64, at the given (rounded) values. */
export function truthOf(step: FunctionStep, given: Named<Tensor>, batch: Batch): Measured {
  if (step.asks === "value") return valueOf(step, exactly(given, batch), batch);
  const measured = measure(given, batch);
  const parts = step.runs.map((run) => differentiateRun(step, run, measured, batch)!);
  const truth = parts.reduce((sum, part) => sum.add(part));
  return step.otherWay ? truth.atLeastAs(step.otherWay(measured.values, batch)) : truth;
}

/** What a step's lines compute, where that is asked for. */
function valueOf<X extends Operations<X>>(step: FunctionStep, given: Readonly<Named<X>>, batch: Batch): X {
  const values = { ...given };
  for (const line of step.runs.flat()) values[line.output] = evaluate<X>(line, { ...values, ...batch });
  return values[step.tensor]!;
}

/** A part of a gradient, with a name to speak of it. */
export interface Branch {
  name: string;
  gradient: Measured;
}

/** The branches that a step's gradient is the sum of, or a closed form's terms; one where nothing is added up. */
function branchesOf(step: FunctionStep, given: Named<Tensor>, batch: Batch): Branch[] {
  if (step.asks === "value") return [{ name: step.tensor, gradient: truthOf(step, given, batch) }];
  const measured = measure(given, batch);
  const { runs, terms } = step;
  const [run] = runs;
  if (!terms || !run) {
    return runs.map((run) => ({
      name: `the branch through ${run[0]!.output}`,
      gradient: differentiateRun(step, run, measured, batch)!,
    }));
  }
  const closed = [...Object.keys(terms.through), ...terms.idle];
  const direct = differentiateRun(step, run, measured, batch, closed)!;
  // what a way adds to the direct one where it is the only other that is open
  const others = Object.entries(terms.through).map(([output, name]) => {
    const whole = differentiateRun(
      step,
      run,
      measured,
      batch,
      closed.filter((other) => other !== output),
    )!;
    return { name, gradient: whole.sub(direct) };
  });
  return [{ name: terms.direct, gradient: direct }, ...others];
}

/** What comes back through a run, with some of its lines passing nothing back. */
function differentiateRun(
  step: FunctionStep,
  run: readonly Line[],
  { values, upstream }: { values: Named<Measured>; upstream: Named<Measured> },
  batch: Batch,
  closed: readonly string[] = [],
): Measured | undefined {
  const { inputs, outputs } = valuesOfRun(run, values, batch);
  const open = run.filter(({ output }) => !closed.includes(output));
  return differentiateLines(open, inputs, batch, pick(upstream, run), outputs)[step.tensor];
}

/** Given tensors as exact float64 values, by name; what is the batch's stays there. */
function exactly(given: Named<Tensor>, batch: Batch): Named<Measured> {
  const floats = Object.entries(given).filter(([name]) => !(name in batch));
  return Object.fromEntries(floats.map(([name, value]) => [name, Measured.from(value)]));
}

/** Given tensors as exact float64 values: forward values by name, gradients from above by their tensor's name. */
function measure(given: Named<Tensor>, batch: Batch): { values: Named<Measured>; upstream: Named<Measured> } {
  const values: Named<Measured> = {};
  const upstream: Named<Measured> = {};
  for (const [name, value] of Object.entries(exactly(given, batch))) {
    const of = gradientOf(name);
    if (of === undefined) values[name] = value;
    else upstream[of] = value;
  }
  upstream["loss"] ??= new Measured([], Float64Array.of(1));
  return { values, upstream };
}

/** Upstream gradients of a run: only of its last line, so that runs stay apart. */
function pick(upstream: Named<Measured>, run: readonly Line[]): Named<Measured> {
  const { output } = run.at(-1)!;
  return { [output]: upstream[output]! };
}

/**
 * What a run of lines is differentiated at: its inputs as given, each counted as exact; its outputs as given, with the
 * magnitude they have when they are computed again from the inputs. What is not given inside a run of several lines is
 * computed from what is: forward, or, for the fused batchnorm, back from bnraw and bnvar_inv.
 */
function valuesOfRun(
  run: readonly Line[],
  given: Named<Measured>,
  batch: Batch,
): { inputs: Named<Measured>; outputs: Named<Measured> } {
  const inputs = { ...given };
  const outputs: Named<Measured> = {};
  const { bnraw, bnvar_inv } = given;
  if (run.length > 1 && bnraw && bnvar_inv) {
    inputs["bndiff"] = bnraw.div(bnvar_inv).given();
    inputs["bnvar"] = bnvar_inv.pow(-2).sub(1e-5).given();
    inputs["hprebn"] = inputs["bndiff"];
    inputs["bnbias"] = inputs["bndiff"].newZeros(bnvar_inv.shape);
  }
  for (const line of run) {
    const output = evaluate<Measured>(line, { ...inputs, ...batch });
    const known = inputs[line.output];
    outputs[line.output] = known ? known.measuredAs(output) : output;
    inputs[line.output] ??= output.given();
  }
  // probs can be had again as exp(logprobs), where an error in logprobs is a relative error of probs
  if (given["probs"] && given["logprobs"]) inputs["probs"] = given["probs"].measuredAs(given["logprobs"].exp());
  return { inputs, outputs };
}

/** All parameters but those of the logits. */
function drawParameters(
  generator: Generator,
  sizes: Sizes,
  { quiet, saturating }: { quiet: number; saturating: number },
  { arrangement, aroundZero }: Flavour,
): Named<Measured> {
  const draw = (name: ParameterName, scale: number): Tensor => {
    const numbers = generator.randn(...shapeIn(parameterShapes[name], sizes)).mul(scale);
    return arrange(numbers, arrangement, generator);
  };
  const C = draw("C", 1);
  const W1 = draw("W1", 5 / 3 / Math.sqrt(sizes.block * sizes.embd));
  // one neuron hardly varies, so its variance is of the size of epsilon
  for (let row = 0; row < W1.size(0); row++) W1.set(row, quiet, W1.get(row, quiet) * 1e-3);
  const b1 = draw("b1", 0.1);
  if (aroundZero) b1.set(quiet, 0);
  const bngain = draw("bngain", 1);
  const bnbias = draw("bnbias", 1);
  // one neuron saturates, and gains have both signs for sure
  const sign = bngain.get(0, quiet) < 0 ? 1 : -1;
  bngain.set(0, saturating, sign * SATURATING);
  return measured({ C, W1, b1, bngain, bnbias });
}

/** W2, b2 and the logits: the first that are a fair question. */
function drawLogits(
  generator: Generator,
  sizes: Sizes,
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

/** Two characters whose logits are nearly equal, and one far below the others, anywhere. */
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

/** A generator whose numbers do not hang on how many are drawn from the other. */
function forked(generator: Generator): Generator {
  return new Generator(generator.randint(0, 2 ** 31 - 1, 1).item());
}

/** What a function gives, computed when it is first asked for. */
function once<X>(make: () => X): () => X {
  let made: X | undefined;
  return () => (made ??= make());
}

/**
 * Sizes that tell mistakes apart: no two equal or next to each other, block * embd included, and n, n - 1, vocab and
 * hidden far enough apart that the ratio of a wrong factor names it.
 *
 * @param unlike sizes that each of these differs from by an odd number
 */
export function drawSizes(generator: Generator, n?: number, unlike?: Sizes): Sizes {
  for (;;) {
    const sizes: Sizes = {
      n: n ?? between(generator, 5, 14, unlike?.n),
      block: between(generator, 3, 6, unlike?.block),
      embd: between(generator, 3, 8, unlike?.embd),
      hidden: between(generator, 6, 26, unlike?.hidden),
      vocab: between(generator, 8, 32, unlike?.vocab),
    };
    const all = [...Object.values(sizes), sizes.block * sizes.embd].sort((a, b) => a - b);
    const apart = all.every((size, i) => i === 0 || size - all[i - 1]! > 1);
    const { hidden, vocab } = sizes;
    const distinct = [sizes.n, sizes.n - 1].every((a) => [hidden, vocab].every((b) => ratio(a, b) > 1.3));
    if (apart && distinct && ratio(hidden, vocab) > 1.3) return sizes;
  }
}

/** A whole number from low to high; odd where `unlike` is even, and even where it is odd. */
function between(generator: Generator, low: number, high: number, unlike?: number): number {
  if (unlike === undefined) return generator.randint(low, high + 1, 1).item();
  const first = (low - unlike) % 2 === 0 ? low + 1 : low;
  return first + 2 * generator.randint(0, Math.floor((high - first) / 2) + 1, 1).item();
}

/** Sizes above the lecture's, each by a little; n, hidden and vocab are odd, and so is embd. */
function drawLargeSizes(generator: Generator): Sizes {
  return {
    n: between(generator, 41, 43, 0),
    block: 4,
    embd: 11,
    hidden: between(generator, 67, 71, 0),
    vocab: 29,
  };
}

function ratio(a: number, b: number): number {
  return Math.max(a, b) / Math.min(a, b);
}

/**
 * Whether every row has one maximum, where it is wanted, not all of them in the first column, and no logit lies so far
 * below it that float32 loses exp to underflow.
 */
function isFair(logits: Tensor, maxima: Maxima | undefined): boolean {
  const { values, indices } = logits.max(1, keepdim);
  const below = logits.sub(values).toArray();
  const atMaximum = below.filter((difference) => difference === 0).length;
  const columns = indices.toArray();
  const inPlace = maxima ? columns.every((column, row) => column === maxima.columns[row]) : columns.some((c) => c > 0);
  return inPlace && atMaximum === logits.size(0) && below.every((difference) => difference > -60);
}

/** The shape an answer must have. */
export function answerShape(step: FunctionStep, sizes: Sizes): Shape {
  return shapeIn(givenShape(step.tensor), sizes);
}
