#!/usr/bin/env node
/**
 * Starts the grader: bundles its TypeScript into one file and runs that, in a third of the time that loading the files
 * one by one takes. The bundle lies under node_modules/.cache, named by a hash of the sources it was made from.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const cache = path.join(root, "node_modules", ".cache", "backprop-dojo");

// the bench is no part of the grader: it compares a solution with others
const [entry, folders] =
  process.argv[2] === "bench" ? ["bench/run.ts", ["bench", "grader", "solutions"]] : ["grader/cli.ts", ["grader"]];
const bundle = path.join(cache, `${hashOf([...folders, "package.json", "package-lock.json"])}.mjs`);
if (!existsSync(bundle)) await write(bundle);
await import(pathToFileURL(bundle).href);

/** @param {string} file */
async function write(file) {
  const { esbuildProgram } = await import("./runner/program.mjs");
  // bundled elsewhere and moved, so that two runs at once never see half a file
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, "new-"));
  const made = path.join(folder, path.basename(file));
  const flags = ["--bundle", "--format=esm", "--platform=node", "--target=node20", "--packages=external"];
  // read by node --enable-source-maps only: a map in the file itself would be parsed at every start
  const output = ["--sourcemap=linked", `--outfile=${made}`, "--log-level=error"];
  execFileSync(esbuildProgram(), [path.join(root, entry), ...flags, ...output], { stdio: "inherit" });
  renameSync(`${made}.map`, `${file}.map`);
  renameSync(made, file);
  rmSync(folder, { recursive: true });
}

/** @param {string[]} paths files and folders, from the root */
function hashOf(paths) {
  const hash = createHash("sha256");
  for (const name of paths) {
    const folder = path.join(root, name);
    const entries = name.endsWith(".json") ? [""] : readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    for (const entry of entries.filter((entry) => /^$|\.(ts|mjs)$/.test(entry))) {
      hash.update(`${entry}\0`).update(readFileSync(path.join(folder, entry)));
    }
  }
  return hash.digest("hex").slice(0, 16);
}
