import type { Position } from "../../../grader/verdict/result.ts";

/** Why a file does not compile, in the words of the command line's compiler. */
export interface Refused {
  said: string;
  /** Undefined if it is about no place. */
  at: Position | undefined;
}

/** What Sucrase's parser throws. */
interface SyntaxFault {
  message: string;
  pos: number;
  loc: { line: number; column: number };
}

/** What the parser threw at a file, in the other compiler's words: idioms are recognized by these. */
export function refusedBy(error: unknown, text: string): Refused {
  const { message, pos, loc } = error as Partial<SyntaxFault>;
  const plain = String(message)
    .replace(/^Error transforming .*?: /, "")
    .replace(/ \(\d+:\d+\)$/, "");
  if (pos === undefined || loc === undefined) return { said: plain, at: undefined };
  return { said: inOtherWords(plain, tokenAt(text, pos)), at: { line: loc.line, column: loc.column } };
}

function inOtherWords(said: string, found: string): string {
  const [, expected] = /^Unexpected token, expected "(.*)"$/.exec(said) ?? [];
  if (expected !== undefined) return `Expected "${expected}" but found ${found}`;
  if (said === "Unexpected token") return `Unexpected ${found}`;
  if (said.startsWith("Unexpected character")) return `Syntax error ${found}`;
  return said;
}

const TOKEN = /[\p{ID_Start}$_#][\p{ID_Continue}$]*|\d[\w.]*|"[^"\n]*"|'[^'\n]*'|[-+*/%&|^=<>!?.]+|[^]/uy;

/** The token at a place of a text, quoted. */
function tokenAt(text: string, place: number): string {
  const start = place + /^\s*/.exec(text.slice(place))![0].length;
  TOKEN.lastIndex = start;
  const [token] = TOKEN.exec(text) ?? [];
  return token === undefined ? "end of file" : JSON.stringify(token);
}
