import { Tensor } from "#tensor";
import { trainingArguments } from "../../grading/training-call.ts";
import { isLadder } from "../../kit/hint.ts";
import { argumentsOf } from "../../kit/program.ts";
import { smallGiven } from "../../kit/instance.ts";
import { smallTraining } from "../../kit/small-training.ts";
import type { Step } from "../../kit/step.ts";
import { truthOf } from "../../kit/truth.ts";
import { namedLines, namesWithShapes, tensorText } from "../../report/tensor-text.ts";

/** What a REPL starts with for a step. */
export interface Scope {
  /** Its numbers, by the names that they have there. */
  readonly values: Readonly<Record<string, unknown>>;
  /** A call of the learner's function with them, as it is typed. */
  readonly call: string;
  /** What the values are, in one line. */
  readonly about: string;
}

/** A step's small numbers, made anew: a training step changes those that it is given. */
export function scopeOf(step: Step): Scope {
  if (step.kind === "function") {
    const given = smallGiven(step);
    const reference = truthOf(step, given).toTensor();
    return {
      values: { ...given, given, reference },
      call: `${step.export}(given)`,
      about: `${isLadder(step.hints) ? "the numbers of its second hint" : "drawn numbers"}: ${namesWithShapes(given)}; given, which is all of them; and reference, the correct answer, computed in float64`,
    };
  }
  if (step.kind === "program") {
    const { example, frame } = step.program;
    return {
      values: { given: argumentsOf(frame, example.given) },
      call: `${step.export}(...given)`,
      about: `given: the arguments of the lesson's example, ${example.says}`,
    };
  }
  const question = smallTraining(step);
  const values = trainingArguments(step, question);
  const { optimizer } = step.training;
  const shapes = `parameters (${namesWithShapes(values.parameters)}), batch (${namesWithShapes(question.batch)})`;
  return {
    values,
    call: `${step.export}(${Object.keys(values).join(", ")})`,
    about: optimizer
      ? `${shapes}, learningRate, and ${optimizer.called}, which the optimizer keeps`
      : `${shapes} and learningRate`,
  };
}

/** A value as the REPL prints it: tensors with their shapes, tensors by name below each other. */
export function valueText(value: unknown, otherText: (value: unknown) => string): string {
  if (value instanceof Tensor) return tensorText(value);
  if (!isNamed(value)) return otherText(value);
  return namedLines(value, (part) => valueText(part, otherText)).join("\n");
}

/** Whether it is a plain object with a tensor in it. */
function isNamed(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).some((part) => part instanceof Tensor);
}
