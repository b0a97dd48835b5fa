import { SubmissionProblem } from "../class/problem.ts";
import { NamesError } from "../course/makemore/dataset.ts";
import { RunError } from "../runner/workspace/training-runs.ts";
import { RunnerError } from "../runner/process.ts";
import { missingPackage, systemProblem } from "../runner/system.mjs";
import { UsageError } from "./usage.ts";

/** What went wrong, in one sentence, if it is something that a person can fix; undefined for the grader's own fault. */
export function problemOf(error: unknown): string | undefined {
  if (
    error instanceof UsageError ||
    error instanceof NamesError ||
    error instanceof RunnerError ||
    error instanceof RunError ||
    error instanceof SubmissionProblem
  )
    return error.message;
  return systemProblem(error) ?? missingPackage(error);
}
