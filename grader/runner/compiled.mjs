/**
 * Runs a script with the code that V8 compiled for it earlier: parsing and compiling the used part of a megabyte takes
 * longer than everything else that a short command does. The compiled code is kept next to the script, for each version
 * of Node.
 */
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import v8 from "node:v8";
import vm from "node:vm";
import { readCheckedBytes, writeCheckedBytes } from "./whole.mjs";

/** The parameters of a CommonJS module, and the URL that the script uses as its own. */
const PARAMETERS = ["exports", "require", "module", "SCRIPT_URL"];

/**
 * Runs a script as a CommonJS module.
 *
 * @param {string} file the script's path, even if there is no such file
 * @param {string} code
 * @param {string | undefined} kept the file that keeps the compiled code; undefined if none is kept
 */
export function runCompiled(file, code, kept) {
  // V8 drops compiled code that has not run for a while, which would then be missing from what is kept
  v8.setFlagsFromString("--no-flush-bytecode");
  // grading makes and drops thousands of small arrays: giving them room at once, not step by step, halves the collections
  v8.setFlagsFromString("--semi-space-growth-factor=16");
  // many functions run too briefly to be worth optimizing, on which V8 would spend a third of the time of grading: each has
  // to run four times as long first. Beyond that, what runs unoptimized costs more than it saves. From Node 22 on, V8 waits
  // longer by itself, and no longer has this flag.
  if (process.version.startsWith("v20.")) v8.setFlagsFromString("--interrupt-budget=250000");
  const cachedData = kept === undefined ? undefined : readCheckedBytes(kept);
  const script = new vm.Script(`(function (${PARAMETERS.join(", ")}) {${code}\n})`, {
    filename: file,
    ...(cachedData && { cachedData }),
  });
  if (kept !== undefined && (!cachedData || script.cachedDataRejected)) {
    // at exit, the script contains the code of everything that the command has used
    process.once("exit", () => writeCheckedBytes(kept, script.createCachedData()));
  }
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, pathToFileURL(file).href);
}

/**
 * The name of the file that keeps a script's compiled code. Commands that grade use much the same parts of the script, and
 * the others use little.
 *
 * @param {string} script the script's file
 * @param {string} command
 * @returns {string}
 */
export function keptCode(script, command) {
  const use = ["grade", "watch", "class"].includes(command) ? "grading" : "other";
  const { name, dir } = path.parse(script);
  return path.join(dir, `${name}.${use}-${process.version}-${process.arch}.code`);
}
