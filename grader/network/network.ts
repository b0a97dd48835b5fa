import type { Shape } from "#tensor";
import type { Measured } from "../autograd/measured.ts";
import type { Batches } from "./batch.ts";
import { gradedTensors, lineOf, type Line } from "./line.ts";
import type { Named } from "./named.ts";
import { factorsOf, type Extent, type Sizes } from "./shape.ts";
import type { Words } from "./words.ts";

/** A network as a value: its forward pass as a table of lines, and everything that cannot be derived from the lines. */
export interface Network {
  /** Its name in texts. */
  readonly name: string;
  /** The forward pass, in order. */
  readonly lines: readonly Line[];
  /** The parameters with their shapes, in the order in which they are drawn and reported. */
  readonly parameters: Readonly<Record<string, readonly Extent[]>>;
  /** Index tensors that the lines read, such as a batch's labels. They have no gradient. */
  readonly indices: Readonly<Record<string, readonly Extent[]>>;
  /** Inputs that are neither parameters nor indices: a batch of numbers. */
  readonly inputs?: Readonly<Record<string, readonly Extent[]>>;
  /** The output whose gradient is 1 and is given to no step. */
  readonly loss: string;
  /** What its sizes and the places of its tensors are called. */
  readonly words: Words;
  readonly batches: Batches;
  /**
   * Names the file with the batch that reports and the chain are about: tensors and gradients that PyTorch computed. A
   * network without one has a batch drawn, the same each time.
   */
  readonly stored?: string;
  /**
   * Applied to each line's output when the whole backward pass is computed in float64: which values count as given, so
   * that the magnitudes are those of the backward pass. By default all values do.
   */
  readonly settle?: (value: Measured, output: string) => Measured;
}

type Shapes = Network["parameters"];
type NamesOfLine = Pick<Line, "output" | "inputs">;

/** A line whose names the type checker knows; what its expression reads is checked where the line is written. */
type NamedLine<L extends NamesOfLine> = L extends NamesOfLine
  ? Omit<Line, "output" | "inputs"> & Pick<L, "output" | "inputs">
  : never;

/** What a network is made from, with the names of its lines, of its index tensors and of its other inputs. */
interface Declared<
  Lines extends readonly NamesOfLine[],
  Indices extends Shapes,
  Inputs extends Shapes,
  Loss extends string,
> extends Omit<Network, "lines" | "indices" | "inputs" | "loss"> {
  readonly lines: Lines;
  readonly indices: Indices;
  readonly inputs?: Inputs;
  readonly loss: Loss;
}

/** A network whose names the type checker knows, so that the rooms of its steps are typed by them. */
export function networkOf<
  const Lines extends readonly NamesOfLine[],
  const Indices extends Shapes,
  const Loss extends Lines[number]["output"],
  const Inputs extends Shapes = Readonly<Record<never, readonly Extent[]>>,
>(
  network: Declared<Lines, Indices, Inputs, Loss>,
): Declared<readonly NamedLine<Lines[number]>[], Indices, Inputs, Loss> {
  return { ...network, lines: network.lines as readonly NamesOfLine[] as readonly NamedLine<Lines[number]>[] };
}

/** What the batch is called that reports and the chain are about. */
export function ownBatchOf({ stored }: Network): string {
  return stored === undefined ? "a drawn batch" : "the lecture's batch";
}

/** Whether a name is one of the network's own tensors. */
export function isTensorOf({ lines, ...network }: Network, name: string): boolean {
  return (
    name in network.parameters || name in network.indices || name in (network.inputs ?? {}) || !!lineOf(lines, name)
  );
}

/** The shape of a tensor of the network; undefined if there is none of that name. A gradient has its tensor's shape. */
export function shapeOfTensor(
  { lines, parameters, indices, inputs }: Network,
  name: string,
): readonly Extent[] | undefined {
  return parameters[name] ?? indices[name] ?? inputs?.[name] ?? lineOf(lines, name)?.shape;
}

/** The network's tensors whose gradients are asked for, in backward order. */
export function gradedTensorsOf({ lines, indices, inputs = {} }: Network): string[] {
  return gradedTensors(lines, (name) => name in indices || name in inputs);
}

/** What a forward pass begins with, index tensors aside: the parameters and, where there are any, a batch of numbers. */
export function startNamesOf({ parameters, inputs = {} }: Network): string[] {
  return Object.keys({ ...parameters, ...inputs });
}

/** The sizes of a batch, read from the shapes of its tensors; in the order in which the network's words have them. */
export function sizesOfBatch(network: Network, tensors: Readonly<Named<{ readonly shape: Shape }>>): Sizes {
  const found: Record<string, number> = {};
  const extents = Object.entries(tensors).flatMap(([name, { shape }]) =>
    (shapeOfTensor(network, name) ?? []).map((extent, dim) => ({ names: factorsOf(extent), size: shape[dim]! })),
  );
  // a size that occurs in products alone follows from one whose other factors are known
  for (const { names, size } of extents.toSorted((a, b) => a.names.length - b.names.length)) {
    const [name, ...others] = names.filter((factor) => !(factor in found));
    if (name === undefined || others.length > 0) continue;
    found[name] = size / names.reduce((known, factor) => known * (found[factor] ?? 1), 1);
  }
  const names = Object.keys(network.words.sizes).filter((name) => name in found);
  return Object.fromEntries(names.map((name) => [name, found[name]!]));
}

/** The parameters' names, in the order in which they are drawn and reported. */
export function parameterNamesOf({ parameters }: Network): string[] {
  return Object.keys(parameters);
}
