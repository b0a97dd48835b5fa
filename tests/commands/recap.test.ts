import { cpSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import { stepOf } from "../trees.ts";
import { dojo, withWorkspace } from "./in-process.ts";

vi.mock("../../grader/runner/project.ts", async (original) => (await import("./in-process.ts")).inWorkspace(original));

const solve = (root: string, id: string): void =>
  cpSync(path.join(root, "solutions", stepOf(id).file), path.join(root, "exercises", stepOf(id).file));
const recap = async (...words: string[]): Promise<string> => {
  const { stdout, status } = await dojo(["recap", ...words]);
  expect(status).toBe(0);
  return stdout;
};

describe("recap", () => {
  it("says how far the first part is, until the end of one is reached", async () => {
    await withWorkspace(async (root) => {
      const count = steps.filter(({ part }) => part === 0).length;
      solve(root, "da");
      await dojo(["grade", "da"]);
      expect(await recap()).toBe(`the warm-ups: 1 of ${count} passed; its recap is shown once all have\n`);
    });
  });

  it("shows the last end that was reached as grading showed it, or those of a part or a step", async () => {
    await withWorkspace(async (root) => {
      for (const id of ["dh", "dW2", "db2", "dhpreact", "fused-dlogits"]) solve(root, id);
      const graded = (await dojo(["grade", "9-12"])).stdout;
      const first = await recap();
      expect(first).toMatch(/^Finished: a linear layer and its tanh\n/);
      expect(first).toMatch(/\n {2}dW2 +\[hidden, vocab\] {2}\S/);
      expect(graded).toContain(`\n${first}\nnpm run recap shows this again\n`);

      await dojo(["grade", "fused-dlogits"]);
      expect(await recap()).toMatch(/^Finished: fused cross-entropy\n/);
      expect(await recap("dW2")).toBe(
        `${first}\nthe whole backward pass: 4 of 26 passed; its recap is shown once all have\n`,
      );
      const part = await recap("part1");
      expect(part).toContain(first);
      expect(part.match(/\d of \d+ passed/g)).toEqual([
        "0 of 8 passed",
        "0 of 9 passed",
        "0 of 5 passed",
        "4 of 26 passed",
      ]);

      // what was reached stays, whatever is tried afterwards
      await dojo(["reset", "dW2"]);
      expect(await recap("dh")).toContain(first);
      expect((await dojo(["recap", "part9"])).stderr).toMatch(/there is no part 9/);
    });
  });

  it("breaks no word in a narrow terminal", async () => {
    await withWorkspace(async (root) => {
      for (const { id } of steps.filter(({ part }) => part === 1)) solve(root, id);
      await dojo(["grade", "part1"]);
      const wide = await recap("part1");
      const { stdout } = await dojo(["recap", "part1"], root, 60);
      expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(60);
      const words = (text: string): Set<string> => new Set(text.split(/\s+/));
      expect([...words(stdout)].filter((word) => !words(wide).has(word))).toEqual([]);
    });
  });
});
