import { harmless } from "../report/harmless.ts";
import { fold } from "../report/text.ts";

/** Says what went wrong. It may quote what was typed, a line of a file or a path, which can contain anything. */
export function tell(problem: string): void {
  const lines = `backprop-dojo: ${problem}`.split("\n").map((line) => harmless(line, true));
  const { isTTY, columns } = process.stderr;
  process.stderr.write(`${lines.flatMap((line) => (isTTY ? fold(line, columns) : line)).join("\n")}\n`);
}
