import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { zipSync, type Zippable } from "fflate";
import { makeFolder } from "../../runner/folder.mjs";
import { displayPath, projectRoot } from "../../runner/project.ts";
import { whyNot } from "../../runner/system.mjs";
import { saveWhole } from "../../runner/whole.mjs";
import { UsageError } from "../usage.ts";
import type { Into, Pack, PackedFiles } from "./pack.ts";

/** Where a pack is written. */
export interface Place {
  /** Absolute. */
  readonly path: string;
  readonly isZip: boolean;
}

/**
 * A new or empty folder, or a zip file, as typed; or a folder that the pack can be added to.
 *
 * @throws UsageError if something is in the way
 */
export function placeFor(typed: string, into?: Into): Place {
  const place = path.resolve(process.env["INIT_CWD"] ?? process.cwd(), typed);
  const isZip = place.toLowerCase().endsWith(".zip");
  const wrong = (what: string): UsageError => new UsageError(`${displayPath(place)}: ${what}`);
  const found = statSync(place, { throwIfNoEntry: false });
  if (isZip) {
    if (found && !found.isFile()) throw wrong("is no file; choose another name");
    return { path: place, isZip };
  }
  if (found && !found.isDirectory()) throw wrong("is no folder; choose a new one, or a name that ends in .zip");
  const others = found ? readdirSync(place).filter((name) => name !== ".git") : [];
  if (into && others.includes(into.mark)) return { path: place, isZip };
  if (others.length > 0) throw wrong(`holds ${others[0]} already; choose a new or empty folder`);
  if (isInside(place, projectRoot)) throw wrong("is in the course's own folder; choose one outside it");
  return { path: place, isZip };
}

/** Whether a folder is the project's, or in it: the next pack would contain this one. */
function isInside(folder: string, root: string): boolean {
  const relative = path.relative(root, folder);
  return relative === "" || !(relative.startsWith("..") || path.isAbsolute(relative));
}

/** The time of every file in a zip: the same files give the same bytes. */
const TIME = new Date(2000, 0, 1);

/**
 * Writes a pack. A zip is written whole or not at all.
 *
 * @throws UsageError if it cannot be written
 */
export function writePack(place: Place, { files, into }: Pack): void {
  try {
    if (place.isZip) saveWhole(place.path, zipped(files));
    else writeFolder(place.path, files, into);
  } catch (error) {
    const { code, path: at = place.path } = error as NodeJS.ErrnoException;
    // a zip is first written under another name
    const file = place.isZip ? place.path : at;
    const why = code === "ENOENT" ? "the folder that it should be in does not exist" : whyNot(error);
    throw new UsageError(`${displayPath(file)}: cannot be written (${why}); choose another place`);
  }
}

function writeFolder(folder: string, files: PackedFiles, into: Into | undefined): void {
  const isKept = into && existsSync(path.join(folder, into.kept));
  if (into) rmSync(path.join(folder, into.replaced), { recursive: true, force: true });
  for (const [file, { bytes, isProgram }] of files) {
    if (!(isKept && file.startsWith(`${into.kept}/`))) write(path.join(folder, file), bytes, isProgram);
  }
}

function write(file: string, bytes: Uint8Array, isProgram: boolean): void {
  const folder = path.dirname(file);
  if (!existsSync(folder)) makeFolder(folder);
  writeFileSync(file, bytes, { mode: isProgram ? 0o755 : 0o644 });
}

/** A zip that keeps which files are programs, on Unix. */
export function zipped(files: PackedFiles): Uint8Array {
  const entries: Zippable = {};
  for (const [file, { bytes, isProgram }] of files) {
    const mode = 0o100_000 | (isProgram ? 0o755 : 0o644);
    entries[file] = [bytes, { os: 3, attrs: mode << 16, mtime: TIME }];
  }
  return zipSync(entries);
}
