import { TokenType } from "sucrase/dist/esm/parser/tokenizer/types.js";
import type { File } from "sucrase/dist/types/parser/index.js";
import type { Token } from "sucrase/dist/types/parser/tokenizer/index.js";

/** An error about names, in the words of the command line's compiler, and where in the text it is. */
export interface NameError {
  said: string;
  start: number;
}

/** Sucrase's roles of an identifier, by number: see IdentifierRole. */
const ACCESS: ReadonlySet<number | null> = new Set([0, 1, 11]);
const TOP_LEVEL: ReadonlySet<number | null> = new Set([2, 5]);
const OF_FUNCTION: ReadonlySet<number | null> = new Set([3, 6]);
const OF_BLOCK: ReadonlySet<number | null> = new Set([4, 7]);
const IMPORTED = 9;

type Kind = "constant" | "import" | "let" | "other";

interface Declaration {
  name: string;
  kind: Kind;
  token: number;
  /** The tokens that it is known in: from, up to. */
  from: number;
  to: number;
}

/**
 * The first error about names that the parser does not look for: a name that is declared twice, a constant without a value,
 * or an assignment to a constant or an import. Where anything is uncertain, none is found: the engine finds it later.
 */
export function nameErrorIn(file: File, text: string): NameError | undefined {
  const words = file.tokens.map(({ start, end }) => text.slice(start, end));
  const kinds = kindsOf(file.tokens, words);
  const declarations = declarationsOf(file, words, kinds);
  return (
    misplaced(file.tokens, words) ??
    uninitialized(file.tokens, words) ??
    declaredTwice(declarations, file) ??
    assigned(file, words, declarations)
  );
}

/**
 * What the compiler takes for something else: an import in a function, and a colon in a call, as in f(dim: 1), which it
 * takes for a type.
 */
function misplaced(tokens: readonly Token[], words: readonly string[]): NameError | undefined {
  const open: number[] = [];
  for (const [i, { type, isType, scopeDepth, start }] of tokens.entries()) {
    const next = tokens[i + 1];
    if (
      type === TokenType._import &&
      !isType &&
      scopeDepth > 0 &&
      words[i + 1] !== "(" &&
      words[i + 1] !== "." &&
      next
    ) {
      return { said: `Unexpected ${JSON.stringify(words[i + 1])}`, start: next.start };
    }
    if (!isType && OPENS.has(type)) open.push(i);
    if (!isType && CLOSES.has(type)) open.pop();
    const around = open.at(-1);
    const isFirstOfType = isType && tokens[i - 1]?.isType === false;
    // behind a parenthesis, it is the type that an arrow function returns
    const isColon = isFirstOfType && words[i] === ":" && words[i - 1] !== ")";
    if (isColon && around !== undefined && words[around] === "(" && isOfCall(tokens, words, around)) {
      return { said: 'Expected ")" but found ":"', start };
    }
  }
  return undefined;
}

const { parenL, bracketL, braceL, dollarBraceL, parenR, bracketR, braceR } = TokenType;
const OPENS: ReadonlySet<TokenType> = new Set([parenL, bracketL, braceL, dollarBraceL]);
const CLOSES: ReadonlySet<TokenType> = new Set([parenR, bracketR, braceR]);

/** Whether a parenthesis begins the arguments of a call, not the parameters of a function. */
function isOfCall(tokens: readonly Token[], words: readonly string[], start: number): boolean {
  if (tokens[start - 1]?.type !== TokenType.name || words[start - 2] === "function") return false;
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    if (words[i] === "(") depth += 1;
    else if (words[i] === ")") depth -= 1;
    if (depth === 0) return !["=>", "{", ":"].includes(words[i + 1] ?? "");
  }
  return false;
}

/** Of each token that declares a name with const or let. */
function kindsOf(tokens: readonly Token[], words: readonly string[]): ReadonlyMap<number, Kind> {
  const kinds = new Map<number, Kind>();
  for (const [i, { type, isType }] of tokens.entries()) {
    if (isType || (type !== TokenType._const && type !== TokenType._let)) continue;
    const kind = type === TokenType._const ? "constant" : "let";
    for (const first of declaratorsAfter(tokens, words, i)) {
      for (let j = first; j <= endOfPattern(words, first); j++) kinds.set(j, kind);
    }
  }
  return kinds;
}

/** Where each declarator of a statement begins: const a = 1, { b } = c. */
function declaratorsAfter(tokens: readonly Token[], words: readonly string[], keyword: number): number[] {
  const found = [keyword + 1];
  let depth = 0;
  for (let i = keyword + 1; i < tokens.length; i++) {
    const word = words[i]!;
    if (OPENS.has(tokens[i]!.type)) depth += 1;
    else if (CLOSES.has(tokens[i]!.type)) depth -= 1;
    if (depth < 0 || (depth === 0 && (word === ";" || STATEMENT.has(word)))) break;
    if (depth === 0 && word === "," && !tokens[i]!.isType) found.push(i + 1);
  }
  return found;
}

/** Words that begin a statement, where a semicolon is left out. */
const STATEMENT: ReadonlySet<string> = new Set(
  "const let var return for if while do switch throw try break continue export import".split(" "),
);

function endOfPattern(words: readonly string[], first: number): number {
  if (words[first] !== "{" && words[first] !== "[") return first;
  let depth = 0;
  for (let i = first; i < words.length; i++) {
    if (/^[[{(]$/.test(words[i]!)) depth += 1;
    else if (/^[\]})]$/.test(words[i]!)) depth -= 1;
    if (depth === 0) return i;
  }
  return first;
}

function declarationsOf(
  { tokens, scopes }: File,
  words: readonly string[],
  kinds: ReadonlyMap<number, Kind>,
): Declaration[] {
  return tokens.flatMap(({ identifierRole: role, isType }, i): Declaration[] => {
    const isDeclared = OF_BLOCK.has(role) || OF_FUNCTION.has(role) || TOP_LEVEL.has(role) || role === IMPORTED;
    if (isType || !isDeclared) return [];
    const around = scopes.filter(
      ({ startTokenIndex, endTokenIndex, isFunctionScope }) =>
        startTokenIndex <= i && i < endTokenIndex && (isFunctionScope || !OF_FUNCTION.has(role)),
    );
    const scope = TOP_LEVEL.has(role) || role === IMPORTED ? undefined : innermost(around);
    const kind = role === IMPORTED ? "import" : (kinds.get(i) ?? "other");
    const place = { from: scope?.startTokenIndex ?? 0, to: scope?.endTokenIndex ?? tokens.length };
    return [{ name: words[i]!, kind, token: i, ...place }];
  });
}

function innermost(scopes: File["scopes"]): File["scopes"][number] | undefined {
  return scopes.toSorted((a, b) => a.endTokenIndex - a.startTokenIndex - (b.endTokenIndex - b.startTokenIndex))[0];
}

/** const x; but not: for (const x of y), declare const x. */
function uninitialized(tokens: readonly Token[], words: readonly string[]): NameError | undefined {
  for (const [i, { type, isType }] of tokens.entries()) {
    if (isType || type !== TokenType._const || words[i - 1] === "declare" || words[i + 1] === "enum") continue;
    if (words[i - 1] === "(" && /^(for|await)$/.test(words[i - 2] ?? "")) continue;
    for (const first of declaratorsAfter(tokens, words, i)) {
      let next = endOfPattern(words, first) + 1;
      while (tokens[next]?.isType === true || words[next] === "!") next += 1;
      if (words[next] === "=" || tokens[first]!.type !== TokenType.name) continue;
      if (words[next] === "," || words[next] === ";") {
        return { said: `The constant "${words[first]!}" must be initialized`, start: tokens[first]!.start };
      }
    }
  }
  return undefined;
}

/** let x = 1; let x = 2; in one scope. */
function declaredTwice(declarations: readonly Declaration[], { tokens }: File): NameError | undefined {
  for (const [i, second] of declarations.entries()) {
    const first = declarations.slice(0, i).find(({ name, from, to }) => {
      return name === second.name && from === second.from && to === second.to;
    });
    const isOfBlock = ({ kind }: Declaration): boolean => kind === "let" || kind === "constant";
    if (!first || !isOfBlock(first) || !isOfBlock(second)) continue;
    return { said: `The symbol "${second.name}" has already been declared`, start: tokens[second.token]!.start };
  }
  return undefined;
}

function assigned(
  { tokens }: File,
  words: readonly string[],
  declarations: readonly Declaration[],
): NameError | undefined {
  for (const [i, { identifierRole, isType, start }] of tokens.entries()) {
    if (isType || !ACCESS.has(identifierRole) || !isWritten(tokens, words, i)) continue;
    const name = words[i]!;
    const [known] = declarations
      .filter((one) => one.name === name && one.from <= i && i < one.to)
      .sort((a, b) => a.to - a.from - (b.to - b.from));
    if (known?.kind === "constant") return { said: `Cannot assign to "${name}" because it is a constant`, start };
    if (known?.kind === "import") return { said: `Cannot assign to import "${name}"`, start };
  }
  return undefined;
}

/** x = 1, x += 1, x++, --x; for (x of y). */
function isWritten(tokens: readonly Token[], words: readonly string[], i: number): boolean {
  const next = tokens[i + 1];
  if (next?.type === TokenType.eq || next?.type === TokenType.assign) return true;
  const isStep = (word: string | undefined): boolean => word === "++" || word === "--";
  const isLast = words[i + 1] !== "." && words[i + 1] !== "[" && words[i + 1] !== "(";
  return isStep(words[i + 1]) || (isStep(words[i - 1]) && isLast);
}
