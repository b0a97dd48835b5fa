import type { Tensor } from "#tensor";
import type { FunctionStep } from "../../kit/step.ts";
import { ownBatchOf } from "../../network/network.ts";
import { describe, sameShape } from "../../tensor/shape.ts";
import { significant } from "../../kit/number.ts";
import type { ShownGradient, StepResult } from "../../verdict/result.ts";
import { describeSizes } from "../../verdict/judge.ts";
import { largest } from "../statistics.ts";
import { countNotFinite, matrixOf, type Matrix } from "./matrix.ts";

/** One matrix of a drawing, or why it is missing. */
export interface Panel {
  /** "yours [32, 27]" */
  title: string;
  /** Undefined if there is nothing to draw; `notes` say why. */
  matrix: Matrix | undefined;
  /** The absolute value that the darkest color represents; 0 if every value is 0. */
  scale: number;
  notes: readonly string[];
}

/** A step's gradient on the lecture's batch: the learner's, the reference and the difference. */
export interface Drawing {
  title: string;
  panels: readonly Panel[];
  /** What the sides of all panels show; if the panels differ, they say it themselves. */
  axes: readonly string[];
  /** What can be seen, computed from the numbers. */
  remarks: readonly string[];
  /** Whether the matrices are so small that a terminal shows their numbers. */
  isTable: boolean;
}

/** Two matrices share a scale unless one would be almost white on the other's. */
const COMPARABLE = 8;

/** @param reference whose gradients the reference is */
export function drawingOf(
  step: FunctionStep,
  { verdict }: Pick<StepResult, "verdict">,
  gradient: ShownGradient,
  reference: "ours" | "torch",
): Drawing {
  const { answer, reference: expected } = gradient;
  const matrix = (tensor: Tensor): Matrix => matrixOf(tensor, step, expected.shape, gradient);
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
      `yours and the reference have different scales: the largest value of ${larger} is ${significant(high / low)} times that of ${smaller}`,
    );
  }
  return {
    title: titleOf(step, gradient),
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
    remarks: [...remarks, ...(gradient.on === "lecture" ? observe(step, gradient) : [])],
    isTable: gradient.on !== "lecture" && Math.max(right.rows.size, right.columns.size) <= LARGEST_TABLE,
  };
}

/** The longest side of a matrix whose numbers are shown. */
const LARGEST_TABLE = 8;

function titleOf(step: FunctionStep, { on, sizes }: ShownGradient): string {
  const what = step.asks === "gradient" ? `, the gradient of ${step.tensor}` : "";
  const first = step.example ? "the lesson's numbers" : ownBatchOf(step.network);
  const isFirst = on === "lecture" || on === "example";
  const other = `${on === "small" ? "small" : "random"} numbers with ${describeSizes({ step, sizes })}; right on ${first}`;
  const where = isFirst ? first : other;
  return `${step.label} ${step.id}${what} on ${where}`;
}

/** What runs down and across, and how the tensor is laid out. */
function describeAxes({ rows, columns, notes }: Matrix): string[] {
  return [
    ...(rows.name && rows.size > 1 ? [`down: ${rows.name}`] : []),
    ...(columns.name && columns.size > 1 ? [`across: ${columns.name}`] : []),
    ...notes,
  ];
}

/** @param layout how the matrix is laid out, if not all are laid out in the same way */
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
  if (!answer) return without(title, "needs your answer");
  if (!sameShape(answer.shape, reference.shape)) {
    return without(title, `${describe(answer.shape)} and ${describe(reference.shape)} do not match element by element`);
  }
  const its = reference.toArray();
  const values = Float64Array.from(answer.toArray(), (x, i) => x - its[i]!);
  return panelOf(title, { ...layout, values }, largest(values));
}

/** Of the learner's gradient where it can be read like the reference, else of the reference. */
function observe({ tensor, network: { words } }: FunctionStep, gradient: ShownGradient): readonly string[] {
  const { answer, reference } = gradient;
  const readable =
    answer && sameShape(answer.shape, reference.shape) && countNotFinite(answer.toArray()) === 0 ? answer : undefined;
  const [who, shown] = readable ? ["yours", readable] : ["reference", reference];
  return words.observations[tensor]?.(who, shown, gradient.batch) ?? [];
}
