/** How much of a stack trace is read, in characters, and how many of its positions. */
const LONGEST_STACK = 20_000;
const MOST_PLACES = 50;

/** A position in a script, from 1. */
export interface Place {
  line: number;
  column: number;
}

/** What a stack trace says of a script. */
export interface Trace {
  /** The positions in the script, from the innermost. */
  places: readonly Place[];
  /** Whether the innermost position of all is in it. */
  isOnTop: boolean;
}

/**
 * Reads the stack traces of three engines:
 *
 *     TypeError: no                                     dcounts@step:dcounts:4:10
 *         at dcounts (step:dcounts:4:10)                __answer@blob:null/1b6...:3:77
 *         at __answer (blob:null/1b6...:3:77)
 *
 * @param script as the trace calls it
 */
export function readStack(whole: string, script: string): Trace {
  const stack = whole.slice(0, LONGEST_STACK);
  const name = script.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const found = [...stack.matchAll(new RegExp(`${name}:(\\d+)(?::(\\d+))?`, "g"))].slice(0, MOST_PLACES);
  const innermost = /^ +at .*$/m.exec(stack)?.[0] ?? /^.*:\d+:\d+$/m.exec(stack)?.[0] ?? "";
  return {
    places: found.map(([, line, column]) => ({ line: Number(line), column: Number(column ?? 1) })),
    isOnTop: innermost.includes(`${script}:`),
  };
}

/**
 * The column, from 1, that V8 names of what WebKit names another column of: WebKit's is behind a name, where V8's is at its
 * first letter, or at the \`new\` before it; and at the dot before the name of a property.
 *
 * @param code the line
 */
export function columnInV8(code: string, column: number): number {
  const [before, after] = [code.slice(0, column - 1), code.slice(column - 1)];
  const [dot] = /^\?*\.\s*(?=[\w$#])/.exec(after) ?? [];
  if (dot !== undefined) return column + dot.length;
  const [name] = /[\w$]+$/.exec(before) ?? [];
  if (name === undefined || after.startsWith("`")) return column;
  const start = before.length - name.length;
  const [made] = /\bnew\s+(?:[\w$]+\.)*$/.exec(before.slice(0, start)) ?? [""];
  return start - made.length + 1;
}
