/** A formula as a tree: the part of TeX that the lessons use. */
export type Formula =
  /** Characters as they are shown. */
  | { kind: "text"; text: string }
  /** A space of so many columns between two formulas in one block, where a line may end. */
  | { kind: "gap"; columns: number }
  | { kind: "row"; parts: readonly Formula[] }
  | { kind: "scripts"; base: Formula; below?: Formula; above?: Formula }
  | { kind: "fraction"; above: Formula; below: Formula }
  | { kind: "root"; of: Formula }
  | { kind: "matrix"; rows: readonly (readonly Formula[])[] };

/** A formula that uses more of TeX than is known here. */
export class TexError extends Error {
  override name = "TexError";
}

/** What a command without arguments looks like. */
const symbols: Readonly<Record<string, string>> = {
  partial: "∂",
  sum: "Σ",
  max: "max",
  min: "min",
  log: "log",
  tanh: "tanh",
  cdot: "·",
  dots: "...",
  to: "→",
  leftarrow: "←",
  Rightarrow: "⇒",
  approx: "≈",
  lfloor: "⌊",
  rfloor: "⌋",
  gamma: "γ",
  beta: "β",
  delta: "δ",
  varepsilon: "ε",
  mu: "μ",
  eta: "η",
  lambda: "λ",
  ell: "ℓ",
  sigma: "σ",
  // larger brackets are not shown larger
  Big: "",
  left: "",
  right: "",
};

/** Narrow spaces, by the character after the backslash. */
const spaces = new Set([",", ";"]);

/** Symbols that belong to what follows them or to what precedes them, without a space. */
const prefixes = new Set(["partial", "lfloor", "Big", "left", "right"]);
const suffixes = new Set(["\\rfloor"]);

/** The commands that are known, without their backslashes. */
export const texCommands: readonly string[] = [
  ...Object.keys(symbols),
  "frac",
  "sqrt",
  "text",
  "mathrm",
  "quad",
  "qquad",
  "begin",
  "end",
];

const TOKEN = /\\[a-zA-Z]+|\\.|\s+|[^\\]/gsu;

/**
 * Reads a formula.
 *
 * @throws TexError if it uses what is not known here
 */
export function parseTex(tex: string): Formula {
  const reader = new Reader(tex.trim().match(TOKEN) ?? []);
  const formula = reader.row(() => false);
  if (!reader.isAtEnd) throw new TexError(`"${reader.next}" has no beginning`);
  return formula;
}

/** Reads tokens from left to right. */
class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  get next(): string {
    return this.#tokens[this.#at] ?? "";
  }

  /** Everything up to a token that ends it, which is left to read. */
  row(endsWith: (token: string) => boolean): Formula {
    const parts: Formula[] = [];
    while (!this.isAtEnd && !endsWith(this.next) && this.next !== "}") {
      const token = this.#take();
      if (/^\s/.test(token) && suffixes.has(this.next)) continue;
      if (token === "_" || token === "^") parts.push(this.#script(parts.pop(), token));
      else parts.push(this.#part(token));
    }
    return { kind: "row", parts };
  }

  #take(): string {
    const token = this.next;
    this.#at += 1;
    return token;
  }

  #expect(wanted: string): void {
    const token = this.#take();
    if (token !== wanted) throw new TexError(`expected "${wanted}", not "${token}"`);
  }

  #part(token: string): Formula {
    if (token === "{") return this.#rest("}");
    if (/^\s/.test(token)) return text(" ");
    if (!token.startsWith("\\")) return text(token);
    return this.#command(token.slice(1));
  }

  #command(name: string): Formula {
    switch (name) {
      case "quad":
        return { kind: "gap", columns: 3 };
      case "qquad":
        return { kind: "gap", columns: 6 };
      case "frac":
        return { kind: "fraction", above: this.#argument(), below: this.#argument() };
      case "sqrt":
        return { kind: "root", of: this.#argument() };
      case "text":
      case "mathrm":
        return this.#words();
      case "begin":
        return this.#matrix();
    }
    if (spaces.has(name)) return text(" ");
    const symbol = Object.hasOwn(symbols, name) ? symbols[name] : undefined;
    if (symbol === undefined) throw new TexError(`\\${name} is not known`);
    if (prefixes.has(name) && /^\s/.test(this.next)) this.#at += 1;
    return text(symbol);
  }

  /** The rest of a group, and the token that ends it. */
  #rest(end: string): Formula {
    const inside = this.row((token) => token === end);
    this.#expect(end);
    return inside;
  }

  /** {...}, or one token. */
  #argument(): Formula {
    while (/^\s/.test(this.next)) this.#at += 1;
    if (this.isAtEnd) throw new TexError("an argument is missing");
    return this.#part(this.#take());
  }

  /** {...} in which every character, spaces too, is shown as it is. */
  #words(): Formula {
    this.#expect("{");
    let words = "";
    while (!this.isAtEnd && this.next !== "}") words += this.#take();
    this.#expect("}");
    return text(words);
  }

  #script(base: Formula = text(""), sign: "_" | "^"): Formula {
    const all = base.kind === "scripts" ? base : { kind: "scripts" as const, base };
    const script = this.#argument();
    return sign === "_" ? { ...all, below: script } : { ...all, above: script };
  }

  #matrix(): Formula {
    const name = this.#argument();
    const isEnd = (token: string): boolean => token === "&" || token === "\\\\" || token === "\\end";
    const rows: Formula[][] = [[]];
    for (;;) {
      rows.at(-1)!.push(this.row(isEnd));
      const token = this.#take();
      if (token === "\\end") break;
      if (token === "\\\\") rows.push([]);
      else if (token !== "&") throw new TexError("a matrix has no end");
    }
    if (JSON.stringify(this.#argument()) !== JSON.stringify(name)) throw new TexError("two matrices overlap");
    return { kind: "matrix", rows };
  }
}

function text(characters: string): Formula {
  return { kind: "text", text: characters };
}
