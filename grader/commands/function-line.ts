import type { Step } from "../kit/step.ts";
import { readableSource, realTree } from "../runner/source.ts";
import type { Position } from "../verdict/result.ts";

/**
 * Where a step's function begins in its file, for a result that has no place of its own; the file's first line if the
 * function cannot be found.
 *
 * @param root the folder of the tree
 */
export function functionLine(root: string, step: Pick<Step, "export">, file: string): Position {
  const lines = (readableSource(realTree(root), file) ?? "").split("\n");
  const found = lines.findIndex((line) => /^\s*export\b/.test(line) && line.includes(step.export));
  return { line: Math.max(found, 0) + 1, column: 1 };
}
