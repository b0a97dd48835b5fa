// first: it teaches the course
import { giveNamesOutside } from "./outside-names.ts";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { start, type REPLServer } from "node:repl";
import { inspect } from "node:util";
import kleur from "kleur";
import * as tensors from "#tensor";
import { steps } from "../../course/steps.ts";
import type { Step } from "../../kit/step.ts";
import { explaining } from "./explained.ts";
import { fold, HANG, lineWidth, paragraph } from "../../report/text.ts";
import { displayPath, playFolder } from "../../runner/project.ts";
import { ownFunction } from "./own-function.ts";
import { scopeOf, valueText } from "./scope.ts";
import { thrownText } from "./thrown.ts";
import { endWithStarter } from "./tie.ts";
import { readingTypeScript } from "./typescript.ts";
import { exampleStep } from "../usage.ts";

/**
 * The REPL, in a process that tsx has started: everything of #tensor, and of a step whose id is the argument, its small
 * numbers and the learner's own function.
 */

/** How many columns Node writes in front of what was thrown. */
const UNCAUGHT = "Uncaught ".length;

const [id] = process.argv.slice(2);
giveNamesOutside();
endWithStarter();
await open(steps.find((step) => step.id === id));

async function open(step: Step | undefined): Promise<void> {
  for (const [name, value] of Object.entries(tensors)) protect(name, value);
  Object.assign(globalThis, step && scopeOf(step).values);
  say(...greeting(step));
  const own = step && (await prepare(step));
  const server = start({
    useGlobal: true,
    ignoreUndefined: true,
    breakEvalOnSigint: true,
    writer: Object.assign(
      (value: unknown) =>
        value instanceof Error ? foldedText(explained.textOf(value), UNCAUGHT) : valueText(value, otherText),
      // "Uncaught" and the error in one line, however long it is
      { options: { breakLength: Infinity } },
    ),
  });
  const explained = explaining(readingTypeScript(server.eval), step);
  Object.assign(server, { eval: explained.evaluate });
  if (own) reloadWhenSaved(server, own);
  helpInLines(server);
  server.on("exit", () => process.exit());
  keepHistory(server);
}

/**
 * Gives a name of #tensor its value, which an assignment cannot change: keepdim = false would hold for every later line.
 * It can be declared anew.
 */
function protect(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, {
    get: () => value,
    set() {
      throw new TypeError(`${name} is a name of #tensor, and keeps its value; write const with another name`);
    },
    configurable: true,
    enumerable: true,
  });
}

/** What there is, and what to try. */
function greeting(step: Step | undefined): string[] {
  const names = Object.keys(tensors).join(", ");
  const leave = ".exit or Ctrl-D leaves";
  if (!step) {
    return [
      `In scope: everything of #tensor: ${names}.`,
      `To try: ${kleur.bold("tensor([[1, 2], [3, 4]]).sum(1, keepdim)")}`,
      `npm run play -- ${exampleStep.id} adds a step's numbers and your function for it; ${leave}.`,
    ];
  }
  const { about, call } = scopeOf(step);
  return [
    `In scope: everything of #tensor; your ${step.export}; ${about}.`,
    `To try: ${kleur.bold(call)}`,
    `When you save the file, your function is loaded again; .reload restores the numbers as well; ${leave}.`,
  ];
}

/** The learner's function, which is loaded under its name. */
interface Prepared {
  readonly load: () => Promise<void>;
  readonly loadIfSaved: () => Promise<void> | undefined;
  readonly restore: () => void;
}

async function prepare(step: Step): Promise<Prepared> {
  const own = ownFunction(step);
  const name = step.export;
  const file = displayPath(own.file);
  const load = async (isAgain = true): Promise<void> => {
    try {
      Object.assign(globalThis, { [name]: await own.load() });
      if (isAgain) say(kleur.dim(`${file}: ${name} is loaded again`));
    } catch (error) {
      say(thrownText(error), kleur.dim(`${file}: ${name} ${isAgain ? "stays as it was" : "is not loaded"}`));
    }
  };
  await load(false);
  return {
    load,
    loadIfSaved: () => (own.isOutdated() ? load() : undefined),
    restore: () => Object.assign(globalThis, scopeOf(step).values),
  };
}

/** Loads the function again before the next line is evaluated if its file has been saved, and at `.reload`. */
function reloadWhenSaved(server: REPLServer, own: Prepared): void {
  const evaluate = server.eval;
  /** Lines that were typed, or pasted, meanwhile wait in their order. */
  let loading: Promise<void> | undefined;
  const evaluateFresh: typeof evaluate = function (this, ...line) {
    loading ??= own.loadIfSaved()?.finally(() => (loading = undefined));
    if (loading) loading = loading.then(() => evaluate.apply(this, line));
    else evaluate.apply(this, line);
  };
  Object.assign(server, { eval: evaluateFresh });
  server.defineCommand("reload", {
    help: "Load your function again, and restore the step's numbers",
    async action() {
      this.clearBufferedCommand();
      own.restore();
      await own.load();
      this.displayPrompt();
    },
  });
}

/** Lists the commands of the prompt as Node does, in lines of the terminal's width. */
function helpInLines(server: REPLServer): void {
  server.defineCommand("help", {
    help: "Print this list",
    action() {
      const commands = Object.entries(server.commands).toSorted(([a], [b]) => (a < b ? -1 : 1));
      const width = Math.max(...commands.map(([name]) => name.length));
      const lines = commands.flatMap(([name, command]) => {
        const start = `.${name.padEnd(width)}   `;
        const [first = "", ...rest] = paragraph(
          command?.help ?? "",
          lineWidth(process.stdout.columns),
          " ".repeat(start.length),
        );
        return [start + first.trimStart(), ...rest];
      });
      process.stdout.write(`${lines.join("\n")}\n\n`);
      say("Ctrl-C ends an expression, Ctrl-D leaves.");
      this.displayPrompt();
    },
  });
}

/** Keeps what was typed next to the scratch files, if it can be kept there. */
function keepHistory(server: REPLServer): void {
  if (!process.stdout.isTTY) return;
  try {
    accessSync(playFolder, constants.W_OK);
  } catch {
    return;
  }
  server.setupHistory(path.join(playFolder, ".history"), () => {});
}

function otherText(value: unknown): string {
  return inspect(value, { colors: kleur.enabled, depth: 4 });
}

function say(...lines: readonly string[]): void {
  process.stdout.write(`${foldedText(lines.join("\n"))}\n`);
}

/** @param less how many columns are taken already */
function foldedText(text: string, less = 0): string {
  const width = lineWidth(process.stdout.columns) - less;
  return text
    .split("\n")
    .flatMap((line) => fold(line, width, HANG))
    .join("\n");
}
