import { limited, type StepResult } from "../verdict/result.ts";
import type { ProgramStep, Step, TrainStep } from "../kit/step.ts";
import type { CourseData } from "./course-data.ts";
import { gradeFunctions } from "./grade-functions.ts";
import type { Grading } from "./grading.ts";
import type { Host } from "./host.ts";
import { comparedNote } from "./idioms/compared.ts";
import { idiomNote } from "./idioms/note.ts";
import { ownNameNote } from "./idioms/own-name.ts";
import { explainedTypes } from "./idioms/type-errors.ts";
import { slipsIn } from "./idioms/slips.ts";
import { keptBy } from "./kept.ts";
import { notesBeside, shortMessage } from "./notes.ts";
import { hashOfTexts } from "./texts.ts";
import { unusedResults } from "./unused.ts";

/**
 * Grades steps of a tree. Learner code runs elsewhere while the references are computed here; a step that fails in any way
 * does not affect the others, and steps that have not changed since they were graded are not run again.
 *
 * @param keepGradients whether results include the gradients on the lecture's batch
 * @returns a result per step, in the order asked for
 * @throws what the host throws if nothing can be run, and the course if there is nothing to train on
 */
export async function gradeSteps(
  host: Host,
  course: CourseData,
  asked: readonly Step[],
  keepGradients = false,
): Promise<StepResult[]> {
  const grading: Grading = { host, course, kept: keptBy(host) };
  const loops = asked.filter((step) => step.kind === "train");
  const programs = asked.filter((step) => step.kind === "program");
  const functions = asked.filter((step) => step.kind === "function");
  const graded = await Promise.all([
    gradeLoops(grading, loops),
    gradeFunctions(grading, functions, keepGradients),
    gradePrograms(grading, programs),
  ]);
  performance.mark("graded");
  const results = new Map(graded.flat().map((result) => [result.id, result]));
  return asked.map((step) => finished(host, step, results.get(step.id)!));
}

/** What grades training loops, and what grades programs, is loaded when there is one: a page's first grade needs neither. */
async function gradeLoops(grading: Grading, loops: readonly TrainStep[]): Promise<StepResult[]> {
  if (loops.length === 0) return [];
  const own = await import("./grade-loops.ts");
  return own.gradeLoops(grading, loops);
}

async function gradePrograms(grading: Grading, programs: readonly ProgramStep[]): Promise<StepResult[]> {
  if (programs.length === 0) return [];
  const own = await import("./grade-programs.ts");
  return own.gradePrograms(grading, programs);
}

/** A result with the notes on its file, and with texts of limited length. */
function finished(host: Host, step: Step, result: StepResult): StepResult {
  const text = host.sources.text(result.file) ?? "";
  const idiom = idiomNote(step, result, text);
  const ownName = ownNameNote(step, text, idiom?.line);
  const isTried = !result.passed && result.verdict !== "not-started";
  const others = isTried ? [comparedNote(step, text), ...slipsIn(step, text)] : [];
  const idioms = [idiom, ownName, ...others.filter((note) => note?.line !== idiom?.line)].filter(
    (note) => note !== undefined,
  );
  const ofTypes = explainedTypes(step, notesBeside(result, result.notes, idioms), text, idioms);
  const notes = [...idioms, ...(result.passed ? [] : unusedResults(text)), ...ofTypes];
  return {
    ...result,
    ...(result.verdict === "threw" &&
      !result.source &&
      !importsFiles(text) && { uncompiled: ownText(host, result, text) }),
    message: result.message && limited((idiom && shortMessage(result)) ?? result.message),
    excerpt: result.at && (text.split(/\r?\n/)[result.at.line - 1] ?? null),
    notes: notes.map((note) => ({ ...note, text: limited(note.text) })),
  };
}

/** Whether a text, which need not compile, imports other files of the tree. */
function importsFiles(text: string): boolean {
  return /["'`]\.{1,2}\//.test(text);
}

function ownText(host: Host, { file }: StepResult, text: string): NonNullable<StepResult["uncompiled"]> {
  return { files: [file], texts: hashOfTexts(host, [{ file, text }]) };
}
