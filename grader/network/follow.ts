import type { Shape } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import type { Operations } from "../autograd/operations.ts";
import { differentiate, NoGradientError, pushForward, type Variable } from "../autograd/tape.ts";
import { sizeOf } from "../tensor/shape.ts";
import { differentiateLines, evaluate } from "./backward.ts";
import { lineOf, linesUsing, type Line } from "./line.ts";
import type { Indices, Named } from "./named.ts";

/** Lines at values: every tensor that they read or compute, in float64, and the index tensors. */
export interface Evaluated {
  readonly lines: readonly Line[];
  readonly values: Readonly<Named<Measured>>;
  readonly indices: Indices;
}

/** Some elements of a tensor, by their places in row-major order, rising. */
export interface Elements {
  readonly tensor: string;
  readonly places: readonly number[];
}

/** Elements that one line connects with another element, each with the local gradient between the two. */
export interface Connected extends Elements {
  /** The output of the line. */
  readonly line: string;
  /** By place: the derivative of the line's output with respect to its input, one of which is the followed element. */
  readonly slopes: readonly number[];
}

/** An element's neighbors. */
export interface Neighbors {
  /** The inputs that it is computed from: its value comes from them, and its gradient flows to them. */
  readonly sources: readonly Connected[];
  /** The outputs that are computed from it: its value goes into them, and its gradient comes from theirs. */
  readonly uses: readonly Connected[];
}

/**
 * The elements that a line or two connect with one element: what it is computed from and what is computed from it. Both
 * come from the lines' own vector-Jacobian products, with a single 1 for the local gradients and with a single NaN for
 * what depends on what at all: NaN times a local gradient of 0 is still NaN.
 *
 * @param place the element's place in its tensor, in row-major order
 */
export function neighborsOf(evaluated: Evaluated, tensor: string, place: number): Neighbors {
  const { lines, values } = evaluated;
  const { shape } = values[tensor]!;
  const line = lineOf(lines, tensor);
  return {
    sources: line ? unlessStopped(() => connectedInputs(evaluated, line, shape, place), []) : [],
    uses: linesUsing(lines, tensor).flatMap((use) =>
      unlessStopped(() => connectedOutputs(evaluated, use, tensor, place), []),
    ),
  };
}

/** What is found, or nothing where no gradient flows: a line that only computes values connects no elements. */
function unlessStopped<Found>(find: () => Found, nothing: Found): Found {
  try {
    return find();
  } catch (error) {
    if (error instanceof NoGradientError) return nothing;
    throw error;
  }
}

/** The elements of a line's inputs that one element of its output is computed from. */
function connectedInputs(evaluated: Evaluated, line: Line, shape: Shape, place: number): Connected[] {
  const pulled = (mark: number): Partial<Named<Measured>> =>
    differentiate<string, Measured>(
      expressionOf<Variable<Measured>>(line, evaluated),
      inputsOf(line, evaluated),
      single(shape, place, mark),
    );
  const [marked, slopes] = [pulled(NaN), pulled(1)];
  return Object.keys(marked).flatMap((tensor) => connected(line, tensor, marked[tensor], slopes[tensor]));
}

/** The elements of a line's output that are computed from one element of an input. */
function connectedOutputs(evaluated: Evaluated, line: Line, tensor: string, place: number): Connected[] {
  const { shape } = evaluated.values[tensor]!;
  const pushed = (mark: number): Measured | undefined =>
    pushForward<string, Measured>(
      expressionOf<Variable<Variable<Measured>>>(line, evaluated),
      inputsOf(line, evaluated),
      {
        [tensor]: single(shape, place, mark),
      },
    );
  return connected(line, line.output, pushed(NaN), pushed(1));
}

function connected(
  line: Line,
  tensor: string,
  marked: Measured | undefined,
  slopes: Measured | undefined,
): Connected[] {
  if (!marked || !slopes) return [];
  const places = placesOfNaN(marked);
  if (places.length === 0) return [];
  return [{ line: line.output, tensor, places, slopes: places.map((at) => slopes.value[at]!) }];
}

/** Everything that one element is connected with, along any number of lines; the nearest tensors first. */
export interface Reach {
  /** What it is computed from. */
  readonly before: readonly Elements[];
  /** What is computed from it. */
  readonly after: readonly Elements[];
}

/** Everything that an element is computed from, and everything that is computed from it. */
export function reachOf(evaluated: Evaluated, tensor: string, place: number): Reach {
  const { lines, values, indices } = evaluated;
  const mark = single(values[tensor]!.shape, place, NaN);
  const own = lines.findIndex(({ output }) => output === tensor);
  const earlier = lines.slice(0, own + 1);
  const gradients = unlessStopped(() => differentiateLines<Measured>(earlier, values, indices, { [tensor]: mark }), {});
  const found = Object.entries(gradients).map(([name, marked]) => ({ tensor: name, places: placesOfNaN(marked) }));
  // the lines that compute or first read a tensor say how near it is
  const distance = (name: string): number =>
    own - lines.findLastIndex(({ output, inputs }, i) => i <= own && (output === name || inputs.includes(name)));
  const before = found
    .filter(({ tensor: name, places }) => name !== tensor && places.length > 0)
    .sort((a, b) => distance(a.tensor) - distance(b.tensor));
  return { before, after: elementsAfter(evaluated, { [tensor]: mark }) };
}

/** Marks pushed forward through all lines, line by line. */
function elementsAfter(evaluated: Evaluated, start: Readonly<Named<Measured>>): Elements[] {
  const marks: Named<Measured> = { ...start };
  const found: Elements[] = [];
  for (const line of evaluated.lines) {
    if (!line.inputs.some((name) => name in marks) || line.output in marks) continue;
    const expression = expressionOf<Variable<Variable<Measured>>>(line, evaluated);
    const inputs = inputsOf(line, evaluated);
    const moved = unlessStopped(() => pushForward<string, Measured>(expression, inputs, marks), undefined);
    const places = moved ? placesOfNaN(moved) : [];
    if (!moved || places.length === 0) continue;
    marks[line.output] = moved;
    found.push({ tensor: line.output, places });
  }
  return found;
}

/** A line's expression over its inputs alone: index tensors are there already. */
function expressionOf<X extends Operations<X>>(line: Line, { indices }: Evaluated): (inputs: Readonly<Named<X>>) => X {
  return (inputs) => evaluate<X>(line, { ...inputs, ...indices });
}

/** A line's inputs without index tensors. */
function inputsOf(line: Line, { values, indices }: Evaluated): Named<Measured> {
  return Object.fromEntries(line.inputs.filter((name) => !(name in indices)).map((name) => [name, values[name]!]));
}

/** Zeros with a mark at one place. */
function single(shape: Shape, place: number, mark: number): Measured {
  const value = new Float64Array(sizeOf(shape));
  value[place] = mark;
  return new Measured(shape, value);
}

function placesOfNaN({ value }: Measured): number[] {
  const places: number[] = [];
  for (let i = 0; i < value.length; i++) if (Number.isNaN(value[i]!)) places.push(i);
  return places;
}
