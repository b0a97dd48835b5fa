import { oneHot } from "#tensor";
import { differentiateLoss } from "../../grader/network/backward.ts";
import { parameterNames } from "../../grader/course/makemore/parameters.ts";
import { readTorch } from "../../grader/runner/data.ts";
import { makemore } from "../../grader/course/makemore/network.ts";

/** The lecture's batch and PyTorch's gradients. */
const { tensors } = readTorch("lecture");

const f32 = Math.fround;

/** The distance from a number to the next larger one. */
function spacingAt(x: number): number {
  const bits = new Int32Array(Float32Array.of(Math.abs(x)).buffer);
  bits[0]! += 1;
  return new Float32Array(bits.buffer)[0]! - Math.abs(x);
}

/** The same three numbers added up in two orders. */
export function orderOfSums(): string {
  const half = 2 ** -24;
  return table([
    ["(1 + 2^-24) + 2^-24", written(f32(f32(1 + half) + half))],
    ["1 + (2^-24 + 2^-24)", written(f32(1 + f32(half + half)))],
  ]);
}

/** How far the closed form of dlogits is from the step-by-step gradient on the lecture's batch. */
export function fusedDifference(): string {
  const parameters = Object.fromEntries(parameterNames.map((name) => [name, tensors[name]!]));
  const [Xb, Yb] = [tensors["Xb"]!, tensors["Yb"]!];
  const { values, gradients } = differentiateLoss(makemore, parameters, { Xb, Yb });
  const logits = values["logits"]!;
  const steps = gradients["logits"]!.toArray();
  const closed = logits
    .softmax(1)
    .sub(oneHot(Yb, logits.size(1)))
    .div(logits.size(0));
  const differences = [...closed.toArray()].map((x, i) => Math.abs(x - steps[i]!));
  const most = Math.max(...differences);
  const largest = Math.max(...steps.map(Math.abs));
  return table([
    ["largest entry of dlogits", largest.toFixed(4)],
    ["float32 spacing there", spacingAt(largest).toExponential(1)],
    ["entries that differ", `${differences.filter((x) => x > 0).length} of ${steps.length}`],
    ["largest difference", most.toExponential(1)],
    ["the same, in those spacings", (most / spacingAt(largest)).toFixed(1)],
  ]);
}

/** The slope of tanh with two roundings and with one, and which of them PyTorch's gradients are computed from. */
export function tanhSlopes(): string {
  const [h, dh, dhpreact] = ["h", "grad.h", "grad.hpreact"].map((name) => tensors[name]!.toArray());
  // h is float32, so float64 represents its square, and one minus that, without rounding
  const slopes = [(x: number) => f32(1 - f32(x * x)), (x: number) => f32(1 - x * x)];
  const [two, one] = slopes.map((slope) => {
    const equal = h!.filter((x, i) => f32(slope(x) * dh![i]!) === dhpreact![i]);
    return `${equal.length} of ${h!.length}`;
  });
  const at = [...h!].reduce((a, b) => (slopes[0]!(b) !== slopes[1]!(b) && Math.abs(b) > Math.abs(a) ? b : a), 0);
  const [slopeOfTwo, slopeOfOne] = slopes.map((slope) => written(slope(at)));
  return table([
    ["", "two roundings", "one rounding"],
    ["equal to PyTorch's dhpreact", two!, one!],
    [`1 - h*h at h = ${written(at)}`, slopeOfTwo!, slopeOfOne!],
  ]);
}

/** A number with as many digits as distinguish it from its float32 neighbours. */
function written(x: number): string {
  return String(Number(x.toPrecision(9)));
}

/** Texts in columns. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, j) => Math.max(...rows.map((row) => row[j]!.length)));
  return rows
    .map((row) =>
      row
        .map((text, j) => text.padEnd(widths[j]!))
        .join("    ")
        .trimEnd(),
    )
    .join("\n");
}
