import { harmless } from "../runner/harmless.ts";
import { summarize, type StepResult } from "../verdict/result.ts";

/**
 * A result in lines that editors read: `exercises/1-step-by-step/05-dcounts.ts:12:3: error: wrong: ...` where it fails, a
 * warning for each note; for a step that is not started, where to begin. None for one that passes without notes.
 *
 * @param pathOf a file of the graded tree as the reader is to see it
 */
export function diagnosticLines(result: StepResult, pathOf: (file: string) => string): string[] {
  const { verdict, passed, message, mistake, notes } = result;
  const file = pathOf(result.file);
  const line = (at: { line: number; column: number }, kind: string, text: string): string =>
    `${file}:${at.line}:${at.column}: ${kind}: ${harmless(text)}`;
  const at = result.at ?? { line: 1, column: 1 };
  const seen = mistake && `${mistake.isSeen ? "seen" : "looks like"}: ${mistake.sentence}`;
  const lines = notes.map((note) => line(note, "warning", note.text));
  if (verdict === "not-started")
    lines.unshift(line(at, "info", "not started: replace the throw todo(...) by your code"));
  else if (!passed) lines.unshift(line(at, "error", [`${verdict}: ${message ?? ""}`, seen].filter(Boolean).join("; ")));
  return lines;
}

/** The lines of all that fails and of what is next, and how many there are of each. */
export function diagnosticReport(results: readonly StepResult[], pathOf: (file: string) => string): string {
  const next = results.find((result) => !result.passed);
  const told = results.filter((result) => result === next || result.verdict !== "not-started");
  return [...told.flatMap((result) => diagnosticLines(result, pathOf)), countLine(results), ""].join("\n");
}

/** 3 passed, 1 wrong, 25 not started */
export function countLine(results: readonly StepResult[]): string {
  const { passed, failed, notStarted } = summarize(results);
  return `${passed} passed, ${failed} wrong, ${notStarted} not started`;
}
