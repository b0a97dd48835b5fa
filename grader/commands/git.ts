import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { projectRoot } from "../runner/project.ts";
import { UsageError } from "./usage.ts";

/**
 * What a git command in the project printed, without the last line break.
 *
 * @throws UsageError with git's message if it fails: no network, no permission, a full disk
 */
export function git(...args: string[]): string {
  const done = spawnGit(...args);
  if (done.error && (done.error as NodeJS.ErrnoException).code === "ENOENT")
    throw new UsageError("update needs git, which is not installed: https://git-scm.com");
  if (done.error) throw done.error;
  if (done.status !== 0) throw failureOf(args[0]!, done);
  return done.stdout.trimEnd();
}

/** The same; undefined if git fails. */
export function attempt(...args: string[]): string | undefined {
  const { status, stdout } = spawnGit(...args);
  return status === 0 ? stdout.trimEnd() : undefined;
}

/** A file's text in a commit; undefined if the commit has no such file. */
export function textIn(commit: string, file: string): string | undefined {
  const { status, stdout } = spawnGit("show", `${commit}:${file}`);
  return status === 0 ? stdout : undefined;
}

/** Runs git in the project, whatever comes of it. */
export function spawnGit(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync("git", args, {
    cwd: projectRoot,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** git's message on a command that failed. */
export function failureOf(command: string, { status, stdout, stderr }: SpawnSyncReturns<string>): UsageError {
  const said = (stderr.trim() || stdout.trim()).replaceAll(/\s*\n\s*/g, "; ");
  return new UsageError(`git ${command} failed (${said || `status ${status}`}); your work is as it was`);
}
