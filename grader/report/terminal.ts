import kleur from "kleur";
import type { Step } from "../kit/step.ts";
import { limits } from "../grading/limits.ts";
import { significant } from "../kit/number.ts";
import { nextResult, summarize, type Position, type StepResult, type TensorLine } from "../verdict/result.ts";
import { harmless, LONGEST_LINE } from "./harmless.ts";
import { lessonPlaceLines } from "./listing.ts";
import { mistakeLabel } from "./mistake-label.ts";
import { cutTo, fold, fromColumn, HANG, lineWidth, paragraph, widthOf } from "./text.ts";

/** How the report is laid out. */
export interface Layout {
  /** The terminal's columns; undefined for a file or a pipe, in which lines are not wrapped. */
  columns: number | undefined;
  /** The path of a file of the graded tree as the reader sees it, which terminals make clickable. */
  pathOf: (file: string) => string;
  /** The path of a lesson's section as the reader sees it; by default none is named. */
  lessonPath?: (lesson: string) => string;
  /** Whether to explain how correct answers differ from the reference. */
  why?: boolean;
  /** The command that grades one of these steps again; npm run grade -- dprobs by default. */
  again?: (id: string) => string;
  /** Whether to count the lines that a passed step printed instead of showing them: they would hide what fails. */
  isCounted?: boolean;
}

/** What follows a name in the lecture's line is this wide at most, with the bar before it. */
const LINE = 56;
/** The columns of a step's label and id, and those of its tensor behind them; the former are wider if an id is longer. */
const NAMES = { id: 21, tensor: 15 } as const;
/** The columns of the only name of a line, with the label: there is no room for both. */
const ONE_NAME = 19;
/** The columns of a line of code where the terminal's are not known. */
const WIDE = 92;
const INDENT = "      ";
/** How many lines of what a step printed are shown, and of one that passes. */
const PRINTED_LINES = 40;
const PRINTED_IF_PASSED = 10;

/** Explains the verdict "rounding", whose name alone does not. */
const ROUNDING = "right for every input; another order of operations rounds differently";

/** Up to this many steps in a row that are not started are all listed; of more, only the first. */
const LISTED_AHEAD = 3;

/** The whole report: a paragraph per step, then the summary. */
export function terminalReport(steps: readonly Step[], results: readonly StepResult[], layout: Layout): string {
  const isOpen = results.map(({ verdict }) => verdict === "not-started");
  const lines: string[] = [];
  for (let i = 0; i < results.length;) {
    const begun = isOpen.indexOf(false, i);
    const open = (begun < 0 ? results.length : begun) - i;
    if (open === results.length && open > LISTED_AHEAD) return `${firstLines(results, layout).join("\n")}\n`;
    lines.push(...stepLines(steps[i]!, results[i]!, { ...layout, isCounted: results.length > 1 }, steps));
    if (open > LISTED_AHEAD) lines.push(kleur.dim(`${INDENT}and ${open - 1} more, not started`));
    i += open > LISTED_AHEAD ? open : 1;
  }
  return `${lines.join("\n")}\n\n${summaryLines(steps, results, layout).join("\n")}\n`;
}

/** Where to begin, if no step is started. */
function firstLines(results: readonly StepResult[], layout: Layout): string[] {
  const { pathOf } = layout;
  const { id, file, at } = results[0]!;
  const lesson = pathOf(file).replace(/[^/\\]+$/, "README.md");
  return [
    `${results.length} steps, none of them started. The first lesson: ${kleur.cyan(lesson)}`,
    `Open ${kleur.cyan(pathOf(file) + (at ? `:${at.line}` : ""))} and replace throw todo("${id}"); with your code.`,
    `Then run ${kleur.bold(`npm run grade -- ${id}`)}, or ${kleur.bold("npm run watch")}, which grades at every save.`,
  ].flatMap((line) => placeLines(line, layout, HANG));
}

/**
 * The lecture's line for each tensor, then the verdict and what explains it.
 *
 * @param beside the steps whose lines are below each other, in the same columns
 */
export function stepLines(step: Step, result: StepResult, layout: Layout, beside: readonly Step[] = [step]): string[] {
  const lines = tensorLines(step, result, layout, beside);
  if (result.verdict === "rounding") {
    lines.push(...said(kleur.green("rounding"), (layout.why && result.why) || ROUNDING, layout));
  }
  if (!result.passed && result.verdict !== "not-started") lines.push(...failureLines(result, layout));
  for (const { line, column, text } of result.notes) {
    lines.push(...said(kleur.dim("note"), harmless(`${line}:${column} ${text}`), layout));
  }
  if (layout.isCounted && result.passed) lines.push(...countLines(result, layout));
  else lines.push(...printedLines(result.printed, layout.columns, result.passed));
  return lines;
}

/** dcounts | exact: true | approximate: true | maxdiff: 0; a line per tensor, two where a name and the rest have no room. */
function tensorLines(
  step: Step,
  result: StepResult,
  { columns = Infinity }: Layout,
  beside: readonly Step[],
): string[] {
  const longest = Math.max(...beside.map((one) => markOf(one).length + one.id.length));
  const idWidth = Math.max(NAMES.id, longest);
  const narrow = columns < idWidth + NAMES.tensor + LINE;
  // in a narrow terminal, only what is longer than there is room for has a line of its own
  const width = Math.min(Math.max(ONE_NAME, longest), columns - LINE);
  const names = step.kind === "function" ? [step.tensor] : result.tensors.map(({ name }) => name);
  const isNamed = step.kind !== "train";
  const mark = markOf(step);
  const head = (name: string, i: number): string => {
    const start = i === 0 ? mark : " ".repeat(4);
    // several tensors of one answer are told apart
    const several = i === 0 ? `${step.id} ${name}` : " ".repeat(step.id.length + 1) + name;
    const only = names.length > 1 ? several : step.id;
    if (narrow) return (start + (isNamed ? only : name)).padEnd(Math.max(width, ONE_NAME));
    return `${(start + (i === 0 ? step.id : "")).padEnd(idWidth)} ${name.padEnd(NAMES.tensor)}`;
  };
  // a step's only tensor that has another shape, or is not finite, has no differences to show
  const isCompared = ({ maxdiff }: TensorLine): boolean => maxdiff !== null || step.kind === "train" || result.passed;
  const shown = names.length > 0 ? names : [!isNamed && narrow ? step.id : ""];
  return shown.flatMap((name, i) => {
    const line = result.tensors.find((tensor) => tensor.name === name);
    const start = head(name, i);
    const compared = line && isCompared(line);
    const text = compared ? lectureText(line, result.passed) : verdictText(result);
    if (!narrow || start.length <= width) return [`${start} | ${text}`];
    if (width >= ONE_NAME) return [start.trimEnd(), `${" ".repeat(width)} | ${text}`];
    if (!compared) return [`${start} | ${text}`];
    return [start.trimEnd(), ...fold(`    ${text}`, lineWidth(columns)).map((part) => part.trimEnd())];
  });
}

/** What a step's line begins with. */
function markOf({ label }: Step): string {
  return `${label.padStart(2).padEnd(3)} `;
}

/** What is wrong, what it looks like, and where. */
function failureLines({ verdict, message, mistake, file, at, excerpt }: StepResult, layout: Layout): string[] {
  const place = at && INDENT + kleur.cyan(`${layout.pathOf(file)}:${at.line}:${at.column}`);
  return [
    ...said(kleur.red(verdict), harmless(message ?? ""), layout),
    ...(mistake ? said(kleur.yellow(mistakeLabel(mistake)), mistake.sentence, layout) : []),
    ...(place ? placeLines(place, layout) : []),
    ...(at && excerpt !== null ? excerptLines(excerpt, at, layout) : []),
  ];
}

/** printed 7 lines; npm run grade -- dprobs shows them */
function countLines({ id, printed }: StepResult, layout: Layout): string[] {
  if (printed === "") return [];
  const count = linesOf(printed).length;
  const again = layout.again?.(id) ?? `npm run grade -- ${id}`;
  const [lines, them] = count === 1 ? ["line", "it"] : ["lines", "them"];
  const text = `printed ${count} ${lines}; ${again} shows ${them}`;
  return paragraph(text, lineWidth(layout.columns), INDENT).map((line) => kleur.dim(line));
}

/** The line of code, or as much of it as fits, and a caret below the place. */
function excerptLines(text: string, { line, column }: Position, { columns = WIDE }: Layout): string[] {
  const margin = `${INDENT}  ${line} | `;
  const width = lineWidth(columns) - margin.length;
  const caret = widthOf(harmless(text.slice(0, column - 1).trimStart()));
  const code = harmless(text.trim());
  // a sign shows that something was left out before it
  const { rest, left } = fromColumn(code, caret < width - 10 ? 0 : caret - Math.floor(width / 2) + 1);
  const [shown, at] = left === 0 ? [code, caret] : [`\u2026${rest}`, caret - left + 1];
  return [
    kleur.dim(margin) + cutTo(shown, width),
    kleur.dim(`${" ".repeat(margin.length - 2)}| ${" ".repeat(Math.max(at, 0))}^`),
  ];
}

/** Steps that are right by themselves but wrong with the learner's own earlier gradients, by the step that breaks them. */
export function chainLines(results: readonly StepResult[], layout: Layout): string[] {
  const blamed = new Map<string, string[]>();
  for (const { id, passed, inChain } of results) {
    if (!passed || !inChain?.brokenAt || inChain.brokenAt === id) continue;
    const why =
      inChain.verdict === "wrong"
        ? `first broken at ${inChain.brokenAt}`
        : `ends before ${inChain.brokenAt}, which gives no gradient`;
    blamed.set(why, [...(blamed.get(why) ?? []), id]);
  }
  return [...blamed].flatMap(([why, ids]) => {
    const lines = said(
      kleur.yellow("in your chain"),
      `${why}; right by ${ids.length === 1 ? "itself" : "themselves"}: ${ids.join(", ")}`,
      layout,
    );
    return lines.map((line) => line.slice(INDENT.length));
  });
}

/** exact: true  | approximate: true  | maxdiff: 0 */
function lectureText({ exact, approximate, maxdiff }: TensorLine, passed: boolean): string {
  const flag = (value: boolean): string => {
    const text = String(value).padEnd(5);
    return value ? kleur.green(text) : passed ? text : kleur.red(text);
  };
  const difference = maxdiff === null ? "-" : significant(maxdiff);
  return `exact: ${flag(exact)} | approximate: ${flag(approximate)} | maxdiff: ${difference}`;
}

function verdictText({ verdict }: StepResult): string {
  return verdict === "not-started" ? kleur.dim("not started") : kleur.red(verdict);
}

/** "wrong: message", indented and wrapped. */
function said(label: string, message: string, { columns }: Layout): string[] {
  return fold(`${INDENT}${label}: ${message}`, lineWidth(columns), HANG).map((line) => line.trimEnd());
}

/** A line with a path, wrapped too: a folder that was handed in may have any name. */
function placeLines(line: string, { columns }: Layout, hang = 0): string[] {
  return fold(line, lineWidth(columns), hang);
}

/**
 * What the learner's code printed. Each line is marked as such and cut to the terminal's width, so that it cannot be taken
 * for one of the grader's.
 */
export function printedLines(printed: string, columns: number | undefined, passed = false): string[] {
  if (printed === "") return [];
  const lines = linesOf(printed);
  const shown = passed ? PRINTED_IF_PASSED : PRINTED_LINES;
  const more = lines.length - shown;
  // what exceeds the limit is not counted
  const least = printed.length >= limits.printed ? "more than " : "";
  // a line that harmless has cut is longer than this
  const whole = LONGEST_LINE - 1;
  const width = lineWidth(columns) - INDENT.length - "printed | ".length;
  return [
    ...lines
      .slice(0, shown)
      .map((line) => `${INDENT}${kleur.dim("printed |")} ${cutTo(harmless(line, true), Math.min(width, whole))}`),
    ...(more > 0 ? [`${INDENT}${kleur.dim(`printed | ... and ${least}${more} more lines`)}`] : []),
  ];
}

function linesOf(printed: string): string[] {
  return printed.replace(/\n$/, "").split("\n");
}

function summaryLines(steps: readonly Step[], results: readonly StepResult[], layout: Layout): string[] {
  const next = nextResult(results);
  const counts = countsApart(steps, results);
  if (!next) return counts;
  const place = layout.pathOf(next.file) + (next.at ? `:${next.at.line}` : "");
  return [
    ...counts,
    ...chainLines(results, layout),
    ...placeLines(`${next.verdict === "not-started" ? "next: open" : "next: fix"} ${kleur.cyan(place)}`, layout, HANG),
    ...foldedLessonPlace(steps[results.indexOf(next)]!, layout),
  ];
}

/** The counts of the course proper and, below them, those of what lies beyond it. */
function countsApart(steps: readonly Step[], results: readonly StepResult[]): string[] {
  const isBeyond = (_: StepResult, i: number): boolean => steps[i]!.isOptional ?? false;
  const beyond = results.filter(isBeyond);
  const own = results.filter((result, i) => !isBeyond(result, i));
  if (own.length === 0) return [countText(beyond)];
  return [countText(own), ...(beyond.length > 0 ? [`optional: ${countText(beyond)}`] : [])];
}

/** 45 of 45 passed, or 43 passed, 1 wrong, 1 not started */
function countText(results: readonly StepResult[]): string {
  const { passed, failed, notStarted, total } = summarize(results);
  if (passed === total) return kleur.green(`${passed} of ${total} passed`);
  const wrong = `${failed} wrong`;
  return [kleur.green(`${passed} passed`), failed > 0 ? kleur.red(wrong) : wrong, `${notStarted} not started`].join(
    ", ",
  );
}

function foldedLessonPlace(step: Step, layout: Layout): string[] {
  const { lessonPath } = layout;
  if (lessonPath === undefined) return [];
  return lessonPlaceLines(step, (file) => kleur.cyan(lessonPath(file))).flatMap((line) =>
    placeLines(line, layout, HANG),
  );
}
