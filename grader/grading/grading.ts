import type { Note, StepResult } from "../verdict/result.ts";
import type { Step } from "../kit/step.ts";
import type { CourseData } from "./course-data.ts";
import type { Host } from "./host.ts";
import type { Kept } from "./kept.ts";
import { isOpen, type Opened, type OpenStep } from "./open.ts";
import { seedOf, type StepSeed } from "./texts.ts";

/** One grading: the host that reads and runs the tree, what it is graded against, and the results kept from before. */
export interface Grading {
  host: Host;
  course: CourseData;
  kept: Kept;
}

/** The seed of a step's random cases: from its own texts, or from the one text that the course is given for all trees. */
export function caseSeed({ host, course }: Grading, { step, texts }: OpenStep): StepSeed {
  // as JSON: no hash of texts looks like that
  return seedOf(host, step.id, course.seed === undefined ? texts : JSON.stringify({ seed: course.seed }));
}

/** What follows from a step and the seed of its random cases: made once where all trees have the same seed. */
export function fromSeed<X>({ course: { seed, share } }: Grading, { id }: Step, what: string, make: () => X): X {
  return seed !== undefined && share ? share(`${id} ${what}`, make) : make();
}

export type Source = StepResult["source"];

/** The source that was graded for a step that was opened; null if it does not compile. */
export function sourceOf(opened: Opened): Source {
  return isOpen(opened) ? { files: opened.bundle.sources.map(({ file }) => file), texts: opened.texts } : null;
}

/** The notes of the host's type checker on the files of steps that compile, by file. They may be awaited late, or never. */
export function checkTypes<S extends Step>(
  grading: Grading,
  steps: readonly S[],
  sourceOf: (step: S) => Promise<Source>,
): Promise<ReadonlyMap<string, Note[]>> {
  const notes = notesOn(grading, steps, sourceOf);
  // if grading fails first, nobody waits for the notes: its failure is the one to report
  notes.catch(() => {});
  return notes;
}

async function notesOn<S extends Step>(
  { host }: Grading,
  steps: readonly S[],
  sourceOf: (step: S) => Promise<Source>,
): Promise<ReadonlyMap<string, Note[]>> {
  if (!host.notes) return new Map();
  const found = await Promise.all(steps.map(async (step) => ({ file: step.file, source: await sourceOf(step) })));
  // files that do not compile have already been reported
  return host.notes(found.flatMap(({ file, source }) => (source ? [{ file, texts: source.texts }] : [])));
}
