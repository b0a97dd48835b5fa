import type { Case } from "../../kit/case.ts";
import { sameShape } from "../../tensor/shape.ts";
import { once } from "../../network/once.ts";
import { isSame } from "../../verdict/compare.ts";
import { allowedInDeep, isMultipleOf, isTimesRight } from "./alike.ts";
import { factorsLike, ratioOf, type Factor } from "../factors/factors.ts";
import type { Formula } from "./formula.ts";
import { hasRightShape, isRight, isSameThrown, rightAnswer, stepOf, type Symptom } from "../symptom.ts";

/** The correct formula itself. */
export const right: Formula = { id: "right", sentence: "", answer: rightAnswer };

export const sizesOf = ({ case: { sizes } }: Symptom): Symptom["case"]["sizes"] => sizes;

/** The factor, explained by the sizes, by which a formula gives these answers at every position, within rounding. */
export function match(formula: Formula, symptoms: readonly Symptom[]): Factor | "one" | undefined {
  const ratios: number[] = [];
  for (const symptom of symptoms) {
    const ratio = ratioTo(formula, symptom);
    if (ratio === undefined) return undefined;
    ratios.push(ratio);
  }
  const isRightItself = once(() => {
    return formula !== right && symptoms.every(({ case: asked }) => isRightAt(formula, asked));
  });
  const sizes = symptoms.map(sizesOf);
  const { words } = stepOf(symptoms).network;
  for (const factor of factorsLike(words, ratios, sizes)) {
    // a formula that is itself right explains nothing; this takes less time than what follows
    if (isRightItself()) return undefined;
    const times = (i: number): number => (factor === "one" ? 1 : factor.of(sizes[i]!));
    if (symptoms.every((symptom, i) => isTimes(formula, symptom, times(i))))
      return factor === "one" && !isNearer(formula, symptoms) ? undefined : factor;
  }
  return undefined;
}

/** A formula explains answers that are almost right if no more than this part of what is wrong with them is left. */
const LEFT = 0.25;

/** Whether the answers are nearer to a formula's than to the correct ones: where they are almost right, both match. */
function isNearer(formula: Formula, symptoms: readonly Symptom[]): boolean {
  if (formula === right || formula.isKnown) return true;
  let [off, left] = [0, 0];
  for (const symptom of symptoms) {
    const { answer, case: asked } = symptom;
    const value = formula.answer(asked);
    if (!("shape" in answer) || !("shape" in value)) return true;
    const [correct, given] = [rightAnswer(asked).toArray(), value.toArray()];
    for (const [i, x] of answer.toArray().entries()) {
      off += Math.abs(x - correct[i]!);
      left += Math.abs(x - given[i]!);
    }
  }
  // other shapes, and what is not finite, say nothing
  return !(left > LEFT * off);
}

/** Whether a formula gives almost these answers: close enough that another mistake and its opposite would as well. */
export function isNearly(formula: Formula, symptoms: readonly Symptom[]): boolean {
  return symptoms.every((symptom) => "shape" in symptom.answer && ratioTo(formula, symptom) === 1);
}

export function isRightAt(formula: Formula, asked: Case): boolean {
  return isRight({ case: asked, answer: formula.answer(asked) });
}

/** Whether an answer is this many times a formula's, at every position. */
function isTimes(formula: Formula, { case: asked, answer }: Symptom, factor: number): boolean {
  if (!("shape" in answer)) return true;
  if (formula === right) return isTimesRight(answer, asked, factor);
  const values = formula.answer(asked);
  return "shape" in values && isMultipleOf(asked, answer, values, factor, formula.answer, formula.isKnown);
}

/** The approximate ratio of an answer to a formula's; 1 if both throw the same. */
function ratioTo({ answer: of, isKnown }: Formula, { case: asked, answer }: Symptom): number | undefined {
  const other = of(asked);
  if (!("shape" in other)) return !("shape" in answer) && isSameThrown(answer, other) ? 1 : undefined;
  if (!("shape" in answer) || !sameShape(other.shape, answer.shape)) return undefined;
  const isAlike = isSame(
    answer,
    other,
    isKnown && hasRightShape({ case: asked, answer }) ? allowedInDeep(asked) : undefined,
  );
  return isAlike ? 1 : ratioOf(answer, other);
}
