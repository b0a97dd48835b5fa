import path from "node:path";
import { parseArgs } from "node:util";
import { dojo } from "../course/steps.ts";
import { bar, isStateFilter, listLines, nextLines, passedText } from "../report/listing.ts";
import { outOfRange } from "../report/out-of-range.ts";
import { fold, HANG, lineWidth } from "../report/text.ts";
import { displayPath, exercisesFolder } from "../runner/project.ts";
import { nextStep, progressInReach, type StepProgress } from "../grading/progress.ts";
import { readVerdicts } from "../runner/workspace/progress-file.ts";
import { progressIn } from "../runner/workspace/tree.ts";
import { UsageError } from "./usage.ts";

export const listHelp = `list [open|passed|wrong] [word ...]
    Lists all steps by part with the result of their last grading: passed, changed since it passed, started, not
    started. open, passed and wrong choose by that; other words choose the steps whose name or file contains them all,
    or that are in a range (1-8): npm run list -- open bn. The next step is the first that you started and that does not
    pass; if there is none, the first open one after the first that passes.`;

/** Exit status 0. */
export function list(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const all = progressIn(exercisesFolder, readVerdicts());
  const next = nextStep(all);
  const lines = listLines(all, next?.step, positionals);
  const names = positionals.filter((word) => !isStateFilter(word));
  if (lines.length === 0 && names.length > 0) {
    const [beyond] = names.flatMap((word) => outOfRange(dojo, word) ?? []);
    throw new UsageError(beyond ?? noneText(positionals));
  }
  if (lines.length === 0) lines.push({ step: undefined, text: noneText(positionals) });
  const [required, beyond] = [false, true].map((isBeyond) =>
    progressInReach(all).filter(({ step }) => (step.isOptional ?? false) === isBeyond),
  ) as [StepProgress[], StepProgress[]];
  const passed = required.filter(({ state }) => state === "passed").length;
  const ungraded = all.filter(
    ({ state, verdict }) => verdict === null && (state === "started" || state === "reopened"),
  );
  const out = [...lines.map(({ text }) => text), "", `${bar(passed, required.length)} ${passedText(required)}`];
  if (beyond.length > 0) out.push(`beyond the lecture: ${passedText(beyond)}`);
  if (ungraded.length > 0)
    out.push(`not graded since the last change: ${ungraded.map(({ step }) => step.id).join(", ")}; npm run grade`);
  if (next) out.push(...nextLines(next, (file) => displayPath(path.join(exercisesFolder, file))));
  const { columns } = process.stdout;
  process.stdout.write(`${out.flatMap((line) => fold(line, lineWidth(columns), HANG)).join("\n")}\n`);
  return Promise.resolve(0);
}

/** Why nothing is listed. */
function noneText(words: readonly string[]): string {
  const states = words.filter(isStateFilter);
  const names = words.filter((word) => !isStateFilter(word)).join(" ");
  if (names === "") return `no step is ${states.join(" and ")}`;
  const step = [...states, "step"].join(" ");
  return `no ${step} has "${names}" in its name or file; give a part of one, such as bn, or nothing for all`;
}
