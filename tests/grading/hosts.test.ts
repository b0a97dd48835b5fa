import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import { gradeSteps } from "../../grader/grading/grade.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { courseOf } from "../../grader/runner/grade.ts";
import { nodeHost } from "../../grader/runner/host.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { wrongTrees } from "../report/wrong-trees.ts";
import { someSteps } from "../sample.ts";
import { exercise, stepOf, withFolder } from "../trees.ts";
import { inProcessHost } from "./in-process-host.ts";
import { loopWith, oddities, treeOf, wrongLoops } from "./oddities.ts";

const tried = someSteps(steps, 12);
const solutions = Object.fromEntries(
  steps.map(({ file }) => [file, readFileSync(path.join(solutionsFolder, file), "utf8")]),
);

/** Everything in the results except times: from Node's processes, and from functions that are called in this process. */
async function onBoth(files: Readonly<Record<string, string>>, ids?: readonly string[]): Promise<[string, string]> {
  const asked = steps.filter(({ id, file }) => (ids ? ids.includes(id) : file in files));
  const course = courseOf(readNames(shippedNames), "ours");
  const byProcesses = await withFolder(files, (root) => gradeSteps(nodeHost(root), course, asked));
  const here = await gradeSteps(inProcessHost(files), course, asked);
  return [withoutTimes(byProcesses), withoutTimes(here)];
}

function withoutTimes(results: readonly StepResult[]): string {
  return JSON.stringify(
    results.map((result) => ({ ...result, milliseconds: 0 })),
    null,
    2,
  );
}

describe("Node's processes and functions called in this process give the same results, byte for byte,", () => {
  it("for the solutions", async () => {
    const [byProcesses, here] = await onBoth(
      solutions,
      tried.map(({ id }) => id),
    );
    expect(here).toBe(byProcesses);
    expect(here.match(/"passed": true/g)).toHaveLength(tried.length);
  });

  it.each(wrongTrees.map(({ learner, bodies }) => ({ learner, bodies })))(
    "for a learner who $learner",
    async ({ bodies }) => {
      const texts = Object.entries(bodies).map(([id, body]) => {
        return [id, exercise(stepOf(id).export, body)];
      });
      const [byProcesses, here] = await onBoth(
        { ...solutions, ...treeOf(Object.fromEntries(texts)) },
        Object.keys(bodies),
      );
      expect(here).toBe(byProcesses);
      expect(here).toContain('"passed": false');
    },
  );

  it.each(Object.keys(oddities))("for code that %s", async (name) => {
    const [byProcesses, here] = await onBoth(oddities[name]!);
    expect(here).toBe(byProcesses);
  });

  it.each(wrongLoops)("for a training loop that %s", async (_, is, other) => {
    const [byProcesses, here] = await onBoth(loopWith(is, other));
    expect(here).toBe(byProcesses);
    expect(here).toContain('"passed": false');
  });
});
