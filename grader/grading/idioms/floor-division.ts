import type { Note } from "../../verdict/result.ts";

/** An operand, Python's // and a divisor: a number, or anything that a bracket or a semicolon ends. */
const DIVISION = /^[^"'`#/]*[\w)\]]\s*\/\/\s*(?:\d[\d.]*\s*$|[\w.]+(?:\([\w, ]*\))?\s*[;)\]])/;

/** A line on which a comment begins where Python divides: a // 2. */
export function floorDivisionIn(text: string): Note | undefined {
  const lines = text.split(/\r?\n/);
  const at = lines.findIndex((line) => DIVISION.test(line) && !isEnded(line.slice(0, line.indexOf("//"))));
  if (at < 0) return undefined;
  return {
    line: at + 1,
    column: lines[at]!.indexOf("//") + 1,
    text: "// begins a comment: Python's a // b is written Math.floor(a / b)",
  };
}

/** Whether a comment can follow: the statement has its semicolon, or a block begins or ends. */
function isEnded(code: string): boolean {
  return /[;{}]\s*$/.test(code);
}
