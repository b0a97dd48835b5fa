import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { functionSteps } from "../../grader/course/steps.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { exercise, gradeFiles, withFolder } from "../trees.ts";
import { commandOf } from "./command-of.ts";

const loop = exercise("dprobs", "let i = 0;\n  while (i >= 0) i += 0;\n  return i;");

const after = (seconds: number): string => `timed out after ${seconds} s; is there an endless loop?`;

describe("endless loops", () => {
  it("fail only their own steps, and each reports its line", async () => {
    const steps = functionSteps.slice(0, 4);
    const texts = Object.fromEntries(
      steps.map(({ id, export: name }) => [id, exercise(name, "let i = 0;\n  while (i >= 0) i += 0;")]),
    );
    const results = Object.values(await gradeFiles(texts));
    expect(results.map(({ verdict, at }) => `${verdict} ${at?.line}`)).toEqual(steps.map(() => "timeout 5"));
  });

  it("in a function of another file are located in the exercise's own line", async () => {
    const text = `import { spin } from "./helper.ts";\n${exercise("dprobs", "spin();")}`;
    const helper = "export function spin(): void {\n  for (;;) {}\n}\n";
    const results = await gradeFiles({ dprobs: text }, undefined, { "1-step-by-step/helper.ts": helper });
    expect(results["dprobs"]).toMatchObject({ verdict: "timeout", at: { line: 5 } });
  });

  it("report the limit that they reached: that of importing a file, or of a slice of training", async () => {
    const spin = "export function trainStep(): never {\n  for (;;) {}\n}\n";
    const atImport = await gradeFiles({ dprobs: "for (;;) {}", train: `for (;;) {}\n${spin}` });
    expect(Object.values(atImport).map(({ message }) => message)).toEqual([after(1), after(1)]);
    expect((await gradeFiles({ train: spin }))["train"]!.message).toBe(after(5));
  });

  it("in a tensor operation are located in the exercise's own line as well", async () => {
    const body = "const t = tensor(new Float32Array(1000 * 1000), [1000, 1000]);\n  for (;;) t.matmul(t);";
    const results = await gradeFiles({ dprobs: exercise("dprobs", body) });
    expect(results["dprobs"]).toMatchObject({ verdict: "timeout", at: { line: 5 } });
  });
});

describe("blame", () => {
  it("for what a step leaves behind does not fall on the next step", async () => {
    const results = await gradeFiles({
      dlogprobs: exercise(
        "dlogprobs",
        `const g: any = globalThis;
  g.registry = new FinalizationRegistry(() => { for (;;) {} });
  for (let i = 0; i < 10000; i++) g.registry.register({ big: new Array(100).fill(i) }, i);
  g.kept = Array.from({ length: 40 }, () => new Float32Array(4e6).fill(1));
  return given.logprobs;`,
      ),
      dprobs: exercise("dprobs", "return given.dlogprobs.div(given.probs);"),
      dcounts_sum: exercise("dcounts_sum", "return given.counts_sum.pow(-2).neg().mul(given.dcounts_sum_inv);"),
    });
    expect(results["dprobs"]!.passed).toBe(true);
    expect(results["dcounts_sum"]!.passed).toBe(true);
  });
});

describe.runIf(process.platform === "linux")("memory that a step keeps", () => {
  it("is not missing for the next step", async () => {
    const results = await gradeFiles({
      dlogprobs: exercise(
        "dlogprobs",
        `(globalThis as any).kept ??= new Uint8Array(900 * 2 ** 20);
  return oneHot(given.Yb, given.logprobs.size(1)).div(-given.Yb.size(0));`,
      ),
      dprobs: exercise("dprobs", "return given.dlogprobs.div(given.probs);"),
      dW2: exercise("dW2", "return given.h.T.matmul(given.dlogits);"),
    });
    // the step itself may run out of memory: how much Node keeps differs between versions
    expect([results["dprobs"]!.passed, results["dW2"]!.passed]).toEqual([true, true]);
  });
});

const isPosix = process.platform === "linux";

describe.runIf(isPosix)("no process outlives the grader", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const)("ended by %s", async (signal) => {
    await withFolder(
      { "1-step-by-step/02-dprobs.ts": loop, "4-training-loop/train.ts": "for (;;) {}" },
      async (root) => {
        const start = path.join(projectRoot, "grader/start.cjs");
        const grader = spawn(process.execPath, [start, "grade", "dprobs", "train", "--from", root], {
          stdio: "ignore",
        });
        const children = await childrenOf(grader);
        grader.kill(signal);
        const code = await new Promise((resolve) => grader.on("exit", resolve));
        if (signal === "SIGINT") expect(code).toBe(130);
        await new Promise((resolve) => setTimeout(resolve, 300));
        expect(children.filter(isAlive)).toEqual([]);
      },
    );
  });
});

/** The processes that run learner code for a grader, once there is one. */
async function childrenOf({ pid }: ChildProcess): Promise<number[]> {
  for (;;) {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
    const running = children.filter((child) => commandOf(child).includes("child.mjs"));
    if (running.length > 0) return running.map(Number);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
