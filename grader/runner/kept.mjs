/**
 * Our own programs, bundled with the packages that they use and kept under node_modules/.cache, each named by a hash of the
 * sources it was made from. Plain JavaScript, because the grader's start uses it.
 */
import { existsSync, readFileSync, utimesSync } from "node:fs";
import path from "node:path";
import { bundleOwn } from "./program.mjs";
import { graderSources, hashOfSources } from "./sources.mjs";
import { readChecked, removeOld, writeChecked, writeWhole } from "./whole.mjs";

/** How many stay in the cache, of graders, builders of the page and benches; what was used within the last hour does anyway. */
const KEPT = 3;

/**
 * A program that is no part of the grader's script, such as the bench; it is bundled if it is not there.
 *
 * @param {string} root the project's
 * @param {string} entry its first file, from the root
 * @param {readonly string[]} sources what else than the grader determines it, from the root
 * @param {string} grader the grader's identity, see identity.ts
 * @param {"mjs" | "cjs"} kind
 * @returns {string} its file
 * @throws Error if it does not compile or cannot be written
 */
export function keptProgram(root, entry, sources, grader, kind) {
  const file = path.join(cacheFolder(root), `${hashOfSources(root, [...sources, ...graderSources])}.${kind}`);
  if (readChecked(file) === undefined) {
    const made = bundleProgram(root, entry, grader, path.basename(file));
    if (!keep(file, made)) throw new Error(`${file} cannot be written`);
  }
  markUsed(file);
  return file;
}

/**
 * Where programs and other things that can be made again are kept.
 *
 * @param {string} root the project's
 */
export function cacheFolder(root) {
  return path.join(root, "node_modules", ".cache", "backprop-dojo");
}

/**
 * @param {string} root the project's
 * @param {string} entry from the root
 * @param {string} grader the grader's identity
 * @param {string} name of the bundle's file: a script's (.cjs) has all packages in it, a module's (.mjs) finds them
 * @returns {{ code: string, map: string }}
 */
export function bundleProgram(root, entry, grader, name) {
  const isScript = name.endsWith(".cjs");
  if (isScript) findPackages(root);
  // esbuild's own module is no part of the script: it finds its program by where it is itself
  const text = bundleOwn(root, entry, [
    "--platform=node",
    "--target=node20",
    // what only other texts than ASCII need is loaded with the first of them
    "--alias:string-width=./grader/report/late-width.ts",
    "--define:Intl.Segmenter=LateSegmenter",
    "--inject:grader/report/late-segmenter.ts",
    ...(isScript
      ? ["--format=cjs", "--define:import.meta.url=SCRIPT_URL", "--external:esbuild"]
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

/**
 * @param {string} root
 * @throws the error of a module that is not found, where a package is not installed: esbuild would tell of a line of ours
 */
function findPackages(root) {
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
export function keep(file, { code, map }) {
  if (!writeChecked(file, code)) return false;
  writeWhole(`${file}.map`, map);
  removeOld(path.dirname(file), /^([0-9a-f]{16})\./, KEPT);
  // files that a grader was writing when it was killed
  removeOld(path.dirname(file), /^.*\.part$|^types-[0-9a-f]{16}(\.json)?$/, 0);
  return true;
}

/** Sets a bundle's time to now, so that a bundle in use is not removed. @param {string} file */
export function markUsed(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // another user's, or a file system that is read only
  }
}
