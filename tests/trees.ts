import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { vi } from "vitest";
import type { Step } from "../grader/kit/step.ts";
import { steps } from "../grader/course/steps.ts";
import { readNames, shippedNames } from "../grader/runner/data.ts";
import { gradeTree } from "../grader/runner/grade.ts";
import type { StepResult } from "../grader/verdict/result.ts";

/** The step with an id. */
export function stepOf(id: string): Step {
  return steps.find((step) => step.id === id)!;
}

/** Provides a temporary folder with some files for as long as `use` runs. */
export async function withFolder<R>(files: Record<string, string>, use: (folder: string) => Promise<R>): Promise<R> {
  const folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-test-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Gives this process and those it starts a temporary folder of their own for as long as `use` runs, so that what they leave
 * there can be told from what other tests, which run at the same time, put into the system's.
 */
export async function withTemporary<R>(use: (temporary: string) => Promise<R>): Promise<R> {
  return withFolder({}, async (temporary) => {
    vi.stubEnv("TMPDIR", temporary);
    try {
      return await use(temporary);
    } finally {
      vi.unstubAllEnvs();
    }
  });
}

/** Grades files given by step id, and returns the results by id. */
export async function gradeFiles(
  texts: Record<string, string>,
  ids: string[] = Object.keys(texts),
  others: Record<string, string> = {},
): Promise<Record<string, StepResult>> {
  const files = Object.fromEntries(Object.entries(texts).map(([id, text]) => [stepOf(id).file, text]));
  return withFolder({ ...files, ...others }, async (root) => {
    const asked = steps.filter((step) => ids.includes(step.id));
    const results = await gradeTree({
      root,
      steps: asked,
      names: readNames(shippedNames),
      reference: "ours",
      checkTypes: true,
    });
    return Object.fromEntries(results.map((result) => [result.id, result]));
  });
}

/** An exercise file that exports one function with this body; `given` is what it is called with. */
export function exercise(name: string, body: string): string {
  return `import { todo } from "#course";
import { Tensor, tensor, keepdim, oneHot, onesLike, zerosLike } from "#tensor";
export function ${name}(given: any): any {
  ${body}
}
`;
}
