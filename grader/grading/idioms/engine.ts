import type { Idiom } from "./idiom.ts";
import { UNNAMED, elsewhere, freeFunction, isCalled, loop, methods, numberAsTensor, undeclared } from "./words.ts";

/** Idioms that compile, and use what is not there: what V8 says of them, and the line. */
export const engineIdioms: readonly Idiom[] = [
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
      /^\d/.test(index!)
        ? `a tensor has no [ ]: write a loop with x.set(i, ${index}, v)`
        : `a tensor has no [ ]: oneHot(${index}, x.size(1)) has a 1 at each of these positions; or write a loop with ` +
          `x.set(i, ${index}.get(i), v)`,
  },
  {
    by: "engine",
    said: notDefined("range"),
    line: /\bfor\s*\(\s*(?:(?:const|let|var)\s+)?(\w+)\s+(?:in|of)\s+range\(((?:[^()]|\([^()]*\))*)\)/,
    write: ({ line: [, i, range], place }) => loop(i!, place, range),
  },
  {
    by: "engine",
    said: notDefined("(range|arange|enumerate|zip)"),
    line: /\b(?:range|arange|enumerate|zip)\(/,
    write: ({ said: [, name] }) => `there is no ${name} here: write for (let i = 0; i < n; i++) { ... }`,
  },
  {
    by: "engine",
    said: notDefined("(len|int|round|str|float|list|pass)"),
    line: /\b(len|int|round|str|float|list)\(|^\s*(pass)\s*;?\s*$/,
    write: ({ said: [, name], line: [, called, alone] }) =>
      name === (called ?? alone) ? pythons[name as keyof typeof pythons] : undefined,
  },
  {
    by: "engine",
    said: notDefined("(\\w+)"),
    line: /^\s*(\w+(?:\s*,\s*\w+)+)\s*=(?!=)\s*([^=;]+,[^=;]*[^=;\s])\s*;?\s*$/,
    write: ({ said: [, name], line: [, names, values] }) =>
      names!.split(/\s*,\s*/).includes(name!)
        ? `several names get their values at once with brackets: const [${names}] = [${values}]`
        : undefined,
  },
  {
    by: "engine",
    said: notDefined("cmp"),
    line: /\bcmp\(/,
    write: () => "the report compares, as the lecture's cmp does: leave the line out",
  },
  {
    by: "engine",
    said: notDefined("type"),
    line: /\btype\(/,
    write: () => "type(x) is written typeof x; of a tensor, x.dtype",
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
  { by: "engine", said: notDefined("keepdim"), write: () => freeFunction("keepdim") },
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
    said: /^TypeError: (\w+) is not iterable/,
    line: /\bfor\s*\(\s*(?:const|let|var)\s+(\w+)\s+of\s+(\w+)\s*\)/,
    write: ({ said: [, name], line: [, one, of], place }) =>
      name === of && place.isList(of!)
        ? `a loop cannot go over a tensor: write for (let i = 0; i < ${of}.size(0); i++) { const ${one} = ${of}.get(i); ... }`
        : undefined,
  },
  {
    by: "engine",
    said: /^TypeError: .*\.max\(\.\.\.\)\.(\w+) is not a function$/,
    write: ({ said: [, name] }) =>
      methods.includes(name!)
        ? `max returns two tensors: write max(1).values.${name}(...), or max(1).indices`
        : undefined,
  },
];

/** Python's own words, and what is written for them. */
const pythons = {
  len: "len(x) is written x.size(0) for a tensor, and x.length for an array, such as x.shape",
  int: "int(x) is written Math.trunc(x)",
  round: "round(x) is written Math.round(x); of a tensor, x.each(Math.round)",
  str: "str(x) is written String(x), or `${x}` within a text",
  float: "float(x) is not needed: every number has a fraction",
  list: "list(x) is written x.toArray() for a tensor, and [...x] for anything that a loop can go over",
  pass: "pass is Python: an empty block is written { }",
};

const constants = { True: "true", False: "false", None: "undefined" };

/** V8's words for a name that is not there. */
function notDefined(name: string): RegExp {
  return new RegExp(`^ReferenceError: ${name} is not defined$`);
}
