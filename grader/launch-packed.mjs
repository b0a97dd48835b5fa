/**
 * Starts a packed grader, see commands/pack/grader-files.ts: its script is complete, so that nothing is bundled, read from or kept in a
 * cache. It runs on a file system that is read-only.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runCompiled } from "./runner/compiled.mjs";

const file = path.join(path.dirname(fileURLToPath(import.meta.url)), "cli.cjs");
runCompiled(file, readFileSync(file, "utf8"), undefined);
