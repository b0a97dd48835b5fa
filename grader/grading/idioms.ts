import * as library from "#tensor";
import { nameHere } from "../tensor/absent.ts";
import type { TensorErrorKind } from "../tensor/error.ts";
import { indexed, operatorsOn, type IsTensor } from "./operators.ts";

/**
 * What people write who know Python, NumPy or PyTorch, and what to write here. An idiom is recognized by two things
 * together: what the compiler, the engine or a tensor said of a line, and the line itself. Where either does not fit,
 * nothing is said: a false remark is worse than none.
 */
interface Idiom {
  /** Who complains of it. */
  by: "compiler" | "engine" | TensorErrorKind;
  /** What the compiler or the engine says, which is all that it gives. */
  said?: RegExp;
  /** What the line contains, its strings and comments left out. */
  line?: RegExp;
  /** What to write; undefined if it is not certain. */
  write: (seen: Seen) => string | undefined;
}

interface Seen {
  /** The groups of `said` and of `line`. */
  said: readonly string[];
  line: readonly string[];
  /** The line's code. */
  code: string;
  isTensor: IsTensor;
}

/** What is known of a complaint. */
export interface Complaint {
  by: Idiom["by"];
  said: string;
}

const TABLE = "all operations: exercises/TENSORS.md#all-operations";

const functions = Object.entries(library).flatMap(([name, value]) =>
  typeof value === "function" && !/^[A-Z]/.test(name) ? [name] : [],
);
const methods = Object.getOwnPropertyNames(library.Tensor.prototype).filter((name) => name !== "constructor");

const UNNAMED =
  "arguments have no names here: write sum(1, keepdim) for sum(1, keepdim=True), and sum(0) for sum(axis=0)";
const BLOCKS =
  "blocks are in braces and conditions in parentheses: if (n > 1) { ... } else if (n > 0) { ... } else { ... }";

const idioms: readonly Idiom[] = [
  // ---- what does not compile
  { by: "compiler", said: /^Cannot assign to import "keepdim"/, line: /\bkeepdim\s*=(?!=)/, write: () => UNNAMED },
  { by: "compiler", said: /^Expected "\)" but found ":"/, line: /\b(?:keepdims?|dim|axis)\s*:/, write: () => UNNAMED },
  {
    by: "compiler",
    said: /found "@"$/,
    line: /(?:([\w.]*\w)\s*)?@\s*([\w.]*\w)?/,
    write: ({ line: [, a = "a", b = "b"] }) => `@ is Python's matrix product: write ${a}.matmul(${b})`,
  },
  {
    by: "compiler",
    said: /^Expected "\(" but found/,
    line: /^\s*for\s+(\w+)\b.*?\bin\b\s*(?:range\(((?:[^()]|\([^()]*\))*)\))?/,
    write: ({ line: [, i, range] }) => loop(i!, range),
  },
  { by: "compiler", said: /^Expected "\("/, line: /^\s*(?:if|while)\b.*:\s*$/, write: () => BLOCKS },
  { by: "compiler", line: /^\s*(?:else|elif\b.*|try|except\b.*)\s*:\s*$/, write: () => BLOCKS },
  {
    by: "compiler",
    line: /^\s*(?:import\s+[\w.]+(?:\s+as\s+\w+)?|from\s+[\w.]+\s+import\s.*)\s*$/,
    write: () => `this is Python's import; everything that a step needs comes from #tensor; ${TABLE}`,
  },
  {
    by: "compiler",
    line: /^\s*def\s+(\w+)\s*\(/,
    write: ({ line: [, name] }) => `def is Python: write function ${name}(a, b) { return ...; }`,
  },
  {
    by: "compiler",
    said: /^Unexpected "\*\*"/,
    line: /-\s*(\w+)\s*\*\*\s*([\d.]+)/,
    write: ({ line: [, x, power], isTensor }) => (isTensor(x!) ? `write ${x}.pow(${power}).neg()` : undefined),
  },
  {
    by: "compiler",
    said: /^Expected .* but found/,
    line: /[\w)\]]\s+(?:and|or)\s+[\w(!-]|(?:^|[=(,]|\breturn|\bif|\bwhile|\band|\bor)\s*not\s+[\w(]/,
    write: () => "and, or and not are written &&, || and !",
  },
  {
    by: "compiler",
    said: /^Syntax error|"#/,
    line: /(?:^|[\s;])#/,
    write: () => "a comment begins with //, not with #",
  },
  {
    by: "compiler",
    said: /found "for"$/,
    line: /\[.*\bfor\s+\w+\s+in\b/,
    write: () => "this is Python's list comprehension: write a loop, or Array.from({ length: n }, (_, i) => 2 * i)",
  },
  { by: "compiler", line: /\blambda\b[^=]*:/, write: () => "lambda x: ... is written (x) => ..." },
  {
    by: "compiler",
    said: /^Unexpected ":"|^Expected "\]" but found ":"/,
    line: /[\w)]\[[^[\]]*:/,
    write: () => "a tensor has no slices: x.get(i, j) reads one number, x.gatherRows(index) reads rows",
  },
  {
    by: "compiler",
    said: /found "if"$/,
    line: /\S\s+if\s.+\selse\s/,
    write: () => "a if condition else b is written condition ? a : b",
  },
  {
    by: "compiler",
    said: /^Cannot assign to "\w+" because it is a constant/,
    line: /(?:^|[;{])\s*(\w+)\s*([-+*/])=\s*(.*?)\s*;?\s*\}?\s*$/,
    write: ({ line: [, x, sign, y], isTensor }) => (isTensor(x!) ? inPlace(x!, sign!, y!) : undefined),
  },
  {
    by: "compiler",
    said: /^The constant "\w+" must be initialized/,
    line: /\b(?:const|let)\s+\w+\s*,\s*\w+\s*=.*\.max\(/,
    write: () => "max returns both under their names: write const { values, indices } = x.max(1)",
  },
  {
    by: "compiler",
    said: /^Syntax error/,
    line: /(?<![\w.])(\d+)\.([a-z]\w*)\(/,
    write: ({ line: [, x, name] }) => numberAsTensor(x!, name!),
  },

  // ---- what the engine does not know
  {
    by: "engine",
    said: notDefined("(?:axis|keepdims|dim)"),
    line: /[(,]\s*(?:axis|keepdims|dim)\s*=(?!=)/,
    write: () => UNNAMED,
  },
  {
    by: "engine",
    said: notDefined("(True|False|None)"),
    write: ({ said: [, name] }) => `${name} is written ${constants[name as keyof typeof constants]}`,
  },
  {
    by: "engine",
    said: notDefined("range"),
    line: /\[\s*range\(.*?\)\s*,\s*(\w+)\s*\]/,
    write: ({ line: [, index] }) =>
      `a tensor has no [ ]: oneHot(${index}, x.size(1)) has a 1 at each of these positions; or write a loop with ` +
      `x.set(i, ${index}.get(i), v)`,
  },
  {
    by: "engine",
    said: notDefined("range"),
    line: /\bfor\s*\(\s*(?:(?:const|let|var)\s+)?(\w+)\s+(?:in|of)\s+range\(((?:[^()]|\([^()]*\))*)\)/,
    write: ({ line: [, i, range] }) => loop(i!, range),
  },
  {
    by: "engine",
    said: notDefined("len"),
    line: /\blen\(\s*([\w.]+)\s*\)/,
    write: ({ line: [, x], isTensor }) => (isTensor(x!) ? `len(${x}) is written ${x}.size(0)` : undefined),
  },
  { by: "engine", said: notDefined("print"), line: /\bprint\(/, write: () => "print(x) is written console.log(x)" },
  {
    by: "engine",
    said: notDefined("(torch|np|numpy|F)"),
    line: /\b(torch|np|numpy|F)\.(?:\w+\.)*(\w+)/,
    write: ({ said: [, said], line: [, module, name] }) => (said === module ? elsewhere(module!, name!) : undefined),
  },
  {
    by: "engine",
    said: notDefined("(\\w+)"),
    write: ({ said: [, name], code }) => (isCalled(name!, code) ? freeFunction(name!) : undefined),
  },
  {
    by: "engine",
    said: notDefined("(\\w+)"),
    write: ({ said: [, name], code }) => undeclared(name!, code),
  },
  {
    by: "engine",
    said: /^TypeError: (\d+(?:\.\d+)?)\.(\w+) is not a function$/,
    write: ({ said: [, x, name] }) => numberAsTensor(x!, name!),
  },
  {
    by: "engine",
    said: /^TypeError: .*\.max\(\.\.\.\)\.(\w+) is not a function$/,
    write: ({ said: [, name] }) =>
      methods.includes(name!)
        ? `max returns two tensors: write max(1).values.${name}(...), or max(1).indices`
        : undefined,
  },

  // ---- what no tensor has
  { by: "operator", write: ({ code, isTensor }) => operatorsOn(code, isTensor) },
  { by: "brackets", write: ({ code, isTensor }) => indexed(code, isTensor) },
];

const constants = { True: "true", False: "false", None: "undefined" };

/** V8's words for a name that is not there. */
function notDefined(name: string): RegExp {
  return new RegExp(`^ReferenceError: ${name} is not defined$`);
}

function loop(i: string, range = "n"): string {
  const isPlain = /^[\w.]+(?:\([\w, ]*\))?$/.test(range);
  return `Python's loop over a range is written for (let ${i} = 0; ${i} < ${isPlain ? range : "n"}; ${i}++) { ... }`;
}

function inPlace(x: string, sign: string, y: string): string {
  const name = { "+": "add", "-": "sub", "*": "mul", "/": "div" }[sign]!;
  const other = /^[\w.]+$/.test(y) ? y : "...";
  return `${sign}= does not work on a tensor: write ${x}.${name}_(${other}), which changes ${x} itself`;
}

function numberAsTensor(x: string, name: string): string | undefined {
  return methods.includes(name) ? `a number has no operations: write tensor(${x}).${name}(...)` : undefined;
}

/** torch.zeros_like is zerosLike(x) here. */
function elsewhere(module: string, name: string): string {
  const here = nameHere(name, [...functions, ...methods]);
  if (here === undefined) return `there is no ${module} here; ${TABLE}`;
  return `there is no ${module} here: write ${asCalled(here)}; ${TABLE}`;
}

/** `exp` as x.exp(...), `ones` as ones(...); what is written in full stays as it is. */
function asCalled(here: string): string {
  if (here.includes("(") && functions.includes(here.split("(")[0]!)) return here;
  if (functions.includes(here)) return `${here}(...)`;
  return here.includes("(") || here === "T" || here.includes(".") ? `x.${here}` : `x.${here}(...)`;
}

function isCalled(name: string, code: string): boolean {
  return new RegExp(`(?<![\\w.])${name}\\(`).test(code);
}

/** exp(x), which is a method, zeros_like(x), which has another name, and ones(2, 3), which is to be imported. */
function freeFunction(name: string): string | undefined {
  if (functions.includes(name)) return `${name} is not imported: add it to import { ... } from "#tensor"`;
  if (methods.includes(name)) return `${name} is a method: write x.${name}(...)`;
  const here = nameHere(name, [...functions, ...methods]);
  return here === undefined ? undefined : `it is written ${asCalled(here)} here`;
}

/** d = ..., and for (i = 0; ...), where the name is new. */
function undeclared(name: string, code: string): string | undefined {
  if (new RegExp(`\\bfor\\s*\\(\\s*${name}\\s*=(?!=)`).test(code)) return `write for (let ${name} = 0; ...)`;
  if (new RegExp(`\\bfor\\s*\\(\\s*${name}\\s+of\\b`).test(code)) return `write for (const ${name} of ...)`;
  const isNew = new RegExp(`(?:^|[;{])\\s*${name}\\s*=(?![=>])`).test(code);
  return isNew ? `a new name begins with const: write const ${name} = ...` : undefined;
}

/** Longer lines are not searched. */
const LONGEST_LINE = 400;

/**
 * What to write instead of a line that is no TypeScript, or that asks a tensor for what only other libraries have;
 * undefined if the line is no known idiom.
 *
 * @param line as in the file
 * @param isTensor whether a name in the line is surely that of a tensor
 */
export function idiomIn(line: string, { by, said }: Complaint, isTensor: IsTensor): string | undefined {
  if (line.length > LONGEST_LINE) return undefined;
  const code = withoutText(line);
  for (const idiom of idioms) {
    if (idiom.by !== by) continue;
    const inWords = idiom.said ? idiom.said.exec(said) : [];
    const inLine = idiom.line ? idiom.line.exec(code) : [];
    const write = inWords && inLine && idiom.write({ said: inWords, line: inLine, code, isTensor });
    if (write) return write;
  }
  return undefined;
}

/** A line without its comment, and with blanks instead of its strings' contents. */
function withoutText(code: string): string {
  return code.replace(/"[^"]*"|'[^']*'|`[^`]*`|\/\*.*?\*\/|\/\/.*$/g, (text) =>
    text.startsWith("/") ? "" : `"${" ".repeat(text.length - 2)}"`,
  );
}
