import { steps } from "../../grader/course/steps.ts";
import { gradeSteps } from "../../grader/grading/grade.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { courseOf } from "../../grader/runner/grade.ts";
import { nodeHost } from "../../grader/runner/host.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { withFolder } from "../trees.ts";
import type { Job, JobDone } from "./jobs.ts";

/** Results without what no two hosts share: times. */
export type Timeless = Omit<StepResult, "gradient">;

/** What the command line's grader finds in trees, by job. */
export async function gradeHere(jobs: readonly Job[]): Promise<ReadonlyMap<string, readonly Timeless[]>> {
  const course = courseOf(readNames(shippedNames), "ours");
  const found = new Map<string, readonly Timeless[]>();
  for (const { name, files, steps: ids } of jobs) {
    const asked = steps.filter(({ id }) => ids.includes(id));
    const results = await withFolder(files, (root) => gradeSteps(nodeHost(root), course, asked));
    found.set(name, results.map(withoutTime));
  }
  return found;
}

/** A browser's results, as they would be if they had stayed here. */
export function resultsOf({ name, results, failed }: JobDone): readonly Timeless[] {
  if (!results) throw new Error(`${name}: ${failed}`);
  return results.map(withoutTime);
}

function withoutTime(result: Timeless): Timeless {
  return JSON.parse(JSON.stringify({ ...result, milliseconds: 0 })) as Timeless;
}
