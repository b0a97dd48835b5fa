import { parse } from "sucrase/dist/esm/parser/index.js";
import { TokenType } from "sucrase/dist/esm/parser/tokenizer/types.js";

/**
 * WebKit makes tail calls as the language's standard asks for them (ECMA-262, 15.10): a function that returns what a call
 * returns leaves no frame. An error in `return probs.mul(2)` would name no line of the learner's, and a recursion without an
 * end would go on until its time is over. What is stored before it is returned is no such call.
 */

const probe = {
  // the name stays when scripts are minified: it is a property's
  tailCallProbe(calls: number): string {
    return calls === 0 ? String(new Error("").stack) : probe.tailCallProbe(calls - 1);
  },
};
/** Whether this engine makes tail calls: one call after another has left one frame. */
export const hasTailCalls = probe.tailCallProbe(1).split("tailCallProbe").length === 2;

const HOLDER = "__returned";
const STORE = `${HOLDER}.v=`;
/** Declares where values are stored, for all code that follows. */
export const holder = `const ${HOLDER} = {};`;

/** A script without tail calls. */
export interface Held {
  readonly code: string;
  /** The column, from 0, that a place of it had in the script before. */
  readonly columnBefore: (line: number, column: number) => number;
}

/** Takes the tail calls out of a script; one that cannot be read stays as it is. */
export function withoutTailCalls(script: string): Held {
  const same: Held = { code: script, columnBefore: (_, column) => column };
  if (script.includes(HOLDER)) return same;
  let code = "";
  let last = 0;
  /** By line, from 1: the columns, from 0, at which values are stored. */
  const stored = new Map<number, number[]>();
  try {
    for (const at of returnedIn(script)) {
      const before = script.slice(0, at);
      const line = before.split("\n").length;
      stored.set(line, [...(stored.get(line) ?? []), at - before.lastIndexOf("\n") - 1]);
      code += script.slice(last, at) + STORE;
      last = at;
    }
    code += script.slice(last);
  } catch {
    return same;
  }
  const columnBefore = (line: number, column: number): number => {
    const columns = stored.get(line) ?? [];
    const passed = columns.filter((one, i) => one + i * STORE.length < column).length;
    return column - passed * STORE.length;
  };
  return { code, columnBefore };
}

/** Where each expression begins whose value a function returns. */
function returnedIn(script: string): number[] {
  const { tokens } = parse(script, false, false, false);
  const found: number[] = [];
  for (const [i, { type, end }] of tokens.entries()) {
    const next = tokens[i + 1];
    const isOnLine = next && !script.slice(end, next.start).includes("\n");
    if (type === TokenType.arrow && next && next.type !== TokenType.braceL) found.push(next.start);
    if (type !== TokenType._return || !isOnLine || ENDS.has(next.type)) continue;
    found.push(next.start);
    // return first, second
    let depth = 0;
    for (let at = i + 1; at < tokens.length; at++) {
      const { type, start, end } = tokens[at]!;
      if (OPENS.has(type)) depth += 1;
      if (CLOSES.has(type)) depth -= 1;
      const follows = tokens[at + 1];
      // a line can end the statement
      if (depth < 0 || type === TokenType.semi || !follows || script.slice(start, follows.start).includes("\n")) break;
      if (depth === 0 && type === TokenType.comma) found.push(end + /^\s*/.exec(script.slice(end))![0].length);
    }
  }
  return found.sort((a, b) => a - b);
}

const { semi, braceR, parenL, bracketL, braceL, dollarBraceL, parenR, bracketR } = TokenType;
const ENDS: ReadonlySet<TokenType> = new Set([semi, braceR, TokenType.colon]);
const OPENS: ReadonlySet<TokenType> = new Set([parenL, bracketL, braceL, dollarBraceL]);
const CLOSES: ReadonlySet<TokenType> = new Set([parenR, bracketR, braceR]);
