// first: it teaches the course
import { giveNamesOutside } from "./outside-names.ts";
import { pathToFileURL } from "node:url";
import { filesOf } from "./imports.ts";
import { thrownByFile } from "./thrown-note.ts";
import { endWithStarter } from "./tie.ts";

/** Runs the file whose full path is the argument, in a process that tsx has started. */

/** What this process says before it runs the file: the files that the run depends on. */
export interface Dependencies {
  /** By full paths; undefined if not all are known. */
  files?: string[] | undefined;
}

const [file] = process.argv.slice(2);
giveNamesOutside();
endWithStarter();
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
process.send?.({ files: filesOf(file!) } satisfies Dependencies);
try {
  await import(pathToFileURL(file!).href);
} catch (error) {
  fail(error);
}

function fail(error: unknown): void {
  process.stderr.write(`${thrownByFile(error)}\n`);
  process.exit(1);
}
