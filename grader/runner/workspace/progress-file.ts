import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { steps } from "../../course/steps.ts";
import { withResults, type LastVerdict, type LastVerdicts } from "../../grading/progress.ts";
import type { StepResult, Verdict } from "../../verdict/result.ts";
import { graderIdentity } from "../identity.ts";
import { workspaceFolder } from "../project.ts";
import { changeWhole } from "../whole.mjs";
import { oldHints, oldVerdicts } from "./old-progress.ts";

/**
 * What is remembered of a learner: the last verdict on each step, and how many of its hints they have seen. The file is
 * in their clone, so that it goes where the exercises go; not below exercises/, which holds the course's files alone; and
 * git ignores it, because every clone has its own.
 */
export const progressFile = path.join(workspaceFolder, ".progress");

const SCHEMA = "backprop-dojo/progress/v1";
const NOTE =
  "Your last verdicts, and how many hints you have seen. Safe to delete: npm run grade finds the verdicts again.";

/** What is remembered of a step. */
export interface Remembered {
  last?: LastVerdict;
  /** How many of its hints have been shown. */
  hints?: number;
}

const verdicts: Readonly<Record<Verdict, true>> = {
  exact: true,
  rounding: true,
  wrong: true,
  shape: true,
  "not-finite": true,
  threw: true,
  timeout: true,
  "out-of-memory": true,
  "changed-inputs": true,
  "not-started": true,
  missing: true,
};

type AllRemembered = ReadonlyMap<string, Remembered>;

/** The last verdicts; none if there is no file. What cannot be read is left out. */
export function readVerdicts(file = progressFile): LastVerdicts {
  return verdictsOf(read(file, textOf(file)));
}

/** How many hints to a step have been shown; 0 if nothing is known. */
export function hintsShown(id: string, file = progressFile): number {
  return read(file, textOf(file)).get(id)?.hints ?? 0;
}

/**
 * Adds results to the verdicts in the file. Readers at the same time see a whole file, the old one or the new one; of
 * several writers none loses what another has added.
 *
 * @returns all verdicts known now, also if the file cannot be written: grading again finds them again
 */
export function keepVerdicts(results: readonly StepResult[], file = progressFile): LastVerdicts {
  let all: LastVerdicts = new Map();
  change(file, (known) => {
    all = withResults(verdictsOf(known), results, graderIdentity);
    return new Map([...known, ...[...all].map(([id, last]) => [id, { ...known.get(id), last }] as const)]);
  });
  return all;
}

/** @returns why it cannot be remembered; undefined if it is */
export function rememberHints(id: string, shown: number, file = progressFile): string | undefined {
  const problem = change(file, (known) => new Map([...known, [id, { ...known.get(id), hints: shown }]]));
  return problem && `${path.basename(file)} cannot be written (${problem})`;
}

/** Rewrites the file; what an older version of the course remembered is in it from then on. */
function change(file: string, by: (known: AllRemembered) => AllRemembered): string | undefined {
  const problem = changeWhole(file, (text) => written(by(read(file, text))));
  if (problem === undefined) removeOldHints(file);
  return problem;
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

function written(all: AllRemembered): string {
  const known = steps.flatMap(({ id }) => (all.has(id) ? [[id, all.get(id)!] as const] : []));
  return `${JSON.stringify({ schema: SCHEMA, note: NOTE, steps: Object.fromEntries(known) }, null, 2)}\n`;
}

/** What a file remembers, in this format or in the one before; what is damaged is left out. */
function read(file: string, text: string): AllRemembered {
  const hints = oldHints(textOf(oldHintsFile(file)));
  const last = oldVerdicts(text);
  const now = stepsIn(text);
  return new Map(
    steps.flatMap(({ id }) => {
      const old = last.get(id);
      const found = { hints: hints.get(id), last: isVerdict(old) ? old : undefined, ...remembered(now[id]) };
      const known = { ...(found.last && { last: found.last }), ...(found.hints && { hints: found.hints }) };
      return Object.keys(known).length > 0 ? [[id, known] as const] : [];
    }),
  );
}

function stepsIn(text: string): Record<string, unknown> {
  try {
    const { schema, steps } = JSON.parse(text) as { schema?: unknown; steps?: unknown };
    return schema === SCHEMA && isRecord(steps) ? steps : {};
  } catch {
    return {};
  }
}

/** The parts of a step's entry that are as they should be. */
function remembered(entry: unknown): Remembered {
  if (!isRecord(entry)) return {};
  const { last, hints } = entry;
  return { ...(isVerdict(last) && { last }), ...(isCount(hints) && { hints }) };
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === "object" && x !== null && !Array.isArray(x);
}

function isCount(x: unknown): x is number {
  return Number.isInteger(x) && Number(x) >= 0;
}

function isVerdict(x: unknown): x is LastVerdict {
  if (!isRecord(x)) return false;
  const { verdict, passedOnce, grader, texts, files } = x;
  return (
    typeof verdict === "string" &&
    Object.hasOwn(verdicts, verdict) &&
    typeof passedOnce === "boolean" &&
    typeof grader === "string" &&
    typeof texts === "string" &&
    /^[0-9a-f]{32}$/.test(texts) &&
    Array.isArray(files) &&
    files.length > 0 &&
    files.every(isInside)
  );
}

/** Whether a name is that of a file below the tree's folder. */
function isInside(file: unknown): boolean {
  return (
    typeof file === "string" &&
    file !== "" &&
    !path.posix.isAbsolute(file) &&
    !path.posix.normalize(file).startsWith("..")
  );
}

function oldHintsFile(file: string): string {
  return path.join(path.dirname(file), ".hints");
}

/** Its content is in the file now. */
function removeOldHints(file: string): void {
  try {
    rmSync(oldHintsFile(file), { force: true });
  } catch {
    // another user's, or a folder: what the file says goes before it
  }
}
