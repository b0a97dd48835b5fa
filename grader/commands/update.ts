import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { displayPath, projectRoot } from "../runner/project.ts";
import { systemProblem } from "../runner/system.mjs";
import { saveWhole } from "../runner/whole.mjs";
import { attempt, failureOf, git, spawnGit, textIn } from "./git.ts";
import { UsageError } from "./usage.ts";

export const updateHelp = `update
    Brings in the newest version of the course from git and keeps your work: an exercise that you changed stays as it
    is; a new stub is merged into it if possible, and otherwise saved next to it (.new).`;

const FOLDER = "exercises";

/** What happens to one file below exercises/. */
interface Plan {
  file: string;
  /** Its text after the update; undefined if it is removed. */
  text: string | undefined;
  /** A text to save next to it: theirs if merging failed, yours if the course no longer has such a file. */
  beside: { ending: ".new" | ".old"; text: string } | undefined;
  /** What to tell the learner, if it is more than "replaced". */
  note: string | undefined;
}

/** Exit status 0 if the course is up to date now; otherwise a UsageError says why not. Nothing is lost either way. */
export function update(args: string[]): Promise<number> {
  parseArgs({ args, options: {} });
  checkClone();
  git("fetch");
  const theirs = git("rev-parse", "@{upstream}");
  const base = git("merge-base", "HEAD", theirs);
  if (base === theirs) {
    process.stdout.write("This is already the newest version.\n");
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
    const where = `your exercises as they were are in ${displayPath(backup)}/`;
    throw new UsageError(`${systemProblem(error) ?? String(error)}; the course is up to date, and ${where}`);
  }

  for (const { file, note } of plans) if (note) process.stdout.write(`${file}: ${note}\n`);
  process.stdout.write(`Updated to ${git("log", "-1", "--format=%h %s", theirs)}.\n`);
  process.stdout.write(`Your exercises as they were are in ${path.relative(projectRoot, backup)}/\n`);
  if (git("diff", "--name-only", before, "HEAD", "--", "package-lock.json") !== "") {
    process.stdout.write("The dependencies have changed: run npm ci\n");
  }
  return Promise.resolve(0);
}

/** @throws UsageError if this is no clone that can be updated, with what to do about it */
function checkClone(): void {
  git("--version");
  if (attempt("rev-parse", "--git-dir") === undefined) {
    throw new UsageError(
      "update needs a git clone of the course; if you have a downloaded copy, clone the course and copy exercises/ over",
    );
  }
  if (attempt("rev-parse", "@{upstream}") === undefined) {
    throw new UsageError("this branch tracks no remote branch; set one with git branch --set-upstream-to=origin/main");
  }
  const changedElsewhere = git("status", "--porcelain", "--untracked-files=no", "--", ".", `:!${FOLDER}`);
  if (changedElsewhere !== "") {
    const files = changedElsewhere.split("\n").map((line) => line.slice(3));
    throw new UsageError(
      `${files.join(", ")}: changed, outside ${FOLDER}/; commit or undo the change (git restore), then update again`,
    );
  }
}

/** Every file below exercises/ in either version. */
function filesOf(base: string, theirs: string): string[] {
  const list = (commit: string): string[] => git("ls-tree", "-r", "--name-only", commit, "--", FOLDER).split("\n");
  return [...new Set([...list(base), ...list(theirs)])].filter((file) => file !== "").sort();
}

function planFor(file: string, base: string, theirs: string): Plan {
  const absolute = path.join(projectRoot, file);
  const yours = existsSync(absolute) ? readFileSync(absolute, "utf8") : undefined;
  const [old, its] = [textIn(base, file), textIn(theirs, file)];
  const plan = (text: string | undefined, note?: string, beside?: Plan["beside"]): Plan => ({
    file,
    text,
    beside,
    note,
  });
  if (yours === undefined || yours === old || yours === its) return plan(its);
  if (its === old) return plan(yours, "your version, kept");
  if (its === undefined) {
    return plan(undefined, "no longer part of the course; your version is kept as .old", {
      ending: ".old",
      text: yours,
    });
  }
  const merged = old === undefined ? undefined : mergeTexts(yours, old, its);
  if (merged !== undefined) return plan(merged, "your version, with the course's changes merged in");
  return plan(yours, "your version, kept; the course's new version is next to it as .new", {
    ending: ".new",
    text: its,
  });
}

/** git's three-way merge of a file; undefined if both changed the same lines. */
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

/** Merges the new version into the branch; the plans decide about exercises/, so conflicts there do not matter. */
function merge(theirs: string): void {
  const merged = spawnGit("merge", "--no-edit", theirs);
  if (merged.status === 0) return;
  const conflicts = git("diff", "--name-only", "--diff-filter=U").split("\n").filter(Boolean);
  const inTheWay = conflicts.filter((file) => !file.startsWith(`${FOLDER}/`));
  if (conflicts.length === 0 || inTheWay.length > 0) {
    attempt("merge", "--abort");
    if (conflicts.length === 0) throw failureOf("merge", merged);
    throw new UsageError(
      `the new version conflicts with your own changes to ${inTheWay.join(", ")}; merge by hand: git pull`,
    );
  }
  for (const file of conflicts) {
    if (textIn(theirs, file) === undefined) git("rm", "--quiet", "--force", "--", file);
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
