import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { steps } from "../course/steps.ts";
import { nextOf, passes, type StepResult, type Verdict } from "../verdict/result.ts";
import { graderIdentity } from "./identity.ts";
import { projectRoot } from "./project.ts";
import { hashOfTexts, readSource } from "./source.ts";
import { stubOf } from "./stubs.ts";
import { changeWhole } from "./whole.mjs";
import type { Step } from "../kit/step.ts";

/**
 * Where a learner's last verdicts are kept: in their clone, so that it goes where the exercises go; not below
 * exercises/, which holds the course's files alone; and ignored by git, because no two clones have the same.
 */
export const progressFile = path.join(projectRoot, ".progress");

const HEADER = "# Last verdicts, by step. Safe to delete: npm run grade writes it again.";
const COLUMNS = "# step\tverdict\tpassed once\tgrader\ttexts\tfiles";

/** The last verdict on a step, and what it was given on. */
export interface LastVerdict {
  verdict: Verdict;
  /** Whether this or an earlier verdict passed. */
  passedOnce: boolean;
  /** The grader that gave it. */
  grader: string;
  /** The tree's own files that were graded, and a hash of their texts. */
  files: readonly string[];
  texts: string;
}

/** Last verdicts by step id. */
export type LastVerdicts = ReadonlyMap<string, LastVerdict>;

export type State = "passed" | "reopened" | "started" | "not-started" | "missing";

/** Where a learner stands with a step. */
export interface Standing {
  step: Step;
  state: State;
  /** The verdict on the file as it is; null where that has not been graded by this grader. */
  verdict: Verdict | null;
  /** Why a step that has passed is open again. */
  because: "edit" | "course" | null;
}

/** Verdicts with newer ones added. What did not compile, or was not there, leaves them as they are. */
export function withResults(known: LastVerdicts, results: readonly StepResult[]): LastVerdicts {
  const all = new Map(known);
  for (const { id, verdict, source } of results) {
    if (!source) continue;
    const passedOnce = passes(verdict) || (all.get(id)?.passedOnce ?? false);
    all.set(id, { verdict, passedOnce, grader: graderIdentity, ...source });
  }
  return all;
}

/** The verdicts kept in a file; none where there is no file. Lines that cannot be read are left out. */
export function readVerdicts(file = progressFile): LastVerdicts {
  try {
    return verdictsIn(readFileSync(file, "utf8"));
  } catch {
    return new Map();
  }
}

function verdictsIn(text: string): LastVerdicts {
  return new Map(text.split("\n").flatMap((line) => readLine(line)));
}

const ids = new Set(steps.map((step) => step.id));
const verdicts: ReadonlySet<string> = new Set<Verdict>([
  "exact",
  "rounding",
  "wrong",
  "shape",
  "not-finite",
  "threw",
  "timeout",
  "out-of-memory",
  "changed-inputs",
  "not-started",
  "missing",
]);

function readLine(line: string): [string, LastVerdict][] {
  const [id = "", verdict = "", once, grader = "", texts = "", ...files] = line.split("\t");
  if (!ids.has(id) || !verdicts.has(verdict) || !/^(yes|no)$/.test(once ?? "")) return [];
  if (!/^[0-9a-f]{32}$/.test(texts) || files.length === 0 || files.some((file) => !isInside(file))) return [];
  return [[id, { verdict: verdict as Verdict, passedOnce: once === "yes", grader, texts, files }]];
}

function isInside(file: string): boolean {
  return file !== "" && !path.posix.isAbsolute(file) && !path.posix.normalize(file).startsWith("..");
}

/**
 * Adds results to the verdicts kept in a file. Readers at the same time see one whole file or another, and of several
 * writers none loses what another has found.
 *
 * @returns all that are known now. Where the file cannot be written they are all there too: a verdict can be had again
 */
export function keepVerdicts(results: readonly StepResult[], file = progressFile): LastVerdicts {
  let all: LastVerdicts = new Map();
  changeWhole(file, (text) => {
    all = withResults(verdictsIn(text), results);
    return textOf(all);
  });
  return all;
}

function textOf(all: LastVerdicts): string {
  const lines = steps.flatMap(({ id }) => {
    const last = all.get(id);
    if (!last || last.files.some((file) => /[\t\n]/.test(file))) return [];
    return [[id, last.verdict, last.passedOnce ? "yes" : "no", last.grader, last.texts, ...last.files].join("\t")];
  });
  return `${[HEADER, COLUMNS, ...lines].join("\n")}\n`;
}

/** Where a learner stands with every step of a tree: by its files as they are now, and the last verdicts. */
export function standings(root: string, known: LastVerdicts): Standing[] {
  const read = readerOf(root);
  return steps.map((step) => standingOf(step, known.get(step.id), read));
}

function standingOf(step: Step, last: LastVerdict | undefined, read: (file: string) => string | undefined): Standing {
  const text = read(step.file);
  const at = (state: State, more: Partial<Standing> = {}): Standing => {
    return { step, state, verdict: null, because: null, ...more };
  };
  if (text === undefined) return at("missing");
  const isSame = last !== undefined && hashOfTexts(last.files, read) === last.texts;
  const verdict = isSame && last.grader === graderIdentity ? last.verdict : null;
  if (verdict && passes(verdict)) return at("passed", { verdict });
  if (verdict === "not-started" || isStub(step, text)) return at("not-started", { verdict });
  if (last?.passedOnce) {
    const because = isSame && passes(last.verdict) ? "course" : "edit";
    return at("reopened", { verdict, because });
  }
  return at("started", { verdict });
}

/** Reads a tree's files, each once; one that cannot be read is as one that is not there. */
function readerOf(root: string): (file: string) => string | undefined {
  const texts = new Map<string, string | undefined>();
  const tree = existsSync(root) ? realpathSync(root) : root;
  return (file) => {
    if (!texts.has(file)) texts.set(file, readable(tree, file));
    return texts.get(file);
  };
}

function readable(tree: string, file: string): string | undefined {
  try {
    return readSource(tree, file);
  } catch {
    return undefined;
  }
}

/** Whether a file is as it came, whatever git made of its line ends. */
function isStub(step: Step, text: string): boolean {
  try {
    return text.replaceAll("\r\n", "\n") === stubOf(step);
  } catch {
    return false; // the solution that it is made from is gone, which npm run check tells
  }
}

/** What is to be worked on next, by the rule that the report has. */
export function nextStanding(all: readonly Standing[]): Standing | undefined {
  return nextOf(
    all,
    ({ state }) => state === "passed",
    ({ state }) => state !== "not-started",
  );
}
