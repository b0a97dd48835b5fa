import type { HandedFile } from "../handed/handed.ts";

/** Files of a download by their names. */
export interface NamedFiles {
  fitting: { file: HandedFile; parts: Partial<Record<string, string>> }[];
  /** The paths of the other files. */
  others: string[];
}

/** How much else there may be beside the files whose names fit, as a part of them: a gradebook, say. */
const OTHERS = 0.2;

/**
 * The files whose paths fit a system's pattern, with its groups.
 *
 * @param besides how much there is that cannot fit
 * @returns undefined if nothing fits, or too little of what there is
 */
export function namedFiles(files: readonly HandedFile[], pattern: RegExp, besides = 0): NamedFiles | undefined {
  const named = files.map((file) => ({ file, parts: pattern.exec(file.path)?.groups }));
  const fitting = named.flatMap(({ file, parts }) => (parts ? [{ file, parts }] : []));
  const others = named.flatMap(({ file, parts }) => (parts ? [] : [file.path]));
  return fitting.length === 0 || others.length + besides > OTHERS * fitting.length ? undefined : { fitting, others };
}
