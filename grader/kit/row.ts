import { tensor, type Shape, type Tensor } from "#tensor";
import type { Measured } from "../autograd/measured.ts";
import type { Indices, Named } from "../network/named.ts";
import type { Line } from "../network/line.ts";
import type { Generator } from "../network/random.ts";
import type { Extent } from "../network/shape.ts";

/** A table of numbers as a lesson prints it. */
export type Table = readonly (readonly number[])[];

/**
 * What a step asks for. It is written out where the step has lines of its own, and derived from the network's lines
 * everywhere else (derive.ts).
 */
export interface Row {
  /** Names the step everywhere. */
  readonly id: string;
  /** The tensor whose gradient is asked for, or the tensor itself. */
  readonly tensor: string;
  readonly asks: "gradient" | "value";
  readonly given: readonly string[];
  /** What the rows of the answer sum to, where a reader can check an answer by it. */
  readonly rowSums?: number;
  /** Forward lines that are shown before the others, and compute nothing here: not all of their inputs are given. */
  readonly before?: readonly Line[];
  /**
   * Runs of forward lines: for a gradient, one for each way that it comes back on; for a value, those that compute it.
   */
  readonly runs: readonly (readonly Line[])[];
  /** The shapes of what none of its lines computes, the network's own tensors aside. */
  readonly inputs?: Readonly<Record<string, readonly Extent[]>>;
  /** Custom random draws, by tensor name; everything else is normal numbers. */
  readonly draw?: Readonly<Record<string, Draw>>;
  /**
   * Small numbers for what is not computed by a line: those of the lesson, and of the report's first line. A step
   * without them is given tensors of the network's, and the report's first line is about the lecture's batch.
   */
  readonly example?: Readonly<Record<string, Table>>;
  /** In a run of several lines: the terms that its closed form has. */
  readonly terms?: Terms;
  /** Another way to the same numbers, from what is given, that rounds in other places: tolerances allow for both. */
  readonly otherWay?: (values: Named<Measured>, indices: Indices) => Measured;
  /** A given tensor whose softmax over each row the lines compute, and what one of its numbers is called. */
  readonly softmaxOf?: { readonly given: string; readonly one: string };
  /** What a run begins with or computes and the step is not given, had back from what it is given. */
  readonly recover?: (values: Readonly<Named<Measured>>) => Named<Measured>;
  /** Given values that can be had again from others, with the magnitude that this way has: tolerances allow for it. */
  readonly remeasured?: (values: Readonly<Named<Measured>>) => Named<Measured>;
}

/** The terms of a closed form, by the ways that they come back. */
export interface Terms {
  /** What the term is called that comes back on none of the other ways. */
  readonly direct: string;
  /** What the others are called, by the output that each comes back through. */
  readonly through: Readonly<Record<string, string>>;
  /** The outputs that nothing comes back through when all terms are there. */
  readonly idle: readonly string[];
}

/**
 * Draws a tensor of a shape, which may depend on those that were drawn before it.
 *
 * @param arranged numbers that may stand in any order and have any sign, as the batch arranges them (arrangement.ts)
 */
export type Draw = (
  generator: Generator,
  shape: Shape,
  drawn: Readonly<Named<Tensor>>,
  arranged: (numbers: Tensor) => Tensor,
) => Tensor;

/** Normal numbers, none of them zero. */
export function drawNumbers(generator: Generator, shape: Shape): Tensor {
  // one in a few million is zero, where a factor cannot be had again by dividing the product by the other
  const numbers = generator.randn(...shape).toArray();
  return tensor(
    numbers.map((x) => (x === 0 ? 1 : x)),
    shape,
  );
}
