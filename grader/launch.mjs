/**
 * Bundles the grader's TypeScript, and the packages that it uses, into one script and runs that, in a fifth of the time
 * that loading the files one by one takes. The script is kept under node_modules/.cache, named by a hash of the sources it
 * was made from, with what V8 compiled of it; where it cannot be kept, it runs from memory.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { learnerNames } from "./commands/learner-names.mjs";
import { keptCode, runCompiled } from "./runner/compiled.mjs";
import { bundleProgram, cacheFolder, keptProgram, keep, markUsed } from "./runner/kept.mjs";
import { graderSources, hashOfSources } from "./runner/sources.mjs";
import { missingPackage, systemProblem } from "./runner/system.mjs";
import { readChecked } from "./runner/whole.mjs";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");

try {
  const command = process.argv[2] ?? "help";
  const grader = hashOfSources(root, graderSources);
  if (command === "bench") await launchBench(grader);
  else launch(grader, command);
} catch (error) {
  const problem =
    problemOfSetup(error) ?? systemProblem(error) ?? `this is a bug in the grader, please report it\n${traceOf(error)}`;
  process.stderr.write(`backprop-dojo: ${problem}\n`);
  process.exitCode = 2;
}

/**
 * @param {string} grader the grader's identity, see identity.ts
 * @param {string} command
 */
function launch(grader, command) {
  const isLearners = learnerNames.some((name) => name === command);
  const file = path.join(cacheFolder(root), isLearners ? `${grader}.cjs` : `${grader}.all.cjs`);
  let code = readChecked(file);
  let isKept = code !== undefined;
  if (code === undefined) {
    const made = bundleProgram(
      root,
      isLearners ? "grader/cli-learner.ts" : "grader/cli.ts",
      grader,
      path.basename(file),
    );
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
  if (!existsSync(path.join(root, "bench"))) {
    process.stderr.write("backprop-dojo: this copy of the course has no bench/; whoever runs the course has it\n");
    process.exitCode = 2;
    return;
  }
  await import(pathToFileURL(keptProgram(root, "bench/run.ts", ["bench", "solutions"], grader, "mjs")).href);
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
