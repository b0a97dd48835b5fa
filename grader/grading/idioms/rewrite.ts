import { allIn, type Expression } from "./expression.ts";
import { changedElement } from "./element.ts";
import type { Names } from "./kind.ts";
import { inPlace, quoted, remarksOnValue, unlessCopied, type File } from "./remark.ts";
import type { Statement } from "./statement.ts";
import { pythonModules, translated } from "./translate.ts";

/**
 * What there is to say about a statement: "1 - x is written tensor(1).sub(x)", and the like.
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
