import { distance } from "fastest-levenshtein";
import { TensorError } from "./error.ts";

type Class = abstract new (...args: never[]) => object;

const TABLE = "All operations: exercises/TENSORS.md#all-operations";

/** What languages and test runners ask of any object; the answer is undefined, as elsewhere. */
const ASKED_OF_ANYTHING = new Set(["then", "toJSON", "asymmetricMatch", "nodeType", "tagName", "inspect"]);

/** What other libraries call it, and what to write here. Similar names are found without an entry. */
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
  squeeze: "view",
  unsqueeze: "view",
  repeat: "expand",
  tile: "expand",
  broadcastto: "expand",
  copy: "clone",
  detach: "clone",
  length: "size(0)",
  dim: "shape.length",
  ndim: "shape.length",
  argmax: "max(1).indices",
  indices: "max(1).indices",
  amax: "max(1).values",
  values: "max(1).values",
  std: "var(0).sqrt()",
  at: "get",
  data: "toArray()",
  tolist: "toArray()",
  map: "each",
  apply: "each",
  where: "maskedFill",
  foreach: "toArray().forEach",
  reduce: "toArray().reduce",
  fill: "maskedFill",
  zeroslike: "zerosLike(x)",
  oneslike: "onesLike(x)",
  onehot: "oneHot(x, classes)",
};

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
export function absent(kind: "absent" | "brackets" | "operator", message: string): TensorError {
  return new TensorError(message, { kind, operation: "", numbers: [] });
}

/** Properties of every object, symbols, and what is asked of any object: `$$typeof`, `@@__IMMUTABLE_LIST__@@`. */
function isOrdinary(target: object, key: string | symbol): key is symbol {
  return typeof key === "symbol" || key in target || ASKED_OF_ANYTHING.has(key) || /^(\$\$|@@|_)/.test(key);
}

/** Whether a key is written after a dot; others come from brackets: 0, undefined, a tensor's text. */
function isName(key: string): boolean {
  return /^[a-z]\w*$/i.test(key) && !["undefined", "null", "NaN", "Infinity"].includes(key);
}

function noBrackets(key: string): TensorError {
  const rows = key.startsWith("tensor(") ? "; C.gatherRows(Xb) reads the rows that Xb names" : "";
  const text = `a tensor has no [ ]; d.set(i, j, v) writes one number, d.get(i, j) or Yb.get(i) reads one${rows}`;
  return absent("brackets", text);
}

function unknownName({ prototype }: Class, key: string): string {
  const names = [...Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor"), "shape", "dtype"];
  const meant = nearest(key, names);
  const own = names.filter((name) => !(name in Object.prototype)).sort();
  const instead = meant === undefined ? `it has ${own.join(", ")}.` : `did you mean ${meant}?`;
  return `a tensor has no ${key.slice(0, 40)}; ${instead} ${TABLE}`;
}

/**
 * What another library's function is called here: `zerosLike(x)` for zeros_like, `exp` for exp. Undefined if nothing here
 * has that name.
 *
 * @param names of operations and functions
 */
export function nameHere(theirs: string, names: readonly string[]): string | undefined {
  const asked = plain(theirs);
  return Object.hasOwn(otherNames, asked) ? otherNames[asked] : names.find((name) => plain(name) === asked);
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
  const alike = names.filter((name) => {
    const shorter = Math.min(name.length, asked.length);
    return shorter >= 3 && plain(name).slice(0, shorter) === asked.slice(0, shorter);
  });
  const most = asked.length < 3 ? 0 : asked.length < 6 ? 1 : 2;
  const near = names
    .map((name) => ({ name, slips: slipsBetween(asked.slice(0, 40), plain(name)) }))
    .filter(({ slips }) => slips <= most)
    .sort((a, b) => a.slips - b.slips);
  return alike[0] ?? near[0]?.name;
}

/** How many letters have to be put in, left out or changed to make `b` of `a`; two swapped letters are one slip. */
function slipsBetween(a: string, b: string): number {
  const slips = distance(a, b);
  const letters = (text: string): string => [...text].sort().join("");
  return slips === 2 && letters(a) === letters(b) ? 1 : slips;
}
