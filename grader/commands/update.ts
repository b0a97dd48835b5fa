import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { displayPath, projectRoot } from "../runner/project.ts";
import { systemProblem } from "../runner/system.mjs";
import { saveWhole } from "../runner/whole.mjs";
import { UsageError } from "./usage.ts";

export const updateHelp = `update
    Takes the newest version of the course from git and keeps your work: an exercise you changed stays as it is, with
    the new stub merged in where that is possible and laid beside it (.new) where it is not.`;

const FOLDER = "exercises";

/** What becomes of one file below exercises/. */
interface Plan {
  file: string;
  /** Its text after the update; undefined where it goes. */
  text: string | undefined;
  /** A text to lay beside it: theirs where merging failed, yours where the course has no such file any more. */
  beside: { ending: ".new" | ".old"; text: string } | undefined;
  /** What to tell, where it is more than "taken as it comes". */
  note: string | undefined;
}

/** Exit status 0 where the course is now the newest; a UsageError says what is in the way. Nothing is lost either way. */
export function update(args: string[]): Promise<number> {
  parseArgs({ args, options: {} });
  git("--version");
  if (attempt("rev-parse", "--git-dir") === undefined) {
    throw new UsageError(
      "update needs a git clone of the course; with a downloaded copy, clone anew and copy exercises/ over",
    );
  }
  if (attempt("rev-parse", "@{upstream}") === undefined) {
    throw new UsageError(
      "this branch follows no other; git branch --set-upstream-to=origin/main names where to update from",
    );
  }
  const changedElsewhere = git("status", "--porcelain", "--untracked-files=no", "--", ".", `:!${FOLDER}`);
  if (changedElsewhere !== "") {
    const files = changedElsewhere.split("\n").map((line) => line.slice(3));
    throw new UsageError(
      `${files.join(", ")}: changed, and not below ${FOLDER}/; commit or undo that (git restore), then update again`,
    );
  }
  git("fetch");
  const theirs = git("rev-parse", "@{upstream}");
  const base = git("merge-base", "HEAD", theirs);
  if (base === theirs) {
    process.stdout.write("This is the newest version already.\n");
    return Promise.resolve(0);
  }

  const plans = filesOf(base, theirs).map((file) => planFor(file, base, theirs));
  const backup = path.join(projectRoot, ".backup", new Date().toISOString().replaceAll(":", "-"));
  cpSync(path.join(projectRoot, FOLDER), path.join(backup, FOLDER), { recursive: true });
  const before = git("rev-parse", "HEAD");
  try {
    git("checkout", "HEAD", "--", FOLDER);
    merge(theirs);
  } catch (error) {
    restore(backup);
    throw error;
  }
  try {
    for (const plan of plans) carryOut(plan);
  } catch (error) {
    const where = `your exercises as they were: ${displayPath(backup)}/`;
    throw new UsageError(`${systemProblem(error) ?? String(error)}; the course is the newest, and ${where}`);
  }

  for (const { file, note } of plans) if (note) process.stdout.write(`${file}: ${note}\n`);
  process.stdout.write(`Updated to ${git("log", "-1", "--format=%h %s", theirs)}.\n`);
  process.stdout.write(`Your exercises as they were: ${path.relative(projectRoot, backup)}/\n`);
  if (git("diff", "--name-only", before, "HEAD", "--", "package-lock.json") !== "") {
    process.stdout.write("The dependencies have changed: run npm ci\n");
  }
  return Promise.resolve(0);
}

/** Every file below exercises/ in either version. */
function filesOf(base: string, theirs: string): string[] {
  const list = (commit: string): string[] => git("ls-tree", "-r", "--name-only", commit, "--", FOLDER).split("\n");
  return [...new Set([...list(base), ...list(theirs)])].filter((file) => file !== "").sort();
}

function planFor(file: string, base: string, theirs: string): Plan {
  const absolute = path.join(projectRoot, file);
  const yours = existsSync(absolute) ? readFileSync(absolute, "utf8") : undefined;
  const [old, its] = [show(base, file), show(theirs, file)];
  const plan = (text: string | undefined, note?: string, beside?: Plan["beside"]): Plan => ({
    file,
    text,
    beside,
    note,
  });
  if (yours === undefined || yours === old || yours === its) return plan(its);
  if (its === old) return plan(yours, "yours, kept");
  if (its === undefined) {
    return plan(undefined, "no longer part of the course; yours is kept as .old", { ending: ".old", text: yours });
  }
  const merged = old === undefined ? undefined : mergeTexts(yours, old, its);
  if (merged !== undefined) return plan(merged, "yours, with the course's changes merged in");
  return plan(yours, "yours, kept; the course's new version is beside it as .new", { ending: ".new", text: its });
}

/** git's three-way merge of a file; undefined where both changed the same lines. */
function mergeTexts(yours: string, old: string, its: string): string | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-"));
  try {
    const files = Object.entries({ yours, old, its }).map(([name, text]) => {
      writeFileSync(path.join(folder, name), text);
      return path.join(folder, name);
    });
    const { status, stdout } = spawnSync("git", ["merge-file", "-p", ...files], { encoding: "utf8" });
    return status === 0 ? stdout : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Brings the branch to the new version; exercises/ follows by plan, so conflicts there do not matter. */
function merge(theirs: string): void {
  const merged = spawnGit("merge", "--no-edit", theirs);
  if (merged.status === 0) return;
  const conflicts = git("diff", "--name-only", "--diff-filter=U").split("\n").filter(Boolean);
  const inTheWay = conflicts.filter((file) => !file.startsWith(`${FOLDER}/`));
  if (conflicts.length === 0 || inTheWay.length > 0) {
    attempt("merge", "--abort");
    if (conflicts.length === 0) throw refusalOf("merge", merged);
    throw new UsageError(
      `the new version conflicts with your own changes to ${inTheWay.join(", ")}; merge by hand: git pull`,
    );
  }
  for (const file of conflicts) {
    if (show(theirs, file) === undefined) git("rm", "--quiet", "--force", "--", file);
    else git("checkout", theirs, "--", file);
  }
  git("commit", "--no-edit", "--quiet");
}

function carryOut({ file, text, beside }: Plan): void {
  const absolute = path.join(projectRoot, file);
  mkdirSync(path.dirname(absolute), { recursive: true });
  if (beside) saveWhole(absolute + beside.ending, beside.text);
  if (text === undefined) rmSync(absolute, { force: true });
  else saveWhole(absolute, text);
}

function restore(backup: string): void {
  const folder = path.join(projectRoot, FOLDER);
  rmSync(`${folder}.failed`, { recursive: true, force: true });
  renameSync(folder, `${folder}.failed`);
  cpSync(path.join(backup, FOLDER), folder, { recursive: true });
  rmSync(`${folder}.failed`, { recursive: true, force: true });
}

/** A file's text in a commit; undefined where it is not there. */
function show(commit: string, file: string): string | undefined {
  const { status, stdout } = spawnSync("git", ["show", `${commit}:${file}`], { cwd: projectRoot, encoding: "utf8" });
  return status === 0 ? stdout : undefined;
}

/**
 * What git printed, without the last line end.
 *
 * @throws UsageError with what git says, where it refuses: no network, no rights, a full disk
 */
function git(...args: string[]): string {
  const done = spawnGit(...args);
  if (done.error && (done.error as NodeJS.ErrnoException).code === "ENOENT")
    throw new UsageError("update needs git, and it is not installed: https://git-scm.com");
  if (done.error) throw done.error;
  if (done.status !== 0) throw refusalOf(args[0]!, done);
  return done.stdout.trimEnd();
}

function spawnGit(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync("git", args, {
    cwd: projectRoot,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** What git says of a command that it refused. */
function refusalOf(command: string, { status, stdout, stderr }: SpawnSyncReturns<string>): UsageError {
  const said = (stderr.trim() || stdout.trim()).replaceAll(/\s*\n\s*/g, "; ");
  return new UsageError(`git ${command} failed (${said || `status ${status}`}); nothing of your work is lost`);
}

/** The same, or undefined where git refuses. */
function attempt(...args: string[]): string | undefined {
  const { status, stdout } = spawnGit(...args);
  return status === 0 ? stdout.trimEnd() : undefined;
}
