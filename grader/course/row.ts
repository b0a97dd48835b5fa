import { tensor, type Shape, type Tensor } from "#tensor";
import type { Named } from "../model/backward.ts";
import { lines, type Extent, type Line } from "../model/lines.ts";
import type { Generator } from "../model/random.ts";

/** A table of numbers as a lesson prints it. */
export type Table = readonly (readonly number[])[];

/**
 * A step's lines, in the form of the model's or its own, and one gradient, or one value, that is asked for.
 */
export interface Row {
  /** The function's name, and the step's id. */
  readonly id: string;
  /** The tensor whose gradient is asked for, or the tensor itself. */
  readonly tensor: string;
  readonly asks: "gradient" | "value";
  readonly given: readonly string[];
  /** The shapes of the tensors that no line computes and that are no network's. */
  readonly inputs?: Readonly<Record<string, readonly Extent[]>>;
  /** What the rows of the answer sum to, where a reader can check an answer by it. */
  readonly rowSums?: number;
  /** Forward lines that are shown before the others, and compute nothing here: not all of their inputs are given. */
  readonly before?: readonly Line[];
  /**
   * Runs of forward lines: for a gradient, one for each way that it comes back on; for a value, those that compute it.
   */
  readonly runs: readonly (readonly Line[])[];
  /** How random numbers are drawn for what is to be of a kind of its own; all else is normal numbers. */
  readonly draw?: Readonly<Record<string, Draw>>;
  /**
   * Small numbers for what is not computed by a line: those of the lesson, and of the report's first line. A step
   * without them is given tensors of the model's, and the report's first line is about the lecture's batch.
   */
  readonly example?: Readonly<Record<string, Table>>;
}

/**
 * Draws a tensor of a shape, which may hang on those that were drawn before it.
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

/** The shapes of the tensors that are some rows' own: what their lines compute, the model's aside, and their inputs. */
export function shapesOf(
  rows: readonly Pick<Row, "runs">[],
  inputs: Readonly<Record<string, readonly Extent[]>>,
): Readonly<Record<string, readonly Extent[]>> {
  const own = rows.flatMap(({ runs }) => runs.flat()).filter((line) => !(lines as readonly Line[]).includes(line));
  return { ...inputs, ...Object.fromEntries(own.map(({ output, shape }) => [output, shape])) };
}
