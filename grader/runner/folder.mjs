import { existsSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";

/**
 * Creates a folder and those above it that are missing. Node's own recursive mkdirSync never returns where the system says
 * of an existing folder that it does not exist, as Linux does for /proc.
 *
 * @param {string} folder
 * @throws the system's error if it cannot be created, or is a file
 */
export function makeFolder(folder) {
  const above = path.dirname(folder);
  if (above !== folder && !existsSync(above)) makeFolder(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    // it exists, or another process was faster
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
