import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { functionSteps } from "../../grader/course/steps.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { exercise, gradeFiles } from "../trees.ts";

/** Grades all solutions, except for some functions, which are given by their bodies. */
function gradeChain(bodies: Record<string, string>, ids?: string[]): Promise<Record<string, StepResult>> {
  const texts = functionSteps.map(({ id, file, export: name }) => {
    const text =
      bodies[id] === undefined ? readFileSync(path.join(solutionsFolder, file), "utf8") : exercise(name, bodies[id]);
    return [id, text];
  });
  return gradeFiles(Object.fromEntries(texts), ids);
}

const inChain = (results: Record<string, StepResult>, verdict: string): string[] =>
  Object.values(results)
    .filter((result) => result.inChain?.verdict === verdict)
    .map(({ id }) => id);

const isRequired = (id: string): boolean => functionSteps.some((step) => step.id === id && !step.isOptional);

describe("a step in the chain of the learner's own gradients", () => {
  it("is exact if everything before it is, and is given the reference's gradients where no step asks for them", async () => {
    const results = await gradeChain({});
    expect(inChain(results, "exact").filter(isRequired)).toHaveLength(26);
    expect(inChain(results, "rounding").filter(isRequired)).toEqual(["fused-dlogits", "fused-dhprebn"]);
    expect([...inChain(results, "not-started"), ...inChain(results, "wrong")]).toEqual([]);
  });

  it("stays green if an earlier step is wrong, and names that step", async () => {
    const results = await gradeChain({
      dcounts_sum: "return given.counts_sum.pow(-2).mul(given.dcounts_sum_inv);",
      dh: "return given.dlogits.matmul(given.W2.T).mul(2);",
    });
    expect(results["dcounts"]).toMatchObject({ passed: true, inChain: { verdict: "wrong", brokenAt: "dcounts_sum" } });
    expect(results["dC"]).toMatchObject({ passed: true, inChain: { verdict: "wrong", brokenAt: "dcounts_sum" } });
    expect(results["dcounts_sum_inv"]!.inChain).toEqual({ verdict: "exact", brokenAt: null });
    expect(results["fused-dlogits"]!.inChain).toEqual({ verdict: "rounding", brokenAt: null });
  });

  it("is not reached if an earlier step is not started", async () => {
    const results = await gradeChain({ dprobs: 'throw todo("dprobs");' });
    expect(results["dlogprobs"]!.inChain).toEqual({ verdict: "exact", brokenAt: null });
    expect(results["dprobs"]!.inChain).toEqual({ verdict: "not-started", brokenAt: "dprobs" });
    expect(results["dC"]).toMatchObject({ passed: true, inChain: { verdict: "not-started", brokenAt: "dprobs" } });
  });

  it("can be right although the step on its own is wrong", async () => {
    const results = await gradeChain({
      dlogit_maxes: "return zerosLike(given.logit_maxes);",
      dhprebn: "return given.dbndiff.sub(given.dbndiff.mean(0, keepdim));",
    });
    expect(results["dlogit_maxes"]).toMatchObject({
      verdict: "wrong",
      inChain: { verdict: "rounding", brokenAt: null },
    });
    expect(results["dhprebn"]).toMatchObject({ verdict: "wrong", inChain: { verdict: "rounding", brokenAt: null } });
    expect(inChain(results, "wrong")).toEqual([]);
  });

  it("is also reported if only that step is graded", async () => {
    const results = await gradeChain({ dlogprobs: "return given.logprobs;" }, ["db2"]);
    expect(Object.keys(results)).toEqual(["db2"]);
    expect(results["db2"]).toMatchObject({ passed: true, inChain: { verdict: "wrong", brokenAt: "dlogprobs" } });
  });
});
