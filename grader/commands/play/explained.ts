import type { REPLEval, REPLServer } from "node:repl";
import vm from "node:vm";
import { Tensor } from "#tensor";
import { allIn, type Expression } from "../../grading/idioms/expression.ts";
import type { Names } from "../../grading/idioms/kind.ts";
import { comparisonOfTensors } from "../../grading/idioms/remark.ts";
import { argumentNames } from "../../grading/idioms/rewrite.ts";
import { translated } from "../../grading/idioms/translate.ts";
import type { Complaint } from "../../grading/idioms/idiom.ts";
import { idiomAt } from "../../grading/idioms/note.ts";
import { readingOf } from "../../grading/idioms/reading.ts";
import { stepNames, type StepNames } from "../../grading/idioms/step-names.ts";
import { tokensOf } from "../../grading/idioms/tokens.ts";
import { IMPORT, TABLE, UNNAMED } from "../../grading/idioms/words.ts";
import type { Step } from "../../kit/step.ts";
import { complaintOfThrown, withNote } from "./thrown-note.ts";
import { compilerSays } from "./typescript.ts";

/** A REPL's way of evaluating, and of printing what was thrown. */
export interface Explaining {
  readonly evaluate: REPLEval;
  /** An error's text, with what to write instead, if that is known. */
  readonly textOf: (error: Error) => string;
}

/** Makes a REPL know what was probably meant by a line that throws, or that names arguments as Python does. */
export function explaining(evaluate: REPLEval, step: Step | undefined): Explaining {
  // Node gives what a line throws to the writer alone
  let last = { code: "", known: namesIn("", step) };
  return {
    evaluate(this: REPLServer, code, context, file, done) {
      last = { code, known: namesIn(code, step) };
      const unnamed = promptOnly(code) ?? withoutNames(code, last.known);
      const compared = comparedTensors(code, last.known);
      // such a line runs in JavaScript, makes a global variable, gives false, or waits for more
      if (unnamed !== undefined) done(new SyntaxError(unnamed), undefined);
      else if (compared !== undefined) done(new TypeError(compared), undefined);
      else evaluate.call(this, code, context, file, done);
    },
    textOf: (error) => withNote(error, noteOn(error, last.code, last.known)),
  };
}

const pythonNames: ReadonlySet<string> = new Set(["keepdim", "keepdims", "dim", "axis"]);

/** What only Python's prompts know, and Node's takes for the beginning of something longer. */
function promptOnly(code: string): string | undefined {
  if (/^\s*import\s+[\w.]+(?:\s+as\s+\w+)?\s*$/.test(code)) return IMPORT;
  return /^\s*\??[\w.]+\?{1,2}\s*$/.test(code) && code.includes("?") ? ofPrompt.help : undefined;
}

/** d == reference, which is false for two tensors, whatever their numbers are. */
function comparedTensors(code: string, known: StepNames): string | undefined {
  const { statements, names } = readingOf(code, known);
  const [found] = statements.flatMap(({ value }) => [...allIn(value)].filter((part) => isCompared(part, names)));
  if (found?.kind !== "comparison") return undefined;
  const [left, right] = [found.left, found.right].map((part) => translated(part, names)!.text);
  return `${found.sign} asks whether two names have the same tensor; ${left}.sub(${right}) shows where they differ`;
}

function isCompared(part: Expression, names: Names): boolean {
  return comparisonOfTensors(part, { names }) !== undefined;
}

/** What is said of a call with named arguments; undefined if there is none. */
function withoutNames(code: string, known: StepNames): string | undefined {
  const { statements, remarkOn } = readingOf(code, known);
  const found = statements.find((statement) => argumentNames(statement).some((name) => pythonNames.has(name)));
  return found && (remarkOn(found.first.line) ?? UNNAMED);
}

/** What Python's prompt knows, and Node's knows by another name. */
const ofPrompt = {
  help: `.help lists the commands of this prompt; ${TABLE}`,
  exit: ".exit or Ctrl-D leaves",
  quit: ".exit or Ctrl-D leaves",
} as const satisfies Record<string, string>;

function noteOn(error: Error, code: string, known: StepNames): string | undefined {
  const word = /^\s*(\w+)\s*(?:\(\s*\))?\s*$/.exec(code)?.[1];
  if (error instanceof ReferenceError && word !== undefined && Object.hasOwn(ofPrompt, word))
    return ofPrompt[word as keyof typeof ofPrompt];
  const complaint = complaintOf(error, code);
  if (!complaint) return undefined;
  for (const line of code.split("\n").keys()) {
    const note = idiomAt({ line: line + 1, column: 1 }, complaint, code, known);
    if (note) return note.text;
  }
  return undefined;
}

function complaintOf(error: Error, code: string): Complaint | undefined {
  if (!(error instanceof SyntaxError)) return complaintOfThrown(error);
  const said = compilerSays(code);
  return said === undefined ? undefined : { by: "compiler", said };
}

/** What the names in a line are: as they are now, whoever declared them; sizes by the step's names. */
function namesIn(code: string, step: Step | undefined): StepNames {
  const names = tokensOf(code).flatMap(({ kind, text }) => (kind === "name" ? text : []));
  const values = [...new Set(names)].map((name) => [name, valueOf(name)] as const);
  const given = step ? stepNames(step).shapes : {};
  const now = values.flatMap(([name, value]) => {
    const isGiven = value instanceof Tensor && given[name]?.length === value.shape.length;
    return value instanceof Tensor && !isGiven ? [[name, value.shape.map(() => 1 as const)] as const] : [];
  });
  const numbers = values.flatMap(([name, value]) => (typeof value === "number" ? name : []));
  return { shapes: { ...given, ...Object.fromEntries(now) }, indices: [], numbers, isImported: true, isKept: false };
}

/** A variable's value; declarations of earlier lines are no properties of the global object. */
function valueOf(name: string): unknown {
  try {
    return vm.runInThisContext(name);
  } catch {
    return undefined; // a word of the language, or not declared
  }
}
