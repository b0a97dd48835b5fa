import { parse } from "sucrase/dist/parser/index.js";
import { TokenType } from "sucrase/dist/parser/tokenizer/types.js";

/** Rooms without what a part of the page never reads: the grader is half as large without it. */

/** Fields of a room, of its hints, and of each of its mistakes; modules of the course that are all text. */
export interface Unread {
  /** From the course's folder. Their functions and constants are there, and empty. */
  readonly modules: readonly string[];
  readonly room: readonly string[];
  readonly hints: readonly string[];
  readonly mistake: readonly string[];
}

/** What grading never reads: it is for people, or for the course's own checks. Of hints it reads their numbers. */
export const unreadByGrading: Unread = {
  modules: ["looks.ts", "milestones.ts"],
  room: ["forms", "alsoRight", "questions", "experiment", "idea", "looks", "lecture"],
  hints: ["ask", "rule", "show", "worked", "result", "piece"],
  mistake: ["look", "idea"],
};

/** What people never read. */
export const unreadByPeople: Unread = { modules: [], room: ["forms"], hints: [], mistake: [] };

const open: ReadonlySet<TokenType> = new Set([
  TokenType.braceL,
  TokenType.parenL,
  TokenType.bracketL,
  TokenType.dollarBraceL,
]);
const close: ReadonlySet<TokenType> = new Set([TokenType.braceR, TokenType.parenR, TokenType.bracketR]);

/** A span of a text. */
interface Span {
  start: number;
  end: number;
}

/**
 * A room's file without the unread fields of its room and of its mistakes. A field is one of the room's if it is in an
 * object that a constant of the file is, or that a function of it is called with; one of its hints', if the object is a
 * field `hints`; one of a mistake's, if it is in an object of a list with a field `sentence`.
 */
export function withoutUnread(text: string, unread: Unread): string {
  const { tokens } = parse(text, false, true, false);
  const words = tokens.map(({ start, end }) => text.slice(start, end));
  const dropped: Span[] = [];
  /** The index of the token that opened each bracket that is open. */
  const stack: number[] = [];
  for (const [i, { type, isType }] of tokens.entries()) {
    if (open.has(type)) stack.push(i);
    else if (close.has(type)) stack.pop();
    const within = stack.at(-1);
    if (isType || within === undefined || words[within] !== "{" || !isKey(words, i)) continue;
    const fields = unreadIn(words, tokens, stack, unread);
    if (!fields.includes(words[i]!)) continue;
    const last = endOfField(tokens, i);
    const isInDropped = dropped.some(({ end }) => tokens[i]!.start < end);
    if (!isInDropped)
      dropped.push({ start: tokens[i]!.start, end: words[last] === "," ? tokens[last]!.end : tokens[last]!.start });
  }
  return dropped.reduceRight((left, { start, end }) => left.slice(0, start) + left.slice(end), text);
}

/** The unread fields of the innermost open bracket's object. */
function unreadIn(
  words: readonly string[],
  tokens: readonly { type: TokenType }[],
  stack: readonly number[],
  unread: Unread,
): readonly string[] {
  const within = stack.at(-1)!;
  if (isRoom(words, stack)) return unread.room;
  if (words[within - 1] === ":" && words[within - 2] === "hints") return unread.hints;
  return isMistake(words, tokens, within) ? unread.mistake : [];
}

/** Whether a token is the name of a field of an object: the first after a brace or a comma. */
function isKey(words: readonly string[], i: number): boolean {
  return (words[i - 1] === "{" || words[i - 1] === ",") && (words[i + 1] === ":" || words[i + 1] === ",");
}

/** Whether brackets that are open lead to a constant's object: `= {`, `= writtenRoom({` or `= gradientRoom(makemore, {`. */
function isRoom(words: readonly string[], stack: readonly number[]): boolean {
  const [first, second] = stack;
  if (stack.length === 1) return words[first! - 1] === "=";
  return stack.length === 2 && words[first!] === "(" && (words[second! - 1] === "," || second === first! + 1);
}

/** Whether an object is of a list, and has a sentence. */
function isMistake(words: readonly string[], tokens: readonly { type: TokenType }[], start: number): boolean {
  if (words[start - 1] !== "[" && words[start - 1] !== ",") return false;
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    if (open.has(tokens[i]!.type)) depth += 1;
    else if (close.has(tokens[i]!.type)) depth -= 1;
    if (depth === 0) return false;
    if (depth === 1 && words[i] === "sentence" && isKey(words, i)) return true;
  }
  return false;
}

/** The index of the comma behind a field, or of the bracket that closes its object. */
function endOfField(tokens: readonly { type: TokenType }[], start: number): number {
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    const { type } = tokens[i]!;
    if (depth === 0 && (type === TokenType.comma || close.has(type))) return i;
    if (open.has(type)) depth += 1;
    else if (close.has(type)) depth -= 1;
  }
  return tokens.length - 1;
}
