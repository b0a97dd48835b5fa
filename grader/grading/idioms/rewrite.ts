import { allIn, elementsOf, partsOf, type Expression, type Index } from "./expression.ts";
import { NUMBER, rankOf, UNKNOWN, type Names } from "./kind.ts";
import type { Statement } from "./statement.ts";
import { pythonModules, translated } from "./translate.ts";
import { atom, binds, inBrackets, listed, type Written } from "./written.ts";

/** A file's text, and what is known of its names. */
export interface File {
  readonly text: string;
  readonly names: Names;
  /** The given tensors that hold indices. */
  readonly indices: readonly string[];
}

/**
 * What is to be said of a statement: "1 - x is written tensor(1).sub(x)", and the like.
 *
 * @returns nothing if it is right, or if nothing about it is certain
 */
export function remarksOn(statement: Statement, file: File): string[] {
  switch (statement.kind) {
    case "value":
      return remarksOnValue(statement.value, file);
    case "declaration":
      return statement.names.length > 1 || statement.brackets !== ""
        ? unpacked(statement, statement.brackets, file)
        : remarksOnValue(statement.value, file);
    case "several":
      return unpacked(statement, "", file);
    case "change":
      return statement.changed.kind === "name"
        ? changedName(statement.changed.name, statement, file)
        : changedElement(statement.changed, statement, file);
  }
}

type Change = Extract<Statement, { readonly kind: "change" }>;
type Declaration = Statement & { readonly kind: "declaration" | "several" };

/** The complete translation of an expression, or, if that is not certain, of what is certain in it. */
function remarksOnValue(value: Expression, file: File): string[] {
  const written = translated(value, file.names);
  if (written) return written.isChanged ? [`${quoted(value, file)} is written ${written.text}`] : [];
  const advice = comparisonOfTensors(value, file) ?? readByMask(value, file);
  if (advice !== undefined) return [advice];
  return [...new Set(partsOf(value).flatMap((part) => remarksOnValue(part, file)))];
}

/** logits == logit_maxes, by which PyTorch finds the largest entries: false here, and no error. */
export function comparisonOfTensors(value: Expression, { names }: Pick<File, "names">): string | undefined {
  if (value.kind !== "comparison" || !value.sign.startsWith("==")) return undefined;
  const left = translated(value.left, names);
  const right = translated(value.right, names);
  if (left?.kind.is !== "tensor" || right?.kind.is !== "tensor") return undefined;
  return (
    `tensors are not compared with ${value.sign}: oneHot(${left.text}.max(1).indices, ${left.text}.size(1)) has a 1 at ` +
    `the largest entry of each row of ${left.text}`
  );
}

/** x[x > 0]: a tensor has no mask in brackets. */
function readByMask(value: Expression, { names, text }: File): string | undefined {
  if (value.kind !== "element" || value.indices.length !== 1) return undefined;
  const [index] = value.indices;
  const owner = translated(value.of, names);
  const mask = typeof index === "object" ? translated(index, names) : undefined;
  if (owner?.kind.is !== "tensor" || !mask?.isMask) return undefined;
  const here = text.slice(value.from, value.to);
  return `a tensor has no masks in brackets: ${here} has no form here; ${owner.text}.mul(${mask.text}) is zero elsewhere`;
}

/** Several names that get the parts of one value: const n, v = counts.shape. */
function unpacked(statement: Declaration, brackets: string, file: File): string[] {
  const { names, value } = statement;
  const isMaximum = names.length === 2 && translated(value, file.names)?.kind.is === "extremes";
  const inside = names.join(", ");
  const text = translated(value, file.names)?.text;
  if (isMaximum && brackets !== "{}") {
    const [values, indices] = names;
    const renamed = [field("values", values!), field("indices", indices!)].join(", ");
    return [`max returns both under their names: write const { ${renamed} } = ${text}`];
  }
  const shape = shapeIn(value, file);
  if (shape !== undefined && (brackets === "" || shape !== text)) {
    return [`a shape is an array: write const [${inside}] = ${shape}`];
  }
  return remarksOnValue(value, file);
}

function field(name: string, own: string): string {
  return name === own ? name : `${name}: ${own}`;
}

/** x.shape, for x.shape and x.size(). */
function shapeIn(value: Expression, { names }: File): string | undefined {
  const isSize = value.kind === "call" && value.values.length === 0;
  const of = isSize ? value.of : value;
  if (of.kind !== "field" || of.name !== (isSize ? "size" : "shape")) return undefined;
  const owner = translated(of.of, names);
  return owner?.kind.is === "tensor" ? `${owner.text}.shape` : undefined;
}

const inPlace: Readonly<Record<string, string>> = { "+": "add", "-": "sub", "*": "mul", "/": "div" };

/** d = 1 - x and d += x. */
function changedName(name: string, statement: Change, file: File): string[] {
  const { sign, value } = statement;
  const written = translated(value, file.names);
  if (sign === "") {
    const { isTyped } = statement;
    const isNew = isTyped || (written?.isChanged && !file.names.isDeclared(name));
    if (!written || !isNew) return remarksOnValue(value, file);
    return [`${quoted(statement, file)} is written const ${name} = ${written.text}`];
  }
  const isTensor = file.names.kindOf(name).is === "tensor";
  const method = inPlace[sign];
  const isOperand = written && written.kind.is !== "extremes" && !("isComputed" in written.kind);
  if (!isTensor || method === undefined) return remarksOnValue(value, file);
  const kept = file.names.keptOf(name);
  if (!isOperand) {
    const said = kept === undefined ? [`${name} ${sign}= ... is written ${name}.${method}_(...)`] : [];
    return [...said, ...remarksOnValue(value, file)];
  }
  const source = `${quoted(statement, file)} is written`;
  if (kept === name)
    return [`${source} const d = ${name}.${method}(${written.text}): what you are given must not change`];
  return [`${source} ${name}.${method}_(${written.text}), which changes ${name} itself${unlessCopied(name, file)}`];
}

/** What to do before a tensor is changed, if it is one that the step is given. */
function unlessCopied(name: string, { names }: File): string {
  const kept = names.keptOf(name);
  if (kept === undefined) return "";
  return kept === name
    ? `; ${name} is given and must not change: const d = ${name}.clone() is a copy`
    : `; it is ${kept}, which must not change: begin with ${name} = ${kept}.clone()`;
}

/** d[i, j] = v, d[Xb] += x, and d[i] += x, which is a row. */
function changedElement(changed: Expression, statement: Change, file: File): string[] {
  const { of, indices } = elementsOf(changed);
  const owner = translated(of, file.names);
  if (owner?.kind.is === "unknown" && owner.kind.of?.is === "tensor") return changedInList(changed, statement, file);
  const inEachRow = owner && pickedFromRows(owner, indices, statement, file);
  if (inEachRow !== undefined) return [inEachRow];
  const [mask] = indices;
  const compared = typeof mask === "object" && mask.kind === "comparison" ? comparisonOfTensors(mask, file) : undefined;
  if (owner?.kind.is === "tensor" && compared !== undefined) return [compared];
  const written = indices.map((index) => (typeof index === "string" ? undefined : translated(index, file.names)));
  const at = written.filter((index) => index !== undefined);
  if (owner?.kind.is !== "tensor" || at.length < indices.length) return remarksOnValue(statement.value, file);
  if (at.length === 1 && at[0]!.isMask) return [maskedEntries(owner, at[0]!, statement, file)];
  if (at.length === 1 && at[0]!.kind.is === "tensor") return changedRows(owner, at[0]!, statement, file);
  if (at.some(({ kind }) => kind.is === "tensor" || kind.is === "extremes")) return [];
  const rank = rankOf(owner.kind);
  if (rank !== undefined && at.length < rank) return changedRow(owner, at, statement, file);
  if (at.length !== (rank ?? Math.max(2, at.length))) return [];
  const value = asNumber(translated(statement.value, file.names));
  const position = listed(at);
  if (!value || value.kind.is === "tensor" || value.kind.is === "extremes") {
    const before = statement.sign === "" ? "" : `${owner.text}.get(${position}) ${statement.sign} `;
    const element = `${quoted(statement.changed, file)} ${statement.sign}= ... is written`;
    const said = `${element} ${owner.text}.set(${position}, ${before}...), where ... is a number`;
    return [said, ...remarksOnValue(statement.value, file)];
  }
  const { sign } = statement;
  const added = sign === "" ? value.text : `${owner.text}.get(${position}) ${sign} ${operand(sign, value)}`;
  if (sign !== "" && inPlace[sign] === undefined) return [];
  const copied = of.kind === "name" ? unlessCopied(of.name, file) : "";
  return [`${quoted(statement, file)} is written ${owner.text}.set(${position}, ${added})${copied}`];
}

/** A tensor of no dimensions as its number. */
function asNumber(value: Written | undefined): Written | undefined {
  return value && rankOf(value.kind) === 0 ? atom(`${value.text}.item()`, NUMBER, true) : value;
}

/** grads[i] += x, of a list of tensors: one of them is changed in place. */
function changedInList(changed: Expression, statement: Change, file: File): string[] {
  const one = translated(changed, file.names);
  const value = translated(statement.value, file.names);
  const method = inPlace[statement.sign];
  if (one?.kind.is !== "tensor" || !value || method === undefined) return remarksOnValue(statement.value, file);
  return [`${quoted(statement, file)} is written ${one.text}.${method}_(${value.text})`];
}

/** d[range(n), Yb] = v, which picks one entry of each row: a loop over the rows, with get and set. */
function pickedFromRows(owner: Written, indices: readonly Index[], statement: Change, file: File): string | undefined {
  const [rows, columns, ...others] = indices;
  if (typeof rows !== "object" || typeof columns !== "object" || others.length > 0) return undefined;
  const isRange = rows.kind === "call" && rows.of.kind === "name" && ["range", "arange"].includes(rows.of.name);
  const count = isRange && rows.values.length === 1 ? translated(rows.values[0]!.value, file.names) : undefined;
  const picks = translated(columns, file.names);
  const value = translated(statement.value, file.names);
  const { sign } = statement;
  if (!count || rankOf(owner.kind) !== 2 || rankOf(picks?.kind ?? UNKNOWN) !== 1 || !value) return undefined;
  if (sign !== "" && inPlace[sign] === undefined) return undefined;
  const position = `i, ${picks!.text}.get(i)`;
  const ofRow = value.kind.is === "tensor" ? elementOfRow(value) : value;
  if (!ofRow) return undefined;
  const added = sign === "" ? ofRow.text : `${owner.text}.get(${position}) ${sign} ${operand(sign, ofRow)}`;
  const loop = `for (let i = 0; i < ${count.text}; i++) ${owner.text}.set(${position}, ${added})`;
  return `${quoted(statement, file)} is written ${loop}`;
}

/** The number that belongs to row i, of a list or a column. */
function elementOfRow({ text, kind }: Written): Written | undefined {
  const rank = rankOf(kind);
  return rank === 1 || rank === 2 ? atom(`${text}.get(${rank === 1 ? "i" : "i, 0"})`, NUMBER) : undefined;
}

/** d[d < 0] = v: a tensor has no mask in brackets. */
function maskedEntries(owner: Written, mask: Written, statement: Change, file: File): string {
  const value = translated(statement.value, file.names);
  const isNumber = statement.sign === "" && value?.kind.is === "number";
  const instead = isNumber
    ? `${owner.text}.maskedFill(${mask.text}, ${value.text}), a new tensor`
    : `a product with the mask, ${mask.text}`;
  return `a tensor has no masks in brackets: ${quoted(statement.changed, file)} ${statement.sign}= ... is written ${instead}`;
}

function operand(sign: string, value: Written): string {
  return inBrackets(value, sign === "+" || sign === "-" ? binds.sum + 1 : binds.product + 1);
}

/** d[Xb] += x: PyTorch adds a row that is named twice only once, which is no gradient. */
function changedRows(owner: Written, index: Written, statement: Change, file: File): string[] {
  const { sign } = statement;
  const value = translated(statement.value, file.names);
  if ((sign !== "+" && sign !== "-") || value?.kind.is !== "tensor") return remarksOnValue(statement.value, file);
  const added = sign === "+" ? value.text : `${value.text}.neg()`;
  return [
    `${quoted(statement, file)} is written ${owner.text}.indexAdd_(0, ${index.text}, ${added}), which adds every row, ` +
      "however often it is named",
  ];
}

/** d[i] += x: a row, of which a tensor has none that can be written. */
function changedRow(owner: Written, at: readonly Written[], statement: Change, file: File): string[] {
  const [first] = at;
  const { sign } = statement;
  if (at.length !== 1 || rankOf(owner.kind) !== 2 || inPlace[sign || "+"] === undefined) return [];
  const { of } = elementsOf(statement.value);
  const rows = of === statement.value ? undefined : translated(of, file.names);
  const [index] = file.indices;
  const isAll = sign === "+" && rows?.kind.is === "tensor" && file.indices.length === 1;
  const position = `${first!.text}, m`;
  const before = sign === "" ? "" : `${owner.text}.get(${position}) ${sign} `;
  const loop = `a further loop over the columns writes numbers: ${owner.text}.set(${position}, ${before}...)`;
  const all = isAll ? `; ${owner.text}.indexAdd_(0, ${index}, ${rows.text}) adds all rows at once` : "";
  return [`${quoted(statement.changed, file)} is a row: ${loop}${all}`];
}

/** The longest piece of a file that is quoted. */
const LONGEST_QUOTE = 160;

function quoted(of: Expression | Statement, { text }: File): string {
  const [from, to] = "first" in of ? [of.first.from, of.last.to] : [of.from, of.to];
  const plain = text.slice(from, to).replaceAll(/\s+/g, " ");
  return plain.length > LONGEST_QUOTE ? "this" : plain;
}

/** The names of the arguments in a statement's calls. */
export function argumentNames(statement: Statement): string[] {
  return [...allIn(statement.value)].flatMap((part) =>
    part.kind === "call" ? part.values.flatMap(({ name }) => name ?? []) : [],
  );
}

/** Python's modules that a statement uses. */
export function modulesIn(statement: Statement, { isDeclared }: Names): string[] {
  const names = [...allIn(statement.value)].flatMap((part) => (part.kind === "name" ? part.name : []));
  return [...new Set(names.filter((name) => pythonModules.has(name) && !isDeclared(name)))];
}
