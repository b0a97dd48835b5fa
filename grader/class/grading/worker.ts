import { NamesError } from "../../course/makemore/dataset.ts";
import { onStop, RunnerError } from "../../runner/process.ts";
import { systemProblem } from "../../runner/system.mjs";
import { graderHere, type Grader } from "./grader.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

/** Grades what the process that started this one sends, until that one ends. */
export function work(): Promise<never> {
  let grader: Grader | undefined;
  // if the process that started this one is gone, nobody waits for the answer
  const answer = (message: FromWorker): void => {
    process.send!(message, undefined, undefined, (error) => error && process.exit(0));
  };
  // Ctrl-C in a terminal reaches all processes: the one that started this one decides
  onStop((signal) => {
    if (signal !== "SIGINT") process.exit(0);
  });
  process.on("disconnect", () => process.exit(0));
  process.channel?.ref();
  process.on("message", (message: ToWorker) => {
    if ("settings" in message) {
      grader = graderHere(message.settings);
      return;
    }
    grader!.grade(new Map(message.texts)).then(
      (results) => answer({ results }),
      (error: unknown) => answer({ problem: inWords(error) }),
    );
  });
  return new Promise(() => {});
}

/** Why a tree could not be graded; what is not known to be somebody's to fix is the grader's own fault. */
export function inWords(error: unknown): string {
  if (error instanceof RunnerError || error instanceof NamesError) return error.message;
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return systemProblem(error) ?? `this is a bug in the grader, please report it: ${trace.split("\n", 3).join(" ")}`;
}
