import { harmless } from "./harmless.ts";
import { mistakeLabel } from "./mistake-label.ts";
import { summarize, type Position, type StepResult } from "../verdict/result.ts";

/**
 * A result in lines that editors read: `exercises/1-step-by-step/05-dcounts.ts:12:3: error: wrong: ...` if it fails, a
 * warning for each note, and where to begin if it is not started. A step that passes without notes has none.
 *
 * @param pathOf the path of a file of the graded tree as the reader sees it
 * @param functionOf where the step's function begins: what is wrong without a place of its own is said there
 */
export function diagnosticLines(
  result: StepResult,
  pathOf: (file: string) => string,
  functionOf: (result: StepResult) => Position,
): string[] {
  const { verdict, passed, message, mistake, notes } = result;
  const file = pathOf(result.file);
  const line = (at: { line: number; column: number }, kind: string, text: string): string =>
    `${file}:${at.line}:${at.column}: ${kind}: ${harmless(text)}`;
  const at = result.at ?? functionOf(result);
  const seen = mistake && `${mistakeLabel(mistake)}: ${mistake.sentence}`;
  const lines = notes.map((note) => line(note, "warning", note.text));
  if (verdict === "not-started")
    lines.unshift(line(at, "info", "not started: replace the throw todo(...) with your code"));
  else if (!passed) lines.unshift(line(at, "error", [`${verdict}: ${message ?? ""}`, seen].filter(Boolean).join("; ")));
  return lines;
}

/** The lines of all steps that fail and of the next one, and how many steps there are of each kind. */
export function diagnosticReport(
  results: readonly StepResult[],
  pathOf: (file: string) => string,
  functionOf: (result: StepResult) => Position,
): string {
  const next = results.find((result) => !result.passed);
  const told = results.filter((result) => result === next || result.verdict !== "not-started");
  return [...told.flatMap((result) => diagnosticLines(result, pathOf, functionOf)), countLine(results), ""].join("\n");
}

/** 3 passed, 1 wrong, 25 not started */
export function countLine(results: readonly StepResult[]): string {
  const { passed, failed, notStarted } = summarize(results);
  return `${passed} passed, ${failed} wrong, ${notStarted} not started`;
}
