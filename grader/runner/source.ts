import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { limits } from "./limits.ts";

/** A file of a graded tree cannot be read; the message is for the learner. */
export class SourceError extends Error {
  override name = "SourceError";
}

/**
 * The text of a regular file of a tree. Nothing else is opened: a symbolic link could lead out of the tree, a pipe or a
 * device never ends.
 *
 * @param tree the tree's real path
 * @param file relative to it, with forward slashes
 * @returns undefined where there is no such file, or where a symbolic link leads to it
 * @throws SourceError where it cannot be read, or is larger than limits.sourceBytes
 */
export function readSource(tree: string, file: string): string | undefined {
  const whole = path.join(tree, file);
  let descriptor: number | undefined;
  try {
    if (realpathSync(whole) !== whole) return undefined;
    // a pipe is not to be waited for
    descriptor = openSync(whole, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const found = fstatSync(descriptor);
    if (!found.isFile()) return undefined;
    if (found.size > limits.sourceBytes) {
      throw new SourceError(`${file} has ${found.size} bytes, more than the ${limits.sourceBytes} that are read`);
    }
    return readFileSync(descriptor, "utf8");
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "ENXIO") return undefined;
    throw new SourceError(`${file} cannot be read (${code ?? String(error)})`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * A hash of some files of a tree: of their names and texts.
 *
 * @param read gives a file's text; undefined where there is no such file
 */
export function hashOfTexts(files: readonly string[], read: (file: string) => string | undefined): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0${read(file) ?? ""}\0`);
  return hash.digest("hex").slice(0, 32);
}
