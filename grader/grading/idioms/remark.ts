import { partsOf, type Expression } from "./expression.ts";
import type { Names } from "./kind.ts";
import type { Statement } from "./statement.ts";
import { translated } from "./translate.ts";

/** A file's text, and what is known of its names. */
export interface File {
  readonly text: string;
  readonly names: Names;
  /** The given tensors that hold indices. */
  readonly indices: readonly string[];
}

/** The complete translation of an expression, or, if that is not certain, of what is certain in it. */
export function remarksOnValue(value: Expression, file: File): string[] {
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

/** The methods that change a tensor, by the sign before the equals, without their _. */
export const inPlace: Readonly<Record<string, string>> = { "+": "add", "-": "sub", "*": "mul", "/": "div" };

/** What to do before a tensor is changed, if it is one that the step is given. */
export function unlessCopied(name: string, { names }: File): string {
  const kept = names.keptOf(name);
  if (kept === undefined) return "";
  return kept === name
    ? `; ${name} is given and must not change: const d = ${name}.clone() is a copy`
    : `; it is ${kept}, which must not change: begin with ${name} = ${kept}.clone()`;
}

/** The longest piece of a file that is quoted. */
const LONGEST_QUOTE = 160;

export function quoted(of: Expression | Statement, { text }: File): string {
  const [from, to] = "first" in of ? [of.first.from, of.last.to] : [of.from, of.to];
  const plain = text.slice(from, to).replaceAll(/\s+/g, " ");
  return plain.length > LONGEST_QUOTE ? "this" : plain;
}
