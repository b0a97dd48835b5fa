/**
 * Runs a script that V8 has compiled before: of a megabyte, parsing and compiling what is used takes longer than all that
 * a short command does. What V8 compiled is kept beside the script, for one version of Node.
 */
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import v8 from "node:v8";
import vm from "node:vm";
import { readCheckedBytes, writeCheckedBytes } from "./whole.mjs";

/** What a script of the CommonJS kind finds, and the URL that it takes for its own. */
const PARAMETERS = ["exports", "require", "module", "SCRIPT_URL"];

/**
 * Runs a script as a module of the CommonJS kind.
 *
 * @param {string} file where it lies, or would lie
 * @param {string} code
 * @param {string | undefined} kept where what V8 compiles is kept; undefined where nothing is
 */
export function runCompiled(file, code, kept) {
  // V8 drops what it has compiled and not run for a while: what is kept would lack it
  v8.setFlagsFromString("--no-flush-bytecode");
  // grading makes and drops small arrays by the thousand: room for them at once, not by and by, halves the collections
  v8.setFlagsFromString("--semi-space-growth-factor=16");
  const cachedData = kept === undefined ? undefined : readCheckedBytes(kept);
  const script = new vm.Script(`(function (${PARAMETERS.join(", ")}) {${code}\n})`, {
    filename: file,
    ...(cachedData && { cachedData }),
  });
  if (kept !== undefined && (!cachedData || script.cachedDataRejected)) {
    // in the end it holds all that the command has used
    process.once("exit", () => writeCheckedBytes(kept, script.createCachedData()));
  }
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, pathToFileURL(file).href);
}

/**
 * The name of the file where what V8 compiled of a script is kept. Commands that grade use much the same of it, and the
 * others little.
 *
 * @param {string} script the script's file
 * @param {string} command
 * @returns {string}
 */
export function keptCode(script, command) {
  const use = command === "grade" || command === "watch" ? "grading" : "other";
  const { name, dir } = path.parse(script);
  return path.join(dir, `${name}.${use}-${process.version}-${process.arch}.code`);
}
