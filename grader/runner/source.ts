import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from "node:fs";
import path from "node:path";
import { tooManyBytes } from "../grading/beside.ts";
import { hashOfTexts as hashOfFiles } from "../grading/texts.ts";
import { limits } from "./limits.ts";

/** The system's errors if no regular file has the name; EINVAL for a link that has become a folder in the meantime. */
const NOT_THERE: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENXIO", "EINVAL"]);

/** A file of a graded tree cannot be read; the message is for the learner. */
export class SourceError extends Error {
  override name = "SourceError";
}

/**
 * The full path of a tree's file; undefined if the name leads out of the tree. This is checked on the joined path, by the
 * system's own rules: on Windows a backslash separates folders as well.
 *
 * @param paths the system's rules for paths
 */
export function insideTree(tree: string, file: string, paths: path.PlatformPath = path): string | undefined {
  const whole = paths.join(tree, file);
  const inside = paths.relative(tree, whole);
  const leadsOut = inside === ".." || inside.startsWith(`..${paths.sep}`) || paths.isAbsolute(inside);
  return inside === "" || leadsOut ? undefined : whole;
}

/**
 * The text of a regular file of a tree. Nothing else is opened: a symbolic link could lead out of the tree, and a pipe
 * or a device may never end.
 *
 * @param tree the tree's real path
 * @param file relative to it, with forward slashes
 * @returns undefined if there is no such file, if a symbolic link leads to it, or if it is not in the tree
 * @throws SourceError if it cannot be read, or is larger than limits.sourceBytes
 */
export function readSource(tree: string, file: string): string | undefined {
  const bytes = readRegular(tree, file, limits.sourceBytes);
  return bytes && textIn(file, bytes);
}

/**
 * The text that a file's bytes are.
 *
 * @param file its name, for the message
 * @throws SourceError if there are more than limits.sourceBytes, or if they are no UTF-8
 */
export function textIn(file: string, bytes: Buffer): string {
  if (bytes.length > limits.sourceBytes) throw new SourceError(tooManyBytes(file, bytes.length));
  if (isUtf16(bytes)) throw new SourceError(`${file} is saved as UTF-16; save it as UTF-8`);
  return bytes.toString("utf8");
}

/**
 * The bytes of a regular file of a tree, see readSource.
 *
 * @param most how many bytes are read
 * @throws SourceError if it cannot be read, or is larger
 */
export function readRegular(tree: string, file: string, most: number): Buffer | undefined {
  const whole = insideTree(tree, file);
  if (whole === undefined) return undefined;
  let descriptor: number | undefined;
  try {
    if (realpathSync(whole) !== whole) return undefined;
    // do not wait for a pipe
    descriptor = openSync(whole, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const found = fstatSync(descriptor);
    if (!found.isFile() || !isAt(whole, descriptor)) return undefined;
    if (found.size > most) throw new SourceError(tooManyBytes(file, found.size, most));
    return readFileSync(descriptor);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && NOT_THERE.has(code)) return undefined;
    throw new SourceError(`${file} cannot be read (${code ?? String(error)})`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Whether a text begins with the mark of UTF-16, as some editors and shells on Windows write it. */
function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** The same, but undefined as well if the file cannot be read. */
export function readableSource(tree: string, file: string): string | undefined {
  try {
    return readSource(tree, file);
  } catch {
    return undefined;
  }
}

/** What is not read, since it could lead out of the tree or never end. */
export const IRREGULAR = "a link, a folder or a pipe";

/** What is in the place of a file that cannot be read, in words; undefined if nothing is. */
export function inPlaceOf(tree: string, file: string): string | undefined {
  try {
    const found = lstatSync(path.join(tree, file), { throwIfNoEntry: false });
    return found && !found.isFile() ? IRREGULAR : found && "a file that cannot be read";
  } catch {
    return "a file that cannot be read";
  }
}

/** The real path of a tree; the path as it is if there is no such folder, in which no file is found then. */
export function realTree(root: string): string {
  return existsSync(root) ? realpathSync(root) : root;
}

/** Whether an open file is the one of that name: a folder in the path may have become a link since it was checked. */
function isAt(whole: string, descriptor: number): boolean {
  return process.platform !== "linux" || readlinkSync(`/proc/self/fd/${descriptor}`) === whole;
}

/**
 * A hash of the names and texts of some files of a tree.
 *
 * @param read gives a file's text; undefined if there is no such file
 */
export function hashOfTexts(files: readonly string[], read: (file: string) => string | undefined): string {
  return hashOfFiles(
    { sha256 },
    files.map((file) => ({ file, text: read(file) ?? "" })),
  );
}

export function sha256(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
