import type { Tensor } from "#tensor";
import type { TrainingAnswer } from "../../kit/training.ts";
import { sameShape } from "../../tensor/shape.ts";
import { constantOf, round } from "../factors/constants.ts";
import { seenOnly, type Diagnosis } from "../symptom.ts";
import { almost } from "./almost.ts";
import { agrees, isNear, largestBeside, SAME } from "./agreement.ts";
import type { Item, Scene, Told } from "./scene.ts";
import { overSteps } from "./update.ts";

/** What the first wrong item shows, without a cause. */
export function whatIsSeen(scene: Scene, first: number): Diagnosis | null {
  const { kind, name } = scene.items[first]!;
  const seen = scene.runs.flat();
  if (seen.some(({ answer }) => "thrown" in answer)) return null;
  if (kind === "loss") return lossSeen(seen);
  if (kind === "update") return overSteps(scene, [name]);
  const answers = seen.map(({ answer }) => (answer as TrainingAnswer).gradients[name]!);
  if (answers.some((answer, i) => !sameShape(answer.shape, seen[i]!.right.returned[name]!.shape))) return null;
  const place = whereFrom(scene, name);
  const what = `the gradient of ${name}`;
  if (answers.every((answer) => answer.toArray().every((value) => value === 0))) {
    return seenOnly("zero", `${what} is zero everywhere${place}`);
  }
  if (answers.some((answer) => !answer.toArray().every((value) => Number.isFinite(value)))) {
    return seenOnly("not-finite", `in ${what}, some numbers are not finite${place}`);
  }
  const close = almost(seen, { kind, name });
  if (close) return close;
  const part = partOf(answers, seen, name) || "the numbers are wrong";
  return seenOnly("place", `in ${what}, ${part}${place}`);
}

/** A loss that is wrong although everything else is right. */
function lossSeen(seen: readonly Told[]): Diagnosis {
  const ratios = seen.map(({ answer, right }) => (answer as TrainingAnswer).loss / right.returnedLoss.item());
  const factor = constantOf(ratios);
  const which = "gradients and updates are right, but the returned loss";
  if (factor !== undefined)
    return { id: "loss-factor", sentence: `${which} is ${round(factor)} times what it should be` };
  return seenOnly("loss", `${which} is not the loss of the forward pass before the update`);
}

/** Where to look, judging by the gradients that are right. */
function whereFrom(scene: Scene, name: string): string {
  const agree = (item: Item): boolean =>
    scene.runs.flat().every((told) => agrees(scene, item, told.answer as TrainingAnswer, told.right));
  return scene.training.whereFrom(
    name,
    (other) => agree({ kind: "gradient", name: other }),
    () => agree({ kind: "loss", name: "" }),
  );
}

/** Whether some rows or columns are right, in words; empty if not. */
function partOf(answers: readonly Tensor[], seen: readonly Told[], name: string): string {
  const counts = { rows: 0, columns: 0, entries: 0 };
  for (const [i, answer] of answers.entries()) {
    const right = seen[i]!.right.returned[name]!;
    const columns = right.shape.length === 2 ? right.shape[1]! : 1;
    const [x, y] = [answer.toArray(), right.toArray()];
    const sizes = largestBeside(right);
    const wrong = [...x.keys()].filter((k) => !isNear(x[k]!, y[k]!, SAME * sizes[k]!));
    if (wrong.length === 0) continue;
    const wrongRows = new Set(wrong.map((k) => Math.floor(k / columns))).size;
    const wrongColumns = new Set(wrong.map((k) => k % columns)).size;
    if (wrongRows < x.length / columns) counts.rows += 1;
    if (wrongColumns < columns) counts.columns += 1;
    counts.entries += 1;
  }
  if (counts.entries === 0) return "";
  const { shape } = seen[0]!.right.returned[name]!;
  const whole = shape.length < 2 || shape[0] === 1 ? "numbers" : "rows";
  if (counts.rows === counts.entries) return `some ${whole} are right and others are wrong`;
  if (counts.columns === counts.entries) return "some columns are right and others are wrong";
  return "";
}
