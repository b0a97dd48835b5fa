import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { onStop } from "./process.ts";
import { graderFolder, projectRoot } from "./project.ts";

/**
 * Starts one of the grader's own files through tsx, in a process of its own that runs a learner's TypeScript as Node runs
 * JavaScript: without a box and without limits, with source maps. It shares the terminal, and gets its Ctrl-C.
 *
 * @param entry from the grader's folder
 */
export function startThroughTsx(entry: string, args: readonly string[]): ChildProcess {
  const tsx = createRequire(path.join(projectRoot, "package.json")).resolve("tsx");
  // see startElsewhere in start.cjs
  const links = process.execArgv.filter((option) => option.startsWith("--preserve-symlinks"));
  const options = [...links, "--import", pathToFileURL(tsx).href];
  return spawn(process.execPath, [...options, path.join(graderFolder, entry), ...args], {
    cwd: projectRoot,
    env: { ...process.env, ...(isWritable(tmpdir()) ? {} : { TSX_DISABLE_CACHE: "1" }) },
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
}

/** tsx ends with a trace of its own where it cannot make its cache. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** How a process ended that has the terminal to itself: its exit status, or that of the signal that ended it. */
export async function endOf(child: ChildProcess): Promise<number> {
  let stopped: NodeJS.Signals | undefined;
  // Ctrl-C is the child's: it may end a calculation, and not the process
  onStop((signal) => {
    if (signal === "SIGINT") return;
    stopped = signal;
    child.kill(signal);
  });
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    return code ?? statusOf(signal);
  } finally {
    onStop(undefined);
    // what ended the child was meant for this process
    if (stopped) process.kill(process.pid, stopped);
  }
}

/** The exit status that shells give to a program that a signal has ended. */
function statusOf(signal: NodeJS.Signals | null): number {
  return signal === "SIGINT" ? 130 : 1;
}
