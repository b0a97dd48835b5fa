import { allIn } from "./expression.ts";
import type { Names } from "./kind.ts";
import type { File } from "./remark.ts";
import { argumentNames, modulesIn, remarksOn } from "./rewrite.ts";
import { namesIn } from "./scope.ts";
import { statementsOf, type Statement } from "./statement.ts";
import { isSize, sizeNote, type StepNames } from "./step-names.ts";
import { tokensOf, type Token } from "./tokens.ts";
import { functions } from "./words.ts";

/** A learner's file, as far as it can be read as Python or TypeScript. */
export interface Reading {
  readonly names: Names;
  readonly statements: readonly Statement[];
  /** What there is to say about the statements on a line, from 1; undefined if they are right, or not certain. */
  readonly remarkOn: (line: number) => string | undefined;
}

/** Longer files are not read. */
const LONGEST_FILE = 200_000;

export function readingOf(text: string, step: StepNames): Reading {
  const tokens = text.length > LONGEST_FILE ? [] : tokensOf(text);
  const statements = statementsOf(tokens);
  const names = namesIn(step, tokens, statements);
  const file: File = { text, names, indices: step.indices };
  const remarkOn = (line: number): string | undefined => {
    const here = statements.filter(({ first, last }) => first.line <= line && line <= last.line);
    const said = here.flatMap((statement) => remarksWithReasons(statement, file, step.isImported ? undefined : tokens));
    const all = [...sizesMissing(here, names, step), ...said];
    return all.length === 0 ? undefined : [...new Set(all)].join("; ");
  };
  return { names, statements, remarkOn };
}

/** What the lecture has as global variables: n, say. */
function sizesMissing(statements: readonly Statement[], names: Names, step: StepNames): string[] {
  const used = statements
    .flatMap(({ value }) => [...allIn(value)])
    .flatMap((part) => (part.kind === "name" ? part.name : []));
  return [...new Set(used)]
    .filter((name) => !names.isDeclared(name) && isSize(name, step))
    .flatMap((name) => sizeNote(name, step) ?? []);
}

function remarksWithReasons(statement: Statement, file: File, tokens: readonly Token[] | undefined): string[] {
  const [first, ...others] = remarksOn(statement, file);
  if (first === undefined) return [];
  const modules = modulesIn(statement, file.names).map((module) => `there is no ${module} here`);
  const reasons = [...modules, ...(argumentNames(statement).length > 0 ? ["arguments have no names here"] : [])];
  const remarks = [reasons.length > 0 ? `${reasons.join(", and ")}: ${first}` : first, ...others];
  const missing = tokens ? notImported(remarks.join(" "), tokens) : [];
  const what = missing.length > 0 ? [`add ${missing.join(", ")} to import { ... } from "#tensor"`] : [];
  return [...remarks, ...what];
}

/** The functions of #tensor that a translation needs and the file does not name anywhere. */
function notImported(translation: string, tokens: readonly Token[]): string[] {
  const written = new Set(tokensOf(translation).map((token) => token.text));
  // np.zeros is not ours
  const known = new Set(tokens.flatMap(({ text }, i) => (tokens[i - 1]?.text === "." ? [] : text)));
  return [...functions, "keepdim"].filter((name) => written.has(name) && !known.has(name));
}
