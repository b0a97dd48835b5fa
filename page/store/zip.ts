import { unzipSync, zipSync } from "fflate";
import { findTree } from "./tree.ts";
import type { Written } from "./versions.ts";
import { timesIn } from "./zip-times.ts";

/** A copy of all texts as one file, which any computer opens: the folder exercises/, as `npm run grade -- --from` takes it. */

/** Texts that somebody brings in. */
export interface Copy {
  readonly texts: ReadonlyMap<string, Written>;
  /** How many other files were with them. */
  readonly others: number;
}

/** A copy cannot be read; the message is for people. */
export class CopyError extends Error {
  override name = "CopyError";
}

/** The course's files are some 100 kB; a clone of the whole project, as GitHub packs it, is a few MB. */
const LARGEST_MB = 50;
/** As much as grading reads of a file. */
const LONGEST_TEXT = 1_000_000;

export function zipOf(texts: ReadonlyMap<string, Written>): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  return zipSync(
    Object.fromEntries(
      [...texts].map(([file, { text, time }]) => [
        `exercises/${file}`,
        // a zip knows no time before 1980
        [encoder.encode(text), { mtime: new Date(Math.max(time, Date.UTC(1980, 0, 2))) }],
      ]),
    ),
  ) as Uint8Array<ArrayBuffer>;
}

/**
 * @param files the course's
 * @throws CopyError if it is no zip, has nothing of the course in it, or is not what it seems
 */
export async function readZip(zip: Blob, files: readonly string[]): Promise<Copy> {
  const sizeMb = zip.size / 1e6;
  if (sizeMb > LARGEST_MB) {
    throw new CopyError(
      `This file has ${Math.round(sizeMb)} MB, and a copy of the course at most ${LARGEST_MB}. Nothing was taken.`,
    );
  }
  const bytes = new Uint8Array(await zip.arrayBuffer());
  const paths: string[] = [];
  let wanted: ReadonlySet<string>;
  let contents: Record<string, Uint8Array>;
  try {
    unzipSync(bytes, { filter: ({ name }) => paths.push(name) < 0 });
    const names = new Set(findTree(paths, files).paths.values());
    wanted = names;
    contents = unzipSync(bytes, {
      filter: ({ name, originalSize }) => names.has(name) && originalSize <= LONGEST_TEXT,
    });
  } catch {
    throw new CopyError("This file is no zip, or a damaged one. Nothing was taken.");
  }
  if (paths.some((path) => /^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)/.test(path))) {
    throw new CopyError("This zip has files that lead out of its folder. Nothing was taken.");
  }
  if (wanted.size === 0) throw new CopyError(nothingIn("zip"));
  const times = timesIn(bytes);
  const found = findTree(paths, files);
  const texts = [...found.paths].map(([file, path]): [string, Written] => [
    file,
    { text: textOf(contents[path], file), time: times.get(path) ?? 0 },
  ]);
  return { texts: new Map(texts), others: found.others };
}

/**
 * The texts of a folder that somebody chose.
 *
 * @throws CopyError if it has nothing of the course in it
 */
export async function readChosen(chosen: readonly File[], files: readonly string[]): Promise<Copy> {
  const byPath = new Map(chosen.map((file) => [file.webkitRelativePath, file]));
  const found = findTree([...byPath.keys()], files);
  if (found.paths.size === 0) throw new CopyError(nothingIn("folder"));
  const texts = await Promise.all(
    [...found.paths].map(async ([file, path]): Promise<[string, Written]> => {
      const one = byPath.get(path)!;
      const bytes = one.size <= LONGEST_TEXT ? new Uint8Array(await one.arrayBuffer()) : undefined;
      return [file, { text: textOf(bytes, file), time: one.lastModified }];
    }),
  );
  return { texts: new Map(texts), others: found.others };
}

function nothingIn(what: string): string {
  return `This ${what} has no file of the course in it: choose one with 1-step-by-step/ and its neighbours. Nothing was taken.`;
}

/** @throws CopyError if it is no text, or too long for one */
function textOf(bytes: Uint8Array | undefined, file: string): string {
  if (!bytes) throw new CopyError(`${file} is longer than any step’s code. Nothing was taken.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replaceAll("\r\n", "\n");
  } catch {
    throw new CopyError(`${file} is no text. Nothing was taken.`);
  }
}
