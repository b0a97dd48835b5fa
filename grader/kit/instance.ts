import { tensor, zeros, type Tensor } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import { Generator } from "../network/random.ts";
import { makeCase, smallCaseOf, type Case } from "./case.ts";
import type { Numbers, StepHints } from "./hint.ts";
import { evaluate } from "../network/backward.ts";
import type { Named } from "../network/named.ts";
import type { Line } from "../network/line.ts";
import { shapeOfTensor } from "../network/network.ts";
import { factorsOf, shapeIn, type Sizes } from "../network/shape.ts";
import { answerName, shapeOf, tensorOf, type FunctionStep, type Step } from "./step.ts";
import { truthOf, type Given } from "./truth.ts";

type InstanceNumbers = NonNullable<StepHints["numbers"]>;

/** A step with numbers small enough to work on paper. */
export interface Instance {
  /** Its numbers and everything computed from them, by name: float64 values, or indices. */
  values: Named<Measured | Tensor>;
  /**
   * What the step's function is called with, in float32, and zeros for what the answer does not depend on; empty for a step
   * that is no function of given tensors.
   */
  given: Named<Tensor>;
  /** The name of its result, which is among the values. */
  answer: string;
}

/** The small instance of a step's second hint: forward values and the answer are computed by the float64 reference. */
export function smallInstance(step: Step): Instance {
  const { numbers, sizes, result } = step.hints;
  if (step.kind === "function") return instanceOf(step, numbers ?? step.example ?? {}, sizes ?? {});
  if (!result) throw new Error(`${step.id}: hints to a step that is no function of given tensors need a result`);
  const known = Object.fromEntries(Object.entries(numbers ?? {}).map(([name, value]) => [name, measured(value)]));
  return { values: { ...known, [result.name]: result.of(known) }, given: {}, answer: result.name };
}

const SEED = 1;

/** Whether a step has small numbers; those of an exam have none. */
export function hasSmallNumbers({ hints, example }: FunctionStep): boolean {
  return (hints.numbers ?? example) !== undefined;
}

/**
 * What a step is given at its small numbers: float32, and indices. What the answer does not depend on is zero. A step
 * without small numbers is given drawn ones, always the same.
 */
export function smallGiven(step: FunctionStep): Given {
  if (!hasSmallNumbers(step)) {
    return makeCase(step, step.network.batches.plain(new Generator(SEED)), new Generator(SEED)).given;
  }
  const { numbers, sizes } = step.hints;
  return numbersOf(step, numbers ?? step.example ?? {}, sizes ?? {}).given;
}

/** The cases of a step's small numbers: those of its hints, unless they are its example, which is asked anyway, and hostile ones. */
export function smallCases(step: FunctionStep): Case[] {
  const { hints, hostile } = step;
  const made = (small: "hints" | "hostile", numbers: InstanceNumbers | undefined): Case[] => {
    if (!numbers) return [];
    const { sizes = {} } = hints;
    return [smallCaseOf(step, sizesOf(step, numbers, sizes), numbersOf(step, numbers, sizes).given, small)];
  };
  return [...made("hints", hints.numbers), ...made("hostile", hostile)];
}

function instanceOf(step: FunctionStep, numbers: InstanceNumbers, others: Sizes): Instance {
  const { known, indices, given } = numbersOf(step, numbers, others);
  const answer = answerName(step);
  return { values: { ...known, ...indices, [answer]: truthOf(step, given) }, given, answer };
}

/** The small numbers of a step: all forward values that can be computed, its indices, and what it is given. */
function numbersOf(
  step: FunctionStep,
  numbers: InstanceNumbers,
  others: Sizes,
): { known: Named<Measured>; indices: Named<Tensor>; given: Named<Tensor> } {
  const indexShapes = { ...step.network.indices, ...step.indices };
  const sizes = sizesOf(step, numbers, others);
  const indices = Object.fromEntries(
    Object.entries(indexShapes).map(([name, extents]) => {
      const shape = shapeIn(extents, sizes);
      return [name, tensor(numbers[name] ?? zeros(shape).toArray(), numbers[name] ? undefined : shape, "int32")];
    }),
  );
  const known: Named<Measured> = {};
  for (const [name, value] of Object.entries(numbers)) if (!(name in indices)) known[name] = measured(value);
  for (const line of linesFor(step)) {
    // what cannot be computed from the numbers is no part of the instance
    if (line.output in known || !line.inputs.every((name) => name in known || name in numbers)) continue;
    known[line.output] = evaluate<Measured>(line, { ...known, ...indices });
  }
  const given: Named<Tensor> = {};
  for (const name of step.given) {
    if (step.roles[name] === "index") given[name] = indices[name]!;
    else given[name] = known[name]?.toTensor() ?? zeros(shapeIn(shapeOf(step, name), sizes));
  }
  return { known, indices, given };
}

/** The network's lines, with a step's own instead of those with the same output, and then the step's others. */
function linesFor({ network, runs }: FunctionStep): Line[] {
  const own = new Map(runs.flat().map((line) => [line.output, line]));
  const all = network.lines.map((line) => own.get(line.output) ?? line);
  return [...new Set([...all, ...own.values()])];
}

/** The sizes of the numbers; 2 for any other. */
function sizesOf(step: FunctionStep, numbers: InstanceNumbers, others: Sizes): Sizes {
  const { network } = step;
  const names = Object.keys(network.words.sizes).flatMap(factorsOf);
  const sizes: Record<string, number> = { ...Object.fromEntries(names.map((name) => [name, 2])), ...others };
  for (const [name, value] of Object.entries(numbers)) {
    const extents = step.shapes[name] ?? shapeOfTensor(network, name) ?? shapeOfTensor(network, tensorOf(name)) ?? [];
    const { shape } = tensor(value);
    for (const [dim, extent] of extents.entries()) if (factorsOf(extent).length === 1) sizes[extent] = shape[dim]!;
  }
  return sizes;
}

function measured(values: Numbers): Measured {
  return Measured.from(tensor(values));
}
