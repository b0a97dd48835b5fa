import { elementsOf, type Expression, type Index } from "./expression.ts";
import { NUMBER, rankOf, UNKNOWN } from "./kind.ts";
import { comparisonOfTensors, inPlace, quoted, remarksOnValue, unlessCopied, type File } from "./remark.ts";
import type { Statement } from "./statement.ts";
import { translated } from "./translate.ts";
import { atom, binds, inBrackets, listed, type Written } from "./written.ts";

/** A statement that changes something: what is before its sign, and the value. */
type Change = Extract<Statement, { readonly kind: "change" }>;

/** d[i, j] = v, d[Xb] += x, and d[i] += x, which is a row. */
export function changedElement(changed: Expression, statement: Change, file: File): string[] {
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
