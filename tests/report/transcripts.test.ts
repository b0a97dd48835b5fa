import { cpSync } from "node:fs";
import path from "node:path";
import kleur from "kleur";
import { describe, expect, it } from "vitest";
import { steps, type FunctionStep } from "../../grader/course/steps.ts";
import { jsonReport } from "../../grader/report/json.ts";
import { terminalReport, type Layout } from "../../grader/report/terminal.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { gradeTree } from "../../grader/runner/grade.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { withStubs } from "../../grader/runner/stubs.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { exercise, gradeFiles, stepOf } from "../trees.ts";
import { wrongTrees } from "./wrong-trees.ts";

kleur.enabled = false;

const layout: Layout = { columns: undefined, pathOf: (file) => `exercises/${file}` };

function grade(root: string, reference: "ours" | "torch" = "ours"): Promise<StepResult[]> {
  return gradeTree({ root, steps, dataset: readNames(shippedNames).dataset, reference });
}

describe("the terminal's report", () => {
  it("of the stubs says in three lines where to begin", async () => {
    const results = await withStubs((folder) => grade(folder));
    await expect(terminalReport(steps, results, layout)).toMatchFileSnapshot("stubs.txt");
  });

  it("of steps here and there leaves out what lies between and ahead, and goes on from the last that passes", async () => {
    const results = await withStubs((folder) => {
      for (const id of ["dlogprobs", "dprobs"]) {
        cpSync(path.join(solutionsFolder, stepOf(id).file), path.join(folder, stepOf(id).file));
      }
      return grade(folder);
    });
    await expect(terminalReport(steps, results, layout)).toMatchFileSnapshot("here-and-there.txt");
  });

  it("of the solutions is the lecture's line true for warm-ups, atoms and traps, and tiny differences for the fused steps", async () => {
    const results = await grade(solutionsFolder);
    await expect(terminalReport(steps, results, layout)).toMatchFileSnapshot("solutions.txt");
    const isOther = ({ part }: StepResult): boolean => [2, 3, 4].includes(part);
    const [atoms, others] = [results.filter((result) => !isOther(result)), results.filter(isOther)];
    expect(atoms.map(({ verdict }) => verdict)).toEqual(Array(9 + 26 + 7).fill("exact"));
    expect(others.map(({ verdict }) => verdict)).toEqual(["rounding", "rounding", "rounding"]);
    for (const { tensors } of others.slice(0, 2)) expect(tensors[0]!.maxdiff).toBeLessThan(2e-8);
  });

  it("against PyTorch's stored gradients differs from ours by rounding at most", async () => {
    const results = await grade(solutionsFolder, "torch");
    expect(results.every(({ passed }) => passed)).toBe(true);
    const lines = results.filter(({ part }) => part !== 4).flatMap(({ tensors }) => tensors);
    expect(Math.max(...lines.map(({ maxdiff }) => maxdiff!))).toBeLessThan(1e-6);
  });

  it("of wrong answers says what was seen, where, and what was printed", async () => {
    const texts = {
      dprobs: exercise("dprobs", "return given.dlogprobs.div(given.probs);"),
      dcounts_sum_inv: exercise("dcounts_sum_inv", "return given.counts.mul(given.dprobs).sum(1);"),
      dcounts: exercise("dcounts", 'console.log("::error::\\u001b[31mred"); return given.nothing.mul(2);'),
      dnorm_logits: exercise("dnorm_logits", "return given.dcounts;"),
    };
    const asked = Object.keys(texts).map(stepOf);
    const results = Object.values(await gradeFiles(texts));
    await expect(terminalReport(asked, results, layout)).toMatchFileSnapshot("wrong.txt");
    const narrow = terminalReport(asked, results, { ...layout, columns: 80 });
    await expect(narrow).toMatchFileSnapshot("wrong-80-columns.txt");
    expect(Math.max(...narrow.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe("ten wrong trees", () => {
  // read through as a learner would: what is said is true, and leads on
  it("each get a report that names the habit", async () => {
    const reports: string[] = [];
    for (const { learner, bodies } of wrongTrees) {
      const texts = Object.fromEntries(
        Object.entries(bodies).map(([id, body]) => [id, exercise((stepOf(id) as FunctionStep).export, body)]),
      );
      const results = Object.values(await gradeFiles(texts));
      reports.push(
        `# ${learner}\n\n${terminalReport(
          results.map(({ id }) => stepOf(id)),
          results,
          { ...layout, columns: 120 },
        )}`,
      );
    }
    await expect(reports.join("\n")).toMatchFileSnapshot("wrong-trees.txt");
  });
});

describe("the JSON document", () => {
  it("has the documented fields, and no others", async () => {
    const results = await gradeFiles({ dprobs: exercise("dprobs", "return given.probs;") });
    const data = { names: "data/names.txt", sha256: "0" };
    const document = JSON.parse(jsonReport(Object.values(results), { grader: "1.2.3", node: "20.19.0", data }));
    expect(document).toEqual({
      schema: "backprop-dojo/result/v1",
      grader: "1.2.3",
      node: "20.19.0",
      data,
      summary: { passed: 0, failed: 1, notStarted: 0, total: 1 },
      steps: [
        {
          id: "dprobs",
          part: 1,
          number: 2,
          file: "1-step-by-step/02-dprobs.ts",
          verdict: "wrong",
          passed: false,
          tensors: [{ name: "probs", shape: [32, 27], exact: false, approximate: false, maxdiff: expect.any(Number) }],
          inChain: { verdict: "not-started", brokenAt: "dlogprobs" },
          mistake: { id: "given", sentence: "these are the numbers of probs itself, as it was given" },
          message: expect.stringMatching(/^shape \[32, 27\] is right, /),
          at: null,
          notes: [],
          milliseconds: expect.any(Number),
        },
      ],
    });
  });
});
