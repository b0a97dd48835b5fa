import { readFileSync } from "node:fs";
import path from "node:path";
import { functionSteps } from "../../course/steps.ts";
import { givenNamesType } from "../../kit/given-types.ts";
import type { FunctionStep } from "../../kit/step.ts";
import { TYPES_FILE } from "../../runner/outside/files.ts";
import { outside } from "../../runner/outside/outside.ts";
import { courseFolder, displayPath } from "../../runner/project.ts";
import { saveWhole } from "../../runner/whole.mjs";
import { UsageError } from "../usage.ts";

const typesFile = path.join(courseFolder, TYPES_FILE);

/** Writes the types of the exercises of a course outside. */
export function newTypes(steps: readonly Pick<FunctionStep, "id" | "given">[] = functionSteps): string[] {
  if (outside.folder === undefined) {
    throw new UsageError("new types is for a course folder; here, npx vitest run tests/course/given.test.ts --update");
  }
  if (outside.problem) throw outside.problem;
  saveWhole(typesFile, typesText(steps));
  return [`${displayPath(typesFile)}: written`];
}

/** Whether the types are those of the steps as they are now. */
export function areTypesFresh(): boolean {
  try {
    return readFileSync(typesFile, "utf8") === typesText(functionSteps);
  } catch {
    return false;
  }
}

/** What exercises import as #course, for editors and for the type checker; the grader provides it when they run. */
export function typesText(steps: readonly Pick<FunctionStep, "id" | "given">[]): string {
  return `// Made from the rooms by npm run new -- types.
import type { Tensor } from "#tensor";

/** \`throw todo("dx")\` marks a step as not started; replace that line with your own code. */
export declare function todo(id: string): Error;

/** What a step is given: the tensor itself and, for each line that uses it, that line's other inputs, its output and the gradient of its output. */
export type Given<Id extends keyof GivenNames> = { readonly [Name in GivenNames[Id]]: Tensor };

${givenNamesType(steps)}`;
}
