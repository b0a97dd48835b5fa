import type { FunctionStep } from "../../kit/step.ts";
import { sameShape } from "../../tensor/shape.ts";
import type { ShownGradient, StepResult } from "../../verdict/result.ts";
import { drawingOf, type Panel } from "../heatmap/drawing.ts";
import type { LadderAnswer } from "./panels.ts";

/** What grading says of a step's numbers, without the tensors' own memory: it survives structured clone. */
export function makeAnswer(
  step: FunctionStep,
  result: Pick<StepResult, "verdict">,
  gradient: ShownGradient,
  reference: "ours" | "torch",
): LadderAnswer {
  const drawing = drawingOf(step, result, gradient, reference);
  const { answer } = gradient;
  return {
    step: step.id,
    drawing: { ...drawing, panels: drawing.panels.map(withOwnNumbers) },
    isOfLadder:
      gradient.on !== "random" &&
      gradient.on !== "small" &&
      (!answer || sameShape(answer.shape, gradient.reference.shape)),
  };
}

function withOwnNumbers(panel: Panel): Panel {
  const { matrix } = panel;
  return matrix ? { ...panel, matrix: { ...matrix, values: Float64Array.from(matrix.values) } } : panel;
}
