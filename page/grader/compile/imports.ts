import { TokenType } from "sucrase/dist/esm/parser/tokenizer/types.js";
import type { Token } from "sucrase/dist/types/parser/tokenizer/index.js";

/** An import of a file. */
export interface Import {
  /** What is imported, as it is written; undefined if the name is computed. */
  from: string | undefined;
  /** The names that are imported and used, with their places in the text; none if the module is imported as a whole. */
  names: readonly { name: string; as: string; start: number }[];
  /** Where the statement begins and ends in the text. */
  start: number;
  end: number;
  /** Where the name of what is imported begins. */
  at: number;
  /** Whether it is `import { a, b as c } from "..."`. */
  isList: boolean;
}

/** All imports of a file, with or without types, as they are written. */
export function importsOf(tokens: readonly Token[], text: string): Import[] {
  const words = tokens.map(({ start, end }) => text.slice(start, end));
  return tokens.flatMap((token, i): Import[] => {
    if (token.isType) return [];
    const next = words[i + 1];
    if (token.type === TokenType._import && next === "(") return [called(tokens, words, i)];
    if (words[i] === "require" && next === "(" && words[i - 1] !== "." && words[i - 1] !== "function") {
      return [called(tokens, words, i)];
    }
    const isStatement = token.type === TokenType._import || token.type === TokenType._export;
    return isStatement && token.scopeDepth === 0 ? statement(tokens, words, i) : [];
  });
}

/** import("./a.ts"), and require("./a.ts"). */
function called(tokens: readonly Token[], words: readonly string[], i: number): Import {
  const isWritten = tokens[i + 2]?.type === TokenType.string && [")", ",", "as"].includes(words[i + 3] ?? "");
  const { start, end } = tokens[i]!;
  const from = isWritten ? unquoted(words[i + 2]!) : undefined;
  return { from, names: [], start, end, at: tokens[i + 2]?.start ?? start, isList: false };
}

/** import ... from "...", and export ... from "...". */
function statement(tokens: readonly Token[], words: readonly string[], first: number): Import[] {
  const isImport = tokens[first]!.type === TokenType._import;
  const isList = words[first + 1] === "{";
  // an export without `from` is no import; a list and a star are all that can come before it
  if (!isImport && !isList && words[first + 1] !== "*") return [];
  let last = first + 1;
  while (last < tokens.length && tokens[last]!.type !== TokenType.string) {
    if (words[last] === ";" || words[last] === "=" || (words[last] === "}" && words[last + 1] !== "from")) return [];
    last += 1;
  }
  const found = tokens[last];
  if (!found || isOfTypes(tokens, words, first)) return [];
  const end = words[last + 1] === ";" ? tokens[last + 1]!.end : found.end;
  const known = { from: unquoted(words[last]!), start: tokens[first]!.start, end, at: found.start };
  // what is only passed on may be a type
  if (!isImport) return [{ ...known, names: [], isList: false }];
  const listed = namesIn(tokens, words, first);
  const names = listed.filter(({ as }) => isUsed(tokens, words, as));
  // the compiler drops an import of which nothing is used: all of it may be types
  return listed.length > 0 && names.length === 0 ? [] : [{ ...known, names, isList }];
}

/** import type ..., and export type ...; but not a default import called type. */
function isOfTypes(tokens: readonly Token[], words: readonly string[], first: number): boolean {
  if (tokens[first + 1]!.isType) return true;
  return words[first + 1] === "type" && words[first + 2] !== "from" && words[first + 2] !== ",";
}

/** The names that an import declares: import a, { b as c }, or import * as d. */
function namesIn(tokens: readonly Token[], words: readonly string[], first: number): Import["names"] {
  const names: { name: string; as: string; start: number }[] = [];
  for (let i = first + 1; i < tokens.length && words[i] !== "from" && tokens[i]!.type !== TokenType.string; i++) {
    const { isType, start } = tokens[i]!;
    if (isType || ["{", "}", ","].includes(words[i]!)) continue;
    const isInList =
      words[i - 1] === "{" || words[i - 1] === "," ? i > first + 1 && words.lastIndexOf("{", i) > first : false;
    const isRenamed = words[i + 1] === "as" && words[i + 2] !== "," && words[i + 2] !== "}";
    const as = isRenamed ? words[i + 2]! : unquoted(words[i]!);
    names.push({ name: isInList || words[i] === "*" ? unquoted(words[i]!) : "default", as, start });
    if (isRenamed) i += 2;
  }
  return names;
}

/** Sucrase's roles of an identifier that reads or writes a variable: Access, ExportAccess, ObjectShorthand, ImportAccess. */
const ACCESS: ReadonlySet<number | null> = new Set([0, 1, 8, 11]);

/** Whether a name is read or written as a value somewhere; a type alone is no use. */
function isUsed(tokens: readonly Token[], words: readonly string[], name: string): boolean {
  return tokens.some(({ isType, identifierRole }, i) => words[i] === name && !isType && ACCESS.has(identifierRole));
}

/** The text that a string stands for. */
function unquoted(word: string): string {
  if (!/^["'`]/.test(word)) return word;
  const inner = word
    .slice(1, -1)
    .replace(/\\'/g, "'")
    .replace(/(?<!\\)"/g, '\\"');
  try {
    return JSON.parse(`"${inner}"`) as string;
  } catch {
    return word.slice(1, -1).replace(/\\(.)/g, "$1");
  }
}
