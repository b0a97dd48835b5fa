import { tensor, type Tensor } from "#tensor";
import { Measured } from "../../grader/autograd/measured.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import type { Batch } from "../../grader/course/makemore/lines.ts";
import { differentiateLines, evaluate } from "../../grader/network/backward.ts";
import type { Named } from "../../grader/network/named.ts";
import { lines } from "../../grader/course/makemore/lines.ts";
import { type FunctionStep, tensorOf } from "../../grader/kit/step.ts";
import type { Line } from "../../grader/network/line.ts";

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

/** A matrix with its header, and how its numbers are written, if not in the usual way. */
export type Column = readonly [header: string, values: Measured | Tensor, write?: (x: number) => string];

/** Numbers that are longer when written in full are rounded. */
const SHORT = 8;
const DECIMALS = 4;

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
export function waysBack(step: FunctionStep, { values, batch, gradients }: Worked): Column[] {
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
    .map(([, part]) => part as Measured)
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

/** Matrices side by side, one group below the other. Long numbers are rounded to four decimals. */
export function draw(groups: readonly (readonly Column[])[]): string {
  return groups
    .map((columns) => {
      const blocks = columns.map(([header, values, write = written]) => [
        `${header} [${values.shape.join(", ")}]`,
        ...rows(values, write),
      ]);
      const widths = blocks.map((block) => Math.max(...block.map((row) => row.length)));
      const height = Math.max(...blocks.map((block) => block.length));
      const drawn = Array.from({ length: height }, (_, i) =>
        blocks
          .map((block, j) => (block[i] ?? "").padEnd(widths[j]!))
          .join("    ")
          .trimEnd(),
      );
      return drawn.join("\n");
    })
    .join("\n\n");
}

/** A row of text for each row of a matrix; a tensor of three dimensions has bars between its inner rows. */
function rows(values: Measured | Tensor, write: (x: number) => string): string[] {
  const numbers = Array.from(values instanceof Measured ? values.value : values.toArray(), write);
  const columns = values.shape.at(-1) ?? 1;
  const perRow = values.shape.length > 1 ? numbers.length / values.shape[0]! : numbers.length;
  const widths = Array.from({ length: columns }, (_, j) =>
    Math.max(...numbers.filter((_, i) => i % columns === j).map((text) => text.length)),
  );
  return Array.from({ length: numbers.length / perRow }, (_, row) => {
    const cells = numbers.slice(row * perRow, (row + 1) * perRow).map((text, i) => text.padStart(widths[i % columns]!));
    const groups = Array.from({ length: perRow / columns }, (_, k) => cells.slice(k * columns, (k + 1) * columns));
    return groups.map((group) => group.join("  ")).join("  |  ");
  });
}

export function written(x: number): string {
  const text = String(x).length <= SHORT ? String(x) : x.toFixed(DECIMALS).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}
