import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { projectRoot } from "../../grader/runner/project.ts";

/** The parts of a GitHub workflow that these tests check. */
interface Workflow {
  on: unknown;
  jobs: Record<string, Job>;
}

interface Job {
  strategy?: { matrix: { os: string[]; node: string[]; include: { os: string; node: string }[] } };
  needs?: string;
  defaults?: { run: { shell: string } };
  steps: { uses?: string; run?: string; with?: Record<string, string | number> }[];
}

const read = (file: string): string => readFileSync(path.join(projectRoot, file), "utf8");
const manifest = JSON.parse(read("package.json")) as { engines: { node: string }; scripts: Record<string, string> };

describe("the workflow that tests the course", () => {
  const { jobs } = parse(read(".github/workflows/ci.yml")) as Workflow;
  const { strategy, defaults, steps } = jobs["test"]!;
  const { os, node, include } = strategy!.matrix;
  const commands = Object.values(jobs).flatMap((job) => job.steps.flatMap(({ run }) => run ?? []));

  it("runs on the oldest Node that package.json allows and on 22, 24 and 26, and once each on macOS and Windows", () => {
    expect(os).toEqual(["ubuntu-latest"]);
    expect(node).toEqual([`${manifest.engines.node.replace(">=", "")}.0`, "22", "24", "26"]);
    expect(include.map(({ os }) => os)).toEqual(["macos-latest", "windows-latest"]);
    for (const other of include) expect(node).toContain(other.node);
  });

  it("runs what a developer runs, with bash on every system", () => {
    expect(defaults!.run.shell).toBe("bash");
    expect(steps.map(({ run }) => run)).toContain(".ci/run");
    const files = commands.flatMap((command) => command.match(/\.ci\/[\w.-]+/g) ?? []);
    for (const file of files) expect(existsSync(path.join(projectRoot, file)), file).toBe(true);
  });

  it("compares the results of all of them", () => {
    const job = jobs["same-results"]!;
    expect(job.needs).toBe("test");
    expect(steps.some(({ uses }) => uses?.startsWith("actions/upload-artifact@"))).toBe(true);
    expect(job.steps.some(({ uses }) => uses?.startsWith("actions/download-artifact@"))).toBe(true);
  });
});

it.runIf(process.platform !== "win32").each(["run", "install", "same-results"])(".ci/%s can be run", (name) => {
  expect(() => accessSync(path.join(projectRoot, ".ci", name), constants.X_OK)).not.toThrow();
});

it("the workflow for a learner's own repository installs what the lock says and runs commands that exist", () => {
  const [, text] = /^```yaml\n([^]*?)^```$/m.exec(read("docs/instructors.md"))!;
  const { jobs } = parse(text!) as Workflow;
  const [job] = Object.values(jobs);
  const commands = job!.steps.flatMap(({ run }) => run ?? []);
  expect(commands[0]).toBe("npm ci");
  const scripts = commands.slice(1).map((command) => /^npm run ([\w:]+)/.exec(command)?.[1]);
  expect(scripts.length).toBeGreaterThan(0);
  for (const script of scripts) expect(Object.keys(manifest.scripts)).toContain(script);
});
