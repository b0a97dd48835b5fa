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

/** Where each expression begins whose value a function returns; of `return a, b` it is the first, which nobody writes. */
function returnedIn(script: string): number[] {
  const { tokens } = parse(script, false, false, false);
  return tokens.flatMap(({ type, end }, i) => {
    const next = tokens[i + 1];
    if (!next) return [];
    const isReturned =
      type === TokenType._return
        ? !ENDS.has(next.type) && !script.slice(end, next.start).includes("\n")
        : type === TokenType.arrow && next.type !== TokenType.braceL;
    return isReturned ? [next.start] : [];
  });
}

const ENDS: ReadonlySet<TokenType> = new Set([TokenType.semi, TokenType.braceR, TokenType.colon]);
