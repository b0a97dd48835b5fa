import { helpLines } from "./help.ts";
import { nextCommand } from "./new/home.ts";
import { problemOf } from "./problem.ts";
import { tell } from "./tell.ts";
import { nearest, UsageError } from "./usage.ts";
import { version } from "./version.ts";
import { steps } from "../course/steps.ts";
import { outside } from "../runner/outside/outside.ts";
import { hasSolutions } from "../runner/workspace/stubs.ts";

type Commands = Readonly<Record<string, Command>>;

export interface Command {
  run: (args: string[]) => Promise<number>;
  help: string;
  /** For a command about our own course alone: why, and what to do for another course. */
  ofOurs?: string;
  /** Whether it runs for a course that cannot be taught yet. */
  isOfAuthors?: true;
}

/** The help on one command, or on all. */
function help(commands: Commands, only?: Command): string {
  const isOutside = outside.folder !== undefined;
  const told = only ? [only] : Object.values(commands).filter(({ ofOurs }) => !isOutside || ofOurs === undefined);
  const end = only
    ? "npm run help describes all commands."
    : `${hasSolutions() ? "npm test runs the grader's own tests, npm run bench measures its speed." : "npm test lets the course check itself."}\n\n` +
      "--course FOLDER, with most commands, teaches the course of another folder: docs/own-network.md.\n" +
      "Exit status: 0 if all selected steps pass, 1 if some do not, 2 if the command could not be run.";
  const text = `Backprop Dojo ${version()}\n\n  ${told.map(({ help }) => help).join("\n\n  ")}\n\n${end}`;
  const { columns } = process.stdout;
  return `${columns === undefined ? text : helpLines(text, columns).join("\n")}\n`;
}

function commandOf(commands: Commands, name: string | undefined): Command | undefined {
  return name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
}

/** Runs one of some commands: arguments in, exit status out. If it cannot be run, says why on stderr: exit status 2. */
export async function runCommand(args: readonly string[], commands: Commands): Promise<number> {
  try {
    return await run(args, commands);
  } catch (error) {
    tell(describe(error, commandOf(commands, args[0])));
    return 2;
  }
}

async function run([name = "help", ...args]: readonly string[], commands: Commands): Promise<number> {
  const command = commandOf(commands, name);
  if (["help", "--help", "-h"].includes(name)) {
    const [about] = args.filter((word) => !["--help", "-h"].includes(word));
    if (about !== undefined && !commandOf(commands, about)) throw noCommand(about, commands);
    process.stdout.write(help(commands, commandOf(commands, about)));
    return 0;
  }
  if (!command) throw noCommand(name, commands);
  const taken = takenByNpm(command);
  if (taken !== undefined) throw new UsageError(taken.replace("NAME", name));
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(help(commands, command));
    return 0;
  }
  refuseOutside(name, command);
  return command.run(args);
}

/** @throws UsageError or CourseError if the course outside, if there is one, cannot be taught by a command */
function refuseOutside(name: string, { ofOurs, isOfAuthors }: Command): void {
  if (outside.folder === undefined && !outside.problem) return;
  if (ofOurs !== undefined) throw new UsageError(`${name} --course: ${ofOurs}`);
  if (outside.problem && (!isOfAuthors || outside.folder === undefined)) throw outside.problem;
  if (isOfAuthors || steps.length > 0) return;
  throw new UsageError(`the course has no step yet; ${nextCommand("check")} says what is missing`);
}

function noCommand(name: string, commands: Commands): UsageError {
  return new UsageError(`there is no command "${name}"; there are ${Object.keys(commands).join(", ")}`);
}

/** What to type if npm has taken an option of the command for its own: it hands those on as variables, not as arguments. */
function takenByNpm({ help }: Command): string | undefined {
  if (process.env["npm_lifecycle_event"] === undefined) return undefined;
  const option = [...optionsIn(help), "--course"].find(
    (one) => process.env[`npm_config_${one.slice(2).replaceAll("-", "_")}`],
  );
  return (
    option && `npm has taken ${option} for an option of its own: write -- before it, as in npm run NAME -- ${option}`
  );
}

function optionsIn(help: string): string[] {
  return help.match(/--[a-z-]+/g) ?? [];
}

/** One line for what a person can fix; the whole trace for what is the grader's own fault. */
function describe(error: unknown, command: Command | undefined): string {
  const problem = problemOf(error);
  if (problem !== undefined) return problem;
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code?.startsWith("ERR_PARSE_ARGS")) return optionProblem(message, command);
  return `this is a bug in the grader, please report it (NODE_OPTIONS=--enable-source-maps names its lines)\n${stack ?? String(error)}`;
}

/** What is wrong with an option, and the one that may have been meant. */
function optionProblem(message: string, command: Command | undefined): string {
  const [problem = ""] = message.split(/[.\n]/, 1);
  const [, typed = ""] = /^Unknown option '(-[^']*)'/.exec(problem) ?? [];
  const [, lacking] = /^Option '(--[a-z-]+)' argument is ambiguous/.exec(problem) ?? [];
  if (lacking !== undefined) return `${lacking} has no value; one that begins with - is written ${lacking}=VALUE`;
  const all = optionsIn(command?.help ?? "");
  // help describes every form of a command, and an option of one form may be none of another
  const [near] = nearest(
    typed,
    all.filter((one) => one !== typed),
  );
  const what = all.includes(typed) ? `${typed} goes with another form of this command` : problem;
  return `${what}; ${near ? `did you mean ${near}? ` : ""}--help lists the options`;
}
