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
