import { tensor, type Tensor } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import { functionSteps } from "./steps.ts";
import type { Batch } from "./makemore/lines.ts";
import { differentiateLines, evaluate } from "../network/backward.ts";
import type { Named } from "../network/named.ts";
import { lines } from "./makemore/lines.ts";
import { type FunctionStep, tensorOf } from "../kit/step.ts";
import type { Line } from "../network/line.ts";

/** Numbers as they are written down: one, a row, a matrix. */
export type Numbers = number | readonly Numbers[];

/** The numbers that a worked example starts from; all others are computed. */
export interface Instance {
  /** Forward values that are given rather than computed by a line, by name. */
  inputs: Readonly<Record<string, Numbers>>;
  Xb?: Numbers;
  Yb?: Numbers;
  /** Upstream gradients, by name (`dh`). The gradient of the loss is 1. */
  upstream?: Readonly<Record<string, Numbers>>;
}

/** An example worked through in float64: every value and gradient that its numbers lead to. */
export interface Worked {
  values: Named<Measured>;
  batch: Batch;
  /** By tensor: the gradient of h is called h here. */
  gradients: Named<Measured>;
}

/** The forward lines that can be computed, then the course's steps as far as upstream gradients are known. */
export function work({ inputs, Xb = [], Yb = [], upstream = {} }: Instance): Worked {
  const batch: Batch = { Xb: indices(Xb), Yb: indices(Yb) };
  const values: Named<Measured> = {};
  for (const [name, numbers] of Object.entries(inputs)) values[name] = float64(numbers);
  const has = (name: string): boolean => name in values || (name in batch && batch[name as "Xb"].numel() > 0);
  for (const line of lines as readonly Line[]) {
    if (!has(line.output) && line.inputs.every(has))
      values[line.output] = evaluate<Measured>(line, { ...values, ...batch });
  }
  const gradients: Named<Measured> = {};
  for (const [name, numbers] of Object.entries(upstream)) gradients[name.slice(1)] = float64(numbers);
  if (values["loss"]) gradients["loss"] = float64(1);
  const worked = { values, batch, gradients };
  for (const step of functionSteps.filter(({ part }) => part === 1)) {
    const ready = step.runs.flat().every(({ output, inputs }) => output in gradients && inputs.every(has));
    if (ready) gradients[step.tensor] ??= gradientOf(step, worked);
  }
  return worked;
}

/** The gradient of each of the step's branches (for a fused step: of all of its lines together). */
export function waysBack(step: FunctionStep, { values, batch, gradients }: Worked): [way: string, part: Measured][] {
  return step.runs.map((run) => {
    const last = run.at(-1)!.output;
    const parts = differentiateLines(run, values, batch, { [last]: gradients[last]! });
    return [`through ${last}`, parts[step.tensor]!];
  });
}

/** What the lines of a step that asks for a value compute, by name, from what it is given. */
export function computed(step: FunctionStep, { values, batch, gradients }: Worked): Named<Measured> {
  const all: Named<Measured> = {};
  for (const name of step.given) {
    const value = step.roles[name] === "upstream" ? gradients[tensorOf(name)] : values[name];
    if (value) all[name] = value;
  }
  for (const line of step.runs.flat()) all[line.output] = evaluate<Measured>(line, { ...all, ...batch });
  return all;
}

/** The step's answer. */
export function gradientOf(step: FunctionStep, worked: Worked): Measured {
  return waysBack(step, worked)
    .map(([, part]) => part)
    .reduce((sum, part) => sum.add(part));
}

export function float64(numbers: Numbers): Measured {
  return new Measured(shapeOf(numbers), Float64Array.from(flat(numbers)));
}

function indices(numbers: Numbers): Tensor {
  return tensor(Int32Array.from(flat(numbers)), shapeOf(numbers), "int32");
}

function flat(numbers: Numbers): number[] {
  return typeof numbers === "number" ? [numbers] : numbers.flatMap(flat);
}

function shapeOf(numbers: Numbers): number[] {
  return typeof numbers === "number" ? [] : [numbers.length, ...shapeOf(numbers[0] ?? 0)];
}
