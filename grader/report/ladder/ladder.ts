import type { Shape } from "#tensor";
import type { FunctionStep } from "../../kit/step.ts";
import type { Neighbors, Reach } from "../../network/follow.ts";
import type { Matrix } from "../heatmap/matrix.ts";
import type { Lane } from "./layout.ts";

/** A ladder as plain data, for whatever shows it: it survives structured clone. */
export interface Ladder {
  readonly title: string;
  /** From the first tensors at the top to the loss at the bottom. */
  readonly rungs: readonly LadderRung[];
  /** How many lanes there are side by side. */
  readonly lanes: number;
}

export interface LadderRung {
  readonly name: string;
  /** The expression that computes it; undefined for parameters and inputs. */
  readonly text: string | undefined;
  /** The shape in the sizes' names: "[n, vocab]"; empty for a single number. */
  readonly extents: string;
  readonly shape: Shape;
  /** Tensors that its line reads, index tensors aside, and the lines that use it. */
  readonly inputs: readonly string[];
  readonly uses: readonly string[];
  /** The steps that ask for its gradient, or for itself, the one of its own lines first. */
  readonly steps: readonly RungStep[];
  readonly lane: number;
  readonly joins: readonly Lane[];
  readonly forks: readonly Lane[];
  readonly passes: readonly Lane[];
  readonly value: Shown | undefined;
  /** The reference; undefined if it is not known or not asked for. */
  readonly gradient: Shown | undefined;
}

/** A step as a rung names it. */
export interface RungStep {
  readonly id: string;
  /** Its name on the command line: "5", "0.3". */
  readonly label: string;
  /** What it returns: "dcounts", or "P" if the tensor itself is asked for. */
  readonly answer: string;
  readonly asks: FunctionStep["asks"];
}

/** A tensor as a matrix of numbers, and the absolute value that its strongest color represents. */
export interface Shown {
  readonly matrix: Matrix;
  readonly scale: number;
}

/** One element with all that it is connected with, near and far. */
export interface Trace extends Neighbors, Reach {
  readonly tensor: string;
  /** Its place in the tensor, in row-major order. */
  readonly place: number;
}

/** One summand of a gradient: a local gradient times an upstream gradient. */
export interface Term {
  readonly slope: number;
  readonly upstream: number;
  /** The tensor and the place that the upstream gradient is of. */
  readonly of: string;
  readonly place: number;
}

/**
 * What a gradient's element is the sum of: one term for each element that is computed from the tensor's own. Undefined
 * where an upstream gradient is not known.
 */
export function termsOf({ rungs }: Ladder, { uses }: Pick<Trace, "uses">): Term[] | undefined {
  const terms: Term[] = [];
  for (const { tensor, places, slopes } of uses) {
    const upstream = rungs.find(({ name }) => name === tensor)?.gradient?.matrix.values;
    if (!upstream) return undefined;
    for (const [i, place] of places.entries()) {
      terms.push({ slope: slopes[i]!, upstream: upstream[place]!, of: tensor, place });
    }
  }
  return terms;
}
