import path from "node:path";
import { parseArgs } from "node:util";
import { dojo } from "../course/steps.ts";
import { listLines, nextText } from "../report/listing.ts";
import { outOfRange } from "../report/out-of-range.ts";
import { displayPath, exercisesFolder } from "../runner/project.ts";
import { nextStep } from "../grading/progress.ts";
import { readVerdicts } from "../runner/workspace/progress-file.ts";
import { progressIn } from "../runner/workspace/tree.ts";
import { UsageError } from "./usage.ts";

export const listHelp = `list [word ...]
    Lists all steps by part with the result of their last grading: passed, changed since it passed, started, not
    started. With words, only the steps whose name or file contains them all: npm run list -- bn`;

/** Exit status 0. */
export function list(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const all = progressIn(exercisesFolder, readVerdicts());
  const next = nextStep(all);
  const lines = listLines(all, next?.step, positionals);
  if (lines.length === 0) {
    const [beyond] = positionals.flatMap((word) => outOfRange(dojo, word) ?? []);
    throw new UsageError(
      beyond ??
        `no step has "${positionals.join(" ")}" in its name or file; give a part of one, such as bn, or nothing for all`,
    );
  }
  const passed = all.filter(({ state }) => state === "passed").length;
  const ungraded = all.filter(
    ({ state, verdict }) => verdict === null && (state === "started" || state === "reopened"),
  );
  const out = [...lines.map(({ text }) => text), "", `${passed} of ${all.length} passed`];
  if (ungraded.length > 0)
    out.push(`not graded since the last change: ${ungraded.map(({ step }) => step.id).join(", ")}; npm run grade`);
  if (next) out.push(nextText(next, (file) => displayPath(path.join(exercisesFolder, file))));
  process.stdout.write(`${out.join("\n")}\n`);
  return Promise.resolve(0);
}
