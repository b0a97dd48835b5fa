/**
 * Bundles the grader's TypeScript, and the packages that it uses, into one script and runs that, in a fifth of the time
 * that loading the files one by one takes. The script is kept under node_modules/.cache, named by a hash of the sources it
 * was made from, with what V8 compiled of it; where it cannot be kept, it runs from memory.
 */
import { existsSync, readFileSync, utimesSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { keptCode, runCompiled } from "./runner/compiled.mjs";
import { bundleOwn } from "./runner/program.mjs";
import { graderSources, hashOfSources } from "./runner/sources.mjs";
import { missingPackage, systemProblem } from "./runner/system.mjs";
import { readChecked, removeOld, writeChecked, writeWhole } from "./runner/whole.mjs";

/** How many bundles stay in the cache: two branches of the course, and the bench. */
const KEPT = 3;

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const cache = path.join(root, "node_modules", ".cache", "backprop-dojo");

try {
  const command = process.argv[2] ?? "help";
  const grader = hashOfSources(root, graderSources);
  if (command === "bench") await launchBench(grader);
  else launch(hashOfSources(root, ["page", ...graderSources]), grader, command);
} catch (error) {
  const problem =
    problemOfSetup(error) ?? systemProblem(error) ?? `this is a bug in the grader, please report it\n${traceOf(error)}`;
  process.stderr.write(`backprop-dojo: ${problem}\n`);
  process.exitCode = 2;
}

/**
 * @param {string} sources a hash of all that the script is made from
 * @param {string} grader the grader's identity, see identity.ts
 * @param {string} command
 */
function launch(sources, grader, command) {
  const file = path.join(cache, `${sources}.cjs`);
  let code = readChecked(file);
  let isKept = code !== undefined;
  if (code === undefined) {
    const made = bundle("grader/cli.ts", grader, path.basename(file));
    code = made.code;
    isKept = keep(file, made);
  } else {
    markUsed(file);
  }
  // who asks for the lines of the sources in traces gets them from Node's own loader
  if (isKept && process.sourceMapsEnabled) createRequire(import.meta.url)(file);
  else runCompiled(file, code, isKept ? keptCode(file, command) : undefined);
}

/**
 * The bench is no part of the grader: it compares a solution with others.
 *
 * @param {string} grader
 */
async function launchBench(grader) {
  const file = path.join(cache, `${hashOfSources(root, ["bench", "solutions", ...graderSources])}.mjs`);
  if (readChecked(file) === undefined) {
    const made = bundle("bench/run.ts", grader, path.basename(file));
    if (!keep(file, made)) throw new Error(`${file} cannot be written`);
  }
  markUsed(file);
  await import(pathToFileURL(file).href);
}

/**
 * @param {string} entry from the root
 * @param {string} grader
 * @param {string} name of the bundle's file
 * @returns {{ code: string, map: string }}
 */
function bundle(entry, grader, name) {
  const isScript = name.endsWith(".cjs");
  if (isScript) findPackages();
  // esbuild's own module is no part of the script: it finds its program by where it is itself; nor is the page's compiler,
  // which no other command needs
  const text = bundleOwn(root, entry, [
    "--platform=node",
    "--target=node20",
    ...(isScript
      ? ["--format=cjs", "--define:import.meta.url=SCRIPT_URL", "--external:esbuild", "--external:sucrase"]
      : ["--format=esm", "--packages=external"]),
    `--define:GRADER_IDENTITY=${JSON.stringify(grader)}`,
    // esbuild writes both to one stream; they are split because a map in the file would be parsed at every start
    "--sourcemap=inline",
  ]);
  const [, code = text, map = ""] = /^(.*\n)\/\/# sourceMappingURL=data:[^,]*,(\S*)\s*$/s.exec(text) ?? [];
  // where Node loads the script, nobody tells it its URL
  const url = isScript
    ? '"use strict";var SCRIPT_URL = SCRIPT_URL ?? require("node:url").pathToFileURL(__filename).href;'
    : "";
  return { code: `${url}${code}//# sourceMappingURL=${name}.map\n`, map: Buffer.from(map, "base64").toString() };
}

/** @throws the error of a module that is not found, where a package is not installed: esbuild would tell of a line of ours */
function findPackages() {
  const { dependencies } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    if (existsSync(path.join(root, "node_modules", name))) continue;
    throw Object.assign(new Error(`Cannot find package '${name}'`), { code: "ERR_MODULE_NOT_FOUND" });
  }
}

/**
 * Keeps a bundle in the cache.
 *
 * @param {string} file
 * @param {{ code: string, map: string }} made
 * @returns {boolean} whether it worked
 */
function keep(file, { code, map }) {
  if (!writeChecked(file, code)) return false;
  writeWhole(`${file}.map`, map);
  removeOld(cache, /^([0-9a-f]{16})\./, KEPT);
  // files that a grader was writing when it was killed
  removeOld(cache, /^.*\.part$|^types-[0-9a-f]{16}(\.json)?$/, 0);
  return true;
}

/** Sets a bundle's time to now, so that a bundle in use is not removed. @param {string} file */
function markUsed(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // another user's, or a file system that is read only
  }
}

/**
 * What is wrong with how the course was installed or called, and what to do, in one line.
 *
 * @param {unknown} error
 * @returns {string | undefined} undefined if it is something else
 */
function problemOfSetup(error) {
  const { code, message = "" } = /** @type {NodeJS.ErrnoException} */ (error);
  // the grader tells of its own options by itself
  if (code?.startsWith("ERR_PARSE_ARGS")) return `bench: ${message.split(/[.\n]/, 1)[0]}`;
  return missingPackage(error);
}

/** @param {unknown} error */
function traceOf(error) {
  return error instanceof Error ? error.stack : String(error);
}
