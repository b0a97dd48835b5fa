import type { Token } from "./tokens.ts";

/**
 * An expression as Python reads it, which is how it is meant by people who write operators between tensors. Where only
 * TypeScript has a form, such as a condition with ?, it is not read.
 */
export type Expression = Place &
  (
    | { readonly kind: "number"; readonly text: string }
    | { readonly kind: "name"; readonly name: string }
    | { readonly kind: "string"; readonly text: string }
    | { readonly kind: "negative"; readonly of: Expression }
    | { readonly kind: "binary"; readonly sign: Operator; readonly left: Expression; readonly right: Expression }
    | { readonly kind: "comparison"; readonly sign: Comparison; readonly left: Expression; readonly right: Expression }
    | { readonly kind: "field"; readonly of: Expression; readonly name: string }
    | { readonly kind: "call"; readonly of: Expression; readonly values: readonly Argument[] }
    | { readonly kind: "element"; readonly of: Expression; readonly indices: readonly Index[] }
    | { readonly kind: "list"; readonly items: readonly Expression[] }
    /** (2, 3), which is 3 in JavaScript. */
    | { readonly kind: "tuple"; readonly items: readonly Expression[] }
    /** ...x.shape, and Python's *x.shape. */
    | { readonly kind: "spread"; readonly sign: "..." | "*"; readonly of: Expression }
  );

/** Where it is in the text, from 0; `to` is behind it. The brackets around an expression are no part of it. */
interface Place {
  readonly from: number;
  readonly to: number;
}

export type Operator = "+" | "-" | "*" | "/" | "@" | "**";
export type Comparison = "==" | "===" | "!=" | "!==" | "<" | ">" | "<=" | ">=";

/** What a function is called with; with a name only in Python. */
export interface Argument {
  readonly name?: string;
  readonly value: Expression;
}

/** What is in a tensor's brackets: an expression, the slice : of a whole dimension, or a part of one such as 1:3. */
export type Index = Expression | "slice" | "part";

/** Thrown inside this file, where the tokens are no such expression. */
class Unreadable extends Error {}

/** How deeply brackets can be nested, and operators follow each other to the right. */
const DEEPEST = 60;

const sums: ReadonlySet<string> = new Set(["+", "-"]);
const products: ReadonlySet<string> = new Set(["*", "/", "@"]);
const comparisons: ReadonlySet<string> = new Set(["==", "===", "!=", "!==", "<", ">", "<=", ">="]);
/** Words that are no names of values. */
const reserved: ReadonlySet<string> = new Set(
  "and as await break case class const continue def delete do elif else export for from function if import in is lambda let new not of or return throw typeof var void while yield".split(
    " ",
  ),
);

/**
 * The expression that the tokens are, all of them.
 *
 * @returns undefined if they are none
 */
export function expressionOf(tokens: readonly Token[]): Expression | undefined {
  try {
    const reader = readerOf(tokens);
    const found = reader.expression();
    return reader.isAtEnd() ? found : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** Reads by precedence, from comparisons, which bind least, to calls and brackets, which bind most. */
function readerOf(tokens: readonly Token[]): { expression: () => Expression; isAtEnd: () => boolean } {
  let next = 0;
  let depth = 0;

  const isSign = (text: string): boolean => tokens[next]?.kind === "sign" && tokens[next]!.text === text;
  const take = (): Token => tokens[next++] ?? fail();
  const takeSign = (text: string): Token => (isSign(text) ? take() : fail());
  const signIn = (signs: ReadonlySet<string>): string | undefined => {
    const token = tokens[next];
    return token?.kind === "sign" && signs.has(token.text) ? take().text : undefined;
  };

  function deeper<R>(read: () => R): R {
    depth += 1;
    if (depth > DEEPEST) fail();
    const found = read();
    depth -= 1;
    return found;
  }

  const expression = (): Expression => deeper(comparison);

  function comparison(): Expression {
    const from = tokens[next]?.from ?? 0;
    const left = sum();
    const sign = signIn(comparisons) as Comparison | undefined;
    if (sign === undefined) return left;
    const right = sum();
    return { kind: "comparison", sign, left, right, from, to: endBefore() };
  }

  const sum = (): Expression => leftToRight(sums, product);
  const product = (): Expression => leftToRight(products, negative);

  function leftToRight(signs: ReadonlySet<string>, operand: () => Expression): Expression {
    const from = tokens[next]?.from ?? 0;
    let left = operand();
    for (let sign = signIn(signs); sign !== undefined; sign = signIn(signs)) {
      const right = operand();
      left = { kind: "binary", sign: sign as Operator, left, right, from, to: endBefore() };
    }
    return left;
  }

  /** The end of what was read last, with its brackets. */
  const endBefore = (): number => tokens[next - 1]!.to;

  function negative(): Expression {
    if (!isSign("-") && !isSign("+")) return power();
    const { text, from } = take();
    const of = deeper(negative);
    return text === "+" ? of : { kind: "negative", of, from, to: endBefore() };
  }

  /** A power binds more than the minus on its left, and less than the one on its right: -x**-2 is -(x**(-2)). */
  function power(): Expression {
    const from = tokens[next]?.from ?? 0;
    const left = postfix();
    if (!isSign("**")) return left;
    take();
    const right = deeper(negative);
    return { kind: "binary", sign: "**", left, right, from, to: endBefore() };
  }

  function postfix(): Expression {
    const from = tokens[next]?.from ?? 0;
    let of = primary();
    for (;;) {
      if (isSign(".")) {
        take();
        const { kind, text, to } = take();
        if (kind !== "name") fail();
        of = { kind: "field", of, name: text, from, to };
      } else if (isSign("(")) {
        take();
        const values = separated(")", argument);
        of = { kind: "call", of, values, from, to: endBefore() };
      } else if (isSign("[")) {
        take();
        const indices = separated("]", index);
        if (indices.length === 0) fail();
        of = { kind: "element", of, indices, from, to: endBefore() };
      } else return of;
    }
  }

  function primary(): Expression {
    if (isSign("(")) {
      const { from } = take();
      const items = separated(")", item);
      const [inside, ...others] = items;
      if (!inside) fail();
      return others.length === 0 ? inside : { kind: "tuple", items, from, to: endBefore() };
    }
    if (isSign("[")) {
      const { from } = take();
      const items = separated("]", item);
      return { kind: "list", items, from, to: endBefore() };
    }
    const { kind, text, from, to } = take();
    if (kind === "number" || kind === "string") return { kind, text, from, to };
    return kind === "name" && !reserved.has(text) ? { kind, name: text, from, to } : fail();
  }

  function item(): Expression {
    if (!isSign("...") && !isSign("*")) return expression();
    const { from, text } = take();
    const of = expression();
    return { kind: "spread", sign: text as "..." | "*", of, from, to: of.to };
  }

  function argument(): Argument {
    const [name, equals] = tokens.slice(next, next + 2);
    if (name?.kind !== "name" || (equals?.text !== "=" && equals?.text !== ":")) return { value: item() };
    next += 2;
    return { name: name.text, value: expression() };
  }

  function index(): Index {
    let isSlice = false;
    let found: Expression | undefined;
    while (!isSign(",") && !isSign("]")) {
      if (isSign(":")) {
        take();
        isSlice = true;
      } else found = expression();
    }
    if (isSlice) return found ? "part" : "slice";
    return found ?? fail();
  }

  /** What commas separate, up to the closing bracket, which is taken. */
  function separated<R>(close: string, read: () => R): R[] {
    const found: R[] = [];
    while (!isSign(close)) {
      found.push(read());
      if (!isSign(close)) takeSign(",");
    }
    take();
    return found;
  }

  return { expression, isAtEnd: () => next === tokens.length };
}

function fail(): never {
  throw new Unreadable();
}

/** The parts that an expression is made of. */
export function partsOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case "number":
    case "name":
    case "string":
      return [];
    case "negative":
    case "spread":
    case "field":
      return [expression.of];
    case "binary":
    case "comparison":
      return [expression.left, expression.right];
    case "call":
      return [expression.of, ...expression.values.map(({ value }) => value)];
    case "element":
      return [expression.of, ...expression.indices.filter((index) => typeof index !== "string")];
    case "list":
    case "tuple":
      return [...expression.items];
  }
}

/** x[i, j] and x[i][j] have the indices i and j of x; everything else is its own, without indices. */
export function elementsOf(expression: Expression): { of: Expression; indices: readonly Index[] } {
  if (expression.kind !== "element") return { of: expression, indices: [] };
  const { of, indices } = elementsOf(expression.of);
  return { of, indices: [...indices, ...expression.indices] };
}

/** An expression and everything in it. */
export function* allIn(expression: Expression): Generator<Expression> {
  yield expression;
  for (const part of partsOf(expression)) yield* allIn(part);
}
