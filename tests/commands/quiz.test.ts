import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { questionsOf } from "../../grader/report/quiz/questions.ts";
import type { Run } from "../copies.ts";
import { stepOf } from "../trees.ts";
import { dojo, withWorkspace } from "./in-process.ts";

vi.mock("../../grader/runner/project.ts", async (original) => (await import("./in-process.ts")).inWorkspace(original));

/** Runs the command with some lines typed. */
async function typing(lines: readonly string[], ...args: string[]): Promise<Run> {
  const spy = vi.spyOn(process, "stdin", "get");
  spy.mockReturnValue(Readable.from(lines.map((line) => `${line}\n`)) as never);
  try {
    return await dojo(["quiz", ...args]);
  } finally {
    spy.mockRestore();
  }
}

const remembered = (root: string): Record<string, unknown> =>
  (JSON.parse(readFileSync(path.join(root, ".progress"), "utf8")) as { steps: Record<string, unknown> }).steps;

describe("quiz", () => {
  it("asks about a step, says what is right and why, and remembers it next to what else is known", async () => {
    await withWorkspace(async (root) => {
      await dojo(["hint", "dcounts"]);
      const questions = questionsOf(stepOf("dcounts"));
      const [first, second, third] = questions;
      const wrong = (second!.right + 1) % second!.options.length;
      const { status, stdout } = await typing([String(first!.right + 1), "9", String(wrong + 1), "s"], "dcounts");
      expect(status).toBe(0);
      for (const [i, { ask }] of questions.entries()) {
        expect(stdout).toContain(`dcounts: question ${i + 1} of 3`);
        expect(stdout.replaceAll(/\s+/g, " ")).toContain(ask);
      }
      expect(stdout.replaceAll(/\s+/g, " ")).toContain(`Right. ${first!.why}`);
      expect(stdout.replaceAll(/\s+/g, " ")).toContain(`No: the answer is ${second!.options[second!.right]!.text}.`);
      expect(stdout).toContain("1 of 3 right");
      const quiz = { [first!.id]: "right", [second!.id]: "wrong", [third!.id]: "skipped" };
      expect(remembered(root)).toEqual({ dcounts: { hints: 1, quiz } });
    });
  });

  it("without a step goes on with the next one that has not been asked about", async () => {
    await withWorkspace(async (root) => {
      expect((await typing(["s", "s", "s"])).stdout).toMatch(/^da: question 1/);
      expect((await typing(["q"])).stdout).toMatch(/^db: question 1/);
      expect((await typing(["1", "q"])).stdout).toMatch(/^db: question 1/);
      expect((await typing(["s", "s", "s"])).stdout).toMatch(/^db: question 1/);
      const file = "1-step-by-step/01-dlogprobs.ts";
      writeFileSync(path.join(root, "exercises", file), readFileSync(path.join(root, "solutions", file)));
      await dojo(["grade", "dlogprobs"]);
      expect((await typing(["q"])).stdout).toMatch(/^dprobs: question 1/);
    });
  });

  it("says at the end what is left to do: nothing, if the step passes", async () => {
    await withWorkspace(async (root) => {
      const file = "1-step-by-step/01-dlogprobs.ts";
      const end = async (): Promise<string> => (await typing(["s", "s", "s"], "dlogprobs")).stdout;
      expect(await end()).toContain(`Now write dlogprobs: exercises/${file}`);
      writeFileSync(path.join(root, "exercises", file), readFileSync(path.join(root, "solutions", file)));
      expect(await end()).toContain("Now go on with dlogprobs");
      await dojo(["grade", "dlogprobs"]);
      expect((await end()).replaceAll(/\s+/g, " ")).toContain("You have written dlogprobs already, and it passes");
    });
  });

  it("ends where its input ends, and asks about several steps", async () => {
    await withWorkspace(async () => {
      const { status, stdout } = await typing(["s", "s", "s", "s"], "dh", "dW2");
      expect(status).toBe(0);
      expect(stdout).toContain("dh: question 1");
      expect(stdout).toContain("dW2: question 2");
      expect(stdout).not.toContain("dW2: question 3");
    });
  });

  it("reads a file of progress without replies, and leaves out damaged ones", async () => {
    await withWorkspace(async (root) => {
      await typing(["1", "s", "s"], "dh");
      const file = path.join(root, ".progress");
      const damaged = readFileSync(file, "utf8").replaceAll('"skipped"', '"perhaps"');
      writeFileSync(file, damaged);
      await typing(["s", "q"], "dW2");
      expect(Object.keys((remembered(root)["dh"] as { quiz: object }).quiz)).toHaveLength(1);
      writeFileSync(file, damaged.replace(/"quiz": \{[^}]*\}/, '"hints": 2'));
      expect((await dojo(["hint", "dh", "--all"])).stdout).toContain("hint 2 of 3");
    });
  });
});

describe("grade", () => {
  const solve = (root: string, file: string): void =>
    writeFileSync(path.join(root, "exercises", file), readFileSync(path.join(root, "solutions", file)));

  it("shows the end of a part once, when its last step passes for the first time", async () => {
    await withWorkspace(async (root) => {
      solve(root, "2-fused-cross-entropy/dlogits.ts");
      const first = (await dojo(["grade", "fused-dlogits"])).stdout;
      expect(first).toContain("Finished: fused cross-entropy");
      expect(first).toContain("other correct forms: npm run solution -- fused-dlogits");
      expect(first).toContain("npm run lab -- spacing");
      expect((await dojo(["grade", "fused-dlogits"])).stdout).not.toMatch(/Finished|other correct|trap/);
      expect((await dojo(["solution", "fused-dlogits"])).stdout).toMatch(/ours: [^]*also right: /);
    });
  });

  it("shows none of it as JSON, or for another tree", async () => {
    await withWorkspace(async (root) => {
      solve(root, "2-fused-cross-entropy/dlogits.ts");
      expect((await dojo(["grade", "fused-dlogits", "--from", "solutions"])).stdout).not.toContain("Finished");
      const json = (await dojo(["grade", "fused-dlogits", "--json"])).stdout;
      expect(JSON.parse(json)).toHaveProperty("summary");
    });
  });
});
