import { execFile, spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { bubblewrapProblem, findProgram } from "../../grader/runner/box.ts";
import { graderFolder, projectRoot } from "../../grader/runner/project.ts";

const execute = promisify(execFile);

/** Where this machine has no bubblewrap, what is graded on it runs without. */
export const box = bubblewrapProblem() === undefined ? [] : ["--untrusted=best-effort"];

/** Runs a program in the course's folder, and returns what it printed. */
export async function run(program: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await execute(program, args, { cwd: projectRoot, env: { ...process.env, ...env } });
  return stdout;
}

/** Why GNU parallel cannot be tried here; undefined if it can. */
export function problemOfParallel(): string | undefined {
  if (process.platform !== "linux") return "the shards to kill are found in Linux's /proc";
  const program = findProgram("parallel");
  // moreutils has another program of this name
  const isGnu = program && spawnSync(program, ["--version"], { encoding: "utf8" }).stdout.startsWith("GNU");
  return isGnu ? undefined : "not installed (on Debian: parallel)";
}

/** Grades in one process. */
export const gradeHere = (...args: string[]): Promise<string> =>
  run(process.execPath, [path.join(graderFolder, "start.cjs"), "class", ...args]);

/** The bytes of all files of a folder. */
export const bytesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));

/** Whether the first result is there. */
export const isThere = (out: string): boolean =>
  existsSync(out) && readdirSync(out).some((name) => name.endsWith(".json") && name !== "class.json");

/**
 * Kills the processes that grade into a folder, as the kernel does when memory runs out.
 *
 * @returns how many there were
 */
export function killShards(out: string): number {
  const shards = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && wordsOf(name).includes(out));
  return shards.filter((pid) => isKilled(Number(pid))).length;
}

/** The command line of a process of Node; empty if it is none, or has ended. */
function wordsOf(pid: string): string[] {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return path.basename(words[0]!) === "node" ? words : [];
  } catch {
    return [];
  }
}

function isKilled(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    // it has ended
    return false;
  }
}
