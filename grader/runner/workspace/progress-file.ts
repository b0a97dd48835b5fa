import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { steps } from "../../course/steps.ts";
import { withResults, type Graded, type LastVerdicts, type Reply } from "../../grading/progress.ts";
import { graderIdentity } from "../identity.ts";
import { workspaceFolder } from "../project.ts";
import { changeWhole } from "../whole.mjs";
import { oldHints, oldVerdicts } from "./old-progress.ts";
import { formatProgress, isLastVerdict, parseProgress, type AllRemembered } from "./progress-format.ts";

/**
 * What is remembered of a learner: the last verdict on each step, how many of its hints they have seen, and what came of
 * its questions. The file is
 * in their clone, so that it stays with the exercises; it is not below exercises/, which holds only the course's files; and
 * git ignores it, because every clone has its own.
 */
export const progressFile = progressFileIn(workspaceFolder);

/** The file of progress of a clone in a folder. */
export function progressFileIn(folder: string): string {
  return path.join(folder, ".progress");
}

/** The last verdicts; none if there is no file. What cannot be read is left out. */
export function readVerdicts(file = progressFile): LastVerdicts {
  return verdictsOf(remembered(file, textOf(file)));
}

/** How many hints to a step have been shown; 0 if nothing is known. */
export function hintsShown(id: string, file = progressFile): number {
  return remembered(file, textOf(file)).get(id)?.hints ?? 0;
}

/**
 * Adds results to the verdicts in the file. Readers at the same time see a whole file, the old one or the new one; of
 * several writers none loses what another has added.
 *
 * @returns all verdicts known now, even if the file cannot be written: grading again finds them again
 */
export function keepVerdicts(results: readonly Graded[], file = progressFile): LastVerdicts {
  let all: LastVerdicts = new Map();
  change(file, (known) => {
    all = withResults(verdictsOf(known), results, graderIdentity);
    return new Map([...known, ...[...all].map(([id, last]) => [id, { ...known.get(id), last }] as const)]);
  });
  return all;
}

/** Replaces the verdicts on some steps; if the file cannot be written, the old ones stay. */
export function replaceVerdicts(verdicts: LastVerdicts, file = progressFile): void {
  if (verdicts.size === 0) return;
  const replaced = [...verdicts];
  change(
    file,
    (known) => new Map([...known, ...replaced.map(([id, last]) => [id, { ...known.get(id), last }] as const)]),
  );
}

/** What came of the questions to a step, by their ids; nothing if none was asked. */
export function quizReplies(id: string, file = progressFile): Readonly<Record<string, Reply>> {
  return remembered(file, textOf(file)).get(id)?.quiz ?? {};
}

/** @returns why it cannot be remembered; undefined if it is */
export function rememberHints(id: string, shown: number, file = progressFile): string | undefined {
  return problemOf(
    file,
    change(file, (known) => new Map([...known, [id, { ...known.get(id), hints: shown }]])),
  );
}

/** @returns why it cannot be remembered; undefined if it is */
export function rememberReply(id: string, question: string, reply: Reply, file = progressFile): string | undefined {
  return problemOf(
    file,
    change(file, (known) => {
      const before = known.get(id);
      return new Map([...known, [id, { ...before, quiz: { ...before?.quiz, [question]: reply } }]]);
    }),
  );
}

function problemOf(file: string, problem: string | undefined): string | undefined {
  return problem && `${path.basename(file)} cannot be written (${problem})`;
}

/** Rewrites the file; from then on it also holds what the course's first version remembered. */
function change(file: string, by: (known: AllRemembered) => AllRemembered): string | undefined {
  const problem = changeWhole(file, (text) => formatProgress(by(remembered(file, text))));
  if (problem === undefined) removeOldHints(file);
  return problem;
}

/**
 * What a file remembers, and what the course's first version remembered, as far as the file does not say it.
 *
 * @param text the file's
 */
function remembered(file: string, text: string): AllRemembered {
  const known = parseProgress(text);
  const [hints, last] = [oldHints(textOf(oldHintsFile(file))), oldVerdicts(text)];
  if (hints.size + last.size === 0) return known;
  return new Map(
    steps.flatMap(({ id }) => {
      const [verdict, shown] = [last.get(id), hints.get(id)];
      const old = { ...(isLastVerdict(verdict) && { last: verdict }), ...(shown !== undefined && { hints: shown }) };
      const all = { ...old, ...known.get(id) };
      return Object.keys(all).length > 0 ? [[id, all] as const] : [];
    }),
  );
}

function verdictsOf(all: AllRemembered): LastVerdicts {
  return new Map([...all].flatMap(([id, { last }]) => (last ? [[id, last] as const] : [])));
}

/** The file as text; "" if it cannot be read. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function oldHintsFile(file: string): string {
  return path.join(path.dirname(file), ".hints");
}

/** Removes the old file of hints: the file of progress holds its content now. */
function removeOldHints(file: string): void {
  try {
    rmSync(oldHintsFile(file), { force: true });
  } catch {
    // another user's file, or a folder; the file of progress has precedence anyway
  }
}
