import { parseArgs } from "node:util";
import { dojo } from "../course/steps.ts";
import { findSteps } from "../kit/course.ts";
import type { Step } from "../kit/step.ts";
import { endOf, startThroughTsx } from "../runner/tsx.ts";
import { FILE_PROGRAM, runAtEverySave } from "./play/rerun.ts";
import { isFileName, makePlayFolder, scratchFile } from "./play/scratch.ts";
import { tell } from "./tell.ts";
import { oneStep, UsageError } from "./usage.ts";

export const playHelp = `play [step | FILE] [--once]
    Opens a REPL with everything of #tensor in scope; with a step, also its small numbers and your function. With a
    FILE, such as example.ts in play/ (which git ignores), runs it, and runs it again when it, or a file it imports, is
    saved. Your code runs as it is: without a box, without limits.
    --once             runs the FILE once`;

/** Exit status 0; with --once, 1 if the file throws. */
export async function play(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { once: { type: "boolean", default: false } },
  });
  if (positionals.length > 1) throw new UsageError("play takes one step or one file");
  const [word] = positionals;
  prepareFolder();
  if (word !== undefined && findSteps(dojo, word).length === 0 && isFileName(word)) {
    const file = scratchFile(word);
    return values.once ? endOf(startThroughTsx(FILE_PROGRAM, [file])) : runAtEverySave(file);
  }
  if (values.once) throw new UsageError("--once runs a file once; name one, such as example.ts");
  return openRepl(word === undefined ? undefined : oneStep("play", word));
}

/** Opens the REPL of a step in this terminal, until it is left. */
export function playHere(step: Step): Promise<number> {
  prepareFolder();
  return openRepl(step);
}

function openRepl(step: Step | undefined): Promise<number> {
  return endOf(startThroughTsx("commands/play/repl.ts", step ? [step.id] : []));
}

function prepareFolder(): void {
  const problem = makePlayFolder();
  if (problem !== undefined) tell(`the folder for scratch files cannot be made: ${problem}`);
}
