/** The smallest pieces of a file that is TypeScript, Python, or something between the two. */

export interface Token {
  readonly kind: "number" | "name" | "string" | "sign";
  readonly text: string;
  /** Where it is in the text, from 0; `to` is behind it. */
  readonly from: number;
  readonly to: number;
  /** From 1. */
  readonly line: number;
}

/** Comments of both languages are skipped. A number does not end in the dot of a call: 1.sub(x). */
const PIECE = new RegExp(
  [
    "(?<skipped>\\s+|\\/\\/.*|#.*|\\/\\*[^]*?\\*\\/)",
    "(?<number>(?:\\d[\\d_]*(?:\\.(?![A-Za-z_])\\d*)?|\\.\\d+)(?:e[+-]?\\d+)?)",
    "(?<name>[A-Za-z_$][\\w$]*)",
    "(?<string>\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\\n]|\\\\.)*'|`[^`]*`)",
    "(?<sign>\\*\\*=|===|!==|\\.\\.\\.|\\*\\*|==|!=|<=|>=|=>|\\+=|-=|\\*=|\\/=|@=|&&|\\|\\||\\?\\?|\\?\\.|[^])",
  ].join("|"),
  "giy",
);

const kinds = ["number", "name", "string", "sign"] as const;

/** The tokens of a text, in their order. What no language knows is a sign of its own. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const { 0: piece, index, groups } of text.matchAll(PIECE)) {
    const kind = kinds.find((one) => groups![one] !== undefined);
    if (kind) tokens.push({ kind, text: piece, from: index, to: index + piece.length, line });
    line += piece.split("\n").length - 1;
  }
  return tokens;
}
