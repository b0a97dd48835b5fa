import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import kleur from "kleur";
import { afterAll, beforeAll, vi } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import type { Run } from "../copies.ts";

/** A learner's workspace; each test file has its own. */
const root = mkdtempSync(path.join(tmpdir(), "backprop-dojo-test-"));

/**
 * What `grader/runner/project.ts` exports for a command that runs in this process and works in this workspace:
 *
 *     vi.mock("../../grader/runner/project.ts", (original) => inWorkspace(original));
 */
export async function inWorkspace(original: () => Promise<unknown>): Promise<object> {
  const project = (await original()) as typeof import("../../grader/runner/project.ts");
  symlinkSync(project.solutionsFolder, path.join(root, "solutions"), "junction");
  return {
    ...project,
    workspaceFolder: root,
    exercisesFolder: path.join(root, "exercises"),
    playFolder: path.join(root, "play"),
    solutionsFolder: path.join(root, "solutions"),
  };
}

/** Runs some commands in a new workspace: all stubs, nothing graded, no hint shown. */
export async function withWorkspace<R>(use: (root: string) => Promise<R>): Promise<R> {
  await begin();
  return use(root);
}

async function begin(): Promise<void> {
  const { stubOf } = await import("../../grader/runner/workspace/stubs.ts");
  for (const name of ["exercises", "play", "runs", ".progress", ".hints"]) {
    rmSync(path.join(root, name), { recursive: true, force: true });
  }
  for (const step of steps) {
    const file = path.join(root, "exercises", step.file);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, stubOf(step));
  }
}

/**
 * Runs a command in this process instead of a new one: without a terminal and without colors.
 *
 * @param from the folder in which it is typed
 * @param columns the width of a terminal, in which only the output is laid out
 */
export async function dojo(args: readonly string[], from = root, columns?: number): Promise<Run> {
  const { runCommand } = await import("../../grader/commands/main.ts");
  const { allCommands } = await import("../../grader/commands/all-commands.ts");
  const printed = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    }),
  );
  vi.stubEnv("INIT_CWD", from);
  const before = process.stdout.columns;
  if (columns !== undefined) process.stdout.columns = columns;
  const colors = kleur.enabled;
  kleur.enabled = false;
  try {
    return { status: await runCommand(args, allCommands), ...printed };
  } finally {
    kleur.enabled = colors;
    process.stdout.columns = before;
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}

beforeAll(begin);
afterAll(() => rmSync(root, { recursive: true, force: true }));
