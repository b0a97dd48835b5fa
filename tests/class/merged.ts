import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { vi } from "vitest";
import { allCommands } from "../../grader/commands/all-commands.ts";
import { runCommand } from "../../grader/commands/main.ts";
import type { Run } from "../copies.ts";
import { writeClass, type MadeClass } from "./made-records.ts";

/** Runs `class merge` in this process, as in a pipe. */
export async function merged(args: readonly string[], from: string): Promise<Run> {
  const pieces: Record<"stdout" | "stderr", Uint8Array[]> = { stdout: [], stderr: [] };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      pieces[stream].push(Buffer.from(text as string));
      return true;
    }),
  );
  vi.stubEnv("INIT_CWD", from);
  try {
    const status = await runCommand(["class", "merge", ...args], allCommands);
    const [stdout, stderr] = [Buffer.concat(pieces.stdout).toString(), Buffer.concat(pieces.stderr).toString()];
    return { status, stdout, stderr };
  } finally {
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}

/** Writes classes into a temporary folder, each under its name, until `use` is done. */
export async function withClasses<R>(
  classes: Readonly<Record<string, MadeClass>>,
  use: (folder: string) => R | Promise<R>,
): Promise<R> {
  const folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-class-"));
  try {
    for (const [name, made] of Object.entries(classes)) writeClass(made, path.join(folder, name));
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
