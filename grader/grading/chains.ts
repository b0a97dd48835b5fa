import type { Tensor } from "#tensor";
import { chainTo, type InChain } from "../verdict/chain.ts";
import { lectureAnswer } from "../verdict/judge.ts";
import { askFunction } from "./answers.ts";
import { keptTensor, tensorOf, type KeptTensor } from "./bits.ts";
import { runChain, type AskAgain } from "./chain.ts";
import type { FunctionStep } from "../kit/step.ts";
import type { Group, Known } from "./group.ts";
import { isOpen, watched, type OpenSteps } from "./open.ts";
import { lectureQuestion } from "./questions.ts";

/**
 * The results in the chain of the steps that were asked for; kept results if nothing that they depend on has changed.
 *
 * @param known every member, in the course's order
 */
export async function chainsOf(
  group: Group,
  known: readonly Known[],
  open: OpenSteps,
): Promise<ReadonlyMap<FunctionStep, InChain>> {
  const found = new Map<FunctionStep, InChain>();
  const missing = new Map<FunctionStep, readonly string[] | undefined>();
  for (const step of group.asked.filter(({ chain }) => chain)) {
    const key = keyOf(group, known, step);
    const before = key && group.kept.find<InChain>(key);
    if (before) found.set(step, before);
    else missing.set(step, key);
  }
  if (missing.size === 0) return found;
  const again = askingAgain(group, known, open);
  const own = known.map(({ step, passed, answer }) => ({ step, passed, answer: answer() }));
  const chain = await runChain(own, group.lecture, again.ask);
  for (const [step, key] of missing) if (key && again.areAllKept()) group.kept.keep(key, () => chain.get(step)!);
  return chain;
}

/** Everything that a step's result in the chain depends on; undefined if a part of it cannot be kept. */
function keyOf({ members, course }: Group, known: readonly Known[], step: FunctionStep): readonly string[] | undefined {
  const key = ["chain", step.id, course.setting.lecture];
  const chain = chainTo(step, members);
  for (const { step, texts, passed } of known) {
    if (!chain.includes(step)) continue;
    if (texts === undefined) return undefined;
    key.push(step.id, texts, String(passed));
  }
  return key;
}

/** Calls steps with the learner's own gradients, unless the answer to the same question was kept. */
function askingAgain(
  { kept, course, lecture }: Group,
  known: readonly Known[],
  open: OpenSteps,
): { ask: AskAgain; areAllKept: () => boolean } {
  let areAllKept = true;
  const ask: AskAgain = async (step, gradients) => {
    const texts = known.find((one) => one.step === step)?.texts;
    const own = Object.entries(gradients).flatMap(([name, gradient]) => [name, keptTensor(gradient).bytes]);
    const key = texts === undefined ? undefined : ["again", step.id, course.setting.lecture, texts, ...own];
    const before = key && kept.find<{ answer: KeptTensor | null }>(key);
    if (before) return before.answer ? tensorOf(before.answer) : undefined;
    const opened = await open.of(step);
    if (!isOpen(opened)) return undefined;
    const asked = watched(opened);
    const { given } = lectureQuestion(step, lecture(step.network)).cases[0];
    const { outcome } = await askFunction(asked.open, [{ given: { ...given, ...gradients } }], [0]);
    const answer: Tensor | undefined = lectureAnswer(outcome);
    if (key && asked.answeredAll()) kept.keep(key, () => ({ answer: answer ? keptTensor(answer) : null }));
    else areAllKept = false;
    return answer;
  };
  return { ask, areAllKept: () => areAllKept };
}
