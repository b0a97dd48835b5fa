import { existsSync, mkdirSync, readdirSync, realpathSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { scratchText } from "../../course/scratch.ts";
import { outside } from "../../runner/outside/outside.ts";
import { courseFolder, displayPath, playFolder } from "../../runner/project.ts";
import { systemProblem } from "../../runner/system.mjs";
import { exampleStep, resolvePath, UsageError } from "../usage.ts";
import { isBelow } from "./thrown.ts";

/** The endings of files that can be run. */
const ENDING = /\.[cm]?[jt]s$/;

const NOTE =
  "npm run play -- example.ts runs this file, and runs it again at every save. Files in play/ are yours: git ignores them.";

/** For editors: types are checked as in exercises/. */
const TSCONFIG = `{
  "extends": "../exercises/tsconfig.json",
  "include": ["**/*.ts"]
}
`;

/**
 * Makes the folder for scratch files, with an example, if there is none.
 *
 * @returns undefined; or why it cannot be made
 */
export function makePlayFolder(): string | undefined {
  if (existsSync(playFolder)) return undefined;
  try {
    mkdirSync(playFolder);
    writeFileSync(path.join(playFolder, "example.ts"), scratchText(exampleStep, NOTE));
    // the types of a course outside are in its own folder
    if (outside.folder === undefined) writeFileSync(path.join(playFolder, "tsconfig.json"), TSCONFIG);
    return undefined;
  } catch (error) {
    const problem = systemProblem(error);
    if (problem === undefined) throw error;
    return problem;
  }
}

/** Whether a word can be the name of a scratch file: it has a file's ending, or there is such a file in play/. */
export function isFileName(word: string): boolean {
  return ENDING.test(word) || existsSync(path.join(playFolder, `${word}.ts`));
}

/**
 * The file that a word names, as a path or from play/: its real path.
 *
 * @throws UsageError if there is none, or if it cannot import #tensor where it is
 */
export function scratchFile(word: string): string {
  const names = ENDING.test(word) ? [word] : [`${word}.ts`];
  const found = names
    .flatMap((name) => [resolvePath(name), path.join(playFolder, name)])
    .find((file) => existsSync(file));
  if (found === undefined) throw new UsageError(`there is no file ${word}${othersIn(playFolder)}`);
  const file = realpathSync(found);
  if (!statSync(file).isFile()) throw new UsageError(`${word} is no file, and so cannot be run`);
  const root = realpathSync(courseFolder);
  if (isBelow(root, file) && !isBelow(path.join(root, "node_modules"), file)) return file;
  throw new UsageError(
    `${word} is outside the course's folder, where #tensor cannot be imported; copy it to ${displayPath(playFolder)}/`,
  );
}

/** The files that could have been meant. */
function othersIn(folder: string): string {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => ENDING.test(name)) : [];
  return names.length === 0 ? "" : `; ${displayPath(folder)}/ has ${names.slice(0, 8).join(", ")}`;
}
