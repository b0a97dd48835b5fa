import { mkdirSync, statSync } from "node:fs";
import path from "node:path";

/**
 * Creates a folder and those above it that are missing. Node's own recursive mkdirSync never returns where the system says
 * of an existing folder that it does not exist, as Linux does for /proc.
 *
 * @param {string} folder
 * @throws the system's error if it cannot be created, or is a file
 */
export function makeFolder(folder) {
  /** @type {string[]} */
  const missing = [];
  for (let at = path.resolve(folder); !exists(at) && at !== path.dirname(at); at = path.dirname(at)) missing.push(at);
  for (const one of missing.length > 0 ? missing.reverse() : [folder]) {
    try {
      mkdirSync(one);
    } catch (error) {
      // it exists, or another process was faster
      if (!statSync(one, { throwIfNoEntry: false })?.isDirectory()) throw error;
    }
  }
}

/** @param {string} at */
function exists(at) {
  try {
    return statSync(at, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
