import { structuredPatch } from "diff";
import type { ComparedLine } from "./work.ts";

/** How many equal lines are shown on each side of a difference. */
const CONTEXT = 2;

const sides: Readonly<Record<string, ComparedLine["side"]>> = { "-": "mine", "+": "theirs", " ": "both" };

/** Where two texts differ; loaded when it is asked for. Whether the last line ends is no difference. */
export function comparedLines(mine: string, theirs: string): readonly ComparedLine[] {
  const [one, other] = [mine, theirs].map((text) => `${text.trimEnd()}\n`) as [string, string];
  const { hunks } = structuredPatch("", "", one, other, "", "", { context: CONTEXT });
  /** The first line of one's own that has not been shown, from 1. */
  let next = 1;
  const skipped = (count: number): ComparedLine[] =>
    count > 0 ? [{ side: "skipped", text: `${count} equal ${count === 1 ? "line" : "lines"}` }] : [];
  const shown = hunks.flatMap(({ oldStart, oldLines, lines }): ComparedLine[] => {
    // an empty range is said to start at the line before it
    const start = oldLines === 0 ? oldStart + 1 : oldStart;
    const before = skipped(start - next);
    next = start + oldLines;
    return [...before, ...lines.map((line) => ({ side: sides[line[0]!] ?? "both", text: line.slice(1) }))];
  });
  return hunks.length === 0 ? [] : [...shown, ...skipped(one.split("\n").length - next)];
}
