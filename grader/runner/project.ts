import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { harmless } from "../report/harmless.ts";
import { outside } from "./outside/outside.ts";

/** The folder with package.json, exercises/ and everything else: the nearest one above this code. */
export const projectRoot = findRoot(path.dirname(fileURLToPath(import.meta.url)));

/** The folder of the course that is taught. */
export const courseFolder = outside.folder ?? projectRoot;

/** The folder with the learner's own files: exercises/, runs/ and the progress file. */
export const workspaceFolder = courseFolder;

/** What a learner edits, and the same tree solved. */
export const exercisesFolder = path.join(workspaceFolder, "exercises");
export const solutionsFolder = path.join(courseFolder, "solutions");

/** The stubs, in a learners' repository without solutions, see pack; other stubs are made from the solutions. */
export const stubsFolder = path.join(courseFolder, "stubs");

/** A learner's scratch files; git ignores them. */
export const playFolder = path.join(workspaceFolder, "play");

/** The grader's own sources. */
export const graderFolder = path.join(projectRoot, "grader");

/** Cache of what can be made again; launch.mjs keeps the grader's bundle here. */
export const cacheFolder = path.join(projectRoot, "node_modules", ".cache", "backprop-dojo");

function findRoot(folder: string): string {
  return existsSync(path.join(folder, "package.json")) ? folder : findRoot(path.dirname(folder));
}

/**
 * A path as a reader (and a terminal that makes paths clickable) wants it: relative to the current folder, if below. A
 * folder can have any name: nothing in it can control the terminal.
 */
export function displayPath(file: string): string {
  const relative = path.relative(process.env["INIT_CWD"] ?? process.cwd(), file);
  return harmless(withSlashes(relative.startsWith("..") ? file : relative), true);
}

/** A path with forward slashes. Only on Windows is a backslash anything other than a character of a name. */
export function withSlashes(file: string): string {
  return path.sep === "\\" ? file.replaceAll("\\", "/") : file;
}
