import * as library from "#tensor";
import { nameHere } from "../../tensor/absent.ts";
import type { Around } from "./idiom.ts";

/** What is said of idioms: what to write instead. */

/** Where everything that a tensor can do is listed. */
export const TABLE = "all operations: exercises/TENSORS.md#all-operations";

/** The names of its functions. */
export const functions = Object.entries(library).flatMap(([name, value]) =>
  typeof value === "function" && !/^[A-Z]/.test(name) ? [name] : [],
);
/** The names of what a tensor can do. */
export const methods = Object.getOwnPropertyNames(library.Tensor.prototype).filter((name) => name !== "constructor");

/** Whether a tensor has an operation of this name, which is called: T is none. */
export function isMethod(name: string): boolean {
  return methods.includes(name) && name !== "T";
}

/** Arguments by name, which Python has. */
export const UNNAMED =
  "arguments have no names here: write sum(1, keepdim) for sum(1, keepdim=True), and sum(0) for sum(axis=0)";
/** Blocks that begin with a colon, which Python has. */
export const BLOCKS =
  "blocks are in braces and conditions in parentheses: if (n > 1) { ... } else if (n > 0) { ... } else { ... }";

/** for i in range(n), in JavaScript; a size that has no name in the file as it is written there. */
export function loop(i: string, { sizeOf }: Pick<Around, "sizeOf">, range = "n"): string {
  const isPlain = /^[\w.]+(?:\([\w, ]*\)|\[\d\])?$/.test(range);
  const end = isPlain ? range : "n";
  return `Python's loop over a range is written for (let ${i} = 0; ${i} < ${sizeOf(end) ?? end}; ${i}++) { ... }`;
}

/** 1.sub(x), for a number. */
export function numberAsTensor(x: string, name: string): string | undefined {
  return methods.includes(name) ? `a number has no operations: write tensor(${x}).${name}(...)` : undefined;
}

/** torch.zeros_like is zerosLike(x) here. */
export function elsewhere(module: string, name: string): string {
  if (module.startsWith("np") && name === "at")
    return `there is no ${module} here: write d.indexAdd_(0, index, rows); ${TABLE}`;
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

/** Whether a line calls a function of this name, which is no method. */
export function isCalled(name: string, code: string): boolean {
  return new RegExp(`(?<![\\w.])${name}\\(`).test(code);
}

/** exp(x), which is a method, zeros_like(x), which has another name, and ones(2, 3), which has to be imported. */
export function freeFunction(name: string): string | undefined {
  if (functions.includes(name) || name === "keepdim")
    return `${name} is not imported: add it to import { ... } from "#tensor"`;
  if (methods.includes(name)) return `${name} is a method: write x.${name}(...)`;
  const here = nameHere(name, [...functions, ...methods]);
  return here === undefined ? undefined : `it is written ${asCalled(here)} here`;
}

/** d = ..., and for (i = 0; ...), where the name is new. */
export function undeclared(name: string, code: string): string | undefined {
  if (new RegExp(`\\bfor\\s*\\(\\s*${name}\\s*=(?!=)`).test(code)) return `write for (let ${name} = 0; ...)`;
  if (new RegExp(`\\bfor\\s*\\(\\s*${name}\\s+of\\b`).test(code)) return `write for (const ${name} of ...)`;
  const isNew = new RegExp(`(?:^|[;{])\\s*${name}\\s*=(?![=>])`).test(code);
  return isNew ? `a new name begins with const: write const ${name} = ...` : undefined;
}
