import type { Step } from "../../kit/step.ts";
import type { Extent } from "../../network/shape.ts";

/** The tensors that a step's code gets, with their shapes, and the sizes that they have. */
export interface StepNames {
  /** By their names, in the order in which the step is given them. */
  readonly shapes: Readonly<Record<string, readonly Extent[]>>;
  /** Those that hold indices. */
  readonly indices: readonly string[];
  /** The shapes of what functions of its own return, by their names. */
  readonly results?: Readonly<Record<string, readonly Extent[]>>;
  /** Other names, which are numbers. */
  readonly numbers?: readonly string[];
  /** Whether everything of #tensor is in scope without an import. */
  readonly isImported?: true;
  /** Whether they must stay as they are; a training loop updates its parameters. */
  readonly isKept: boolean;
}

export function stepNames(step: Step): StepNames {
  if (step.kind === "train") {
    const { parameters, indices } = step.network;
    return { shapes: { ...parameters, ...indices }, indices: Object.keys(indices), isKept: false };
  }
  if (step.kind === "program") return { shapes: {}, indices: [], isKept: true };
  const shapes = Object.fromEntries(step.given.map((name) => [name, step.shapes[name] ?? []]));
  // a line that says what a function does: lossOf(spot) = ...
  const calls = (step.before ?? []).flatMap(({ output, shape }) => {
    const [, called] = /^(\w+)\(/.exec(output) ?? [];
    return called === undefined ? [] : [[called, shape] as const];
  });
  const indices = step.given.filter((name) => step.roles[name] === "index");
  return { shapes, indices, results: Object.fromEntries(calls), isKept: true };
}

/** Whether a name is that of a size, such as n, which the lecture has as a global variable. */
export function isSize(name: string, { shapes }: StepNames): boolean {
  return Object.values(shapes).some((extents) => extents.includes(name));
}

const dimensions: Readonly<Record<string, readonly string[]>> = { 2: ["rows", "columns"] };

/**
 * Where a size comes from: "n is the number of rows: const n = counts.size(0)".
 *
 * @returns undefined if no tensor that the step is given has it
 */
export function sizeNote(name: string, names: StepNames): string | undefined {
  const { shapes } = names;
  const owner = Object.keys(shapes).find((one) => shapes[one]!.includes(name));
  if (owner === undefined) return undefined;
  const dim = shapes[owner]!.indexOf(name);
  const counted = dimensions[shapes[owner]!.length]?.[dim];
  const what = counted === undefined ? `the size of dimension ${dim}` : `the number of ${counted}`;
  return `${name} is ${what} of ${owner}: const ${name} = ${sizeOf(name, names)}`;
}

/** How a size is written: n as counts.size(0). */
export function sizeOf(name: string, { shapes }: StepNames): string | undefined {
  const owner = Object.keys(shapes).find((one) => shapes[one]!.includes(name));
  return owner === undefined ? undefined : `${owner}.size(${shapes[owner]!.indexOf(name)})`;
}
