import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { tensor, type Tensor } from "#tensor";
import { exampleCase } from "../../grader/kit/case.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { lines } from "../../grader/course/makemore/lines.ts";
import { differentiateLines } from "../../grader/network/backward.ts";
import { exercisesFolder } from "../../grader/runner/project.ts";
import { difference } from "../../grader/verdict/compare.ts";
import { exercise, gradeFiles } from "../trees.ts";
import { float32Reference } from "../../grader/kit/truth.ts";
import { type FunctionStep, answerName, upstreamsOf } from "../../grader/kit/step.ts";
import { casesOf } from "../diagnosis/ask.ts";

const warmups = functionSteps.filter(({ part }) => part === 0);
const normalize = warmups.find(({ id }) => id === "normalize")!;

const sumsOf = (x: Tensor, dim: number): number[] => [...x.sum(dim).toArray()];

describe("the warm-ups", () => {
  it("use names that nothing else uses, so that a name determines a shape", () => {
    const model = lines.flatMap((line): string[] => [line.output, ...line.inputs]);
    for (const { given, shapes } of warmups) {
      for (const name of given) {
        expect(model).not.toContain(name);
        expect(shapes[name], name).toBeDefined();
      }
    }
  });

  it("are given the lines' inputs and, if they ask for a gradient, outputs and upstream gradients", () => {
    for (const { runs, given, asks } of warmups) {
      const all = runs.flat();
      const outputs = all.map(({ output }) => output);
      const inputs = all.flatMap((line) => line.inputs).filter((name) => !outputs.includes(name));
      const above = runs.map((run) => `d${run.at(-1)!.output}`);
      const expected = asks === "value" ? inputs : [...inputs, ...outputs, ...above];
      expect([...given].sort()).toEqual([...new Set(expected)].sort());
    }
  });

  it("are graded with pairwise different sizes, none of them a batch's, and with numbers that are never uniform", () => {
    for (const step of warmups) {
      for (const { given, sizes } of casesOf(step, 3)) {
        expect(sizes["n"]).toBeUndefined();
        const named = Object.values(sizes);
        for (const [i, a] of named.entries()) {
          for (const b of named.slice(i + 1)) expect(Math.abs(a - b)).toBeGreaterThan(1);
        }
        for (const name of upstreamsOf(step)) {
          expect(new Set(given[name]!.toArray()).size).toBe(given[name]!.numel());
        }
      }
    }
  });

  it("have small numbers for which the float32 reference is correct", () => {
    for (const step of warmups) {
      const asked = exampleCase(step);
      expect(difference(float32Reference(step, asked.given), asked.truth)).toBeUndefined();
    }
  });
});

describe("a table of pairs", () => {
  it("has rows and columns of equal sums in the lesson, so that the trap yields columns that sum to 1", () => {
    const N = exampleCase(normalize).given["N"]!;
    expect(sumsOf(N, 1)).toEqual(sumsOf(N, 0));
    const trap = N.div(N.sum(1));
    for (const sum of sumsOf(trap, 0)) expect(sum).toBeCloseTo(1, 6);
    for (const sum of sumsOf(trap, 1)) expect(Math.abs(sum - 1)).toBeGreaterThan(0.05);
  });

  it("has row sums that differ from its column sums if it is random, and a truth whose rows sum to 1", () => {
    for (const { given, truth } of casesOf(normalize, 5)) {
      const N = given["N"]!;
      const [rows, columns] = [sumsOf(N, 1), sumsOf(N, 0)];
      expect(rows.filter((sum, i) => sum === columns[i]).length).toBeLessThan(rows.length / 2);
      for (const sum of sumsOf(truth.toTensor(), 1)) expect(sum).toBeCloseTo(1, 5);
    }
  });
});

describe("the lesson of part 0", () => {
  const text = readFileSync(path.join(exercisesFolder, "0-warm-ups", "README.md"), "utf8");
  const sections = text.split(/^## /m);
  const sectionOf = ({ number, id }: FunctionStep): string => {
    return sections.find((section) => section.startsWith(`${number}. ${id}:`)) ?? "";
  };

  it("shows the numbers that the grader computes, in a section for each step", () => {
    for (const step of warmups) {
      const section = sectionOf(step);
      const asked = exampleCase(step);
      expect(section).toContain(inTex(answerName(step), float32Reference(step, asked.given)));
      // u and v are not shown in the section in which x is used twice: an earlier one shows them
      const shown = Object.entries(asked.given).filter(([name]) => step.id !== "dx" || !["u", "v"].includes(name));
      for (const [name, value] of shown) expect(section).toContain(inTex(name, value));
    }
  });

  it("shows the trap's result, and what its rows sum to", () => {
    const N = exampleCase(normalize).given["N"]!;
    const trap = N.div(N.sum(1));
    expect(sectionOf(normalize)).toContain(pmatrix(trap));
    const [first, second, third] = sumsOf(trap, 1).map(decimals);
    expect(sectionOf(normalize)).toContain(`sum to ${first}, ${second} and ${third}`);
  });

  it("shows the chain of four lines at its first position, the values above and the gradients below", () => {
    const dw = warmups.find(({ id }) => id === "dw")!;
    const { given } = exampleCase(dw);
    const chain = dw.runs[0]!;
    const last = chain.at(-1)!.output;
    const gradients = differentiateLines<Tensor>(chain, given, {}, { [last]: given[`d${last}`]! });
    const names = [dw.tensor, ...chain.map(({ output }) => output)];
    const locals = names.slice(1).map((name, i) => gradients[names[i]!]!.get(0, 0) / gradients[name]!.get(0, 0));
    const rows = rowsOfTable(sectionOf(dw));
    expect(rows["first entry of"]).toEqual(names.map((name) => `\`${name}\``));
    expect(rows["value, from left to right"]).toEqual(names.map((name) => decimals(given[name]!.get(0, 0))));
    expect(rows["local gradient of its line"]).toEqual(["", ...locals.map(decimals)]);
    expect(rows["gradient, from right to left"]).toEqual(names.map((name) => decimals(gradients[name]!.get(0, 0))));
  });

  it("gives the slopes of exp, log and the powers that part 1 needs, at one number", () => {
    const rows = rowsOfTable(sectionOf(warmups.find(({ id }) => id === "dz")!));
    const z = 4;
    const nudge = 1e-6;
    const functions: Record<string, (z: number) => number> = {
      "exp(z)": Math.exp,
      "log(z)": Math.log,
      "z ** -0.5": (z) => z ** -0.5,
      "z ** -1": (z) => 1 / z,
      "z ** 2": (z) => z ** 2,
    };
    for (const [name, f] of Object.entries(functions)) {
      const [formula, value, step] = rows[`\`${name}\``]!;
      const difference = (f(z + nudge) - f(z - nudge)) / (2 * nudge);
      expect(Math.abs(Number(value) / difference - 1), name).toBeLessThan(1e-4);
      const slope = /`([^`]+)`/.exec(formula!)![1]!;
      const byFormula = Function("z", "exp", `return ${slope}`) as (z: number, exp: typeof Math.exp) => number;
      expect(byFormula(z, Math.exp), name).toBeCloseTo(difference, 4);
      const { text } = functionSteps.find(({ id }) => `\`${id}\`` === step)!.runs[0]![0]!;
      expect(text, name).toMatch(name.startsWith("z") ? /\*\* / : new RegExp(name.slice(0, 3)));
    }
  });

  it("says how far the differences of numericalGradient are from its formula", () => {
    const step = warmups.find(({ id }) => id === "numericalGradient")!;
    const { nudge } = exampleCase(step).given;
    expect(sectionOf(step)).toContain(`$h^2/3 = ${decimals(nudge!.item() ** 2 / 3)}$`);
  });

  function rowsOfTable(section: string): Record<string, string[]> {
    const rows = section.split("\n").filter((line) => line.startsWith("| "));
    return Object.fromEntries(
      rows.map((row) => {
        const [name, ...cells] = row
          .slice(1, -1)
          .split("|")
          .map((cell) => cell.trim());
        return [name, cells];
      }),
    );
  }

  function inTex(name: string, value: Tensor): string {
    return `${name.length === 1 ? name : `\\mathrm{${name}}`} = ${matrixInTex(value)}`;
  }

  /** A number; a row; a matrix; or, for three dimensions, a list of matrices. */
  function matrixInTex(value: Tensor): string {
    const [first = 1, ...others] = value.shape;
    if (value.shape.length === 0) return decimals(value.item());
    if (value.shape.length < 3) return pmatrix(value.shape.length === 1 ? value.view(1, -1) : value);
    const parts = Array.from({ length: first }, (_, i) => {
      const index = tensor([i], [1], "int32");
      return pmatrix(value.view(first, -1).gatherRows(index).view(others));
    });
    return `\\left[ ${parts.join(", ")} \\right]`;
  }

  function pmatrix(value: Tensor): string {
    const values = [...value.toArray()].map(decimals);
    const columns = value.size(1);
    const rows = Array.from({ length: value.size(0) }, (_, i) => values.slice(i * columns, (i + 1) * columns));
    return `\\begin{pmatrix} ${rows.map((row) => row.join(" & ")).join(" \\\\ ")} \\end{pmatrix}`;
  }

  function decimals(x: number): string {
    return String(Number(x.toFixed(3)));
  }
});

describe("a report on a warm-up", () => {
  const grade = async (
    id: string,
    body: string,
  ): Promise<{ verdict: string; message: string | null; mistake: string; inChain: unknown }> => {
    const { [id]: result } = await gradeFiles({ [id]: exercise(id, body) });
    const { verdict, message, mistake, inChain } = result!;
    return { verdict, message, mistake: mistake?.id ?? "", inChain };
  };

  it("names the wrong shape and the right one", async () => {
    expect(await grade("dcolumn", "return given.dgrid.sum(1);")).toMatchObject({
      verdict: "shape",
      message: "returned [2], expected [2, 1]",
      mistake: "dropped",
      inChain: null,
    });
    const other = await grade("dleft", "return given.left.T.matmul(given.dproduct);");
    expect(other).toMatchObject({ verdict: "shape", mistake: "other-side" });
    expect(other.message).toMatch(/ \(on random numbers: rows = \d+, columns = \d+, inner = \d+; take sizes from the/);
  });

  it("says what a row that should sum to 1 sums to, and names the missing keepdim", async () => {
    const trap = await grade("normalize", "return given.N.div(given.N.sum(1));");
    expect(trap).toMatchObject({ verdict: "wrong", mistake: "keepdim-forgotten" });
    expect(trap.message).toMatch(/^shape \[3, 3\] is right, row 0 sums to 0\.833 but should sum to 1, /);
  });

  it("says that the lesson's numbers are not a formula", async () => {
    const body = "return given.dc.size(0) === 2 && given.dc.size(1) === 3 ? given.dc.clone() : given.b.mul(given.dc);";
    const learnt = await grade("da", body);
    expect(learnt).toMatchObject({ verdict: "wrong", mistake: "as-product" });
    expect(learnt.message).toMatch(
      /^right on the lesson's small numbers, but not for every input: with random ones and rows/,
    );
  });

  it("accepts a correct answer in another order of operations, and names each known mistake", async () => {
    const right = await grade("dpre", "return given.out.add(1).mul(given.out.neg().add(1)).mul(given.dout);");
    expect(right.verdict).toMatch(/^(exact|rounding)$/);
    expect(await grade("dx", "return given.y.mul(given.du);")).toMatchObject({ mistake: "product-only" });
    expect(await grade("dtable", "return given.dspread;")).toMatchObject({ mistake: "passed-through" });
  });
});
