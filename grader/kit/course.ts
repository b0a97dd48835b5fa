import type { Milestone } from "./milestone.ts";
import type { FunctionStep, Step } from "./step.ts";

/** A part of the course. */
export interface Part {
  readonly number: number;
  /** Its folder, in exercises/ or any tree of the same shape. */
  readonly folder: string;
  /** Whether its steps are named by their number alone. */
  readonly isMain?: true;
  /** Where something is finished, in order; the last one is the part's end. */
  readonly milestones?: readonly Milestone[];
}

/** A course as a value: grading, reports and diagnosis take it, or one of its steps, as an argument. */
export interface Course {
  readonly parts: readonly Part[];
  /** All steps, in the order in which they are worked through. */
  readonly steps: readonly Step[];
  /** The steps that are functions from tensors to one tensor. */
  readonly functionSteps: readonly FunctionStep[];
  /** After all steps. */
  readonly end?: Milestone;
}

/**
 * The steps that a word on the command line names: an id, a label, a range of labels, a part's folder or part0, or a path
 * to either.
 */
export function findSteps({ parts, steps }: Course, word: string): readonly Step[] {
  const range = stepsInRange(steps, word);
  if (range) return range;
  const path = word.replaceAll("\\", "/").replace(/^\.\//, "").replace(/\/$/, "");
  return steps.filter((step) => {
    const folder = folderOf(parts, step);
    const stem = step.file.slice(folder.length + 1, -".ts".length);
    const names = [step.id, step.label, folder, `part${step.part}`, ...(/^\d/.test(stem) ? [stem] : [])];
    return names.some((name) => name.toLowerCase() === path.toLowerCase()) || endsWithPath(path, folder, step.file);
  });
}

/** The two ends of a range of steps or parts: 1-8, 0.1-0.5, part2-part3. */
const RANGE = /^((?:part)?\d+(?:\.\d+)?)-((?:part)?\d+(?:\.\d+)?)$/i;

/** The ends of a range as a word names them; undefined if it names none. */
export function endsOfRange(word: string): readonly [from: string, to: string] | undefined {
  const [, from, to] = RANGE.exec(word) ?? [];
  return from === undefined || to === undefined ? undefined : [from, to];
}

/**
 * The steps from one end of a range to the other, in the course's order; none if an end is no step, or if the range runs
 * backwards.
 *
 * @returns undefined if the word is no range
 */
export function stepsInRange(steps: readonly Step[], word: string): readonly Step[] | undefined {
  const ends = endsOfRange(word);
  if (!ends) return undefined;
  const [from, to] = ends.map((end) => {
    return ({ label, part }: Step): boolean => [label, `part${part}`].includes(end.toLowerCase());
  });
  const [first, last] = [steps.findIndex(from!), steps.findLastIndex(to!)];
  return first < 0 ? [] : steps.slice(first, last + 1);
}

/** The folder of a step's part. */
function folderOf(parts: readonly Part[], { part }: Step): string {
  return parts.find(({ number }) => number === part)!.folder;
}

/** Whether a path as typed leads to a step's file or its part's folder, whatever comes before it. */
function endsWithPath(path: string, folder: string, file: string): boolean {
  return path === file || path.endsWith(`/${file}`) || path.endsWith(`/${folder}`) || `${folder}/${path}` === file;
}
