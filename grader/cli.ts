import { check, checkHelp } from "./commands/check.ts";
import { diff, diffHelp } from "./commands/diff.ts";
import { grade, gradeHelp } from "./commands/grade.ts";
import { hint, hintHelp } from "./commands/hint.ts";
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
import { RunError } from "./runner/runs.ts";
import { RunnerError, tieLearnerProcesses } from "./runner/process.ts";

const commands: Record<string, (args: string[]) => Promise<number>> = {
  grade,
  watch,
  list,
  check,
  hint,
  mistakes,
  diff,
  solution,
  reset,
  train,
  update,
  parity,
};

const help = `Backprop Dojo ${version()}

  ${[gradeHelp, watchHelp, listHelp, checkHelp, hintHelp, mistakesHelp, diffHelp, solutionHelp, resetHelp, trainHelp, updateHelp, parityHelp].join("\n\n  ")}

Exit status: 0 all selected steps pass, 1 some do not, 2 it could not be done.
`;

/** Arguments in, exit status out. */
async function main([name = "help", ...args]: string[]): Promise<number> {
  if (["help", "--help", "-h"].includes(name) || args.includes("--help") || args.includes("-h")) {
    process.stdout.write(help);
    return 0;
  }
  const command = commands[name];
  if (!command) throw new UsageError(`there is no command "${name}"; there are ${Object.keys(commands).join(", ")}`);
  return command(args);
}

// marks are for `npm run bench`, which tells where the time of a cold run goes
performance.mark("grader loaded");
tieLearnerProcesses();

// whoever reads may stop reading: grade | head
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`backprop-dojo: ${describe(error)}\n`);
  process.exitCode = 2;
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
  if (code?.startsWith("ERR_PARSE_ARGS")) return `${message.split(/[.\n]/, 1)[0]}; --help lists the options`;
  return `this is a fault of the grader, please report it (NODE_OPTIONS=--enable-source-maps names its lines)\n${stack ?? String(error)}`;
}
