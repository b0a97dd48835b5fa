import { tensor } from "#tensor";
import { Measured } from "../../autograd/measured.ts";
import type { Experiment, Findings } from "../../kit/experiment.ts";
import { significant } from "../../kit/number.ts";
import { lossOf } from "../exercise.ts";
import type { Dataset } from "../makemore/dataset.ts";
import { centralDifferences } from "./central-differences.ts";

/** Where the loss is differenced: no two numbers of a row are close, so that the maxima add no kink. */
const SPOT = [
  [0.5, 2.25],
  [1.5, -1],
];
const STEPS = [1, 0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-7];

/** Step sizes of a central difference: what is lost to the curve, and what to rounding. */
export const experiment: Experiment<Dataset> = {
  trap: "if the step is too small, rounding leaves little of the difference",
  setting:
    "The loss of the warm-up is differenced at one spot with ever smaller steps, in float32 and in float64, and " +
    "compared with its gradient by formula.",
  async run({ yours, progress }) {
    const rows: string[][] = [];
    const errors: { float32: number; float64: number }[] = [];
    for (const [i, step] of STEPS.entries()) {
      const nudge = tensor(step);
      const spot = tensor(SPOT);
      const float32 = errorOf(centralDifferences(lossOf, spot, nudge).toArray());
      const float64 = errorOf(centralDifferences(lossOf, exact(SPOT), exact(step)).value);
      const mine = yours && errorOf((await yours({ spot, nudge })).toArray());
      errors.push({ float32, float64 });
      rows.push([shown(step), ...[float32, ...(mine === undefined ? [] : [mine]), float64].map(shown)]);
      await progress((i + 1) / STEPS.length);
    }
    return findings(rows, errors, yours !== undefined);
  },
};

function findings(
  rows: readonly string[][],
  errors: readonly { float32: number; float64: number }[],
  withYours: boolean,
): Findings {
  const [best, best64] = (["float32", "float64"] as const).map((key) => bestOf(errors.map((error) => error[key])));
  return {
    tables: [
      {
        title: "the largest error of an entry, by step size",
        columns: ["step", "float32", ...(withYours ? ["yours"] : []), "float64"],
        rows,
      },
    ],
    remarks: [
      "From the top down, the error first falls with the square of the step: a tenth of the step, a hundredth of the " +
        "error. It comes from the curve between the two points.",
      `In float32 it is smallest at a step of ${shown(STEPS[best!]!)} and rises again from there, to ` +
        `${shown(errors.at(-1)!.float32)}: losses around ${Math.round(exactLoss())} are rounded to seven digits, and ` +
        "the smaller the step, the fewer of them differ. A tenth of the step, about ten times the error.",
      `In float64, with sixteen digits, it is smallest at a step of ${shown(STEPS[best64!]!)}, and still ` +
        `${shown(errors.at(-1)!.float64)} at the last one. So gradients are checked in float64, as grade --check does.`,
    ],
  };
}

/** The largest difference from the gradient by formula. */
function errorOf(estimate: ArrayLike<number>): number {
  return Math.max(...slopesOf(SPOT).map((slope, i) => Math.abs(estimate[i]! - slope)));
}

/** The gradient of the loss by formula: the square of each entry, and 1 at each row's maximum. */
function slopesOf(spot: readonly (readonly number[])[]): number[] {
  return spot.flatMap((row) => {
    const largest = row.indexOf(Math.max(...row));
    return row.map((x, j) => x * x + (j === largest ? 1 : 0));
  });
}

/** Numbers in float64, not rounded to float32. */
function exact(numbers: number | readonly (readonly number[])[]): Measured {
  const { shape } = tensor(numbers);
  return new Measured(shape, Float64Array.from([numbers].flat(2)));
}

function bestOf(errors: readonly number[]): number {
  return errors.indexOf(Math.min(...errors));
}

function exactLoss(): number {
  return lossOf(exact(SPOT)).value[0]!;
}

/** With two digits, small numbers with a power of ten. */
function shown(x: number): string {
  return x < 1e-3 ? Number(x.toPrecision(2)).toExponential() : significant(x, 2);
}
