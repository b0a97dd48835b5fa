import type { Idiom } from "./idiom.ts";
import { BLOCKS, IMPORT, UNNAMED, loop, numberAsTensor } from "./words.ts";

/** Idioms that do not compile: what esbuild says of them, and the line. */
export const compilerIdioms: readonly Idiom[] = [
  {
    by: "compiler",
    said: /^Cannot assign to "(\w+)" because it is a constant/,
    write: ({ said: [, name], code }) =>
      new RegExp(`(?:^|[;{)])\\s*${name}\\s*(?:[-+*/]|\\*\\*)?=(?!=)`).test(code)
        ? `a name that gets another value begins with let: write let ${name} = ... above`
        : undefined,
  },
  {
    by: "compiler",
    line: /(?<![\w$])[fF]"/,
    write: () => 'f"n = {n}" is written `n = ${n}`, between backquotes; ${x.toFixed(4)} has four digits',
  },
  {
    by: "compiler",
    line: /^\s*with\s+(?:\w+\.)*(?:no_grad|inference_mode)\b/,
    write: () => "there is no autograd here: remove the line with no_grad, and unindent the lines below it",
  },
  {
    by: "compiler",
    line: /^\s*assert\s/,
    write: () => 'assert is Python: write if (!(n > 1)) throw new Error("n is too small")',
  },
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
    write: ({ line: [, i, range], place }) => loop(i!, place, range),
  },
  { by: "compiler", said: /^Expected "\("/, line: /^\s*(?:if|while)\b.*:(?:\s|$)/, write: () => BLOCKS },
  { by: "compiler", line: /^\s*(?:else|elif\b.*|try|except\b.*)\s*:\s*$/, write: () => BLOCKS },
  {
    by: "compiler",
    line: /^\s*(?:import\s+[\w.]+(?:\s+as\s+\w+)?|from\s+[\w.]+\s+import\s.*)\s*$/,
    write: () => IMPORT,
  },
  {
    by: "compiler",
    line: /^\s*def\s+(\w+)\s*\(/,
    write: ({ line: [, name] }) => `def is Python: write function ${name}(a, b) { return ...; }`,
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
    write: () => SLICES,
  },
  { by: "compiler", said: /^Unexpected "\.\.\."/, line: /[\w)]\[\s*\.\.\./, write: () => SLICES },
  {
    by: "compiler",
    line: /^\s*(global|nonlocal|del)\s+\w/,
    write: ({ line: [, word] }) => `${word} is Python: leave the line out`,
  },
  {
    by: "compiler",
    said: /found "is"$/,
    line: /\bis\s+(not\s+)?None\b/,
    write: ({ line: [, not] }) => `x is ${not ? "not " : ""}None is written x ${not ? "!==" : "==="} undefined`,
  },
  {
    by: "compiler",
    line: /^\s*"{3}/,
    write: () => "a docstring is a comment here, between /* and */",
  },
  {
    by: "compiler",
    said: /found "if"$/,
    line: /\S\s+if\s.+\selse\s/,
    write: () => "a if condition else b is written condition ? a : b",
  },
  {
    by: "compiler",
    said: /^The constant "\w+" must be initialized/,
    line: /\b(?:const|let)\s+\w+\s*,\s*\w+\s*=.*\.max\(/,
    write: () => "max returns both under their names: write const { values, indices } = x.max(1)",
  },
  {
    by: "compiler",
    said: /^The constant "\w+" must be initialized/,
    line: /\b(?:const|let)\s+\[?(\w+(?:\s*,\s*\w+)+)\]?\s*=\s*([^=;[\]]+,[^=;[\]]*[^=;[\]\s])\s*(?:;|$)/,
    write: ({ line: [, names, values] }) =>
      `several names get their values at once with brackets: const [${names}] = [${values}]`,
  },
  {
    by: "compiler",
    said: /^Syntax error/,
    line: /(?<![\w.])(\d+)\.([a-z]\w*)\(/,
    write: ({ line: [, x, name] }) => numberAsTensor(x!, name!),
  },
];

const SLICES = "a tensor has no slices: x.get(i, j) reads one number, x.gatherRows(index) reads rows";
