import { attempt, git } from "../git.ts";
import { UsageError } from "../usage.ts";

/** The remote of the course itself, in a clone whose own remote is a learner's copy: a fork, or made from a template. */
export const COURSE_REMOTE = "upstream";

/** The versions that an update is between, as commits. */
export interface Versions {
  /** The newest one. */
  theirs: string;
  /** The one that this clone is at. */
  base: string;
  /** Whether base is no part of this clone's history: it was made from a template, which copies files alone. */
  isApart: boolean;
}

/**
 * Fetches the newest version, and finds the one that this clone is at.
 *
 * @param folder that learners change: it says nothing about the version
 * @throws UsageError if there is nothing to fetch it from, or if the two have nothing in common
 */
export function fetchVersions(folder: string): Versions {
  // without its beginning, a history shows neither where it came from nor what it shares
  if (git("rev-parse", "--is-shallow-repository") === "true") git("fetch", "--unshallow");
  const theirs = fetchNewest();
  const shared = attempt("merge-base", "HEAD", theirs);
  if (shared !== undefined) return { theirs, base: shared, isApart: false };
  const base = copiedFrom(theirs, folder);
  if (base !== undefined) return { theirs, base, isApart: true };
  throw new UsageError(
    `this repository shares no history with the course, and its first commit is no version of it outside ${folder}/; ` +
      `clone the course and copy ${folder}/ over`,
  );
}

function fetchNewest(): string {
  if (hasCourseRemote()) {
    git("fetch", COURSE_REMOTE, "HEAD");
    return git("rev-parse", "FETCH_HEAD");
  }
  git("fetch");
  return git("rev-parse", "@{upstream}");
}

/** What merges the newest version by hand. */
export function pullCommand(): string {
  if (hasCourseRemote()) return `git pull ${COURSE_REMOTE} HEAD`;
  // origin/main; a branch's own name may contain slashes
  return `git pull ${git("rev-parse", "--abbrev-ref", "@{upstream}").replace("/", " ")}`;
}

export function hasCourseRemote(): boolean {
  return attempt("remote", "get-url", COURSE_REMOTE) !== undefined;
}

/** Whether this repository's history begins with a whole course, as that of a template's copy does. */
export function beginsWhole(): boolean {
  return rootsOf("HEAD").some((root) => attempt("cat-file", "-e", `${root}:grader/start.cjs`) !== undefined);
}

/** Records in this clone's history that it began from a version of the course; no file changes. */
export function joinHistories(base: string): void {
  const message = `Begin from version ${base.slice(0, 7)} of the course`;
  git("merge", "--strategy=ours", "--allow-unrelated-histories", "--quiet", "-m", message, base);
}

/** The newest version whose files are those of this clone's first commit, whatever that has in the folder. */
function copiedFrom(theirs: string, folder: string): string | undefined {
  const began = new Set(rootsOf("HEAD").map((root) => filesIn(root, folder)));
  return git("rev-list", theirs)
    .split("\n")
    .find((commit) => began.has(filesIn(commit, folder)));
}

function rootsOf(commit: string): string[] {
  return git("rev-list", "--max-parents=0", commit).split("\n");
}

/** A commit's files and folders at its root with their hashes, without one of them. */
function filesIn(commit: string, without: string): string {
  const entries = git("ls-tree", commit).split("\n");
  return entries.filter((entry) => !entry.endsWith(`\t${without}`)).join("\n");
}
