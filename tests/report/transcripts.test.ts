import { beyondParts } from "../../grader/course/beyond-parts.ts";
import { cpSync } from "node:fs";
import path from "node:path";
import kleur from "kleur";
import { describe, expect, it } from "vitest";
import { requiredSteps, steps } from "../../grader/course/steps.ts";
import { jsonReport } from "../../grader/report/json.ts";
import { stepLines, terminalReport, type Layout } from "../../grader/report/terminal.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { gradeTree } from "../../grader/runner/grade.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { withStubs } from "../../grader/runner/workspace/stubs.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { exercise, gradeFiles, stepOf } from "../trees.ts";
import { wrongTrees } from "./wrong-trees.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";

kleur.enabled = false;

const layout: Layout = { columns: undefined, pathOf: (file) => `exercises/${file}` };

function grade(root: string, reference: "ours" | "torch" = "ours", asked = steps): Promise<StepResult[]> {
  return gradeTree({ root, steps: asked, names: readNames(shippedNames), reference });
}

describe("the terminal's report", () => {
  it("of the stubs says in three lines where to begin", async () => {
    const results = await withStubs((folder) => grade(folder));
    await expect(terminalReport(steps, results, layout)).toMatchFileSnapshot("stubs.txt");
  });

  it("of scattered steps leaves out those in between and ahead, and names as next the one after the first that passes", async () => {
    const results = await withStubs((folder) => {
      for (const id of ["dlogprobs", "dprobs"]) {
        cpSync(path.join(solutionsFolder, stepOf(id).file), path.join(folder, stepOf(id).file));
      }
      return grade(folder);
    });
    await expect(terminalReport(steps, results, layout)).toMatchFileSnapshot("here-and-there.txt");
  });

  it("of the solutions says exact: true for warm-ups, part 1 and traps, and shows tiny differences for the fused steps", async () => {
    const results = await grade(solutionsFolder);
    await expect(terminalReport(steps, results, layout)).toMatchFileSnapshot("solutions.txt");
    const isOther = ({ part }: StepResult): boolean => [2, 3, 4].includes(part);
    const isBeyond = ({ part }: StepResult): boolean => part in beyondParts;
    const atoms = results.filter((result) => !isOther(result) && !isBeyond(result));
    const others = results.filter(isOther);
    for (const { id, verdict } of results.filter(isBeyond)) expect(["exact", "rounding"], id).toContain(verdict);
    expect(atoms.filter(({ verdict }) => verdict !== "exact").map(({ id }) => id)).toEqual([]);
    expect(others.map(({ verdict }) => verdict)).toEqual(["rounding", "rounding", "rounding"]);
    for (const { tensors } of others.slice(0, 2)) expect(tensors[0]!.maxdiff).toBeLessThan(2e-8);
  });

  it("against PyTorch's stored gradients differs from ours at most by rounding", async () => {
    // the networks beyond the lecture's have none
    const results = await grade(solutionsFolder, "torch", requiredSteps);
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

describe("a step that passes among others", () => {
  const printing = exercise(
    "dprobs",
    'console.log("probs", given.probs.gatherRows(given.Yb ?? tensor([0, 1], [2], "int32")), "of", 2); return given.dlogprobs.div(given.probs);',
  );
  const reportOf = async (texts: Record<string, string>, more: Partial<Layout> = {}): Promise<string> => {
    const results = Object.values(await gradeFiles(texts));
    return terminalReport(
      results.map(({ id }) => stepOf(id)),
      results,
      { ...layout, ...more },
    );
  };

  it("says how much it printed, and which command shows it", async () => {
    const report = await reportOf({ dprobs: printing, dcounts: exercise("dcounts", "console.log(1); return 2;") });
    expect(report).toContain("\n      printed 4 lines; npm run grade -- dprobs shows them\n");
    expect(report).toContain("\n      printed | 1\n");
    const again = (id: string): string => `npm run grade -- ${id} --from "a folder of a long name"`;
    const narrow = await reportOf({ dprobs: printing.replace(/given.probs.gather.*Yb.*?"of", /, ""), dcounts: "" }, { again, columns: 60 }); // prettier-ignore
    expect(narrow).toContain(
      '\n      printed 1 line; npm run grade -- dprobs --from "a\n      folder of a long name" shows it\n',
    );
  });

  it("shows what it printed if it is graded alone", async () => {
    const lines = (await reportOf({ dprobs: printing })).split("\n").filter((line) => line.includes("printed"));
    expect(lines).toEqual([
      "      printed | probs",
      expect.stringMatching(/^ {6}printed \| tensor\(\[\[[-\d.e, ]+\],$/),
      expect.stringMatching(/^ {6}printed \| {9}\[[-\d.e, ]+\]\]\)$/),
      "      printed | of 2",
    ]);
  });
});

describe("a step's line", () => {
  it("has the same form whenever there is nothing to compare", async () => {
    const bodies = ["return given.dlogprobs.sum(1);", "return;", "return given.probs.mul(NaN);", "return given.no.no;"];
    const lines = await Promise.all(
      bodies.map(async (body) => {
        const { dprobs } = await gradeFiles({ dprobs: exercise("dprobs", body) });
        return stepLines(stepOf("dprobs"), dprobs!, { ...layout, columns: 80 })[0];
      }),
    );
    const head = " 2  dprobs          | ";
    expect(lines).toEqual([`${head}shape`, `${head}shape`, `${head}not-finite`, `${head}threw`]);
  });

  it("names the tensors of an answer of several, also in 80 columns", async () => {
    const { arithmetic } = await gradeFiles({
      arithmetic: exercise("arithmetic", "return [given.upstream, given.upstream];"),
    });
    const lines = stepLines(stepOf("arithmetic"), arithmetic!, { ...layout, columns: 80 });
    expect(lines[0]).toMatch(/^6\.2 arithmetic da +\| exact: false/);
    expect(lines[1]).toMatch(/^ {15}db +\| exact: false/);
    expect(lines[2]).toMatch(/^ {6}wrong: da: 6 of 6 values differ/);
  });

  it("of code is cut with a mark at each end, and the caret stays below its position", async () => {
    const zeros = ".add(0)".repeat(20);
    const { dprobs } = await gradeFiles({
      dprobs: exercise("dprobs", `return given.probs${zeros}.add(missing)${zeros};`),
    });
    const [code, caret] = stepLines(stepOf("dprobs"), dprobs!, { ...layout, columns: 80 }).slice(3, 5);
    expect(code).toMatch(/^ {8}4 \| ….*\.add\(missing\).*…$/);
    expect(code!.length).toBe(80);
    expect(code!.slice(caret!.indexOf("^"))).toMatch(/^missing\)/);
  });
});

describe("ten wrong trees", () => {
  // read as a learner would: what is said is true and helps
  it("each get a report that names the habit behind them", async () => {
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
          mistake: { id: "given", sentence: "this is probs itself, as it was given" },
          message: expect.stringMatching(/^shape \[32, 27\] is right, /),
          at: null,
          notes: [],
          milliseconds: expect.any(Number),
        },
      ],
    });
  });
});
