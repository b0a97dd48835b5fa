import { check, checkHelp } from "./commands/check.ts";
import { diff, diffHelp } from "./commands/diff.ts";
import { grade, gradeHelp } from "./commands/grade.ts";
import { hint, hintHelp } from "./commands/hint.ts";
import { lab, labHelp } from "./commands/lab.ts";
import { list, listHelp } from "./commands/list.ts";
import { mistakes, mistakesHelp } from "./commands/mistakes.ts";
import { parity, parityHelp } from "./commands/parity.ts";
import { reset, resetHelp } from "./commands/reset.ts";
import { solution, solutionHelp } from "./commands/solution.ts";
import { train, trainHelp } from "./commands/train.ts";
import { update, updateHelp } from "./commands/update.ts";
import { UsageError } from "./commands/usage.ts";
import { version } from "./commands/version.ts";
import { watch, watchHelp } from "./commands/watch.ts";
import { NamesError } from "./model/dataset.ts";
import { fold } from "./report/text.ts";
import { harmless } from "./runner/harmless.ts";
import { RunError } from "./runner/runs.ts";
import { RunnerError, tieLearnerProcesses } from "./runner/process.ts";
import { missingPackage, systemProblem, whyNot } from "./runner/system.mjs";

interface Command {
  run: (args: string[]) => Promise<number>;
  help: string;
}

const commands: Readonly<Record<string, Command>> = {
  grade: { run: grade, help: gradeHelp },
  watch: { run: watch, help: watchHelp },
  list: { run: list, help: listHelp },
  hint: { run: hint, help: hintHelp },
  mistakes: { run: mistakes, help: mistakesHelp },
  diff: { run: diff, help: diffHelp },
  solution: { run: solution, help: solutionHelp },
  reset: { run: reset, help: resetHelp },
  train: { run: train, help: trainHelp },
  lab: { run: lab, help: labHelp },
  update: { run: update, help: updateHelp },
  check: { run: check, help: checkHelp },
  parity: { run: parity, help: parityHelp },
};

/** One command's help, or that of all. */
function help(only?: Command): string {
  const told = only ? [only] : Object.values(commands);
  const end = only
    ? "npm run help tells of all commands."
    : "npm test runs the grader's own tests, npm run bench measures its speed.\n\n" +
      "Exit status: 0 all selected steps pass, 1 some do not, 2 it could not be done.";
  const lines = `Backprop Dojo ${version()}\n\n  ${told.map(({ help }) => help).join("\n\n  ")}\n\n${end}`.split("\n");
  const { columns = Infinity } = process.stdout;
  return `${lines.flatMap((line) => fold(line, columns)).join("\n")}\n`;
}

/** Arguments in, exit status out. */
async function main([name = "help", ...args]: string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (["help", "--help", "-h"].includes(name)) {
    process.stdout.write(help());
    return 0;
  }
  if (!command) throw new UsageError(`there is no command "${name}"; there are ${Object.keys(commands).join(", ")}`);
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(help(command));
    return 0;
  }
  return command.run(args);
}

// marks are for `npm run bench`, which tells where the time of a cold run goes
performance.mark("grader loaded");
tieLearnerProcesses();

// the reader may close the pipe: grade | head
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  tell(`what is printed cannot be written (${whyNot(error)})`);
  process.exit(2);
});

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    tell(describe(error));
    process.exitCode = 2;
  },
);

/** Says what went wrong. It may hold what was typed, a file's line or a path, which can hold anything. */
function tell(problem: string): void {
  const lines = `backprop-dojo: ${problem}`.split("\n").map((line) => harmless(line, true));
  const { isTTY, columns } = process.stderr;
  process.stderr.write(`${lines.flatMap((line) => (isTTY ? fold(line, columns) : line)).join("\n")}\n`);
}

/** One line for what a person can mend; the whole trace for what is our own fault. */
function describe(error: unknown): string {
  if (
    error instanceof UsageError ||
    error instanceof NamesError ||
    error instanceof RunnerError ||
    error instanceof RunError
  )
    return error.message;
  const { code, message, stack } = error as NodeJS.ErrnoException;
  const refused = systemProblem(error) ?? missingPackage(error);
  if (refused !== undefined) return refused;
  if (code?.startsWith("ERR_PARSE_ARGS")) return `${message.split(/[.\n]/, 1)[0]}; --help lists the options`;
  return `this is a fault of the grader, please report it (NODE_OPTIONS=--enable-source-maps names its lines)\n${stack ?? String(error)}`;
}
