#!/usr/bin/env node
/**
 * Starts the grader: bundles its TypeScript into one file and runs that, in a third of the time that loading the files
 * one by one takes. The bundle lies under node_modules/.cache, named by its content.
 */
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const grader = path.dirname(fileURLToPath(import.meta.url));
const cache = path.join(grader, "..", "node_modules", ".cache", "backprop-dojo");

const result = await build({
  entryPoints: [path.join(grader, "cli.ts")],
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
});
const code = /** @type {import("esbuild").OutputFile} */ (result.outputFiles[0]).contents;
const file = path.join(cache, `cli-${createHash("sha256").update(code).digest("hex").slice(0, 16)}.mjs`);
if (!existsSync(file)) {
  mkdirSync(cache, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, code);
  renameSync(`${file}.${process.pid}`, file);
}
process.setSourceMapsEnabled(true);
await import(pathToFileURL(file).href);
