import type { Tensor } from "#tensor";
import { answerShape, type Case } from "../kit/case.ts";
import type { Indices } from "../network/named.ts";
import { sameShape } from "../tensor/shape.ts";
import { difference, lectureLine } from "../verdict/compare.ts";
import { lectureAnswer, type Outcome, type Question } from "../verdict/judge.ts";
import type { ShownGradient } from "../verdict/result.ts";

/**
 * The answer to draw: that on the lecture's batch or on the step's example, unless it is right there and another is not.
 * Of several random batches with a wrong answer, the smallest is drawn: its numbers can be read.
 *
 * @param batch the lecture's own, for the labels of its entries
 */
export function gradientToShow({ cases, reference }: Question, outcome: Outcome, batch: Indices): ShownGradient {
  const [first] = cases;
  const { step } = first;
  const answer = lectureAnswer(outcome);
  const ofFirst: ShownGradient = {
    on: step.example ? "example" : "lecture",
    sizes: first.sizes,
    batch,
    reference,
    answer,
  };
  if (!answer || !Array.isArray(outcome) || !lectureLine(step.tensor, answer, reference).approximate) return ofFirst;
  const wrong = outcome.flatMap(({ case: i, answer: its }) => {
    const asked = cases[i]!;
    return i > 0 && its.kind === "tensor" && isWrong(asked, its.tensor) ? [{ asked, answer: its.tensor }] : [];
  });
  const [smallest] = wrong.sort((a, b) => elements(a.asked) - elements(b.asked));
  if (!smallest) return ofFirst;
  const { asked } = smallest;
  const indices = Object.entries(asked.given).filter(([name]) => step.roles[name] === "index");
  return {
    on: asked.small ? "small" : "random",
    sizes: asked.sizes,
    batch: Object.fromEntries(indices),
    reference: asked.truth.toTensor(),
    answer: smallest.answer,
  };
}

function isWrong(asked: Case, answer: Tensor): boolean {
  return !sameShape(answer.shape, answerShape(asked)) || difference(answer, asked.truth) !== undefined;
}

function elements(asked: Case): number {
  return answerShape(asked).reduce((product, size) => product * size, 1);
}
