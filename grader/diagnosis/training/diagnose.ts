import type { TrainStep } from "../../kit/step.ts";
import type { Diagnosis } from "../symptom.ts";
import { firstWrong } from "./agreement.ts";
import { almostRight } from "./almost.ts";
import { addedCandidates, clippedCandidates, factorCandidates, strayCandidates } from "./candidates.ts";
import { sceneOf, type Candidate, type Scene, type TrainingSymptoms } from "./scene.ts";
import { whatIsSeen } from "./seen.ts";
import { bySeveral } from "./several.ts";
import { byUpdate, wrongItems } from "./update.ts";
import { writtenSize } from "./written.ts";

/**
 * Names the mistake that a training loop's answers show: a known one, two known ones at once, a line that is off by a
 * factor, a size that is written as a number, or what the numbers have in common. If nothing is certain, it says what is
 * seen and claims nothing.
 */
export function diagnoseTraining(step: TrainStep, symptoms: readonly TrainingSymptoms[]): Diagnosis | null {
  const scene = sceneOf(step, symptoms);
  const first = firstWrong(scene, () => ({}));
  if (first === undefined) return almostRight(step, scene);
  const isGradient = scene.items[first]!.kind === "gradient";
  const isPlain = scene.training.optimizer === undefined;
  const candidates = [
    ...known(scene),
    ...usedAgain(scene),
    ...(isPlain || isGradient ? factorCandidates(scene, first) : []),
    // where the update is the learning rate times the gradient, decay and clipping are not asked for
    ...(isPlain ? [...addedCandidates(scene, first), ...clippedCandidates(scene)] : []),
    ...strayCandidates(scene),
  ];
  const whole = candidates.find(({ at }) => firstWrong(scene, at, scene.items.length) === undefined);
  if (whole) return { id: whole.id, sentence: whole.sentence + whatFollows(scene, whole) };
  return (
    writtenSize(scene) ??
    (isPlain ? byUpdate(scene) : null) ??
    bySeveral(scene, first, candidates) ??
    whatIsSeen(scene, first)
  );
}

function known({ mistakes }: Scene): Candidate[] {
  return mistakes.map(({ id, sentence, alone, changes }) => ({
    id,
    sentence,
    ...(alone !== undefined && { alone }),
    at: () => changes,
  }));
}

/** The known mistakes in lines whose values another line may use again, with that line. */
function usedAgain({ mistakes, training }: Scene): Candidate[] {
  return training.reuses.flatMap(({ of, changes: reusing, says }) =>
    mistakes
      .filter(({ changes }) => Object.keys(changes).every((line) => of.includes(line)))
      .map(({ id, sentence, changes }) => ({
        id,
        sentence: sentence + says,
        inPart: sentence,
        at: () => ({ ...changes, ...reusing }),
      })),
  );
}

/** If one line explains several gradients: that there is nothing else to look for. */
function whatFollows(scene: Scene, { at, sentence, saysWhatFollows }: Candidate): string {
  const { shared, vanishing } = scene.training;
  const [line, ...others] = Object.keys(at(0, 0));
  if (line === undefined || others.length > 0 || !shared.has(line)) return "";
  const wrong = wrongItems(scene).filter(({ kind, name }) => kind === "gradient" && !(name in vanishing));
  // after a question there is nothing to add
  const isSaid = saysWhatFollows || sentence.endsWith("?");
  return wrong.length < 2 || isSaid ? "" : "; everything else that is wrong follows from it";
}
