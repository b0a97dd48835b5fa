import { parseArgs } from "node:util";
import { dojo } from "../course/steps.ts";
import { finishable, type Finished } from "../grading/news.ts";
import { stillAhead } from "../kit/milestone.ts";
import type { Step } from "../kit/step.ts";
import { finishedLines, openLines } from "../report/news.ts";
import { readVerdicts } from "../runner/workspace/progress-file.ts";
import { selectSteps } from "./usage.ts";

export const recapHelp = `recap [part or step ...]
    Shows the end of a part again, or of a stretch of its steps: what you can do now, its tensors with their shapes and
    rules, and what comes next. Without an argument: the last one that you have reached.`;

/** Exit status 0. */
export function recap(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const verdicts = readVerdicts();
  const isPassed = (id: string): boolean => verdicts.get(id)?.passedOnce ?? false;
  const hasPassed = ({ id }: Step): boolean => isPassed(id);
  const isReached = ({ steps }: Finished): boolean => steps.every(hasPassed);
  const { columns } = process.stdout;
  const paragraphs = chosen(positionals, isReached).map((end) =>
    isReached(end)
      ? finishedLines({ ...end, next: stillAhead(end.next, isPassed) }, columns)
      : openLines(end, end.steps.filter(hasPassed).length, columns),
  );
  process.stdout.write(`${paragraphs.map((lines) => lines.join("\n")).join("\n\n")}\n`);
  return Promise.resolve(0);
}

/** The ends to show: of what the words name; without words the last one that is reached, or the first of all. */
function chosen(words: readonly string[], isReached: (end: Finished) => boolean): Finished[] {
  const all = finishable(dojo);
  if (words.length === 0) return [all.findLast(isReached) ?? all[0]!];
  const named = new Set(selectSteps(words));
  // the end of the course belongs to no part
  return all.filter(
    (end) => end.steps.some((step) => named.has(step)) && (end.milestone !== dojo.end || isReached(end)),
  );
}
