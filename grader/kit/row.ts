import { tensor, type Shape, type Tensor } from "#tensor";
import type { Measured } from "../autograd/measured.ts";
import type { Indices, Named } from "../network/named.ts";
import type { Line } from "../network/line.ts";
import type { Generator } from "../network/random.ts";
import type { Extent } from "../network/shape.ts";
import type { Numbers } from "./hint.ts";

/**
 * What a step asks for. It is written out if the step has lines of its own, and derived from the network's lines
 * otherwise (derive.ts).
 */
export interface Row {
  /** Names the step everywhere. */
  readonly id: string;
  /** The tensor whose gradient is asked for, or the tensor itself. */
  readonly tensor: string;
  readonly asks: "gradient" | "value";
  readonly given: readonly string[];
  /** What the rows of the answer sum to, if that is a way to check an answer. */
  readonly rowSums?: number;
  /** Forward lines that are shown before the others but not computed: not all of their inputs are given. */
  readonly before?: readonly Line[];
  /**
   * Runs of forward lines: for a gradient, one per branch; for a value, those that compute it.
   */
  readonly runs: readonly (readonly Line[])[];
  /** The shapes of tensors that none of its lines computes, except the network's own. */
  readonly inputs?: Readonly<Record<string, readonly Extent[]>>;
  /**
   * The shapes of index tensors of its own, which have no gradient. Each needs a draw; it is drawn after the tensors that
   * come before it among its line's inputs.
   */
  readonly indices?: Readonly<Record<string, readonly Extent[]>>;
  /** Custom random draws, by tensor name; everything else is normal numbers. */
  readonly draw?: Readonly<Record<string, Draw>>;
  /**
   * Small numbers for the tensors that no line computes, used by the lesson and by the report's first line. A step
   * without them is given the network's tensors, and the report's first line is about the lecture's batch.
   */
  readonly example?: Readonly<Record<string, Numbers>>;
  /** For a run of several lines: the terms of its closed form. */
  readonly terms?: Terms;
  /** Another way to compute the same numbers from the given ones, with other roundings: tolerances allow for both. */
  readonly otherWay?: (values: Named<Measured>, indices: Indices) => Measured;
  /**
   * For a run of so many lines that the sizes of all errors, added up, allow far more than right answers need: the unit of
   * tolerances is the standard deviation of the rounding error, carried through all lines, forward and backward.
   */
  readonly isDeep?: true;
  /** A given tensor of which the lines compute the softmax over each row, and what one of its entries is called. */
  readonly softmaxOf?: { readonly given: string; readonly one: string };
  /** Small numbers that show what random ones hide: an answer is judged on them as well as on those of the hints. */
  readonly hostile?: Readonly<Record<string, Numbers>>;
  /** Computes what a run starts from or computes, but the step is not given, from what it is given. */
  readonly recover?: (values: Readonly<Named<Measured>>) => Named<Measured>;
  /** Given values that can be recomputed from others, with the magnitudes of that computation: tolerances allow for it. */
  readonly remeasured?: (values: Readonly<Named<Measured>>) => Named<Measured>;
}

/** The terms of a closed form, by branch. */
export interface Terms {
  /** The name of the term that belongs to none of the other branches. */
  readonly direct: string;
  /** The names of the others, by the output whose branch each one is. */
  readonly through: Readonly<Record<string, string>>;
  /** The outputs through which no gradient flows once all terms are counted. */
  readonly idle: readonly string[];
}

/**
 * Draws a tensor of a shape, which may depend on those that were drawn before it.
 *
 * @param arranged arranges numbers that may be in any order and have any sign as the batch requires (arrangement.ts)
 */
export type Draw = (
  generator: Generator,
  shape: Shape,
  drawn: Readonly<Named<Tensor>>,
  arranged: (numbers: Tensor) => Tensor,
) => Tensor;

/** Normal numbers, none of them zero. */
export function drawNumbers(generator: Generator, shape: Shape): Tensor {
  // one in a few million is zero, and then a factor cannot be recovered by dividing the product by the other
  const numbers = generator.randn(...shape).toArray();
  return tensor(
    numbers.map((x) => (x === 0 ? 1 : x)),
    shape,
  );
}
