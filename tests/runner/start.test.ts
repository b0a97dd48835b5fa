import { execFile } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { findProgram } from "../../grader/runner/box.ts";
import { projectRoot, solutionsFolder } from "../../grader/runner/project.ts";
import { dojo, type Run } from "../copies.ts";
import { withFolder } from "../trees.ts";

/** The first program of the command that starts a learner's process: what it sets up can be forbidden to it. */
const limiter = ["setpriv", "prlimit"].find((name) => findProgram(name));
const REASON = "the process that runs the exercises cannot be started: limits are not allowed here";

/** Runs a command on a system that does not let the process of learner code start. */
async function whereNothingStarts(...args: string[]): Promise<Run> {
  return withFolder({}, async (folder) => {
    const file = path.join(folder, limiter!);
    writeFileSync(file, "#!/bin/sh\necho limits are not allowed here >&2\nexit 1\n");
    chmodSync(file, 0o755);
    vi.stubEnv("PATH", `${folder}${path.delimiter}${process.env["PATH"]}`);
    try {
      return await dojo(args);
    } finally {
      vi.unstubAllEnvs();
    }
  });
}

describe.runIf(limiter)("where no process can be started for exercises", () => {
  it.each([
    ["functions", "part0"],
    ["a training loop", "part4"],
    ["programs", "6.1"],
  ])("grading %s says why, and does not succeed", async (_what, steps) => {
    const { status, stdout, stderr } = await whereNothingStarts("grade", steps, "--from", "solutions", "--fresh");
    expect(stderr).toBe(`backprop-dojo: ${REASON}\n`);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  it("a class says who could not be graded, and why", async () => {
    await withFolder({}, async (folder) => {
      const out = path.join(folder, "results");
      // the solutions as the submissions of a class: each part's folder is a person's
      const box = "--untrusted=best-effort";
      const { status, stdout, stderr } = await whereNothingStarts("class", solutionsFolder, "da", "--out", out, box);
      expect(`${stdout}${stderr}`.replaceAll(/\s+/g, " ")).toContain(REASON);
      expect(status).toBe(3);
    });
  });
});

it("a command that ends before it has a result does not succeed", async () => {
  const module = pathToFileURL(path.join(projectRoot, "grader/commands/from-terminal.ts")).href;
  const script = `import { runTyped } from ${JSON.stringify(module)};
runTyped(["wait"], { wait: { run: () => new Promise(() => {}), help: "" } });
`;
  await withFolder({ "wait.mts": script }, async (folder) => {
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      const args = ["--import", "tsx", path.join(folder, "wait.mts")];
      execFile(process.execPath, args, { cwd: projectRoot }, (error, _stdout, stderr) =>
        resolve({ code: error?.code, stderr }),
      );
    });
    expect(stderr).toMatch(/^backprop-dojo: this is a bug .*without a result\n$/);
    expect(code).toBe(2);
  });
});
