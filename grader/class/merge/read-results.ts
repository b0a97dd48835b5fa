import { readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { displayPath } from "../../runner/project.ts";
import { whyNot } from "../../runner/system.mjs";
import { faultOfRecord, isClassDocument, isRecord } from "./check-record.ts";
import type { ClassDocument, SubmissionRecord } from "../record.ts";

/** The settings of a class, in a folder of results. */
export const CLASS_FILE = "class.json";

/** The files of some folders of results. */
export interface ResultFiles {
  /** Result files, by path: not read yet. */
  readonly files: readonly string[];
  readonly classes: readonly ClassDocument[];
  /** Files that are no settings of a class although they are called so: a sentence each. */
  readonly problems: readonly string[];
}

/** A result file that was read, or why it cannot be used. */
export type ReadResult = { readonly record: SubmissionRecord } | { readonly problem: string };

/**
 * The result files in folders, or named one by one. A folder may hold folders of results, as a download of several shards'
 * artifacts does: these are read as well.
 *
 * @throws the system's error if a folder cannot be read
 */
export function findResults(places: readonly string[]): ResultFiles {
  const files = places.flatMap((place) => (statSync(place).isDirectory() ? jsonFilesIn(place) : [place]));
  const named = (file: string): boolean => path.basename(file) === CLASS_FILE;
  const settings = files.filter(named).map((file) => ({ file, value: parsed(file) }));
  return {
    files: files.filter((file) => !named(file)),
    classes: settings.flatMap(({ value }) => ("value" in value && isClassDocument(value.value) ? [value.value] : [])),
    problems: settings.flatMap(({ file, value }) => {
      if ("problem" in value) return [value.problem];
      return isClassDocument(value.value)
        ? []
        : [`${displayPath(file)} does not hold the settings of a class; run class again`];
    }),
  };
}

/** The JSON files of a folder and of the folders in it, in the order of their names. */
function jsonFilesIn(folder: string, isInner = false): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return isInner ? [] : jsonFilesIn(file, true);
    return entry.isFile() && entry.name.endsWith(".json") ? [file] : [];
  });
}

/** A result file's record, or why it cannot be used, in a sentence with the file. */
export function readResult(file: string): ReadResult {
  const read = parsed(file);
  if ("problem" in read) return read;
  const { value } = read;
  if (isRecord(value)) return { record: value };
  const fault = faultOfRecord(value)!;
  const what = fault === "schema" || fault === "" ? "is not a result of class" : `is damaged (${fault})`;
  return { problem: `${displayPath(file)} ${what}; delete it and run class again, or leave it out` };
}

function parsed(file: string): { value: unknown } | { problem: string } {
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return { problem: `${displayPath(file)} cannot be read (${whyNot(error)})` };
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { problem: `${displayPath(file)} is not JSON; delete it and run class again` };
  }
}
