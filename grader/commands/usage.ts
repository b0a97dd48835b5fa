import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { distance } from "fastest-levenshtein";
import { dojo, parts, requiredSteps, steps } from "../course/steps.ts";
import { bubblewrapProblem, type Box } from "../runner/box.ts";
import { harmless } from "../report/harmless.ts";
import { outOfRange } from "../report/out-of-range.ts";
import { outside } from "../runner/outside/outside.ts";
import { readNames, shippedNames, type NamesFile } from "../runner/data.ts";
import { displayPath, exercisesFolder, projectRoot } from "../runner/project.ts";
import { whyNot } from "../runner/system.mjs";
import { findSteps } from "../kit/course.ts";
import type { Step } from "../kit/step.ts";

/** A command was called in a wrong way: one clear line, exit status 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The step that texts name as an example. */
export const exampleStep = steps.find(({ id }) => id === "dcounts") ?? steps[0]!;

/**
 * The steps that words on the command line name, in the course's order, each once; those of the course proper if there is
 * no word.
 *
 * @throws UsageError with the nearest names if a word names no step
 */
export function selectSteps(words: readonly string[]): readonly Step[] {
  if (words.length === 0) return requiredSteps;
  const parted = words.flatMap((word) => word.split(",").filter((part) => part !== ""));
  const found = new Set(parted.flatMap((word) => stepsFor(word)));
  return steps.filter((step) => found.has(step));
}

/**
 * The only step that a word names.
 *
 * @throws UsageError if it names none, or a part with several
 */
export function oneStep(command: string, word: string): Step {
  const [step, ...others] = selectSteps([word]);
  if (step && others.length === 0) return step;
  throw new UsageError(
    `${command} takes one step, and ${word} has ${others.length + 1}; name one, such as ${step?.id}`,
  );
}

function stepsFor(word: string): readonly Step[] {
  const found = findSteps(dojo, word);
  if (found.length > 0) return found;
  const beyond = outOfRange(dojo, word);
  if (beyond !== undefined) throw new UsageError(beyond);
  const known = [...steps.map((step) => step.id), ...Object.values(parts)];
  const wanted = path.basename(word, ".ts").replace(/^\d+-/, "");
  const near = nearest(wanted, known).slice(0, 3);
  const numbers = [`a number from 1 to ${steps.filter(({ part }) => part === 1).length}`, ...otherLabels()].join(", ");
  throw new UsageError(
    `there is no step "${word}"${near.length > 0 ? `; did you mean ${near.join(" or ")}?` : ""} (a step is a name, ${numbers}, ` +
      "a range such as 1-8, a part's folder or a file)",
  );
}

/** The names that a mistyped word may mean, the likeliest first. */
export function nearest(word: string, names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, away: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, away }) => away <= Math.max(2, name.length / 3))
    .sort((a, b) => a.away - b.away)
    .map(({ name }) => name);
}

/** The labels of the other parts' steps, as a range if a part has several: 0.1 to 0.9, 2.1. */
function otherLabels(): string[] {
  const others = Object.keys(parts).filter((part) => part !== "1");
  return others.map((part) => {
    const labels = steps.filter((step) => String(step.part) === part).map((step) => step.label);
    return labels.length > 1 ? `${labels[0]} to ${labels.at(-1)}` : labels.join("");
  });
}

/**
 * A path as typed: relative to the folder where the command was typed or, if nothing is there, to the project. A course
 * outside comes first: our own solutions/ is not its tree.
 */
export function resolvePath(typed: string): string {
  const here = process.env["INIT_CWD"] ?? process.cwd();
  const places = (outside.folder === undefined ? [here, projectRoot] : [outside.folder, here]).map((folder) =>
    path.resolve(folder, typed),
  );
  return places.find((file) => existsSync(file)) ?? places.at(-1)!;
}

/**
 * The data that `--data` names; the names that the course ships by default.
 *
 * @throws NamesError if they cannot be read
 */
export function namesFrom(typed: string | undefined): NamesFile {
  return readNames(typed === undefined ? shippedNames : resolvePath(typed));
}

/** An option and its value as one types them again, with a space before them; "" if the option was not given. */
export function optionAgain(name: "--from" | "--data", value: string | undefined): string {
  if (value === undefined) return "";
  if (/^[\w./\\~:-]+$/.test(value)) return ` ${name} ${value}`;
  const quoted = process.platform === "win32" ? `"${value}"` : `'${value.replaceAll("'", "'\\''")}'`;
  return ` ${name} ${harmless(quoted, true)}`;
}

/**
 * A folder as typed.
 *
 * @throws UsageError if there is no such folder
 */
export function resolveFolder(typed: string): string {
  const folder = resolvePath(typed);
  let found;
  try {
    found = statSync(folder, { throwIfNoEntry: false });
  } catch (error) {
    throw new UsageError(`--from ${typed}: cannot be read (${whyNot(error)}); is the path right, and may you read it?`);
  }
  if (found?.isDirectory()) return folder;
  throw new UsageError(`--from ${typed}: there is no such folder; give one with the shape of exercises/`);
}

/**
 * The tree that `--from` names; exercises/ by default.
 *
 * @throws UsageError if it is not a folder
 */
export function treeFrom(typed: string | undefined): string {
  return typed === undefined ? exercisesFolder : resolveFolder(typed);
}

/**
 * The same, for a command that needs one of its steps.
 *
 * @throws UsageError if it is not a folder, or holds no step
 */
export function treeWithSteps(typed: string | undefined): string {
  const root = treeFrom(typed);
  if (steps.some((step) => existsSync(path.join(root, step.file)))) return root;
  throw new UsageError(`${displayPath(root)} holds no step; it should have the shape of exercises/`);
}

/** Gives a bare `--untrusted` its value: options with an optional value are beyond node:util's parseArgs. */
export function spellOut(args: readonly string[]): string[] {
  return args.map((arg) => (arg === "--untrusted" ? "--untrusted=bubblewrap" : arg));
}

/** The help on --untrusted, for each command that has it. */
export const untrustedHelp = `--untrusted        for other people's files: runs them in bubblewrap, or not at all
    --untrusted=best-effort  without bubblewrap: only with Node's permission model, a context and limits
    --untrusted=strongest    in bubblewrap where it works, otherwise without: for a platform's own container`;

/**
 * The box that `--untrusted` asks for. "best-effort" is the box that learners' own files run in, "strongest" bubblewrap where it runs.
 *
 * @throws UsageError if bubblewrap is asked for and does not run here, with what to do
 */
export function boxFor(untrusted: string | undefined): Box {
  if (untrusted === undefined || untrusted === "best-effort") return "plain";
  // on platforms, whose containers are the wall around it, whatever works there
  if (untrusted === "strongest") return bubblewrapProblem() === undefined ? "bubblewrap" : "plain";
  if (untrusted !== "bubblewrap") {
    throw new UsageError(
      `--untrusted=${untrusted}: write --untrusted, --untrusted=best-effort or --untrusted=strongest`,
    );
  }
  const problem = bubblewrapProblem();
  if (problem === undefined) return "bubblewrap";
  throw new UsageError(
    `--untrusted: ${problem}. --untrusted=best-effort grades without it: then Node's permission model keeps files from ` +
      "being read and written, but nothing guards against use of the network (before Node 25), signals to other " +
      "processes, and faults in Node or V8",
  );
}
