import type { Note, Position } from "../../verdict/result.ts";
import { tokensOf, type Token } from "./tokens.ts";

const pairs: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
const openers: ReadonlySet<string> = new Set(Object.values(pairs));

/**
 * Where the bracket was opened that the compiler wants closed, often in a line above its complaint. Undefined if that is
 * not what it says.
 *
 * @param at where it complains
 */
export function openBracketNote(said: string, at: Position, text: string): Note | undefined {
  const [, expected] = /^Expected "([)\]])" but found /.exec(said) ?? [];
  if (expected === undefined) return undefined;
  const before = text.split("\n").slice(0, at.line - 1);
  const end = before.reduce((sum, line) => sum + line.length + 1, 0) + at.column - 1;
  const open: Token[] = [];
  for (const token of tokensOf(text.slice(0, end))) {
    if (token.kind !== "sign") continue;
    if (openers.has(token.text)) open.push(token);
    else if (open.at(-1)?.text === pairs[token.text]) open.pop();
  }
  const last = open.at(-1);
  if (!last || last.text !== pairs[expected]) return undefined;
  const { line, from } = last;
  const column = from - text.lastIndexOf("\n", from - 1);
  return { line, column, text: `the bracket ${last.text} in line ${line}, column ${column} is not closed` };
}
