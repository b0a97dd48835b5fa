import path from "node:path";
import { steps } from "../../course/steps.ts";
import { readNames, shippedNames } from "../../runner/data.ts";
import { gradeTree } from "../../runner/grade.ts";
import { displayPath, solutionsFolder } from "../../runner/project.ts";
import type { StepResult } from "../../verdict/result.ts";

/** The steps of a tree whose results are not as expected, each with its file: in solutions/, or in another tree by its name there. */
export async function gradedAs(root: string, expected: (result: StepResult) => boolean): Promise<string[]> {
  const results = await gradeTree({ root, steps, names: readNames(shippedNames), reference: "ours" });
  return results
    .filter((result) => !expected(result))
    .map(
      ({ file, verdict, message }) =>
        `${root === solutionsFolder ? displayPath(path.join(root, file)) : file}: ${verdict}${message ? `: ${message}` : ""}`,
    );
}
