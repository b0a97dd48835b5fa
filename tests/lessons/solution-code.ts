import { readFileSync } from "node:fs";
import path from "node:path";
import { solutionsFolder } from "../../grader/runner/project.ts";

/** What a step's solution has instead of the stub's `throw`: all of it, and what its last return gives. */
export function solutionCode(file: string): { body: string; returned: string } {
  const solution = readFileSync(path.join(solutionsFolder, file), "utf8");
  const [, body] = /\/\/ solution\n([^]*?)\n *\/\/ end of solution/.exec(solution)!;
  // a function that returns nothing has a body alone
  const [, returned] = /return\s+([^]*?);\s*$/.exec(body!) ?? [];
  return { body: body!, returned: returned ?? body! };
}
