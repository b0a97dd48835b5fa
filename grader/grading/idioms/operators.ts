/** Whether a name is surely that of a tensor. */
export type IsTensor = (name: string) => boolean;

const methods = { "+": "add", "-": "sub", "*": "mul", "/": "div" } as const;
type Sign = keyof typeof methods;

/** A name with the fields and calls behind it, unless it is part of more: x, x.pow(2), given.x. */
const NAME = "(?<![\\w$.])[A-Za-z_$][\\w$]*(?:\\.[\\w$]+(?:\\([^()]*\\))?)*(?![\\w$.([])";
const NUMBER = "(?<![\\w.])\\d+(?:\\.\\d+)?(?:e-?\\d+)?(?![\\w.])";
const OPERAND = `(${NAME}|${NUMBER})`;

const isNumber = (operand: string): boolean => /^\d/.test(operand);

const POWER = new RegExp(`(${NAME})\\s*\\*\\*\\s*(-?\\d+(?:\\.\\d+)?)`, "g");
const BINARY = new RegExp(`${OPERAND}\\s*(?<!\\*)([-+*/])(?![*=/+-])\\s*${OPERAND}`, "g");
const NEGATIVE = new RegExp(`(?:^|[=(,?:]|\\breturn)\\s*-\\s*(${NAME})`, "g");
const COMPOUND = /(?:^|[;{])\s*([A-Za-z_$][\w$]*)\s*([-+*/])=/g;
const OF_NUMBERS = new RegExp(`\\bMath\\.(exp|log|tanh|sqrt)\\(\\s*(${NAME})\\s*\\)`, "g");

/**
 * How JavaScript's operators in a line are written for tensors: "1 - x is written tensor(1).sub(x)". Only those with
 * operands that are names, calls or numbers, at least one of them surely a tensor; undefined if there are none.
 */
export function operatorsOn(code: string, isTensor: IsTensor): string | undefined {
  const written = new Map<string, string>();
  const say = (source: string, method: string | undefined): void => {
    if (method !== undefined) written.set(source.trim().replaceAll(/\s+/g, " "), method);
  };
  // powers bind most tightly: with them as calls, what is around them has two plain operands
  const plain = code.replaceAll(POWER, (source, x: string, power: string) => {
    if (!isTensor(x)) return source;
    say(source, `${x}.pow(${power})`);
    return `${x}.pow(${power})`;
  });
  for (const match of pairs(plain)) {
    const [source, a, sign, b] = match;
    if (!bindsLess(plain, match)) say(source, binary(a!, sign as Sign, b!, isTensor));
  }
  for (const [, x] of plain.matchAll(NEGATIVE)) say(`-${x}`, isTensor(x!) ? `${x}.neg()` : undefined);
  for (const [, x, sign] of plain.matchAll(COMPOUND)) {
    say(`${x} ${sign}= ...`, isTensor(x!) ? `${x}.${methods[sign as Sign]}_(...)` : undefined);
  }
  for (const [source, name, x] of plain.matchAll(OF_NUMBERS)) say(source, isTensor(x!) ? `${x}.${name}()` : undefined);
  if (written.size === 0) return undefined;
  return [...written].map(([source, method]) => `${source} is written ${method}`).join("; ");
}

/** Every operator between two operands; the second operand of one can be the first of the next. */
function* pairs(code: string): Generator<RegExpExecArray> {
  const pattern = new RegExp(BINARY);
  for (let match = pattern.exec(code); match; match = pattern.exec(code)) {
    yield match;
    pattern.lastIndex = match.index + match[0].length - match[3]!.length;
  }
}

/** Whether an operator next to them takes one of the operands first: x - y in w * x - y, but not x * y in w - x * y. */
function bindsLess(code: string, { 0: text, 2: sign, index }: RegExpExecArray): boolean {
  const before = code.slice(0, index).trimEnd().at(-1) ?? "";
  const after = code.slice(index + text.length).trimStart();
  if (after.startsWith("**") || before === "*" || before === "/") return true;
  return (sign === "+" || sign === "-") && (/^[*/]/.test(after) || before === "+" || before === "-");
}

function binary(a: string, sign: Sign, b: string, isTensor: IsTensor): string | undefined {
  if (isTensor(a) && (isTensor(b) || isNumber(b))) return `${a}.${methods[sign]}(${b})`;
  if (!isNumber(a) || !isTensor(b)) return undefined;
  // a sum and a product can begin with either
  return sign === "+" || sign === "*" ? `${b}.${methods[sign]}(${a})` : `tensor(${a}).${methods[sign]}(${b})`;
}

/** How a tensor's elements in brackets are written: x[i, j] = v is x.set(i, j, v). Undefined if it is not certain. */
export function indexed(code: string, isTensor: IsTensor): string | undefined {
  const [, x, brackets, operator, value] =
    /([A-Za-z_$][\w$]*)((?:\[[\w\s,+-]+\])+)\s*(?:([-+*/]?)=(?!=)\s*([^;]*))?/.exec(code) ?? [];
  if (x === undefined || brackets === undefined || !isTensor(x)) return undefined;
  const indices = brackets.slice(1, -1).split(/\s*(?:,|\]\[)\s*/);
  // x[i] can be a row, and what is in the brackets can itself be a tensor of indices
  if (indices.length === 1 || indices.some((one) => isTensor(one))) return undefined;
  const position = indices.join(", ");
  if (value === undefined) return `${x}${brackets} is written ${x}.get(${position})`;
  const added = operator === "" ? value.trim() : `${x}.get(${position}) ${operator} ${value.trim()}`;
  const source = `${x}${brackets} ${operator}= ${value.trim()}`;
  return `${source} is written ${x}.set(${position}, ${added})`;
}
