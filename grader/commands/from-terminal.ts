import { tieLearnerProcesses } from "../runner/process.ts";
import { whyNot } from "../runner/system.mjs";
import { runCommand, type Command } from "./main.ts";
import { tell } from "./tell.ts";

/** Runs what was typed, if it is one of some commands, and sets the exit status. */
export function runTyped(words: readonly string[], commands: Readonly<Record<string, Command>>): void {
  // `npm run bench` reads these marks to show where the time of a cold run goes
  performance.mark("grader loaded");
  tieLearnerProcesses();

  // the reader may close the pipe: grade | head
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    tell(`the output cannot be written (${whyNot(error)})`);
    process.exit(2);
  });

  // Node exits with status 0 as soon as nothing is left for it to wait for, even if the command has not finished
  const endedEarly = (): void => {
    tell("this is a bug in the grader, please report it: the command has ended without a result");
    process.exitCode = 2;
  };
  process.once("beforeExit", endedEarly);
  runCommand(words, commands).then((status) => {
    process.off("beforeExit", endedEarly);
    process.exitCode = status;
  });
}
