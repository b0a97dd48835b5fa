import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { steps } from "../../course/steps.ts";
import { answerStart } from "../../kit/answer-start.ts";
import { makeStub, withoutMarkers } from "../../kit/stub.ts";
import { once } from "../../network/once.ts";
import { makeFolder } from "../folder.mjs";
import { solutionsFolder, stubsFolder, withSlashes } from "../project.ts";
import type { Step } from "../../kit/step.ts";

/** Whether this copy of the course has solutions; a learners' repository may be packed without them. */
export const hasSolutions = once(() => !existsSync(stubsFolder));

/** What is said where a solution would be shown. */
export const NO_SOLUTIONS = "this copy of the course has no solutions; whoever runs the course has them.";

/** A step's stub, made from its solution where there is one. */
export function stubOf(step: Step): string {
  if (!hasSolutions()) return readFileSync(path.join(stubsFolder, step.file), "utf8");
  return makeStub(readFileSync(path.join(solutionsFolder, step.file), "utf8"), step);
}

/**
 * Our own answer to a step: the file of its solution, for people to read. No oracle may read it.
 *
 * @returns undefined in a copy without solutions
 */
export function solutionOf(step: Step): string | undefined {
  if (!hasSolutions()) return undefined;
  return withoutMarkers(readFileSync(path.join(solutionsFolder, step.file), "utf8"));
}

/** A solution without its imports and its task, which the learner has. */
export function answerOf(solution: string): string {
  return solution.slice(answerStart(solution)).trimEnd();
}

/** Calls `use` with a temporary folder that holds every stub. */
export async function withStubs<R>(use: (folder: string) => Promise<R>): Promise<R> {
  const folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-"));
  try {
    for (const step of steps) {
      const file = path.join(folder, step.file);
      makeFolder(path.dirname(file));
      writeFileSync(file, stubOf(step));
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every file below a folder, relative to it, with forward slashes. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => withSlashes(path.relative(folder, path.join(entry.parentPath, entry.name))))
    .sort();
}
