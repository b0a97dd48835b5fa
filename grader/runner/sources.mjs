/** A hash of what the grader is made from, so that one grader's cache is never used by another. */
import { createHash } from "node:crypto";
import { lstatSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";

/** What determines how the grader grades, from the project's root. */
export const graderSources = ["grader", "package.json", "package-lock.json"];

/** What the name of a source ends in. */
const SOURCE = /\.(ts|mjs|cjs|sh|css|md|svg|woff2)$/;

/**
 * A hash of the names and texts of sources.
 *
 * @param {string} root the project's
 * @param {readonly string[]} names files (.json) and folders, from the root
 * @returns {string} 16 hexadecimal digits
 */
export function hashOfSources(root, names) {
  const hash = createHash("sha256");
  for (const name of names) {
    const folder = path.join(root, name);
    for (const entry of name.endsWith(".json") ? [""] : sourcesIn(folder).sort()) {
      hash.update(`${entry}\0`).update(textOf(path.join(folder, entry)));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * The sources in a folder and in those below. This runs at the start of every command: the system is asked only what an entry
 * is whose name is not a source's, which takes a third of the time of a readdirSync that says what each one is.
 *
 * @param {string} folder
 * @param {string} below where to look, relative to it
 * @returns {string[]} relative to the folder
 */
function sourcesIn(folder, below = "") {
  return readdirSync(path.join(folder, below)).flatMap((entry) => {
    const name = path.join(below, entry);
    if (SOURCE.test(entry)) return [name];
    return lstatSync(path.join(folder, name)).isDirectory() ? sourcesIn(folder, name) : [];
  });
}

/**
 * @param {string} file
 * @returns {Uint8Array | string} empty if it is a folder with a source's name
 */
function textOf(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EISDIR") return "";
    throw error;
  }
}
