import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import kleur from "kleur";
import { describe, expect, it } from "vitest";
import type { Tensor } from "#tensor";
import type { Bench, Experiment, Findings } from "../../grader/kit/experiment.ts";
import { lectureLine } from "../../grader/verdict/compare.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { terminalCurves } from "../../grader/report/curve.ts";
import { findingsLines, tableLines } from "../../grader/report/findings.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { withStubs } from "../../grader/runner/workspace/stubs.ts";
import { dojo } from "../copies.ts";
import { exercise, stepOf } from "../trees.ts";

kleur.enabled = false;

type Solution = (given: Readonly<Record<string, Tensor>>) => Tensor;
const solutionOf = async (id: string): Promise<Solution> => {
  const module = (await import(path.join(projectRoot, "solutions", stepOf(id).file))) as Record<string, Solution>;
  return module[id]!;
};

const traps = functionSteps.filter((step) => step.experiment);
const experimentOf = (id: string): Experiment => traps.find((step) => step.id === id)!.experiment!;

const benchWith = (dataset: Bench["dataset"], yours: Bench["yours"]): Bench => ({
  dataset,
  steps: functionSteps,
  looksRight: (answer, truth) => lectureLine("", answer, truth).approximate,
  yours,
  progress: () => Promise.resolve(),
});

const found = new Map<string, Promise<Findings>>();

/** What an experiment shows with the solution instead of the learner's file; each is run once. */
function findingsOf(id: string): Promise<Findings> {
  const findings = found.get(id) ?? findingsWith(id, (answer) => answer);
  found.set(id, findings);
  return findings;
}

/** What it shows if the solution's answer is changed. */
async function findingsWith(id: string, change: (answer: Tensor) => Tensor): Promise<Findings> {
  const solution = await solutionOf(id);
  const { dataset } = readNames(shippedNames);
  const yours = (given: Readonly<Record<string, Tensor>>): Promise<Tensor> => Promise.resolve(change(solution(given)));
  return experimentOf(id).run(benchWith(dataset(), yours));
}

/** A table's numbers by row and column. */
function numbersOf({ tables }: Findings, table = 0): Record<string, Record<string, number>> {
  const { columns, rows } = tables[table]!;
  return Object.fromEntries(
    rows.map(([name, ...cells]) => [
      name!,
      Object.fromEntries(cells.map((cell, i) => [columns[i + 1]!, Number.parseFloat(cell)])),
    ]),
  );
}

describe("an experiment", () => {
  it("exists for the gradient check and for each step of part 5, in the same order", () => {
    const ids = functionSteps.filter(({ part }) => part === 5).map(({ id }) => id);
    expect(traps.map(({ id }) => id)).toEqual(["numericalGradient", ...ids]);
  });

  it("shows that a difference's error falls with its step and rises again in float32, and stays small in float64", async () => {
    const rows = Object.entries(numbersOf(await findingsOf("numericalGradient")));
    expect(rows.map(([step]) => Number(step))).toEqual([1, 0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-7]);
    const [float32, float64, yours] = ["float32", "float64", "yours"].map((name) => rows.map(([, row]) => row[name]!));
    const best = float32!.indexOf(Math.min(...float32!));
    expect(best).toBe(2);
    for (const [i, error] of float32!.entries()) if (i > 0) expect(error < float32![i - 1]!).toBe(i <= best);
    for (const i of [1, 2, 3, 4]) expect(float64![i]! / float64![i - 1]!).toBeCloseTo(0.01, 3);
    for (const error of float64!.slice(3)) expect(error).toBeLessThan(1e-6);
    for (const [i, error] of yours!.entries()) expect(error / float32![i]!).toBeCloseTo(1, 1);
  });

  it("shows that zero biases hide a gap, which exists at the lecture's start and is as large as predicted", async () => {
    const findings = await findingsOf("gap");
    const [wrong, yours, left] = Object.values(numbersOf(findings));
    expect(wrong!["biases 0, gains 1"]).toBe(0);
    expect(wrong!["the lecture's"]).toBeGreaterThan(1e-3);
    expect(yours).toEqual(wrong);
    expect(left!["the lecture's"]).toBeLessThan(1e-7);
    const [hidden] = Object.values(numbersOf(findings, 1));
    expect(hidden!["biases 0, gains 1"]).toBeGreaterThan(hidden!["the lecture's"]!);
    expect(findings.remarks[0]).toContain("dbnraw (bngain forgotten)");
  });

  it("shows outliers that a clipped loss ignores and a clipped gradient learns from", async () => {
    const findings = await findingsOf("dpredicted");
    const [outliers] = Object.values(numbersOf(findings));
    expect(outliers!["loss clipped"]).toBeGreaterThan(10 * outliers!["gradient clipped"]!);
    expect(outliers!["yours"]).toBe(outliers!["gradient clipped"]);
    expect(findings.curves![2]!.values).toEqual(findings.curves![0]!.values);
  });

  it("shows which forgotten branches the loss does not reveal, and that adding them repairs the gradient", async () => {
    const findings = await findingsOf("forgotten");
    const rows = numbersOf(findings);
    const loss = (row: string): number => rows[row]!["loss at the end"]!;
    const right = loss("nothing forgotten");
    expect(Object.keys(rows)).toHaveLength(10);
    expect(Math.abs(loss("hprebn through bnmeani") - right)).toBeLessThan(0.01);
    expect(loss("counts through counts_sum")).toBeGreaterThan(right + 0.3);
    expect(rows["hprebn through bnmeani"]!["db1, largest entry"]).toBeGreaterThan(1e-3);
    const repaired = rows["hprebn through bnmeani, with yours added"]!;
    expect(repaired["largest difference in a step's loss"]).toBeLessThan(1e-5);
    expect(repaired["db1, largest entry"]).toBeLessThan(1e-7);
    expect(findings.remarks[0]).toMatch(/^3 of the eight/);
  });

  it("shows rows of dC that = leaves incomplete, and the higher loss that results", async () => {
    const findings = await findingsOf("uses");
    const end = numbersOf(findings, 1)["loss"]!;
    expect(findings.tables[0]!.rows[0]![0]).toBe('"."');
    for (const [, whole, short] of findings.tables[0]!.rows) expect(Number(whole)).toBeGreaterThan(Number(short));
    expect(end["overwritten, ="]).toBeGreaterThan(end["added up, +="]! + 0.02);
    expect(end["overwritten, times your uses"]).toBeLessThan(end["overwritten, ="]! - 0.02);
  });

  it("counts the spacings between answers that are equal on paper", async () => {
    const rows = Object.entries(numbersOf(await findingsOf("spacing")));
    expect(rows).toHaveLength(3);
    const [, dlogits] = rows[0]!;
    expect(dlogits["largest difference"]).toBeGreaterThan(1e-9);
    expect(dlogits["largest difference"]).toBeLessThan(1e-8);
    for (const [, row] of rows) {
      expect(row["1 spacing (yours)"]! + row["2 to 8"]! + row["more"]! + row["equal bit for bit"]!).toBeGreaterThan(20);
      expect(row["more"]!).toBeLessThan(row["equal bit for bit"]! + row["1 spacing (yours)"]!);
    }
  });

  it("mentions the column of spacings only if there is one, that is once spacing is written", async () => {
    const told = ({ remarks }: Findings): string => remarks.join(" ");
    const { dataset } = readNames(shippedNames);
    const without = await experimentOf("spacing").run(benchWith(dataset(), undefined));
    const withYours = await findingsOf("spacing");
    for (const { tables, remarks } of [without, withYours]) {
      for (const [, column] of remarks.join(" ").matchAll(/the column "(.*?)"/g)) {
        expect(tables[0]!.columns).toContain(column);
      }
    }
    expect(without.tables[0]!.columns.at(-1)).toBe("equal bit for bit");
    expect(told(without)).not.toMatch(/column/);
    expect(told(withYours)).toMatch(/the column "more" counts/);
  });

  it("shows a scale at test time that exceeds the one in training by a factor of 1 / ratio, and a variance that fixes it", async () => {
    const findings = await findingsOf("ratio");
    for (const [n, row] of Object.entries(numbersOf(findings))) {
      const factor = Math.sqrt((Number(n) - 1) / Number(n));
      expect(row["your ratio"]).toBeCloseTo(factor, 1);
      expect(row["in training"]).toBeCloseTo(1, 1);
      expect(row["at test, biased"]! * factor).toBeCloseTo(row["at test, unbiased"]!, 1);
      expect(Math.abs(row["at test, unbiased"]! - 1)).toBeLessThan(0.1);
    }
    const losses = numbersOf(findings, 1);
    for (const row of Object.values(losses)) {
      expect(row["unbiased, from biased and your ratio"]).toBeCloseTo(row["unbiased"]!, 3);
    }
    expect(losses["2"]!["biased"]! - losses["2"]!["unbiased"]!).toBeGreaterThan(0.01);
  });

  it("shows a gradient that vanishes where tanh is flat, and returns once W1 is rescaled", async () => {
    const findings = await findingsOf("rescaled");
    const [flat, gradient, loss] = Object.values(numbersOf(findings));
    expect(flat!["too large"]).toBeGreaterThan(60);
    expect(flat!["yours"]).toBeLessThan(5);
    expect(gradient!["yours"]).toBeGreaterThan(4 * gradient!["too large"]!);
    expect(loss!["too large"]).toBeGreaterThan(loss!["yours"]! + 0.05);
    expect(loss!["yours"]).toBe(loss!["rescaled"]);
  });

  it("shows the actual effect of a different repair", async () => {
    const [outliers] = Object.values(numbersOf(await findingsWith("dpredicted", (answer) => answer.mul(0))));
    expect(outliers!["yours"]).toBeGreaterThan(outliers!["gradient clipped"]!);
    const [flat] = Object.values(numbersOf(await findingsWith("rescaled", (answer) => answer.mul(10))));
    expect(flat!["yours"]).toBeGreaterThan(60);
  });
});

describe("what an experiment shows, as text", () => {
  it("fits in 80 columns, and its prose in 120", async () => {
    for (const { id } of traps) {
      const experiment = experimentOf(id);
      const findings = await findingsOf(id);
      for (const columns of [80, 120]) {
        const lines = findingsLines(id, experiment, findings, columns);
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      }
    }
  }, 60_000);

  it("has headings above their numbers, broken into several lines if they are long", () => {
    const table = {
      title: "a table",
      columns: ["n", "a heading of several words", "short"],
      rows: [
        ["a name that is far too long for the width that there is", "1", "2.5"],
        ["b", "10", "-3"],
      ],
    };
    expect(tableLines(table, 44)).toEqual([
      "  a table",
      "",
      "                         a heading of",
      "  n                     several words  short",
      `  ${"-".repeat(42)}`,
      "  a name that is far",
      "  too long for the",
      "  width that there is               1    2.5",
      "  b                                10     -3",
    ]);
  });

  it("distinguishes curves without color, and shows each of two equal ones", () => {
    const falling = Array.from({ length: 200 }, (_, i) => 2 - i / 100);
    const flat = falling.map(() => 1.5);
    const lines = terminalCurves(
      [
        { name: "first", values: falling },
        { name: "second", values: flat },
        { name: "third", values: falling },
      ],
      80,
    );
    expect(lines.at(-1)).toMatch(/── first {3}\*\* second {3}oo third$/);
    const plot = lines.slice(0, -1).join("\n");
    expect(plot.match(/\*/g)!.length).toBeGreaterThan(40);
    expect(plot.match(/o/g)!.length).toBeGreaterThan(10);
    expect(plot).toMatch(/[─╮╰]/);
    expect(terminalCurves([{ name: "a", values: flat }], 80)).toEqual(["all values are 1.500"]);
    expect(terminalCurves([{ name: "a", values: [1, Number.NaN] }], 80)).toEqual(["        a: too large to draw"]);
  });
});

describe("npm run lab", () => {
  it("lists the experiments", async () => {
    const { stdout, status } = await dojo(["lab"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/\n5\.1 {3}gap +biases at zero/);
    for (const { id } of traps) expect(stdout).toContain(id);
  });

  it("runs a trap with or without your function, which runs in the box, and says which", async () => {
    await withStubs(async (root) => {
      const file = path.join(root, stepOf("spacing").file);
      const run = async (): Promise<{ stdout: string; status: number | null }> => dojo(["lab", "5.5", "--from", root]);
      expect(await run()).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/Yours is left out: write spacing/),
      });
      writeFileSync(file, readFileSync(path.join(projectRoot, "solutions", stepOf("spacing").file)));
      expect(await run()).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/1 spacing[^]*The run includes your spacing, which passes/),
      });
      writeFileSync(file, exercise("spacing", "return onesLike(given.x);"));
      expect((await run()).stdout).toMatch(
        /The run includes your spacing, which is still wrong: npm run grade -- spacing/,
      );
      writeFileSync(file, exercise("spacing", "return given.nothing.mul(2);"));
      expect((await run()).stdout).toMatch(/Yours is left out: npm run grade -- spacing says why \(threw\)/);
      // correct in every case that is graded, but returns no tensor in the lab
      writeFileSync(
        file,
        exercise("spacing", "if (given.x.size(0) === 32) throw new Error('a fault'); return onesLike(given.x);"),
      );
      expect(await run()).toMatchObject({
        status: 1,
        stdout: expect.stringMatching(/equal on paper[^]*spacing failed during the run:[^]*a fault/),
      });
      // a shape that is wrong only at these sizes
      const turns = "const { x } = given; return x.size(0) === 32 ? x.sum(1) : onesLike(x);";
      writeFileSync(file, exercise("spacing", turns));
      expect((await run()).stdout).toMatch(
        /spacing failed during the\s+run:\s+it\s+returned\s+\[32\],\s+expected\s+\[32, 27\]/,
      );
    });
  }, 60_000);

  it("lists the experiments if there is none of a name", async () => {
    const { stderr, status } = await dojo(["lab", "dcounts"]);
    expect({ stderr, status }).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/dcounts has no experiment; these have one: numericalGradient, gap, /),
    });
    expect((await dojo(["lab", "gap", "uses"])).status).toBe(2);
  });
});
