import { calledFunction, calledOnTensor, unsqueezed } from "./calls.ts";
import {
  elementsOf,
  type Argument,
  type Comparison,
  type Expression,
  type Index,
  type Operator,
} from "./expression.ts";
import { broadcastRank, NUMBER, rankOf, tensorOf, UNKNOWN, type Kind, type Names } from "./kind.ts";
import { atom, binds, inBrackets, listed, type Given, type Written } from "./written.ts";

/** The methods of the operators that take a tensor, or a number, on either side. */
const elementwise: Readonly<Partial<Record<Operator, string>>> = { "+": "add", "-": "sub", "*": "mul", "/": "div" };

/**
 * An expression as it is written here: operators between tensors as methods, between numbers as they are, Python's
 * named arguments and PyTorch's names as ours.
 *
 * @returns undefined if any part of it is not certain
 */
export function translated(expression: Expression, names: Names): Written | undefined {
  switch (expression.kind) {
    case "number":
      return { ...atom(plainNumber(expression.text), NUMBER), isLiteral: true };
    case "string":
      return atom(expression.text, UNKNOWN);
    case "name":
      return named(expression.name, names);
    case "negative":
      return negative(translated(expression.of, names));
    case "binary":
      // text that a plus joins is no number
      if (expression.left.kind === "string" || expression.right.kind === "string") return undefined;
      return binary(expression.sign, translated(expression.left, names), translated(expression.right, names));
    case "comparison":
      return compared(expression.sign, translated(expression.left, names), translated(expression.right, names));
    case "field":
      return field(expression.of, expression.name, names);
    case "call":
      return called(expression.of, expression.values, names);
    case "element":
      return element(expression, names);
    case "list":
      return list(expression.items, names);
    case "tuple":
    case "spread":
      return undefined;
  }
}

/** 1.0 as 1, .5 as 0.5; other numbers as they are. */
function plainNumber(text: string): string {
  const whole = text.replace(/(?<=^\d[\d_]*)\.0*$/, "");
  return whole.startsWith(".") ? `0${whole}` : whole;
}

const constants: Readonly<Record<string, string>> = { True: "true", False: "false" };

function named(name: string, { kindOf, isNumbers }: Names): Written | undefined {
  if (name === "None") return undefined;
  // of a tensor without dimensions
  if (isNumbers && rankOf(kindOf(name)) === 0) return atom(`${name}.item()`, NUMBER, true);
  const constant = Object.hasOwn(constants, name) ? constants[name] : undefined;
  return constant === undefined ? atom(name, kindOf(name)) : atom(constant, UNKNOWN, true);
}

function negative(of: Written | undefined): Written | undefined {
  if (of?.kind.is === "tensor") return atom(`${of.text}.neg()`, tensorOf(of.kind.rank), true);
  if (!of || of.kind.is === "extremes") return undefined;
  const kind: Kind = of.kind.is === "number" ? NUMBER : { is: "unknown", isComputed: true };
  // minus a negative number
  if (of.negated) return of.negated;
  // -a ** b is no JavaScript
  const isChanged = of.isChanged || of.level === binds.power;
  const negated = of.isLiteral ? { negated: of } : {};
  return { text: `-${inBrackets(of, binds.call)}`, kind, level: binds.negative, isChanged, ...negated };
}

function binary(sign: Operator, a: Written | undefined, b: Written | undefined): Written | undefined {
  if (!a || !b || a.kind.is === "extremes" || b.kind.is === "extremes") return undefined;
  if (sign === "@") return product(a, b);
  if (a.kind.is !== "tensor" && b.kind.is !== "tensor") return ofNumbers(sign, a, b);
  if (sign === "**") return power(a, b);
  // what an operator made of an unknown value can be wrong itself
  if (isComputedUnknown(a) || isComputedUnknown(b)) return undefined;
  const method = elementwise[sign]!;
  const kind = tensorOf(broadcastRank(a.kind, b.kind));
  if (a.kind.is === "tensor") return atom(`${a.text}.${method}(${b.text})`, kind, true);
  // a sum and a product can begin with either
  if (sign === "+" || sign === "*") return atom(`${b.text}.${method}(${a.text})`, kind, true);
  return a.kind.is === "number" ? atom(`tensor(${a.text}).${method}(${b.text})`, kind, true) : undefined;
}

function isComputedUnknown({ kind }: Written): boolean {
  return kind.is === "unknown" && kind.isComputed === true;
}

/** a @ b: neither can be a number. */
function product(a: Written, b: Written): Written | undefined {
  if ([a, b].some((one) => one.kind.is === "number" || isComputedUnknown(one))) return undefined;
  return atom(`${a.text}.matmul(${b.text})`, tensorOf(rankOf(a.kind)), true);
}

function power(a: Written, b: Written): Written | undefined {
  const isPower = a.kind.is === "tensor" && b.kind.is === "number";
  return isPower ? atom(`${a.text}.pow(${b.text})`, a.kind, true) : undefined;
}

/** Operators that stay as they are: between numbers, or what may be numbers. */
function ofNumbers(sign: Exclude<Operator, "@">, a: Written, b: Written): Written {
  const isChanged = a.isChanged || b.isChanged;
  const isSure = a.kind.is === "number" && b.kind.is === "number";
  const kind: Kind = isSure ? NUMBER : { is: "unknown", isComputed: true };
  if (sign === "**") {
    const text = `${inBrackets(a, binds.call)} ** ${inBrackets(b, binds.negative)}`;
    return { text, kind, level: binds.power, isChanged };
  }
  const level = sign === "+" || sign === "-" ? binds.sum : binds.product;
  return { text: `${inBrackets(a, level)} ${sign} ${inBrackets(b, level + 1)}`, kind, level, isChanged };
}

const orders: ReadonlySet<string> = new Set(["<", ">", "<=", ">="]);

function compared(sign: Comparison, a: Written | undefined, b: Written | undefined): Written | undefined {
  if (!a || !b) return undefined;
  if (a.kind.is === "tensor" && b.kind.is === "number" && orders.has(sign)) {
    const mask = atom(`${a.text}.each((v) => (v ${sign} ${inBrackets(b, binds.sum)} ? 1 : 0))`, a.kind, true);
    return { ...mask, isMask: true };
  }
  if ([a, b].some(({ kind }) => kind.is === "tensor" || kind.is === "extremes")) return undefined;
  const text = `${inBrackets(a, binds.sum)} ${sign} ${inBrackets(b, binds.sum)}`;
  return {
    text,
    kind: { is: "unknown", isComputed: true },
    level: binds.comparison,
    isChanged: a.isChanged || b.isChanged,
  };
}

/** What a step gets under one name: given.counts is counts. */
const givenObjects: ReadonlySet<string> = new Set(["given", "parameters", "batch"]);

function field(of: Expression, name: string, names: Names): Written | undefined {
  if (of.kind === "name" && names.kindOf(of.name).is === "unknown") {
    const isGiven = givenObjects.has(of.name) && names.isGiven(name);
    return atom(`${of.name}.${name}`, isGiven ? names.kindOf(name) : UNKNOWN);
  }
  const owner = translated(of, { ...names, isNumbers: false });
  if (!owner) return undefined;
  const text = `${inBrackets(owner, binds.call)}.${name}`;
  if (owner.kind.is === "extremes") return atom(text, tensorOf(owner.kind.rank), owner.isChanged);
  if (owner.kind.is === "tensor" && name === "data") return { ...owner, isChanged: true };
  if (owner.kind.is === "tensor" && name === "T") return atom(text, owner.kind, owner.isChanged);
  // other fields of a tensor that are no tensors: its shape, its dtype, and what it does not have
  return atom(text, UNKNOWN, owner.isChanged);
}

function called(of: Expression, values: readonly Argument[], names: Names): Written | undefined {
  const plain = of.kind === "name" || of.kind === "field" ? withoutTuples(of.name, values) : values;
  const written = calledPlainly(of, plain, names);
  return written && { ...written, isChanged: written.isChanged || plain !== values };
}

/** What is called with an extent or an index for each dimension. */
const perDimension: ReadonlySet<string> = new Set("get set zeros ones view reshape expand".split(" "));
/** What is called with an array. */
const ofArrays: ReadonlySet<string> = new Set("tensor array sum mean var stack cat".split(" "));

/** Python's tuples as the arguments that they are here: zeros((2, 3)) has two, sum((0, 1)) an array. */
function withoutTuples(name: string, values: readonly Argument[]): readonly Argument[] {
  if (!values.some(({ value }) => value.kind === "tuple")) return values;
  return values.flatMap((one): Argument[] => {
    const { value } = one;
    if (value.kind !== "tuple") return [one];
    if (perDimension.has(name)) return value.items.map((item) => ({ value: item }));
    return [ofArrays.has(name) ? { ...one, value: { ...value, kind: "list" } } : one];
  });
}

function calledPlainly(of: Expression, values: readonly Argument[], names: Names): Written | undefined {
  const isElement = of.kind === "field" && (of.name === "get" || of.name === "set");
  const given = allWritten(values, { ...names, isNumbers: isElement });
  if (!given) return undefined;
  if (of.kind === "name") {
    const result = names.resultOf(of.name);
    if (result) return resultHere(ownFunction(of.name, given), result, names);
    return names.isDeclared(of.name) ? ownFunction(of.name, given) : calledFunction(of.name, given);
  }
  if (of.kind !== "field") return undefined;
  if (of.of.kind === "name" && isModule(of.of.name, names)) return calledFunction(of.name, given, of.of.name);
  if (isScatterAdd(of)) return scatterAdded(given);
  const owner = translated(of.of, { ...names, isNumbers: false });
  if (!owner) return undefined;
  if (owner.kind.is === "tensor") return calledOnTensor(owner, of.name, given);
  if (given.some((one) => one.name !== undefined)) return undefined;
  if (owner.kind.is === "number" && elementwiseNames.has(of.name)) {
    return calledOnTensor(atom(`tensor(${owner.text})`, tensorOf(0), true), of.name, given);
  }
  const text = `${inBrackets(owner, binds.call)}.${of.name}(${listed(given.map(({ value }) => value))})`;
  return atom(
    text,
    UNKNOWN,
    [owner, ...given.map(({ value }) => value)].some(({ isChanged }) => isChanged),
  );
}

/** np.add.at: where its index names a row twice, both are added. */
function isScatterAdd(of: Expression & { kind: "field" }): boolean {
  return of.name === "at" && of.of.kind === "field" && of.of.name === "add" && of.of.of.kind === "name";
}

function scatterAdded(given: readonly Given[]): Written | undefined {
  const [to, index, rows, ...others] = given.map(({ value }) => value);
  if (!to || !index || !rows || others.length > 0 || given.some((one) => one.name !== undefined)) return undefined;
  if ([to, index, rows].some(({ kind }) => kind.is !== "tensor")) return undefined;
  return atom(`${to.text}.indexAdd_(0, ${index.text}, ${rows.text})`, to.kind, true);
}

/** What only a tensor has: a number can be made one. */
const elementwiseNames: ReadonlySet<string> = new Set(["add", "sub", "mul", "div"]);

/** A module of Python's, or JavaScript's own object of functions. */
function isModule(name: string, { isDeclared }: Names): boolean {
  return (pythonModules.has(name) || name === "Math") && !isDeclared(name);
}

function ownFunction(name: string, given: readonly Given[]): Written | undefined {
  if (given.some((one) => one.name !== undefined)) return undefined;
  const values = given.map(({ value }) => value);
  return atom(
    `${name}(${listed(values)})`,
    UNKNOWN,
    values.some(({ isChanged }) => isChanged),
  );
}

/** What a function returns whose result is known; its number, where only numbers are taken. */
function resultHere(call: Written | undefined, kind: Kind, { isNumbers }: Names): Written | undefined {
  if (!call) return undefined;
  return isNumbers && rankOf(kind) === 0 ? atom(`${call.text}.item()`, NUMBER, true) : { ...call, kind };
}

/** What a function is called with; undefined if any of it is not certain. */
function allWritten(values: readonly Argument[], names: Names): Given[] | undefined {
  const written = values.flatMap(({ name, value }): Given[] => {
    const one = value.kind === "tuple" ? undefined : item(value, names);
    return one ? [{ ...(name !== undefined && { name }), value: one }] : [];
  });
  return written.length === values.length ? written : undefined;
}

/** What Python's files import their functions from. */
export const pythonModules: ReadonlySet<string> = new Set(["torch", "np", "numpy", "F"]);

/** x[i, j] and x[i][j] as x.get(i, j), C[Xb] as its rows, x.sum(1)[:, None] with its dimension kept. */
function element(expression: Expression & { kind: "element" }, names: Names): Written | undefined {
  const { of, indices } = elementsOf(expression);
  const owner = translated(of, { ...names, isNumbers: false });
  if (!owner) return undefined;
  if (indices.some(isNone)) return withDimension(owner, indices);
  const written = indices.flatMap((index) => (typeof index === "string" ? [] : (translated(index, names) ?? [])));
  if (written.length < indices.length) return undefined;
  return owner.kind.is === "tensor" ? elementOfTensor(owner, written) : elementOfOther(of, owner, written);
}

function isNone(index: Index): boolean {
  return typeof index !== "string" && index.kind === "name" && index.name === "None";
}

function elementOfTensor(owner: Written, indices: readonly Written[]): Written | undefined {
  const rank = rankOf(owner.kind);
  const [first, ...others] = indices;
  if (indices.some(({ isMask }) => isMask)) return undefined;
  if (first?.kind.is === "tensor" && others.length === 0) {
    const gathered = rank === undefined || first.kind.rank === undefined ? undefined : rank - 1 + first.kind.rank;
    return atom(`${owner.text}.gatherRows(${first.text})`, tensorOf(gathered), true);
  }
  if (indices.some(({ kind }) => kind.is === "tensor" || kind.is === "extremes")) return undefined;
  // x[i] can be a row
  if (rank === undefined ? indices.length < 2 : indices.length !== rank) return undefined;
  return atom(`${owner.text}.get(${listed(indices)})`, NUMBER, true);
}

/** An element of an array: of x.shape it is a number. The two results of a maximum have names. */
function elementOfOther(of: Expression, owner: Written, indices: readonly Written[]): Written | undefined {
  if (owner.kind.is === "number") return undefined;
  if (owner.kind.is === "extremes") {
    const name = { 0: "values", 1: "indices" }[indices[0]!.text];
    if (name === undefined || indices.length > 1) return undefined;
    return atom(`${owner.text}.${name}`, tensorOf(owner.kind.rank), true);
  }
  const isExtent = of.kind === "field" && of.name === "shape" && indices.length === 1;
  const one = owner.kind.is === "unknown" && indices.length === 1 ? owner.kind.of : undefined;
  const text = indices.map((index) => `[${index.text}]`).join("");
  const isChanged = owner.isChanged || indices.some((index) => index.isChanged);
  return atom(`${owner.text}${text}`, isExtent ? NUMBER : (one ?? UNKNOWN), isChanged);
}

/** x[:, None] and x.sum(1)[:, None]: a dimension of extent 1 is added; x[None] has it in front. */
function withDimension(owner: Written, indices: readonly Index[]): Written | undefined {
  if (owner.kind.is !== "tensor" || indices.some((index) => index !== "slice" && !isNone(index))) return undefined;
  const dims = indices.flatMap((index, dim) => (isNone(index) ? [dim] : []));
  return dims.length === 1 && dims[0]! <= (rankOf(owner.kind) ?? 0) ? unsqueezed(owner, dims[0]!) : undefined;
}

function list(items: readonly Expression[], names: Names): Written | undefined {
  const written = items.flatMap((one) => item(one, names) ?? []);
  if (written.length < items.length) return undefined;
  const isOfTensors = written.length > 0 && written.every(({ kind }) => kind.is === "tensor");
  return atom(
    `[${listed(written)}]`,
    isOfTensors ? { is: "unknown", of: tensorOf() } : UNKNOWN,
    written.some(({ isChanged }) => isChanged),
  );
}

/** One of the values of a call or a list, which can be ...x.shape. */
function item(value: Expression, names: Names): Written | undefined {
  if (value.kind === "tuple") {
    const written = list(value.items, names);
    return written && { ...written, isChanged: true };
  }
  if (value.kind !== "spread") return translated(value, names);
  const written = translated(value.of, names);
  return written && atom(`...${written.text}`, UNKNOWN, written.isChanged || value.sign === "*");
}
