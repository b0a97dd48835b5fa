import type { Shape, Tensor } from "#tensor";
import { describe, sameShape } from "../tensor/shape.ts";
import type { Failure } from "../verdict/judge.ts";
import { askFunction } from "./answers.ts";
import type { FunctionStep } from "../kit/step.ts";
import { float32Reference } from "../kit/truth.ts";
import type { OpenStep } from "./open.ts";

/** A learner's function returned no tensor when one was needed; the message says what it returned. */
export class AnswerError extends Error {
  override name = "AnswerError";
}

/**
 * A learner's function, which can be called any number of times.
 *
 * @throws AnswerError if it does not return a tensor of the right shape
 */
export type Ask = (given: Readonly<Record<string, Tensor>>) => Promise<Tensor>;

/** A step's function as one that can be called. */
export function callable(open: OpenStep<FunctionStep>): Ask {
  const shapes = new Map<string, Shape>();
  const shapeFor = (given: Readonly<Record<string, Tensor>>): Shape => {
    const key = JSON.stringify(Object.values(given).map(({ shape }) => shape));
    const shape = shapes.get(key) ?? answerShapeOf(open.step, given);
    shapes.set(key, shape);
    return shape;
  };
  return async (given) => {
    return checked(await tensorFrom(open, given), shapeFor(given));
  };
}

/**
 * A learner's function's answer to one call.
 *
 * @throws AnswerError if it is no tensor
 */
export async function tensorFrom(
  open: OpenStep<FunctionStep>,
  given: Readonly<Record<string, Tensor>>,
): Promise<Tensor> {
  const { outcome } = await askFunction(open, [{ given }], [0]);
  if ("kind" in outcome) throw answerError(outcome);
  const { answer } = outcome[0]!;
  if (answer.kind === "tensor") return answer.tensor;
  throw answer.kind === "other" ? new AnswerError(`it returned ${answer.what}`) : answerError(answer);
}

/** The shape of a correct answer to these tensors, computed by the step's own lines. */
function answerShapeOf(step: FunctionStep, given: Readonly<Record<string, Tensor>>): Shape {
  return float32Reference(step, given).shape;
}

function checked(answer: Tensor, shape: Shape): Tensor {
  if (sameShape(answer.shape, shape)) return answer;
  throw new AnswerError(`it returned ${describe(answer.shape)}, expected ${describe(shape)}`);
}

export function answerError({ kind, message }: Failure): AnswerError {
  return new AnswerError(message === "" ? kind : message);
}
