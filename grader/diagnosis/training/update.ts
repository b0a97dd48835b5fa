import type { Tensor } from "#tensor";
import type { LoopChanges, TrainingAnswer } from "../../kit/training.ts";
import { EPSILON } from "../../verdict/compare.ts";
import { constantOf } from "../factors/constants.ts";
import { listed } from "../../kit/listed.ts";
import { seenOnly, type Diagnosis } from "../symptom.ts";
import { almost } from "./almost.ts";
import { agrees, firstOfStep, predictions, ratioOf, ratiosOf, SAME } from "./agreement.ts";
import { short, wordsForStep } from "./candidates.ts";
import type { Item, Scene, Told } from "./scene.ts";

/** The items that are wrong at some step. */
export function wrongItems(scene: Scene): Item[] {
  return scene.items.filter((item) =>
    scene.runs.flat().some((told) => "thrown" in told.answer || !agrees(scene, item, told.answer, told.right)),
  );
}

/** What the update shows if every gradient is right, for some parameters or for all. */
export function byUpdate(scene: Scene): Diagnosis | null {
  const { training, names: parameterNames } = scene;
  const wrong = wrongItems(scene);
  if (wrong.length === 0 || wrong.some(({ kind }) => kind !== "update")) return null;
  const all = wrong.map(({ name }) => name);
  // a parameter that moves only by rounding errors says nothing next to others
  const names = all.length > 1 ? all.filter((name) => !(name in training.vanishing)) : all;
  const isAll = names.length >= parameterNames.length - 1;
  const alone = isAll ? "the gradients are right; " : `for ${listed(names)} only: `;
  const moved = scene.mistakes.filter(({ changes }) => Object.keys(changes).every((line) => line === "moved"));
  for (const { id, changes, sentence } of moved) {
    if (!moveAs(scene, names, changes)) continue;
    if (id === "not-moved") {
      const which = `${listed(names)} ${names.length === 1 ? "has" : "have"} not moved`;
      return {
        id: "forgotten",
        sentence: `${which}, but the others have: all ${inWords(parameterNames.length)} parameters should take a step`,
      };
    }
    return { id: `${id}-in-part`, sentence: alone + sentence };
  }
  const [name] = names;
  const close = names.length === 1 ? almost(scene.runs.flat(), { kind: "update", name: name! }) : null;
  return byStep(scene, names, alone) ?? byLimit(scene, names, alone) ?? close ?? overSteps(scene, names);
}

/** Whether some parameters move, at every step, as they do with some changed lines. */
function moveAs(scene: Scene, names: readonly string[], changes: LoopChanges): boolean {
  for (const { told, prediction } of predictions(scene, () => changes)) {
    const { values } = prediction;
    const { answer } = told;
    if (!values || !names.every((name) => agrees(scene, { kind: "update", name }, answer as TrainingAnswer, values)))
      return false;
  }
  return true;
}

/** What a parameter moved by. */
function stepOf({ question: { parameters }, answer }: Told, name: string): Tensor {
  return parameters[name]!.sub((answer as TrainingAnswer).updated[name]!);
}

/** A step that is the correct one times a factor, or that includes a part of the parameter itself. */
function byStep(scene: Scene, names: readonly string[], alone: string): Diagnosis | null {
  const rounding = ({ question: { parameters } }: Told, name: string): ((i: number) => number) => {
    const values = parameters[name]!.toArray();
    return (i) => 4 * EPSILON * Math.abs(values[i]!);
  };
  const perName = (ratio: (told: Told, name: string) => number | undefined): number[][] | undefined => {
    const all = names.map((name) => ratiosOf(scene, (told) => ratio(told, name)));
    const [first] = all;
    const isSame = all.every((ratios) =>
      ratios?.every((run, r) => run.every((x, s) => Math.abs(x / first![r]![s]! - 1) < 1e-2)),
    );
    return isSame ? first : undefined;
  };
  const times = perName((told, name) =>
    ratioOf(stepOf(told, name), told.right.returned[name]!.mul(told.question.learningRate), rounding(told, name)),
  );
  if (times) {
    const { id, sentence } = wordsForStep(scene, times);
    return { id: `${id}-in-part`, sentence: alone + sentence };
  }
  const unless = (ratio: number | undefined, isNothing: (ratio: number) => boolean): number | undefined =>
    ratio === undefined || isNothing(ratio) ? undefined : ratio;
  const isDecay = perName((told, name) => {
    const { parameters, learningRate } = told.question;
    const step = told.right.returned[name]!.mul(learningRate);
    const sizes = step.toArray();
    const besides = stepOf(told, name).sub(step);
    const ofParameter = rounding(told, name);
    const ratio = ratioOf(besides, parameters[name]!, (i) => ofParameter(i) + SAME * Math.abs(sizes[i]!));
    return unless(ratio, (part) => Math.abs(part) < 8 * EPSILON);
  });
  const isShrunk = perName((told, name) => {
    const ratio = ratioOf(
      (told.answer as TrainingAnswer).updated[name]!,
      told.right.moved[name]!,
      rounding(told, name),
    );
    return unless(ratio, (times) => Math.abs(times - 1) < SAME);
  });
  if (!isDecay && !isShrunk) return null;
  const sentence =
    "in addition to the step, a part of the parameter itself is subtracted, as in weight decay, which is not asked for";
  return { id: "weight-decay-in-part", sentence: alone + sentence };
}

/** A step from gradients that were clipped at one number. */
function byLimit(scene: Scene, names: readonly string[], alone: string): Diagnosis | null {
  const { runs } = scene;
  const limits = runs.flat().map((told) => {
    const largest = names.map((name) => Math.max(...stepOf(told, name).toArray().map(Math.abs)));
    return Math.max(...largest) / told.question.learningRate;
  });
  const limit = constantOf(limits);
  if (limit === undefined) return null;
  const fits = runs.flat().every((told) =>
    names.every((name) => {
      const { parameters, learningRate } = told.question;
      const moved = parameters[name]!.sub(told.right.returned[name]!.clamp(-limit, limit).mul(learningRate));
      const values = { ...told.right, moved: { ...told.right.moved, [name]: moved } };
      return agrees(scene, { kind: "update", name }, told.answer as TrainingAnswer, values);
    }),
  );
  if (!fits) return null;
  return {
    id: "limited",
    sentence: `${alone}gradients are clipped at ${short(limit)} before the update, which is not asked for`,
  };
}

/** What is right at a first step and wrong later depends on the steps before. */
export function overSteps(scene: Scene, names: readonly string[]): Diagnosis {
  const { runs } = scene;
  const isRight = (told: Told | undefined): boolean =>
    told !== undefined && firstOfStep(scene, told, { values: told.right, thrown: undefined }) === undefined;
  const what = `the update of ${listed(names)}`;
  if (runs.every(([told]) => isRight(told))) {
    return seenOnly(
      "later",
      `${what} is right at the first step and wrong from then on: is something kept from one step to the next?`,
    );
  }
  const wrong = wrongItems(scene).flatMap(({ kind, name }) => (kind === "gradient" ? [name] : []));
  const others = wrong.filter((name) => !(name in scene.training.vanishing));
  const right = others.length === 0 ? "every gradient is right" : `the gradient of ${listed(names)} is right`;
  const also = others.length === 0 ? "" : `; ${gradientsOf(others)} wrong as well`;
  return seenOnly(
    "update",
    `${right}, but ${what} is not: it should subtract the learning rate times the gradient${also}`,
  );
}

/** "the gradients of C and W1 are" */
function gradientsOf(names: readonly string[]): string {
  return names.length === 1 ? `the gradient of ${names[0]} is` : `the gradients of ${listed(names)} are`;
}

/** A small whole number as a word. */
function inWords(count: number): string {
  return ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"][count] ?? String(count);
}
