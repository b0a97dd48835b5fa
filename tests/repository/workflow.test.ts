import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PORT } from "../../grader/commands/page.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { withCopy } from "../copies.ts";

/** The parts of a GitHub workflow that these tests check. */
interface Workflow {
  on: unknown;
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

interface Job {
  if?: string;
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

const container = JSON.parse(read(".devcontainer/devcontainer.json")) as {
  image: string;
  postCreateCommand: string;
  forwardPorts: number[];
  portsAttributes: Record<string, { label: string }>;
  customizations: { vscode: { extensions: string[] }; codespaces: { openFiles: string[] } };
};

describe("the development container", () => {
  it("forwards the port at which the page is served, and says what it is", () => {
    expect(container.forwardPorts).toEqual([PORT]);
    expect(container.portsAttributes).toEqual({
      [PORT]: expect.objectContaining({ label: expect.stringMatching(/page/) }),
    });
  });
});

it("the workflow that publishes the page uploads what it has built, where Pages is turned on, and may deploy it", () => {
  const { on, permissions, jobs } = parse(read(".github/workflows/page.yml")) as Workflow;
  const { if: where, steps } = jobs["publish"]!;
  expect(on).toMatchObject({ push: { branches: ["main"] } });
  expect(permissions).toEqual({ contents: "read", pages: "write", "id-token": "write" });
  expect(where).toBe("${{ github.event.repository.has_pages }}");
  const [install, build] = steps.flatMap(({ run }) => run ?? []);
  expect(install).toBe("npm ci");
  const [, script, folder] = /^npm run (\w+) -- --build (\S+)$/.exec(build!)!;
  expect(Object.keys(manifest.scripts)).toContain(script);
  const uploaded = steps.find(({ uses }) => uses?.startsWith("actions/upload-pages-artifact@"));
  expect(uploaded?.with).toEqual({ path: folder });
  expect(steps.at(-1)!.uses).toMatch(/^actions\/deploy-pages@/);
});

describe("the workflow that grades a learner's copy", () => {
  const { on, jobs } = parse(read(".github/workflows/grade.yml")) as Workflow;
  const { grade } = jobs as { grade: Job };
  const { test } = (parse(read(".github/workflows/ci.yml")) as Workflow).jobs;

  it("runs at every push, only where the tests of the course do not run", () => {
    expect(on).toBe("push");
    expect(grade.if).toBe("${{ !github.event.repository.is_template }}");
    expect(test!.if).toBe("${{ github.event.repository.is_template }}");
  });

  it("runs on a Node that package.json allows, the one of the development container", () => {
    const [version] = grade.steps.flatMap(({ with: options }) => options?.["node-version"] ?? []);
    expect(test!.strategy!.matrix.node).toContain(String(version));
    expect(container.image).toMatch(new RegExp(`:${version}$`));
  });

  it.runIf(process.platform !== "win32")(
    "shows open steps in the summary without failing, and fails if grading does",
    async () => {
      const [install, ...others] = grade.steps.flatMap(({ run }) => run ?? []);
      expect(install).toBe("npm ci");
      await withCopy(async (root) => {
        const summary = path.join(root, "summary.md");
        const github = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: root, GITHUB_STEP_SUMMARY: summary };
        const env = { ...process.env, NO_COLOR: "1", ...github, INIT_CWD: root };
        // as GitHub runs them: each with bash, up to the first that fails
        const firstFailure = (): number | null | undefined =>
          others
            .map((run) =>
              spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], { cwd: root, env }),
            )
            .find(({ status }) => status !== 0)?.status;
        expect(firstFailure()).toBeUndefined();
        // once, and not as the report's text besides
        expect(readFileSync(summary, "utf8")).toMatch(
          /^### Backprop Dojo: 0 of \d+ points: 0 passed, 0 wrong, \d+ not started\n\n<details>[^#`]*$/,
        );
        rmSync(path.join(root, "exercises"), { recursive: true });
        expect(firstFailure()).not.toBe(0);
        expect(firstFailure()).toBeDefined();
      });
    },
  );
});

describe("the development container", () => {
  it("installs what the lock says, with the extensions that VS Code recommends, and opens files that exist", () => {
    expect(container.postCreateCommand).toBe("npm ci");
    const { recommendations } = JSON.parse(read(".vscode/extensions.json")) as { recommendations: string[] };
    expect(container.customizations.vscode.extensions).toEqual(recommendations);
    for (const file of container.customizations.codespaces.openFiles) {
      expect(existsSync(path.join(projectRoot, file)), file).toBe(true);
    }
  });

  it("is of a Node that the course is tested on", () => {
    const [, version] = /:(\d+)$/.exec(container.image) ?? [];
    const { jobs } = parse(read(".github/workflows/ci.yml")) as Workflow;
    expect(jobs["test"]!.strategy!.matrix.node).toContain(version);
  });
});
