import type { Note, StepResult } from "../verdict/result.ts";
import type { Step } from "../kit/step.ts";
import type { Course } from "./course.ts";
import type { Host } from "./host.ts";
import type { Kept } from "./kept.ts";
import { isOpen, type Opened } from "./open.ts";

/** One grading: what runs and reads the tree, what it is graded against, and what is known of it from before. */
export interface Grading {
  host: Host;
  course: Course;
  kept: Kept;
}

export type Source = StepResult["source"];

/** What was graded of a step that was opened; null where it does not compile. */
export function sourceOf(opened: Opened): Source {
  return isOpen(opened) ? { files: opened.bundle.sources.map(({ file }) => file), texts: opened.texts } : null;
}

/** What the host's type checker says of the files of steps that compile, by file. */
export async function checkTypes<S extends Step>(
  { host }: Grading,
  steps: readonly S[],
  sourceOf: (step: S) => Promise<Source>,
): Promise<ReadonlyMap<string, Note[]>> {
  if (!host.notes) return new Map();
  const found = await Promise.all(steps.map(async (step) => ({ file: step.file, source: await sourceOf(step) })));
  // of what does not compile all has been said
  return host.notes(found.flatMap(({ file, source }) => (source ? [{ file, texts: source.texts }] : [])));
}
