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
import { exercise, stepOf, withFolder } from "../trees.ts";
import { inProcessHost } from "./in-process-host.ts";

/** Files by name, from texts by step id. */
function treeOf(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([id, text]) => [stepOf(id).file, text]));
}

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

/** Trees whose functions return no right tensor, or print something, by what these do. */
const oddities: Readonly<Record<string, Record<string, string>>> = {
  "throws, in the file, in a file beside it and in a tensor": treeOf({
    dprobs: exercise("dprobs", "return prob.mul(given.dlogprobs);"),
    dcounts_sum: exercise("dcounts_sum", "return given.counts_sum.add(given.counts.T);"),
    dcounts_sum_inv: exercise("dcounts_sum_inv", 'throw new Error("no idea");'),
    dlogit_maxes: `import { later } from "./later.ts";\n${exercise("dlogit_maxes", "return later(given);")}`,
    dlogits: `throw new TypeError("at once");\n${exercise("dlogits", "return given.logits;")}`,
    "fused-dlogits": exercise("dlogits", "return given.logits.get(1000, 1000);"),
  }),
  "is no tensor, or of another shape": treeOf({
    dprobs: exercise("dprobs", "return Promise.resolve(given.dlogprobs);"),
    dcounts_sum: exercise("dcounts_sum", "return [1, 2];"),
    dcounts_sum_inv: exercise("dcounts_sum_inv", "given.counts.mul(given.dprobs);"),
    dlogit_maxes: exercise("dlogit_maxes", "return given.dnorm_logits.sum(1);"),
    dlogits: exercise("dlogit", "return given.logits;"),
    dh: exercise("dh", 'throw todo("dh");'),
  }),
  "is not finite, not steady, or changes what it was given": treeOf({
    dprobs: exercise("dprobs", "return given.dlogprobs.div(given.probs.sub(given.probs));"),
    dcounts: exercise("dcounts", "given.dprobs.mul_(2); return given.counts;"),
    dlogit_maxes: `let calls = 0;\n${exercise("dlogit_maxes", "return given.dnorm_logits.sum(1, keepdim).mul(-calls++);")}`,
  }),
  prints: treeOf({
    dprobs: exercise(
      "dprobs",
      'console.log("a", 1, { b: [2] }, given.probs.sum()); console.trace("no");\n  return given.dlogprobs.div(given.probs);',
    ),
  }),
};
const [throwing] = Object.values(oddities);
throwing!["1-step-by-step/later.ts"] = "export function later(given: any): any {\n  return given.nothing.mul(2);\n}\n";

/** The training loop's solution with one piece replaced. */
function loopWith(is: string, other: string): Record<string, string> {
  const { file } = stepOf("train");
  const text = solutions[file]!.replace(is, other);
  if (text === solutions[file]) throw new Error(`the solution has no ${is}`);
  return { [file]: text };
}

describe("Node's processes and functions called in this process give the same results, byte for byte,", () => {
  it("for the solutions", async () => {
    const [byProcesses, here] = await onBoth(solutions);
    expect(here).toBe(byProcesses);
    expect(here.match(/"passed": true/g)).toHaveLength(steps.length);
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

  it.each([
    ["forgets the mean", ".div(n);\n  const dh", ";\n  const dh"],
    ["moves along its gradients", "mul(-learningRate)", "mul(learningRate)"],
    ["writes the learning rate as a number", "-learningRate", "-0.1"],
    ["throws at other sizes", "demb = dembcat.view(...emb.shape)", "demb = dembcat.view(n, 3, 10)"],
    ["returns nothing", "return { loss, gradients };", ""],
    ["grows beyond all bounds", "mul(-learningRate)", "mul(1e30)"],
  ])("for a training loop that %s", async (_, is, other) => {
    const [byProcesses, here] = await onBoth(loopWith(is, other));
    expect(here).toBe(byProcesses);
    expect(here).toContain('"passed": false');
  });
});
