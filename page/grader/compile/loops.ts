import { parse } from "sucrase/dist/esm/parser/index.js";
import { TokenType } from "sucrase/dist/esm/parser/tokenizer/types.js";
import type { Place } from "./stack.ts";

/**
 * Where a script is when its time is over. A browser says nothing of a worker that never listens, so the script is run once
 * more with a watch in the condition of each of its loops.
 */

/** After so many milliseconds the loop that comes next is the one. */
const WATCHED_MS = 500;
const MARK = "the loop at";

/** On the script's first line, so that the others keep their numbers. */
function watchOf(afterMs: number): string {
  return (
    `"use strict"; const __watch = ((begin, count) => (line, column) => { if ((++count & 255) === 0 && ` +
    `Date.now() - begin > ${afterMs}) throw new Error("${MARK} " + line + ":" + column); return true; })(Date.now(), 0);`
  );
}

/** A script whose loops end with an error that says where they are; undefined if it has none, or cannot be read. */
export function watched(script: string, afterMs = WATCHED_MS): string | undefined {
  const added: { at: number; text: string }[] = [];
  let tokens;
  try {
    ({ tokens } = parse(script, false, false, false));
  } catch {
    return undefined;
  }
  for (const [i, { type, start }] of tokens.entries()) {
    const isFor = type === TokenType._for;
    if ((!isFor && type !== TokenType._while) || tokens[i + 1]?.type !== TokenType.parenL) continue;
    const before = script.slice(0, start);
    const [line, column] = [before.split("\n").length, start - before.lastIndexOf("\n")];
    const call = `__watch(${line},${column})`;
    const inside = insideOf(tokens, i + 1);
    if (!inside) continue;
    const { open, close, semicolons } = inside;
    const from = isFor ? semicolons[0] : open;
    const to = isFor ? semicolons[1] : close;
    // for (... of ...) goes over what is there already
    if (!from || !to) continue;
    const isEmpty = script.slice(from.end, to.start).trim() === "";
    added.push({ at: from.end, text: isEmpty ? call : `${call}&&(` });
    if (!isEmpty) added.push({ at: to.start, text: ")" });
  }
  if (added.length === 0) return undefined;
  let [made, last] = [watchOf(afterMs), 0];
  for (const { at, text } of added.sort((a, b) => a.at - b.at)) {
    made += script.slice(last, at) + text;
    last = at;
  }
  return made + script.slice(last);
}

/** The place that an answer's error names; undefined if it names none. */
export function loopIn(answer: string): Place | undefined {
  const [, line, column] = new RegExp(`${MARK} (\\d+):(\\d+)`).exec(answer) ?? [];
  return line === undefined ? undefined : { line: Number(line), column: Number(column) };
}

/** Something with a place in the script. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/** The parentheses that begin at a token, and the semicolons directly in them. */
function insideOf(
  tokens: readonly (Part & { type: TokenType })[],
  first: number,
): { open: Part; close: Part; semicolons: readonly Part[] } | undefined {
  let depth = 0;
  const semicolons: Part[] = [];
  for (const token of tokens.slice(first)) {
    if (OPENING.has(token.type)) depth += 1;
    else if (CLOSING.has(token.type)) depth -= 1;
    else if (token.type === TokenType.semi && depth === 1) semicolons.push(token);
    if (depth === 0) return { open: tokens[first]!, close: token, semicolons };
  }
  return undefined;
}

const OPENING: ReadonlySet<TokenType> = new Set([
  TokenType.parenL,
  TokenType.braceL,
  TokenType.bracketL,
  TokenType.dollarBraceL,
]);
const CLOSING: ReadonlySet<TokenType> = new Set([TokenType.parenR, TokenType.braceR, TokenType.bracketR]);
