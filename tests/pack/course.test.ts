import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ofTheCourse, withSolutions } from "../../grader/commands/pack/course.ts";
import { attempt } from "../../grader/commands/git.ts";
import { steps } from "../../grader/course/steps.ts";
import type { ResultDocument } from "../../grader/report/json.ts";
import { projectRoot, solutionsFolder } from "../../grader/runner/project.ts";
import { filesBelow, stubOf } from "../../grader/runner/workspace/stubs.ts";
import { dojo as inProcess } from "../commands/in-process.ts";
import { expectRefusal } from "../commands/refusal.ts";
import { dojo, linkPackages } from "../copies.ts";
import { exercise, stepOf } from "../trees.ts";
import { problemOfPlacing, runPlaced } from "./placed.ts";

const problem = await problemOfPlacing();
if (problem) process.stdout.write(`\nSKIPPED: grading on a file system that is read-only: ${problem}\n`);

let folder: string;
let root: string;
let packed: string[];
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-test-"));
  chmodSync(folder, 0o755);
  root = path.join(folder, "learners");
  const { status, stderr } = await inProcess(["pack", "course", root, "--without-solutions"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  packed = filesBelow(root);
  linkPackages(root);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the learners' repository without solutions", () => {
  it("has every file of the course except for the solutions and what needs them, and nothing else", () => {
    const tracked = attempt("ls-files")?.split("\n");
    const named = (file: string): boolean =>
      [...ofTheCourse, ...withSolutions].some((entry) => `${file}/`.startsWith(`${entry}/`));
    expect(tracked?.filter((file) => !named(file)) ?? []).toEqual([]);
    expect(packed.filter((file) => withSolutions.some((entry) => `${file}/`.startsWith(`${entry}/`)))).toEqual([]);
    expect(packed).toEqual(
      expect.arrayContaining(["README.md", "grader/start.cjs", "exercises/TENSORS.md", ".github/workflows/grade.yml"]),
    );
    for (const step of steps) {
      expect(read(`exercises/${step.file}`)).toBe(stubOf(step));
      expect(read(`stubs/${step.file}`)).toBe(stubOf(step));
    }
  });

  it("has no command whose files are not there", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    expect(scripts).toMatchObject({ grade: "node grader/start.cjs grade", test: "node grader/start.cjs check" });
    const files = Object.values(scripts).flatMap((script) => script.match(/(?<= )(?:[a-z]+\/)+[\w.]+/g) ?? []);
    expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
    expect(scripts["typecheck"]).not.toContain("tests");
    expect(read("README.md")).not.toMatch(/npm (?:test|run bench)`/);
  });

  it("grades our solutions as this copy does, and checks itself", async () => {
    const { stdout } = await dojo(["grade", "--from", solutionsFolder, "--json"], root);
    const { summary } = JSON.parse(stdout) as ResultDocument;
    expect(summary).toMatchObject({ passed: steps.length, total: steps.length });
    const check = await dojo(["check"], root);
    expect(check.status).toBe(0);
    expect(check.stdout).toMatch(
      /this copy of the course has no solutions[^]*\nok {4}all \d+ stubs are not started\n$/,
    );
  });

  it.skipIf(problem)("grades on a file system that is read-only, which keeps and caches nothing", async () => {
    // its types are checked, its verdict would be remembered, its result kept
    const { file } = stepOf("dprobs");
    const wrong = exercise("dprobs", 'return given.probs.mul(given.dlogprobs) as "no tensor";').replace(
      "given: any",
      'given: Given<"dprobs">',
    );
    writeFileSync(path.join(root, "exercises", file), wrong.replace("{ todo }", "{ todo, type Given }"));
    const packages = path.join(projectRoot, "node_modules");
    const { status, output } = await runPlaced({
      files: { "/course": root, [packages]: packages },
      writable: {},
      folder: "/course",
      command: ["node", "grader/start.cjs", "grade", "dprobs", "dcounts"],
    });
    writeFileSync(path.join(root, "exercises", file), stubOf(stepOf("dprobs")));
    expect(output).toMatch(/\n0 passed, 1 wrong, 1 not started\nnext: fix exercises\/1-step-by-step\/02-dprobs\.ts/);
    expect(status).toBe(1);
  });

  it("says that it has no solutions where one would be shown, and restores stubs all the same", async () => {
    for (const command of ["solution", "diff"]) {
      expectRefusal(
        await dojo([command, "dprobs", "--anyway"], root),
        /--anyway: this copy of the course has no solutions/,
      );
    }
    const file = "exercises/1-step-by-step/02-dprobs.ts";
    const locked = await dojo(["solution", "dprobs"], root);
    expect(locked).toMatchObject({ status: 1, stdout: expect.not.stringContaining("--anyway") });
    writeFileSync(path.join(root, file), readFileSync(path.join(solutionsFolder, "1-step-by-step/02-dprobs.ts")));
    const { status, stdout } = await dojo(["solution", "dprobs"], root);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^dprobs: this copy of the course has no solutions[^]*also right: /);
    expect((await dojo(["reset", "dprobs"], root)).stdout).toContain("reset; yours is kept as 02-dprobs.ts.old");
    expect(read(file)).toBe(read("stubs/1-step-by-step/02-dprobs.ts"));
  });
});
