import { parseArgs } from "node:util";
import kleur from "kleur";
import type { Step } from "../kit/step.ts";
import { rungLines } from "../report/hint/hint.ts";
import { rungsFor, type Rung } from "../report/hint/piece.ts";
import { paragraph, proseWidth } from "../report/text.ts";
import { nextResult, type StepResult } from "../verdict/result.ts";
import { hintsShown, rememberHints } from "../runner/workspace/progress-file.ts";
import { glossary } from "./glossary.ts";
import { gradeSteps } from "./once-passed.ts";
import { exampleStep, optionAgain, selectSteps, treeFrom, UsageError } from "./usage.ts";

export const hintHelp = `hint [step] [--all | --again] [--from FOLDER]
    Shows the next of a step's hints: its shapes, the rule with small numbers, the missing piece. In the exam, the last is
    the only one. Without a step: for the step that npm run grade names as next.
    --all              shows the hints you have seen, and no new one
    --again            starts again with the first hint`;

/** Which hints to show: "last" is the one shown last, or the first. */
export type Asked = "next" | "last" | "all" | "again";

export interface HintOptions {
  asked?: Asked;
  /** The step's result; graded now if it is not known. */
  result?: StepResult;
  /** The terminal's columns; undefined if the output is not a terminal. */
  columns?: number | undefined;
  /** The command that shows the next hint; if "", none is named. */
  how?: string;
}

/** Exit status 0. */
export async function hint(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      all: { type: "boolean", default: false },
      again: { type: "boolean", default: false },
      from: { type: "string" },
    },
  });
  if (values.all && values.again) throw new UsageError("--all and --again: choose one of them");
  const asked = values.all ? "all" : values.again ? "again" : "next";
  const steps = selectSteps(positionals);
  const root = treeFrom(values.from);
  const results = await gradeSteps(root, steps);
  const { columns } = process.stdout;
  const next = nextResult(results);
  const first = steps.length === 1 ? 0 : next ? results.indexOf(next) : -1;
  const lines =
    first < 0
      ? [`all ${steps.length} steps pass; name one to read its hints again: npm run hint -- ${exampleStep.id} --all`]
      : await hintLines(steps[first]!, root, {
          asked,
          result: results[first]!,
          columns,
          how: `npm run hint -- ${steps[first]!.id}${optionAgain("--from", values.from)}`,
        });
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}

/**
 * The next hint for a step, and how to get the one after it; or those that were shown; or that the step passes. The hint
 * is remembered as shown.
 *
 * @param root the tree to grade the step in: exercises/, or another of the same shape
 */
export async function hintLines(step: Step, root: string, options: HintOptions = {}): Promise<string[]> {
  return (await hintText(step, root, options))(options.columns);
}

/** The same, to be laid out; it is remembered as shown already. */
export async function hintText(
  step: Step,
  root: string,
  options: Omit<HintOptions, "columns"> = {},
): Promise<(columns: number | undefined) => string[]> {
  const { asked = "next", how = `npm run hint -- ${step.id}` } = options;
  const result = options.result ?? (await gradeSteps(root, [step]))[0]!;
  const own = rungsFor(step);
  const shown = Math.min(hintsShown(step.id), own.length);
  const words = glossary();
  const lines = (rung: Rung, columns: number | undefined): string[] =>
    rungLines(step, rung, { result, columns, glossary: words });
  if (asked === "all") {
    if (shown === 0) return () => noneSeen(step, how);
    return (columns) => [
      ...own.slice(0, shown).flatMap((rung) => [...lines(rung, columns), ""]),
      ...afterLines(shown, own.length, how, columns),
    ];
  }
  if (result.passed && asked === "next") return (columns) => passedLines(step, shown, columns);
  const at = asked === "again" ? 0 : Math.min(asked === "last" ? Math.max(shown - 1, 0) : shown, own.length - 1);
  const problem = rememberHints(step.id, at + 1);
  const forgotten = problem === undefined ? "" : `${problem}, so this hint will be shown again`;
  return (columns) => [
    ...lines(own[at]!, columns),
    "",
    ...afterLines(at + 1, own.length, how, columns),
    ...(forgotten === "" ? [] : ["", ...note(forgotten, columns)]),
  ];
}

function noneSeen(step: Step, how: string): string[] {
  const { length } = rungsFor(step);
  if (how === "") return [`${step.id}: you have seen none of its hints`];
  if (length === 1) return [`${step.id}: you have not seen its hint yet:`, `  ${how}`];
  return [`${step.id}: you have seen none of its ${length} hints yet; the first:`, `  ${how}`];
}

/** How many hints there are, and how to get the next one. */
function afterLines(shown: number, length: number, how: string, columns: number | undefined): string[] {
  if (how === "") return [];
  if (shown < length) return [kleur.dim(`${shown} of ${length} shown; the next:`), `  ${how}`];
  const all = length === 1 ? "this is the only one; it" : `all ${length} shown; the last one`;
  return [...note(`${all} depends on your file, so change that and ask again:`, columns), `  ${how}`];
}

function passedLines(step: Step, shown: number, columns: number | undefined): string[] {
  const { id } = step;
  const offers = [
    `npm run mistakes -- ${id} shows the known mistakes`,
    `npm run diff -- ${id} compares your file with ours`,
    shown > 0
      ? `npm run hint -- ${id} --all shows the hints you have seen`
      : `npm run hint -- ${id} --again shows the ${rungsFor(step).length === 1 ? "hint" : "first hint"}`,
  ];
  const width = proseWidth(columns);
  return [`${kleur.green(id)} already passes`, ...offers.flatMap((text) => paragraph(text, width, "  "))];
}

function note(text: string, columns: number | undefined): string[] {
  return paragraph(text, proseWidth(columns)).map((line) => kleur.dim(line));
}
