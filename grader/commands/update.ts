import { cpSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { displayPath, projectRoot } from "../runner/project.ts";
import { systemProblem } from "../runner/system.mjs";
import { progressFileIn, readVerdicts, replaceVerdicts } from "../runner/workspace/progress-file.ts";
import { attempt, failureOf, git, spawnGit, textIn } from "./git.ts";
import { currentVerdicts, takeAlong, verdictsAfter } from "./update/follow.ts";
import { carryOut, movesOf, plansFor, type Plan } from "./update/plan.ts";
import {
  beginsWhole,
  COURSE_REMOTE,
  fetchVersions,
  hasCourseRemote,
  joinHistories,
  pullCommand,
  type Versions,
} from "./update/versions.ts";
import { say } from "./tell.ts";
import { UsageError } from "./usage.ts";

export const updateHelp = `update
    Brings in the newest version of the course from git and keeps your work: an exercise that you changed stays as it
    is; a new stub is merged into it if possible, and otherwise saved next to it (.new). If the course numbers a step
    anew, your file gets the new number. In a copy of your own (made from the template, or a fork), name the course's
    repository once: git remote add upstream ADDRESS`;

const FOLDER = "exercises";

const NAME_THE_COURSE = `name the course's own once: git remote add ${COURSE_REMOTE} ADDRESS`;
/** A copy made from a template has a remote that its learner alone changes: no update comes from there. */
const IF_COPIED = `If your remote is a copy of your own, ${NAME_THE_COURSE}`;

/** Exit status 0 if the course is up to date now; otherwise a UsageError says why not. Nothing is lost either way. */
export function update(args: string[]): Promise<number> {
  parseArgs({ args, options: {} });
  checkClone();
  const { theirs, base, isApart } = fetchVersions(FOLDER);
  if (base === theirs) {
    say("This is already the newest version.");
    if (!hasCourseRemote() && beginsWhole()) say(IF_COPIED);
    return Promise.resolve(0);
  }

  const plans = plansFor(FOLDER, { base, theirs }, textInTree);
  const moved = movesOf(plans);
  const progress = progressFileIn(projectRoot);
  const verdicts = currentVerdicts(FOLDER, readVerdicts(progress));
  const backup = path.join(projectRoot, ".backup", new Date().toISOString().replaceAll(":", "-"));
  cpSync(path.join(projectRoot, FOLDER), path.join(backup, FOLDER), { recursive: true });
  const before = git("rev-parse", "HEAD");
  try {
    mergeCommitted({ theirs, base, isApart });
  } catch (error) {
    attempt("reset", "--quiet", "--hard", before);
    restore(backup);
    throw error;
  }
  try {
    restore(backup);
    carryOut(plans);
    takeAlong(FOLDER, moved);
    replaceVerdicts(verdictsAfter(FOLDER, verdicts, moved), progress);
  } catch (error) {
    const where = `your exercises as they were are in ${displayPath(backup)}/`;
    throw new UsageError(`${systemProblem(error) ?? String(error)}; the course is up to date, and ${where}`);
  }

  for (const { from, file, note } of plans) if (note) say(`${from ?? file}: ${note}`);
  say(`Updated to ${git("log", "-1", "--format=%h %s", theirs)}.`);
  say(`Your exercises as they were are in ${path.relative(projectRoot, backup)}/`);
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
  if (!hasCourseRemote() && attempt("rev-parse", "@{upstream}") === undefined) {
    throw new UsageError(
      `this branch tracks no remote branch; set one with git branch --set-upstream-to=origin/main, or ${NAME_THE_COURSE}`,
    );
  }
  if (attempt("rev-parse", "--quiet", "--verify", "MERGE_HEAD") !== undefined) {
    throw new UsageError("a merge is not finished; end it with git commit or git merge --abort, then update again");
  }
  const changedElsewhere = git("status", "--porcelain", "--untracked-files=no", "--", ".", `:!${FOLDER}`);
  if (changedElsewhere !== "") {
    const files = changedElsewhere.split("\n").map((line) => line.slice(3));
    throw new UsageError(
      `${files.join(", ")}: changed, outside ${FOLDER}/; commit or undo the change (git restore), then update again`,
    );
  }
}

/** The text of a file of the project; undefined if there is none. */
function textInTree(file: string): string | undefined {
  const absolute = path.join(projectRoot, file);
  return existsSync(absolute) ? readFileSync(absolute, "utf8") : undefined;
}

/**
 * Merges the new version into the branch. The commit holds what the learner had committed, as plans of its own update it:
 * so nothing that was committed is missing from git, and a tree that was clean is clean again.
 */
function mergeCommitted({ theirs, base, isApart }: Versions): void {
  const before = git("rev-parse", "HEAD");
  const plans = plansFor(FOLDER, { base, theirs }, (file) => textIn(before, file));
  clearTheWay(plans);
  if (isApart) joinHistories(base);
  merge(theirs);
  if (attempt("rev-parse", "--quiet", "--verify", "MERGE_HEAD") === undefined) return; // the branch had no commits of its own
  carryOut(plans);
  takeAlong(FOLDER, movesOf(plans));
  git("add", "--update", "--", FOLDER);
  for (const { file, text } of plans) if (text !== undefined) git("add", "--force", "--", file);
  git("commit", "--no-edit", "--quiet");
}

/** Leaves in the folder what is committed, and nothing where the new version has a file. */
function clearTheWay(plans: readonly Plan[]): void {
  git("reset", "--quiet", "HEAD", "--", FOLDER);
  git("checkout", "HEAD", "--", FOLDER);
  const committed = new Set(git("ls-files", "--", FOLDER).split("\n"));
  for (const { file } of plans) if (!committed.has(file)) rmSync(path.join(projectRoot, file), { force: true });
}

/** Merges without a commit, unless the branch is only moved; the plans decide about conflicts in the folder. */
function merge(theirs: string): void {
  const merged = spawnGit("merge", "--no-commit", theirs);
  if (merged.status === 0) return;
  const conflicts = git("diff", "--name-only", "--diff-filter=U").split("\n").filter(Boolean);
  if (conflicts.length === 0) throw failureOf("merge", merged);
  const inTheWay = conflicts.filter((file) => !file.startsWith(`${FOLDER}/`));
  if (inTheWay.length > 0) {
    throw new UsageError(
      `the new version conflicts with your own changes to ${inTheWay.join(", ")}; merge by hand: ${pullCommand()}`,
    );
  }
  for (const file of conflicts) {
    if (textIn(theirs, file) === undefined) git("rm", "--quiet", "--force", "--", file);
    else git("checkout", theirs, "--", file);
  }
}

/** Puts the learner's folder back as it was. */
function restore(backup: string): void {
  const folder = path.join(projectRoot, FOLDER);
  rmSync(`${folder}.failed`, { recursive: true, force: true });
  renameSync(folder, `${folder}.failed`);
  cpSync(path.join(backup, FOLDER), folder, { recursive: true });
  rmSync(`${folder}.failed`, { recursive: true, force: true });
}
