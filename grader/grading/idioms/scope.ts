import type { Expression } from "./expression.ts";
import { NUMBER, tensorOf, UNKNOWN, type Kind, type Names } from "./kind.ts";
import type { Statement } from "./statement.ts";
import { isSize, type StepNames } from "./step-names.ts";
import type { Token } from "./tokens.ts";
import { translated } from "./translate.ts";

const types: Readonly<Record<string, Kind>> = { Tensor: tensorOf(), number: NUMBER };

/**
 * What the names in a file are: tensors that the step is given, and what is made of them. A name that is used for two
 * things is not certain.
 */
export function namesIn(step: StepNames, tokens: readonly Token[], statements: readonly Statement[]): Names {
  const given = Object.keys(step.shapes);
  const kinds = new Map<string, Kind>(given.map((name) => [name, tensorOf(step.shapes[name]!.length)]));
  const declared = new Set<string>(given);
  const aliases = aliasesIn(given, statements);
  const kindOf = (name: string): Kind =>
    kinds.get(name) ?? (!declared.has(name) && isSize(name, step) ? NUMBER : UNKNOWN);
  const names: Names = {
    kindOf,
    resultOf: (name) => {
      const shape = declared.has(name) ? undefined : step.results?.[name];
      return shape && tensorOf(shape.length);
    },
    isGiven: (name) => given.includes(name),
    keptOf: (name) => (step.isKept ? aliases.get(name) : undefined),
    isDeclared: (name) => declared.has(name),
  };
  const note = (name: string, kind: Kind): void => {
    const before = kinds.get(name);
    kinds.set(name, before === undefined ? kind : both(before, kind));
  };
  const declare = (name: string, kind: Kind): void => {
    note(name, kind);
    declared.add(name);
  };
  for (const name of step.numbers ?? []) declare(name, NUMBER);
  for (const name of otherParameters(tokens)) declare(name, UNKNOWN);
  // const dh = ... in dh, and Python's dh = ..., are tensors of their own
  const assigned = new Set(statements.flatMap(namesGiven));
  for (const name of ownFunctions(tokens)) if (!assigned.has(name)) declare(name, UNKNOWN);
  for (const [name, type] of typedNames(tokens)) declare(name, types[type]!);
  for (const statement of statements) {
    // Python's first assignment to a name, or another one
    const [name, value] = assignmentOf(statement) ?? [];
    if (name !== undefined && value) note(name, translated(value, names)?.kind ?? UNKNOWN);
    for (const [name, kind] of declaredIn(statement, names)) declare(name, kind);
  }
  return names;
}

/**
 * The given tensors under their own names and others: const d = dprobs is no copy. A name that is ever something else is
 * none.
 */
function aliasesIn(given: readonly string[], statements: readonly Statement[]): Map<string, string> {
  const aliases = new Map(given.map((name) => [name, name]));
  const others = new Set<string>();
  for (const statement of statements) {
    const [name, value] = assignmentOf(statement) ?? bareDeclarationOf(statement) ?? [];
    if (name === undefined || !value) continue;
    const of = value.kind === "name" ? aliases.get(value.name) : undefined;
    if (of === undefined || (aliases.get(name) ?? of) !== of) others.add(name);
    else aliases.set(name, of);
  }
  for (const name of others) aliases.delete(name);
  return aliases;
}

/** A declaration of one name. */
function bareDeclarationOf(statement: Statement): [name: string, value: Expression] | undefined {
  if (statement.kind !== "declaration" || statement.brackets !== "" || statement.names.length > 1) return undefined;
  return [statement.names[0]!, statement.value];
}

function both(a: Kind, b: Kind): Kind {
  if (a.is !== "tensor" || b.is !== "tensor") return a.is === b.is ? a : UNKNOWN;
  return a.rank === b.rank ? a : tensorOf();
}

function assignmentOf(statement: Statement): [name: string, value: Expression] | undefined {
  if (statement.kind !== "change" || statement.sign !== "" || statement.changed.kind !== "name") return undefined;
  return [statement.changed.name, statement.value];
}

/** The names that a statement declares, or assigns to. */
function namesGiven(statement: Statement): readonly string[] {
  if (statement.kind === "declaration") return statement.names;
  const [name] = assignmentOf(statement) ?? [];
  return name === undefined ? [] : [name];
}

/** The names that a statement declares. */
function declaredIn(statement: Statement, names: Names): [name: string, kind: Kind][] {
  if (statement.kind !== "declaration") return [];
  const { value, brackets } = statement;
  const kind = translated(value, names)?.kind ?? UNKNOWN;
  const isShape = value.kind === "field" && value.name === "shape";
  return statement.names.map((name, _, { length }) => {
    if (brackets === "" && length === 1) return [name, kind];
    if (isShape) return [name, NUMBER];
    if (kind.is === "extremes") return [name, tensorOf(kind.rank)];
    // const { W1, b1 } = parameters
    return [name, brackets === "{}" && names.isGiven(name) ? names.kindOf(name) : UNKNOWN];
  });
}

/** Names with a type that is known: (a: Tensor, b: number). */
function typedNames(tokens: readonly Token[]): [name: string, type: string][] {
  return tokens.flatMap(({ kind, text }, i): [string, string][] => {
    const type = tokens[i + 1]?.text === ":" ? tokens[i + 2]?.text : undefined;
    const isKnown = type !== undefined && Object.hasOwn(types, type) && tokens[i + 3]?.text !== "[";
    return kind === "name" && isKnown ? [[text, type]] : [];
  });
}

/** The parameters of functions inside the file, which can be anything: (a, b) => ..., x => ..., function f(a). */
function otherParameters(tokens: readonly Token[]): string[] {
  return tokens.flatMap(({ text }, i) => {
    if (text === "=>") return parametersBefore(tokens, i);
    const isFunction = text === "function" && tokens[i + 2]?.text === "(";
    return isFunction ? namesBetween(tokens, i + 2) : [];
  });
}

function ownFunctions(tokens: readonly Token[]): string[] {
  return tokens.flatMap(({ text }, i) => (text === "function" ? (tokens[i + 1]?.text ?? []) : []));
}

/** The longest list of parameters that is read, in tokens. */
const MOST_TOKENS = 60;

function parametersBefore(tokens: readonly Token[], arrow: number): string[] {
  const before = tokens[arrow - 1];
  if (before?.kind === "name" && tokens[arrow - 2]?.text !== ":") return [before.text];
  for (let i = arrow - 1; i >= Math.max(0, arrow - MOST_TOKENS); i--) {
    if (tokens[i]!.text === "(") return namesBetween(tokens, i);
  }
  return [];
}

/** The names behind a parenthesis or a comma, up to the closing parenthesis, without those in braces. */
function namesBetween(tokens: readonly Token[], open: number): string[] {
  const found: string[] = [];
  let braces = 0;
  for (let i = open + 1; i < open + MOST_TOKENS && i < tokens.length; i++) {
    const { kind, text } = tokens[i]!;
    if (text === ")") break;
    if (text === "{") braces += 1;
    if (text === "}") braces -= 1;
    const isFirst = tokens[i - 1]!.text === "(" || tokens[i - 1]!.text === ",";
    const isTyped = tokens[i + 1]?.text === ":" && Object.hasOwn(types, tokens[i + 2]?.text ?? "");
    if (braces === 0 && kind === "name" && isFirst && !isTyped) found.push(text);
  }
  return found;
}
