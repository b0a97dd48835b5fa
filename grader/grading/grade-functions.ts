import { makeProbes } from "../diagnosis/probes.ts";
import { chainTo } from "../verdict/chain.ts";
import type { ShownGradient, StepResult } from "../verdict/result.ts";
import type { Indices } from "../network/named.ts";
import { chainsOf } from "./chains.ts";
import type { FunctionStep } from "../kit/step.ts";
import { gradeFunction, ungradedFunction } from "./grade-function.ts";
import { findStep, firstOf, isRepeatable, keepStep, keptFirst, type Extent } from "./kept-steps.ts";
import { caseSeed, checkTypes, fromSeed, sourceOf, type Grading } from "./grading.ts";
import type { Group, Known } from "./group.ts";
import { once, oncePer } from "../network/once.ts";
import { isOpen, openSteps, watched, type Opened, type OpenSteps } from "./open.ts";
import { lectureQuestion, PROBES, questionFor } from "./questions.ts";

/**
 * Grades functions, each on its own and in the chain of the learner's own gradients.
 *
 * @param keepGradients whether results include the answers to draw; a step is run again if what is kept of it does not hold them
 */
export async function gradeFunctions(
  grading: Grading,
  asked: readonly FunctionStep[],
  keepGradients: boolean,
): Promise<StepResult[]> {
  const { host, course } = grading;
  const group: Group = {
    ...grading,
    asked,
    members: membersOf(asked, course.steps),
    keepGradients,
    lecture: oncePer(course.lecture),
  };
  const before = new Map(group.members.map((step) => [step, knownBefore(group, step)]));
  const isNew = (step: FunctionStep): boolean => before.get(step) === undefined;
  const open = openSteps(
    host,
    group.members.filter(isNew),
    group.members.filter((step) => !isNew(step)),
  );
  try {
    const checking = checkTypes(
      grading,
      asked,
      async (step) => before.get(step)?.result.source ?? sourceOf(await open.of(step)),
    );
    const graded = await gradeAll(group, group.members.filter(isNew), open);
    const known = group.members.map((step) => before.get(step) ?? graded.get(step)!);
    const chain = await chainsOf(group, known, open);
    const notes = await checking;
    return known.flatMap(({ step, result, shown }) => {
      if (!asked.includes(step)) return [];
      const inChain = chain.get(step) ?? null;
      return [{ ...result, inChain, notes: notes.get(step.file) ?? [], ...(shown && { gradient: shown }) }];
    });
  } finally {
    open.close();
  }
}

/** Functions and the steps before them, which are also run, on the lecture's batch only, for the chain. */
function membersOf(asked: readonly FunctionStep[], steps: Grading["course"]["steps"]): FunctionStep[] {
  const all = steps.filter((step) => step.kind === "function");
  const members = new Set(asked.flatMap((step) => chainTo(step, all)));
  return all.filter((step) => members.has(step));
}

/** A step that was asked for gets all cases; a step that only its chain needs gets the first. */
function extentOf({ asked }: Group, step: FunctionStep): Extent {
  return asked.includes(step) ? "whole" : "first";
}

function knownBefore(group: Group, step: FunctionStep): Known | undefined {
  const { kept, host, course, lecture } = group;
  const extent = extentOf(group, step);
  const find = (extent: Extent): ReturnType<typeof findStep> =>
    findStep(kept, host.sources, step, course.setting.lecture, extent);
  const found = find("whole") ?? (extent === "first" ? find("first") : undefined);
  if (!found || (group.keepGradients && extent === "whole" && !isDrawable(step, found.result))) return undefined;
  const { result, passesFirst = false, first } = found;
  const answer = once(() => firstOf(first, () => lecture(step.network).gradients[step.tensor]!));
  const show = (): ShownGradient => {
    const { sizes, batch, gradients } = lecture(step.network);
    return { on: "lecture", sizes, batch, reference: gradients[step.tensor]!, answer: answer() };
  };
  return {
    step,
    result,
    passed: extent === "whole" ? result.passed : passesFirst,
    answer,
    shown: shownIn(group, step, show),
    texts: result.source?.texts,
  };
}

/** Whether a kept result has the answer to draw: it has only the one on the lecture's batch, of a step in a chain. */
function isDrawable({ chain }: FunctionStep, { passed, tensors }: StepResult): boolean {
  return chain !== undefined && (passed || tensors.some(({ approximate }) => !approximate));
}

/** Asks one step after another, and judges the answers in the meantime. */
async function gradeAll(
  group: Group,
  steps: readonly FunctionStep[],
  open: OpenSteps,
): Promise<ReadonlyMap<FunctionStep, Known>> {
  if (steps.length === 0) return new Map();
  // computed while the files are bundled
  for (const { network } of steps) group.lecture(network);
  const asking: Promise<Known>[] = [];
  for (const step of steps) {
    // here and not in gradeNow: all bundles come at once, and all steps would then be drawn before the first is asked
    const opened = await open.of(step);
    const graded = gradeNow(group, step, opened);
    // all of them are awaited below
    graded.catch(() => {});
    asking.push(graded);
    await group.host.letAnswersIn();
  }
  return new Map((await Promise.all(asking)).map((known) => [known.step, known]));
}

async function gradeNow(group: Group, step: FunctionStep, opened: Opened<FunctionStep>): Promise<Known> {
  const { kept, course } = group;
  const lecture = group.lecture(step.network);
  if (!isOpen(opened)) {
    const { result, shown } = ungradedFunction(lectureQuestion(step, lecture), opened);
    return {
      step,
      result,
      passed: false,
      answer: () => undefined,
      shown: shownIn(group, step, shown),
      texts: undefined,
    };
  }
  const extent = extentOf(group, step);
  const seed = extent === "whole" ? caseSeed(group, opened) : undefined;
  const question = seed
    ? fromSeed(group, step, "questions", () => questionFor(step, lecture, seed))
    : lectureQuestion(step, lecture);
  const probes =
    seed &&
    ((hasThrown: boolean) =>
      fromSeed(group, step, `probes ${hasThrown}`, () => makeProbes(step, [...seed, PROBES], hasThrown)));
  const asked = watched(opened);
  const { first, passesFirst, isSteady, shown: show, ...graded } = await gradeFunction(asked.open, question, probes);
  const result: StepResult = { ...graded.result, source: sourceOf(opened) };
  const isLasting = asked.answeredAll() && isSteady && isRepeatable(result, opened.bundle);
  if (isLasting) {
    keepStep(kept, opened.bundle, step, course.setting.lecture, extent, () => ({
      result,
      ...(step.chain && {
        passesFirst: passesFirst(),
        first: keptFirst(first, lecture.gradients[step.tensor]!),
      }),
    }));
  }
  const shown = shownIn(group, step, show);
  return {
    step,
    result,
    passed: result.passed,
    answer: () => first,
    shown,
    texts: isLasting ? opened.texts : undefined,
  };
}

function shownIn(
  { asked, keepGradients, lecture }: Group,
  step: FunctionStep,
  show: (batch: Indices) => ShownGradient,
): ShownGradient | undefined {
  return keepGradients && asked.includes(step) ? show(lecture(step.network).batch) : undefined;
}
