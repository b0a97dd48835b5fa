import { steps } from "../../course/steps.ts";
import { readNames, shippedNames } from "../../runner/data.ts";
import { gradeTree } from "../../runner/grade.ts";
import type { StepResult } from "../../verdict/result.ts";

/** The steps of a tree whose results are not as expected. */
export async function gradedAs(root: string, expected: (result: StepResult) => boolean): Promise<string[]> {
  const results = await gradeTree({ root, steps, names: readNames(shippedNames), reference: "ours" });
  return results
    .filter((result) => !expected(result))
    .map(({ file, verdict, message }) => `${file}: ${verdict}${message ? `: ${message}` : ""}`);
}
