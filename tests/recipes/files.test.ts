import { spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { classOptions } from "../../grader/commands/class/options.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { workflowErrors } from "./workflows.ts";

const read = (...names: string[]): string => readFileSync(path.join(projectRoot, ...names), "utf8");
const workflows = path.join(".github", "workflows");

let folder: string;
let errorsIn: (content: string) => Promise<string[]>;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-test-"));
  errorsIn = workflowErrors(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void vi.unstubAllEnvs());

describe("a workflow", () => {
  const recipe = read("recipes", "github-matrix.yml");

  it.each([
    ["recipes/github-matrix.yml", recipe],
    ...readdirSync(path.join(projectRoot, workflows)).map((name) => [name, read(workflows, name)]),
  ])("%s is one that GitHub reads", async (_, text) => {
    expect(await errorsIn(text!)).toEqual([]);
  });

  it.each([
    ["runs-on:", "run-on:"],
    ["strategy.job-total", "strateg.job-total"],
    ["needs: shard", "needs: shards"],
    ["!cancelled()", "!canceled()"],
  ])("with %s instead of %s would not be", async (right, wrong) => {
    expect(recipe).toContain(right);
    expect(await errorsIn(recipe.replace(right, wrong))).not.toEqual([]);
  });

  it("numbers the shards from 1 on without gaps, and uses the actions of the course's own workflow", () => {
    const { jobs } = parse(recipe) as {
      jobs: Record<"shard" | "merge", { strategy: { matrix: { shard: number[] } }; steps: { uses?: string }[] }>;
    };
    const { shard } = jobs.shard.strategy.matrix;
    expect(shard).toEqual(shard.map((_, i) => i + 1));
    expect(recipe).toContain("--shard ${{ matrix.shard }}/${{ strategy.job-total }}");
    const actions = [...jobs.shard.steps, ...jobs.merge.steps].flatMap(({ uses }) => uses ?? []);
    const ours = read(workflows, "ci.yml");
    for (const action of actions) expect(ours).toContain(`uses: ${action}\n`);
  });
});

interface Job {
  spec: {
    completions: number;
    podFailurePolicy: { rules: { action: string; onExitCodes: { values: number[] } }[] };
    template: { spec: { containers: { args: string[]; env: { name: string; value: string }[] }[] } };
  };
}
const kubernetes = parse(read("recipes", "kubernetes.yaml")) as Job;
const [pod] = kubernetes.spec.template.spec.containers;
const { containerProperties, retryStrategy } = parse(read("recipes", "aws-batch.yaml")) as {
  containerProperties: Record<string, unknown> & { command: string[] };
  retryStrategy: { evaluateOnExit: { onExitCode: string; action: string }[] };
};

describe("the job for Kubernetes", () => {
  it("has the fields of Kubernetes' own API, and no other", () => {
    const wrong = JSON.stringify(kubernetes).replace('"completions"', '"completion"');
    const program = `import type { Job } from "kubernetes-types/batch/v1";
export const job = ${JSON.stringify(kubernetes)} satisfies Job;
// @ts-expect-error a field that there is not
export const other = ${wrong} satisfies Job;
`;
    symlinkSync(path.join(projectRoot, "node_modules"), path.join(folder, "node_modules"), "junction");
    writeFileSync(path.join(folder, "job.ts"), program);
    const compiler = path.join(projectRoot, "node_modules/typescript/bin/tsc");
    const options = "--noEmit --strict --ignoreConfig --module preserve --types node job.ts".split(" ");
    const { stdout, status } = spawnSync(process.execPath, [compiler, ...options], { cwd: folder, encoding: "utf8" });
    expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
  });

  it("tells each pod which shard it is, and stops if the command is wrong", () => {
    const { completions, podFailurePolicy } = kubernetes.spec;
    const count = pod!.env.find(({ name }) => name === "SHARD_COUNT")!.value;
    expect(count).toBe(String(completions));
    vi.stubEnv("SHARD_COUNT", count);
    vi.stubEnv("JOB_COMPLETION_INDEX", String(completions - 1));
    expect(classOptions(pod!.args)).toMatchObject({ shard: { index: completions, count: completions }, box: "plain" });
    expect(podFailurePolicy.rules).toMatchObject([{ action: "FailJob", onExitCodes: { values: [2] } }]);
  });
});

describe("the job for AWS Batch", () => {
  it("tells each job which shard it is, and tries again unless the command is wrong", () => {
    expect(containerProperties.command).toEqual(pod!.args);
    vi.stubEnv("AWS_BATCH_JOB_ARRAY_INDEX", "7");
    vi.stubEnv("AWS_BATCH_JOB_ARRAY_SIZE", "8");
    expect(classOptions(containerProperties.command)).toMatchObject({ shard: { index: 8, count: 8 } });
    expect(retryStrategy.evaluateOnExit).toEqual([
      { onExitCode: "2", action: "EXIT" },
      { onExitCode: "*", action: "RETRY" },
    ]);
    expect(containerProperties).toMatchObject({ user: "1000", readonlyRootFilesystem: true });
  });
});

it.runIf(process.platform !== "win32").each(["slurm.sh", "parallel.sh"])("recipes/%s can be run", (name) => {
  expect(() => accessSync(path.join(projectRoot, "recipes", name), constants.X_OK)).not.toThrow();
});
