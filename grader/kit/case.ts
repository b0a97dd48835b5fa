import { tensor, type Shape, type Tensor } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import { arrange } from "../network/arrangement.ts";
import { evaluate } from "../network/backward.ts";
import type { Indices, Named } from "../network/named.ts";
import type { RandomBatch } from "../network/batch.ts";
import type { Network } from "../network/network.ts";
import { Generator, type Seed } from "../network/random.ts";
import { factorsOf, shapeIn, type Sizes } from "../network/shape.ts";
import type { Marks } from "../network/words.ts";
import type { Numbers } from "./hint.ts";
import { drawNumbers } from "./row.ts";
import { answerExtents, shapeOf, sizeNamesOf, tensorOf, type FunctionStep } from "./step.ts";
import { boundedTruthOf, branchesOf, truthOf, type Branch } from "./truth.ts";

/** One question to a step: its inputs, and what the answer should be. */
export interface Case {
  readonly step: FunctionStep;
  /** The sizes that the step's tensors have; a step with lines of its own has no others. */
  readonly sizes: Sizes;
  /** The tensors the step is given, by name: float32, each rounded once, and indices. */
  readonly given: Named<Tensor>;
  /**
   * The vector-Jacobian product in float64 at exactly these values, with the magnitudes that tolerances are based on.
   * Computed when first needed: learner code can run in the meantime.
   */
  readonly truth: Measured;
  /** The truth with larger magnitudes, if the step is deep: see boundedTruthOf. */
  readonly bounded: Measured;
  /** The branches, or terms, whose sum is the truth, each with its name; computed when first needed. */
  readonly branches: readonly Branch[];
  /** Special entries of the random batch. */
  readonly marks?: Marks;
  /** Which small numbers it is, if it is any: those of the step's hints, many of them zero, or hostile ones. */
  readonly small?: "hints" | "hostile";
}

/**
 * The random batches of a seed.
 *
 * @param seed the same seed gives the same batches
 */
export function makeBatches({ batches }: Network, seed: Seed): readonly RandomBatch[] {
  return batches.draw(new Generator(seed));
}

/** A step's case from a random batch: upstream gradients are normal numbers, so that no mistake hides behind zeros. */
export function makeCase(step: FunctionStep, batch: RandomBatch, generator: Generator): Case {
  const { sizes, indices, value, marks, arrangement } = batch;
  const arranged = (numbers: Tensor): Tensor => arrange(numbers, arrangement, generator);
  if (step.example) {
    const own = sizesOfTables(step, sizes);
    return ownCase(step, own, indices, (name, shape, drawn) => {
      const draw = step.draw?.[name];
      if (!draw && step.roles[name] === "index") throw new Error(`${step.id}: the indices ${name} need a draw`);
      return draw ? draw(generator, shape, drawn, arranged) : arranged(drawNumbers(generator, shape));
    });
  }
  const upstream = (name: string): Tensor => arranged(generator.randn(...shapeIn(shapeOf(step, name), sizes)));
  return caseOf(step, sizes, indices, value, upstream, marks);
}

/** The case of a batch with known forward values and gradients, such as the lecture's own. */
export function caseFromBatch(
  step: FunctionStep,
  sizes: Sizes,
  indices: Indices,
  values: Readonly<Named<Tensor>>,
  gradients: Readonly<Named<Tensor>>,
): Case {
  return caseOf(
    step,
    sizes,
    indices,
    (name) => values[name]!,
    (name) => gradients[tensorOf(name)]!,
  );
}

/** The case of a step with lines of its own at its example's numbers, which are used instead of the lecture's batch. */
export function exampleCase(step: FunctionStep): Case {
  const sizes: Record<string, number> = {};
  const read = (name: string): Tensor => tensorIn(step, name, step.example![name]!);
  for (const name of Object.keys(step.example!)) {
    const { shape } = read(name);
    // a product of sizes follows from its factors
    for (const [dim, extent] of shapeOf(step, name).entries())
      if (factorsOf(extent).length === 1) sizes[extent] = shape[dim]!;
  }
  return ownCase(step, sizes, {}, read);
}

/** Numbers as one of a step's tensors: indices if that is its role. */
function tensorIn({ roles }: FunctionStep, name: string, numbers: Numbers): Tensor {
  return roles[name] === "index" ? tensor(numbers, undefined, "int32") : tensor(numbers);
}

/** A case with some of the given tensors replaced. */
export function caseWith(
  { step, sizes, given: before, marks }: Pick<Case, "step" | "sizes" | "given" | "marks">,
  others: Readonly<Named<Tensor>>,
): Case {
  return caseAt(step, sizes, { ...before, ...others }, marks);
}

/** The shape that a case's answer must have. */
export function answerShape({ step, sizes }: Pick<Case, "step" | "sizes">): Shape {
  return shapeIn(answerExtents(step), sizes);
}

/** A case of a step with lines of its own: inputs and upstream gradients are taken, outputs computed. */
function ownCase(
  step: FunctionStep,
  sizes: Sizes,
  indices: Indices,
  take: (name: string, shape: Shape, taken: Readonly<Named<Tensor>>) => Tensor,
): Case {
  const values: Named<Tensor> = {};
  const of = (name: string): Tensor => take(name, shapeIn(shapeOf(step, name), sizes), values);
  const own = step.runs.flat();
  const outputs = new Set(own.map(({ output }) => output));
  for (const name of own.flatMap(({ inputs }) => inputs)) if (!outputs.has(name)) values[name] ??= of(name);
  for (const line of own) {
    const read = (name: string): Measured | Tensor =>
      step.roles[name] === "index" ? values[name]! : Measured.from(values[name]!);
    const inputs = Object.fromEntries(line.inputs.map((name) => [name, read(name)]));
    values[line.output] = evaluate<Measured>(line, inputs).toTensor();
  }
  return caseOf(step, sizes, { ...indices, ...values }, (name) => values[name]!, of);
}

/** The sizes of a step's own tables, from those of a batch: equally random, and equally far apart. */
function sizesOfTables(step: FunctionStep, sizes: Sizes): Sizes {
  const { tables = {} } = step.network.batches;
  const names = sizeNamesOf(step);
  const all = Object.keys({ ...tables, ...sizes }).filter((name) => names.includes(name));
  return Object.fromEntries(all.map((name) => [name, sizes[tables[name] ?? name]!]));
}

function caseOf(
  step: FunctionStep,
  sizes: Sizes,
  indices: Indices,
  value: (name: string) => Tensor,
  gradient: (name: string) => Tensor,
  marks?: Marks,
): Case {
  const given: Named<Tensor> = {};
  for (const name of step.given) {
    const role = step.roles[name];
    given[name] = role === "index" ? indices[name]! : role === "upstream" ? gradient(name) : value(name);
  }
  return caseAt(step, sizes, given, marks);
}

/** The case of a step's small numbers. */
export function smallCaseOf(
  step: FunctionStep,
  sizes: Sizes,
  given: Readonly<Named<Tensor>>,
  small: "hints" | "hostile",
): Case {
  return caseAt(step, sizes, given, undefined, small);
}

function caseAt(
  step: FunctionStep,
  sizes: Sizes,
  given: Readonly<Named<Tensor>>,
  marks: Marks | undefined,
  small?: Case["small"],
): Case {
  let truth: Measured | undefined;
  let bounded: Measured | undefined;
  let branches: readonly Branch[] | undefined;
  return {
    step,
    sizes,
    given,
    ...(marks && { marks }),
    ...(small && { small }),
    get truth() {
      return (truth ??= truthOf(step, given));
    },
    get bounded() {
      return (bounded ??= step.isDeep ? boundedTruthOf(step, given) : this.truth);
    },
    get branches() {
      return (branches ??= branchesOf(step, given));
    },
  };
}
