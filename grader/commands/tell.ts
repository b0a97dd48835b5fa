import { harmless } from "../report/harmless.ts";
import { fold, HANG } from "../report/text.ts";

/** Says what went wrong. It may quote what was typed, a line of a file or a path, which can contain anything. */
export function tell(problem: string): void {
  const lines = `backprop-dojo: ${problem}`.split("\n").map((line) => harmless(line, true));
  const { isTTY, columns } = process.stderr;
  process.stderr.write(`${lines.flatMap((line) => (isTTY ? fold(line, columns) : line)).join("\n")}\n`);
}

/** Prints a line of prose, wrapped in a terminal, whole in a pipe or a file. */
export function say(line: string): void {
  const { isTTY, columns } = process.stdout;
  process.stdout.write(`${(isTTY ? fold(line, columns, HANG) : [line]).join("\n")}\n`);
}
