import { tensor, type Shape, type Tensor } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import type { Operations } from "../autograd/operations.ts";
import { differentiateLines, evaluate, forward, type Batch, type Named } from "../model/backward.ts";
import { parameterShapes, shapeIn, type Extent, type Line, type ParameterName, type Sizes } from "../model/lines.ts";
import { Generator, type Seed } from "../model/random.ts";
import { drawNumbers } from "./row.ts";
import { givenShape, gradientOf, type FunctionStep } from "./steps.ts";

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
}

/** What makes a batch hard in its own way. */
export interface Flavour {
  /** How widely W2 is spread, and so the logits: at 2, many probabilities are tiny. */
  sharpness: number;
  /** Added to all logits: so large that exp overflows unless the maximum is subtracted first. */
  lift: number;
  sizes: (generator: Generator) => Sizes;
}

const flavours: readonly Flavour[] = [
  // larger than the lecture's in every size, so that nothing is right up to a bound
  { sharpness: 0.5, lift: 0, sizes: drawLargeSizes },
  { sharpness: 2, lift: 0, sizes: drawSizes },
  { sharpness: 1, lift: 100, sizes: drawSizes },
  // n - 1 is 1, and a variance has one degree of freedom
  { sharpness: 1, lift: 0, sizes: (generator) => drawSizes(generator, 2) },
];

/** How close the two largest logits of a row may come, and how far below the others one lies. */
const NEARLY = 5e-4;
const FAR = 38;
/** A gain that takes tanh to its flat ends. */
const SATURATING = 4;

/** A random forward pass that cases are made from: every step can be asked about the same one. */
export interface RandomBatch {
  sizes: Sizes;
  batch: Batch;
  /** A forward value by name, float32, rounded once. */
  value: (name: string) => Tensor;
}

/**
 * Random batches. All of them have a column of tiny variance, where epsilon matters, characters repeated within the
 * batch, gains of both signs, no ties in a maximum; the last one is a batch of two.
 *
 * @param seed the same seed gives the same batches
 */
export function makeBatches(seed: Seed): RandomBatch[] {
  const generator = new Generator(seed);
  return flavours.map((flavour) => makeBatch(generator, flavour));
}

/** One batch of a flavour: the first that is a fair question. */
export function makeBatch(generator: Generator, flavour: Flavour): RandomBatch {
  for (;;) {
    const made = drawBatch(generator, flavour);
    if (isFair(made)) return made;
  }
}

function drawBatch(generator: Generator, { sharpness, lift, sizes: draw }: Flavour): RandomBatch {
  const sizes = draw(generator);
  const parameters = drawParameters(generator, sizes, sharpness, lift);
  const batch: Batch = {
    Xb: generator.randint(0, differentCharacters(sizes), sizes.n, sizes.block),
    Yb: generator.randint(0, sizes.vocab, sizes.n),
  };
  const values = forward(parameters, batch);
  const rounded = new Map<string, Tensor>();
  const value = (name: string): Tensor => {
    const known = rounded.get(name) ?? values[name]!.toTensor();
    rounded.set(name, known);
    return known;
  };
  return { sizes, batch, value };
}

/** Fewer characters than positions, so that some repeat; all of them where there are positions enough. */
function differentCharacters({ n, block, vocab }: Sizes): number {
  const positions = n * block;
  return positions > 4 * vocab ? vocab : Math.min(Math.ceil(vocab / 2), positions - 1);
}

/** A step's case from a random batch: upstream gradients are normal numbers, so that no mistake hides behind zeros. */
export function makeCase(step: FunctionStep, { sizes, batch, value }: RandomBatch, generator: Generator): Case {
  if (step.example) {
    return ownCase(step, sizesOfTables(step, sizes), batch, (name, shape, drawn) => {
      const draw = step.draw?.[name] ?? drawNumbers;
      return draw(generator, shape, drawn);
    });
  }
  return caseOf(step, sizes, batch, value, (name) => generator.randn(...shapeIn(givenShape(name), sizes)));
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
): Case {
  const given: Named<Tensor> = {};
  for (const name of step.given) {
    if (name in batch) given[name] = batch[name as keyof Batch];
    else given[name] = gradientOf(name) === undefined ? value(name) : gradient(name);
  }
  return caseWith(step, { sizes, batch, given }, {});
}

/** A case with some of the given tensors replaced. */
export function caseWith(
  step: FunctionStep,
  { sizes, batch: { Xb, Yb }, given: before }: Pick<Case, "sizes" | "batch" | "given">,
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
  return parts.reduce((sum, part) => sum.add(part));
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

function drawParameters(
  generator: Generator,
  sizes: Sizes,
  sharpness: number,
  lift: number,
): Record<ParameterName, Measured> {
  const draw = (name: ParameterName, scale: number): Tensor =>
    generator.randn(...shapeIn(parameterShapes[name], sizes)).mul(scale);
  const C = draw("C", 1);
  const W1 = draw("W1", 5 / 3 / Math.sqrt(sizes.block * sizes.embd));
  // the first neuron hardly varies, so its variance is of the size of epsilon
  for (let row = 0; row < W1.size(0); row++) W1.set(row, 0, W1.get(row, 0) * 1e-3);
  const b1 = draw("b1", 0.1);
  const W2 = draw("W2", sharpness);
  const b2 = draw("b2", 0.1).add(lift);
  // two characters whose logits are nearly equal, and one far below the others
  for (let row = 0; row < W2.size(0); row++) {
    W2.set(row, 1, W2.get(row, 0));
    W2.set(row, 2, 0);
  }
  b2.set(0, lift + 1);
  b2.set(1, lift + 1 + NEARLY);
  b2.set(2, lift - FAR);
  const bngain = draw("bngain", 1);
  // gains of both signs, for sure
  if (bngain.get(0, 0) * bngain.get(0, 1) > 0) bngain.set(0, 0, -bngain.get(0, 0));
  // the second neuron saturates
  bngain.set(0, 1, bngain.get(0, 1) < 0 ? -SATURATING : SATURATING);
  const bnbias = draw("bnbias", 1);
  const measured = Object.entries({ C, W1, b1, W2, b2, bngain, bnbias }).map(([name, t]) => [name, Measured.from(t)]);
  return Object.fromEntries(measured) as Record<ParameterName, Measured>;
}

/**
 * Sizes that tell mistakes apart: no two equal or next to each other, block * embd included, and n, n - 1, vocab and
 * hidden far enough apart that the ratio of a wrong factor names it.
 */
export function drawSizes(generator: Generator, n?: number): Sizes {
  const between = (low: number, high: number): number => generator.randint(low, high + 1, 1).item();
  for (;;) {
    const sizes: Sizes = {
      n: n ?? between(5, 14),
      block: between(3, 6),
      embd: between(3, 8),
      hidden: between(6, 26),
      vocab: between(8, 32),
    };
    const all = [...Object.values(sizes), sizes.block * sizes.embd].sort((a, b) => a - b);
    const apart = all.every((size, i) => i === 0 || size - all[i - 1]! > 1);
    const { hidden, vocab } = sizes;
    const distinct = [sizes.n, sizes.n - 1].every((a) => [hidden, vocab].every((b) => ratio(a, b) > 1.3));
    if (apart && distinct && ratio(hidden, vocab) > 1.3) return sizes;
  }
}

/** Sizes above the lecture's, each by a little. */
function drawLargeSizes(generator: Generator): Sizes {
  const between = (low: number, high: number): number => generator.randint(low, high + 1, 1).item();
  return { n: between(40, 44), block: 4, embd: between(11, 12), hidden: between(66, 72), vocab: between(28, 30) };
}

function ratio(a: number, b: number): number {
  return Math.max(a, b) / Math.min(a, b);
}

/**
 * Whether every row has one maximum, no logit lies so far below it that float32 loses exp to underflow, and the contexts
 * are not all the same, where no neuron varies.
 */
function isFair({ batch: { Xb }, value }: RandomBatch): boolean {
  const logits = value("logits");
  const below = logits.sub(logits.max(1, true).values).toArray();
  const atMaximum = below.filter((difference) => difference === 0).length;
  const characters = Xb.toArray();
  const differ = characters.some((character, i) => character !== characters[i % Xb.size(1)]);
  return differ && atMaximum === logits.size(0) && below.every((difference) => difference > -60);
}

/** The shape an answer must have. */
export function answerShape(step: FunctionStep, sizes: Sizes): Shape {
  return shapeIn(givenShape(step.tensor), sizes);
}
