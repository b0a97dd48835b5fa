import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json, exercises/ and everything else: the nearest one above this code. */
export const projectRoot = findRoot(path.dirname(fileURLToPath(import.meta.url)));

/** What a learner edits, and the same tree solved. */
export const exercisesFolder = path.join(projectRoot, "exercises");
export const solutionsFolder = path.join(projectRoot, "solutions");

/** The grader's own sources. */
export const graderFolder = path.join(projectRoot, "grader");

function findRoot(folder: string): string {
  return existsSync(path.join(folder, "package.json")) ? folder : findRoot(path.dirname(folder));
}

/** A path as a reader (and a terminal that makes paths clickable) wants it: relative to where they are, if below. */
export function displayPath(file: string): string {
  const relative = path.relative(process.env["INIT_CWD"] ?? process.cwd(), file);
  return (relative.startsWith("..") ? file : relative).replaceAll("\\", "/");
}
