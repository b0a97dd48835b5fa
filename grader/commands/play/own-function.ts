import { realpathSync, statSync } from "node:fs";
import { register } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Step } from "../../kit/step.ts";
import { displayPath, exercisesFolder } from "../../runner/project.ts";
import { filesOf } from "./imports.ts";

/** A function as a learner wrote it: called as it is, whatever it does. */
export type Own = (...args: unknown[]) => unknown;

/** A learner's function for a step, in this process. */
export interface OwnFunction {
  /** Its file, with its full path. */
  readonly file: string;
  /**
   * Loads it, and everything that it imports, from the files as they are now.
   *
   * @throws what loading the file throws, or an Error if it exports no such function
   */
  readonly load: () => Promise<Own>;
  /** Whether one of the files that were loaded last has been saved since. */
  readonly isOutdated: () => boolean;
}

/** A step's function in exercises/. */
export function ownFunction(step: Step): OwnFunction {
  const folders = [exercisesFolder, realpathSync(exercisesFolder)];
  register("./fresh.mjs", import.meta.url, { data: folders.map((folder) => pathToFileURL(folder + path.sep).href) });
  const file = path.join(exercisesFolder, step.file);
  let files = [file];
  let version = 0;
  let saved = "";
  const times = (): string => files.map(timeOf).join();
  return {
    file,
    async load() {
      files = filesOf(file) ?? files;
      // before loading: what is saved meanwhile is loaded again
      saved = times();
      version += 1;
      const loaded = (await import(`${pathToFileURL(file).href}?v=${version}`)) as Record<string, unknown>;
      const own = loaded[step.export];
      if (typeof own === "function") return own as Own;
      throw new Error(`${displayPath(file)} exports no function ${step.export}`);
    },
    isOutdated: () => times() !== saved,
  };
}

/** When a file was written last, and its size; -1 if it is not there. */
function timeOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs} ${found.size}` : "-1";
}
