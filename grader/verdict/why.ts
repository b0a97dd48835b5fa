import type { Tensor } from "#tensor";
import type { Measured } from "../autograd/measured.ts";
import { describe } from "../tensor/shape.ts";
import { EPSILON, TOLERANCE, position, worstRatio } from "./compare.ts";

/** Below this part of its magnitude, a value is zero except for rounding. */
const NOISE = 64 * EPSILON;

/** The largest number of float32 numbers between two tensors' elements. */
export function unitsApart(a: Tensor, b: Tensor): { units: number; at: number } {
  const [x, y] = [ordered(a), ordered(b)];
  let units = 0;
  let at = 0;
  for (let i = 0; i < x.length; i++) {
    const apart = Math.abs(x[i]! - y[i]!);
    if (apart > units) [units, at] = [apart, i];
  }
  return { units, at };
}

/** float32 numbers as whole numbers in the same order, neighbors one apart; 0 and -0 are one number. */
function ordered(t: Tensor): Float64Array {
  const bits = new Int32Array(Float32Array.from(t.toArray()).buffer);
  return Float64Array.from(bits, (value) => (value < 0 ? -(value & 0x7fffffff) : value));
}

/**
 * Why a right answer is not the reference's, bit for bit, on the lecture's batch.
 *
 * @param reference the float32 reference
 * @param truth the same in float64, with magnitudes
 */
export function explainRounding(answer: Tensor, reference: Tensor, truth: Measured): string {
  const { units, at } = unitsApart(answer, reference);
  if (units === 0) return "bit for bit equal to the reference";
  const [yours, its] = [answer.toArray()[at]!, reference.toArray()[at]!];
  const place = `${describe(position(at, answer.shape))}: yours ${yours}, reference ${its}, in float64 ${truth.value[at]!.toPrecision(10)}`;
  const noise = truth.value.every((value, i) => Math.abs(value) <= NOISE * truth.magnitude[i]!);
  if (noise) {
    return (
      `the true gradient is zero here: large terms cancel, and only rounding errors are left, in yours as well as in ` +
      `the reference (at ${place})`
    );
  }
  const error = (t: Tensor): string => worstRatio(t, truth).toFixed(1);
  return (
    `well inside what rounding explains: from the float64 truth, yours is ${error(answer)} and the reference ` +
    `${error(reference)} of the ${TOLERANCE} allowed. Float32 rounds after each operation, so the order of operations ` +
    "shows, and so does a division where the reference multiplies by an inverse. They differ by at most " +
    `${units} ${units === 1 ? "unit" : "units"} in the last place, at ${place}`
  );
}
