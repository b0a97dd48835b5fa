import { isDeepStrictEqual } from "node:util";
import { harmless } from "../report/harmless.ts";
import { resultDocument, type ResultDocument } from "../report/json.ts";
import type { TreeTexts } from "../runner/tree.ts";
import type { Step } from "../kit/step.ts";
import { limited, type StepResult } from "../verdict/result.ts";
import { keptCode } from "./code.ts";
import type { Grader } from "./grading/grader.ts";
import { keyOf, keyOfProblem, type KeySettings } from "./key.ts";
import { pointsOf, type PointsPerStep } from "./points.ts";
import { SubmissionProblem } from "./problem.ts";
import type { Points, Problem, Submission, SubmissionRecord } from "./record.ts";
import type { Results } from "./results.ts";
import type { Unread } from "./submissions.ts";
import { unpacked } from "./tree/archives.ts";
import { findTree, type FoundTree } from "./tree/find.ts";

/** What the records of a class have in common. */
export interface Common {
  about: Pick<ResultDocument, "grader" | "node" | "data">;
  /** All steps of the course. */
  steps: readonly Step[];
  points: PointsPerStep;
  key: KeySettings;
  results: Results;
}

/** What there is to do about a submission. */
export type Looked =
  | { state: "unchanged"; before: Points; now: Points }
  | { state: "new"; shape: FoundTree["shape"] }
  | { state: "problem"; problem: Problem };

/**
 * Looks at a submission before it is graded. If its files are those of its result, it needs none; if they cannot be read,
 * its result says why.
 *
 * @param isAgain whether it is graded whatever its result is
 * @throws the system's error if a result cannot be written
 */
export async function look(unread: Unread, common: Common, isAgain: boolean): Promise<Looked> {
  const read = await readTree(unread, common.steps);
  if ("message" in read) {
    const submission = { ...unread.submission, key: keyOfProblem(read, common.key) };
    if (!isSame(common.results.read(submission.id), submission))
      common.results.write(problemRecord(submission, read, common));
    return { state: "problem", problem: read };
  }
  const submission = { ...unread.submission, key: keyOf(read.texts, common.key) };
  const before = common.results.read(submission.id);
  if (isAgain || !before || before.submission.key !== submission.key || before.problem) {
    return { state: "new", shape: read.shape };
  }
  const points = pointsOf(before.steps, common.points);
  // only the roster or the points may have changed
  if (!isSame(before, submission) || !isDeepStrictEqual(before.points, points)) {
    common.results.write({ ...before, submission, points });
  }
  return { state: "unchanged", before: before.points, now: points };
}

function isSame(before: SubmissionRecord | undefined, submission: Submission): boolean {
  return before !== undefined && isDeepStrictEqual(before.submission, submission);
}

/** A submission that has been graded, and what its result was before. */
export interface Graded {
  record: SubmissionRecord;
  before: SubmissionRecord | undefined;
}

/**
 * Grades a submission and writes its result.
 *
 * @throws RunnerError if nothing can be run, the system's error if the result cannot be written
 */
export async function gradeOne(unread: Unread, common: Common, grader: Grader): Promise<Graded> {
  const before = common.results.read(unread.submission.id);
  const read = await readTree(unread, common.steps);
  const record =
    "message" in read
      ? problemRecord({ ...unread.submission, key: keyOfProblem(read, common.key) }, read, common)
      : await recordOf(unread, read.texts, common, grader);
  common.results.write(record);
  return { record, before };
}

async function recordOf(
  { submission }: Unread,
  texts: TreeTexts,
  { about, points, key }: Common,
  grader: Grader,
): Promise<SubmissionRecord> {
  const results = (await grader.grade(texts)).map(withoutTime);
  return {
    ...resultDocument(results, about),
    submission: { ...submission, key: keyOf(texts, key) },
    points: pointsOf(results, points),
    seed: key.seed ?? null,
    code: keptCode(results, texts),
  };
}

/** How long something took belongs to one run, and these files are the same for all. */
function withoutTime(result: StepResult): StepResult {
  return { ...result, milliseconds: 0 };
}

function problemRecord(submission: Submission, problem: Problem, { about, points, key }: Common): SubmissionRecord {
  const earned = pointsOf([], points);
  return { ...resultDocument([], about), submission, points: earned, seed: key.seed ?? null, problem };
}

/** What is graded of a submission, or why there is nothing. */
async function readTree({ files }: Unread, steps: readonly Step[]): Promise<FoundTree | Problem> {
  try {
    const all = await unpacked({ files });
    try {
      return await findTree(all.files, steps);
    } finally {
      all.close();
    }
  } catch (error) {
    // a message may name files, which have any names
    if (error instanceof SubmissionProblem) return { id: error.id, message: limited(harmless(error.message)) };
    throw error;
  }
}
