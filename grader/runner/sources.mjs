/** A hash of what the grader is made from, so that one grader's cache is never used by another. */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
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
      hash.update(`${entry}\0`).update(readFileSync(path.join(folder, entry)));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * The sources in a folder and in those below. None of our folders has a dot in its name, so that nothing need be asked about
 * an entry: this runs at the start of every command, and takes a third of the time of a readdirSync that also says which
 * entries are folders.
 *
 * @param {string} folder
 * @param {string} below where to look, relative to it
 * @returns {string[]} relative to the folder
 */
function sourcesIn(folder, below = "") {
  return entriesOf(path.join(folder, below)).flatMap((entry) => {
    const name = path.join(below, entry);
    if (entry.includes(".")) return SOURCE.test(entry) ? [name] : [];
    return sourcesIn(folder, name);
  });
}

/**
 * @param {string} folder
 * @returns {string[]} none if it is a file
 */
function entriesOf(folder) {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOTDIR") return [];
    throw error;
  }
}
