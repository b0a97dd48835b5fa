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
  /** From the text's beginning. */
  pos: number;
}

/** What the parser threw at a file, in the other compiler's words: idioms are recognized by these. */
export function refusedBy(error: unknown, text: string): Refused {
  const { message, pos } = error as Partial<SyntaxFault>;
  const said = String(message)
    .replace(/^Error transforming .*?: /, "")
    .replace(/ \(\d+:\d+\)$/, "");
  if (pos === undefined) return { said, at: undefined };
  const fault = commentAt(text, pos) ?? letterAt(text, pos) ?? unterminated(said, text, pos);
  if (fault) return { said: fault.said, at: placeIn(text, fault.start) };
  const start = pos + /^\s*/.exec(text.slice(pos))![0].length;
  return { said: inOtherWords(said, text, start), at: placeIn(text, start) };
}

interface Fault {
  said: string;
  start: number;
}

/** A comment as in Python: the first character after the # is the first that is none of ours. */
function commentAt(text: string, place: number): Fault | undefined {
  const start = text.lastIndexOf("\n", place - 1) + 1;
  const [before] = /^(?:[^"'`/]*[\s;])?#(?=\s)/.exec(text.slice(start)) ?? [];
  if (before === undefined || start + before.length > place + 1) return undefined;
  return { said: `Syntax error ${JSON.stringify(text[start + before.length])}`, start: start + before.length };
}

/** A letter directly behind a number: 1.sub(x). */
function letterAt(text: string, place: number): Fault | undefined {
  const isLetter = /[\p{ID_Start}]/u.test(text[place] ?? "") && /(?<![\w.])\d+\.?$/.test(text.slice(0, place));
  return isLetter ? { said: `Syntax error ${JSON.stringify(text[place])}`, start: place } : undefined;
}

/** A text or a regular expression that does not end in its line. */
function unterminated(said: string, text: string, place: number): Fault | undefined {
  const [, what] = /^Unterminated (string constant|regular expression)$/.exec(said) ?? [];
  if (what === undefined) return undefined;
  const end = text.indexOf("\n", place);
  const other = what === "string constant" ? "string literal" : what;
  return { said: `Unterminated ${other}`, start: end < 0 ? text.length : end };
}

function inOtherWords(said: string, text: string, place: number): string {
  const found = tokenAt(text, place);
  const [, wanted] = /^Unexpected token, expected "(.*)"$/.exec(said) ?? [];
  if (wanted !== undefined) return `Expected "${wanted === "," ? closing(text, place) : wanted}" but found ${found}`;
  if (said === "Unexpected token") return `Unexpected ${found}`;
  if (said.startsWith("Unexpected character")) return `Syntax error ${found}`;
  return said;
}

/** What closes the innermost bracket that is open at a place; a comma if there is none. */
function closing(text: string, place: number): string {
  const open: string[] = [];
  for (const [token] of text.slice(0, place).matchAll(TOKEN_OR_COMMENT)) {
    const close = CLOSES[token];
    if (close !== undefined) open.push(close);
    else if (token === open.at(-1)) open.pop();
  }
  return open.at(-1) ?? ",";
}

const CLOSES: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const TOKEN_OR_COMMENT = /\/\/.*|\/\*[^]*?\*\/|"[^"\n]*"|'[^'\n]*'|`[^`]*`|[^]/g;

const TOKEN = /[\p{ID_Start}$_#][\p{ID_Continue}$]*|\d[\w.]*|"[^"\n]*"|'[^'\n]*'|[-+*/%&|^=<>!?.]+|[^]/uy;

/** The token at a place of a text, quoted. */
function tokenAt(text: string, place: number): string {
  TOKEN.lastIndex = place;
  const [token] = TOKEN.exec(text) ?? [];
  return token === undefined ? "end of file" : JSON.stringify(token);
}

/** The line and the column of a place in a text. */
export function placeIn(text: string, place: number): Position {
  const before = text.slice(0, place).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
