import { checkGradient } from "../grading/check-gradient.ts";
import type { Step } from "../kit/step.ts";
import { gradientCheckLines } from "../report/gradient-check-lines.ts";
import type { Box } from "../runner/box.ts";
import { nodeHost } from "../runner/host.ts";
import { UsageError } from "./usage.ts";

/** Options of grade that print something else than a comparison with differences. */
const others = ["json", "lines", "why", "show", "save"] as const;

/**
 * Prints each step's answer beside central differences of its forward lines. Nothing is graded, and no verdict is kept.
 *
 * @param root the tree that the steps' files are in
 * @param values the options of grade
 * @returns the exit status: 0 if every answer agrees, 1 if one does not or could not be compared
 */
export async function checkGradients(
  steps: readonly Step[],
  root: string,
  box: Box | undefined,
  values: Readonly<Partial<Record<(typeof others)[number], boolean | string | undefined>>>,
): Promise<number> {
  const other = others.find((name) => values[name] !== undefined && values[name] !== false);
  if (other !== undefined) throw new UsageError(`--check compares with differences and cannot be used with --${other}`);
  let agree = true;
  for (const [i, step] of steps.entries()) {
    const checked = await checkGradient(nodeHost(root, { box }), step);
    agree &&= checked.kind === "checked" && checked.agrees;
    const lines = gradientCheckLines(step, checked, process.stdout.columns);
    process.stdout.write(`${i === 0 ? "" : "\n"}${lines.join("\n")}\n`);
  }
  return agree ? 0 : 1;
}
