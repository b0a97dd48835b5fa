import { expressionOf, type Expression } from "./expression.ts";
import type { Token } from "./tokens.ts";

/** A statement, as far as tensors are computed in it. */
export type Statement = { readonly first: Token; readonly last: Token } & (
  | { readonly kind: "value"; readonly value: Expression }
  /** New names: const n = ..., const [n, v] = ..., and const n, v = ..., which is neither language. */
  | {
      readonly kind: "declaration";
      readonly names: readonly string[];
      /** What is around the names: one name, or names without brackets, have none. */
      readonly brackets: "[]" | "{}" | "";
      /** The type that is written beside the name. */
      readonly type?: string;
      readonly value: Expression;
    }
  /** d = ..., d += ..., p.data += ..., d[i, j] = ...: what is before the sign, without its equals. */
  | {
      readonly kind: "change";
      readonly changed: Expression;
      readonly sign: string;
      readonly value: Expression;
      /** Whether a type is beside the name, without const or let: Python's dh: Tensor = ... */
      readonly isTyped?: boolean;
    }
  /** a, b = ...: Python's assignment to several names. */
  | { readonly kind: "several"; readonly names: readonly string[]; readonly value: Expression }
);

/** Longer statements are not read. */
const MOST_TOKENS = 400;

const openers: ReadonlySet<string> = new Set(["(", "[", "{"]);
const closers: ReadonlySet<string> = new Set([")", "]", "}"]);
const declares: ReadonlySet<string> = new Set(["const", "let", "var"]);
/** With these at the end of a line, or at the beginning of the next, the statement goes on there. */
const goesOn: ReadonlySet<string> = new Set("+ - * / @ ** = += -= *= /= , . ? : && || == === < >".split(" "));
const heads: ReadonlySet<string> = new Set(["for", "if", "while", "else"]);
const assignments: ReadonlySet<string> = new Set(["=", "+=", "-=", "*=", "/=", "@=", "**="]);

/** The statements of a file that can be read, in their order. */
export function statementsOf(tokens: readonly Token[]): Statement[] {
  return piecesOf(tokens).flatMap((piece) => statementOf(piece) ?? []);
}

/** The tokens of each statement; what is in parentheses behind `for` and `if` is as many statements of its own. */
function piecesOf(tokens: readonly Token[]): Token[][] {
  const pieces: Token[][] = [];
  let piece: Token[] = [];
  let depth = 0;
  const end = (): void => {
    if (piece.length > 0) pieces.push(piece);
    piece = [];
    depth = 0;
  };
  /** Behind `for` and `if` comes a parenthesis, unless it is Python. */
  let head: "none" | "expected" | "inside" = "none";
  for (const token of tokens) {
    const { kind, text } = token;
    const before = piece.at(-1);
    if (before && depth === 0 && token.line > before.line && !isJoined(before, token)) end();
    if (piece.length === 0 && kind === "name" && heads.has(text)) head = "expected";
    else if (head === "expected" && text === "(") head = "inside";
    else if (text === ";" || (depth === 0 && isBlock(text, before))) end();
    else if (head === "inside" && depth === 0 && text === ")") {
      end();
      head = "none";
    } else {
      if (head === "expected") head = "none";
      if (openers.has(text)) depth += 1;
      if (closers.has(text)) depth = Math.max(0, depth - 1);
      piece.push(token);
    }
  }
  end();
  return pieces;
}

/** Whether a brace begins or ends a block: it is not around the names of const { values, indices }. */
function isBlock(brace: string, before: Token | undefined): boolean {
  if (brace === "{") return !declares.has(before?.text ?? "");
  return brace === "}";
}

function isJoined(before: Token, after: Token): boolean {
  return [before, after].some(({ kind, text }) => kind === "sign" && goesOn.has(text));
}

function statementOf(piece: readonly Token[]): Statement | undefined {
  if (piece.length > MOST_TOKENS) return undefined;
  const [first] = piece;
  const last = piece.at(-1)!;
  const word = first!.kind === "name" ? first!.text : "";
  if (word === "return") return withValue(piece.slice(1), (value) => ({ kind: "value", value, first: first!, last }));
  if (declares.has(word)) return declarationOf(piece);
  const at = assignmentIn(piece);
  if (at < 0) return withValue(piece, (value) => ({ kind: "value", value, first: first!, last }));
  const [before, sign, after] = [piece.slice(0, at), piece[at]!.text.slice(0, -1), piece.slice(at + 1)];
  const names = namesIn(before);
  if (names && names.length > 1 && sign === "")
    return withValue(after, (value) => ({ kind: "several", names, value, first: first!, last }));
  // dh: Tensor = ..., with a type that Python has as well
  const isTyped = before[0]?.kind === "name" && before[1]?.text === ":";
  const of = expressionOf(isTyped ? before.slice(0, 1) : before);
  // p.data += ..., which is p in PyTorch without its gradient
  const changed = of?.kind === "field" && of.name === "data" ? of.of : of;
  if (changed?.kind !== "name" && changed?.kind !== "element") return undefined;
  const made = { kind: "change", changed, sign, ...(isTyped && { isTyped }), first: first!, last } as const;
  return withValue(after, (value) => ({ ...made, value }));
}

/** The position of the sign that assigns, outside all brackets; -1 if there is none. */
function assignmentIn(piece: readonly Token[]): number {
  let depth = 0;
  return piece.findIndex(({ kind, text }) => {
    if (kind !== "sign") return false;
    if (openers.has(text)) depth += 1;
    if (closers.has(text)) depth -= 1;
    return depth === 0 && assignments.has(text);
  });
}

function declarationOf(piece: readonly Token[]): Statement | undefined {
  const [first] = piece;
  const last = piece.at(-1)!;
  const at = assignmentIn(piece);
  if (at < 0 || piece[at]!.text !== "=") return undefined;
  const before = piece.slice(1, at);
  const around = `${before[0]?.text}${before.at(-1)?.text}`;
  const brackets = around === "[]" || around === "{}" ? around : "";
  const isTyped = before[1]?.text === ":";
  const type = isTyped ? before.slice(2).map(({ text }) => text) : [];
  const names = namesIn(brackets !== "" ? before.slice(1, -1) : isTyped ? before.slice(0, 1) : before);
  if (!names) return undefined;
  return withValue(piece.slice(at + 1), (value) => ({
    kind: "declaration",
    names,
    brackets,
    ...(isTyped && { type: type.join("") }),
    value,
    first: first!,
    last,
  }));
}

/** The names that commas separate; undefined if it is anything else. */
function namesIn(tokens: readonly Token[]): string[] | undefined {
  const isRight = tokens.every(({ kind, text }, i) => (i % 2 === 0 ? kind === "name" : text === ","));
  return isRight && tokens.length % 2 === 1 ? tokens.flatMap(({ text }, i) => (i % 2 === 0 ? text : [])) : undefined;
}

function withValue(tokens: readonly Token[], make: (value: Expression) => Statement): Statement | undefined {
  const value = expressionOf(withoutType(tokens));
  return value && make(value);
}

/** x.shape as [number, number] without the type behind it. */
function withoutType(tokens: readonly Token[]): readonly Token[] {
  let depth = 0;
  const at = tokens.findIndex(({ kind, text }) => {
    if (openers.has(text)) depth += 1;
    if (closers.has(text)) depth -= 1;
    return depth === 0 && kind === "name" && text === "as";
  });
  return at < 0 ? tokens : tokens.slice(0, at);
}
