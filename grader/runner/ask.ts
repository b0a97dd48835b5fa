import type { Shape, Tensor } from "#tensor";
import { float32Reference } from "../kit/truth.ts";
import type { FunctionStep } from "../kit/step.ts";
import { describe, sameShape } from "../tensor/shape.ts";
import type { Failure } from "../verdict/judge.ts";
import type { Box } from "./box.ts";
import { bundleLibrary, bundleSteps } from "./bundle.ts";
import { takeLearner } from "./process.ts";
import { runFunctionStep } from "./run.ts";

/** A learner's function that gave no tensor where one was needed; the message says what it gave. */
export class AnswerError extends Error {
  override name = "AnswerError";
}

/** A step's function in its box, to be asked as often as one likes. */
export interface Asked {
  /** @throws AnswerError where no tensor comes back */
  ask: (given: Readonly<Record<string, Tensor>>) => Promise<Tensor>;
  close: () => void;
}

/**
 * Makes a step's function ready to be asked, in the same isolation as grading.
 *
 * @param root the tree that holds it
 * @throws AnswerError where it does not compile or is not there
 */
export async function askable(root: string, step: FunctionStep, box: Box): Promise<Asked> {
  const learner = takeLearner(box);
  try {
    const [library, bundles] = await Promise.all([bundleLibrary(), bundleSteps(root, [step])]);
    learner.provide(library);
    const bundle = bundles.get(step.id)!;
    if ("kind" in bundle) throw failed(bundle);
    const shapes = new Map<string, Shape>();
    const shapeFor = (given: Readonly<Record<string, Tensor>>): Shape => {
      const key = JSON.stringify(Object.values(given).map(({ shape }) => shape));
      const shape = shapes.get(key) ?? answerShapeOf(step, given);
      shapes.set(key, shape);
      return shape;
    };
    return {
      async ask(given) {
        const { outcome } = await runFunctionStep(learner, step, bundle, [{ given }], [0]);
        if ("kind" in outcome) throw failed(outcome);
        const { answer } = outcome[0]!;
        if (answer.kind === "tensor") return checked(answer.tensor, shapeFor(given));
        throw answer.kind === "other" ? new AnswerError(`it returned ${answer.what}`) : failed(answer);
      },
      close: () => learner.close(),
    };
  } catch (error) {
    learner.close();
    throw error;
  }
}

/** The shape that an answer to these tensors has, by the step's own lines: it takes a computation, once a shape. */
function answerShapeOf(step: FunctionStep, given: Readonly<Record<string, Tensor>>): Shape {
  return float32Reference(step, given).shape;
}

function checked(answer: Tensor, shape: Shape): Tensor {
  if (sameShape(answer.shape, shape)) return answer;
  throw new AnswerError(`it returned ${describe(answer.shape)}, expected ${describe(shape)}`);
}

function failed({ kind, message }: Failure): AnswerError {
  return new AnswerError(message === "" ? kind : message);
}
