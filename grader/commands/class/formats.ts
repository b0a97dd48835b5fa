import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { STYLE } from "../../class/merge/page-style.ts";
import type { ReadClass } from "../../class/merge/read-class.ts";
import { similarSteps, type SubmissionRecord } from "../../class/record.ts";
import { lectureAddress } from "../../course/lecture.ts";
import { parts } from "../../course/steps.ts";
import { headingsOf } from "../../kit/lesson.ts";
import { clock } from "../../kit/number.ts";
import { canvas } from "../../report/class/canvas.ts";
import { gradesCsv, mistakesCsv } from "../../report/class/csv.ts";
import { withoutTexts } from "../../report/class/example.ts";
import { fillGradebook, GradebookError, type FilledGradebook } from "../../report/class/fill.ts";
import { moodle } from "../../report/class/moodle.ts";
import { classPage, type Links } from "../../report/class/page.ts";
import { similarityFiles, type Answer, type Answers } from "../../report/class/similarity.ts";
import { classLines } from "../../report/class/table.ts";
import { counted, stepName, type ClassView, type Row } from "../../report/class/view.ts";
import { harmless } from "../../report/harmless.ts";
import { jsonLine } from "../../report/json.ts";
import { isSeenId } from "../../report/mistake-label.ts";
import { junitPieces, type JunitSuite } from "../../report/junit.ts";
import { makeFolder } from "../../runner/folder.mjs";
import { displayPath, exercisesFolder, withSlashes } from "../../runner/project.ts";
import { whyNot } from "../../runner/system.mjs";
import { saveWhole } from "../../runner/whole.mjs";
import { hasSolutions, solutionOf, stubOf } from "../../runner/workspace/stubs.ts";
import { tell } from "../tell.ts";
import { resolvePath, UsageError } from "../usage.ts";

/** What a class can be merged into. */
export const formats = ["table", "html", "csv", "canvas", "moodle", "junit", "jsonl", "mistakes", "dolos"] as const;
export type Format = (typeof formats)[number];

/** What formats are made from. */
export interface Merged {
  readonly view: ClassView;
  readonly results: ReadClass;
  readonly output?: string | undefined;
  readonly gradebook?: string | undefined;
  readonly column?: string | undefined;
  readonly lessons?: string | undefined;
}

/** Writes a class in a format: to standard output, or to the file or folder that `output` names. */
export async function writeMerged(format: Format, merged: Merged): Promise<void> {
  if (format === "dolos") return writeAnswers(merged);
  if (format === "canvas" || format === "moodle") return writeGradebook(format, merged);
  await write(merged.output, textOf[format](merged), format);
}

/** What a format writes: a text, or pieces of one that is too long to be held, read one submission at a time. */
const textOf: Readonly<
  Record<Exclude<Format, "dolos" | "canvas" | "moodle">, (merged: Merged) => string | Iterable<string>>
> = {
  table: ({ view }) => `${classLines(view, process.stdout.columns).join("\n")}\n`,
  html: ({ view, results, output, lessons }) => classPage(view, { style: STYLE, ...linksTo(lessons, output, results) }),
  csv: ({ view }) => gradesCsv(view),
  mistakes: ({ view }) => mistakesCsv(view),
  jsonl: (merged) => each(recordsOf(merged), jsonLine),
  junit: (merged) => junitPieces(() => each(recordsOf(merged), suiteOf)),
};

function* each<From, To>(all: Iterable<From>, of: (one: From) => To): Generator<To> {
  for (const one of all) yield of(one);
}

/** A file, complete or not at all; without a name, standard output. */
async function write(
  output: string | undefined,
  contents: string | Uint8Array | Iterable<string>,
  what: string,
): Promise<void> {
  if (output === undefined) {
    const pieces = typeof contents === "string" || contents instanceof Uint8Array ? [contents] : contents;
    // a stream keeps what it cannot pass on
    for (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, "drain");
    return;
  }
  const file = newPath(output);
  try {
    saveWhole(file, contents);
  } catch (error) {
    throw new UsageError(`--output ${displayPath(file)}: cannot be written (${whyNot(error)}); name another place`);
  }
  tell(`${displayPath(file)} is written (${what})`);
}

/** A path as typed, of something that need not exist. */
function newPath(typed: string): string {
  return path.resolve(process.env["INIT_CWD"] ?? process.cwd(), typed);
}

/** The records of a view, with names or without, in its order: each is read when it is asked for, and none is kept. */
function* recordsOf({ view: { rows, isAnonymous }, results }: Merged): Generator<SubmissionRecord> {
  for (const row of rows) {
    const record = results.recordOf(row);
    if (record) yield isAnonymous ? withoutNames(record, row) : record;
  }
}

/** What a learner wrote, threw or was called may name them: only what the grader says is left. */
function withoutNames({ code: _code, problem, ...record }: SubmissionRecord, { id }: Row): SubmissionRecord {
  const submission = { ...record.submission, id, people: [], received: null, late: false, key: "" };
  const steps = record.steps.map((step) => ({ ...step, message: null, notes: [] }));
  return {
    ...record,
    submission,
    steps,
    ...(problem && { problem: { id: problem.id, message: "it could not be graded" } }),
  };
}

function suiteOf({ submission: { id, received }, steps, problem }: SubmissionRecord): JunitSuite {
  const results = steps.map((step) => {
    const { mistake } = step;
    return { ...step, mistake: mistake && { ...mistake, ...(isSeenId(mistake.id) && { isSeen: true as const }) } };
  });
  return { name: id, file: id, prefix: `${id}.`, timestamp: received ?? undefined, results, problem: problem?.message };
}

/** What the page links to: lessons on the web, or beside it in this copy of the course. */
function linksTo(lessons: string | undefined, output: string | undefined, { examples }: ReadClass): Links {
  const from =
    output === undefined ? path.resolve(process.env["INIT_CWD"] ?? process.cwd()) : path.dirname(newPath(output));
  const near = withSlashes(path.relative(from, exercisesFolder)).split("/").map(encodeURIComponent).join("/");
  const base = lessons?.replace(/\/+$/, "") ?? near;
  return {
    lesson: ({ lesson }) => (lesson === undefined ? undefined : `${base}/${lesson}`),
    part: titleOfPart,
    lecture: ({ lecture = [] }) => lecture.map((at) => ({ address: lectureAddress(at), time: clock(at) })),
    example: examples.of,
  };
}

/** The title of a part's lesson, as in this copy of the course. */
function titleOfPart(part: number): string {
  try {
    const [title] = headingsOf(
      readFileSync(path.join(exercisesFolder, parts[part as keyof typeof parts], "README.md"), "utf8"),
    );
    return title?.title ?? `Part ${part}`;
  } catch {
    return `Part ${part}`;
  }
}

/** Points into a copy of the gradebook that was exported. */
async function writeGradebook(format: "canvas" | "moodle", { view, gradebook, column, output }: Merged): Promise<void> {
  const file = resolvePath(gradebook!);
  if (output !== undefined && newPath(output) === file) {
    throw new UsageError(
      `--output ${output} is the gradebook itself: name another file, so that the exported one stays as it is`,
    );
  }
  const shown = displayPath(file);
  let filled: FilledGradebook;
  try {
    filled = fillGradebook({ canvas, moodle }[format], readFileSync(file), view.rows, column);
  } catch (error) {
    if (error instanceof GradebookError) throw new UsageError(`${shown}: ${error.message}`);
    throw new UsageError(`${shown}: cannot be read (${whyNot(error)})`);
  }
  await write(output, filled.bytes, `points of ${counted(filled.filled, "student")} in "${harmless(filled.column)}"`);
  for (const remark of filled.remarks) tell(remark);
}

/** A folder that similarity tools read: the steps where similarity means something, each with its answers. */
function writeAnswers(merged: Merged): void {
  const { view, output } = merged;
  const folder = newPath(output!);
  const similar = similarSteps(view.steps);
  const answers = new Map<string, Answer[]>(similar.map(({ id }) => [id, []]));
  for (const row of view.rows) {
    const { code: texts = {} } = merged.results.recordOf(row) ?? {};
    for (const [id, list] of answers) {
      const text = Object.hasOwn(texts, id) ? texts[id] : undefined;
      const isStub = row.cells.get(id)?.verdict === "not-started";
      if (text === undefined || isStub) continue;
      const code = view.isAnonymous ? withoutTexts(text) : text;
      list.push({ id: row.id, name: row.name, received: row.received, code });
    }
  }
  const all = similar.flatMap((step): Answers[] => {
    const own = answers.get(step.id)!;
    return own.length === 0 ? [] : [{ step, answers: own, stub: stubOf(step), solution: solutionOf(step) }];
  });
  if (all.length === 0) {
    throw new UsageError(
      `these results hold no answer to ${similar.map(stepName).join(", ") || "a step that is long enough"}: before parts 2 to 4 similarity means little`,
    );
  }
  writeFolder(folder, similarityFiles(all));
  if (!hasSolutions())
    tell("this copy of the course has no solutions: the folder has no published one to compare with");
  tell(
    `${displayPath(folder)} is written: ${all.map(({ step, answers: own }) => `${stepName(step)} (${own.length})`).join(", ")}; read its README.txt first`,
  );
}

function writeFolder(folder: string, files: ReadonlyMap<string, string>): void {
  try {
    mkdirSync(folder);
    for (const [name, text] of files) {
      const file = path.join(folder, name);
      makeFolder(path.dirname(file));
      saveWhole(file, text);
    }
  } catch (error) {
    throw new UsageError(`--output ${displayPath(folder)}: cannot be written (${whyNot(error)}); name a new folder`);
  }
}
