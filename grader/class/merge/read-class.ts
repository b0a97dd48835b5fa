import { displayPath } from "../../runner/project.ts";
import type { Step } from "../../kit/step.ts";
import type { Row } from "../../report/class/view.ts";
import { keepExamples, type Examples } from "./examples.ts";
import { findResults, readResult } from "./read-results.ts";
import type { SubmissionRecord } from "../record.ts";
import { rowMaker, worthlessSteps, type ClassResults } from "./view.ts";

/** The results of a class, and the way back to their files. */
export interface ReadClass extends ClassResults {
  readonly examples: Examples;
  /** The record of a row, with everything that the row leaves out; undefined if its file can no longer be read. */
  readonly recordOf: (row: Row) => SubmissionRecord | undefined;
}

/**
 * Reads all results in some folders. Of two results of one submission, the one that was handed in later is used; records
 * are not kept, so that a class may be large.
 *
 * @param steps the course's
 * @throws the system's error if a folder cannot be read
 */
export function readClass(steps: readonly Step[], places: readonly string[]): ReadClass {
  const { files, classes, problems: unread } = findResults(places);
  const rowOf = rowMaker(steps, worthlessSteps(classes));
  const examples = keepExamples(steps);
  const rows = new Map<string, Row>();
  const problems = [...unread];
  for (const [place, file] of files.entries()) {
    const read = readResult(file);
    if ("problem" in read) {
      problems.push(read.problem);
      continue;
    }
    const row = rowOf(read.record, place);
    const other = rows.get(row.id);
    if (other?.key === row.key) continue;
    const isUsed = other === undefined || (row.received ?? "") > (other.received ?? "");
    if (other)
      problems.push(twice(row.name, files[(isUsed ? row : other).place]!, files[(isUsed ? other : row).place]!));
    if (!isUsed) continue;
    rows.set(row.id, row);
    examples.add(read.record);
  }
  const recordOf = ({ place }: Row): SubmissionRecord | undefined => {
    const read = readResult(files[place]!);
    return "record" in read ? read.record : undefined;
  };
  return { rows: [...rows.values()], classes, problems, examples, recordOf };
}

function twice(name: string, used: string, dropped: string): string {
  return `${name} has two different results: ${displayPath(used)} is used, ${displayPath(dropped)} is not`;
}
