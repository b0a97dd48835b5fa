import type { Idiom } from "./idiom.ts";
import { isMethod } from "./words.ts";

/** What people write who know JavaScript's arrays, the browser and Node. */
export const javascriptIdioms: readonly Idiom[] = [
  {
    by: "engine",
    said: /^TypeError: ([\w$]+) is not iterable/,
    write: ({ said: [, name], place }) =>
      objects.has(name!)
        ? `${name} is an object: Object.values(${name}) is an array of its tensors`
        : noArray(name!, place),
  },
  {
    by: "engine",
    said: /^TypeError: Spread syntax requires /,
    line: /\.\.\.([\w$]+)/,
    write: ({ line: [, name], place }) => noArray(name!, place),
  },
  // it asks for a length
  {
    by: "absent",
    line: /\bArray\.from\(\s*([\w$]+)\s*[,)]/,
    write: ({ line: [, name], place }) => noArray(name!, place),
  },
  {
    by: "engine",
    said: /^ReferenceError: structuredClone is not defined$/,
    write: () => "a tensor is copied with x.clone()",
  },
  {
    by: "engine",
    said: /^ReferenceError: (?:window|document|performance|process|fetch|require|Buffer|(?:set|clear)(?:Timeout|Interval)|setImmediate|requestAnimationFrame|queueMicrotask) is not defined$/,
    write: () => "an exercise has JavaScript's own objects, console and #tensor, and nothing of the browser or of Node",
  },
  {
    by: "engine",
    said: /^TypeError: [\w$]+\.(\w+) is not a function$/,
    line: /\.reduce\(.*,\s*0\s*\)/,
    write: ({ said: [, name] }) =>
      isMethod(name!) ? `the 0 behind the function is a number, which has no ${name}: leave it out` : undefined,
  },
  {
    by: "engine",
    said: /^ReferenceError: (d(\w+)) is not defined$/,
    write: ({ said: [, name, of], place }) =>
      place.tensors?.includes(of!) && !place.tensors.includes(name!)
        ? `${name} is not given: it is the gradient of ${of}, so compute it first, const ${name} = ...`
        : undefined,
  },
  {
    by: "engine",
    said: /^ReferenceError: (\w+) is not defined$/,
    write: ({ said: [, name], place }) => {
      const meant = place.meant(name!);
      return meant === undefined ? undefined : `did you mean ${meant}?`;
    },
  },
  {
    by: "compiler",
    said: /^Invalid assignment target/,
    line: /(?<![\w.])([\w.]+)\.get\(((?:[^()]|\([^()]*\))*)\)\s*([-+*/]?)=(?!=)\s*([^;]*[^;\s])/,
    write: ({ line: [, owner, at, sign, value] }) => {
      const before = sign === "" ? "" : `${owner}.get(${at}) ${sign} `;
      return `get reads a number: write ${owner}.set(${at}, ${before}${isPlain(value!) || sign === "" ? value : `(${value})`})`;
    },
  },
  {
    by: "compiler",
    said: /^Unexpected "\."/,
    line: /^\s*\.\w+\(/,
    write: () => "the line before ends in a semicolon: without it the chain goes on here",
  },
  {
    by: "compiler",
    said: /^Expected ";" but found "\w+"/,
    line: /\)\s+(\w+)\(/,
    write: ({ line: [, name] }) => (isMethod(name!) ? `a dot is missing: write .${name}(...)` : undefined),
  },
  {
    by: "operator",
    line: /"\s*\+|\+\s*"/,
    write: () => 'a tensor cannot be added to text: console.log("P", P) prints both, and `${P}` is a tensor as text',
  },
  {
    by: "operator",
    line: /(?<![\w.])([a-z]\w*)\(([\w.]+)\)\s*[-+*/]\s*\1\([\w.]+\)/,
    write: ({ line: [, name, of] }) =>
      `what ${name} returns is a tensor: if it has one number, ${name}(${of}).item() is that number`,
  },
  { by: "operator", line: /[\w)]\s*\^\s*[-\w(]/, write: () => "^ is no power: write x.pow(2)" },
];

/** What a training step receives and returns. */
const objects: ReadonlySet<string> = new Set(["parameters", "gradients", "batch"]);

/** [...x], for (const row of x), Array.from(x), const [a, b] = x. */
function noArray(name: string, { isTensor }: { isTensor: (name: string) => boolean }): string | undefined {
  if (!isTensor(name)) return undefined;
  return (
    `a tensor is not an array: ${name}.toArray() gives its numbers as one flat array, row by row, ` +
    `${name}.get(i, j) reads one, and ${name}.clone() copies the tensor`
  );
}

/** Whether it can stand behind a plus or a minus: a product can. */
function isPlain(value: string): boolean {
  return !/[-+]/.test(value.replaceAll(/\([^()]*\)/g, ""));
}
