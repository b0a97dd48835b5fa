import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { gradeSteps } from "../../grader/grading/grade.ts";
import { steps } from "../../grader/course/steps.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { courseOf } from "../../grader/runner/grade.ts";
import { nodeHost } from "../../grader/runner/host.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { withFolder } from "../trees.ts";
import { browsers, gradeIn, hasBrowser } from "./browsers.ts";
import type { Job } from "./jobs.ts";
import { heldBackJobs, roomJobs, solutionsJob, stubsJob } from "./trees.ts";

const LONGEST_MS = 600_000;
vi.setConfig({ testTimeout: LONGEST_MS, hookTimeout: LONGEST_MS });

const jobs: readonly Job[] = [solutionsJob, stubsJob, ...heldBackJobs(), ...roomJobs("mistakes"), ...roomJobs("forms")];

/** Everything in a job's results except times. */
function textOf(results: readonly Omit<StepResult, "gradient">[]): string {
  return JSON.stringify(results.map((result) => ({ ...result, milliseconds: 0 })));
}

const here = new Map<string, string>();

beforeAll(async () => {
  const course = courseOf(readNames(shippedNames), "ours");
  for (const { name, files, steps: ids } of jobs) {
    const asked = steps.filter(({ id }) => ids.includes(id));
    const results = await withFolder(files, (root) => gradeSteps(nodeHost(root), course, asked));
    here.set(name, textOf(results));
  }
});

describe.each(browsers.filter(hasBrowser))("the page in %s", (browser) => {
  it("gives the command line's results, byte for byte", async () => {
    const done = await gradeIn(browser, jobs, LONGEST_MS);
    const hash = createHash("sha256");
    for (const { name, results, failed } of done) {
      expect(failed, name).toBeUndefined();
      expect(JSON.parse(textOf(results!)), name).toEqual(JSON.parse(here.get(name)!));
      expect(textOf(results!), name).toBe(here.get(name));
      hash.update(textOf(results!));
    }
    const count = jobs.reduce((sum, job) => sum + job.steps.length, 0);
    process.stdout.write(`${browser}: ${count} results in ${jobs.length} trees, ${hash.digest("hex")}\n`);
  });
});
