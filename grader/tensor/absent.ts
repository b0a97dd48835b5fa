import { TensorError } from "./shape.ts";

type Class = abstract new (...args: never[]) => object;

const LESSON = "All operations: exercises/1-step-by-step/README.md#the-tensors";

/** What languages and test runners ask of any object: to be answered with nothing, as elsewhere. */
const ASKED_OF_ANYTHING = new Set(["then", "toJSON", "asymmetricMatch", "nodeType", "tagName", "inspect"]);

/** What other libraries call it, and what to write here. Names that begin or are spelled alike are found without. */
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
  t: "T",
  transpose: "T",
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
  map: "toArray().map",
  foreach: "toArray().forEach",
  reduce: "toArray().reduce",
  zeroslike: "zerosLike(x)",
  oneslike: "onesLike(x)",
  onehot: "oneHot(x, classes)",
};

/**
 * Has instances of a class throw a TensorError where something is read or written that they do not have, in place of
 * giving undefined: x[0], x.negate. It stands behind the class's prototype, where nothing arrives that is there, so
 * what is there is reached as fast as ever.
 */
export function standBehind(owner: Class): void {
  const behind = new Proxy(
    {},
    {
      get(target, key, instance: unknown) {
        if (isOrdinary(target, key) || !(instance instanceof owner)) return Reflect.get(target, key, instance);
        throw new TensorError(isName(key) ? unknownName(owner, key) : noBrackets(key));
      },
      set(target, key, value, instance: unknown) {
        if (isOrdinary(target, key) || !(instance instanceof owner)) return Reflect.set(target, key, value, instance);
        const text = `a tensor has no ${String(key)} that can be written; keep the value in a variable`;
        throw new TensorError(isName(key) ? text : noBrackets(key));
      },
    },
  );
  Object.setPrototypeOf(owner.prototype, behind);
}

/** What every object has, symbols, and what is asked of any object: `$$typeof`, `@@__IMMUTABLE_LIST__@@`. */
function isOrdinary(target: object, key: string | symbol): key is symbol {
  return typeof key === "symbol" || key in target || ASKED_OF_ANYTHING.has(key) || /^(\$\$|@@|_)/.test(key);
}

/** Whether a key is written behind a point; others come from brackets: 0, undefined, a tensor's text. */
function isName(key: string): boolean {
  return /^[a-z]\w*$/i.test(key) && !["undefined", "null", "NaN", "Infinity"].includes(key);
}

function noBrackets(key: string): string {
  const rows = key.startsWith("tensor(") ? "; C.gatherRows(Xb) reads the rows that Xb names" : "";
  return `a tensor has no [ ]; d.set(i, j, v) writes one number, d.get(i, j) or Yb.get(i) reads one${rows}`;
}

function unknownName({ prototype }: Class, key: string): string {
  const names = [...Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor"), "shape", "dtype"];
  const meant = nearest(key, names);
  const own = names.filter((name) => !(name in Object.prototype)).sort();
  const instead = meant === undefined ? `it has ${own.join(", ")}.` : `did you mean ${meant}?`;
  return `a tensor has no ${key.slice(0, 40)}; ${instead} ${LESSON}`;
}

/** What is likely meant by a name: what others call so, what begins alike, what is a slip or two of the finger off. */
function nearest(key: string, names: readonly string[]): string | undefined {
  const plain = (name: string): string => name.toLowerCase().replaceAll("_", "");
  const asked = plain(key);
  const known = Object.hasOwn(otherNames, asked) ? otherNames[asked] : names.find((name) => plain(name) === asked);
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

/** How many letters are to be put in, left out, changed or swapped with the next to make `b` of `a`. */
function slipsBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, changed);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j]!, before[j - 2]! + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
