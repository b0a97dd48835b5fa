import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { canvasGradebook, systems } from "./exports.ts";
import { madeUpClass } from "./made-up.ts";

/**
 * Writes a made-up class as each system would export it, and a gradebook: `npx tsx tests/class/make.ts 1000 FOLDER
 * [canvas ...]`. All of them at once take 2 MB for every learner.
 */
const [count = "12", folder = "class", ...only] = process.argv.slice(2);
const learners = madeUpClass(Number(count));
const isWanted = (name: string): boolean => only.length === 0 || only.includes(name);
mkdirSync(folder, { recursive: true });
for (const { name, file, write } of systems) if (isWanted(name)) write(path.join(folder, file), learners);
if (isWanted("gradebook")) writeFileSync(path.join(folder, "gradebook.csv"), canvasGradebook(learners));
