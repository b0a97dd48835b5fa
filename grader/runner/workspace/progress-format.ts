import path from "node:path";
import { steps } from "../../course/steps.ts";
import type { LastVerdict, Reply } from "../../grading/progress.ts";
import { isVerdict } from "../../verdict/result.ts";

const SCHEMA = "backprop-dojo/progress/v1";
const NOTE =
  "Your last verdicts, the hints you have seen, and your answers to questions. Safe to delete: npm run grade finds " +
  "the verdicts again.";

const replies: readonly unknown[] = ["right", "wrong", "skipped"] satisfies Reply[];

/** What is remembered of a step. */
export interface Remembered {
  last?: LastVerdict;
  /** How many of its hints have been shown. */
  hints?: number;
  /** What came of its questions, by their ids. */
  quiz?: Readonly<Record<string, Reply>>;
}

/** What is remembered, by step id. */
export type AllRemembered = ReadonlyMap<string, Remembered>;

/** What is remembered as the text of a file. */
export function formatProgress(all: AllRemembered): string {
  const known = steps.flatMap(({ id }) => (all.has(id) ? [[id, all.get(id)!] as const] : []));
  return `${JSON.stringify({ schema: SCHEMA, note: NOTE, steps: Object.fromEntries(known) }, null, 2)}\n`;
}

/** What a text remembers; what is damaged is left out. */
export function parseProgress(text: string): AllRemembered {
  const found = stepsIn(text);
  return new Map(steps.flatMap(({ id }) => (Object.hasOwn(found, id) ? [[id, remembered(found[id])] as const] : [])));
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
  const { last, hints, quiz } = entry;
  return {
    ...(isLastVerdict(last) && { last }),
    ...(isCount(hints) && { hints }),
    ...(isRecord(quiz) && { quiz: repliesIn(quiz) }),
  };
}

function repliesIn(quiz: Readonly<Record<string, unknown>>): Record<string, Reply> {
  return Object.fromEntries(Object.entries(quiz).filter((one): one is [string, Reply] => replies.includes(one[1])));
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === "object" && x !== null && !Array.isArray(x);
}

function isCount(x: unknown): x is number {
  return Number.isInteger(x) && Number(x) >= 0;
}

/** Whether this is a verdict as `formatProgress` writes it. */
export function isLastVerdict(x: unknown): x is LastVerdict {
  if (!isRecord(x)) return false;
  const { verdict, passedOnce, grader, texts, files } = x;
  return (
    isVerdict(verdict) &&
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
