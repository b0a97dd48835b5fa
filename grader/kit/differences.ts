import type { Shape } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import { evaluate } from "../network/backward.ts";
import type { Indices, Named } from "../network/named.ts";
import type { Line } from "../network/line.ts";
import type { FunctionStep } from "./step.ts";
import { exactly, indicesOf, type Given } from "./truth.ts";

/** How far an entry is moved up and down: in float64 the curve costs about 1e-10 there, and so does rounding. */
export const NUDGE = 1e-5;

/** The slopes of a loss in every direction, from the forward lines alone. */
export interface Differences {
  readonly shape: Shape;
  /** Central differences, one for each entry. */
  readonly central: Float64Array;
  /** Forward and backward differences; where they disagree, the loss has a kink. */
  readonly ahead: Float64Array;
  readonly behind: Float64Array;
}

/** Which entries are moved, and how far. */
export interface Moves {
  /** Their indices in the storage; all by default. For the others, the results are NaN. */
  readonly places?: readonly number[];
  /** Whether small entries are moved by less: a variance of 1e-5 must not be moved by as much. */
  readonly isScaled?: boolean;
}

/** Entries below 1 are moved by a part of themselves; those below this number, by that part of it. */
const LEAST = 1e-3;

/**
 * Differences of a step's forward lines with respect to the tensor whose gradient it asks for, in float64. The loss is
 * the sum of each last output times its upstream gradient, so no backward rule is involved.
 *
 * @param step one that asks for a gradient
 * @param given what the step is given; all values count as exact
 */
export function differencesOf(step: FunctionStep, given: Given, { places, isScaled = false }: Moves = {}): Differences {
  const values = exactly(step, given);
  const start = { ...values, ...step.recover?.(values) };
  const { shape, value } = start[step.tensor]!;
  const indices = indicesOf(step, given);
  const lossAt = (moved: Float64Array): number =>
    lossOf(step, indices, { ...start, [step.tensor]: new Measured(shape, moved) });
  const here = lossAt(value.slice());
  const moved = places && new Set(places);
  const results = Array.from(value, (x, i) => {
    if (moved && !moved.has(i)) return [NaN, NaN, NaN] as const;
    // an infinite entry, as of a masked score, stays where it is
    if (!Number.isFinite(x)) return [0, 0, 0] as const;
    const distance = isScaled ? NUDGE * Math.min(1, Math.max(Math.abs(x), LEAST)) : NUDGE;
    const [above, below] = [x + distance, x - distance].map((y) => lossAt(value.with(i, y)));
    // the distance as it is in float64, so that its rounding does not count
    const [up, down] = [x + distance - x, x - (x - distance)];
    return [(above! - below!) / (up + down), (above! - here) / up, (here - below!) / down] as const;
  });
  const [central, ahead, behind] = [0, 1, 2].map((k) => Float64Array.from(results, (result) => result[k]!));
  return { shape, central: central!, ahead: ahead!, behind: behind! };
}

/**
 * What a step is given, with the values that its forward lines compute as they compute them: small numbers that are written
 * out may leave an epsilon aside.
 */
export function consistent(step: FunctionStep, given: Given): Given {
  if (!step.recover) return given;
  const values = exactly(step, given);
  const computed: Named<Measured> = { ...values, ...step.recover(values) };
  const indices = indicesOf(step, given);
  const own = step.runs.flat();
  for (const line of own) computed[line.output] = evaluate<Measured>(line, { ...computed, ...indices });
  const outputs = own.flatMap(({ output }) => (output in values ? [output] : []));
  return { ...given, ...Object.fromEntries(outputs.map((output) => [output, computed[output]!.toTensor()])) };
}

/** The sum over the runs of each last output times its upstream gradient; the loss itself counts once. */
function lossOf({ runs }: FunctionStep, indices: Indices, start: Readonly<Named<Measured>>): number {
  const ofRun = (run: readonly Line[]): number => {
    const values: Named<Measured> = { ...start };
    for (const line of run) values[line.output] = evaluate<Measured>(line, { ...values, ...indices });
    const { output } = run.at(-1)!;
    const { value } = values[output]!;
    const upstream = start[`d${output}`]?.value;
    // an infinite value, as of a masked score, does not change
    return value.reduce((sum, x, i) => (Number.isFinite(x) ? sum + x * (upstream?.[i] ?? 1) : sum), 0);
  };
  return runs.reduce((sum, run) => sum + ofRun(run), 0);
}
