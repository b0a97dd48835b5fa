/**
 * Bundles the grader's TypeScript into one file and runs that, in a third of the time that loading the files one by one
 * takes. The bundle is cached under node_modules/.cache, named by a hash of the sources it was made from; if it cannot be
 * cached, it runs from memory.
 */
import { utimesSync } from "node:fs";
import { register } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundleOwn } from "./runner/program.mjs";
import { graderSources, hashOfSources } from "./runner/sources.mjs";
import { missingPackage, systemProblem } from "./runner/system.mjs";
import { readChecked, removeOld, writeChecked, writeWhole } from "./runner/whole.mjs";

/** How many bundles stay in the cache: two branches of the course, and the bench. */
const KEPT = 3;

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const cache = path.join("node_modules", ".cache", "backprop-dojo");

try {
  await launch();
} catch (error) {
  const problem =
    problemOfSetup(error) ?? systemProblem(error) ?? `this is a bug in the grader, please report it\n${traceOf(error)}`;
  process.stderr.write(`backprop-dojo: ${problem}\n`);
  process.exitCode = 2;
}

async function launch() {
  const grader = hashOfSources(root, graderSources);
  // the bench is not part of the grader: it compares a solution with others
  const [entry, name] =
    process.argv[2] === "bench"
      ? ["bench/run.ts", hashOfSources(root, ["bench", "solutions", ...graderSources])]
      : ["grader/cli.ts", grader];
  const file = path.join(root, cache, `${name}.mjs`);
  const { href } = pathToFileURL(file);
  if (readChecked(file) !== undefined) {
    markUsed(file);
  } else {
    const { code, map } = bundle(entry, name, grader);
    if (writeChecked(file, code)) {
      writeWhole(`${file}.map`, map);
      removeOld(path.dirname(file), /^([0-9a-f]{16})\./, KEPT);
      // files that a grader was writing when it was killed
      removeOld(path.dirname(file), /^.*\.part$|^types-[0-9a-f]{16}(\.json)?$/, 0);
    } else {
      serveFromMemory(href, code);
    }
  }
  await import(href);
}

/**
 * @param {string} entry from the root
 * @param {string} name of the bundle's file, without its ending
 * @param {string} grader the grader's identity, see identity.ts
 */
function bundle(entry, name, grader) {
  const text = bundleOwn(root, entry, [
    "--format=esm",
    "--platform=node",
    "--target=node20",
    "--packages=external",
    `--define:GRADER_IDENTITY=${JSON.stringify(grader)}`,
    // esbuild writes both to one stream; they are split because a map in the file would be parsed at every start
    "--sourcemap=inline",
  ]);
  const [, code = text, map = ""] = /^(.*\n)\/\/# sourceMappingURL=data:[^,]*,(\S*)\s*$/s.exec(text) ?? [];
  return { code: `${code}//# sourceMappingURL=${name}.mjs.map\n`, map: Buffer.from(map, "base64").toString() };
}

/** Sets a bundle's time to now, so that a bundle in use is not removed. @param {string} file */
function markUsed(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // another user's file, or a read-only file system
  }
}

/**
 * Loads a module from memory, under the path of a file that need not exist: its imports are resolved from there.
 *
 * @param {string} url
 * @param {string} source
 */
function serveFromMemory(url, source) {
  const hooks = `
    let kept;
    export function initialize(data) { kept = data; }
    export function resolve(specifier, context, next) {
      return specifier === kept.url ? { url: kept.url, format: "module", shortCircuit: true } : next(specifier, context);
    }
    export function load(url, context, next) {
      return url === kept.url ? { format: "module", source: kept.source, shortCircuit: true } : next(url, context);
    }`;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`, { parentURL: import.meta.url, data: { url, source } });
}

/**
 * What is wrong with how the course was installed or called, and what to do, in one line.
 *
 * @param {unknown} error
 * @returns {string | undefined} undefined if it is something else
 */
function problemOfSetup(error) {
  const { code, message = "" } = /** @type {NodeJS.ErrnoException} */ (error);
  // the grader itself reports wrong options of its commands
  if (code?.startsWith("ERR_PARSE_ARGS")) return `bench: ${message.split(/[.\n]/, 1)[0]}`;
  return missingPackage(error);
}

/** @param {unknown} error */
function traceOf(error) {
  return error instanceof Error ? error.stack : String(error);
}
