import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { formats } from "../../grader/commands/progress-bar.ts";
import { steps } from "../../grader/course/steps.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";
import { widthOf } from "../../grader/report/text.ts";
import { wrongTrees } from "../report/wrong-trees.ts";
import { exercise, stepOf } from "../trees.ts";
import { dojo, withWorkspace } from "./in-process.ts";

vi.mock("../../grader/runner/project.ts", async (original) => (await import("./in-process.ts")).inWorkspace(original));

const COLUMNS = 60;
/** Lines that are cut, with a mark, instead of broken: a line of code and its caret, and what a learner's code printed. */
const isCut = (line: string): boolean => /^ +(\d+ \| |\| +\^|printed \|)/.test(line);
/** The parts of a path that can be on a line of their own: it may be continued behind a separator, or before #. */
function runsOf(path: string): string[] {
  const pieces = path.split(/(?<=[/\\-])|(?=#)/);
  return pieces.flatMap((_, from) => pieces.slice(from).map((__, i) => pieces.slice(from, from + i + 1).join("")));
}

const wordsIn = (text: string): string[] =>
  text
    .split("\n")
    .filter((line) => !isCut(line))
    .flatMap((line) => line.split(/\s+/).filter((word) => word !== ""));

/** What is wrong with a command's output in a narrow terminal. */
async function problemsOf(args: readonly string[], root: string): Promise<string[]> {
  const wide = (await dojo(args, root)).stdout;
  const narrow = (await dojo(args, root, COLUMNS)).stdout;
  expect(wide.length).toBeGreaterThan(100);
  const known = new Set(wordsIn(wide));
  const pieces = new Set([...known].filter((word) => word.length > COLUMNS / 2).flatMap(runsOf));
  return [
    ...narrow.split("\n").filter((line) => widthOf(line) > COLUMNS),
    ...wordsIn(narrow).filter((word) => !known.has(word) && !pieces.has(word)),
  ];
}

it("the bar of a long training run fits in 60 columns, and in as many as it asks for", () => {
  const longest = { value: "200000", total: "200000", loss: "2.5847", speed: "2000", eta_formatted: "59m59s" };
  for (const { from, bar, format } of formats) {
    const filled = Object.entries({ ...longest, bar: "#".repeat(bar) }).reduce(
      (text, [name, value]) => text.replace(`{${name}}`, value),
      format as string,
    );
    expect(filled).not.toContain("{");
    expect(widthOf(filled)).toBeLessThanOrEqual(Math.max(from, COLUMNS));
  }
});

describe("at 60 columns no word is broken and no line is too wide, in", () => {
  const write = (root: string, id: string, body: string): void =>
    writeFileSync(path.join(root, "exercises", stepOf(id).file), exercise((stepOf(id) as FunctionStep).export, body));
  const solve = (root: string, id: string): void =>
    cpSync(path.join(root, "solutions", stepOf(id).file), path.join(root, "exercises", stepOf(id).file));

  it.each(wrongTrees.map(({ learner, bodies }) => ({ learner, bodies })))(
    "the report of $learner",
    async ({ bodies }) => {
      await withWorkspace(async (root) => {
        for (const [id, body] of Object.entries(bodies)) write(root, id, body);
        expect(await problemsOf(["grade", ...Object.keys(bodies)], root)).toEqual([]);
      });
    },
  );

  it("the report of stubs, and of solutions with all that is said once they pass", async () => {
    await withWorkspace(async (root) => {
      expect(await problemsOf(["grade"], root)).toEqual([]);
      // its section has a long anchor
      expect(await problemsOf(["grade", "0.16"], root)).toEqual([]);
      for (const { id } of steps) solve(root, id);
      expect(await problemsOf(["grade", "--why"], root)).toEqual([]);
      expect(await problemsOf(["grade", "1-8"], root)).toEqual([]);
      expect(await problemsOf(["list"], root)).toEqual([]);
      for (const part of [0, 1, 2, 3, 4, 5]) expect(await problemsOf(["recap", `part${part}`], root)).toEqual([]);
    });
  });

  it("verdicts of every kind", async () => {
    await withWorkspace(async (root) => {
      write(root, "dprobs", "return given.dlogprobs.div(given.probs).sum(1);");
      write(root, "dcounts_sum", "return given.dcounts_sum_inv.mul(given.nothing.at.all);");
      write(root, "dcounts", "return given.counts.mul(NaN);");
      write(root, "dnorm_logits", "return undefined;");
      write(root, "dlogits", "return given.dnorm_logits.add(given.dlogit_maxes);");
      write(root, "dh", "return given.dlogits.matmul(given.W2);");
      write(root, "dW2", "return given.h.T @ given.dlogits;");
      write(root, "db2", 'console.log("x ".repeat(200)); return given.dlogits.sum(0).div(32);');
      write(root, "dbngain", "given.bnraw.set(0, 0, 1); return given.dhpreact.sum(0, true);");
      const ids = "dprobs dcounts_sum dcounts dnorm_logits dlogits dh dW2 db2 dbngain".split(" ");
      expect(await problemsOf(["grade", ...ids], root)).toEqual([]);
      for (const id of ["dlogits", "dW2"]) expect(await problemsOf(["grade", id], root)).toEqual([]);
      expect(await problemsOf(["grade", "dlogits", "--check"], root)).toEqual([]);
      expect(await problemsOf(["hint", "dlogits", "--again"], root)).toEqual([]);
    });
  }, 120_000);

  it("tables of numbers, hints, mistakes and a lab", async () => {
    await withWorkspace(async (root) => {
      for (const { id } of steps.filter(({ part }) => [0, 5].includes(part))) solve(root, id);
      write(root, "dleft", "return given.right.matmul(given.dproduct);");
      write(root, "dcolumn", "return given.dout;");
      for (const id of ["dleft", "dcolumn"]) expect(await problemsOf(["grade", id, "--show"], root)).toEqual([]);
      for (const id of ["dbook", "ratio"]) expect(await problemsOf(["mistakes", id], root)).toEqual([]);
      expect(await problemsOf(["lab", "gap"], root)).toEqual([]);
    });
  });
});
