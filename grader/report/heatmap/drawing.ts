import type { Tensor } from "#tensor";
import { label, type FunctionStep } from "../../course/steps.ts";
import { lectureCharacters } from "../../course/makemore/dataset.ts";
import type { Graded } from "../../course/makemore/lines.ts";
import { describe, sameShape } from "../../tensor/shape.ts";
import { EPSILON, TOLERANCE } from "../../verdict/compare.ts";
import { number } from "../../verdict/judge.ts";
import type { LectureGradient, StepResult } from "../../verdict/result.ts";
import { countNotFinite, largest, matrixOf, type Matrix } from "./matrix.ts";

/** One matrix of a drawing, or why it is not there. */
export interface Panel {
  /** "yours [32, 27]" */
  title: string;
  /** Undefined where there is nothing to draw; `notes` say why. */
  matrix: Matrix | undefined;
  /** The size that the darkest colour stands for; 0 where every value is 0. */
  scale: number;
  notes: readonly string[];
}

/** A step's gradient on the lecture's batch: the learner's, the reference and the difference. */
export interface Drawing {
  title: string;
  panels: readonly Panel[];
  /** What runs along the sides of all panels; where that differs, panels say it themselves. */
  axes: readonly string[];
  /** What is to be seen, computed from the numbers. */
  remarks: readonly string[];
}

/** Two matrices share a scale unless one would be all but white on the other's. */
const COMPARABLE = 8;

/** @param reference whose gradients the reference is */
export function drawingOf(
  step: FunctionStep,
  { verdict }: Pick<StepResult, "verdict">,
  gradient: LectureGradient,
  reference: "ours" | "torch",
): Drawing {
  const { answer, reference: expected } = gradient;
  // only gradients of the model's tensors are kept to be drawn
  const graded = step.tensor as Graded;
  const matrix = (tensor: Tensor): Matrix => matrixOf(tensor, graded, expected.shape, gradient);
  const right = matrix(expected);
  const yours = answer && matrix(answer);
  const axes = describeAxes(right);
  const yourAxes = yours && yours.values.length > 0 ? describeAxes(yours) : axes;
  const isShared = yourAxes.join() === axes.join();
  const scales = { yours: largest(yours?.values ?? []), reference: largest(right.values) };
  const remarks: string[] = [];
  const [low, high] = [Math.min(scales.yours, scales.reference), Math.max(scales.yours, scales.reference)];
  if (yours && low > 0 && high <= COMPARABLE * low) {
    scales.yours = high;
    scales.reference = high;
  } else if (yours && low > 0) {
    const [larger, smaller] = scales.yours > scales.reference ? ["yours", "the reference"] : ["the reference", "yours"];
    remarks.push(
      `yours and the reference have scales of their own: the largest of ${larger} is ${number(high / low)} times that of ${smaller}`,
    );
  }
  return {
    title: `${label(step)} ${step.id}, the gradient of ${step.tensor} on the lecture's batch`,
    panels: [
      yours && answer
        ? panelOf(`yours ${describe(answer.shape)}`, yours, scales.yours, isShared ? [] : yourAxes)
        : without("yours", verdict === "not-started" ? "not started" : `${verdict}: there is no tensor to draw`),
      panelOf(
        `reference ${describe(expected.shape)}${reference === "torch" ? " by PyTorch" : ""}`,
        right,
        scales.reference,
        isShared ? [] : axes,
      ),
      differencePanel(answer, expected, right),
    ],
    axes: isShared ? axes : [],
    remarks: [...remarks, ...observe(graded, gradient)],
  };
}

/** What runs down and across, and how the tensor lies. */
function describeAxes({ rows, columns, notes }: Matrix): string[] {
  return [
    ...(rows.name && rows.size > 1 ? [`down: ${rows.name}`] : []),
    ...(columns.name && columns.size > 1 ? [`across: ${columns.name}`] : []),
    ...notes,
  ];
}

/** @param layout how the matrix lies, where not all lie in the same way */
function panelOf(title: string, matrix: Matrix, scale: number, layout: readonly string[] = []): Panel {
  const notes = [...layout];
  const notFinite = countNotFinite(matrix.values);
  if (matrix.values.length === 0) return without(title, "holds no numbers");
  if (notFinite > 0) notes.push(`? is NaN or infinite: ${notFinite} of ${matrix.values.length}`);
  else if (scale === 0) notes.push("0 everywhere");
  return { title, matrix, scale, notes };
}

function without(title: string, why: string): Panel {
  return { title, matrix: undefined, scale: 0, notes: [why] };
}

function differencePanel(answer: Tensor | undefined, reference: Tensor, layout: Matrix): Panel {
  const title = "difference, yours - reference";
  if (!answer) return without(title, "needs an answer of yours");
  if (!sameShape(answer.shape, reference.shape)) {
    return without(title, `${describe(answer.shape)} and ${describe(reference.shape)} do not match place by place`);
  }
  const its = reference.toArray();
  const values = Float64Array.from(answer.toArray(), (x, i) => x - its[i]!);
  return panelOf(title, { ...layout, values }, largest(values));
}

/** What a gradient on the lecture's batch shows, in words, from its numbers. */
const observations: Partial<Record<Graded, (who: string, x: Tensor, gradient: LectureGradient) => string[]>> = {
  logprobs: (who, x, { batch }) => [atLabels(who, x, batch.Yb)],
  norm_logits: (who, x, { batch }) => [atLabels(who, x, batch.Yb), sumsToZero(who, x, 1)],
  logits: (who, x, { batch }) => [atLabels(who, x, batch.Yb), sumsToZero(who, x, 1)],
  hprebn: (who, x) => [sumsToZero(who, x, 0)],
  C: (who, x, { batch }) => absentRows(who, x, batch.Xb),
};

/** Of the learner's gradient where it can be read like the reference, else of the reference. */
function observe(tensor: Graded, gradient: LectureGradient): string[] {
  const { answer, reference } = gradient;
  const readable =
    answer && sameShape(answer.shape, reference.shape) && countNotFinite(answer.toArray()) === 0 ? answer : undefined;
  const [who, shown] = readable ? ["yours", readable] : ["reference", reference];
  return observations[tensor]?.(who, shown, gradient) ?? [];
}

/** Where the darkest blue stands: in how many rows the most negative value is at the row's label. */
function atLabels(who: string, x: Tensor, Yb: Tensor): string {
  const [rows, columns] = [x.size(0), x.size(1)];
  const labels = Yb.toArray();
  const values = x.toArray();
  let hits = 0;
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * columns, (row + 1) * columns);
    const at = labels[row]!;
    if (own.every((value, i) => i === at || value > own[at]!)) hits += 1;
  }
  return `${who}: the most negative value of a row stands at the character that comes next in ${hits} of ${rows} rows`;
}

/** What stands in the rows of characters that no context holds. */
function absentRows(who: string, x: Tensor, Xb: Tensor): string[] {
  const present = new Set<number>(Xb.toArray());
  const [rows, columns] = [x.size(0), x.size(1)];
  const absent = Array.from({ length: rows }, (_, row) => row).filter((row) => !present.has(row));
  if (absent.length === 0) return [];
  const values = x.toArray();
  const isZero = (row: number): boolean =>
    values.subarray(row * columns, (row + 1) * columns).every((value) => value === 0);
  const named = (some: readonly number[]): string => some.map((row) => lectureCharacters[row] ?? row).join(" ");
  const touched = absent.filter((row) => !isZero(row));
  if (touched.length > 0) return [`${who}: no context holds ${named(touched)}, and yet these rows are not 0`];
  return [`${who}: no context holds ${named(absent)}, and their rows are 0`];
}

/**
 * Whether rows (dim 1) or columns (dim 0) sum to zero, as nearly as rounding lets them.
 *
 * @param dim the dimension that is summed over
 */
function sumsToZero(who: string, x: Tensor, dim: 0 | 1): string {
  const what = dim === 1 ? "row" : "column";
  const [rows, columns] = [x.size(0), x.size(1)];
  const values = x.toArray();
  const sums = new Float64Array(dim === 1 ? rows : columns);
  const magnitudes = new Float64Array(sums.length);
  for (let i = 0; i < values.length; i++) {
    const at = dim === 1 ? Math.floor(i / columns) : i % columns;
    sums[at]! += values[i]!;
    magnitudes[at]! += Math.abs(values[i]!);
  }
  const worst = sums.reduce((most, sum, i) => (Math.abs(sum) > Math.abs(sums[most]!) ? i : most), 0);
  const off = sums.filter((sum, i) => Math.abs(sum) > TOLERANCE * EPSILON * magnitudes[i]!).length;
  const found =
    off === 0 ? `every ${what} sums to 0 but for rounding` : `${off} of ${sums.length} ${what}s do not sum to 0`;
  return `${who}: ${found}; the largest ${what} sum is ${number(sums[worst]!)}, in ${what} ${worst}`;
}
