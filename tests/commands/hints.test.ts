import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { stepOf } from "../trees.ts";
import { dojo, withWorkspace } from "./in-process.ts";
import { withFolder } from "../trees.ts";
import { expectRefusal } from "./refusal.ts";

vi.mock("../../grader/runner/project.ts", async (original) => (await import("./in-process.ts")).inWorkspace(original));

const DCOUNTS = "1-step-by-step/05-dcounts.ts";
const solved = (root: string, file = DCOUNTS): string => readFileSync(path.join(root, "solutions", file), "utf8");
const flat = (text: string): string => text.replaceAll(/\s+/g, " ");

/** A solution with another body. */
function withBody(text: string, body: string): string {
  return text.replace(/\/\/ solution\n[^]*?\/\/ end of solution/, body);
}

describe("hint", () => {
  it("shows one hint at a time, remembers which, and says how to get the next", async () => {
    await withWorkspace(async (root) => {
      const file = path.join(root, "exercises", DCOUNTS);
      const all = await dojo(["hint", "dcounts", "--all"]);
      expect(all).toMatchObject({ status: 0, stdout: expect.stringMatching(/you have seen none of its 3 hints yet/) });

      const one = await dojo(["hint", "dcounts"]);
      expect(one.stdout).toMatch(/^dcounts: hint 1 of 3, the shapes\n/);
      expect(one.stdout).toMatch(/1 of 3 shown; the next:\n {2}npm run hint -- dcounts\n$/);
      const two = await dojo(["hint", "5"]);
      expect(two.stdout).toMatch(/^dcounts: hint 2 of 3, the rule, with small numbers\n/);
      expect(JSON.parse(readFileSync(path.join(root, ".progress"), "utf8")).steps).toEqual({ dcounts: { hints: 2 } });

      // the third hint depends on the file, and can be asked for again
      const three = await dojo(["hint", "dcounts"]);
      expect(flat(three.stdout)).toMatch(/hint 3 of 3, the missing piece The answer is a sum of two terms/);
      writeFileSync(file, withBody(solved(root), "return counts_sum_inv.mul(dprobs);"));
      const named = await dojo(["hint", "dcounts"]);
      const { sentence } = stepOf("dcounts").mistakes.find(({ id }) => id === "second-branch-missing")!;
      expect(flat(named.stdout)).toContain(
        `hint 3 of 3, what to look at, and the missing piece looks like: ${sentence}`,
      );
      expect(flat(named.stdout)).toMatch(
        /what to look at: The line of .* the missing piece: The answer is a sum of two/,
      );
      writeFileSync(file, withBody(solved(root), "return counts_sum_inv.mul(dprobs).sub(dcounts_sum);"));
      expect(flat((await dojo(["hint", "dcounts"])).stdout)).toContain("the two branches are subtracted");

      const seen = await dojo(["hint", "dcounts", "--all"]);
      expect(seen.stdout.match(/hint \d of 3/g)).toEqual(["hint 1 of 3", "hint 2 of 3", "hint 3 of 3"]);
      expect((await dojo(["hint", "dcounts", "--again"])).stdout).toContain("hint 1 of 3");
      expect((await dojo(["hint", "dcounts"])).stdout).toContain("hint 2 of 3");

      writeFileSync(file, solved(root));
      const passed = await dojo(["hint", "dcounts"]);
      expect(passed.stdout).toMatch(/^dcounts already passes\n +npm run mistakes -- dcounts /);
      expect(passed.status).toBe(0);
      expect((await dojo(["hint", "dcounts", "--all"])).stdout).toContain("hint 2 of 3");
    });
  });

  it("without a step is for the one that grading names as next, and with a part for the part's first", async () => {
    await withWorkspace(async (root) => {
      for (const file of ["1-step-by-step/01-dlogprobs.ts", "1-step-by-step/03-dcounts_sum_inv.ts"])
        writeFileSync(path.join(root, "exercises", file), solved(root, file));
      expect((await dojo(["hint"])).stdout).toMatch(/^dprobs: hint 1 of 3/);
      expect((await dojo(["hint", "1-step-by-step"])).stdout).toMatch(/^dprobs: hint 2 of 3/);
      expect((await dojo(["hint", "3-fused-batchnorm"])).stdout).toMatch(/^fused-dhprebn: hint 1 of 3/);
      expect((await dojo(["hint", "dh", "dW2", "--from", "solutions"])).stdout).toMatch(/^all 2 steps pass/);
    });
  });

  it("still works if its file is lost, damaged or cannot be written", async () => {
    await withWorkspace(async (root) => {
      const file = path.join(root, ".progress");
      await dojo(["hint", "dh"]);
      writeFileSync(file, readFileSync(file, "utf8").replace('"hints": 1', '"hints": 9'));
      expect((await dojo(["hint", "dh"])).stdout).toContain("hint 3 of 3");
      writeFileSync(file, "what is this\n\u0000\n");
      expect((await dojo(["hint", "dh"])).stdout).toContain("hint 1 of 3");
      rmSync(file);
      mkdirSync(file);
      const blocked = await dojo(["hint", "dh"]);
      expect(blocked.status).toBe(0);
      expect(flat(blocked.stdout)).toMatch(
        /hint 1 of 3.*\.progress cannot be written \(EISDIR\), so this hint will be shown again/,
      );
    });
  });
});

describe("diff and solution", () => {
  it("show nothing until the step passes, and say why it does not", async () => {
    await withWorkspace(async (root) => {
      for (const command of ["diff", "solution"]) {
        const { stdout, status } = await dojo([command, "dcounts"]);
        expect(status).toBe(1);
        expect(stdout).toMatch(/^dcounts does not pass yet: not started\n/);
        expect(stdout).toContain(`npm run ${command} -- dcounts --anyway\n`);
        expect(stdout).not.toContain("counts_sum_inv.mul");
      }
      writeFileSync(
        path.join(root, "exercises", DCOUNTS),
        withBody(solved(root), "return counts_sum_inv.mul(dprobs);"),
      );
      expect(flat((await dojo(["diff", "dcounts"])).stdout)).toContain(
        "wrong, the branch through counts_sum is missing",
      );
      const anyway = await dojo(["diff", "dcounts", "--anyway"]);
      expect(anyway.stdout).toContain(
        "-   return counts_sum_inv.mul(dprobs);\n+   return counts_sum_inv.mul(dprobs).add(onesLike(counts).mul(dcounts_sum));\n",
      );
      expect(anyway.status).toBe(0);
      const shown = await dojo(["solution", "dcounts", "--anyway"]);
      expect(shown.stdout).toMatch(/^ours: solutions\/1-step-by-step\/05-dcounts\.ts\n\nexport function dcounts/);
      expect(shown.stdout).toContain("counts_sum_inv.mul(dprobs).add(");
      expect(shown.stdout).not.toContain("// solution");
    });
  });

  it("show both files once it passes, in any tree, and say if they are the same", async () => {
    await withWorkspace(async (root) => {
      const other = "return dprobs.div(counts_sum).add(dcounts_sum);";
      await withFolder({ [DCOUNTS]: withBody(solved(root), other) }, async (folder) => {
        const { stdout, status } = await dojo(["diff", "dcounts", "--from", folder]);
        expect(status).toBe(0);
        expect(stdout).toContain(`-   ${other}\n`);
        expect((await dojo(["solution", "5", "--from", folder])).status).toBe(0);
        const missing = await dojo(["diff", "dprobs", "--from", folder]);
        expect(missing.status).toBe(1);
        expect(flat(missing.stdout)).toMatch(/dprobs does not pass yet: missing, .*02-dprobs\.ts does not exist/);
        const nothing = await dojo(["diff", "dprobs", "--anyway", "--from", folder]);
        expect(nothing.stdout).toMatch(/02-dprobs\.ts is missing, so there is nothing to compare/);
      });
      writeFileSync(path.join(root, "exercises", DCOUNTS), solved(root).replaceAll(/ *\/\/ .*solution\n/g, ""));
      const same = await dojo(["diff", "dcounts"]);
      expect(same.stdout).toBe(`exercises/${DCOUNTS} and ours (solutions/${DCOUNTS}) are the same\n`);
    });
  });
});

describe("a request that cannot be met exits with 2 and one clear line", () => {
  const table: [args: string[], message: RegExp][] = [
    [["hint", "dcount"], /there is no step "dcount"; did you mean dcounts\?/],
    [["hint", "dcounts", "--all", "--again"], /--all and --again: choose one/],
    [["hint", "--more"], /Unknown option '--more'/],
    [["diff"], /diff of which step\? name one/],
    [["diff", "nothing"], /there is no step "nothing"/],
    [["diff", "dcounts", "--from", "nowhere"], /--from nowhere: there is no such folder/],
    [["solution"], /solution of which step\? name one/],
    [["solution", "99"], /there is no step "99"/],
  ];
  for (const [args, message] of table) {
    it(args.join(" "), async () => {
      expectRefusal(await dojo(args), message);
    });
  }
});
