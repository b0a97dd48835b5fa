import { parseArgs, type ParseArgsConfig } from "node:util";
import kleur from "kleur";
import type { Step } from "../kit/step.ts";
import { harmless } from "../report/harmless.ts";
import { paragraph, proseWidth } from "../report/text.ts";
import { readNames, shippedNames } from "../runner/data.ts";
import { gradeTree } from "../runner/grade.ts";
import { usualStore } from "../runner/store.ts";
import { hasSolutions, NO_SOLUTIONS } from "../runner/workspace/stubs.ts";
import type { StepResult } from "../verdict/result.ts";
import { exampleStep, optionAgain, selectSteps, treeFrom, UsageError } from "./usage.ts";

/** Grades steps as `npm run grade` does, for commands that depend on whether steps pass. */
export function gradeSteps(root: string, steps: readonly Step[]): Promise<StepResult[]> {
  return gradeTree({ root, steps, names: readNames(shippedNames), reference: "ours", store: usualStore() });
}

/** A command that shows something about steps once they pass. */
export interface Reward {
  /** The command's name: "diff". */
  name: string;
  /** What it shows, in the words that begin a sentence: "our solution". */
  what: string;
  /** Whether it needs the solutions: in a copy without them, nothing is shown before the step passes. */
  isOfSolution?: true;
  /** Options of its own. */
  options?: ParseArgsConfig["options"];
  lines: (step: Step, context: RewardContext) => string[];
}

/** Where a reward is shown. */
export interface RewardContext {
  /** The learner's tree. */
  root: string;
  /** The terminal's; undefined if the output is not a terminal. */
  columns: number | undefined;
  /** The command's own options. */
  values: Readonly<Record<string, unknown>>;
}

/**
 * Shows what a passed step gives access to, or why it is not shown yet; --anyway skips the question.
 *
 * @returns exit status 0; 1 if a step does not pass yet
 */
export async function showOncePassed(
  { name, what, isOfSolution, options, lines }: Reward,
  args: string[],
): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...options, anyway: { type: "boolean", default: false }, from: { type: "string" } },
  });
  if (positionals.length === 0) throw new UsageError(`${name} of which step? name one, such as ${exampleStep.id}`);
  const isWithheld = isOfSolution === true && !hasSolutions();
  if (isWithheld && values.anyway) throw new UsageError(`${name} --anyway: ${NO_SOLUTIONS}`);
  const steps = selectSteps(positionals);
  const root = treeFrom(values.from);
  const results = values.anyway ? [] : await gradeSteps(root, steps);
  const { columns } = process.stdout;
  const from = optionAgain("--from", values.from);
  const paragraphs = steps.map((step, i) => {
    const result = results[i];
    if (!result || result.passed) return lines(step, { root, columns, values });
    if (isWithheld) return lockedLines(result, NO_SOLUTIONS, columns);
    const locked = lockedLines(result, `${what} is shown once it passes;`, columns);
    return [...locked, `to see it now: npm run ${name} -- ${step.id}${from} --anyway`];
  });
  process.stdout.write(`${paragraphs.map((lines) => lines.join("\n")).join("\n\n")}\n`);
  return results.every((result) => result.passed) ? 0 : 1;
}

/**
 * Why something is not shown yet: the step does not pass.
 *
 * @param when when it is shown: "the solution is shown once it passes;"
 */
function lockedLines(result: StepResult, when: string, columns?: number): string[] {
  const { id, verdict, mistake, message } = result;
  const why = verdict === "not-started" ? "" : harmless(mistake?.sentence ?? message ?? "");
  const verdictText = verdict === "not-started" ? "not started" : verdict;
  return [
    ...paragraph(
      `${id} does not pass yet: ${kleur.red(verdictText)}${why === "" ? "" : `, ${why}`}`,
      proseWidth(columns),
    ),
    ...paragraph(`${when} npm run hint -- ${id} helps on the way.`, proseWidth(columns)),
  ];
}
