import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stepOfStub } from "../../kit/stub.ts";
import { makeFolder } from "../../runner/folder.mjs";
import { projectRoot } from "../../runner/project.ts";
import { saveWhole } from "../../runner/whole.mjs";
import { git, textIn } from "../git.ts";
import type { Versions } from "./versions.ts";

/** What happens to one file of the learner's tree; files are named from the project's folder. */
export interface Plan {
  /** Its name before the update; undefined if there was no such file. */
  from: string | undefined;
  /** Its name after the update. */
  file: string;
  /** Its text after the update; undefined if it is removed. */
  text: string | undefined;
  /** A text to save next to it: theirs if merging failed, yours if the course no longer has such a file. */
  beside: { ending: ".new" | ".old"; text: string } | undefined;
  /** What to tell the learner, if it is more than "replaced". */
  note: string | undefined;
}

/** A file of one version of the course. */
interface Version {
  file: string;
  text: string;
}

/**
 * What an update does to each file below a folder: one plan per file that the course had or has. A step's file is
 * followed by the step's id, which its stub names: if the course renumbers a step, the learner's work moves with it.
 *
 * @param versions the commits that the learner's tree began from, and that it is updated to
 * @param yours the text of a file in the learner's tree; undefined if there is none
 */
export function plansFor(
  folder: string,
  { base, theirs }: Pick<Versions, "base" | "theirs">,
  yours: (file: string) => string | undefined,
): Plan[] {
  const [olds, news] = [base, theirs].map((commit) => versionsOf(folder, commit)) as [Version[], Version[]];
  const before = new Map<Version, Version>();
  const pair = (isSame: (old: Version, its: Version) => boolean): void => {
    for (const its of news) {
      if (before.has(its)) continue;
      const paired = new Set(before.values());
      const old = olds.find((old) => !paired.has(old) && isSame(old, its));
      if (old) before.set(its, old);
    }
  };
  pair((old, its) => stepOfStub(old.text) !== undefined && stepOfStub(old.text) === stepOfStub(its.text));
  pair((old, its) => old.file === its.file);
  const paired = new Set(before.values());
  return [
    ...olds.filter((old) => !paired.has(old)).map((old) => planFor(old, undefined, yours)),
    ...news.map((its) => planFor(before.get(its), its, yours)),
  ];
}

function versionsOf(folder: string, commit: string): Version[] {
  const files = git("ls-tree", "-r", "--name-only", commit, "--", folder).split("\n");
  return files.filter((file) => file !== "").map((file) => ({ file, text: textIn(commit, file)! }));
}

function planFor(
  old: Version | undefined,
  its: Version | undefined,
  textOf: (file: string) => string | undefined,
): Plan {
  const from = (old ?? its)!.file;
  const file = (its ?? old)!.file;
  const yours = textOf(from);
  const plan = (text: string | undefined, note?: string, beside?: Plan["beside"]): Plan => {
    return { from: old?.file, file, text, beside, note };
  };
  if (yours === undefined || yours === old?.text || yours === its?.text) return plan(its?.text);
  if (its === undefined) {
    return plan(undefined, "no longer part of the course; your version is kept as .old", {
      ending: ".old",
      text: yours,
    });
  }
  const renamed = from === file ? "" : `; its name is now ${path.posix.basename(file)}`;
  if (its.text === old?.text) return plan(yours, `your version, kept${renamed}`);
  const merged = old && mergeTexts(yours, old.text, its.text);
  if (merged !== undefined) return plan(merged, `your version, with the course's changes merged in${renamed}`);
  return plan(yours, `your version, kept; the course's new version is next to it as .new${renamed}`, {
    ending: ".new",
    text: its.text,
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

/** The files that get another name, by the one they had. */
export function movesOf(plans: readonly Plan[]): ReadonlyMap<string, string> {
  return new Map(
    plans.flatMap(({ from, file }): [string, string][] => (from !== undefined && from !== file ? [[from, file]] : [])),
  );
}

/** Writes and removes files as planned. */
export function carryOut(plans: readonly Plan[]): void {
  const inProject = (file: string): string => path.join(projectRoot, file);
  // one file's old name can be another's new one
  for (const { from, file, text } of plans) {
    if (from !== undefined && (from !== file || text === undefined)) rmSync(inProject(from), { force: true });
  }
  for (const { file, text, beside } of plans) {
    makeFolder(path.dirname(inProject(file)));
    if (beside) saveWhole(inProject(file + beside.ending), beside.text);
    if (text !== undefined) saveWhole(inProject(file), text);
  }
}
