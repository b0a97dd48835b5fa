import { Tensor } from "#tensor";
import type { Note } from "../verdict/result.ts";

/** The methods of a tensor that make no new one, except those in place, which end in _. */
const makeNone: ReadonlySet<string> = new Set([
  "constructor",
  "size",
  "numel",
  "get",
  "set",
  "item",
  "toArray",
  "toString",
]);

/** The operations that leave the tensor alone and make a new one. */
export const makers: readonly string[] = Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype)).flatMap(
  ([name, { value }]) => (typeof value === "function" && !name.endsWith("_") && !makeNone.has(name) ? [name] : []),
);

/** How many notes a file gets, and the longest line that is searched. */
const NOTES = 3;
const LONGEST_LINE = 1000;

/** The first few calls of a tensor's operations that are statements on their own, so that their results are lost. */
export function unusedResults(text: string): Note[] {
  const notes: Note[] = [];
  const sets = setsIn(text);
  let isContinued = false;
  for (const [i, line] of text.split("\n").entries()) {
    if (notes.length === NOTES) break;
    const code = line.length <= LONGEST_LINE ? withoutText(line) : "";
    for (const { code: statement, at } of isContinued ? [] : statementsIn(code)) {
      const note = sets.has(ADDED_TO.exec(statement)?.[1]) ? undefined : lostIn(lastCalls(statement));
      if (note === undefined || notes.length === NOTES) continue;
      notes.push({ line: i + 1, column: at + 1, text: note });
    }
    if (code.trim() !== "") isContinued = OPEN.test(code);
  }
  return notes;
}

/** What follows a variable that is a Set, as its type or as its value: its add changes it. */
const SET = /(?:: | = new )Set\b/g;
/** The variables of a file that are Sets. Only 99 letters are looked back at: a file can be one long name. */
function setsIn(code: string): ReadonlySet<string | undefined> {
  const befores = [...code.matchAll(SET)].map(({ index }) => code.slice(Math.max(0, index - 99), index));
  return new Set(befores.flatMap((before) => /[\w$]+$/.exec(before) ?? []));
}

/** The variable whose add a statement begins with. */
const ADDED_TO = /^([\w$]+)\.add\(/;

/** What a statement computes and nobody gets: a new tensor, or a change to one that only the statement has. */
function lostIn([before, last]: readonly [before: string | undefined, last: string | undefined]): string | undefined {
  if (last === undefined) return undefined;
  if (makers.includes(last)) {
    return `the result of ${last} is not used: it is a new tensor; return it, or keep it in a const`;
  }
  // a view shares its numbers with its tensor
  const isLost = last.endsWith("_") && before !== undefined && before !== "view" && makers.includes(before);
  return isLost
    ? `${last} changes the new tensor that ${before} returns, and nothing else: to add to some entries, use set, or indexAdd_`
    : undefined;
}

/** The end of a line whose statement goes on in the next one. */
const OPEN = /([([,=+\-*/%.?:&|<>]|\breturn)\s*$/;

/** A line with blanks instead of its comment and of its strings' contents. */
function withoutText(code: string): string {
  return code.replace(/"[^"]*"|'[^']*'|`[^`]*`|\/\*.*?\*\/|\/\/.*$/g, (text) => " ".repeat(text.length));
}

/** A part of a line, and where it begins. */
interface Part {
  code: string;
  at: number;
}

/** The statements of a line, those in braces and behind a condition or a loop's head by themselves. */
function statementsIn(code: string): Part[] {
  const parts: Part[] = [];
  let [depth, start] = [0, 0];
  for (let i = 0; i <= code.length; i++) {
    const char = code[i] ?? ";";
    if ("([".includes(char)) depth += 1;
    if (")]".includes(char)) depth -= 1;
    if (depth > 0 || !";{}".includes(char)) continue;
    parts.push(withoutHead({ code: code.slice(start, i), at: start }));
    start = i + 1;
  }
  return parts;
}

/** A statement without the heads that decide whether it runs: `for (...)`, `if (...)`, `else`. */
function withoutHead({ code, at }: Part): Part {
  const [blank] = /^\s*/.exec(code)!;
  const [head, keyword] = /^(for|if|while|else)\b\s*/.exec(code.slice(blank.length)) ?? [""];
  const from = blank.length + head.length;
  if (keyword === undefined) return { code: code.slice(from), at: at + from };
  const end = keyword === "else" ? from : closing(code, from);
  return withoutHead({ code: code.slice(end), at: at + end });
}

/** The index behind the parenthesis that closes the one at an index; the index itself if there is none. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if ("([".includes(text[i]!)) depth += 1;
    if (")]".includes(text[i]!)) depth -= 1;
    if (depth === 0) return text[from] === "(" || text[from] === "[" ? i + 1 : from;
  }
  return from;
}

/**
 * The last two methods that a statement calls, if it is a chain of calls and nothing else: `mul` and `add` of
 * `a.mul(b).add(c)`.
 */
function lastCalls(statement: string): [before: string | undefined, last: string | undefined] {
  const none: [undefined, undefined] = [undefined, undefined];
  const code = statement.trimEnd();
  const [first] = /^[\w$]+/.exec(code) ?? [];
  if (first === undefined || first === "console") return none;
  let i = first.length;
  let before: string | undefined;
  let last: string | undefined;
  while (i < code.length) {
    const [step, name] = /^[!?]?\.([\w$]+)/.exec(code.slice(i)) ?? [];
    const end = closing(code, i);
    if (step === undefined && end === i) return none;
    const isCall = step === undefined && code[i] === "(";
    if (step !== undefined) [before, last, i] = [last, name, i + step.length];
    else i = end;
    if (i === code.length) return isCall ? [before, last] : none;
  }
  return none;
}
