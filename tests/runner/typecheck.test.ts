import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { bubblewrapProblem } from "../../grader/runner/box.ts";
import { dojo, withCopy } from "../copies.ts";
import { stepOf } from "../trees.ts";
import { commandOf } from "./command-of.ts";

const SECRET = "s3cret-canary";
const problem = bubblewrapProblem();
if (problem) process.stdout.write(`\nSKIPPED: types of one's own files in bubblewrap: ${problem}\n`);

const { file } = stepOf("dprobs");
/** An exercise whose types lead to a file outside its tree, and to an error that names its content. */
const curious = `import type { token } from "../../secret/a.ts";
import type { Given } from "#course";
export const t: typeof token = 1;
export function dprobs({ probs }: Given<"dprobs">) {
  return probs;
}
`;

/** A copy of the project with a secret next to its exercises, and one exercise. */
function withSecret<R>(text: string, use: (root: string) => Promise<R>): Promise<R> {
  return withCopy(async (root) => {
    mkdirSync(path.join(root, "secret"));
    writeFileSync(path.join(root, "secret/a.ts"), `export declare const token: "${SECRET}";\n`);
    writeFileSync(path.join(root, "exercises", file), text);
    return use(root);
  });
}

interface Graded {
  steps: { notes: { text: string }[] }[];
}

async function notesOf(root: string, args: string[]): Promise<string[]> {
  const { stdout } = await dojo(["grade", "dprobs", "--json", ...args], root);
  return (JSON.parse(stdout) as Graded).steps.flatMap(({ notes }) => notes.map(({ text }) => text));
}

describe("types are not followed", () => {
  it.each([
    ["in a folder that was handed in", ["--from", "exercises/../exercises-of-others"]],
    ["in one's own folder, best effort", ["--untrusted=best-effort"]],
  ])("%s", async (_where, args) => {
    await withSecret(curious, async (root) => {
      const others = path.join(root, "exercises-of-others", file);
      mkdirSync(path.dirname(others), { recursive: true });
      writeFileSync(others, curious);
      expect(await notesOf(root, args)).toEqual([]);
    });
  });

  it.skipIf(problem)("out of the tree in the learner's own folder, if bubblewrap works", async () => {
    await withSecret(curious, async (root) => {
      const notes = await notesOf(root, []);
      expect(notes).toEqual([expect.stringMatching(/^TS2307: Cannot find module '\.\.\/\.\.\/secret\/a\.ts'/)]);
      expect(String(notes)).not.toContain(SECRET);
    });
  });
});

describe.runIf(process.platform === "linux")("the type checker ends with the grader", () => {
  it.each(["SIGINT", "SIGKILL"] as const)("ended by %s, whatever it is waiting for", async (signal) => {
    await withSecret(`import type { x } from "./pipe.ts";\n${curious}`, async (root) => {
      spawnSync("mkfifo", [path.join(root, "exercises", path.dirname(file), "pipe.ts")]);
      const grader = spawn(process.execPath, [path.join(root, "grader/start.cjs"), "grade", "dprobs"], {
        cwd: root,
        stdio: "ignore",
      });
      const ended = new Promise((resolve) => grader.on("exit", resolve));
      await until(() => checkersOf(root).length > 0);
      grader.kill(signal);
      await ended;
      await until(() => checkersOf(root).length === 0);
    });
  });
});

/**
 * The type checkers that a copy's grader started, which have its cache's name on their command line. Not the processes that
 * start them: if bubblewrap is killed while it starts, one of its processes can remain, empty and asleep.
 */
function checkersOf(root: string): number[] {
  const isChecker = (command: string): boolean =>
    command.split("\0", 1)[0]!.endsWith("/tsc") && command.includes(`${root}/node_modules/.cache/backprop-dojo/types-`);
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && isChecker(commandOf(pid)));
}

async function until(holds: () => boolean): Promise<void> {
  const latest = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > latest) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
