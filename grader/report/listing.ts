import kleur from "kleur";
import { progressInReach, type StepProgress } from "../grading/progress.ts";
import { stepsInRange } from "../kit/course.ts";
import { lessonFile } from "../kit/lesson.ts";
import { clock } from "../kit/number.ts";
import type { Step } from "../kit/step.ts";
import { passes } from "../verdict/result.ts";

/** A line of the list: a step, or the heading of a part. */
export interface ListLine {
  step: Step | undefined;
  text: string;
}

/**
 * Steps by part with their state, the next one marked. Words give the state; color only repeats it. Without words, a part
 * beyond the course proper in which nothing is begun is its heading alone.
 */
export function listLines(all: readonly StepProgress[], next: Step | undefined, words: readonly string[]): ListLine[] {
  const states = words.filter(isStateFilter);
  const names = words.filter((word) => !isStateFilter(word));
  const ranges = names.map(
    (name) =>
      stepsInRange(
        all.map(({ step }) => step),
        name,
      ) ?? name,
  );
  const isNamed = (step: Step): boolean =>
    ranges.every((range) => (typeof range === "string" ? matches(step, range) : range.includes(step)));
  const shown = all.filter((one) => states.every((state) => isIn(one, state)) && isNamed(one.step));
  const inReach = words.length === 0 ? new Set(progressInReach(all)) : undefined;
  const numbers = [...new Set(shown.map(({ step }) => step.part))];
  const width = Math.max(0, ...all.map(({ step }) => step.id.length));
  const labelWidth = (part: number): number =>
    Math.max(0, ...shown.filter(({ step }) => step.part === part).map(({ step }) => step.label.length));
  return numbers.flatMap((part, i): ListLine[] => [
    ...(i > 0 ? [{ step: undefined, text: "" }] : []),
    { step: undefined, text: partLine(part, all) },
    ...shown
      .filter((one) => one.step.part === part && (inReach?.has(one) ?? true))
      .map((progress) => {
        const { step, state } = progress;
        const isNext = step === next;
        const name = `${step.label.padStart(3).padEnd(labelWidth(part))}  ${step.id.padEnd(width)}`;
        const mark = `${isNext ? ">" : " "} ${state === "passed" ? "[x]" : "[ ]"}`;
        return {
          step,
          text: `${mark} ${isNext ? kleur.bold(name) : name}  ${colored(progress)}${isNext ? "  (next)" : ""}`,
        };
      }),
  ]);
}

/** Words that choose steps by their state. */
const stateFilters = ["open", "passed", "wrong"] as const;

export function isStateFilter(word: string): word is (typeof stateFilters)[number] {
  return stateFilters.some((state) => state === word);
}

/** Whether a step is passed; open, which is everything else; or wrong as far as grading has seen it. */
function isIn({ state, verdict }: StepProgress, wanted: (typeof stateFilters)[number]): boolean {
  if (wanted === "wrong") return verdict !== null && !passes(verdict) && verdict !== "not-started";
  return (state === "passed") === (wanted === "passed");
}

const BAR = 30;

/** [##########....................] */
export function bar(count: number, total: number): string {
  // full only if nothing is missing, empty only if there is nothing
  const full = count === 0 ? 0 : Math.max(1, Math.floor((count / total) * BAR));
  return `[${kleur.green("#".repeat(full))}${".".repeat(BAR - full)}]`;
}

/** 3 of 10 passed */
export function passedText(all: readonly StepProgress[]): string {
  return `${all.filter(({ state }) => state === "passed").length} of ${all.length} passed`;
}

/** A part's folder, how much of it has passed, and where the lecture begins with it. */
function partLine(part: number, all: readonly StepProgress[]): string {
  const own = all.filter(({ step }) => step.part === part);
  const [folder = ""] = own[0]?.step.file.split("/") ?? [];
  const times = own.flatMap(({ step }) => step.lecture ?? []);
  const from = times.length === 0 ? "" : `   lecture from ${clock(Math.min(...times))}`;
  const isOptional = own[0]?.step.isOptional ? "   optional" : "";
  return `${kleur.bold(folder)}   ${passedText(own)}${kleur.dim(from + isOptional)}`;
}

/** Whether a word is the step's label or its part's (part0), or occurs in its id, file or function. */
function matches({ id, file, ...step }: Step, word: string): boolean {
  const wanted = word.toLowerCase();
  const names = [id, file, step.export].map((name) => name.toLowerCase());
  return [step.label, `part${step.part}`].includes(wanted) || names.some((name) => name.includes(wanted));
}

function colored(progress: StepProgress): string {
  const text = progressText(progress);
  if (progress.state === "passed") return kleur.green(text);
  return progress.state === "not-started" ? kleur.dim(text) : kleur.yellow(text);
}

/** A state in words. */
export function progressText({ state, verdict, because, unread }: StepProgress): string {
  switch (state) {
    case "passed":
      return "passed";
    case "not-started":
      return "not started";
    case "missing":
      return unread === undefined ? "the file is missing" : `missing: in its place is ${unread}`;
    case "started":
      return verdict ? `started: ${verdict}` : "started";
    case "reopened":
      return `${because === "course" ? "the course has changed" : "changed"} since it passed${verdict ? `: ${verdict}` : ""}`;
  }
}

/** What to do about the next step, and the section of the lesson that explains it: a line each. */
export function nextLines(progress: StepProgress, pathOf: (file: string) => string): string[] {
  return [nextText(progress, pathOf), ...lessonPlaceLines(progress.step, pathOf)];
}

/** Where a step is explained: its section, or the lesson if a part begins with it. No line for a step without a lesson. */
export function lessonPlaceLines(step: Step, pathOf: (file: string) => string): string[] {
  const { part, number, lesson } = step;
  if (lesson === undefined) return [];
  return [number === 1 ? `part ${part} begins: ${pathOf(lessonFile(step)!)}` : `lesson: ${pathOf(lesson)}`];
}

function nextText(
  { step: { id, file }, state, verdict, unread }: StepProgress,
  pathOf: (file: string) => string,
): string {
  if (unread !== undefined) return `next: npm run grade -- ${id} says what is wrong with ${pathOf(file)}`;
  if (state === "missing") return `next: npm run reset -- ${id} restores ${pathOf(file)}`;
  // it may be right
  if ((state === "started" || state === "reopened") && verdict === null)
    return `next: npm run grade -- ${id}, not graded since its last change`;
  return `next: ${state === "not-started" ? "open" : "fix"} ${pathOf(file)}`;
}
