import { describe, expect, it, vi } from "vitest";
import { mistakeLines } from "../../grader/commands/mistakes.ts";
import { actions } from "../../grader/commands/watch/actions.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { fold, type Layable } from "../../grader/report/text.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { dojo, withWorkspace } from "./in-process.ts";
import { stepOf } from "../trees.ts";

vi.mock("../../grader/runner/project.ts", async (original) => (await import("./in-process.ts")).inWorkspace(original));

/** The words of some lines, wherever these are broken. */
const words = (lines: readonly string[]): string[] => lines.join("\n").trim().split(/\s+/);

describe("mistakes", () => {
  it("fits in 80 columns, and breaks no word of any sentence", async () => {
    const { stdout, status } = await dojo(["mistakes", ...functionSteps.map(({ id }) => id), "--anyway"]);
    expect(status).toBe(0);
    const lines = stdout.split("\n");
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    const flat = words(lines).join(" ");
    for (const step of functionSteps) {
      for (const { idea, sentence } of step.mistakes) expect(flat).toContain(`- ${idea}: ${sentence}`);
    }
  });

  it("lists those of the training loop, each with one idea and one sentence", async () => {
    const { stdout } = await dojo(["mistakes", "train", "--anyway", "--at", "all"]);
    const flat = words(stdout.split("\n")).join(" ");
    for (const { idea, sentence } of stepOf("train").mistakes) expect(flat).toContain(`- ${idea}: ${sentence}`);
  });

  it("counts those of the training loop per line on one screen, and lists those of a single line", async () => {
    const { stdout } = await dojo(["mistakes", "train", "--anyway"]);
    const lines = stdout.split("\n");
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    const counts = lines.flatMap((line) => {
      const [, name, count] = /^ {2}(\w+) +(\d+) {2}\S/.exec(line) ?? [];
      return name === undefined ? [] : [[name, Number(count)] as const];
    });
    expect(counts.map(([name]) => name).slice(0, 4)).toEqual(["forward", "dlogits", "dW2", "db2"]);
    expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBe(stepOf("train").mistakes.length);
    const seen: string[] = [];
    for (const [name, count] of counts) {
      const own = (await dojo(["mistakes", "train", "--anyway", "--at", name])).stdout;
      const ideas = own.match(/^ {2}- /gm) ?? [];
      expect(ideas, name).toHaveLength(count);
      seen.push(own);
    }
    const flat = words(seen).join(" ");
    for (const { idea, sentence } of stepOf("train").mistakes) expect(flat).toContain(`- ${idea}: ${sentence}`);
  });

  it("names the lines that exist, and the step that has them", async () => {
    const wrong = await dojo(["mistakes", "train", "--anyway", "--at", "dlogit"]);
    expect(wrong).toEqual({
      status: 2,
      stdout: "",
      stderr: expect.stringMatching(/--at dlogit: train has no such line; it has forward, dlogits, .*; or all\n$/),
    });
    const other = await dojo(["mistakes", "da", "--anyway", "--at", "dlogits"]);
    expect(other).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/only training loops have their mistakes in lines/),
    });
  });

  it("indents all lines of an idea and of its sentence as far as the first", () => {
    const { idea, sentence } = stepOf("dpredicted").mistakes.find(({ id }) => id === "silenced")!;
    const lines = mistakeLines(stepOf("dpredicted"), 40).slice(0, 8);
    expect(lines[0]).toBe("  - the trap itself: the error is");
    expect(lines[1]).toBe("    clipped before it is squared, and");
    expect(words(lines).join(" ")).toContain(`- ${idea}: ${sentence.slice(0, 60)}`);
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {4}\S/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
  });

  it("says how to see them if the step does not pass, where the list would be", async () => {
    await withWorkspace(async () => {
      const { stdout, status } = await dojo(["mistakes", "dcounts"]);
      expect(status).toBe(1);
      expect(stdout).toMatch(/^dcounts does not pass yet: not started\nthe list of known mistakes is shown once/);
    });
  });
});

describe("the mistakes in watch", () => {
  const { run, isOffered } = actions.find(({ name }) => name === "mistakes")!;

  it("are broken only when the view folds them: each line is filled until the next word does not fit", async () => {
    for (const step of functionSteps) {
      for (const columns of [30, 60, 80, 120]) {
        const text = (await run({ step, result: undefined, root: "exercises" })) as Layable;
        const lines = text(columns);
        for (const line of lines) {
          const folded = fold(line, columns);
          expect(words(folded)).toEqual(words([line]));
          for (const [i, part] of folded.entries()) {
            expect(part.length).toBeLessThanOrEqual(columns);
            // [3, 14] stays together
            const [next] = words(folded.slice(i + 1))
              .join(" ")
              .split(/ (?![^[\]]*\])/);
            if (next) expect(`${part} ${next}`.length).toBeGreaterThan(columns);
          }
        }
        // a heading, and an idea and a sentence for each: none of these was broken
        expect(lines).toHaveLength(1 + 2 * step.mistakes.length);
      }
    }
  });

  it("are offered once the step passes, also for the training loop", () => {
    const at = (passed: boolean, id: string) => ({
      step: stepOf(id),
      result: { passed } as StepResult,
      root: "exercises",
      columns: 80,
    });
    expect(isOffered(at(true, "dcounts"))).toBe(true);
    expect(isOffered(at(false, "dcounts"))).toBe(false);
    expect(isOffered(at(true, "train"))).toBe(true);
    expect(isOffered(at(false, "train"))).toBe(false);
  });
});
