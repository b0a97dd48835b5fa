import { distance } from "fastest-levenshtein";
import { TensorError, type TensorErrorKind } from "./error.ts";

type Class = abstract new (...args: never[]) => object;

const TABLE = "All operations: exercises/TENSORS.md#all-operations";

/** What languages and test runners ask of any object; the answer is undefined, as elsewhere. */
const ASKED_OF_ANYTHING = new Set(["then", "toJSON", "asymmetricMatch", "nodeType", "tagName", "inspect"]);

/** What other libraries call it, and what to write here. Similar names, and those of arrays, are found without an entry. */
const otherNames: Readonly<Record<string, string>> = {
  plus: "add",
  minus: "sub",
  subtract: "sub",
  times: "mul",
  divide: "div",
  square: "pow(2)",
  reciprocal: "pow(-1)",
  rsqrt: "pow(-0.5)",
  ln: "log",
  dot: "matmul",
  mm: "matmul",
  bmm: "matmul",
  t: "T",
  mt: "transpose(-2, -1)",
  permute: "transpose",
  swapaxes: "transpose",
  reshape: "view",
  flatten: "view(-1)",
  expandas: "expand(y.shape)",
  viewas: "view(y.shape)",
  repeat: "expand",
  tile: "expand",
  broadcastto: "expand",
  copy: "clone",
  length: "size(0)",
  dim: "shape.length",
  ndim: "shape.length",
  argmax: "max(1).indices",
  indices: "max(1).indices",
  amax: "max(1).values",
  values: "max(1).values",
  std: "var(0).sqrt()",
  at: "get",
  numpy: "toArray()",
  tolist: "toArray()",
  clip: "clamp",
  flat: "toArray()",
  map: "each",
  apply: "each",
  where: "maskedFill",
  fill: "maskedFill",
  zeroslike: "zerosLike(x)",
  oneslike: "onesLike(x)",
  onehot: "oneHot(x, classes)",
};

const ROW = "x.get(i, j) reads one number, and C.gatherRows(Xb) reads rows.";
const AS_IT_IS = "nothing is recorded here, and there is one kind of memory: it can be left out.";
const COLUMN = "view(-1, 1) makes a column, and sum(1, keepdim) keeps the dimension that a sum drops.";
const COMPARED =
  "tensors are not compared: oneHot(x.max(1).indices, x.size(1)) has a 1 at the largest entry of each row, and " +
  "x.each((v) => (v > 0 ? 1 : 0)) one at each positive entry.";
const AUTOGRAD = "there is no autograd here: the gradient is what a step asks you to compute.";

/** What to write instead of what no single operation does. */
const advice: Readonly<Record<string, string>> = {
  unsqueeze: COLUMN,
  squeeze: "x.view(n) and x.view(n, m) leave out a dimension of extent 1, and a sum without keepdim drops its own.",
  keepdim: "it is an argument: x.sum(1, keepdim).",
  keepdims: "it is an argument: x.sum(1, keepdim).",
  abs: "x.each(Math.abs) is written for it.",
  min: "x.neg().max(1).values.neg() has the smallest of each row.",
  argmin: "x.neg().max(1).indices has where the smallest of each row is.",
  zero: "x.mul_(0) sets all elements to 0.",
  ...fromKeys(["eq", "ne", "gt", "lt", "ge", "le", "greater", "less"], COMPARED),
  ...fromKeys(
    ["equal", "allclose", "isclose"],
    "a.sub(b) shows where two tensors differ; the grader compares for you.",
  ),
  ...fromKeys(["detach", "data", "cpu", "cuda", "to", "contiguous"], AS_IT_IS),
  ...fromKeys(["select", "indexselect", "narrow", "row", "iloc"], ROW),
  ...fromKeys(["backward", "grad", "requiresgrad", "gradfn", "zerograd", "retaingrad", "isleaf"], AUTOGRAD),
};

function fromKeys(keys: readonly string[], value: string): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, value]));
}

/** What the errors about operators and brackets say, without what to write instead. */
export const inShort: Readonly<Partial<Record<TensorErrorKind, string>>> = {
  operator: "a tensor is not a number",
  brackets: "a tensor has no [ ]",
};

/** The error of a tensor that is used as a number. */
export function notANumber(): TensorError {
  return absent(
    "operator",
    `${inShort.operator}: write a.add(b), a.sub(b), a.mul(b), a.div(b), a.neg(), a.pow(2) for operators, ` +
      "tensor(1).sub(a) for 1 - a, a.log(), a.exp(), a.tanh(), a.sqrt() for functions",
  );
}

/**
 * Makes instances of a class throw a TensorError where something is read or written that they do not have, instead of
 * giving undefined: x[0], x.negate. The proxy is the prototype of the class's prototype: a look-up reaches it only when
 * nothing was found before, so what exists is as fast as ever.
 */
export function standBehind(owner: Class): void {
  const behind = new Proxy(
    {},
    {
      get(target, key, instance: unknown) {
        if (isOrdinary(target, key) || !(instance instanceof owner)) return Reflect.get(target, key, instance);
        throw isName(key) ? absent("absent", unknownName(owner, key)) : noBrackets(key);
      },
      set(target, key, value, instance: unknown) {
        if (isOrdinary(target, key) || !(instance instanceof owner)) return Reflect.set(target, key, value, instance);
        const text = `a tensor has no ${String(key)} that can be written; keep the value in a variable`;
        throw isName(key) ? absent("absent", text) : noBrackets(key);
      },
    },
  );
  Object.setPrototypeOf(owner.prototype, behind);
}

/** The error of something that no tensor has: a name, brackets, or JavaScript's operators. */
function absent(kind: "absent" | "brackets" | "operator", message: string): TensorError {
  return new TensorError(message, { kind, operation: "", numbers: [] });
}

/** Properties of every object, symbols, and what is asked of any object: `$$typeof`, `@@__IMMUTABLE_LIST__@@`. */
function isOrdinary(target: object, key: string | symbol): key is symbol {
  return typeof key === "symbol" || key in target || ASKED_OF_ANYTHING.has(key) || /^(\$\$|@@|_)/.test(key);
}

/** Whether a key is written after a dot; others come from brackets: 0, undefined, a tensor's text. */
function isName(key: string): boolean {
  return /^[a-z]\w*$/i.test(key) && !["undefined", "null", "NaN", "Infinity", "true", "false"].includes(key);
}

function noBrackets(key: string): TensorError {
  const rows = key.startsWith("tensor(") ? "; C.gatherRows(Xb) reads the rows that Xb names" : "";
  const text = `${inShort.brackets}; d.set(i, j, v) writes one number, d.get(i, j) or Yb.get(i) reads one${rows}`;
  return absent("brackets", text);
}

function unknownName({ prototype }: Class, key: string): string {
  const names = [...Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor"), "shape", "dtype"];
  const meant = nearest(key, names);
  const own = names.filter((name) => !(name in Object.prototype)).sort();
  const known = Object.hasOwn(advice, plain(key)) ? advice[plain(key)] : undefined;
  const instead = known ?? (meant === undefined ? `it has ${own.join(", ")}.` : meantText(key, meant));
  return `a tensor has no ${key.slice(0, 40)}; ${instead} ${TABLE}`;
}

/** What a name is taken for; the transpose is no method, and not every operation has a form in place. */
function meantText(key: string, meant: string): string {
  if (meant === "T") return "did you mean T, without parentheses?";
  const isCopy = key.endsWith("_") && !meant.endsWith("_") && key.length > 1;
  return `did you mean ${meant}?${isCopy ? " It returns a new tensor and changes none." : ""}`;
}

/**
 * What another library's function is called here: `zerosLike(x)` for zeros_like, `exp` for exp. Undefined if nothing here
 * has that name.
 *
 * @param names of operations and functions
 */
export function nameHere(theirs: string, names: readonly string[]): string | undefined {
  const asked = plain(theirs);
  if (Object.hasOwn(otherNames, asked)) return otherNames[asked];
  const alike = names.filter((name) => plain(name) === asked);
  // index_add_ changes its tensor, index_add does not
  return alike.find((name) => name.endsWith("_") === theirs.endsWith("_")) ?? alike[0];
}

/** Without capitals and underscores, in which libraries differ. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}

/** What a name probably means: another library's name, one that begins alike, or one a typing slip or two away. */
function nearest(key: string, names: readonly string[]): string | undefined {
  const asked = plain(key);
  const known = nameHere(key, names);
  if (known !== undefined) return known;
  // filter, join, entries: what an array of numbers has
  if (key in Float32Array.prototype) return `toArray().${key}`;
  const alike = names.filter((name) => {
    const shorter = Math.min(name.length, asked.length);
    return shorter >= 3 && plain(name).slice(0, shorter) === asked.slice(0, shorter);
  });
  return alike[0] ?? similarName(key, names);
}

/** The name that another one misspells by a slip or two; undefined if there is none. */
export function similarName(key: string, names: readonly string[]): string | undefined {
  const asked = plain(key);
  const most = asked.length < 3 ? 0 : asked.length < 6 ? 1 : 2;
  const near = names
    .map((name) => ({ name, slips: slipsBetween(asked.slice(0, 40), plain(name)) }))
    .filter(({ slips }) => slips <= most)
    .sort((a, b) => a.slips - b.slips);
  return near[0]?.name;
}

/** How many letters have to be put in, left out or changed to make `b` of `a`; two swapped letters are one slip. */
function slipsBetween(a: string, b: string): number {
  const slips = distance(a, b);
  const letters = (text: string): string => [...text].sort().join("");
  return slips === 2 && letters(a) === letters(b) ? 1 : slips;
}
