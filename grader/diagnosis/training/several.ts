import type { LoopChanges, LoopState, TrainingAnswer } from "../../kit/training.ts";
import { several, type Diagnosis } from "../symptom.ts";
import { agrees, firstWrong, predictions, ratioOf, ratiosOf } from "./agreement.ts";
import { scaledLines } from "./candidates.ts";
import type { Candidate, Scene, Told } from "./scene.ts";

/** Several mistakes at once: one that explains the first wrong item, another that explains the next one, and so on. */
export function bySeveral(scene: Scene, first: number, candidates: readonly Candidate[]): Diagnosis | null {
  const { items } = scene;
  let best: { members: Candidate[]; reach: number } | undefined;
  for (const start of explaining(scene, [], first, candidates).slice(0, MOST_FIRSTS)) {
    let members = [start.candidate];
    let { reach } = start;
    while (reach < items.length && members.length < MOST_AT_ONCE) {
      const more = [...candidates, ...scaledAfter(scene, members, reach)];
      const [next] = explaining(scene, members, reach, more);
      if (!next) break;
      members = [...members, next.candidate];
      reach = next.reach;
    }
    if (!best || reach > best.reach) best = { members, reach };
    if (best.reach === items.length) break;
  }
  if (!best) return null;
  const id = best.members.map((member) => member.id).join("+");
  if (best.reach === items.length) {
    return { id, sentence: several(best.members.map(besideOthers)) };
  }
  const { name, kind } = items[best.reach]!;
  const what = kind === "loss" ? "the loss" : kind === "update" ? `the update of ${name}` : `the gradient of ${name}`;
  const sentences = best.members.map((member) => member.inPart ?? besideOthers(member));
  return { id, sentence: `${several(sentences)}; in addition, ${what} is wrong in a way that this does not explain` };
}

/** A candidate's sentence without the part that is true only if nothing else is wrong. */
function besideOthers({ sentence, alone = "" }: Candidate): string {
  return sentence.replace(alone, "");
}

/** How many candidates for the first of several mistakes are tried, and how many mistakes are named at once. */
const MOST_FIRSTS = 4;
const MOST_AT_ONCE = 4;

/** The candidates that, together with others, explain this item; those that explain most come first. */
function explaining(
  scene: Scene,
  members: readonly Candidate[],
  first: number,
  candidates: readonly Candidate[],
): { candidate: Candidate; reach: number }[] {
  return candidates
    .filter((candidate) => members.every((member) => !shareALine(member, candidate)))
    .map((candidate) => {
      const at = together([...members, candidate]);
      const reach = firstWrong(scene, at, first) ?? scene.items.length;
      return { candidate, reach, isFit: reach > first && isConsistent(scene, at, reach) };
    })
    .filter(({ isFit }) => isFit)
    .sort((a, b) => b.reach - a.reach);
}

function together(members: readonly Candidate[]): Candidate["at"] {
  return (run, step) => Object.assign({}, ...members.map(({ at }) => at(run, step))) as LoopChanges;
}

function shareALine(a: Candidate, b: Candidate): boolean {
  const lines = Object.keys(b.at(0, 0));
  return Object.keys(a.at(0, 0)).some((line) => lines.includes(line));
}

/** A line that is off by a factor, in addition to other mistakes. */
function scaledAfter(scene: Scene, members: readonly Candidate[], reach: number): Candidate[] {
  const { kind, name } = scene.items[reach]!;
  if (kind !== "gradient") return [];
  const predicted = predictedValues(scene, together(members));
  const ratios = ratiosOf(scene, (told) => {
    const values = predicted.get(told);
    return values && ratioOf((told.answer as TrainingAnswer).gradients[name]!, values.returned[name]!);
  });
  return ratios ? scaledLines(scene, name, ratios) : [];
}

/** The values that some lines give at each step that they reach the end of. */
function predictedValues(scene: Scene, at: Candidate["at"]): Map<Told, LoopState> {
  const found = new Map<Told, LoopState>();
  for (const { told, prediction } of predictions(scene, at)) if (prediction.values) found.set(told, prediction.values);
  return found;
}

/** Whether some wrong lines contradict no answer that is right. */
function isConsistent(scene: Scene, at: Candidate["at"], reach: number): boolean {
  const predicted = predictedValues(scene, at);
  return scene.items.slice(reach).every((item) =>
    scene.runs.flat().every((told) => {
      if ("thrown" in told.answer || !agrees(scene, item, told.answer, told.right)) return true;
      const values = predicted.get(told);
      return values !== undefined && agrees(scene, item, told.answer, values);
    }),
  );
}
