import { constants, copyFileSync, lstatSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { steps } from "../course/steps.ts";
import { makeFolder } from "../runner/folder.mjs";
import { differInCase, withOtherNumber } from "../runner/other-number.ts";
import { displayPath, exercisesFolder } from "../runner/project.ts";
import { stubOf } from "../runner/workspace/stubs.ts";
import { saveWhole } from "../runner/whole.mjs";
import { attempt } from "./git.ts";
import { say } from "./tell.ts";
import { selectSteps, UsageError } from "./usage.ts";
import type { Step } from "../kit/step.ts";

export const resetHelp = `reset step ... | --all
    Restores the stub. Your file is kept next to it, as 05-dcounts.ts.old.`;

/** Exit status 0; nothing that a learner wrote is lost. */
export function reset(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { all: { type: "boolean", default: false } },
  });
  if (!values.all && positionals.length === 0) throw new UsageError("reset what? name a step, or --all");
  for (const step of values.all ? steps : selectSteps(positionals)) say(resetStep(step));
  return Promise.resolve(0);
}

/**
 * Restores a step's stub in exercises/, or in another tree of its shape; a file that is missing because the step had
 * another number is renamed instead.
 *
 * @returns a line that says what was done
 */
export function resetStep(step: Step, root = exercisesFolder): string {
  const file = path.join(root, step.file);
  const stub = stubOf(step);
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found && !found.isFile()) {
    // a link, a folder or a pipe: it is not read, and what a link leads to stays as it is
    const kept = freeName(file, ".old");
    renameSync(file, kept);
    saveWhole(file, stub);
    return `${displayPath(file)}: written; what was in its place is now ${path.basename(kept)}`;
  }
  if (!found) {
    const other = withOtherNumber(root, step.file);
    if (other !== undefined) {
      rename(path.join(root, other), file);
      const why = differInCase(other, step.file) ? "" : ", its name in another version of the course";
      return `${displayPath(file)}: renamed from ${path.basename(other)}${why}`;
    }
    makeFolder(path.dirname(file));
    saveWhole(file, stub);
    return `${displayPath(file)}: written`;
  }
  if (readFileSync(file, "utf8") === stub) return `${displayPath(file)}: is the stub already`;
  const kept = keepBeside(file, ".old");
  saveWhole(file, stub);
  return `${displayPath(file)}: reset; yours is kept as ${path.basename(kept)}`;
}

/** Renames a file, for git as well if it is tracked: otherwise `git commit --all` would record that it is gone. */
function rename(from: string, to: string): void {
  if (attempt("mv", "--", from, to) === undefined) renameSync(from, to);
}

/** Copies a file to the first free name next to it. */
function keepBeside(file: string, ending: string): string {
  const kept = freeName(file, ending);
  copyFileSync(file, kept, constants.COPYFILE_EXCL);
  return kept;
}

/** The first name next to a file that nothing has: x.ts.old, x.ts.old-2, ... */
function freeName(file: string, ending: string): string {
  for (let i = 1; ; i++) {
    const free = file + ending + (i === 1 ? "" : `-${i}`);
    if (!lstatSync(free, { throwIfNoEntry: false })) return free;
  }
}
