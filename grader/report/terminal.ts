import kleur from "kleur";
import type { Step } from "../kit/step.ts";
import { significant } from "../kit/number.ts";
import { nextResult, summarize, type Position, type StepResult, type TensorLine } from "../verdict/result.ts";
import { harmless, LONGEST_LINE } from "../runner/harmless.ts";
import { cutTo, fold, fromColumn, paragraph, widthOf, wrapped } from "./text.ts";

/** How the report is laid out. */
export interface Layout {
  /** The terminal's columns; undefined where the output is a file or a pipe, which is not wrapped. */
  columns: number | undefined;
  /** A file of the graded tree as the reader is to see it, so that a terminal makes it clickable. */
  pathOf: (file: string) => string;
  /** Whether to explain how right answers differ from the reference. */
  why?: boolean;
  /** What grades one step of these again, by its name; npm run grade -- dprobs by default. */
  again?: (id: string) => string;
  /** Whether what a passed step printed is counted, not shown: among others it would hide what is to be mended. */
  isCounted?: boolean;
}

/** The lecture's line with both names is this wide; narrower terminals get one name. */
const WIDE = 92;
const INDENT = "      ";
/** How far what is continued is set in, where a line begins at the edge. */
const HANG = 2;
/** How much of what a step printed is shown. */
const PRINTED_LINES = 40;

/** Explains a verdict that its name alone does not. */
const ROUNDING = "right for every input; another order of operations rounds differently";

/** So many steps in a row that are not started are listed one by one; of more, the first stands for all. */
const LISTED_AHEAD = 3;

/** The whole report: a paragraph per step, then the summary. */
export function terminalReport(steps: readonly Step[], results: readonly StepResult[], layout: Layout): string {
  const isOpen = results.map(({ verdict }) => verdict === "not-started");
  const lines: string[] = [];
  for (let i = 0; i < results.length;) {
    const begun = isOpen.indexOf(false, i);
    const open = (begun < 0 ? results.length : begun) - i;
    if (open === results.length && open > LISTED_AHEAD) return `${firstLines(results, layout).join("\n")}\n`;
    lines.push(...stepLines(steps[i]!, results[i]!, { ...layout, isCounted: results.length > 1 }));
    if (open > LISTED_AHEAD) lines.push(kleur.dim(`${INDENT}and ${open - 1} more, not started`));
    i += open > LISTED_AHEAD ? open : 1;
  }
  return `${lines.join("\n")}\n\n${summaryLines(results, layout).join("\n")}\n`;
}

/** Where to begin, when nothing has been. */
function firstLines(results: readonly StepResult[], layout: Layout): string[] {
  const { pathOf } = layout;
  const { id, file, at } = results[0]!;
  const lesson = pathOf(file).replace(/[^/\\]+$/, "README.md");
  return [
    `${results.length} steps, none of them started. The first lesson: ${kleur.cyan(lesson)}`,
    `Open ${kleur.cyan(pathOf(file) + (at ? `:${at.line}` : ""))} and replace throw todo("${id}"); by your code.`,
    `Then run ${kleur.bold(`npm run grade -- ${id}`)}; or ${kleur.bold("npm run watch")}, which grades at every save.`,
  ].flatMap((line) => placeLines(line, layout, HANG));
}

/** The lecture's line for each tensor, then what there is to say. */
export function stepLines(step: Step, result: StepResult, layout: Layout): string[] {
  const narrow = layout.columns !== undefined && layout.columns < WIDE;
  const names = step.kind === "function" ? [step.tensor] : result.tensors.map(({ name }) => name);
  const mark = step.label.padStart(2).padEnd(4);
  const head = (name: string, i: number): string => {
    const start = i === 0 ? mark : " ".repeat(4);
    if (narrow) return start + (step.kind === "function" ? step.id : name).padEnd(15);
    return start + (i === 0 ? step.id : "").padEnd(18) + name.padEnd(15);
  };
  // of a step's one tensor, of another shape or not finite, there is nothing to say but that
  const isCompared = ({ maxdiff }: TensorLine): boolean => maxdiff !== null || step.kind === "train" || result.passed;
  const shown = names.length > 0 ? names : [step.kind === "train" && narrow ? step.id : ""];
  const lines = shown.map((name, i) => {
    const line = result.tensors.find((tensor) => tensor.name === name);
    return `${head(name, i)} | ${line && isCompared(line) ? lectureText(line, result.passed) : verdictText(result)}`;
  });
  if (result.verdict === "rounding") {
    lines.push(...wrap(kleur.green("rounding"), (layout.why && result.why) || ROUNDING, layout));
  }
  if (!result.passed && result.verdict !== "not-started") {
    lines.push(...wrap(kleur.red(result.verdict), harmless(result.message ?? ""), layout));
    if (result.mistake) {
      // what is only seen is no claim to the cause
      const label = result.mistake.isSeen ? "seen" : "looks like";
      lines.push(...wrap(kleur.yellow(label), result.mistake.sentence, layout));
    }
    const { file, at } = result;
    if (at) lines.push(...placeLines(INDENT + kleur.cyan(`${layout.pathOf(file)}:${at.line}:${at.column}`), layout));
    if (at && result.excerpt !== null) lines.push(...excerptLines(result.excerpt, at, layout));
  }
  for (const { line, column, text } of result.notes) {
    lines.push(...wrap(kleur.dim("note"), harmless(`${line}:${column} ${text}`), layout));
  }
  if (layout.isCounted && result.passed) lines.push(...countLines(result, layout));
  else lines.push(...printedLines(result.printed, layout.columns));
  return lines;
}

/** printed 7 lines; npm run grade -- dprobs shows them */
function countLines({ id, printed }: StepResult, layout: Layout): string[] {
  if (printed === "") return [];
  const count = linesOf(printed).length;
  const again = layout.again?.(id) ?? `npm run grade -- ${id}`;
  const [lines, them] = count === 1 ? ["line", "it"] : ["lines", "them"];
  const told = `printed ${count} ${lines}; ${again} shows ${them}`;
  return paragraph(told, Math.max(layout.columns ?? Infinity, 40), INDENT).map((line) => kleur.dim(line));
}

/** The line of code, as much of it as fits, and a caret under the place. */
function excerptLines(text: string, { line, column }: Position, { columns = WIDE }: Layout): string[] {
  const margin = `${INDENT}  ${line} | `;
  const width = Math.max(columns, 40) - margin.length;
  const caret = widthOf(harmless(text.slice(0, column - 1).trimStart()));
  const code = harmless(text.trim());
  // a sign stands for what is left out before
  const { rest, left } = fromColumn(code, caret < width - 10 ? 0 : caret - Math.floor(width / 2) + 1);
  const [shown, at] = left === 0 ? [code, caret] : [`\u2026${rest}`, caret - left + 1];
  return [
    kleur.dim(margin) + cutTo(shown, width),
    kleur.dim(`${" ".repeat(margin.length - 2)}| ${" ".repeat(Math.max(at, 0))}^`),
  ];
}

/** Steps that are right by themselves and not right with the learner's own earlier gradients, by what is to blame. */
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
    const lines = wrap(
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

/** "verdict: message", indented, wrapped to the terminal. */
function wrap(verdict: string, message: string, { columns }: Layout): string[] {
  const width = columns === undefined ? Infinity : Math.max(columns, 40) - 1;
  return wrapped(message, width, `${INDENT}${verdict}: `, `${INDENT}  `).map((line) => line.trimEnd());
}

/** A line with a path, wrapped too: a handed-in folder may be called anything. */
function placeLines(line: string, { columns = Infinity }: Layout, hang = 0): string[] {
  return fold(line, Math.max(columns, 40), hang);
}

/**
 * What the learner's code printed, each line marked as its own and cut to the terminal, so that it is never taken for
 * the grader's.
 */
export function printedLines(printed: string, columns: number | undefined): string[] {
  if (printed === "") return [];
  const lines = linesOf(printed);
  const more = lines.length - PRINTED_LINES;
  // what is cut by harmless is longer than this
  const whole = LONGEST_LINE - 1;
  const width = columns === undefined ? whole : Math.max(columns, 40) - INDENT.length - "printed | ".length;
  return [
    ...lines
      .slice(0, PRINTED_LINES)
      .map((line) => `${INDENT}${kleur.dim("printed |")} ${cutTo(harmless(line, true), Math.min(width, whole))}`),
    ...(more > 0 ? [`${INDENT}${kleur.dim(`printed | ... and ${more} more lines`)}`] : []),
  ];
}

function linesOf(printed: string): string[] {
  return printed.replace(/\n$/, "").split("\n");
}

function summaryLines(results: readonly StepResult[], layout: Layout): string[] {
  const { passed, failed, notStarted, total } = summarize(results);
  const next = nextResult(results);
  if (!next) return [kleur.green(`${passed} of ${total} passed`)];
  const place = layout.pathOf(next.file) + (next.at ? `:${next.at.line}` : "");
  const counts = [
    kleur.green(`${passed} passed`),
    failed > 0 ? kleur.red(`${failed} wrong`) : `${failed} wrong`,
    `${notStarted} not started`,
  ];
  return [
    counts.join(", "),
    ...chainLines(results, layout),
    ...placeLines(`${next.verdict === "not-started" ? "next: open" : "next: mend"} ${kleur.cyan(place)}`, layout, HANG),
  ];
}
