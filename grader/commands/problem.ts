import path from "node:path";
import { SubmissionProblem } from "../class/problem.ts";
import { NamesError } from "../course/makemore/dataset.ts";
import { RunError } from "../runner/workspace/training-runs.ts";
import { CourseError } from "../runner/outside/course-error.ts";
import { outside } from "../runner/outside/outside.ts";
import { RunnerError } from "../runner/process.ts";
import { displayPath } from "../runner/project.ts";
import { missingPackage, systemProblem } from "../runner/system.mjs";
import { UsageError } from "./usage.ts";

/** What went wrong, in one sentence, if it is something that a person can fix; undefined for the grader's own fault. */
export function problemOf(error: unknown): string | undefined {
  if (error instanceof CourseError) return courseProblem(error);
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

/** The place as an editor finds it, and what is wrong there. */
function courseProblem({ at, message }: CourseError): string {
  if (!at) return message;
  return `${displayPath(path.join(outside.folder ?? "", at.file))}:${at.line}: ${message}`;
}
